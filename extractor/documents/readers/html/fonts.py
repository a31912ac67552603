"""Text in fonts of symbols, whose signs stand at the places of letters."""

from __future__ import annotations

import re

from extractor.documents.readers.symbols import UNKNOWN, symbol

_OTHER_NAMES = {"symbolmt": "symbol", "symbol mt": "symbol", "symbolps": "symbol"}
_FONTS = ("symbol", "wingdings")
_WORD = re.compile(r"[A-Za-z]{3}")


def first_family(families: str) -> str:
    """Return the first font of a list of them, as `shown_in` knows it.

    >>> first_family("'Wingdings 2', Arial"), first_family("SymbolMT")
    ('wingdings 2', 'symbol')
    """
    name = families.partition(",")[0].strip(" \t\r\n\"'").lower()
    return _OTHER_NAMES.get(name, name)


def shown_in(font: str, text: str) -> str:
    """Return the signs that a font shows for a text; words are meant as such in any font.

    >>> shown_in("symbol", "£ 3.50"), shown_in("symbol", "Fee"), shown_in("arial", "£ 3")
    ('≤ 3.50', 'Fee', '£ 3')
    """
    if not font.startswith(_FONTS) or _WORD.search(text):
        return text
    return "".join(_sign(font, char) for char in text)


def _sign(font: str, char: str) -> str:
    """Return a font's sign; what Windows has at a place is meant as that place."""
    place = char.encode("cp1252", "ignore") if ord(char) > 0xFF else b""
    sign = symbol(place[0] if place else ord(char), font)
    return char if sign == UNKNOWN else sign
