"""Numbers at the beginnings of lines that may be those of clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "exhibit", "agreement", "article", "section", "ordinal", "decimal", "listed", "heading"
]

_LONGEST_HEADING = 70
_LONGEST_ENTRY = 150  # characters of a line in a table of contents

_LINE = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+)?(?=\S)(?P<line>[^\n]*)", re.MULTILINE)
_ALONE = re.compile(r"\s*(?:$|[-\u2013\u2014:.])")
_ROMAN = "[ivxlcIVXLC]+"
_EXHIBIT = re.compile(
    r"(?P<number>(?:EXHIBIT|SCHEDULE|ANNEX|APPENDIX|ATTACHMENT|ADDENDUM|Exhibit|Schedule|Annex"
    r"|Appendix|Attachment|Addendum)"
    r"[ \t]+(?:N[oO](?![A-Za-z])\.?[ \t]*)?[\"\u201c]?(?!(?:OF|TO|IS|IN|ON|BY|AS|AT|OR|NO)\b)"
    r"(?:[A-Z]{1,2}|[IVX]+|\d+)(?:[.\-]\w{1,3}){0,2}(?!\w)"
    r"[\"\u201d]?"
    r"(?:\(\w{1,4}\))*)(?P<rest>.*)"
)
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_WRITTEN = {
    word: number
    for words in (f"{_ONES} sixteen seventeen eighteen nineteen twenty", _ORDINALS)
    for number, word in enumerate(words.split(), 1)
}
_IN_WORDS = "|".join(form for word in _WRITTEN for form in (word.title(), word.upper()))
_WORDED = re.compile(
    r"(?P<number>(?P<word>ARTICLE|Article|PART|Part|CHAPTER|Chapter|SECTION|Section|Sec\.|CLAUSE"
    r"|Clause|PARAGRAPH|Paragraph|\u00a7)[ \t]*"
    r"(?P<value>\d{1,4}(?:\.\d{1,3}){0,9}|[IVXLC]{1,9}|"
    rf"{_IN_WORDS}|[A-Z])(?![\w]|\.\d))(?P<rest>.*)"
)
_ORDINAL = re.compile(
    rf"(?P<number>(?P<value>{_IN_WORDS})[:.])(?P<rest>[ \t]+[A-Z\"\u201c].*|[ \t]*)\Z"
)
_DECIMAL = re.compile(
    r"(?P<number>\d{1,3}(?:\.(?:\d{1,3}|[A-Z](?=\.)))+)(?P<dot>[.)]?)"
    r"(?=\s|$|[\"\u201c(\[]|[A-Z][a-z])(?P<rest>.*)"
)
_SINGLE = re.compile(r"(?P<number>\d{1,3}[.)])(?=\s|$|[\"\u201c(\[A-Z])(?P<rest>.*)")
_BARE = re.compile(r"(?P<number>\d{1,3})(?:[ \t]{2,}|\t|[ \t](?=[A-Z]{4}))(?P<rest>[A-Z].*)")
_LISTED = re.compile(
    rf"(?P<number>(?P<open>\()?(?P<value>[a-z]{{1,2}}|[A-Z]{{1,2}}|{_ROMAN}|\d{{1,2}})"
    r"(?P<close>[.)]))(?=\s|$|[\"\u201c(\[]|[A-Z])(?P<rest>.*)"
)
_MID_SENTENCE = re.compile(
    r"(?:\b(?:of|in|to|under|with|by|this|per|the|see|from|and|or|than|for|at|on|least|exceed|about"
    r"|sections?|articles?|clauses?|paragraphs?|subsections?|subclauses?|exhibits?|schedules?|annex"
    r"|pursuant|set forth in|\d+(?:\.\d+)+)|[\u00a7$(])\s*\Z",
    re.IGNORECASE,
)
_LIST_AND = re.compile(r"[;,:.]\s*(?:and|or|and/or)\s*\Z|\A\s*(?:and|or)\s*\Z", re.IGNORECASE)
_REFERS = re.compile(
    r"\s*(?:above|below|hereof|hereto|herein|thereof|hereunder|of th|of Section|to th(?:is|e)\b"
    r"|and \(|or \(|through \(|,|;|\))"
)
_LEADER = re.compile(r"(?:\.\s?){4,}\s*[\divxlc\-]*\s*\Z|(?:\s{3,}|\t)[A-Z]?-?\d{1,3}\s*\Z")
_STRAY = re.compile(
    r"\d{1,3}[ \t]+(?=\d{1,3}\.|\([a-z]\)[ \t]|(?:EXHIBIT|ARTICLE|SECTION|Section)\b)"
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Label:
    """A number, or a heading without one, at the beginning of a line.

    Attributes:
        kind: what family it is of; labels of one family are compared with each other.
        start: its offset.
        number: as printed.
        value: what it says; of a list's letter, every reading ("i" is the ninth and the first).
        rest: where the words after it begin.
        style: what labels of one list have in common ("(a)", "a.", "(A)").
        listed: whether its line is one of a table of contents.
    """

    kind: Kind
    start: int
    number: str
    value: tuple[int, ...]
    rest: int
    style: str = ""
    listed: bool = False


def labels(text: str) -> Iterator[Label]:
    """Yield everything in a text that looks like the number of a clause, right or wrong."""
    before = ""
    for found in _LINE.finditer(text):
        line, start = found["line"], found.start("line")
        stray = _STRAY.match(line)  # a page number that ran into the line
        if stray:
            line, start = line[stray.end() :], start + stray.end()
        label = _label(line, start)
        if label is not None and not _is_reference(
            before, label, text[label.rest : label.rest + 30]
        ):
            yield label
        blank = text[found.end() : found.end() + 2] == "\n\n"
        before = "" if blank else line[-60:]


def _label(line: str, start: int) -> Label | None:
    listed = len(line) <= _LONGEST_ENTRY and _LEADER.search(line) is not None
    found = _EXHIBIT.match(line)
    if found and _is_heading(found["rest"]):
        number = " ".join(found["number"].split())
        letter = number.partition(" ")[2].strip('"\u201c\u201d')
        value = tuple(map(ord, letter))
        return Label("exhibit", start, number, value, start + found.start("rest"), letter, listed)
    found = _WORDED.match(line)
    if found:
        return _worded(found, start, listed=listed)
    found = _ORDINAL.match(line)
    if found and found["value"].lower() in _ORDINALS.split():
        value, at = (_WRITTEN[found["value"].lower()],), start + found.start("rest")
        return Label("ordinal", start, found["number"], value, at, "First", listed)
    found = _DECIMAL.match(line) or _SINGLE.match(line) or _BARE.match(line)
    if found and (_begins_clause(found["rest"]) or found["number"].count(".") > 1):
        number = found["number"] + (found.groupdict().get("dot") or "")
        parts = re.findall(r"\w+", found["number"])
        value = tuple(int(part) if part.isdigit() else ord(part) - 64 for part in parts)
        return Label("decimal", start, number, value, start + found.start("rest"), "1", listed)
    found = _LISTED.match(line)
    if found:
        value, style = _list_values(found)
        number, rest = found["number"], start + found.start("rest")
        return Label("listed", start, number, value, rest, style, listed) if value else None
    return None


def _worded(found: re.Match[str], start: int, *, listed: bool) -> Label | None:
    word, value, rest = found["word"].upper(), found["value"], found["rest"]
    if re.match(r"\s*(?:[a-z(,]|;(?!\s*[A-Z]{3})|\)|\.\d)", rest):
        return None  # "Section 5 hereof", "Section 5(a)"
    numbers = tuple(int(part) for part in value.split(".")) if value[0].isdigit() else ()
    if not numbers:
        letter = ord(value) - 64 if len(value) == 1 else 0
        number = _WRITTEN.get(value.lower()) or roman(value.lower()) or letter
        if not number:
            return None
        numbers = (number,)
    kind: Kind = "article" if word in {"ARTICLE", "PART", "CHAPTER"} else "section"
    if len(numbers) > 1:
        kind = "decimal"
    at = start + found.start("rest")
    return Label(kind, start, found["number"], numbers, at, word.title(), listed)


def _is_heading(rest: str) -> bool:
    """Whether what follows "Exhibit A" on its line lets it be a heading and no sentence."""
    rest = rest.strip()
    if not rest or rest[0] in "-\u2013\u2014:(":
        return len(rest) < 2 * _LONGEST_HEADING
    return rest[0].isupper() and (len(rest) <= _LONGEST_HEADING or rest[:8].isupper())


def _begins_clause(rest: str) -> bool:
    """Whether words can begin a clause: "1.5 million" and "30 days" don't."""
    return re.match(r"\s*(?:\|\s*)?(?:$|[A-Z\"\u201c\u2018'(\[\u2022]|i[A-Z])", rest) is not None


