"""Names of parties: the name itself, its legal form, and the other names beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.normalizers.folding import folded_words
from extractor.normalizers.legal_forms import LEGAL_FORMS, with_short_forms


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


_QUOTED = re.compile('["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]')
_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)")
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

_SMALL = frozenset(["and", "of", "the"])


def read_party(text: str) -> PartyReading | None:
    """Read a party's name; None for a text that has no word of a name.

    What stands beside it (", a Delaware corporation", ", with offices at ...") is no part of it.

    >>> reading = read_party('Acme Widgets, Inc. d/b/a WidgetCo ("Supplier")')
    >>> reading.name, reading.aliases, reading.legal_form, reading.stem
    ('Acme Widgets, Inc.', ('WidgetCo', 'Supplier'), 'incorporated', 'acme widgets')
    """
    aliases: list[str] = []
    plain = " ".join(text.split())
    for inner in _PARENTHESIS.findall(plain):
        aliases += _QUOTED.findall(inner)
    first, *others = _OTHER_NAME.split(_PARENTHESIS.sub("", plain))
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
    """
    ours, theirs = read_party(one), read_party(other)
    if ours is None or theirs is None or ours.stem != theirs.stem:
        return False
    return None in (ours.legal_form, theirs.legal_form) or ours.legal_form == theirs.legal_form


def _divided(name: str) -> tuple[str, str | None]:
    """Divide a name into its stem and its last legal form ("Co., Ltd." is limited)."""
    words = [word for word in folded_words(with_short_forms(name)) if word not in _SMALL]
    form: str | None = None
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        form = form or LEGAL_FORMS[words[-1]]
        words.pop()
    return " ".join(words), form
