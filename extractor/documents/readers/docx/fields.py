"""Fields (ISO/IEC 29500-1, 17.16.18): an instruction, which is no text, and a result, which is."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.documents.readers.docx.walk import Walk
from extractor.documents.readers.docx.xml import attribute, find
from extractor.documents.readers.elements import Element


@dataclass(slots=True)
class Fields:
    """The fields that are open in a story or text box, one in another; only results are text."""

    in_code: list[bool] = field(default_factory=list[bool])

    @property
    def coding(self) -> bool:
        """Whether what comes now is an instruction, or part of one."""
        return any(self.in_code)

    def turn(self, kind: str | None, *, ends: bool) -> None:
        """Follow a `w:fldChar`; what a field that never `ends` would hide is text."""
        if kind == "begin":
            self.in_code.append(ends)
        elif kind == "separate" and self.in_code:
            self.in_code[-1] = False
        elif kind == "end" and self.in_code:
            self.in_code.pop()


def endless_fields(story: Element) -> frozenset[Element]:
    """Return the marks of a story that begin a field without an end.

    One missing mark would otherwise hide all that follows.
    """
    if find(story, ".//w:fldChar") is None:
        return frozenset()
    endless: set[Element] = set()
    open_fields: list[list[Element]] = [[]]
    for entering, name, element in Walk().events(story):
        if name == "w:txbxContent":
            if entering:
                open_fields.append([])
            else:
                endless.update(open_fields.pop())
        elif name == "w:fldChar" and entering:
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                open_fields[-1].append(element)
            elif kind == "end" and open_fields[-1]:
                open_fields[-1].pop()
    return frozenset(endless.union(*open_fields))
