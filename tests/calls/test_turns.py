"""Turns on an event loop: one goes on at a time, others are served, and nobody is held up."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextvars import ContextVar

import pytest

from extractor.calls.turns import take_turn


async def test_who_is_alone_goes_on_at_once() -> None:
    with pytest.raises(StopIteration):
        take_turn().send(None)


async def test_of_those_who_come_together_one_goes_on_in_a_round_the_first_first() -> None:
    told: list[str] = []

    async def go_on(name: str) -> None:
        await take_turn()
        told.append(name)
        asyncio.get_running_loop().call_soon(told.append, f"sent by {name}")

    await asyncio.gather(*map(go_on, "abc"))
    await asyncio.sleep(0)
    assert told == ["a", "sent by a", "b", "sent by b", "c", "sent by c"]


async def test_a_turn_is_over_when_the_loop_has_gone_round() -> None:
    await take_turn()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(StopIteration):
        take_turn().send(None)


async def test_who_is_cancelled_holds_nobody_up() -> None:
    _, cancelled, after = (asyncio.create_task(take_turn()) for _ in range(3))
    await asyncio.sleep(0)
    assert not cancelled.done()
    cancelled.cancel()
    await asyncio.wait_for(after, 5)
    assert cancelled.cancelled()


async def test_who_is_cancelled_when_it_is_woken_holds_nobody_up() -> None:
    _, woken, after = (asyncio.create_task(take_turn()) for _ in range(3))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(woken.cancel)  # in the round that wakes it
    await asyncio.wait_for(after, 5)
    assert woken.cancelled()


@pytest.mark.filterwarnings("ignore:unclosed event loop")
@pytest.mark.parametrize("closes", [True, False])
def test_a_loop_that_was_abandoned_is_not_kept(*, closes: bool) -> None:
    async def come_together() -> None:
        waiting.extend(asyncio.create_task(take_turn()) for _ in range(9))
        await asyncio.sleep(0)

    waiting: list[asyncio.Task[None]] = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _told: None)  # of the tasks that nobody ends
    loop.run_until_complete(come_together())
    if closes:
        loop.close()
    abandoned = weakref.ref(loop)
    del loop
    waiting.clear()
    gc.collect()
    assert abandoned() is None


async def test_nobodys_context_is_kept_by_those_who_come_after() -> None:
    class Heavy:
        pass

    async def first() -> None:
        held.set(heavy := Heavy())
        alive.append(weakref.ref(heavy))
        await take_turn()

    held: ContextVar[object] = ContextVar("held")
    alive: list[weakref.ref[Heavy]] = []
    others: list[asyncio.Task[None]] = []
    one = asyncio.create_task(first())
    others.extend(asyncio.create_task(take_turn()) for _ in range(9))
    await one
    del one
    await asyncio.sleep(0)  # the loop lets go of what it has done
    await asyncio.sleep(0)
    gc.collect()
    assert alive[0]() is None
    assert not others[-1].done()
    await asyncio.gather(*others)
