"""Drawing results from a loop in another thread: who waits for whom, and what is left behind."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from itertools import count
from queue import SimpleQueue

import pytest

from extractor.extracting.spreading import drawn, spread


async def doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


doubling = partial(spread, do=doubled, concurrency=3)


def ours() -> set[str]:
    """Return the names of threads that are drawn from."""
    names = {thread.name for thread in threading.enumerate()}
    return {name for name in names if name.startswith("extractor-")}


def all_end(within: float = 5.0) -> bool:
    """Tell whether none of those threads is left, soon."""
    end = time.monotonic() + within
    while ours() and time.monotonic() < end:
        time.sleep(0.01)
    return not ours()


def test_a_source_that_waits_for_a_result_before_it_goes_on_gets_it() -> None:
    answered: SimpleQueue[int] = SimpleQueue()

    def items() -> Iterator[int]:
        yield 1
        yield answered.get(timeout=5)

    results: list[int] = []
    for result in drawn(items(), doubling):
        results.append(result)
        answered.put(result)
    assert results == [2, 4]


def test_a_source_without_an_end_holds_nothing_up() -> None:
    source: SimpleQueue[int | None] = SimpleQueue()
    source.put(1)
    with closing(drawn(iter(source.get, None), doubling)) as results:
        assert next(results) == 2
        source.put(2)
        assert next(results) == 4
        began = time.monotonic()
    assert time.monotonic() - began < 5  # the source is still waiting
    source.put(None)
    assert all_end()


def test_all_items_are_taken_in_one_thread_which_sees_what_the_caller_has_set() -> None:
    matter = contextvars.ContextVar("matter", default="none")
    seen: set[tuple[int, str]] = set()

    def items() -> Iterator[int]:
        for number in range(20):
            seen.add((threading.get_ident(), matter.get()))
            yield number

    matter.set("M-12")
    assert len(list(drawn(items(), doubling))) == 20
    ((thread, word),) = seen
    assert thread != threading.get_ident()
    assert word == "M-12"
    assert all_end()


@pytest.mark.parametrize("error", [OSError("the folder is gone"), SystemExit(3)])
def test_what_a_source_raises_reaches_who_draws_when_all_is_yielded(error: BaseException) -> None:
    def items() -> Iterator[int]:
        yield from range(3)
        raise error

    results: list[int] = []
    with pytest.raises(type(error)) as raised:
        draw_into(results, items())
    assert raised.value is error
    assert sorted(results) == [0, 2, 4]
    assert all_end()


def draw_into(results: list[int], items: Iterator[int]) -> None:
    """Keep what came before an error."""
    for result in drawn(items, doubling):
        results.append(result)  # noqa: PERF402 - a copy would keep none


def test_what_is_no_source_is_told_to_who_draws() -> None:
    nothing: Iterator[int] = 7  # type: ignore[assignment]
    with pytest.raises(TypeError, match="not iterable"):
        list(drawn(nothing, doubling))
    assert all_end()


class Forgotten:
    """Results that were drawn once, in a cycle: the collector closes them, wherever it runs."""

    def __init__(self, items: Iterator[int], work: Callable[[int], Awaitable[int]]) -> None:
        self.me = self
        self.results = drawn(items, partial(spread, do=work, concurrency=3))
        assert next(self.results) == 0


@pytest.fixture
def collect() -> Generator[Callable[[], object]]:
    """What collects when something has been forgotten, for as long as nothing else does."""
    gc.collect()
    gc.disable()
    yield gc.collect
    gc.enable()


@pytest.mark.parametrize("place", ["the loop", "a worker", "the source"])
def test_what_is_forgotten_ends_also_where_its_own_threads_collect_it(
    place: str, collect: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    is_forgotten, has_collected = threading.Event(), threading.Event()

    def collecting() -> None:
        assert is_forgotten.wait(5)
        collect()
        has_collected.set()

    def items() -> Iterator[int]:
        yield from range(2)
        if place == "the source":
            collecting()
        yield 2

    async def work(number: int) -> int:
        if number == 1 and place == "a worker":
            await asyncio.to_thread(collecting)
        while number == 1 and place == "the loop" and not has_collected.is_set():
            await asyncio.sleep(0.01)
            if is_forgotten.is_set():
                collecting()
        return number

    Forgotten(items(), work)
    is_forgotten.set()
    assert has_collected.wait(5)
    assert all_end()
    assert not caplog.records


def test_what_is_forgotten_with_a_source_that_leads_back_to_it_ends(
    collect: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    class Owner:
        def __init__(self) -> None:
            self.results = Forgotten(self.items(), self.work)

        def items(self) -> Iterator[int]:
            yield from count()

        async def work(self, number: int) -> int:
            return number

    Owner()
    time.sleep(0.1)  # until nothing is under way
    assert ours()
    collect()
    assert all_end()
    assert not caplog.records
