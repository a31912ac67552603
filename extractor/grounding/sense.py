"""Whether a quote turns the sense of a value's words: negations, modal verbs, bounds, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.grounding.folding import DASHES
from extractor.grounding.guards import PLAIN_NEGATIONS, critical_words
from extractor.grounding.names import own_starts
from extractor.grounding.places import place_starts
from extractor.grounding.verdict import Support, no, unjudged
from extractor.normalizers import read_jurisdiction

_LOOK_BACK = 40
_FAR_BACK = 160
"""Characters before a name in which a sentence may deny it."""
NEVER = r"(?:(?:under|in)\s+no\s+(?:circumstances?|events?|case)|at\s+no\s+time)(?:\s+whatsoever)?"
_BETWEEN = rf"(?:[\s{DASHES}]+(?:be|been|an?|the|any)){{0,2}}[\s{DASHES}]+\Z"
_DENIAL = re.compile(
    r"\b(?P<word>not|never|cannot|neither|nor|without|no|non|semi|bi|tri|[a-z]{2,6}n['\u2019]t"
    r"|hardly|scarcely|in\s+no\s+way|(?:fail|cease)(?:s|ed)?\s+to|not\s+the\s+case\s+that"
    rf"|(?P<except>other\s+than)){_BETWEEN}",
    re.IGNORECASE,
)
_DENIAL_OF_ALL = re.compile(
    rf"{_DENIAL.pattern}|\b(?P<all>nothing\s+in|none\s+of|nobody|no\s+one|{NEVER}){_BETWEEN}",
    re.IGNORECASE,
)
"""For what says that something is so, and not what it is called."""
_NOT_IN_CLAUSE = re.compile(
    r"(?:\b(?:not|no|never|cannot|neither|nor)|n['\u2019]t)\b[^.;:,]*\Z", re.IGNORECASE
)
_SENTENCE = 3
"""Words that may be one."""
# "Neither Acme nor Beta shall ..." names both; only "not Delaware" does not mean Delaware.
_ON_LAW = (
    "be been being is are governed construed interpreted enforced applied apply subject located "
    "situated incorporated organized organised registered resident domiciled formed by under with "
    "to in accordance pursuant and or an a the those that any of state commonwealth province "
    "country courts court laws law"
)
_NO_SUCH_NAME = re.compile(
    rf"(?<!or )\b(?P<word>not|never)(?:\s+(?:{'|'.join(_ON_LAW.split())})\b,?)*+\s+\Z"
    r"|\b(?P<except>other than|outside|excluding|except(?: for)?|rather than|instead of"
    r"|in (?:lieu|place) of)"
    r"(?:\s+(?:an?|the|those|that|state|commonwealth|courts?|laws?|of|in))*+\s+\Z"
    r"|\b(?P<prefix>semi|bi|tri)-\Z",
    re.IGNORECASE,
)
_NOT_APPLIED = re.compile(
    r"(?:'s|\u2019s)?(?:\s+(?:law|laws|courts?|statutes?|rules?|principles|provisions|of|state))*\s+"
    r"(?P<said>(?:(?:shall|will|do|does|did|must|may|can|should|would|is|are)\s+(?:not|never)|cannot"
    r"|[a-z]{2,6}n['\u2019]t|in\s+no\s+(?:way|event))\s+(?:\w+ly\s+)?(?:be\s+)?"
    r"(?:appl(?:y|ies|ied|icable)|govern|control|used|have\s+(?:any\s+)?(?:jurisdiction|application|effect))"
    r"|(?:is|are|shall\s+be|being)\s+(?:(?:hereby|expressly|also)\s+)*"
    r"(?:excluded|disclaimed|disapplied|inapplicable|rejected|replaced|superseded|deleted))\b",
    re.IGNORECASE,
)
"""What says of a law, behind its place, that it does not apply."""
_TWICE_DENIED = re.compile(
    r"\b(?:not|no|never|nor|neither|without|nothing)\b[^.;]*\Z", re.IGNORECASE
)
"""What an exception is one of: "not of any state other than Delaware" means Delaware."""
_BY = (
    "not never cannot neither nor without no non semi bi tri nothing none nobody t hardly scarcely "
    "fail fails failed cease ceases ceased other"
)
_DENIAL_BY = frozenset(_BY.split())
_NO_SUCH_NAME_BY = _DENIAL_BY | {
    *("outside", "excluding", "except", "rather", "instead", "lieu", "place"),
    *("excluded", "disclaimed", "disapplied", "inapplicable", "rejected"),
    *("replaced", "superseded", "deleted"),
}
"""The words by which something is denied: most quotes have none."""
_WORD = re.compile(r"[^\W_]+")
_BOX = re.compile(
    r"(?P<ticked>[\u2611\u2612\u2713\u2714\u2717\u2718\u25a0\u25fc\u22a0\u2705\u221a\U0001f5f9]"
    r"|\[ ?[xX\u2713] ?\])"
    r"|(?P<empty>[\u2610\u25a1\u274f]|\[[ _]{1,3}\])"
)
_LABEL = 3
"""Words that a box's label may have besides the value."""
_MORE = r"(?:more|greater|longer|later|higher|over)"
_LESS = r"(?:less|fewer|shorter|earlier|sooner|lower|under)"
_FLOOR = (
    rf"at least|minimum|\b(?:not|no|nor) {_LESS}\b|\b(?:more|greater|longer) than\b"
    r"|\bor (?:more|greater|longer)\b|\bin excess of\b"
)
_CEILING = (
    rf"at most|maximum|up to|\b(?:not|no|nor) (?:{_MORE}|exceed(?:ing)?)\b"
    r"|\b(?:less|fewer|shorter) than\b|\bor (?:less|fewer|shorter)\b"
)
_BOUND = re.compile(
    rf"(?P<floor>{_FLOOR})|(?P<ceiling>{_CEILING})|(?P<before>\b(?:before|prior)\b)"
    r"|(?P<after>\b(?:after|following)\b)"
)
_OPPOSITES = (("floor", "ceiling"), ("before", "after"))


