"""What models put around a text that is a value, or write its characters as."""

from __future__ import annotations

import re

from extractor.normalizers import without_entities
from extractor.types import Repair

_MARKED = re.compile(
    r"(?P<mark>\*\*|__|`)(?P<text>(?!\s)(?:(?!(?P=mark)).)+(?<!\s))(?P=mark)", re.DOTALL
)
"""A text that a model has set in bold or as code."""
_PAIRS = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u201e": "\u201c\u201d"}
"""The marks that open a quotation, each with those that close it."""

_TERM = re.compile(
    r"\s?\((?:(?:the|this|such|an?|each|hereinafter|collectively|together)[ ,]+){0,3}"
    r"[\"\u201c'][^()\"\u201c\u201d]{1,60}[\"\u201d']\)[ .]*\Z",
    re.IGNORECASE,
)
"""The term that a contract defines behind what it stands for."""


def undressed(text: str) -> tuple[str, Repair | None]:
    r"""Take off a text the marks of bold or code, or quotation marks, and undo HTML's entities.

    Quotation marks go if they are one pair around all of it.

    >>> undressed("Smith &amp; Co")[0], undressed('"Delaware"')[0], undressed('"A" and "B"')[0]
    ('Smith & Co', 'Delaware', '"A" and "B"')
    """
    plain = without_entities(text)
    repair = Repair("html_entity", detail=text) if plain != text else None
    if marked := _MARKED.fullmatch(plain.strip()):
        return marked["text"], repair or Repair("markup", detail=marked["mark"])
    if (inner := _unquoted(plain.strip())) is not None:
        return inner, repair or Repair("quotation_marks", detail=text)
    return plain, repair


def without_term(text: str) -> tuple[str, Repair | None]:
    """Take off a date or an amount what the contract calls it from there on.

    >>> without_term('$5,000 (the "Fee")')[0], without_term("5,000 (five thousand)")[0]
    ('$5,000', '5,000 (five thousand)')
    """
    found = _TERM.search(text) if text.rstrip(" .").endswith(")") else None
    if found is None or not text[: found.start()].strip():
        return text, None
    return text[: found.start()].rstrip(), Repair("defined_term", detail=text)


def _unquoted(text: str) -> str | None:
    closing = _PAIRS.get(text[:1])
    if closing is None or len(text) < 3 or text[-1] not in closing:
        return None
    inner = text[1:-1]
    is_pair = inner.strip() and not any(mark in inner for mark in (text[0], *closing))
    return inner if is_pair else None
