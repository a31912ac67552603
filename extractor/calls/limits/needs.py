"""What a request takes of its limits, by kind of limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from extractor.calls.base import Need
from extractor.types import LimitKind, Usage

Amounts: TypeAlias = Mapping[LimitKind, int]

NOTHING: Amounts = {"requests": 0, "tokens": 0, "input_tokens": 0, "output_tokens": 0}

WORDS: Mapping[LimitKind, str] = {
    "requests": "requests",
    "tokens": "tokens",
    "input_tokens": "input tokens",
    "output_tokens": "output tokens",
}

_UNCOUNTED_CACHE_READS = frozenset({"anthropic"})
"""Whose limits on input tokens pass over cached reads: Anthropic's do, for all models but some
retired ones (its documentation of rate limits, "cache-aware ITPM"); OpenAI counts every token."""


def amounts_of(need: Need) -> Amounts:
    """Return one request's part of each limit."""
    return {
        "requests": 1,
        "tokens": need.tokens,
        "input_tokens": need.input_tokens,
        "output_tokens": need.output_tokens,
    }


def need_of(usage: Usage, provider: str) -> Need:
    """Return what a provider counts of a usage towards its limits, to settle a ticket with.

    The limiter takes a `Need` at its word: cached reads are taken off here, and nowhere else.
    """
    uncounted = usage.cache_read_input_tokens if provider in _UNCOUNTED_CACHE_READS else 0
    return Need(max(0, usage.input_tokens - uncounted), usage.output_tokens)
