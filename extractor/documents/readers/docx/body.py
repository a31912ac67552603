"""A document's stories as text: paragraphs with their numbers, tables, notes and text boxes.

Every paragraph is a line, every row of a table too; what is not at its place in the text on paper
either (text boxes, footnotes, endnotes) follows the paragraph that it is anchored in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.documents.document import Hidden
from extractor.documents.readers.docx.boxes import (
    box_background,
    box_hidden,
    form_value,
    formula_sign,
)
from extractor.documents.readers.docx.flow import Fields, Flow, Paragraph
from extractor.documents.readers.docx.numbering import Numbering
from extractor.documents.readers.docx.styles import Styles, shading
from extractor.documents.readers.docx.symbols import UNKNOWN, symbol
from extractor.documents.readers.docx.walk import Walk
from extractor.documents.readers.docx.xml import (
    attribute,
    find,
    is_raised,
    short,
    switch,
)
from extractor.documents.readers.elements import Element
from extractor.documents.readers.numerals import roman
from extractor.documents.readers.paged import PAGE_BREAK, table_row
from extractor.errors import HostileDocumentError

_SIGNS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:cr": "\n",
    "w:noBreakHyphen": "\u2011",
}
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


class Body:
    """Reads stories, one after the other, into lines; `hidden` and `walk` hold what is not there.

    Attributes:
        hidden: what is not shown.
        walk: what was passed by.
        rendered: whether Word noted where its pages ended.
    """

    def __init__(self, parts: Parts) -> None:
        self.hidden: list[Hidden] = []
        self.walk = Walk()
        self.rendered = False
        self._parts = parts
        self._page = 1
        self._fresh = True  # nothing to see on the page yet
        self._size = 0
        self._aside = 0  # text boxes and notes that are open: they have no pages of their own
        self._flows: list[Flow] = []
        self._paragraphs: list[Paragraph] = []
        self._rows: list[list[str]] = []
        self._tables: list[list[str]] = []
        self._fields: list[Fields] = []
        self._backgrounds: list[str | None] = [parts.background]
        self._concealed: list[str | None] = [None]
        self._cited: dict[str, int] = {}
        self._told: set[tuple[str, str]] = set()
        self._sections: list[bool] = []

    def read(self, story: Element) -> list[str]:
        """Return the lines of a story: the body, a header, a note."""
        if short(story.tag) == "w:body":
            kinds = [attribute(find(item, "w:type")) for item in story.iter("{*}sectPr")]
            self._sections = [kind != "continuous" for kind in kinds[1:]]
        self._flows.append(Flow())
        self._fields.append(Fields())
        for entering, name, element in self.walk.events(story):
            if entering:
                self._enter(name, element)
            else:
                self._leave(name, element)
        self._fields.pop()
        flow = self._flows.pop()
        flow.settle()
        return flow.lines

    # --- the elements ----------------------------------------------------------------------------

    def _enter(self, name: str, element: Element) -> None:  # noqa: PLR0912  # one case an element
        match name:
            case "w:t" | "m:t":
                self._text(element)
            case "w:r" | "m:r":
                self._run(element)
            case "w:p":
                self._open_paragraph(element)
            case "w:tbl":
                self._open_table(element)
            case "w:tr":
                self._rows.append([])
                self._conceal(switch(find(element, "w:trPr/w:hidden")) is True)
            case "w:tc":
                self._open_cell(element)
            case "w:txbxContent":
                self._open_box(element)
            case "w:fldChar":
                self._field(element)
            case "w:br":
                self._break(element)
            case "w:lastRenderedPageBreak":
                self.rendered = True
                self._page_break(soft=True)
            case "w:footnoteReference" | "w:endnoteReference":
                self._cite(name.removesuffix("Reference"), element)
            case "w:sym":
                self._symbol(element)
            case _:
                self._put(_SIGNS.get(name) or formula_sign(name, element, opening=True))

    def _leave(self, name: str, element: Element) -> None:
        match name:
            case "w:p":
                self._close_paragraph()
            case "w:r" | "m:r" if self._paragraphs:
                self._paragraphs[-1].reason = self._concealed[-1]
            case "w:tbl":
                self._backgrounds.pop()
                lines = self._tables.pop()
                self._flows[-1].lines += lines
            case "w:tr":
                self._concealed.pop()
                cells = self._rows.pop()
                if self._tables and any(cells):
                    self._tables[-1].append(table_row(cells))
            case "w:tc":
                self._close_cell(element)
            case "w:txbxContent":
                self._close_box()
            case _:
                self._put(formula_sign(name, element, opening=False))

    # --- characters ------------------------------------------------------------------------------

    def _text(self, element: Element) -> None:
        text = _LINE_ENDS.sub(" ", element.text or "")
        if element.get(_XML_SPACE) != "preserve" and short(element.tag) == "w:t":
            text = text.strip(" \t")
        pieces = reversed(self._paragraphs[-1].pieces) if self._paragraphs else iter(())
        before = next((piece for piece in pieces if piece), " ")
        if not before[-1].isspace() and is_raised(element, text):
            text = f"[{text}]"
        self._put(text)

    def _put(self, text: str) -> None:
        """Add characters to the open paragraph, or to what it hides."""
        if not text:
            return
        if not self._paragraphs:
            self.walk.counts["texts outside of paragraphs"] += 1
            return
        self._room_for(text)
        paragraph = self._paragraphs[-1]
        reason = "invisible" if self._fields[-1].coding else paragraph.reason
        if reason:
            paragraph.hide(reason, text)
        paragraph.seen = paragraph.seen or (reason is None and bool(text.strip()))
        if reason is None or self._parts.hidden:
            paragraph.pieces.append(text)
            self._fresh = self._fresh and (self._aside > 0 or not text.strip())

    def _room_for(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._parts.room:
            raise HostileDocumentError(f"{self._parts.source} writes more text than it may unpack")

    def _symbol(self, element: Element) -> None:
        code = attribute(element, "char") or ""
        sound = (
            len(code) <= 6 and code.isalnum() and all(c in "0123456789abcdefABCDEF" for c in code)
        )
        sign = symbol(int(code, 16), attribute(element, "font") or "") if sound else UNKNOWN
        if sign == UNKNOWN:
            self.walk.counts["symbols that Unicode does not have"] += 1
        self._put(sign)

    def _run(self, run: Element) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        properties = find(run, "w:rPr")
        look = self._parts.styles.look(paragraph.style, attribute(find(properties, "w:rStyle")))
        look = look.under(properties)
        # Word marks the page numbers of a table of contents so: hidden in browsers, seen on paper
        unseen = look.web_hidden and not self._fields[-1].in_code
        reason = "invisible" if unseen else look.hidden(paragraph.background)
        paragraph.reason = reason or self._concealed[-1]

    def _field(self, mark: Element) -> None:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._put(form_value(mark))
        self._fields[-1].turn(kind)

    # --- pages -----------------------------------------------------------------------------------

    def _break(self, element: Element) -> None:
        if attribute(element, "type") == "page" and not self._aside:
            self._page_break()
        else:
            self._put("\n")

    def _page_break(self, *, soft: bool = False) -> None:
        """Begin a page; a soft break is one that may have been told already."""
        if self._aside or not self._paragraphs or (soft and self._fresh):
            return
        self._paragraphs[-1].pieces.append(PAGE_BREAK)
        self._begin_page()

    def _begin_page(self) -> None:
        self._page += 1
        self._fresh = True

    # --- paragraphs ------------------------------------------------------------------------------

    def _open_paragraph(self, element: Element) -> None:
        styles = self._parts.styles
        properties = find(element, "w:pPr")
        style = styles.paragraph_style(properties)
        own = find(properties, "w:shd")
        fill = shading(own) if own is not None else styles.paragraph_fill(style)
        background = fill or self._backgrounds[-1]
        self._paragraphs.append(Paragraph(properties, style, background, self._concealed[-1]))
        before = find(properties, "w:pageBreakBefore")
        if before is None:
            found = (find(s.element, "w:pPr/w:pageBreakBefore") for s in styles.chain(style))
            before = next((item for item in found if item is not None), None)
        if switch(before):
            self._page_break(soft=True)

    def _close_paragraph(self) -> None:
        paragraph = self._paragraphs[-1]
        flow = self._flows[-1]
        mark = find(paragraph.properties, "w:rPr")
        vanishes = self._parts.styles.look(paragraph.style, None).under(mark).vanish
        joins = vanishes and not self._parts.hidden
        text = "".join(paragraph.pieces)
        label = self._label(paragraph, counts=paragraph.seen or not vanishes)
        deleted = self._mark_deleted(mark)
        if deleted:  # what remains of it is the beginning of the next paragraph
            flow.tail += text
        elif joins:  # the next one goes on in the same line: a heading that is run in
            flow.head += flow.tail + label + text
            flow.tail = ""
        self._tell_hidden(paragraph)
        flow.after += paragraph.boxes + self._notes(paragraph)
        self._paragraphs.pop()
        if not deleted and not joins:
            flow.close_line(label, text)
        if find(paragraph.properties, "w:sectPr") is not None and self._section_ends_page():
            flow.head += PAGE_BREAK
            self._begin_page()

    def _label(self, paragraph: Paragraph, *, counts: bool) -> str:
        """Return a paragraph's number; one that is deleted, or hidden as a whole, has none."""
        mark = find(paragraph.properties, "w:rPr")
        gone = find(mark, "w:del") is not None or find(mark, "w:moveFrom") is not None
        place = self._parts.numbering.place(paragraph.properties, paragraph.style)
        if place is None or gone or not counts or self._concealed[-1]:
            return ""
        label = self._parts.numbering.label(*place)
        self._room_for(label)
        self._fresh = self._fresh and not label
        return label

    def _mark_deleted(self, mark: Element | None) -> bool:
        """Count the changes of a paragraph's mark and say whether it is gone."""
        counts = self.walk.counts
        counts["insertions"] += find(mark, "w:ins") is not None
        deleted, moved = find(mark, "w:del") is not None, find(mark, "w:moveFrom") is not None
        counts["deletions"] += deleted
        return deleted or moved

    def _section_ends_page(self) -> bool:
        return not self._aside and bool(self._sections) and self._sections.pop(0)

    def _tell_hidden(self, paragraph: Paragraph) -> None:
        self.hidden += [
            Hidden(text.strip(), reason, self._page)
            for reason, text in paragraph.hidden
            if text.strip()
        ]

    # --- tables ----------------------------------------------------------------------------------

    def _open_table(self, table: Element) -> None:
        self._flows[-1].settle()
        style = attribute(find(table, "w:tblPr/w:tblStyle"))
        own = shading(find(table, "w:tblPr/w:shd"))
        shaded = self._parts.styles.table_is_shaded(style)
        self._backgrounds.append(own or (None if shaded else self._backgrounds[-1]))
        self._tables.append([])

    def _open_cell(self, cell: Element) -> None:
        self._flows.append(Flow())
        self._backgrounds.append(shading(find(cell, "w:tcPr/w:shd")) or self._backgrounds[-1])
        self._conceal(_continues(cell, "w:vMerge") or _continues(cell, "w:hMerge"))

    def _close_cell(self, cell: Element) -> None:
        self._concealed.pop()
        self._backgrounds.pop()
        flow = self._flows.pop()
        flow.settle()
        if self._rows and not _continues(cell, "w:hMerge"):
            self._rows[-1].append("\n".join(line for line in flow.lines if line))

    def _conceal(self, hides: bool) -> None:
        self._concealed.append("invisible" if hides else self._concealed[-1])

    # --- text boxes and notes --------------------------------------------------------------------

    def _open_box(self, content: Element) -> None:
        around = self._paragraphs[-1] if self._paragraphs else None
        outer = around.background if around else self._backgrounds[-1]
        self._flows.append(Flow())
        self._fields.append(Fields())
        self._backgrounds.append(box_background(content, outer))
        self._conceal(box_hidden(content) or bool(around and around.reason))
        self._aside += 1

    def _close_box(self) -> None:
        self._aside -= 1
        self._concealed.pop()
        self._backgrounds.pop()
        self._fields.pop()
        flow = self._flows.pop()
        flow.settle()
        lines = [line for line in flow.lines if line]
        if self._paragraphs:
            self._paragraphs[-1].boxes += lines
        else:
            self._flows[-1].lines += lines

    def _cite(self, kind: str, element: Element) -> None:
        """Put a note's mark: [1] for footnotes, [i] for endnotes, or what the author put there."""
        key = attribute(element, "id") or ""
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        if paragraph is None or (paragraph.reason and not self._parts.hidden):
            return
        if self._aside:
            self.walk.counts["notes within notes or text boxes"] += 1
            return
        mark = ""
        if attribute(element, "customMarkFollows") not in ("1", "true", "on"):
            count = self._cited[kind] = self._cited.get(kind, 0) + 1
            mark = f"[{count if kind == 'w:footnote' else roman(count)}]"
        self._put(mark)
        if (kind, key) not in self._told and (kind, key) in self._parts.notes:
            self._told.add((kind, key))
            paragraph.notes.append((kind, key, mark))

    def _notes(self, paragraph: Paragraph) -> list[str]:
        lines: list[str] = []
        for kind, key, mark in paragraph.notes:
            self._aside += 1
            note = [line for line in self.read(self._parts.notes[kind, key]) if line]
            self._aside -= 1
            if note:
                lines += [f"{mark} {note[0].strip()}".strip(), *note[1:]]
        return lines


def _continues(cell: Element, merge: str) -> bool:
    """Say whether a cell is covered by the one above or before it."""
    found = find(cell, f"w:tcPr/{merge}")
    return found is not None and attribute(found) != "restart"
