"""The drivers, and the virtual time in which everything else is tested."""

from __future__ import annotations

import asyncio
import threading
import time

from extractor.calls.steps import Signal, Steps, Wait, aperform, perform
from extractor.providers import silent
from extractor.types import ModelResponse
from tests.virtual_time import World


def waiting(seconds: float, signal: Signal | None = None) -> Steps[str]:
    yield Wait(seconds, "waiting", signal)
    return "done"


def nothing_is_sent(_send: object) -> ModelResponse:
    raise AssertionError


async def nothing_is_asent(_send: object) -> ModelResponse:
    raise AssertionError


def test_a_signal_ends_a_blocking_wait_from_another_thread() -> None:
    signal = Signal()
    threading.Timer(0.02, signal.set).start()
    began = time.monotonic()
    assert perform(waiting(30, signal), nothing_is_sent, silent) == "done"
    assert time.monotonic() - began < 10


def test_a_signal_ends_an_asynchronous_wait_from_another_thread() -> None:
    signal = Signal()
    threading.Timer(0.02, signal.set).start()
    began = time.monotonic()
    assert asyncio.run(aperform(waiting(30, signal), nothing_is_asent, silent)) == "done"
    assert time.monotonic() - began < 10


def test_a_signal_that_is_set_before_lets_nobody_wait() -> None:
    signal = Signal()
    signal.set()
    assert signal.is_set
    assert perform(waiting(30, signal), nothing_is_sent, silent) == "done"
    assert asyncio.run(aperform(waiting(30, signal), nothing_is_asent, silent)) == "done"


def test_a_wait_without_a_signal_takes_its_time() -> None:
    began = time.monotonic()
    perform(waiting(0.02), nothing_is_sent, silent)
    asyncio.run(aperform(waiting(0.02), nothing_is_asent, silent))
    assert time.monotonic() - began >= 0.04


def test_virtual_hours_take_no_time_and_a_signal_ends_them() -> None:
    world = World(lambda _send, _now: (0.0, ModelResponse("")))
    signal = Signal()
    alone, woken = world.start(waiting(3_600)), world.start(waiting(3_600, signal))
    world.at(world.now + 60, signal.set)
    began = world.now
    world.until_idle()
    assert (alone.result, woken.result) == ("done", "done")
    assert alone.ended_at == began + 3_600
    assert woken.ended_at == began + 60
    assert alone.told == ["waiting"]


def test_a_cancelled_run_is_closed_at_that_time() -> None:
    world = World(lambda _send, _now: (0.0, ModelResponse("")))
    run = world.start(waiting(3_600))
    world.cancel(run, after=5)
    began = world.now
    world.until_idle()
    assert run.cancelled
    assert (run.result, run.ended_at) == (None, began + 5)
