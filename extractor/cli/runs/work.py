"""Work on a run until nothing is left of it or somebody interrupts, with its progress on stderr."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from extractor.cli.runs.interrupts import Interrupts
from extractor.cli.runs.progress import RunProgress
from extractor.runs.reader import RunReader
from extractor.runs.running import Runner


async def work(runner: Runner[Any], said: RunProgress, reader: RunReader) -> bool:
    """Work until nothing is left; say whether somebody interrupted."""
    with Interrupts(runner.stop) as interrupts, said.shown(runner, reader):
        try:
            async with aclosing(runner.outcomes()) as outcomes:
                async for outcome in outcomes:
                    said.note(outcome)
        except asyncio.CancelledError:
            if not interrupts.any:
                raise
    return interrupts.any
