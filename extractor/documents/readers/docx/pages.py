"""Where a Word file's pages end: where Word noted it, at explicit breaks, between sections."""

from __future__ import annotations

from extractor.documents.readers.docx.xml import attribute, find, short
from extractor.documents.readers.elements import Element


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

    def open(self, story: Element) -> None:
        """Note which of a body's sections begin on a page of their own."""
        if short(story.tag) == "w:body":
            kinds = [attribute(find(item, "w:type")) for item in story.iter("{*}sectPr")]
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

    def end_section(self) -> bool:
        """Begin a page after a section, if the next one does."""
        return not self.aside and bool(self._sections) and self._sections.pop(0) and self.turn()
