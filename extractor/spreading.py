"""Work on the items of any iterable, a few at a time: what is done comes out as soon as it is."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")


class _End:
    """Stands for an item where there is none left."""


_END: Final = _End()


@dataclass(frozen=True, slots=True)
class _Broken:
    """Stands for an item where there are none any more, since the source raised."""

    error: Exception


async def spread(
    items: Iterable[I] | AsyncIterable[I],
    do: Callable[[I], Awaitable[R]],
    *,
    concurrency: int,
) -> AsyncGenerator[R]:
    """Yield what `do` makes of each item, in the order in which it is done.

    An item is taken only when there is somebody free to work on it, so that no more are in memory
    than are worked on. Where results are not taken, no new items are either. Closing the generator
    cancels what is under way, and waits until that has come to rest.

    Args:
        items: what is to be worked on; taken one by one, never two at once. What this raises is
            raised after all that was begun has come to its end and was yielded.
        do: what is done with an item. What it raises ends the whole.
        concurrency: how many are worked on at once.
    """
    source, one_by_one = each(items), asyncio.Lock()
    running: set[asyncio.Task[R | _End | _Broken]] = set()
    ended: deque[asyncio.Task[R | _End | _Broken]] = deque()
    any_ended = asyncio.Event()
    raised: list[Exception] = []

    async def work() -> R | _End | _Broken:
        async with one_by_one:
            try:
                item = await anext(source, _END)
            except Exception as error:
                return _Broken(error)
        return _END if isinstance(item, _End) else await do(item)

    def note(task: asyncio.Task[R | _End | _Broken]) -> None:
        ended.append(task)
        any_ended.set()

    def start() -> None:
        task = asyncio.ensure_future(work())
        running.add(task)
        task.add_done_callback(note)

    try:
        for _ in range(concurrency):
            start()
        while running:
            while not ended:
                any_ended.clear()
                await any_ended.wait()
            task = ended.popleft()
            running.remove(task)
            result = task.result()
            if isinstance(result, _Broken):
                raised.append(result.error)
            elif not isinstance(result, _End):
                start()
                yield result
            # else whoever waits for an item will find none either
        if raised:
            raise raised.pop()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await source.aclose()


async def each(items: Iterable[I] | AsyncIterable[I]) -> AsyncGenerator[I]:
    """Yield the items of any iterable, asynchronous or not."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


def drawn(results: AsyncGenerator[R]) -> Generator[R]:
    """Yield what an asynchronous generator does, which runs on a loop in a thread of its own.

    What is under way there goes on while the caller is busy with a result. Closing this closes it.
    """
    loop = asyncio.new_event_loop()
    context = contextvars.copy_context()  # spans of the caller are the parents of those in there
    thread = threading.Thread(
        target=context.run, args=(loop.run_forever,), name="extractor-many", daemon=True
    )
    thread.start()

    async def following() -> R | _End:
        return await anext(results, _END)

    try:
        while not isinstance(
            result := asyncio.run_coroutine_threadsafe(following(), loop).result(), _End
        ):
            yield result
    finally:
        asyncio.run_coroutine_threadsafe(_finish(results), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _finish(results: AsyncGenerator[R]) -> None:
    under_way = asyncio.all_tasks() - {asyncio.current_task()}  # where the caller was interrupted
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    await results.aclose()
    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
