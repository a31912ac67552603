"""Batches whose makers die, are stopped or not alone: nothing lost, nothing handed in twice."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.batch_server import BatchPlan
from benchmarks.fault_server import Terms
from extractor.config import load_settings
from extractor.errors import (
    ConfigurationError,
    CostLimitError,
)
from extractor.runs.batches.opening import require_no_batches
from extractor.runs.batches.running import BatchRunner
from extractor.runs.batches.status import batches_under_way
from extractor.runs.documents import FileOutcome
from extractor.runs.opening import open_run
from extractor.runs.reader import RunReader
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME
from tests.runs.batches.conftest import (
    MODELS,
    Scene,
    dying_after_submitting,
    dying_before,
)


def test_a_batch_whose_id_was_never_saved_is_adopted(scene: Scene) -> None:
    scene.write(3, BatchPlan(seconds=0.4))
    scene.killed(dying_before("submitted"))
    assert len(scene.truth.batches) == 1
    scene.server.add_foreign(scene.api, 3)
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert len(scene.truth.batches) == 1
    assert set(scene.truth.billed.values()) == {1}


def test_a_batch_that_never_left_is_handed_in_again(scene: Scene) -> None:
    scene.write(3)
    scene.killed(dying_after_submitting)
    assert scene.truth.batches == []
    scene.server.add_foreign(scene.api, 3)
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert [state for (state,) in scene.all("SELECT state FROM batches")] == ["lost", "ended"]
    assert len(scene.truth.batches) == 1


@pytest.mark.parametrize("api", ["anthropic"])
def test_somebody_elses_batch_is_given_back_when_its_results_show_it(scene: Scene) -> None:
    scene.write(3, BatchPlan(seconds=0.6))
    scene.killed(dying_after_submitting)
    scene.server.add_foreign("anthropic", 3)
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert len(scene.truth.batches) == 1


def test_two_that_look_alike_are_told_apart_when_they_have_ended(scene: Scene) -> None:
    scene.write(3, BatchPlan(seconds=0.6))
    scene.killed(dying_before("submitted"))
    scene.server.add_foreign(scene.api, 3)
    scene.work()
    assert scene.is_right()
    assert len(scene.truth.batches) == 1


def test_an_answer_that_was_lost_on_the_way_is_no_second_batch(scene: Scene) -> None:
    scene.write(3, BatchPlan(swallowed=1))
    scene.work()
    assert scene.is_right()
    assert len(scene.truth.batches) == 1


@pytest.mark.parametrize("name", ["make", "submitting", "answered", "settled", "ended"])
def test_who_is_killed_goes_on_where_it_was(scene: Scene, name: str) -> None:
    scene.write(3)
    scene.killed(dying_before(name))
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert len(scene.truth.batches) == 1


def test_what_is_stopped_goes_on_at_the_provider(scene: Scene) -> None:
    scene.write(3, BatchPlan(seconds=0.6))

    async def stopped(runner: BatchRunner[Terms]) -> list[FileOutcome]:
        asyncio.get_running_loop().call_later(0.3, runner.stop)
        return [outcome async for outcome in runner.outcomes()]

    began = time.monotonic()
    with scene.opened() as opened:
        assert asyncio.run(stopped(scene.runner(opened))) == []
    assert time.monotonic() - began < 10
    if not scene.truth.batches:
        pytest.skip("this machine was too slow to hand anything in")
    with closing(RunReader(scene.out / FILE_NAME)) as reader:
        (under_way,) = batches_under_way(reader)
        assert reader.counts().files == {"sent": 3}
    assert (under_way.model, under_way.count) == (MODELS[scene.api], 3)
    with pytest.raises(ConfigurationError, match="under way"), scene.opened(by_batches=False):
        pass
    with scene.opened() as opened, pytest.raises(ConfigurationError, match="under way"):
        require_no_batches(opened.batching.batches)
    scene.work()
    assert scene.is_right()
    assert len(scene.truth.batches) == 1


def test_repairs_may_be_live(scene: Scene) -> None:
    scene.write(3, BatchPlan(fates={1: ["invalid"], 2: ["overloaded"]}))
    assert len(scene.work(live_repairs=True)) == 3
    assert scene.is_right()
    assert scene.is_settled()
    truth = scene.truth
    assert [len(batch.numbers) for batch in truth.batches] == [3]
    assert truth.asked["POST live"] == 2
    assert truth.billed == {1: 2, 2: 1, 3: 1}


def test_a_retry_waits_for_what_is_under_way(scene: Scene) -> None:
    scene.write(1, BatchPlan(seconds=60))
    scene.killed(dying_before("progress"))
    with scene.opened() as opened, pytest.raises(ConfigurationError, match="under way"):
        opened.retry()


def test_waits_tell_how_far_it_is(scene: Scene) -> None:
    scene.write(2, BatchPlan(seconds=0.5))
    scene.work()
    assert any(
        "1 batch under way, " in said and "of 2 requests done" in said for said in scene.said
    )


def test_a_budget_is_kept_and_used_up_in_several_batches(scene: Scene) -> None:
    scene.write(4)
    scene.work(limit=1)
    ((most, paid),) = scene.all("SELECT reserved, cost FROM calls")
    limit = (most * 2.5 + paid) / 1e6
    told = {"budget": {"max_usd_per_run": limit}}
    scene.work(settings=told)
    assert scene.is_right()
    sizes = [len(batch.numbers) for batch in scene.truth.batches]
    assert sizes[0] == 1
    assert max(sizes) <= 2
    ((spent,),) = scene.all("SELECT sum(cost) FROM calls")
    assert spent <= limit * 1e6


def test_a_budget_that_is_too_small_ends_the_run(scene: Scene) -> None:
    scene.write(3)
    with pytest.raises(CostLimitError):
        scene.work(settings={"budget": {"max_usd_per_run": 0.000_01}})
    assert scene.truth.batches == []
    assert scene.errors() == {}
    assert scene.is_settled()
    with scene.opened(budget={"max_usd_per_document": 0.000_01}) as opened:

        async def all_of(runner: Runner[Terms]) -> int:
            return len([outcome async for outcome in runner.outcomes()])

        assert asyncio.run(all_of(scene.runner(opened))) == 3
    assert set(scene.errors().values()) == {"CostLimitError"}


def test_only_so_many_are_taken(scene: Scene) -> None:
    scene.write(4)
    assert len(scene.work(limit=2)) == 2
    assert len(scene.work(only={"004.txt"})) == 1
    assert Counter(row.state for row in scene.rows()) == {"done": 3, "planned": 1}


def test_two_processes_don_t_work_with_the_same_batches(scene: Scene) -> None:
    scene.write(1)
    with scene.opened() as opened:
        scene.runner(opened)
        child = os.fork()
        if not child:
            try:
                with scene.opened() as other:
                    assert other.batching is not None
                    other.batching.batches.take()
                    os.write(1, b"")
                    time.sleep(60)
            finally:
                os._exit(1)
        assert opened.batching is not None
        until = time.monotonic() + 20
        while time.monotonic() < until:
            ((owner,),) = scene.all("SELECT owner FROM batching")
            if owner is not None:
                break
            time.sleep(0.05)
        with pytest.raises(ConfigurationError, match="Another process"):
            opened.batching.batches.take()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        opened.batching.batches.take()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"models": ["openai:a", "openai:b"]}, "models are several"),
        ({"cache": {"mode": "record"}}, "reply cache"),
    ],
)
def test_what_batches_can_t_do_is_refused(
    tmp_path: Path, settings: dict[str, Any], told: str
) -> None:
    loaded = load_settings(
        arguments={"model": "openai:m"} | settings if "cache" in settings else settings
    )
    with (
        pytest.raises(ConfigurationError, match=told),
        open_run(loaded, Terms, tmp_path / "out", reading={}, by_batches=True),
    ):
        pass
