"""Web and mail addresses: another one is another address, however much of it is alike."""

from __future__ import annotations

import re
from itertools import pairwise

from extractor.grounding.verdict import YES, Support, no

_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+|(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]+", re.IGNORECASE
)
_AROUND = re.compile(r"^(?:https?://|[a-z-]{1,20}:(?!//))?(?:www\.)?|[/.:!?]+$")
"""What is written or left out of the same address, and what stands around it."""
_APART = re.compile(r"[\s<>()\[\]{},;\"'\u2018-\u201d|]+")
_LONGEST = 500


def is_address(value: str) -> bool:
    """Whether a text is one URL or e-mail address and nothing else.

    >>> is_address("legal@acme.example"), is_address("see legal@acme.example")
    (True, False)
    """
    return len(value) <= _LONGEST and _ADDRESS.fullmatch(value) is not None


def address_support(value: str, quote: str) -> Support:
    """Look for an address in a quote, which may break it at the end of a line."""
    wanted = _AROUND.sub("", value.casefold())
    parts = _APART.split(quote.casefold())
    said = (*parts, *(one + other for one, other in pairwise(parts)))
    is_said = any(_AROUND.sub("", part) == wanted for part in said)
    return YES if is_said else no("the quote does not have this address")
