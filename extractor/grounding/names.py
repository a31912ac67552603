"""Names of parties and places, compared without legal forms, articles and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, islice, pairwise, takewhile

from extractor.grounding.folding import QUOTES, compatible
from extractor.grounding.verdict import YES, Support, derived, no, unjudged
from extractor.normalizers.adjectives import ADJECTIVES
from extractor.normalizers.legal_forms import LEGAL_FORMS, with_short_forms
from extractor.normalizers.places import place_key, places

_WORDS = 8
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_INITIAL_DOT = re.compile(r"(?<=\b[^\W\d_])\.")
_QUOTE = re.compile(f"[{QUOTES}]")
_WORD = re.compile(r"[^\W_]+")
_AMOUNT = re.compile(r"[$\u20ac\u00a3\u00a5\u20b9]\s?\d")
_SAME_NAME = re.compile(r"[\s&-]+")
_LONGEST_NAME = 6
_FILLERS = "a an and the of by in state commonwealth province republic kingdom law laws"
_NO_WORDS = frozenset(_FILLERS.split())
_BETWEEN_WORDS = frozenset(["a", "an", "and", "in", "of", "the"])
_PLACE_WORDS = 6
"""Words of a place's name that are looked at to each side of one of its parts."""
_STREET = (
    "Street Avenue Ave Road Rd Boulevard Blvd Lane Drive Plaza Square Parkway Highway Turnpike"
)
_STREETS = frozenset(_STREET.split())
_COMPASS = frozenset(
    ["north", "south", "east", "west", "northern", "southern", "eastern", "western", "new"]
)


def is_name(text: str) -> bool:
    """Whether a text is short and capitalised like a name: "the State of Ohio", "eBay Inc."."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _NO_WORDS]
    if not 0 < len(words) <= _WORDS or not _is_capital(words[0]) or _AMOUNT.search(text):
        return False
    return 2 * sum(map(_is_capital, words)) >= len(words)


def _is_capital(word: str) -> bool:
    return word[0].isupper() or any(c.isupper() or c.isdecimal() for c in word)


def name_support(name: str, quote: str) -> Support:
    """Compare a name's own words with those of the quote.

    They have to stand there together. The quote may add to the name or spell its legal form in
    another way ("Inc.", "Incorporated"); with another form ("LLC") it names another company.
    """
    own, said = _own(name), _plain(quote)
    if not own:
        return unjudged("the value has no word of its own to look for")
    theirs = [match.group().casefold() for match in _WORD.finditer(said)]
    verdicts = [_at(name, theirs, said, *place) for place in _runs(own, theirs)]
    if not verdicts:
        return _elsewhere(own, theirs)
    return max(verdicts, key=lambda verdict: (verdict.ok is True, verdict.ok is None))


def longer_name(name: str, quote: str) -> str | None:
    """Return the other name of which the quote's words are only a part, wherever it has them.

    >>> longer_name("Virginia", "the laws of West Virginia")
    'West Virginia'
    >>> longer_name("Guinea", "Equatorial Guinea"), longer_name("Utah", "5 Utah Street")
    ('Equatorial Guinea', 'Utah Street')
    >>> longer_name("Guinea", "Guinea and Equatorial Guinea")
    """
    own = _own(name)
    words = [match for match in _WORD.finditer(_plain(quote)) if _counts(match.group())]
    forms = [match.group().casefold() for match in words]
    found: str | None = None
    for at in range(len(forms)):
        if own and forms[at : at + len(own)] == own:
            longer = _longer(own, forms, at) or _place_around(own, words, at)
            if longer is None:
                return None
            found = found or longer
    return found


def _place_around(own: list[str], words: Sequence[re.Match[str]], start: int) -> str | None:
    """Return the other place, or the street, that words of a name are a part of the name of."""
    end = start + len(own)
    beside = [*words[max(0, start - 2) : start], *words[end : end + 1]]
    if len(own) > _PLACE_WORDS or not any(map(_is_of_name, beside)):
        return None  # most names stand alone: places need not be known
    meant = places().get(" ".join(own), frozenset[str]())
    text = words[0].string
    if meant and words[end : end + 1] and words[end].group() in _STREETS:
        return text[words[start].start() : words[end].end()]
    for first in range(max(0, start - _PLACE_WORDS), start + 1):
        for last in range(end, min(len(words), end + _PLACE_WORDS) + 1):
            around = text[words[first].start() : words[last - 1].end()]
            codes = places().get(place_key(around), meant)
            is_list = " and " in around.lower()
            if not is_list and _own(around) != own and not codes & meant and codes != meant:
                return around
    return None


def _is_of_name(word: re.Match[str]) -> bool:
    return _is_capital(word.group()) and _is_own(word.group().casefold())


def _counts(word: str) -> bool:
    return word.casefold() not in _BETWEEN_WORDS


def own_starts(name: str, text: str) -> Iterator[int]:
    """Yield where a text has a name's own words in a row, but for small words and legal forms."""
    own = [word for word in _WORD.findall(name.casefold()) if _is_own(word)]
    words = [(match.start(), match.group().casefold()) for match in _WORD.finditer(text)]
    starts = [(start, word) for start, word in words if _is_own(word)] if own else []
    for at, (start, word) in enumerate(starts):
        if word == own[0] and [other for _, other in starts[at : at + len(own)]] == own:
            yield start


