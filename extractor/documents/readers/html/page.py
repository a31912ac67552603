"""A page's elements as lines of text: blocks, lists with their numbers, rows of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from extractor.documents.document import Hidden
from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.counters import Counters
from extractor.documents.readers.html.css import Declarations, StyleSheet
from extractor.documents.readers.html.fonts import shown_in
from extractor.documents.readers.html.forms import shown_value, unchosen
from extractor.documents.readers.html.hiding import not_displayed
from extractor.documents.readers.html.lists import Lists
from extractor.documents.readers.html.look import Look, breaks_page, is_block, is_raised
from extractor.documents.readers.html.pictures import is_picture
from extractor.documents.readers.html.tables import Table
from extractor.documents.readers.paged import PAGE_BREAK, struck_warning
from extractor.documents.readers.raised import is_fraction, stands_apart
from extractor.plurals import counted

_DROPPED = frozenset(("script", "style", "head", "title", "meta", "link", "base", "noframes"))
_SPACE = re.compile(r"[ \t\n\r\x0b\x0c\xa0\u2002\u2003\u2009]+")
_SPACES = re.compile(" +")
_BLANK = " \t\r\n\x0b\xa0"
_FEW = 9
_C1 = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
_FROM_C1 = {0x80 + at: sign for at, sign in enumerate(_C1) if sign != "\ufffd"}
"""Browsers take &#146; as what Windows has there (WHATWG HTML, 13.2.5.80)."""


@dataclass(slots=True)
class _Flow:
    """Lines of the page or of a cell.

    Attributes:
        lines: that have ended.
        pieces: of the one that has not.
        verbatim: that all of its text keeps its spaces; None while there is none.
        marker: of list items, that waits for their text.
    """

    lines: list[str] = field(default_factory=list[str])
    pieces: list[str] = field(default_factory=list[str])
    verbatim: bool | None = None
    marker: str = ""


