"""A document's stories as text: paragraphs with their numbers, tables, notes and text boxes.

Every paragraph is a line, every row of a table too; what is not at its place in the text on paper
either (text boxes, footnotes, endnotes) follows the paragraph that it is anchored in.
"""

from __future__ import annotations

from extractor.documents.document import Hidden
from extractor.documents.readers.docx.boxes import (
    box_background,
    box_hidden,
    drawn_lines,
    formula_sign,
)
from extractor.documents.readers.docx.fields import Fields, endless_fields
from extractor.documents.readers.docx.flow import Flow, Paragraph
from extractor.documents.readers.docx.pages import Pages
from extractor.documents.readers.docx.styles import shading
from extractor.documents.readers.docx.walk import Walk
from extractor.documents.readers.docx.writing import Parts, Writing
from extractor.documents.readers.docx.xml import attribute, find, switch
from extractor.documents.readers.elements import Element
from extractor.documents.readers.numerals import roman
from extractor.documents.readers.paged import PAGE_BREAK, struck_warning, table_row
from extractor.plurals import counted

_SIGNS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:cr": "\n",
    "w:noBreakHyphen": "\u2011",
}


class Body:
    """Reads stories, one after the other, into lines.

    Attributes:
        hidden: what is not shown.
        pages: how they ended.
    """

    def __init__(self, parts: Parts) -> None:
        self.hidden: list[Hidden] = []
        self.pages = Pages()
        self._parts = parts
        self._walk = Walk()
        self._writing = Writing(parts, self.pages, self._walk.counts)
        self._paragraphs = self._writing.paragraphs
        self._flows: list[Flow] = []
        self._rows: list[list[str]] = []
        self._tables: list[list[str]] = []
        self._backgrounds: list[str | None] = [parts.background]
        self._concealed: list[str | None] = [None]
        self._cited: dict[str, int] = {}
        self._told: set[tuple[str, str]] = set()
        self._endless: set[Element] = set()

    def read(self, story: Element) -> list[str]:
        """Return the lines of a story: the body, a header, a note."""
        self.pages.open(story)
        self._endless |= endless_fields(story)
        self._flows.append(Flow())
        self._writing.fields.append(Fields())
        for entering, name, element in self._walk.events(story):
            if entering:
                self._enter(name, element)
            else:
                self._leave(name, element)
        self._writing.fields.pop()
        flow = self._flows.pop()
        flow.settle()
        return flow.lines

    def warnings(self) -> list[str]:
        """Tell what was left out, and what is to be known of the text."""
        endless = len(self._endless)
        without = f"Shown as text: {counted(endless, 'field')} without an end"
        return [
            *self._walk.warnings(),
            *struck_warning(self._writing.struck),
            *([without] if endless else []),
        ]

    # --- the elements ----------------------------------------------------------------------------

    def _enter(self, name: str, element: Element) -> None:  # noqa: PLR0912  # one case an element
        match name:
            case "w:t" | "m:t":
                self._writing.text(element)
            case "w:r" | "m:r":
                self._writing.open_run(element)
            case "w:p":
                self._open_paragraph(element)
            case "w:tbl":
                self._open_table(element)
            case "w:tr":
                self._rows.append([])
                self.pages.open_row()
                self._conceal(switch(find(element, "w:trPr/w:hidden")) is True)
            case "w:tc":
                self._open_cell(element)
            case "w:txbxContent":
                self._open_box(element)
            case "v:textpath" | "a:txBody":
                self._draw(name, element)
            case "w:fldChar" | "w:instrText" | "w:fldSimple":
                self._writing.field(name, element, ends=element not in self._endless)
            case "w:br":
                self._break(element)
            case "w:lastRenderedPageBreak":
                self._noted_break()
            case "w:footnoteReference" | "w:endnoteReference":
                self._cite(name.removesuffix("Reference"), element)
            case "w:sym":
                self._writing.symbol(element)
            case _:
                self._writing.put(_SIGNS.get(name) or formula_sign(name, element, opening=True))

    def _leave(self, name: str, element: Element) -> None:
        match name:
            case "w:p":
                self._close_paragraph()
            case "w:r" | "m:r":
                self._writing.close_run()
            case "w:fldSimple":
                self._writing.close_simple_field(element)
            case "w:tbl":
                self._backgrounds.pop()
                lines = self._tables.pop()
                self._flows[-1].lines += lines
            case "w:tr":
                self._concealed.pop()
                cells = self._rows.pop()
                self.pages.close_row()
                if self._tables and any(cells):
                    self._tables[-1].append(table_row(cells))
            case "w:tc":
                self._close_cell(element)
            case "w:txbxContent":
                self._close_box()
            case _:
                self._writing.put(formula_sign(name, element, opening=False))

    def _break(self, element: Element) -> None:
        if attribute(element, "type") == "page" and not self.pages.aside:
            self._page_break()
        else:
            self._writing.put("\n")

    def _page_break(self, *, soft: bool = False) -> None:
        if self._paragraphs and self.pages.turn(soft=soft):
            self._paragraphs[-1].pieces.append(PAGE_BREAK)

    def _noted_break(self) -> None:
        if self._paragraphs and self.pages.turn_as_noted():
            self._paragraphs[-1].pieces.append(PAGE_BREAK)

    # --- paragraphs ------------------------------------------------------------------------------

    def _open_paragraph(self, element: Element) -> None:
        styles = self._parts.styles
        properties = find(element, "w:pPr")
        style = styles.paragraph_style(properties)
        own = find(properties, "w:shd")
        fill = shading(own) if own is not None else styles.paragraph_fill(style)
        background = fill or self._backgrounds[-1]
        concealed = self._concealed[-1]
        self._paragraphs.append(
            Paragraph(properties, style, background, concealed, reason=concealed)
        )
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
        if find(paragraph.properties, "w:sectPr") is not None and self.pages.end_section():
            flow.head += PAGE_BREAK

    def _label(self, paragraph: Paragraph, *, counts: bool) -> str:
        """Return a paragraph's number; one that is deleted, or hidden as a whole, has none."""
        mark = find(paragraph.properties, "w:rPr")
        gone = find(mark, "w:del") is not None or find(mark, "w:moveFrom") is not None
        place = self._parts.numbering.place(paragraph.properties, paragraph.style)
        if place is None or gone or not counts or self._concealed[-1]:
            return ""
        self._writing.numbers.pass_list()
        label = self._parts.numbering.label(*place)
        self._writing.room_for(label)
        self.pages.show(label)
        return label

    def _mark_deleted(self, mark: Element | None) -> bool:
        """Count the changes of a paragraph's mark and say whether it is gone."""
        counts = self._walk.counts
        counts["insertions"] += find(mark, "w:ins") is not None
        deleted, moved = find(mark, "w:del") is not None, find(mark, "w:moveFrom") is not None
        counts["deletions"] += deleted
        return deleted or moved

    def _tell_hidden(self, paragraph: Paragraph) -> None:
        self.hidden += [
            Hidden(text.strip(), reason, self.pages.number)
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
        self.pages.close_cell()
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
        self._writing.fields.append(Fields())
        self._backgrounds.append(box_background(content, outer))
        self._conceal(box_hidden(content) or bool(around and around.reason))
        self.pages.aside += 1

    def _close_box(self) -> None:
        self.pages.aside -= 1
        self._concealed.pop()
        self._backgrounds.pop()
        self._writing.fields.pop()
        flow = self._flows.pop()
        flow.settle()
        self._put_beside(flow.lines)

    def _draw(self, name: str, element: Element) -> None:
        """Put the words that a drawing has where a text box would stand, or with what is hidden."""
        around = self._paragraphs[-1] if self._paragraphs else None
        lines = drawn_lines(name, element)
        self._writing.room_for("".join(lines))
        coding = self._writing.fields[-1].coding is not None
        hidden = box_hidden(element) or coding or bool(around and around.reason)
        if hidden:
            self.hidden += [Hidden(line, "invisible", self.pages.number) for line in lines]
        if not hidden or self._parts.hidden:
            self._put_beside(lines)

    def _put_beside(self, lines: list[str]) -> None:
        """Add the lines of a text box after the paragraph that it is anchored in."""
        target = self._paragraphs[-1].boxes if self._paragraphs else self._flows[-1].lines
        target += [line for line in lines if line]

    def _cite(self, kind: str, element: Element) -> None:
        """Put a note's mark: [1] for footnotes, [i] for endnotes, or what the author put there."""
        key = attribute(element, "id") or ""
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        if paragraph is None or (paragraph.reason and not self._parts.hidden):
            return
        if self.pages.aside:
            self._walk.counts["notes within notes or text boxes"] += 1
            return
        mark = ""
        if attribute(element, "customMarkFollows") not in ("1", "true", "on"):
            count = self._cited[kind] = self._cited.get(kind, 0) + 1
            mark = f"[{count if kind == 'w:footnote' else roman(count)}]"
        self._writing.put(mark)
        if (kind, key) not in self._told and (kind, key) in self._parts.notes:
            self._told.add((kind, key))
            paragraph.notes.append((kind, key, mark))

    def _notes(self, paragraph: Paragraph) -> list[str]:
        lines: list[str] = []
        for kind, key, mark in paragraph.notes:
            self.pages.aside += 1
            note = [line for line in self.read(self._parts.notes[kind, key]) if line]
            self.pages.aside -= 1
            if note:
                lines += [f"{mark} {note[0].strip()}".strip(), *note[1:]]
        return lines


def _continues(cell: Element, merge: str) -> bool:
    """Say whether a cell is covered by the one above or before it."""
    found = find(cell, f"w:tcPr/{merge}")
    return found is not None and attribute(found) != "restart"
