"""The first that succeeds wins, and nothing of the others is left running."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time

import pytest

from extractor.calls.race import first_success, run_apart

closed: list[str] = []


async def runner(name: str, seconds: float, *, fails: bool = False) -> str:
    try:
        await asyncio.sleep(seconds)
    finally:
        closed.append(name)
    if fails:
        raise ValueError(name)
    return name


@pytest.fixture(autouse=True)
def fresh() -> None:
    closed.clear()


def test_the_quicker_one_wins_and_the_other_is_cancelled_before_it_is_told() -> None:
    async def race() -> tuple[int, str, dict[int, Exception]]:
        result = await first_success([runner("slow", 30), runner("quick", 0.01)])
        assert closed == ["quick", "slow"]
        return result

    assert asyncio.run(race()) == (1, "quick", {})


def test_one_that_fails_first_does_not_win() -> None:
    number, result, failures = asyncio.run(
        first_success([runner("good", 0.02), runner("bad", 0, fails=True)])
    )
    assert (number, result) == (0, "good")
    assert [str(error) for error in failures.values()] == ["bad"]


def test_when_all_fail_all_failures_are_raised_in_order() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(first_success([runner("one", 0.02, fails=True), runner("two", 0, fails=True)]))
    assert [str(error) for error in caught.value.exceptions] == ["one", "two"]


def test_a_cancelled_race_cancels_its_runners() -> None:
    async def scenario() -> None:
        race = asyncio.ensure_future(first_success([runner("one", 30), runner("two", 30)]))
        await asyncio.sleep(0.01)
        race.cancel()
        with pytest.raises(asyncio.CancelledError):
            await race

    asyncio.run(scenario())
    assert sorted(closed) == ["one", "two"]


def test_a_race_can_be_run_from_blocking_code_inside_a_running_loop() -> None:
    async def scenario() -> str:
        return run_apart(runner("apart", 0))

    assert asyncio.run(scenario()) == "apart"
    with pytest.raises(ValueError, match="apart"):
        run_apart(runner("apart", 0, fails=True))


def test_an_interrupt_cancels_what_runs_apart() -> None:
    begun = threading.Event()

    async def long() -> str:
        begun.set()
        return await runner("apart", 30)

    def interrupt() -> None:
        begun.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_apart(long())
    thread.join()
    assert closed == ["apart"]
    assert time.monotonic() - began < 25
