"""A place as its quote names it: "CO" beside "the laws of the State of Colorado" is Colorado."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor.normalizers import read_jurisdiction

_WORD = re.compile(r"[^\W_]+(?:[.'\u2019-][^\W_]+)*\.?")
_FAR = 2_000
"""Characters of a text in which places are looked for."""

_LONGEST = 8
"""Words of a place's name: "the Commonwealth of ..." counts."""


def place_in_full(place: str, quotes: Sequence[str]) -> str | None:
    """Return a place's name as a quote has it, where the place alone is short or ambiguous.

    An abbreviation, or a name that several places have ("Georgia"), gives way to the shortest words
    of a quote that name one of the places it can mean, and no other. None where there are none, or
    where nothing is gained.

    >>> place_in_full("PA", ["the laws of the Commonwealth of Pennsylvania"])
    'Pennsylvania'
    >>> place_in_full("Georgia", ["the law of the State of Georgia"])
    'State of Georgia'
    """
    letters = place.replace(".", "").strip()
    is_short = place.isupper() and len(letters) <= len("US-DC")
    reading = read_jurisdiction(letters if is_short else place)
    if reading is None or not (is_short or reading.code is None):
        return None
    meant = set(reading.candidates)
    named = [name for quote in quotes for name in _named(quote) if name.code in meant]
    if len({name.code for name in named}) != 1:
        return None
    full = min(named, key=lambda name: len(name.words)).words
    return full if full != place else None


def place_of_phrase(phrase: str) -> str | None:
    """Return the one place that a phrase names; None for a name itself, and for several.

    >>> place_of_phrase("the laws of Ohio, without regard to conflicts")
    'Ohio'
    """
    named = [] if read_jurisdiction(phrase) else _named(phrase)
    is_one = len({name.code for name in named}) == 1
    return min(named, key=lambda name: len(name.words)).words if is_one else None


def names_place(place: str, quote: str) -> bool:
    """Whether a quote names the one place that a text means, in whatever words.

    >>> names_place("Ontario, Canada", "the laws of the Province of Ontario and of Canada")
    True
    """
    return any(True for _ in place_starts(place, quote))


def place_starts(place: str, quote: str) -> Iterator[int]:
    """Yield where a quote names the one place that a text means, in whatever words."""
    reading = read_jurisdiction(place)
    if reading is not None and reading.code is not None:
        yield from (name.at for name in _named(quote) if name.code == reading.code)


class _Name(NamedTuple):
    """Words of a text that name one place: where they stand, from and to a word of it."""

    words: str
    code: str
    at: int
    start: int
    end: int

    def is_part_of(self, other: _Name) -> bool:
        """Whether this is only a part of another place's name: the Virginia of West Virginia."""
        return other.code != self.code and other.start <= self.start and self.end <= other.end


def _named(text: str) -> list[_Name]:
    found = [*_runs(text[:_FAR])]
    return [name for name in found if not any(map(name.is_part_of, found))]


def _runs(text: str) -> Iterator[_Name]:
    """Yield the names among the runs of words that begin and end with a capital."""
    words = [*_WORD.finditer(text)]
    for start, first in enumerate(words):
        for end, last in enumerate(words[start : start + _LONGEST], start):
            if first.group()[0].isupper() and last.group()[0].isupper():
                run = text[first.start() : last.end()].rstrip(".")
                reading = read_jurisdiction(run)
                if reading and reading.code:
                    yield _Name(run, reading.code, first.start(), start, end)
