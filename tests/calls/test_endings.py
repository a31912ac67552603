"""However a call ends, and wherever the garbage collector comes by, all of it is settled."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest

from extractor.calls.allowance import Allowance
from extractor.calls.base import Budget
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.endings import do_all
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.limits import MemoryStore, RateLimiter
from extractor.calls.limits.state import State
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import (
    Abandoned,
    Post,
    Reply,
    Send,
    Steps,
    Target,
    Wait,
    abandon,
    aperform,
    perform,
)
from extractor.errors import OverloadedError
from extractor.providers import silent
from extractor.types import Message, ModelRequest, ModelResponse, TextOutput, Usage
from tests.virtual_time import World

R = TypeVar("R")

TARGET = Target("openai", "gpt-5.4-mini")
REQUEST = ModelRequest(TARGET.model, (Message("user", "Whose law?"),), TextOutput(), max_tokens=100)
ANSWER = ModelResponse("Ireland's", Usage(10, 5))


def context(*, allowance: Allowance | None = None, budgets: tuple[Budget, ...] = ()) -> CallContext:
    bill = allowance or Allowance(1_000_000, lambda _: Decimal(0))
    return CallContext(TARGET, bill, retry=RetryPolicy(attempts=1), budgets=budgets)


class CollectingStore(MemoryStore):
    """Has the collector come by while its lane holds its lock, as any allocation may."""

    is_due = False

    def update(self, target: Target, change: Callable[[State], R], /) -> R:
        if self.is_due:
            gc.collect()
        return super().update(target, change)


def test_a_call_that_the_collector_finds_while_its_lock_is_held_stops_nobody() -> None:
    store = CollectingStore()
    core = CallCore(limiter=RateLimiter(store=store))
    allowance = Allowance(1_000_000, lambda _: Decimal(0))
    found: list[Post | Wait] = []

    def scenario() -> None:
        gc.collect()
        call = core.call(REQUEST, context(allowance=allowance))
        next(call)
        knot: list[object] = [call]
        knot.append(knot)
        del call, knot
        store.is_due = True
        following = core.call(REQUEST, context())
        found.append(next(following))
        store.is_due = False
        abandon(following)

    thread = threading.Thread(target=scenario, daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert found == [Send(REQUEST, TARGET)]
    core.settle_orphans()
    assert (allowance.reserved, allowance.unreported) == (0, 1)


def test_a_call_that_is_merely_closed_is_settled_before_the_next_one() -> None:
    core, allowance = CallCore(), Allowance(1_000_000, lambda _: Decimal(0))
    call = core.call(REQUEST, context(allowance=allowance))
    next(call)
    call.close()
    assert allowance.reserved > 0
    following = core.call(REQUEST, context())
    next(following)
    assert (allowance.reserved, allowance.unreported) == (0, 1)
    abandon(following)


def test_a_probe_that_is_merely_closed_makes_room_for_another() -> None:
    world = World(lambda _send, _now: (0.0, ANSWER))
    core = CallCore(clock=world.clock)
    for _ in range(4):
        with pytest.raises(OverloadedError):
            failing(core)
    probe = failing(core)  # the fifth shuts the gate
    world.now += 100.0
    assert isinstance(probe.send(None), Send)
    probe.close()
    following = core.call(REQUEST, context())
    assert isinstance(next(following), Send)
    abandon(following)


def failing(core: CallCore) -> Steps[ModelResponse]:
    call = core.call(REQUEST, context())
    next(call)
    assert isinstance(call.throw(OverloadedError("full", status=503)), Wait)
    return call


def test_who_waits_for_money_gets_that_of_a_call_that_was_merely_closed() -> None:
    world = World(lambda _send, _now: (1.0, ANSWER))
    core = CallCore(ledger=MemoryLedger(), clock=world.clock)
    most = core.pricing.max_cost_micro(TARGET, 300, 100)
    assert most is not None
    limit = (Budget("run", "r", most),)
    first = core.call(REQUEST, context(budgets=limit))
    next(first)
    second = world.start(core.call(REQUEST, context(budgets=limit)))
    world.at(world.now + 5.0, first.close)
    world.until_idle(limit=100)
    assert second.is_over


class Driven:
    """A generator of steps that notes how it was ended."""

    def __init__(self) -> None:
        self.ended_by: type[BaseException] | None = None

    def steps(self) -> Steps[None]:
        try:
            yield Wait(60.0, "waiting")
        except BaseException as error:
            self.ended_by = type(error)
            raise


def interrupt(_: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_driver_abandons_its_steps() -> None:
    driven = Driven()
    with pytest.raises(KeyboardInterrupt):
        perform(driven.steps(), lambda _: ANSWER, silent, wait=interrupt)
    assert driven.ended_by is Abandoned


async def never_sent(_: Post) -> Reply:
    raise AssertionError


def test_a_cancelled_task_abandons_its_steps() -> None:
    driven = Driven()

    async def scenario() -> None:
        task = asyncio.create_task(aperform(driven.steps(), never_sent, silent))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())
    assert driven.ended_by is Abandoned


def test_a_coroutine_that_is_merely_closed_closes_its_steps() -> None:
    driven = Driven()
    run = aperform(driven.steps(), never_sent, silent)

    async def begin() -> None:
        run.send(None)

    asyncio.run(begin())
    run.close()
    assert driven.ended_by is GeneratorExit


def test_abandoned_steps_must_not_ask_for_more() -> None:
    def stubborn() -> Steps[None]:
        try:
            yield Wait(1.0, "")
        except Abandoned:
            yield Wait(1.0, "")

    steps = stubborn()
    next(steps)
    with pytest.raises(RuntimeError, match="asks for more"):
        abandon(steps)


def test_an_interrupt_amid_an_end_waits_for_its_other_parts() -> None:
    done: list[str] = []

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_all("call-1", limits=stop, ledger=lambda: done.append("ledger"))
    assert done == ["ledger"]
