"""Every fault by name: what the server does in its place, and what becomes of the call.

A fault is *transient* (the same call may succeed later), *permanent* (it never will), or an
*answer* that has to be repaired or asked for again. `errors` names the errors that it may end in
where nothing better follows, by their names in `extractor.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal, TypeAlias

from benchmarks.fault_server.acts import (
    Act,
    Acts,
    End,
    dripped,
    gzipped,
    head,
    response,
    spaces,
)
from benchmarks.fault_server.asked import Asked
from benchmarks.fault_server.replies import (
    Reply,
    body,
    cut_off,
    error_body,
    fenced,
    invalid,
    right,
)

Kind: TypeAlias = Literal["transient", "permanent", "answer"]
Acting: TypeAlias = Callable[[Asked, float], Acts]
"""From what is asked, and the seconds after which the server itself gives up, to what it does."""

HUGE = 20
"""Megabytes of a body that is too large to be a reply."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    errors: tuple[str, ...]
    acts: Acting
    reply: Callable[[Asked], Reply] | None = None
    """The reply that it bills, where there is one."""


def _status(
    status: int,
    kind: str,
    said: str,
    *,
    code: str | None = None,
    headers: Callable[[], Mapping[str, str]] = dict,
) -> Acting:
    def acts(asked: Asked, _patience: float) -> Acts:
        sent = error_body(asked.api, kind, said, code=code)
        return [response(status, sent, headers=headers())]

    return acts


def _limited(**headers: str) -> Acting:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _status(429, "rate_limit_error", "Rate limit reached", headers=lambda: named)


def _dated() -> dict[str, str]:
    """Ask for a second, as a date; the server's clock is an hour slow, and says so."""
    now = datetime.now(UTC) - timedelta(hours=1)
    return {
        "date": format_datetime(now, usegmt=True),
        "retry-after": format_datetime(now + timedelta(seconds=1), usegmt=True),
    }


def _rubbish(content: bytes, content_type: str = "application/json") -> Acting:
    return lambda _asked, _patience: [response(200, content, content_type=content_type)]


def _said(write: Callable[[Asked], Reply], content_type: str = "application/json") -> Acting:
    return lambda asked, _patience: [
        response(200, body(asked, write(asked)), content_type=content_type)
    ]


def _answering(kind: Kind, errors: tuple[str, ...], write: Callable[[Asked], Reply]) -> Fault:
    return Fault(kind, errors, _said(write), write)


def _part(cut: Callable[[bytes], int], *ends: Act) -> Acting:
    """Write a right answer up to a place, and then something else."""

    def acts(asked: Asked, _patience: float) -> Acts:
        whole = _right_response(asked)
        return [whole[: cut(whole)], *ends]

    return acts


def _right_response(asked: Asked) -> bytes:
    return response(200, body(asked, right(asked)))


def _in_headers(whole: bytes) -> int:
    return whole.index(b"\r\n\r\n") // 2


def _in_body(whole: bytes) -> int:
    start = whole.index(b"\r\n\r\n") + 4
    return start + (len(whole) - start) // 2


