"""Names of parties: the name itself, its legal form, and the other names beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.normalizers.folding import folded_words
from extractor.normalizers.legal_forms import LEGAL_FORMS, with_short_forms
from extractor.normalizers.places import place_key, places


@dataclass(frozen=True, slots=True)
class PartyReading:
    """One party's name, without what stands beside it.

    `aliases` are its defined terms, trade names and former names, in the order of the text.
    `legal_form` is one word for all spellings of a form ("incorporated" for "Inc."), None where the
    name ends in none: a person, or a company that is not given in full. `stem` has the words that
    tell one company from another, to compare names by.
    """

    raw: str
    name: str
    aliases: tuple[str, ...]
    legal_form: str | None
    stem: str


_QUOTED = re.compile(
    '["\u201c\u201d](?P<double>[^"\u201c\u201d]+)["\u201c\u201d]'
    r"|(?<!\w)['\u2018](?P<single>(?:[^'\u2018\u2019]|['\u2019](?=\w))+)['\u2019](?!\w)"
)
_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)")
_AT_END = re.compile(r"\s\([^()]*\)\Z")
_TERM = re.compile(
    r"(?:the|an?|each|both|all|collectively|together|jointly|hereinafter|hereafter|formerly|now"
    r"|previously|also|party|company)(?![^\s,:])",
    re.IGNORECASE,
)
_OTHER_NAME = re.compile(
    r",?\s+(?:[dfa]\s?[/.]\s?[bk]\s?[/.]\s?a\.?|[dfa][bk]a|t/a|trading\s+as|doing\s+business\s+as"
    r"|(?:formerly|also)\s+known\s+as)\s+",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r",\s(?:an?|one)\s(?=[\w ,.-]{0,80}\b(?:corporation|company|partnership|firm|trust|bank"
    r"|individual|person|resident|citizen|association|entity|subsidiary|business)\b)"
    r"|,?\s(?:with (?:its |an? |the )?(?:principal|registered|head|main|offices?|address|place)"
    r"|having (?:its|an?) |(?:located|residing) (?:at|in) |organi[sz]ed (?:under|and) "
    r"|incorporated (?:in|under) |duly |whose |acting (?:by|through) |existing under "
    r"|registered (?:in|under|at|office))"
)
"""What follows a name, told by its small letters: ", a Delaware corporation", " located at"."""

_BESIDE_BRACKET = 40  # characters on each side of a bracket that tell whether a name goes on
_SMALL = frozenset(["and", "of", "the"])


def read_party(text: str) -> PartyReading | None:
    """Read a party's name; None for a text that has no word of a name.

    What stands beside it (", a Delaware corporation", ", with offices at ...") is no part of it,
    nor is a bracket, unless the name goes on behind it or it has a place: "Acme (UK) Limited".

    >>> reading = read_party('Acme Widgets, Inc. d/b/a WidgetCo ("Supplier")')
    >>> reading.name, reading.aliases, reading.legal_form, reading.stem
    ('Acme Widgets, Inc.', ('WidgetCo', 'Supplier'), 'incorporated', 'acme widgets')
    """
    aliases: list[str] = []
    plain = " ".join(text.split())
    for inner in _PARENTHESIS.findall(plain):
        aliases += (quoted["double"] or quoted["single"] for quoted in _QUOTED.finditer(inner))
    bare = _PARENTHESIS.sub(lambda found: found.group() if _is_of_name(found) else "", plain)
    first, *others = _OTHER_NAME.split(bare)
    first = _BESIDE.split(first, maxsplit=1)[0] or first
    aliases = [other.strip(" ,") for other in others] + aliases
    name = " ".join(first.split()).strip(" ,;")
    stem, form = _divided(name)
    if not stem:
        return None
    return PartyReading(text, name, tuple(dict.fromkeys(filter(None, aliases))), form, stem)


def same_party(one: str, other: str) -> bool:
    """Whether two names can name one party: the same stem, and no two different legal forms.

    >>> same_party("ACME Widgets Inc", "Acme Widgets, Incorporated")
    True
    >>> same_party("Acme Capital LP", "Acme Capital Corporation")
    False
    >>> same_party("Acme (UK) Limited", "Acme (USA) Limited")
    False
    """
    ours, theirs = read_party(one), read_party(other)
    if ours is None or theirs is None or ours.stem != theirs.stem:
        return False
    return None in (ours.legal_form, theirs.legal_form) or ours.legal_form == theirs.legal_form


def _is_of_name(bracket: re.Match[str]) -> bool:
    """Whether a bracket is a part of the name around it and no defined term, number or remark."""
    inner, text = bracket[1].strip(), bracket.string
    if not inner[:1].isupper() or _QUOTED.search(inner):
        return False
    before = _words(text[max(0, bracket.start() - _BESIDE_BRACKET) : bracket.start()])
    behind = text[bracket.end() : bracket.end() + _BESIDE_BRACKET]
    goes_on = _is_form(_words(behind)[:1]) or (
        behind[1:2].isupper() and not _OTHER_NAME.match(behind) and not _is_form(before[-1:])
    )
    return (goes_on and not _TERM.match(inner)) or place_key(inner) in places()


def _is_form(words: Sequence[str]) -> bool:
    return any(word in LEGAL_FORMS for word in words)


def _divided(name: str) -> tuple[str, str | None]:
    """Divide a name into its stem and its last legal form ("Co., Ltd." is limited).

    A place in brackets behind the form belongs to the stem.
    """
    place = _AT_END.search(name)
    words = _words(name[: place.start()] if place else name)
    form: str | None = None
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        form = form or LEGAL_FORMS[words[-1]]
        words.pop()
    if place and words:
        words += _words(place.group())
    return " ".join(words), form


def _words(text: str) -> list[str]:
    return [word for word in folded_words(with_short_forms(text)) if word not in _SMALL]
