"""Where a contract's text must not turn up: the messages of errors, and the logs of others.

At DEBUG the SDKs log what they send, and their transport what came back: a server that quotes the
contract, in a header, in its reason or in half of a broken line, would have it in the log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar

_ECHO = 20
"""Letters and figures in a row, four or five words, that don't stand in two texts by chance."""

_READ = 2_000
"""Characters of a message that are looked at: several times what is ever shown of one."""

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[nrt])")

_SDK_LOGGERS = ("_base_client", "_response", "_legacy_response")
_TRANSPORT_LOGGERS = (
    *("httpx2", "aiohttp.client", "aiohttp.internal"),
    *(f"httpcore2.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)

_TRACED = re.compile(r"(?P<event>\S+) (return_value=|exception=(?P<kind>\w+))")
"""How httpcore2 writes what came back: headers, or an exception with the line that it is about."""

_ours: ContextVar[bool] = ContextVar("_ours", default=False)


def without_echo(text: str, sources: Iterable[str]) -> str:
    """Cut out of a message what it repeats of some texts, however it is spaced or quoted.

    >>> without_echo("Bad: 'Ada  shall pay Eve 750 Euro' at 2", ["(1) Ada shall pay Eve 750 euro."])
    "Bad: '[...]' at 2"
    """
    known = " ".join("".join(filter(str.isalnum, source.casefold())) for source in sources)
    text = _ESCAPE.sub(" ", text[:_READ])
    folded = [(c, at) for at, char in enumerate(text) for c in char.casefold() if c.isalnum()]
    letters = "".join(c for c, _ in folded)
    cuts: list[tuple[int, int]] = []
    start = 0
    while start + _ECHO <= len(letters):
        if letters[start : start + _ECHO] not in known:
            start += 1
            continue
        end = start + _ECHO
        while end < len(letters) and letters[start : end + 1] in known:
            end += 1
        begins, ends = folded[start][1], folded[end - 1][1] + 1
        if cuts and begins - cuts[-1][1] < _ECHO:  # the same quotation, differently written
            begins = cuts.pop()[0]
        cuts.append((begins, ends))
        start = end
    for begins, ends in reversed(cuts):
        text = f"{text[:begins]}[...]{text[ends:]}"
    return text


def keep_bodies_out_of_log(sdk: str) -> None:
    """Let no log of an SDK and its transport show what is sent inside `unlogged_bodies`.

    That something is sent or received, how and with which status, is logged as ever; records of
    requests that the caller makes with the same SDK stay as they are.
    """
    for name in (*(f"{sdk}.{module}" for module in _SDK_LOGGERS), *_TRANSPORT_LOGGERS):
        logging.getLogger(name).addFilter(_WITHOUT_CONTRACTS)


@contextmanager
def unlogged_bodies() -> Generator[None]:
    """Mark what this thread or task sends meanwhile as ours."""
    token = _ours.set(True)
    try:
        yield
    finally:
        with suppress(ValueError):  # ended by the collector, in a context that it was never set in
            _ours.reset(token)


class _WithoutContracts(logging.Filter):
    """Leaves of a record what can't be a contract's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _ours.get():
            record.msg, record.args = _without_values(record), ()
            record.exc_info = record.exc_text = None
        return True


def _without_values(record: logging.LogRecord) -> str:
    given: object = record.args
    values = given if isinstance(given, tuple) else (given,)
    if any(isinstance(value, Mapping) for value in values):  # a request's options, or headers
        return "A request or its response (not shown: it holds a contract)"
    kind = record.exc_info[0] if record.exc_info else None
    raised = f" ({kind.__name__})" if kind else ""
    if traced := _TRACED.match(str(record.msg)):
        return f"{traced['event']} {traced['kind'] or '[...]'}{raised}"
    return (
        str(record.msg) % tuple(map(_word, values)) + raised if given else f"{record.msg}{raised}"
    )


def _word(value: object) -> object:
    """Return a number, or one word: a method, a URL, an id. A sentence is cut out."""
    return value if isinstance(value, int | float) or " " not in str(value) else "[...]"


_WITHOUT_CONTRACTS = _WithoutContracts()