def denial(value: str, quote: str, *, name: bool = False) -> Support | None:
    """Look for what denies a value's words: a "not" or "no" right before them, or an empty box.

    Of a name its own words count, with whatever form or place the quote puts to them.
    """
    words = _WORD.findall(value)
    unticked = _unticked(words, quote) if words else None
    return unticked or negation(value, quote, name=name)


def may_deny(text: str) -> bool:
    """Say whether a text has any of the words that `negation` looks for: told quickly."""
    return not _NO_SUCH_NAME_BY.isdisjoint(_WORD.findall(text.casefold()))


def negation(value: str, text: str, *, name: bool = False) -> Support | None:
    """Look for the words alone that deny a value wherever a text has it."""
    words = _WORD.findall(value)
    if name or not words:
        return _name_denial(value, words, text) if words else None
    if _DENIAL_BY.isdisjoint(_WORD.findall(text.casefold())):
        return None
    denies = _DENIAL if len(words) < _SENTENCE else _DENIAL_OF_ALL
    found: str | None = None
    for start in _places(words, text):
        said = _said_before(denies, text[max(0, start - _LOOK_BACK) : start])
        if said is None or (said.lower() == "no" and words[0][0].isdigit()):
            return None  # "No 5" is a number's own sign
        found = found or said
    return no(f"negation: the quote has it after {found!r}") if found else None


def _name_denial(value: str, words: list[str], quote: str) -> Support | None:
    if _NO_SUCH_NAME_BY.isdisjoint(_WORD.findall(quote.casefold())):
        return None
    found: str | None = None
    for start in [*_places(words, quote), *own_starts(value, quote), *place_starts(value, quote)]:
        said = _said_before(_NO_SUCH_NAME, quote[max(0, start - _FAR_BACK) : start])
        reason = f"negation: the quote has it after {said!r}"
        if said is None and (behind := _not_applied(words, quote, start)):
            reason = f"negation: the quote says of it {behind!r}"
        elif said is None:
            return None
        found = found or reason
    return no(found) if found else None


def _not_applied(words: list[str], quote: str, start: int) -> str | None:
    """Return what says that the law of a place, which begins at an offset, does not apply."""
    at = quote.lower().find(words[-1].lower(), start, start + _FAR_BACK)
    first = _WORD.match(quote, start)
    end = at + len(words[-1]) if at >= 0 else first.end() if first else start
    match = _NOT_APPLIED.match(quote, end)
    return match["said"] if match and read_jurisdiction(" ".join(words)) else None


