"""Characters without a shape of their own, in which a text can hide what its readers don't see.

A single zero-width space or direction mark is part of ordinary text; runs of them carry messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.documents.document import Hidden

INVISIBLE = (
    r"(?P<unicode_tags>[\U000e0000-\U000e007f]+)"
    r"|(?P<bidi_controls>[\u202a-\u202e\u2066-\u2069]+)"
    r"|(?P<zero_width>[\u200b-\u200f\u2060-\u2064\ufeff]{3,})"
)
"""A pattern whose groups are named as the reasons of `Hidden`."""

REASONS = frozenset(("unicode_tags", "bidi_controls", "zero_width"))
_INVISIBLE = re.compile(INVISIBLE)


def invisible_in(text: str, page: int | None = None) -> list[Hidden]:
    r"""Return the invisible marks of a text.

    >>> [piece.reason for piece in invisible_in("a\u202eb\u200bc")]
    ['bidi_controls']
    """
    if text.isascii():
        return []
    return [Hidden(found[0], found.lastgroup or "", page) for found in _INVISIBLE.finditer(text)]


def without_invisible(text: str) -> str:
    """Return a text without its invisible marks."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def hidden_warning(hidden: Sequence[Hidden], *, taken: bool) -> tuple[str, ...]:
    """Tell that there is hidden text, how much, how it is hidden, and whether it was taken."""
    if not hidden:
        return ()
    reasons = ", ".join(sorted({piece.reason for piece in hidden}))
    fate = "taken into the text" if taken else "left out"
    number = "1 passage" if len(hidden) == 1 else f"{len(hidden)} passages"
    return (f"Hidden text was {fate}: {number} ({reasons})",)
