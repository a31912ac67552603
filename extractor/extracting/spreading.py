"""Work on the items of any iterable, a few at a time: what is done comes out as soon as it is."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
)
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeAlias, TypeVar

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


def drawn(
    items: Iterable[I], work: Callable[[AsyncGenerator[I]], AsyncGenerator[R]]
) -> Generator[R]:
    """Yield what an asynchronous generator makes of items, on a loop in a thread of its own.

    What is under way there goes on while the caller is busy with a result. The items are taken in a
    further thread, always the same one: a source that is slow, or that waits for a result before it
    goes on, holds nothing up. Closing this closes the generator, and waits for it; not for the
    source, whose thread ends when it has given the item that it was asked for.

    Args:
        items: what is worked on. What this raises is raised when all that was begun is yielded.
        work: is given the items, and makes the results.
    """
    loop = _Loop()
    feed = _Feed(items, loop)
    results = work(feed.given())
    try:
        while not isinstance(result := loop.run(_following(results)), _End):
            yield result
        feed.check()
    finally:
        feed.close()
        loop.end(_finish(results))


async def _following(results: AsyncGenerator[R]) -> R | _End:
    return await anext(results, _END)


async def _finish(results: AsyncGenerator[R]) -> None:
    under_way = asyncio.all_tasks() - {asyncio.current_task()}  # where the caller was interrupted
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    await results.aclose()
    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()


class _Loop:
    """An event loop in a thread of its own, which ends when it is told to."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(
            ThreadPoolExecutor(thread_name_prefix="extractor-many", initializer=self.mark)
        )
        context = contextvars.copy_context()  # the caller's spans are the parents of those in there
        self._thread = threading.Thread(
            target=context.run, args=(self._serve,), name="extractor-many", daemon=True
        )
        self._thread.start()

    def run(self, act: Coroutine[Any, Any, R]) -> R:
        """Run something there, and wait for what it returns."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result()

    def end(self, last: Coroutine[Any, Any, None]) -> None:
        """Run something there, and end.

        This waits for it, but in a thread that this would wait for in turn: a generator that was
        forgotten is closed by the collector, in whatever thread that happens to run.
        """
        ending = asyncio.run_coroutine_threadsafe(last, self._loop)
        ending.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._loop.stop))
        if getattr(_serving, "loop", None) is not self._loop:
            ending.result()
            self._thread.join()

    def mark(self) -> None:
        """Note that the thread that calls this serves the loop."""
        _serving.loop = self._loop

    def _serve(self) -> None:
        self.mark()
        self._loop.run_forever()
        self._loop.close()


_serving = threading.local()
"""Of each thread, the loop that it serves."""


class _Feed(Generic[I]):
    """The items of an iterable, each taken when it is asked for, all in one thread of their own.

    Between two items the thread holds on to none of this: where it is forgotten, it is collected.
    """

    def __init__(self, items: Iterable[I], loop: _Loop) -> None:
        self._items = items
        self._iterator: Iterator[I] | None = None
        self._raised: list[BaseException] = []
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(_serve, self._asked, loop.mark), name="extractor-feed"
        )
        thread.daemon = True  # a source may wait for ever
        thread.start()

    async def given(self) -> AsyncGenerator[I]:
        """Yield the items; there are no more where the source has raised."""
        while not isinstance(item := await self._next(), _End):
            yield item

    def check(self) -> None:
        """Raise what the source has raised."""
        if self._raised:
            raise self._raised.pop()

    def close(self) -> None:
        """Take no more items."""
        self._asked.put(None)

    async def _next(self) -> I | _End:
        taken: Future[Any] = Future()
        self._asked.put((taken, self._take))
        return await asyncio.wrap_future(taken)

    def _take(self) -> I | _End:
        try:
            if self._iterator is None:
                self._iterator = iter(self._items)
            return next(self._iterator, _END)
        except BaseException as error:
            self._raised.append(error)  # not through the loop, which a SystemExit would end
            return _END


_Asked: TypeAlias = tuple[Future[Any], Callable[[], Any]]


def _serve(asked: SimpleQueue[_Asked | None], mark: Callable[[], None]) -> None:
    """Do what is asked, one after the other, until nothing more is."""
    mark()
    while (one := asked.get()) is not None:
        taken, take = one
        if taken.set_running_or_notify_cancel():
            taken.set_result(take())
        del one, taken, take
