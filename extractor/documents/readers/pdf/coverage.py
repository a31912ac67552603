"""Whether a page's text can be trusted, and whether it is all that the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.documents.document import Rect
from extractor.documents.readers.pdf.objects import Drawn

_UNDECODED = 0.05
_STRANGE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ufffe\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_SOUP_WORDS = 10
_SOUP = 0.25
_WORD = re.compile(r"\b[A-Za-z]{3,}\b")
_DUMB = re.compile(r"\b[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{3,}\b")
_PICTURE = 0.5
_FEW_CHARS = 200


def distrust(text: str) -> str | None:
    """Say why a text can't be what its page shows; None if it can.

    A font without a table of its characters gives replacement marks, private codes, or the glyphs'
    numbers as if they were letters ("WKH" for "the"): then a quarter of the words have no vowel.
    """
    strange = len(_STRANGE.findall(text))
    if strange and strange > _UNDECODED * sum(map(len, text.split())):
        return "its characters could not be decoded"
    if " the " in text:
        return None
    dumb = len(_DUMB.findall(text))
    if dumb >= _SOUP_WORDS and dumb > _SOUP * len(_WORD.findall(text)):
        return "its font does not say which characters it shows"
    return None


def is_picture(page: Rect, pictures: Iterable[Drawn], text: str) -> bool:
    """Say whether a page is a picture with little text, such as a stamp, beside it."""
    if len(text) > _FEW_CHARS:
        return False
    area = (page.right - page.left) * (page.top - page.bottom)
    return any(_overlap(page, item) > _PICTURE * area for item in pictures)


def _overlap(page: Rect, item: Drawn) -> float:
    across = min(page.right, item.right) - max(page.left, item.left)
    along = min(page.top, item.top) - max(page.bottom, item.bottom)
    return max(0.0, across) * max(0.0, along)