def _half_json(asked: Asked, _patience: float) -> Acts:
    whole = body(asked, right(asked))
    return [response(200, whole[: len(whole) // 2])]


def _context_window(asked: Asked, _patience: float) -> Acts:
    if asked.api == "anthropic":
        said = "prompt is too long: 1200000 tokens > 1000000 maximum"
        return [response(400, error_body(asked.api, "invalid_request_error", said))]
    said, code = "Your input exceeds the context window of this model.", "context_length_exceeded"
    return [response(400, error_body(asked.api, "invalid_request_error", said, code=code))]


def _no_money(asked: Asked, _patience: float) -> Acts:
    code = "enforced_spend_limit_reached" if asked.api == "anthropic" else "insufficient_quota"
    kind = "rate_limit_error" if asked.api == "anthropic" else "insufficient_quota"
    sent = error_body(asked.api, kind, "You have reached your spend limit.", code=code)
    return [response(429, sent, headers={"retry-after": "0.01"})]


def _slow_headers(asked: Asked, patience: float) -> Acts:
    return dripped(_right_response(asked), patience)


def _slow_body(asked: Asked, patience: float) -> Acts:
    content = body(asked, right(asked))
    return [head(200, len(content)), *dripped(content, patience)]


def _redirect(_asked: Asked, _patience: float) -> Acts:
    return [response(307, b"", headers={"location": "/elsewhere"})]


_BOMB = gzipped(spaces(HUGE))
_LIMITED = ("RateLimitError",)
_OVERLOADED = ("OverloadedError",)
_SERVER = ("ServerError",)
_BROKEN = ("APIConnectionError", "APITimeoutError")
_INVALID = ("InvalidResponseError",)
_UNFIT = ("ExtractionError", "TruncatedError")
_SLOW = ("APITimeoutError", "APIConnectionError", "DeadlineError")

FAULTS: Mapping[str, Fault] = {
    # A 429, with every way of saying how long to wait
    "429": Fault("transient", _LIMITED, _limited()),
    "429 seconds": Fault("transient", _LIMITED, _limited(retry_after="0.05")),
    "429 date": Fault(
        "transient",
        _LIMITED,
        _status(429, "rate_limit_error", "Rate limit reached", headers=_dated),
    ),
    "429 milliseconds": Fault(
        "transient", _LIMITED, _limited(retry_after_ms="30", retry_after="9")
    ),
    "429 nan": Fault("transient", _LIMITED, _limited(retry_after="nan")),
    "429 inf": Fault("transient", _LIMITED, _limited(retry_after="inf")),
    "429 negative": Fault("transient", _LIMITED, _limited(retry_after="-5")),
    "429 a day": Fault("permanent", _LIMITED, _limited(retry_after="86400")),
    # The provider's own trouble
    "529": Fault("transient", _OVERLOADED, _status(529, "overloaded_error", "Overloaded")),
    "503": Fault("transient", _OVERLOADED, _status(503, "api_error", "Service unavailable")),
    "500": Fault("transient", _SERVER, _status(500, "api_error", "Internal server error")),
    "504": Fault("transient", _SERVER, _status(504, "timeout_error", "Gateway timeout")),
    "408": Fault("transient", _SERVER, _status(408, "timeout_error", "Request timeout")),
    "409": Fault("transient", _SERVER, _status(409, "conflict_error", "Conflict")),
    # What no waiting cures
    "no money": Fault("permanent", ("QuotaExhaustedError",), _no_money),
    "401": Fault(
        "permanent",
        ("AuthenticationError",),
        _status(401, "authentication_error", "Invalid API key"),
    ),
    "403": Fault(
        "permanent", ("PermissionDeniedError",), _status(403, "permission_error", "Not allowed")
    ),
    "404": Fault("permanent", ("NotFoundError",), _status(404, "not_found_error", "No such model")),
    "400": Fault(
        "permanent", ("BadRequestError",), _status(400, "invalid_request_error", "Bad request")
    ),
    "context window": Fault("permanent", ("ContextWindowError",), _context_window),
    "redirect": Fault("permanent", ("NotFoundError",), _redirect),
    # The line
    "reset before headers": Fault("transient", _BROKEN, lambda _a, _p: [End.RESET]),
    "closed before headers": Fault("transient", _BROKEN, lambda _a, _p: [End.CLOSE]),
    "reset in headers": Fault("transient", _BROKEN, _part(_in_headers, End.RESET)),
    "reset in body": Fault("transient", _BROKEN, _part(_in_body, End.RESET)),
    "closed in body": Fault("transient", _BROKEN, _part(_in_body, End.CLOSE)),
    "slow headers": Fault("transient", _SLOW, _slow_headers),
    "slow body": Fault("transient", _SLOW, _slow_body),
    "never answers": Fault("transient", _SLOW, lambda _a, patience: [patience, End.RESET]),
    # A 200 that is no reply
    "half JSON": Fault("transient", _INVALID, _half_json),
    "empty object": Fault("transient", _INVALID, _rubbish(b"{}")),
    "error in a 200": Fault("transient", _INVALID, _rubbish(b'{"error": {"message": "oops"}}')),
    "HTML": Fault("transient", _INVALID, _rubbish(b"<html>Sorry</html>", "text/html")),
    "empty body": Fault("transient", _INVALID, _rubbish(b"")),
    "array": Fault("transient", _INVALID, _rubbish(b"[1, 2]")),
    "gzip rubbish": Fault(
        "transient",
        (*_INVALID, *_BROKEN),
        lambda _a, _p: [response(200, b"no gzip at all", headers={"content-encoding": "gzip"})],
    ),
    "gzip bomb": Fault("transient", _INVALID, lambda _a, _p: [_BOMB]),
    "huge body": Fault("transient", _INVALID, lambda _a, _p: [response(200, spaces(HUGE))]),
    # A reply that is not the answer, or not in one piece
    "wrong content type": Fault("answer", (), _said(right, "text/plain"), right),
    "cut off": _answering("answer", _UNFIT, cut_off),
    "invalid values": _answering("answer", _UNFIT, invalid),
    "fenced": _answering("answer", (), fenced),
    "empty content": _answering("answer", _UNFIT, lambda _a: Reply("")),
    "refusal": _answering(
        "permanent", ("RefusalError",), lambda _a: Reply("", refusal="I can't help with that.")
    ),
    "content filter": _answering(
        "permanent", ("RefusalError",), lambda _a: Reply("", "content_filter")
    ),
}
