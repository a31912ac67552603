"""Fields (ISO/IEC 29500-1, 17.16.18): an instruction, which is no text, and a result, which is."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.documents.readers.docx.walk import Walk
from extractor.documents.readers.docx.xml import attribute, find
from extractor.documents.readers.elements import Element


@dataclass(slots=True)
class Field:
    """A field that is open.

    Attributes:
        around: the field whose instruction it stands in, None where its result is text.
        in_code: whether its own instruction is under way.
        pieces: of that instruction.
        simple: how many fields without marks (`w:fldSimple`) are open in it.
        filled: whether its result holds anything.
    """

    around: Field | None
    in_code: bool
    pieces: list[str] = field(default_factory=list[str])
    simple: int = 0
    filled: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open in a story or text box, one in another; only results are text."""

    open: list[Field] = field(default_factory=list[Field])

    @property
    def coding(self) -> Field | None:
        """The field whose instruction comes now, None where text does."""
        if not self.open:
            return None
        last = self.open[-1]
        return last if last.in_code else last.around

    @property
    def stray(self) -> bool:
        """Whether text now would stand in an instruction, where Word writes none.

        What fields within the instruction result in is a part of it, and nothing that is hidden.
        """
        return bool(self.open) and self.open[-1].in_code and not self.open[-1].simple

    def fill(self) -> None:
        """Note that the innermost field has something in its result."""
        if self.open and not self.open[-1].in_code:
            self.open[-1].filled = True

    def turn(self, kind: str | None, *, ends: bool) -> str | None:
        """Follow a `w:fldChar`; what a field that never `ends` would hide is text.

        Returns:
            The instruction of a field that ends with nothing as its result; else None.
        """
        if kind == "begin":
            self.open.append(Field(self.coding, in_code=ends))
        elif kind == "separate" and self.open:
            self.open[-1].in_code = False
        elif kind == "end" and self.open:
            ended = self.open.pop()
            if not ended.filled:
                return "".join(ended.pieces)
            self.fill()
        return None

    def instruct(self, text: str) -> None:
        """Add a `w:instrText` to the instruction that it is a part of."""
        if self.open and self.open[-1].in_code:
            self.open[-1].pieces.append(text)

    def turn_simple(self, *, entering: bool) -> None:
        """Follow a `w:fldSimple`, whose content is all result."""
        if self.open:
            self.open[-1].simple += 1 if entering else -1


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
