"""Where a Word file's pages end: where Word noted it, at explicit breaks, between sections."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.documents.readers.docx.xml import attribute, find, short
from extractor.documents.readers.elements import Element


@dataclass(slots=True)
class _Row:
    """The ends of pages that Word noted in a row: in its present cell, and the most in another.

    A row that runs over the end of a page has the note in each of its cells, for one end.
    """

    here: int = 0
    most: int = 0


class Pages:
    """Counts the pages on the way through a document.

    Attributes:
        number: of the present page.
        rendered: whether Word noted where its pages ended.
        aside: text boxes and notes that are open: they have no pages of their own.
    """

    def __init__(self) -> None:
        self.number = 1
        self.rendered = False
        self.aside = 0
        self._fresh = True  # nothing to see on the page yet
        self._sections: list[bool] = []
        self._rows: list[_Row] = []

    def open(self, story: Element) -> None:
        """Note which of a body's sections begin on a page of their own."""
        if short(story.tag) == "w:body":
            sections = [item for item in story.iter("{*}sectPr") if not _is_former(item)]
            kinds = [attribute(find(item, "w:type")) for item in sections]
            self._sections = [kind != "continuous" for kind in kinds[1:]]

    def show(self, text: str) -> None:
        """Note that a text stands on the page."""
        self._fresh = self._fresh and (self.aside > 0 or not text.strip())

    def turn(self, *, soft: bool = False) -> bool:
        """Begin a page, and say whether it does; a soft break may have been told already."""
        if self.aside or (soft and self._fresh):
            return False
        self.number += 1
        self._fresh = True
        return True

    def turn_as_noted(self) -> bool:
        """Begin a page where Word noted it, and say whether one begins."""
        self.rendered = True
        return not self.aside and self._is_new() and self.turn(soft=True)

    def _is_new(self) -> bool:
        """Count an end of a page in the open cells; say whether no other cell of a row has it."""
        for row in reversed(self._rows):
            row.here += 1
            if row.here <= row.most:
                return False
        return True

    def open_row(self) -> None:
        """Begin a row of a table, perhaps within a cell of another one."""
        self._rows.append(_Row())

    def close_cell(self) -> None:
        """End a cell: what follows stands beside it, on pages that it may have begun."""
        if self._rows:
            row = self._rows[-1]
            row.here, row.most = 0, max(row.here, row.most)

    def close_row(self) -> None:
        """End a row: what follows stands below it."""
        self._rows.pop()

    def end_section(self) -> bool:
        """Begin a page after a section, if the next one does."""
        return not self.aside and bool(self._sections) and self._sections.pop(0) and self.turn()


def _is_former(section: Element) -> bool:
    """Say whether a `w:sectPr` is what a section was before a tracked change of it."""
    around = section.getparent()
    return around is not None and short(around.tag) == "w:sectPrChange"