def _at(name: str, theirs: list[str], said: str, start: int, end: int) -> Support:
    """Judge one place at which the quote has the name's own words."""
    ours, own = _words(name), _own(name)
    longer = _longer(own, theirs, start)
    if longer:
        return no(f"the quote names {longer}")
    last = max(at for at, word in enumerate(ours) if word == own[-1])
    forms, inner = _forms(ours[last:]), _forms(ours[:last])
    following = _following(theirs, end)
    if following and forms and not forms & following:
        return no("the quote has another legal form")
    if forms and not following:
        other = _continued(said, end)
        if other:
            return no(f"the quote names {' '.join((*own, other)).title()}")
        return unjudged("the quote does not have the name's legal form beside it")
    if (forms | inner) - _forms(theirs):
        return unjudged("the quote does not have the name's legal form")
    return YES


def _forms(words: Iterable[str]) -> set[str]:
    return {LEGAL_FORMS[word] for word in words if word in LEGAL_FORMS}


def _following(theirs: list[str], end: int) -> set[str]:
    """Return the legal forms that come next: "Smith and Company", "Acme, a corporation"."""
    rest = dropwhile(frozenset(("a", "an", "and")).__contains__, theirs[end:])
    return _forms(takewhile(LEGAL_FORMS.__contains__, rest))


def _continued(said: str, end: int) -> str | None:
    """Return the word with which another name goes on: the "Industries" of "Acme Industries".

    Where all is in capitals, only a legal form at its end tells a name from a sentence.
    """
    matches = list(islice(_WORD.finditer(said), end - 1, end + _LONGEST_NAME))
    words: list[str] = []
    for one, other in pairwise(matches):
        if not _SAME_NAME.fullmatch(said, one.end(), other.start()):
            break
        words.append(other.group())
    if not words or not words[0][0].isupper():
        return None
    is_name = any(map(str.islower, said)) or any(word.casefold() in LEGAL_FORMS for word in words)
    return words[0] if is_name else None


def _longer(own: list[str], theirs: list[str], start: int) -> str | None:
    before = theirs[start - 1] if start else ""
    return " ".join((before, *own)).title() if before in _COMPASS else None


def _runs(own: list[str], theirs: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the own words follow each other, but for small words and initials."""
    for start, word in enumerate(theirs):
        if word != own[0]:
            continue
        at = start + 1
        for wanted in own[1:]:
            while at < len(theirs) and theirs[at] != wanted and _may_be_between(theirs[at]):
                if theirs[at] == "and" and theirs[at - 1] in LEGAL_FORMS:
                    break  # "Acme Corp. and Beta Corp." are two
                at += 1
            if at == len(theirs) or theirs[at] != wanted:
                break
            at += 1
        else:
            yield start, at


def _may_be_between(word: str) -> bool:
    return not _is_own(word) or (len(word) == 1 and word.isalpha())


def _elsewhere(own: list[str], theirs: list[str]) -> Support:
    """Judge a quote without the name: it may have it as an adjective or an acronym."""
    meant = {place for word in theirs for place in ADJECTIVES.get(word, "").split()}
    if meant.issuperset(own):
        return derived("the quote names it by its adjective")
    if len(own) > 1 and all(map(str.isalpha, own)) and "".join(w[0] for w in own) in theirs:
        return unjudged("the quote has initials that may stand for the name")
    missing = [word for word in own if word not in theirs]
    if not missing:
        return no("the quote has the words of the name, but not together")
    if len(missing) < len(own):
        return no(f"the quote has only part of the name, without {missing[0]!r}")
    return no("the quote does not contain it")


def _own(name: str) -> list[str]:
    """Return a name's own words; an A may be an initial or a label ("Series A")."""
    words = _WORD.findall(_plain(name))
    label = {at for at, word in enumerate(words) if word == "A" and (at or name.startswith("A."))}
    words = [word.casefold() for word in words]
    return [word for at, word in enumerate(words) if at in label or _is_own(word)]


def _is_own(word: str) -> bool:
    return word not in _NO_WORDS and word not in LEGAL_FORMS


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text).casefold())


def _plain(text: str) -> str:
    """Leave out what names are written with or without: accents, initials' dots, apostrophes."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", compatible(text)))
    plain = _INITIAL_DOT.sub("", _QUOTE.sub("", plain))
    return with_short_forms(plain)
