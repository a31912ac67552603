"""Words of a value for which its quote has others in the same place: opposites, other numbers.

"Written consent" is not borne by "oral consent", nor are "two renewals" by "three renewals". Only
what the quote does not say anywhere counts as swapped: where it says both, no pattern tells which
is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from extractor.grounding.opposites import are_opposites
from extractor.grounding.verdict import Support, no
from extractor.normalizers import LENGTH_WORDS, NumberMention, number_mentions

_WORD = re.compile(r"[^\W_]+")
_LOOSE = frozenset(["all", "and", "any", "some", "pay", "end"])
"""Words for which their opposites may stand in another way to say the same."""
_STEM = 5
"""Letters in which the forms of what is counted agree."""
_BESIDE_ALL = "a an and as at be by for from is it of or such that the this to with"
_SMALL = frozenset(_BESIDE_ALL.split())
"""Words that stand beside any other one, and make no place by themselves."""
_COUNTED = re.compile(
    r"(?:\s?\([^()]{1,24}\))?[\s-]+(?P<one>[a-z]{3,})(?:[\s-]+(?P<two>[a-z]{3,}))?"
)

_PART = re.compile(
    r"\b(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]"
    r"(?P<part>half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?\b"
)
_SAME = {"quarter": "fourth"}
_RHYTHM = re.compile(
    r"\b(?:(?P<prefix>semi|bi|tri|half)[\s-]?)?(?P<adverb>annual|year|quarter|month|week|dai)(?:ly)?\b"
)


def swapped(value: str, quote: str) -> Support | None:
    """Say which word of a text is another one in the quote, beside the same neighbour."""
    value, quote = value.casefold(), quote.casefold()
    return (
        _other_word(_WORD.findall(value), _WORD.findall(quote))
        or _other_count(value, quote)
        or _other_part(value, quote)
        or _other_rhythm(value, quote)
    )


def _other_word(ours: list[str], theirs: list[str]) -> Support | None:
    unsaid = set(ours).difference(theirs, _LOOSE, _SMALL)
    if not unsaid:
        return None
    places: dict[tuple[str, ...], list[str]] = {}
    for place, word in _places(theirs):
        places.setdefault(place, []).append(word)
    for place, word in _places(ours):
        for other in places.get(place, ()) if word in unsaid else ():
            if are_opposites(word, other):
                return no(f"the quote has {other!r} where the value has {word!r}")
    return None


def _places(words: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each word with its places: the next word that says something, and those up to it."""
    told = [at for at, word in enumerate(words) if word not in _SMALL]
    for one, other in pairwise(told):
        yield ("before", *words[one + 1 : other + 1]), words[one]
        yield ("after", *words[one:other]), words[other]


def _other_count(value: str, quote: str) -> Support | None:
    """Compare numbers in words by what they count; figures are compared wherever they stand."""
    ours = [m for m in number_mentions(value) if m.form != "figures" and not m.percent]
    theirs = number_mentions(quote) if ours else []
    said = {number for mention in theirs for number in mention.candidates}
    for mention in ours:
        if said.isdisjoint(mention.candidates) and any(
            _counted(value, mention) & _counted(quote, other) for other in theirs
        ):
            return no(f"the quote does not say {value[mention.start : mention.end]!r}")
    return None


def _other_part(value: str, quote: str) -> Support | None:
    """Compare parts of something in words: "two-thirds" with "three-fourths"."""
    ours, theirs = _parts(value), _parts(quote)
    missing = [part for part in ours if part not in theirs]
    return no(f"the quote does not say {' '.join(missing[0])!r}") if missing and theirs else None


def _parts(text: str) -> list[tuple[str, str]]:
    return [
        (match["count"], _SAME.get(match["part"], match["part"])) for match in _PART.finditer(text)
    ]


def _other_rhythm(value: str, quote: str) -> Support | None:
    """Look for "bi-monthly" where the quote has "monthly" alone."""
    said = {(match["prefix"], match["adverb"]) for match in _RHYTHM.finditer(quote)}
    for match in _RHYTHM.finditer(value):
        same = {prefix for prefix, adverb in said if adverb == match["adverb"]}
        if match["prefix"] and same and match["prefix"] not in same:
            return no(f"the quote does not say {match.group()!r}")
    return None


def _counted(text: str, mention: NumberMention) -> set[str]:
    """Return the beginnings of the words that a number counts; lengths of time are no count."""
    match = _COUNTED.match(text, mention.end)
    words = set(filter(None, match.groups())) - _SMALL if match else set[str]()
    if mention.form != "ordinal":
        words -= LENGTH_WORDS
    return {word[:_STEM] for word in words}
