"""Where a contract's text must not turn up: the messages of errors, and the SDKs' own logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_ECHO = 20
"""Letters and figures in a row, four or five words, that don't stand in two texts by chance."""

_READ = 2_000
"""Characters of a message that are looked at: several times what is ever shown of one."""

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[nrt])")

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
    """Let an SDK's DEBUG log show none of the bodies that are sent inside `unlogged_bodies`.

    Its other records, and those of requests that the caller makes with the same SDK, stay.
    """
    logging.getLogger(f"{sdk}._base_client").addFilter(_WITHOUT_BODIES)


@contextmanager
def unlogged_bodies() -> Generator[None]:
    """Mark what this thread or task sends meanwhile as ours."""
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)


class _WithoutBodies(logging.Filter):
    """Replaces a record that carries a request's options, and so its body, by the note of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments: object = record.args
        carried = arguments if isinstance(arguments, tuple) else ()
        if _ours.get() and any(isinstance(value, Mapping) for value in (arguments, *carried)):
            record.msg, record.args = "A request (not shown: it holds a contract)", ()
        return True


_WITHOUT_BODIES = _WithoutBodies()
