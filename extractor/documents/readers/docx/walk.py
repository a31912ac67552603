"""The way through a part: every element that is part of the accepted text, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from extractor.documents.readers.docx.alternatives import alternative, differs
from extractor.documents.readers.docx.xml import NAMESPACES, find, short, switch
from extractor.documents.readers.elements import Element
from extractor.plurals import counted

_PROPERTIES = frozenset(
    (
        *("w:pPr", "w:rPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:tblPrEx", "w:trPr", "w:tcPr"),
        *("w:sdtPr", "w:sdtEndPr", "w:rubyPr", "w:delInstrText", "w:delText"),
        *("w:ffData", "w:fldData", "m:oMathParaPr", "m:rPr", "m:ctrlPr"),
    )
)
"""What never holds text of the document itself."""

_COUNTED = {
    "w:del": "deletions",
    "w:moveFrom": "moves",
    "w:rt": "reading aids (ruby)",
    "w:altChunk": "embedded documents",
    "w:subDoc": "subdocuments",
    "w:object": "embedded objects",
    "w:control": "embedded objects",
}
UNNUMBERED = "numbers of fields"
"""What is counted where a field stands for a number that can't be made."""

PLACEHOLDERS = "placeholders"
"""What is counted where a text stands for one that is to be filled in."""

_TOLD_APART = frozenset(("insertions", "deletions", "moves", PLACEHOLDERS, UNNUMBERED))
_OPTIONAL_IN_MATH = frozenset(("m:sub", "m:sup", "m:deg"))


class Walk:
    """Goes through parts in document order, without recursion, and counts what it passes by."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._taken: dict[Element | None, Element | None] = {}

    def events(self, root: Element) -> Iterator[tuple[bool, str, Element]]:
        """Yield the elements below a root: on the way in (True, name, element), out (False, ...).

        Deleted and moved-from text, unused alternatives and properties are passed by as a whole.
        """
        open_elements: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
        while open_elements:
            parent, children = open_elements[-1]
            element = next(children, None)
            if element is not None:
                name = short(element.tag)
                if self._passed_by(element, name):
                    continue
                yield True, name, element
                open_elements.append((element, iter(element)))
            else:
                open_elements.pop()
                if open_elements:
                    yield False, short(parent.tag), parent

    def warnings(self) -> list[str]:
        """Tell what was passed by, and what of the tracked changes was taken."""
        count = self.counts
        changes = [
            words
            for kind, words in (
                ("insertions", f"{counted(count['insertions'], 'insertion')} taken"),
                ("deletions", f"{counted(count['deletions'], 'deletion')} left out"),
                ("moves", f"{counted(count['moves'], 'move')} followed"),
            )
            if count[kind]
        ]
        told = [f"It has tracked changes: {', '.join(changes)}"] if changes else []
        if count[PLACEHOLDERS]:
            unfilled = counted(count[PLACEHOLDERS], "placeholder")
            told.append(f"Not filled in, and yet part of the text: {unfilled}")
        if count[UNNUMBERED]:
            told.append(f"Left out: numbers of {counted(count[UNNUMBERED], 'field')}")
        return told + [
            f"Left out: {kind} ({count[kind]})"
            for kind in sorted(kind for kind in count if count[kind])
            if kind not in _TOLD_APART
        ]

    def _passed_by(self, element: Element, name: str) -> bool:
        if name in _PROPERTIES:
            return True
        if name in _COUNTED:
            self.counts[_COUNTED[name]] += 1
            return True
        match name:
            case "w:ins":
                self.counts["insertions"] += 1
            case "w:tr":
                return self._row_deleted(element)
            case "w:tc":
                return self._cell_deleted(element)
            case "w:sdt":
                self._placeholder(element)
            case "mc:AlternateContent":
                self._taken[element] = alternative(element)
                self.counts["other words for programs other than Word"] += differs(
                    element, self._taken[element]
                )
            case "mc:Choice" | "mc:Fallback":
                content = element.getparent()
                return content in self._taken and self._taken[content] is not element
            case "a:graphicData":
                self._graphic(element)
            case "v:imagedata":
                self.counts["pictures"] += 1
            case _ if name in _OPTIONAL_IN_MATH:
                return find(element, ".//m:t") is None
            case _:
                pass
        return False

    def _row_deleted(self, row: Element) -> bool:
        self.counts["insertions"] += find(row, "w:trPr/w:ins") is not None
        deleted = find(row, "w:trPr/w:del") is not None
        self.counts["deletions"] += deleted
        return deleted

    def _cell_deleted(self, cell: Element) -> bool:
        self.counts["insertions"] += find(cell, "w:tcPr/w:cellIns") is not None
        deleted = find(cell, "w:tcPr/w:cellDel") is not None
        self.counts["deletions"] += deleted
        return deleted

    def _placeholder(self, control: Element) -> None:
        """Count a content control that shows what is to be filled in, as Word prints that."""
        unfilled = switch(find(control, "w:sdtPr/w:showingPlcHdr")) is True
        texts = (item.text or "" for item in control.iterfind(".//w:t", NAMESPACES))
        self.counts[PLACEHOLDERS] += unfilled and any(map(str.strip, texts))

    def _graphic(self, graphic: Element) -> None:
        kind = graphic.get("uri", "").rpartition("/")[2]
        if kind in ("picture", "chart", "diagram"):
            self.counts[f"{kind}s"] += 1