def _is_reference(before: str, label: Label, after: str) -> bool:
    """Whether a number stands at a line's beginning only because the line was full."""
    if label.kind in {"listed", "section", "decimal"} and _REFERS.match(after):
        return True
    if (
        label.kind == "article"
        and label.number.isupper()
        and _ALONE.match(after.partition("\n")[0])
    ):
        return False
    return _MID_SENTENCE.search(before) is not None and not _LIST_AND.search(before)


def _list_values(found: re.Match[str]) -> tuple[tuple[int, ...], str]:
    written = found["value"]
    shape = f"{found['open'] or ''}{{}}{found['close']}"
    if written.isdigit():
        return ((int(written),), shape.format("1"))
    if not (written.islower() or written.isupper()):
        return ((), "")
    style = shape.format("a" if written.islower() else "A")
    low = written.lower()
    letter = 0
    if len(set(low)) == 1 and len(low) <= 2:
        letter = ord(low[0]) - 96 + 26 * (len(low) - 1)
    values = (letter, roman(low))
    return (values if any(values) else (), style)


def roman(written: str) -> int:
    """Read a Roman number up to 399, 0 if it is none.

    >>> roman("xiv"), roman("iix"), roman("d")
    (14, 0, 0)
    """
    if not re.fullmatch(r"c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", written) or not written:
        return 0
    values = [_ROMAN_VALUES[letter] for letter in written]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
