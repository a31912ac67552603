"""Lists of a page, and how their items are numbered."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.css import Declarations
from extractor.documents.readers.numerals import roman, spreadsheet_letter

_KINDS = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "1": "decimal",
}
_NOT_SAID = frozenset(("inherit", "unset", "revert", "revert-layer"))


@dataclass(slots=True)
class _List:
    kind: str
    number: int
    step: int


class Lists:
    """The lists that are open."""

    def __init__(self) -> None:
        self._lists: list[_List] = []

    def open(self, element: Element, style: Declarations) -> None:
        """Begin a list."""
        usual = "decimal" if element.tag == "ol" else "disc"
        start = element.get("start") or ""
        reverse = "reversed" in element.attrib
        first = int(start[:9]) if start.removeprefix("-").isdecimal() else 1
        if reverse and not start:
            first = sum(child.tag == "li" for child in element)
        self._lists.append(_List(_kind(element, style) or usual, first, -1 if reverse else 1))

    def close(self) -> None:
        """End the innermost list."""
        self._lists.pop()

    def marker(self, item: Element, style: Declarations) -> str:
        """Count an item, and return what stands before it."""
        lists = self._lists[-1] if self._lists else _List("disc", 1, 1)
        if (item.get("value") or "").isdecimal():
            lists.number = int((item.get("value") or "")[:9])
        number = lists.number
        lists.number += lists.step
        kind = _kind(item, style) or lists.kind
        if kind == "none":
            return ""
        text = numeral(kind, number)
        return "• " if text is None else f"{text}. "


def numeral(kind: str, number: int) -> str | None:
    """Write a number as a style of lists does; None for a sign, or a style that is not known.

    >>> numeral("lower-roman", 4), numeral("upper-latin", 2), numeral("disc", 1)
    ('iv', 'B', None)
    """
    match kind:
        case "decimal":
            return str(number)
        case "decimal-leading-zero":
            return f"{number:02}"
        case "lower-alpha" | "lower-latin":
            return spreadsheet_letter(number)
        case "upper-alpha" | "upper-latin":
            return spreadsheet_letter(number).upper()
        case "lower-roman":
            return roman(number)
        case "upper-roman":
            return roman(number).upper()
        case _:
            return None


def _kind(element: Element, style: Declarations) -> str | None:
    said = style.get("list-style-type", "")
    if said and said not in _NOT_SAID:
        return said.split()[0]
    return _KINDS.get(element.get("type") or "")
