"""Names of parties and places, compared without legal forms, articles and punctuation."""

from __future__ import annotations

import re
import unicodedata

from extractor.grounding.folding import QUOTES
from extractor.grounding.verdict import YES, Support, no, unclear

_WORDS = 8
_FORMS = {
    "inc": "incorporated", "incorporated": "incorporated", "corp": "corporation",
    "corporation": "corporation", "co": "company", "company": "company", "ltd": "limited",
    "limited": "limited", "llc": "llc", "lp": "lp", "llp": "llp", "plc": "plc", "gmbh": "gmbh",
    "ag": "ag", "sa": "sa", "nv": "nv", "bv": "bv", "pty": "pty", "sarl": "sarl", "spa": "spa",
}  # fmt: skip
_SPELT_OUT = {
    "limited liability company": "llc",
    "limited partnership": "lp",
    "public limited company": "plc",
}
_FILLERS = "a an and the of by in state commonwealth province republic kingdom law laws"
_NO_WORDS = frozenset(_FILLERS.split())


def is_name(text: str) -> bool:
    """Whether a text is short and capitalised like a name."""
    words = [word for word in re.findall(r"[^\W_]+", text) if word.lower() not in _NO_WORDS]
    capitals = sum(word[0].isupper() or word[0].isdecimal() for word in words)
    return 0 < len(words) <= _WORDS and text[:1].isupper() and 2 * capitals >= len(words)


def name_support(name: str, quote: str) -> Support:
    """Compare a name's own words with those of the quote.

    The quote may add to the name or spell its legal form in another way ("Inc.", "Incorporated");
    a different form ("LLC", "Corporation") may be another company.
    """
    ours, theirs = _words(name), set(_words(quote))
    own = [word for word in ours if word not in _NO_WORDS and word not in _FORMS]
    if not own:
        return unclear("the value has no word of its own to look for")
    missing = [word for word in own if word not in theirs]
    if not missing:
        forms = {_FORMS[word] for word in ours if word in _FORMS}
        others = {_FORMS[word] for word in theirs if word in _FORMS}
        if others and not forms <= others:
            return unclear("the quote has another legal form")
        return YES
    if len(missing) < len(own) or _resembles(own, theirs):
        return unclear("the quote has only part of the name")
    return no("the quote does not contain it")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace(".", "")
    plain = re.sub(f"[{QUOTES}]", "", plain)
    for spelt, form in _SPELT_OUT.items():
        plain = plain.replace(spelt, form)
    return re.findall(r"[^\W_]+", plain)


def _resembles(own: list[str], theirs: set[str]) -> bool:
    """Whether the quote may name it in another form: an acronym, an adjective ("English law")."""
    initials = "".join(word[0] for word in own)
    stems = {word[:4] for word in own if len(word) >= 4}
    acronym = len(own) > 1 and initials in theirs
    return acronym or any(word[:4] in stems for word in theirs)
