"""Several ways to one result at once: the first that succeeds wins, the others are cancelled."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

R = TypeVar("R")

_BEGIN = 5.0
"""Seconds in which a thread that was started has begun; one that was not, never does."""


async def first_success(
    runs: Sequence[Coroutine[Any, Any, R]],
) -> tuple[int, R, dict[int, Exception]]:
    """Run coroutines side by side until one returns, and cancel the rest.

    What one is cancelled in is closed before this returns: a POST's connection too.

    Returns:
        Which one it was, what it returned, and how those failed that had ended before.

    Raises:
        ExceptionGroup: all of them failed; its exceptions stand in the order of `runs`.
    """
    tasks = [asyncio.ensure_future(run) for run in runs]
    failures: dict[int, Exception] = {}
    try:
        pending: set[asyncio.Future[R]] = set(tasks)
        while pending:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for number, task in enumerate(tasks):
                if not task.done() or number in failures:
                    continue
                error = task.exception()
                if error is None:
                    return number, task.result(), failures
                if not isinstance(error, Exception):
                    raise error
                failures[number] = error
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    raise ExceptionGroup("Nobody succeeded", [failures[n] for n in range(len(tasks))])


def run_apart(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end in a thread of its own, also where an event loop runs here.

    An interrupt (Ctrl-C) cancels it, and is raised again when it has come to rest.
    """
    results: list[R] = []
    failures: list[BaseException] = []
    tasks: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[R]]] = []
    started, done = threading.Event(), threading.Event()

    async def main() -> R:
        task = asyncio.ensure_future(work)
        tasks.append((asyncio.get_running_loop(), task))
        started.set()
        return await task

    def run() -> None:
        try:
            results.append(asyncio.run(main()))
        except BaseException as error:  # it is raised again where it is waited for
            failures.append(error)
        finally:
            started.set()
            done.set()

    context = contextvars.copy_context()  # spans of the caller are the parents of those in there
    thread = threading.Thread(target=context.run, args=(run,), name="extractor-race")
    try:
        thread.start()  # an interrupt may come in here, too
        done.wait()  # a join that is interrupted takes the thread for ended
    except BaseException:
        started.wait(_BEGIN)
        for loop, task in tasks:
            with suppress(RuntimeError):  # the loop has just ended by itself
                loop.call_soon_threadsafe(task.cancel)
            done.wait()
        raise
    if failures:
        raise failures[0]
    return results[0]
