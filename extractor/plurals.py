"""Numbers of things, as messages have them."""

from __future__ import annotations


def counted(number: int, what: str, many: str | None = None) -> str:
    """Write a number of things, or what is said of so many.

    >>> counted(1, "file"), counted(2_000, "file"), counted(2, "copy", "copies")
    ('1 file', '2,000 files', '2 copies')
    """
    return f"{number:,} {what if number == 1 else many or what + 's'}"
