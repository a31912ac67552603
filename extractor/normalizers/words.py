"""English number words: "one million five hundred thousand", "twenty-first"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FIRSTS = "first second third fourth fifth sixth seventh eighth ninth"
_TENTHS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
)

UNITS = {word: n for n, word in enumerate(_UNITS.split())}
TEENS = {word: n for n, word in enumerate(_TEENS.split(), start=10)}
TENS = {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
SCALES = {"dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
PARTS = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "eighth": Decimal("0.125"),
    "tenth": Decimal("0.1"),
}
"""Parts of one that a decimal holds exactly."""
ORDINALS = (
    {word: n for n, word in enumerate(_FIRSTS.split(), start=1)}
    | {word: n for n, word in enumerate(_TENTHS.split(), start=10)}
    | {f"{ten[:-1]}ieth": n for ten, n in TENS.items()}
    | {
        f"{ten}-{word}": n + m
        for ten, n in TENS.items()
        for m, word in enumerate(_FIRSTS.split(), start=1)
    }
)
"""Ordinal words up to ninety-ninth, compounds with a hyphen."""

NUMBER_WORDS = frozenset(UNITS) | frozenset(TEENS) | frozenset(TENS) | {"hundred"} | set(SCALES)

_GLUE = r"(?:\s*+-\s*+|,?\s++)"
_WORD = "|".join(sorted(NUMBER_WORDS | {"half", "point"}, key=len, reverse=True))
_PART = rf"(?:{'|'.join(PARTS)})s?\b"
_AND_SO_MANY = "|".join(rf"(?<=and\s{word}[\s-])" for word in ("a", *UNITS))
_RUN = re.compile(
    rf"\b(?:(?<!half\s)a{_GLUE}(?=dozen|hundred|thousand|million|billion)"
    rf"|(?={'|'.join(sorted(NUMBER_WORDS))}))"
    rf"(?:{_WORD})(?:{_GLUE}(?:and{_GLUE})?(?:a{_GLUE}(?=half\b|quarter\b))?"
    rf"(?:{_WORD}|{_PART}(?=\s+of\b(?!\s+(?:\w+\s+){{0,2}}year))|(?:{_AND_SO_MANY}){_PART})\b)*\b",
    re.IGNORECASE,
)
_FEW = range(1, 10)
_TOKEN = re.compile(r"[a-z]+", re.IGNORECASE)
SAID = frozenset({part for word in ORDINALS for part in word.split("-")} | NUMBER_WORDS)
"""The words of which numbers and ordinals are made."""
_SMALL = re.compile(r"[a-z]+")
_BEGINS = SAID | {"a"}
_OTHER_LETTERS = re.compile(r"[\u0130\u0131\u017f\u212a]")


def has_number_words(text: str) -> bool:
    """Whether any number or ordinal may stand in a text in words, told quickly.

    >>> has_number_words("for Thirty days"), has_number_words("for a day")
    (True, False)
    """
    is_said = not SAID.isdisjoint(_SMALL.findall(text.casefold()))
    return is_said or has_other_letters(text)


def number_words(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield all matches of a pattern that begins with a number word, an ordinal or "a".

    As `finditer` does, but a text is gone through word by word and the pattern tried at few.
    """
    if has_other_letters(text):
        yield from pattern.finditer(text)
    else:
        yield from matches_at(_starts(text), pattern, text)


def matches_at(
    starts: Sequence[int], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Do what `finditer` does, trying a pattern at some places only, which are in order."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            yield match
            end = match.end()


@lru_cache(maxsize=8)
def _starts(text: str) -> tuple[int, ...]:
    """Return where words stand with which a number can begin."""
    words = _SMALL.finditer(text.lower())
    return tuple(word.start() for word in words if word.group() in _BEGINS)


def has_other_letters(text: str) -> bool:
    """Whether a text has letters that are no i, s or k, but like them where case is ignored."""
    return not text.isascii() and _OTHER_LETTERS.search(text) is not None


def cardinals_in(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Yield (start, end, value) of every cardinal number written in words.

    Neighbours that do not make one number stay apart: "twenty twenty-four" is 20 and 24, and
    "between one hundred and two hundred" is 100 and 200.
    """
    for run in number_words(_RUN, text):
        tokens = list(_TOKEN.finditer(text, run.start(), run.end()))
        words = [token.group().lower() for token in tokens]
        at = 0
        while at < len(words):
            value, end = _cardinal(words, at)
            if value is None:
                at += 1
                continue
            yield tokens[at].start(), tokens[end - 1].end(), value
            at = end


def _word(words: list[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _below_hundred(words: list[str], at: int) -> tuple[int | None, int]:
    word = _word(words, at)
    if word in TENS:
        unit = UNITS.get(_word(words, at + 1), 0)
        return TENS[word] + unit, at + 1 + bool(unit)
    if word == "a" and _word(words, at + 1) in SCALES.keys() | {"hundred"}:
        return 1, at + 1
    value = TEENS.get(word, UNITS.get(word))
    return value, at + (value is not None)


def _below_thousand(words: list[str], at: int) -> tuple[int | None, int]:
    """Read "one hundred and five" or "twelve hundred"; stops before "and two hundred"."""
    value, end = _below_hundred(words, at)
    if not value or _word(words, end) != "hundred":
        return value, end
    value, end = value * 100, end + 1
    rest, rest_end = _below_hundred(words, end + (_word(words, end) == "and"))
    if rest and _word(words, rest_end).removesuffix("s") not in ("hundred", *PARTS):
        return value + rest, rest_end
    return value, end


def _cardinal(words: list[str], at: int) -> tuple[Decimal | None, int]:
    """Read one number: groups with falling scales, then a decimal part or a half."""
    total: int | None = None
    end, last_scale = at, max(SCALES.values()) * 1000
    while last_scale > 1:
        start = end + (total is not None and _word(words, end) == "and")
        group, group_end = _below_thousand(words, start)
        if group is None or (total is not None and group == 0):
            break
        scale = SCALES.get(_word(words, group_end), 1)
        if scale >= last_scale:
            break
        total = (total or 0) + group * scale
        end, last_scale = group_end + (scale > 1), scale
    if total is None:
        return None, at
    return _fraction(words, end, Decimal(total))


def _share(words: list[str], at: int) -> Decimal | None:
    """Read "one-quarter" or "a half", which is less than one."""
    count = 1 if _word(words, at) == "a" else UNITS.get(_word(words, at), 0)
    share = count * PARTS.get(_word(words, at + 1).removesuffix("s"), Decimal(0))
    return share if 0 < share < 1 else None


def _fraction(words: list[str], at: int, value: Decimal) -> tuple[Decimal, int]:
    """Add "and one-half" or "point two five"; a scale after that multiplies the whole."""
    part, end = Decimal(0), at
    if value == 1 and _word(words, at) == "half":
        part, end = Decimal("-0.5"), at + 1
    elif _word(words, at) == "and" and (share := _share(words, at + 1)):
        part, end = share, at + 3
    elif value in _FEW and (share := PARTS.get(_word(words, at).removesuffix("s"))):
        part, end = value * share - value, at + 1  # the run has it only where an "of" follows
    elif _word(words, at) == "point":
        end = at + 1
        while _word(words, end) in UNITS:
            end += 1
        digits = "".join(str(UNITS[word]) for word in words[at + 1 : end])
        part = Decimal(f"0.{digits}")
    if not part:
        return value, at
    scale = SCALES.get(_word(words, end), 1)
    return (value + part) * scale, end + (scale > 1)
