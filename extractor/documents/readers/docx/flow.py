"""What is open on the way through a document: flows of lines, and paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.documents.readers.docx.styles import Look
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
        concealed: how all of it is hidden, None if it is not.
        look: of its present run.
        reason: how that run is hidden, None if it is not.
        was_struck: whether its last text is struck through.
        was_raised: whether its last text is raised.
        bracketed: whether that stands in brackets for it.
        seen: whether any of its text can be seen.
        pieces: of its text.
        hidden: of what it does not show, with reasons.
        notes: the footnotes (`w:footnote`) and endnotes it cites: name, id and mark.
        boxes: the lines of text boxes that are anchored in it.
    """

    properties: Element | None
    style: str | None
    background: str | None
    concealed: str | None
    look: Look = field(default_factory=Look)
    reason: str | None = None
    was_struck: bool = False
    was_raised: bool = False
    bracketed: bool = False
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
