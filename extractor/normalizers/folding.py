"""A text reduced to what counts when two wordings of the same thing are compared."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_INITIAL_DOT = re.compile(r"(?<=\b[^\W\d_])\.")


def folded_words(text: str) -> list[str]:
    """List a text's words without capitals, accents, apostrophes and the dots of initials.

    >>> folded_words("The L'Or\u00e9al Group, S.A. & Co.")
    ['the', 'loreal', 'group', 'sa', 'and', 'co']
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).replace("&", " and ")
    plain = _INITIAL_DOT.sub("", _APOSTROPHES.sub("", plain))
    return _WORD.findall(plain.casefold())


def fold_text(text: str) -> str:
    """Return a text's folded words with single spaces between.

    >>> fold_text("NON-DISCLOSURE  Agreement")
    'non disclosure agreement'
    """
    return " ".join(folded_words(text))
