"""Characters on their way into the open paragraph, or to what it hides."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from extractor.documents.readers.docx.autonumbers import NUMBER_FIELDS, AutoNumbers, Place
from extractor.documents.readers.docx.boxes import form_value
from extractor.documents.readers.docx.fields import Fields
from extractor.documents.readers.docx.flow import Paragraph
from extractor.documents.readers.docx.instructions import (
    Instruction,
    button_text,
    parsed,
    symbol_of,
)
from extractor.documents.readers.docx.numbering import Numbering
from extractor.documents.readers.docx.pages import Pages
from extractor.documents.readers.docx.styles import Look, Styles
from extractor.documents.readers.docx.walk import PLACEHOLDERS, UNNUMBERED
from extractor.documents.readers.docx.xml import attribute, find, short
from extractor.documents.readers.elements import Element
from extractor.documents.readers.raised import is_fraction, stands_apart
from extractor.documents.readers.symbols import UNKNOWN, shown, symbol, unknown_in
from extractor.errors import HostileDocumentError

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNKNOWN_SIGNS = "symbols that Unicode does not have"
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
        numbers: that fields of the story count.
        struck: passages that are struck through.
    """

    def __init__(self, parts: Parts, pages: Pages, passed_by: Counter[str]) -> None:
        self.paragraphs: list[Paragraph] = []
        self.fields: list[Fields] = []
        self.numbers = AutoNumbers()
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
        unseen = look.web_hidden and not self.fields[-1].open
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
        text = self._as_shown(text)
        if not self.paragraphs or self.fields[-1].coding:
            self.put(text, stray=self.fields[-1].stray)
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

    def _as_shown(self, text: str) -> str:
        """Return a text as its fonts show it, and count what then is no sign that we know."""
        look = self._look()
        signs = shown(text, look.low, look.high)
        self._passed_by[_UNKNOWN_SIGNS] += unknown_in(signs) - text.count(UNKNOWN)
        return signs

    def _look(self) -> Look:
        return self.paragraphs[-1].look if self.paragraphs else Look()

    def put(self, text: str, *, stray: bool = False) -> None:
        """Add characters to the open paragraph, to what it hides, or to a field's instruction.

        Args:
            text: the characters.
            stray: that they stand in an instruction, where nobody sees them and none belong.
        """
        if not text:
            return
        if not self.paragraphs:
            self._passed_by["texts outside of paragraphs"] += 1
            return
        self.room_for(text)
        fields = self.fields[-1]
        if fields.coding and not stray:
            fields.fill()
            fields.coding.pieces.append(text)
            return
        fields.fill()
        paragraph = self.paragraphs[-1]
        reason = "invisible" if stray else paragraph.reason
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
        self._put_sign(
            symbol(int(code, 16), attribute(element, "font") or "") if sound else UNKNOWN
        )

    def _put_sign(self, sign: str) -> None:
        if sign == UNKNOWN:
            self._passed_by[_UNKNOWN_SIGNS] += 1
        self.put(sign)

    # --- fields ----------------------------------------------------------------------------------

    def field(self, name: str, element: Element, *, ends: bool) -> None:
        """Follow a part of a field, and write what a form field shows or Word stores nowhere."""
        fields = self.fields[-1]
        if name == "w:instrText":
            look = self._look()
            fields.instruct(shown(element.text or "", "", look.high or look.low))
        elif name == "w:fldSimple":
            fields.turn_simple(entering=True)
        else:
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                self.put(form_value(element))
            unstored = fields.turn(kind, ends=ends)
            if unstored is not None:
                self._show(parsed(unstored))

    def close_simple_field(self, element: Element) -> None:
        """End a `w:fldSimple`, and write what it shows if Word stored nothing in it."""
        if find(element, ".//w:t") is None and find(element, ".//w:sym") is None:
            self._show(parsed(attribute(element, "instr") or ""))
        self.fields[-1].turn_simple(entering=False)

    def _show(self, field: Instruction) -> None:
        """Write what Word shows for a field without a result."""
        match field.name:
            case "MACROBUTTON" | "GOTOBUTTON":
                text = button_text(field)
                self._passed_by[PLACEHOLDERS] += any(map(str.isalpha, text))
                self.put(text)
            case "SYMBOL":
                self._put_sign(symbol_of(field, self._look().low))
            case "EQ":
                self._passed_by["formulas in fields"] += 1
            case name if name in NUMBER_FIELDS:
                self._number(field)
            case _:
                pass

    def _number(self, field: Instruction) -> None:
        """Write a field's number; a hidden one, or one in an instruction, does not count."""
        paragraph = self.paragraphs[-1] if self.paragraphs else None
        if paragraph is None or paragraph.reason or self.fields[-1].coding:
            return
        listed = self._parts.numbering.place(paragraph.properties, paragraph.style)
        heading = self._parts.styles.heading_level(paragraph.style)
        place = Place(paragraph, not paragraph.seen, listed is not None, heading)
        number = None if self._pages.aside else self.numbers.number(field, place)
        self._passed_by[UNNUMBERED] += number is None
        self.put(number or "")
