"""Characters on their way into the open paragraph, or to what it hides."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from extractor.documents.readers.docx.boxes import form_value
from extractor.documents.readers.docx.fields import Fields
from extractor.documents.readers.docx.flow import Paragraph
from extractor.documents.readers.docx.numbering import Numbering
from extractor.documents.readers.docx.pages import Pages
from extractor.documents.readers.docx.styles import Look, Styles
from extractor.documents.readers.docx.symbols import UNKNOWN, symbol
from extractor.documents.readers.docx.xml import attribute, find, short
from extractor.documents.readers.elements import Element
from extractor.documents.readers.raised import is_fraction, stands_apart
from extractor.errors import HostileDocumentError

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LINE_ENDS = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the text of a document is made with.

    `notes` are footnotes and endnotes by ("w:footnote", id); `room` is how many characters the
    text may have.
    """

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Element]
    background: str
    hidden: bool
    room: int
    source: str


class Writing:
    """Writes runs into the innermost of the open paragraphs.

    Attributes:
        paragraphs: that are open; one more for each text box.
        fields: of the open stories and text boxes.
        struck: passages that are struck through.
    """

    def __init__(self, parts: Parts, pages: Pages, passed_by: Counter[str]) -> None:
        self.paragraphs: list[Paragraph] = []
        self.fields: list[Fields] = []
        self.struck = 0
        self._parts = parts
        self._pages = pages
        self._passed_by = passed_by
        self._size = 0

    def open_run(self, run: Element) -> None:
        """Look at how the texts of a run are shown."""
        if not self.paragraphs:
            return
        paragraph = self.paragraphs[-1]
        properties = find(run, "w:rPr")
        look = self._parts.styles.look(paragraph.style, attribute(find(properties, "w:rStyle")))
        paragraph.look = look = look.under(properties)
        # Word marks the page numbers of a table of contents so: hidden in browsers, seen on paper
        unseen = look.web_hidden and not self.fields[-1].in_code
        reason = "invisible" if unseen else look.hidden(paragraph.background)
        paragraph.reason = reason or paragraph.concealed

    def close_run(self) -> None:
        """Forget how the last run's texts were shown."""
        if self.paragraphs:
            self.paragraphs[-1].look = Look()
            self.paragraphs[-1].reason = self.paragraphs[-1].concealed

    def text(self, element: Element) -> None:
        """Write a `w:t`; a raised figure stands in brackets, as the mark of a note does."""
        text = _LINE_ENDS.sub(" ", element.text or "")
        if element.get(_XML_SPACE) != "preserve" and short(element.tag) == "w:t":
            text = text.strip(" \t")
        if not self.paragraphs:
            self.put(text)
            return
        paragraph = self.paragraphs[-1]
        before = next((piece for piece in reversed(paragraph.pieces) if piece), "")
        if paragraph.bracketed and text.startswith(("/", "\u2044")):  # "1" over a lowered "2"
            paragraph.pieces[-1] = f" {before[1:-1]}"
            self.put(text)
        elif not paragraph.look.raised:
            self.put(text)
        elif is_fraction(text, before):
            self.put(f" {text}")
        elif paragraph.bracketed and stands_apart(text, before):  # one mark in two runs
            paragraph.pieces[-1] = before.removesuffix("]")
            self.put(f"{text}]")
            paragraph.bracketed = True
        elif not paragraph.was_raised and stands_apart(text, before):
            self.put(f"[{text}]")
            paragraph.bracketed = paragraph.reason is None
        else:
            self.put(text)

    def put(self, text: str) -> None:
        """Add characters to the open paragraph, or to what it hides."""
        if not text:
            return
        if not self.paragraphs:
            self._passed_by["texts outside of paragraphs"] += 1
            return
        self.room_for(text)
        paragraph = self.paragraphs[-1]
        reason = "invisible" if self.fields[-1].coding else paragraph.reason
        if reason:
            paragraph.hide(reason, text)
        elif text.strip():
            paragraph.seen = True
            self.struck += paragraph.look.struck and not paragraph.was_struck
            paragraph.was_struck = paragraph.look.struck
        if reason is None or self._parts.hidden:
            paragraph.pieces.append(text)
            paragraph.was_raised = paragraph.look.raised
            paragraph.bracketed = False
            self._pages.show(text)

    def room_for(self, text: str) -> None:
        """Count characters.

        Raises:
            HostileDocumentError: there are more than the file may unpack to.
        """
        self._size += len(text)
        if self._size > self._parts.room:
            raise HostileDocumentError(f"{self._parts.source} writes more text than it may unpack")

    def symbol(self, element: Element) -> None:
        """Write a `w:sym`."""
        code = attribute(element, "char") or ""
        sound = (
            len(code) <= 6 and code.isalnum() and all(c in "0123456789abcdefABCDEF" for c in code)
        )
        sign = symbol(int(code, 16), attribute(element, "font") or "") if sound else UNKNOWN
        if sign == UNKNOWN:
            self._passed_by["symbols that Unicode does not have"] += 1
        self.put(sign)

    def field(self, mark: Element, *, ends: bool) -> None:
        """Follow a field's mark, and write what a form field shows."""
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self.put(form_value(mark))
        self.fields[-1].turn(kind, ends=ends)
