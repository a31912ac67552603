"""The first words of what is sent and answered, for who has switched content logging on."""

from __future__ import annotations

import json
import logging
import re

from extractor.types import ModelRequest, ModelResponse

_log = logging.getLogger("extractor.content")

LENGTH = 200
"""Characters that are shown of a text."""

_REDACTED = re.compile(
    r"\bsk-[\w*.-]{6,}"  # keys
    r"|[\w.+-]+@[\w-]+(\.[\w-]+)+"  # addresses of people
    r"|\+?\d(?:[ ().-]?\d){6,}"  # telephone, account and card numbers
)


def log_request(call: str, request: ModelRequest) -> None:
    """Log one line at DEBUG for what is sent; `call` is the record's id."""
    _write(call, {m.role: preview(m.content) for m in request.messages})


def log_response(call: str, response: ModelResponse) -> None:
    """Log one line at DEBUG for what came back."""
    _write(call, {"reply": preview(response.text)})


def preview(text: str) -> str:
    """Shorten a text, and take out what looks like a key, an address or a number of somebody's.

    >>> preview("Write to ada@example.com or call +353 1 555 01 23.")
    'Write to [...] or call [...].'
    """
    shown = _REDACTED.sub("[...]", text[: 2 * LENGTH])
    return shown if len(shown) <= LENGTH else f"{shown[:LENGTH]}..."


def _write(call: str, texts: dict[str, str]) -> None:
    if _log.isEnabledFor(logging.DEBUG):
        _log.debug("%s", json.dumps({"id": call, **texts}))
