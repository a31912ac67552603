"""How a run goes, on stderr: a line that is renewed, or where there is no terminal one in 10 s."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from extractor.calls.records import MICRO
from extractor.cli.terminal import ProgressLine, safe
from extractor.runs.documents import FileOutcome
from extractor.runs.reader import RunReader
from extractor.runs.running import Runner

_WINDOW = 120.0
"""Seconds of which the rate is told: long enough for slow documents, short enough to be true."""

_STALLED = 120.0
"""Seconds after which a document that is worked on is named."""

_TOLD = 20.0
"""Seconds for which the reason of a wait is worth showing."""


class RunProgress:
    """What there is to say of a run while it goes on.

    Args:
        limit: US dollars that the run may cost; None for no limit.
        name: what the run is called, where it is one of several.
    """

    def __init__(self, *, limit: Decimal | None = None, name: str = "") -> None:
        self._limit = limit
        self._name = f"{name}: " if name else ""
        self._line = ProgressLine()
        self._ended: deque[float] = deque()
        self._why = ("", 0.0)
        self._began = time.monotonic()

    def waits(self, why: str) -> None:
        """Note why something waits, or what is being done."""
        if not why.startswith("Asking"):
            self._why = safe(why), time.monotonic()

    def note(self, outcome: FileOutcome) -> None:
        """Note that a file is done; a failure is told at once."""
        self._ended.append(time.monotonic())
        if outcome.error is not None:
            self._say(f"{safe(outcome.path)}: {safe(outcome.error.message)}")

    @contextmanager
    def shown(self, runner: Runner[Any], reader: RunReader) -> Generator[None]:
        """Show how far it is while this is entered."""
        task = asyncio.ensure_future(self._show_on(runner, reader))
        try:
            yield
        finally:
            task.cancel()
            self._line.clear()

    async def _show_on(self, runner: Runner[Any], reader: RunReader) -> None:
        while True:
            self._line.show(self._told(runner, reader))
            await asyncio.sleep(1 if self._line.is_terminal else 10)

    def _told(self, runner: Runner[Any], reader: RunReader) -> str:
        now = time.monotonic()
        counts = reader.counts().files
        done, failed, total = counts.get("done", 0), counts.get("failed", 0), sum(counts.values())
        spent = reader.spent()
        parts = [f"{self._name}{done + failed:,} of {total:,} files"]
        parts += [f"{failed:,} failed"] if failed else []
        if spent.cost or spent.set_aside:
            of = "" if self._limit is None else f" of ${self._limit:,.2f}"
            parts.append(f"${spent.cost / MICRO:,.4f}{of} spent")
        rate = self._rate(now)
        if rate:
            left = (total - done - failed) / rate
            parts.append(f"{rate * 60:,.1f} a minute, about {_time(left)} left")
        under_way = runner.under_way
        stalled = next(iter(under_way.items()), None)
        if stalled is not None and stalled[1] > _STALLED:
            parts.append(f"{safe(stalled[0])} takes {_time(stalled[1])} by now")
        why, since = self._why
        if why and now - since < _TOLD:
            parts.append(why)
        return "; ".join(parts)

    def _rate(self, now: float) -> float:
        """Return how many files are done in a second, of late."""
        while self._ended and now - self._ended[0] > _WINDOW:
            self._ended.popleft()
        return len(self._ended) / max(1.0, min(_WINDOW, now - self._began))

    def _say(self, text: str) -> None:
        """Write a line that stays."""
        self._line.clear()
        print(text, file=sys.stderr, flush=True)


def _time(seconds: float) -> str:
    """Write a time as people say it.

    >>> _time(59), _time(3_000), _time(90_000)
    ('59 s', '50 min', '25.0 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
