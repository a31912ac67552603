"""Whether the tokens that a provider tells can be true: limits, totals and prices are reckoned
with them, for everybody who shares these.
"""

from __future__ import annotations

import logging

from extractor.types import Usage

_log = logging.getLogger("extractor.calls")

_MOST_TOKENS = 1_000_000_000
"""More than any request can take; a count beyond is a fault of whoever tells it."""


def credible(usage: Usage | None, call: str) -> Usage | None:
    """Return what a provider tells of a call's tokens, and None, with a warning, if it can't be."""
    if usage is None or is_credible(usage):
        return usage
    _log.warning("Call %s: the tokens that the provider told can't be true; unknown", call)
    return None


def is_credible(usage: Usage) -> bool:
    """Say whether tokens can be what one request took: whole numbers, none of them absurd."""
    counts = (getattr(usage, name, None) for name in Usage.__dataclass_fields__)
    are_counts = all(isinstance(count, int) and 0 <= count <= _MOST_TOKENS for count in counts)
    return are_counts and adds_up(usage)


def adds_up(usage: Usage) -> bool:
    """Say whether no part of some usage is more than the whole of it, or less than nothing."""
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    return min(usage.output_tokens, read, written, usage.input_tokens - read - written) >= 0
