"""Numbers that fields stand for: LISTNUM, AUTONUM and its like (ISO/IEC 29500-1, 17.16.5).

Word stores none of them. Those whose list or place is not certain are not made: no number is better
than a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractor.documents.readers.docx.instructions import Instruction
from extractor.documents.readers.numerals import WORD_FORMATS

NUMBER_FIELDS = frozenset(("LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT"))

_FIGURES: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": WORD_FORMATS["lowerLetter"],
    "A": WORD_FORMATS["upperLetter"],
    "i": WORD_FORMATS["lowerRoman"],
    "I": WORD_FORMATS["upperRoman"],
}
_OUTLINE = ("I.", "A.", "1.", "a)", "(1)", "(a)", "(i)", "(a)", "(i)")
_LEGAL = "legaldefault"
_USUAL = "numberdefault"
_LISTS = {
    _USUAL: ("1)", "a)", "i)", "(1)", "(a)", "(i)", "1.", "a.", "i."),
    "outlinedefault": _OUTLINE,
    _LEGAL: ("1.",) * 9,
}
_FORMATS: dict[str, Callable[[int], str]] = {
    "": str,
    "alphabetic": WORD_FORMATS["lowerLetter"],
    "ALPHABETIC": WORD_FORMATS["upperLetter"],
    "roman": WORD_FORMATS["lowerRoman"],
    "ROMAN": WORD_FORMATS["upperRoman"],
}
_BODY = 9
"""Where paragraphs that are no headings count, below the nine levels of headings."""

_IN_TEXT = 3
"""The level of a list that begins within a line (17.16.5, LISTNUM)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands.

    Attributes:
        paragraph: what tells its paragraph from others.
        begins: whether nothing stands before it there.
        numbered: whether the paragraph has a number of a list's own.
        heading: the paragraph's level, from 1; None where it is no heading.
    """

    paragraph: object
    begins: bool
    numbered: bool
    heading: int | None


class AutoNumbers:
    """The counters of such fields, in the order of the text."""

    def __init__(self) -> None:
        self._list: str | None = _USUAL
        self._listed_in: object = None
        self._levels: dict[str, int] = {}
        self._listed: dict[str, list[int]] = {}
        self._headings: dict[str, list[int]] = {}
        self._counted_in: dict[str, object] = {}

    def number(self, field: Instruction, place: Place) -> str | None:
        """Count a field and return its number; None where that is not certain."""
        if field.name == "LISTNUM":
            return self._of_list(field, place)
        return self._of_paragraph(field, place)

    def pass_list(self) -> None:
        """Note a numbered paragraph: fields that name no list go on with its list."""
        self._list = None

    def _of_list(self, field: Instruction, place: Place) -> str | None:
        own_list = place.numbered and self._listed_in is not place.paragraph
        usual = None if own_list else self._list
        name = field.arguments[0].lower() if field.arguments else usual
        if name not in _LISTS:
            return None
        asked, start = field.switches.get("l"), field.switches.get("s")
        usual_level = self._levels.get(name, 1 if place.begins else _IN_TEXT)
        level = usual_level if asked is None else _figure(asked)
        first = None if start is None else _figure(start)
        if level is None or not 1 <= level <= len(_LISTS[name]) or (start and first is None):
            return None
        counts = _counted(self._listed.setdefault(name, [0] * 9), level - 1, first)
        self._list, self._listed_in, self._levels[name] = name, place.paragraph, level
        if name == _LEGAL:
            return ".".join(str(max(count, 1)) for count in counts[:level]) + "."
        return _written(_LISTS[name][level - 1], counts[level - 1])

    def _of_paragraph(self, field: Instruction, place: Place) -> str | None:
        """Number a paragraph, once however many of its fields ask for it."""
        at = _BODY if place.heading is None else place.heading - 1
        counts = self._headings.setdefault(field.name, [0] * (_BODY + 1))
        if self._counted_in.get(field.name) is not place.paragraph:
            self._counted_in[field.name] = place.paragraph
            _counted(counts, at, None)
        match field.name:
            case "AUTONUMOUT":
                return None if at == _BODY else _written(_OUTLINE[at], counts[at])
            case "AUTONUMLGL":
                path = counts[: at + 1]
                if at == _BODY:
                    path = [*_trimmed(counts[:_BODY]), counts[_BODY]]
            case _:
                path = [counts[at]]
        return _joined(path, field)


def _counted(counts: list[int], at: int, start: int | None) -> list[int]:
    """Count at a level; those below it begin anew."""
    counts[at] = counts[at] + 1 if start is None else start
    counts[at + 1 :] = [0] * (len(counts) - at - 1)
    return counts


def _trimmed(counts: list[int]) -> list[int]:
    """Return counts up to the last level that is in use."""
    used = [at for at, count in enumerate(counts) if count]
    return counts[: used[-1] + 1] if used else []


def _joined(path: list[int], field: Instruction) -> str | None:
    """Write a paragraph's number as the field's switches say; None where a level has none."""
    form = field.switches.get("*", "")
    figures = _FORMATS.get(form if form != "Arabic" else "")
    sign = field.switches.get("s", ".")
    if figures is None or not all(path) or (len(path) > 1 and (sign != "." or figures is not str)):
        return None
    end = "" if field.name == "AUTONUMLGL" and "e" in field.switches else sign
    return ".".join(figures(count) for count in path) + end


def _written(pattern: str, count: int) -> str:
    figure = next(sign for sign in pattern if sign in _FIGURES)
    return pattern.replace(figure, _FIGURES[figure](count))


def _figure(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
