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


def _unquoted(text: str) -> str | None:
    closing = _PAIRS.get(text[:1])
    if closing is None or len(text) < 3 or text[-1] not in closing:
        return None
    inner = text[1:-1]
    is_pair = inner.strip() and not any(mark in inner for mark in (text[0], *closing))
    return inner if is_pair else None