class PageReader:
    """Goes through a page, without recursion, and gathers what it shows and what it hides."""

    def __init__(self, styles: StyleSheet, *, hidden: bool, breaks_by_rule: bool) -> None:
        self.hidden: list[Hidden] = []
        self._styles = styles
        self._take_hidden = hidden
        self._breaks_by_rule = breaks_by_rule
        self._flows = [_Flow()]
        self._tables: list[Table] = []
        self._lists = Lists()
        self._counters = Counters()
        self._unnumbered = 0
        self._concealed: list[str] = []
        self._reason: str | None = None
        self._struck = 0
        self._pictures = 0
        self._was_struck = False
        self._unchosen: set[Element] = set()
        self._page = 1
        self._fresh = True

    def read(self, root: Element) -> list[str]:
        """Return the page's lines."""
        looks = [Look()]
        open_elements: list[tuple[Element, Declarations, str]] = []
        pending: list[tuple[bool, Element]] = [(True, root)]
        while pending:
            entering, element = pending.pop()
            if entering and (element.tag in _DROPPED or element in self._unchosen):
                self._put(element.tail, looks[-1])
            elif entering:
                style = self._styles.of(element)
                raised = is_raised(element, style, looks[-1])
                looks.append(look := looks[-1].within(element, style))
                self._pictures += is_picture(element, style) and not look.unseen
                opening, closing = self._raised_signs(element) if raised else ("", "")
                open_elements.append((element, style, closing))
                self._enter(element, style, look)
                self._number(element, style, look, len(open_elements))
                self._put(opening, looks[-1])
                self._put(_value(element), looks[-1])
                self._put(element.text, looks[-1])
                pending.append((False, element))
                pending += [(True, child) for child in reversed(element)]
            else:
                self._counters.leave(len(open_elements))
                _, style, closing = open_elements.pop()
                self._put(closing, looks.pop())
                self._leave(element, style)
                if element is not root:
                    self._put(element.tail, looks[-1])
        self._end_line()
        self._tell_hidden()
        return self._flows[0].lines

    def warnings(self) -> list[str]:
        """Tell what was left out, and what is to be known of the text."""
        unchosen = len(self._unchosen)
        options = f"Left out: {counted(unchosen, 'option')} of forms that nobody chose"
        pictures = f"Left out: {counted(self._pictures, 'picture')}"
        numbers = f"Left out: {counted(self._unnumbered, 'number')} that its style sheet makes"
        return [
            *struck_warning(self._struck),
            *([options] if unchosen else []),
            *([pictures] if self._pictures else []),
            *([numbers] if self._unnumbered else []),
        ]

    def _enter(self, element: Element, style: Declarations, look: Look) -> None:
        tag = str(element.tag)
        if is_block(element, style):
            self._end_line()
        if breaks_page(style, "before") or tag == "page" or (tag == "hr" and self._breaks_by_rule):
            self._page_break()
        match tag:
            case "br":
                self._end_line()
            case "select":
                self._unchosen |= unchosen(element)
            case "ol" | "ul":
                self._lists.open(element, style)
            case "li" if not not_displayed(element, style):
                marker = self._lists.marker(element, style)
                self._flows[-1].marker += marker if self._shows(look) else ""
            case "table":
                self._tables.append(Table(element, len(self._flows)))
            case "tr":
                self._open_row(element)
            case "td" | "th":
                self._flows.append(_Flow())
            case _:
                pass

    def _leave(self, element: Element, style: Declarations) -> None:
        tag = str(element.tag)
        if is_block(element, style):
            self._end_line()
        match tag:
            case "ol" | "ul":
                self._lists.close()
            case "li":
                flow = self._flows[-1]
                flow.lines += [flow.marker.strip()] if flow.marker.strip() else []
                flow.marker = ""
            case "tr":
                self._tables[-1].close_row()
            case "td" | "th":
                self._close_cell(element)
            case _:
                pass
        if self._tables and self._tables[-1].opener is element:
            self._tables[-1].close_row()
            self._put_rows()
            self._tables.pop()
        if breaks_page(style, "after"):
            self._page_break()

    def _table(self) -> Table | None:
        """Return the table that we are in, and in none of its cells."""
        table = self._tables[-1] if self._tables else None
        return table if table and table.depth == len(self._flows) else None

    def _open_row(self, element: Element) -> None:
        table = self._table()
        if table is None:  # a row outside of tables
            table = Table(element, len(self._flows))
            self._tables.append(table)
        flow = self._flows[-1]
        table.open_row("".join(flow.pieces))
        flow.pieces.clear()

    def _close_cell(self, element: Element) -> None:
        cell = self._flows.pop()
        text = "\n".join(cell.lines)
        self._flows[-1].pieces += cell.pieces  # a page break behind its text
        if table := self._table():
            table.add(text, element)
        elif text:
            self._add_line(text)

    def _put_rows(self) -> None:
        """Put the rows that have ended before what comes now."""
        flow = self._flows[-1]
        coming = flow.pieces[:]
        flow.pieces.clear()
        for before, text in self._tables[-1].take_rows():
            flow.pieces.append(before)
            if text:
                self._add_line(text)
        flow.pieces += coming

    def _add_line(self, text: str) -> None:
        flow = self._flows[-1]
        flow.lines.append(f"{''.join(flow.pieces)}{flow.marker}{text}")
        flow.pieces.clear()
        flow.marker = ""

    def _shows(self, look: Look) -> bool:
        return look.hidden is None or self._take_hidden

    def _number(self, element: Element, style: Declarations, look: Look, depth: int) -> None:
        """Put the number before an element that a style sheet makes, and a list item's sign."""
        if not self._styles.generates or look.gone:
            return
        self._counters.enter(depth, style)
        before = self._styles.before(element)
        content = before.get("content", "none")
        is_item = element.tag == "li"
        if before.get("display") == "none" or not (is_item or "counter" in content):
            return
        self._counters.enter(depth + 1, before)
        if content in ("none", "normal"):
            return
        text = self._counters.text(content)
        if text is None:
            self._unnumbered += "counter" in content
        elif is_item and text.strip() and self._shows(look):
            self._flows[-1].marker += f"{' '.join(text.split())} "
        elif not is_item:
            self._put(text, look)

    def _raised_signs(self, element: Element) -> tuple[str, str]:
        """Return the brackets that keep a raised figure or mark apart from what it follows."""
        before = next((piece for piece in reversed(self._flows[-1].pieces) if piece), "")
        text = "".join(str(part) for part in islice(element.itertext(), _FEW))
        if is_fraction(text, before):
            return " ", ""
        if not stands_apart(text, before):
            return "", ""
        fraction = (element.tail or "").lstrip().startswith(("/", "\u2044"))
        return (" ", "") if fraction else ("[", "]")

    def _put(self, text: str | None, look: Look) -> None:
        if not text:
            return
        text = shown_in(look.font, text).translate(_FROM_C1)
        reason = look.hidden
        if text.strip():
            if reason != self._reason:
                self._tell_hidden()
            if reason:
                self._reason = reason
                self._concealed.append(text)
            else:
                self._struck += look.struck and not self._was_struck
                self._was_struck = look.struck
        if reason and not self._take_hidden:
            return
        lines = text.replace("\r\n", "\n").split("\n") if look.spaces != "one" else [text]
        for number, line in enumerate(lines):
            if number:
                self._end_line()
            flow = self._flows[-1]
            verbatim = look.spaces == "all"
            flow.pieces.append(line if verbatim else _SPACE.sub(" ", line))
            if line.strip():
                flow.verbatim = verbatim and flow.verbatim is not False
        self._fresh = self._fresh and not text.strip()

    def _end_line(self) -> None:
        flow = self._flows[-1]
        text = "".join(flow.pieces)
        line = text.rstrip(_BLANK) if flow.verbatim else _joined(text)
        flow.pieces.clear()
        flow.verbatim = None
        self._was_struck = False
        bare = line.lstrip(PAGE_BREAK)
        if bare and self._table():
            self._put_rows()
        if breaks := line[: len(line) - len(bare)]:
            flow.pieces.append(breaks)
        if bare:
            self._add_line(bare)

    def _page_break(self) -> None:
        """Begin a page, if there is anything on this one: breaks are told twice and thrice."""
        if self._fresh:
            return
        self._tell_hidden()
        self._flows[-1].pieces.append(PAGE_BREAK)
        self._page += 1
        self._fresh = True

    def _tell_hidden(self) -> None:
        text = _SPACE.sub(" ", "".join(self._concealed)).strip()
        if text and self._reason:
            self.hidden.append(Hidden(text, self._reason, self._page))
        self._concealed.clear()
        self._reason = None


def _value(element: Element) -> str:
    """Return what a field of a form shows, apart from what stands around it."""
    value = shown_value(element) if element.tag == "input" else ""
    return f" {value} " if value else ""


def _joined(text: str) -> str:
    """Return a line's pieces without the space at its ends and around page marks."""
    return PAGE_BREAK.join(_SPACES.sub(" ", part).strip() for part in text.split(PAGE_BREAK))