def _said_before(denies: re.Pattern[str], before: str) -> str | None:
    """Return what denies that which comes next; an exception to a denial means it."""
    match = denies.search(before)
    if match is None or (match["except"] and _TWICE_DENIED.search(before[: match.start()])):
        return None
    said = match.groupdict()
    return next((word for word in said.values() if word), match.group())


def _unticked(words: list[str], quote: str) -> Support | None:
    """Look whether the value is what an empty box of a form stands at, beside a ticked one.

    Boxes stand before their labels, unless the quote ends in one. Without a ticked one they may be
    bullets, or brackets that are to be filled in.
    """
    boxes = list(_BOX.finditer(quote))
    if {box.lastgroup for box in boxes} != {"ticked", "empty"}:
        return None
    ends = [0, *(box.end() for box in boxes)]
    starts = [*(box.start() for box in boxes), len(quote)]
    texts = [quote[a:b] for a, b in zip(ends, starts, strict=True)]
    if texts[-1].strip():
        labels = [_WORD.findall(text.strip().partition("\n")[0]) for text in texts[1:]]
    else:
        labels = [_WORD.findall(text.strip().rpartition("\n")[2]) for text in texts[:-1]]
    named = {
        box.lastgroup
        for box, label in zip(boxes, labels, strict=True)
        if len(label) <= len(words) + _LABEL and any(True for _ in _places(words, " ".join(label)))
    }
    return no("its box is not ticked") if named == {"empty"} else None


def after_not(value: str, quote: str) -> Support | None:
    """Leave a word open that stands in the quote behind a "not" that may be another word's."""
    befores = [quote[:start] for start in _places(_WORD.findall(value), quote)]
    nots = [_NOT_IN_CLAUSE.search(before) for before in befores]
    if not nots or None in nots:
        return None
    return unjudged(
        "its quote has a negation before it; whether it is meant is not for code to say"
    )


def turned(value: str, quote: str) -> Support | None:
    """Look for a negation or a modal verb that only one of two sentences has."""
    ours, theirs = critical_words(value, {"negation"}), critical_words(quote, {"negation"})
    if bool(ours) != bool(theirs):
        side = "value" if ours else "quote"
        return no(f"negation: only the {side} has {' '.join(ours or theirs)!r}")
    return _other_modal(value, quote)


def turned_phrase(value: str, quote: str) -> Support | None:
    """Compare a short phrase about a quantity: its bounds ("at least"), then what it may or not.

    "Not less than" is a bound and no negation; a phrase that says nothing of what may be done
    ("30 days") leaves open what the quote does.
    """
    ours, theirs = _bounds(value), _bounds(quote)
    for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
        if one in ours and one not in theirs and other in theirs and other not in ours:
            return no(f"comparison: the quote has {theirs[other]!r}")
    value, quote = without_bounds(value), without_bounds(quote)
    own, said = _negations(value), _negations(quote)
    if own and not said:
        return no(f"negation: only the value has {own[0]!r}")
    if said and not own and critical_words(value, {"modal verb"}):
        return no(f"negation: only the quote has {said[0]!r}")
    return _other_modal(value, quote)


def _other_modal(value: str, quote: str) -> Support | None:
    modals = set(critical_words(value, {"modal verb"}))
    said = set(critical_words(quote, {"modal verb"}))
    if modals and said and not modals & said:
        return no(f"modal verb: the quote has {' '.join(sorted(said))!r}")
    return None


def _places(words: list[str], quote: str) -> Iterator[int]:
    wanted = [word.casefold() for word in words]
    said = [*_WORD.finditer(quote)]
    forms = [word.group().casefold() for word in said]
    for at, form in enumerate(forms):
        if form == wanted[0] and forms[at : at + len(wanted)] == wanted:
            yield said[at].start()


def _bounds(text: str) -> dict[str, str]:
    return {str(match.lastgroup): match.group() for match in _BOUND.finditer(_spaced(text))}


def without_bounds(text: str) -> str:
    """Leave out of a phrase how it bounds a quantity ("at least"), in small letters."""
    return _BOUND.sub(" ", _spaced(text))


def _negations(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word in PLAIN_NEGATIONS]


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())
