"""Work on many items: a few at a time, none lost, none taken before there is room."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, closing
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.extracting.spreading import drawn, spread


async def doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def listed(results: AsyncGenerator[int]) -> list[int]:
    return [result async for result in results]


async def kept(into: list[int], results: AsyncGenerator[int]) -> None:
    """Keep what came before an error."""
    async for result in results:
        into.append(result)  # noqa: PERF401 - a comprehension would keep none


@given(count=st.integers(0, 40), concurrency=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_every_item_is_worked_on_once(count: int, concurrency: int) -> None:
    results = asyncio.run(listed(spread(range(count), doubled, concurrency=concurrency)))
    assert sorted(results) == [2 * number for number in range(count)]


async def test_no_more_are_worked_on_at_once_than_asked_for() -> None:
    busy = most = 0

    async def work(number: int) -> int:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.001 * (number % 3))
        busy -= 1
        return number

    assert len(await listed(spread(range(50), work, concurrency=4))) == 50
    assert most == 4


async def test_items_are_taken_only_when_there_is_room() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while True:  # an endless source
            taken += 1
            yield taken

    async with aclosing(spread(items(), doubled, concurrency=3)) as results:
        for done in range(1, 20):
            await anext(results)
            await asyncio.sleep(0.001)  # the consumer is slow
            assert taken <= done + 3


async def test_the_first_that_is_done_comes_first() -> None:
    async def slower(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    items = [0.05, 0.001, 0.02]
    results = [result async for result in spread(items, slower, concurrency=3)]
    assert results == sorted(items)


async def test_items_may_come_asynchronously() -> None:
    async def items() -> AsyncGenerator[int]:
        for number in range(5):
            await asyncio.sleep(0)
            yield number

    assert sorted(await listed(spread(items(), doubled, concurrency=2))) == [0, 2, 4, 6, 8]


async def test_what_the_work_raises_ends_all_of_it() -> None:
    ended: list[int] = []

    async def work(number: int) -> int:
        if number == 2:
            raise ValueError("no")
        try:
            await asyncio.sleep(10)
        finally:
            ended.append(number)
        return number

    with pytest.raises(ValueError, match="no"):
        await listed(spread(range(5), work, concurrency=3))
    assert sorted(ended) == [0, 1]


async def test_what_the_source_raises_is_raised_after_nothing_is_left_running() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the folder is gone")

    before = asyncio.all_tasks()
    with pytest.raises(OSError, match="gone"):
        await listed(spread(items(), doubled, concurrency=2))
    assert asyncio.all_tasks() == before


async def test_what_was_begun_comes_out_before_what_the_source_raises() -> None:
    begun: list[int] = []
    is_broken = asyncio.Event()

    async def items() -> AsyncGenerator[int]:
        for number in range(3):
            yield number
        await asyncio.sleep(0)
        is_broken.set()
        raise PermissionError("the share went away")

    async def work(number: int) -> int:
        begun.append(number)
        await is_broken.wait()
        await asyncio.sleep(0.01)
        return number

    results: list[int] = []
    with pytest.raises(PermissionError, match="went away"):
        await kept(results, spread(items(), work, concurrency=5))
    assert sorted(results) == begun == [0, 1, 2]


async def test_nothing_is_taken_from_a_source_that_has_raised() -> None:
    class Source:
        taken = 0

        def __iter__(self) -> Iterator[int]:
            return self

        def __next__(self) -> int:
            self.taken += 1
            if self.taken == 3:
                raise OSError("once")
            return self.taken

    source = Source()
    results: list[int] = []
    with pytest.raises(OSError, match="once"):
        await kept(results, spread(source, doubled, concurrency=2))
    assert (sorted(results), source.taken) == ([2, 4], 3)


async def test_closing_cancels_what_is_under_way() -> None:
    cancelled: list[int] = []

    async def work(number: int) -> int:
        try:
            await asyncio.sleep(10 if number else 0)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    before = asyncio.all_tasks()
    async with aclosing(spread(range(4), work, concurrency=3)) as results:
        assert await anext(results) == 0
    assert set(cancelled) >= {1, 2}
    assert asyncio.all_tasks() == before


def test_drawn_results_go_on_while_the_caller_is_busy() -> None:
    done = threading.Event()

    async def work(number: int) -> int:
        await asyncio.sleep(0.01 * number)
        if number == 2:
            done.set()
        return number

    with closing(drawn(range(3), partial(spread, do=work, concurrency=3))) as results:
        assert next(results) == 0
        assert done.wait(5)  # nobody draws meanwhile
        assert sorted(results) == [1, 2]


def test_drawing_works_inside_a_running_loop() -> None:
    async def main() -> list[int]:
        return list(drawn(range(4), partial(spread, do=doubled, concurrency=2)))

    assert sorted(asyncio.run(main())) == [0, 2, 4, 6]


def test_an_error_reaches_who_draws_and_no_thread_is_left() -> None:
    async def work(number: int) -> int:
        raise ValueError(str(number))

    with pytest.raises(ValueError, match="0"):
        list(drawn(range(4), partial(spread, do=work, concurrency=1)))
    assert "extractor-many" not in {thread.name for thread in threading.enumerate()}


def test_closing_what_is_drawn_ends_its_thread_and_cancels_the_work() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def work(number: int) -> int:
        if number:
            begun.set()
        try:
            await asyncio.sleep(10 * number)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return number

    results = drawn(range(3), partial(spread, do=work, concurrency=3))
    assert next(results) == 0
    assert begun.wait(10)
    began = time.monotonic()
    results.close()
    assert cancelled.is_set()
    assert time.monotonic() - began < 5
    assert "extractor-many" not in {thread.name for thread in threading.enumerate()}
