"""What is open on the way through a document: flows of lines, paragraphs, tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.documents.readers.elements import Element
from extractor.documents.readers.paged import PAGE_BREAK


@dataclass(slots=True)
class Flow:
    """Lines one below the other: a story, a text box or a cell.

    Attributes:
        lines: done.
        head: text whose paragraph mark is hidden: it stands before the next paragraph's number.
        tail: text whose paragraph mark was deleted: it stands behind that number.
        after: lines that follow the next one.
    """

    lines: list[str] = field(default_factory=list[str])
    head: str = ""
    tail: str = ""
    after: list[str] = field(default_factory=list[str])

    def close_line(self, label: str, text: str) -> None:
        """End a line with a paragraph's own text; the number stands on the page of its text."""
        text = self.tail + text
        bare = text.lstrip(PAGE_BREAK)
        breaks = text[: len(text) - len(bare)]
        self.lines.append(self.head + breaks + label + bare)
        self.lines += self.after
        self.head, self.tail, self.after = "", "", []

    def settle(self) -> None:
        """End what waited for a paragraph that does not come."""
        if self.head or self.tail or self.after:
            self.close_line("", "")


@dataclass(slots=True)
class Paragraph:
    """A paragraph under way.

    Attributes:
        properties: its `w:pPr`.
        style: the name of its style.
        background: RRGGBB of what lies behind it, None where that is not known.
        reason: how its present run is hidden, None if it is not.
        seen: whether any of its text can be seen.
        pieces: of its text.
        hidden: of what it does not show, with reasons.
        notes: the footnotes (`w:footnote`) and endnotes it cites: name, id and mark.
        boxes: the lines of text boxes that are anchored in it.
    """

    properties: Element | None
    style: str | None
    background: str | None
    reason: str | None
    seen: bool = False
    pieces: list[str] = field(default_factory=list[str])
    hidden: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    notes: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    boxes: list[str] = field(default_factory=list[str])

    def hide(self, reason: str, text: str) -> None:
        """Add to what is not shown, joining what is hidden in one way."""
        if self.hidden and self.hidden[-1][0] == reason:
            text = self.hidden.pop()[1] + text
        self.hidden.append((reason, text))


@dataclass(slots=True)
class Fields:
    """The fields that are open in a story, one in another; only results are text."""

    in_code: list[bool] = field(default_factory=list[bool])

    @property
    def coding(self) -> bool:
        """Whether what comes now is an instruction, or part of one."""
        return any(self.in_code)

    def turn(self, kind: str | None) -> None:
        """Follow a `w:fldChar`."""
        if kind == "begin":
            self.in_code.append(True)
        elif kind == "separate" and self.in_code:
            self.in_code[-1] = False
        elif kind == "end" and self.in_code:
            self.in_code.pop()
