"""What a response's headers say of a provider's rate limits, for OpenAI's and Anthropic's families.

OpenAI writes `x-ratelimit-{limit,remaining,reset}-{kind}`, with resets as durations (`8.64s`,
`6m0s`, `120ms`); Anthropic `anthropic-ratelimit-{kind}-{limit,remaining,reset}`, with resets as RFC
3339 times. Both say by `reset` when the whole limit is available again. Servers that are compatible
with either send the same names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import cast

from extractor.types import LimitKind, RateLimitStatus

_NAME = re.compile(
    r"x-ratelimit-(?P<fact>limit|remaining|reset)-(?P<kind>requests|(?:input-|output-)?tokens)"
    r"|anthropic-ratelimit-(?P<kind2>requests|(?:input-|output-)?tokens)"
    r"-(?P<fact2>limit|remaining|reset)"
)
_KINDS: tuple[LimitKind, ...] = ("requests", "tokens", "input_tokens", "output_tokens")
_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|d|h|m|s))+")
_PART = re.compile(r"([0-9.]+)(ms|[dhms])")
_SECONDS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}

_LONGEST_RESET = 2 * 86_400.0
"""Seconds; no published limit counts over more than a day."""
_LARGEST = 10**12
"""No limit is as large; a number beyond it is a mistake."""
_SKEW = 2.0
"""Seconds by which a reset in whole seconds may lie in the past, and mean now."""


def rate_limits(headers: Mapping[str, str], now: float) -> tuple[RateLimitStatus, ...]:
    """Read what is left of each limit; empty where nothing usable is said.

    A limit without a usable `limit` and `remaining` is left out, an unusable `reset` is None.

    Args:
        headers: of a response, failed ones included.
        now: seconds since 1970; times are measured from it where the response has no `Date`.
    """
    said: dict[LimitKind, dict[str, str]] = {}
    for name in headers:
        if "ratelimit" in name.lower() and (found := _NAME.fullmatch(name.lower())):
            kind = cast("LimitKind", (found["kind"] or found["kind2"]).replace("-", "_"))
            said.setdefault(kind, {})[found["fact"] or found["fact2"]] = headers[name].strip()
    if not said:
        return ()
    sent_at = _date(headers.get("date") or headers.get("Date"))
    statuses = (
        _status(kind, said[kind], now if sent_at is None else sent_at)
        for kind in _KINDS
        if kind in said
    )
    return tuple(status for status in statuses if status is not None)


def _status(kind: LimitKind, said: Mapping[str, str], sent_at: float) -> RateLimitStatus | None:
    limit, remaining = _count(said.get("limit")), _count(said.get("remaining"))
    if not limit or remaining is None:
        return None
    reset, coarse = _reset(said.get("reset", ""), sent_at)
    return RateLimitStatus(kind, limit, remaining, reset, coarse)


def _count(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > len(str(_LARGEST)):
        return None
    number = int(text)
    return number if number <= _LARGEST else None


def _reset(text: str, sent_at: float) -> tuple[float | None, bool]:
    """Return the seconds until a reset, and whether they were given in whole ones."""
    if _DURATION.fullmatch(text):
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
        coarse = "." not in text and "ms" not in text
    else:
        time = _time(text)
        if time is None:
            return None, False
        seconds, coarse = time - sent_at, time.is_integer()
        if -_SKEW <= seconds < 0:
            seconds = 0.0
    return (seconds, coarse) if 0 <= seconds <= _LONGEST_RESET else (None, False)


def _time(text: str) -> float | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.timestamp() if time.tzinfo else None


def _date(text: str | None) -> float | None:
    """Read an HTTP date; one that can't be read is as good as none."""
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None
