"""A run by batches: every file has its end, whatever becomes of a request or of a process."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benchmarks.batch_server import BatchPlan, BatchTruth, RunningBatches, batch_server
from benchmarks.fault_server import Terms, contract, right_answer
from benchmarks.fault_server.asked import Api
from extractor.config import load_settings
from extractor.documents.options import ReadOptions
from extractor.errors import (
    AuthenticationError,
    ConfigurationError,
    CostLimitError,
    QuotaExhaustedError,
    ServerError,
)
from extractor.runs.batch_opening import require_no_batches
from extractor.runs.batch_running import BatchRunner
from extractor.runs.batch_status import batches_under_way
from extractor.runs.batches import Batches
from extractor.runs.documents import FileOutcome
from extractor.runs.folder import files_below
from extractor.runs.opening import OpenRun, open_run
from extractor.runs.polling import Polling
from extractor.runs.reader import RunReader, RunRow
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME

MODELS = {"openai": "openai:gpt-5.4-mini", "anthropic": "anthropic:claude-haiku-4-5"}
QUICK = Polling(first=0.02, longest=0.1, outage=0.5, grace=0.3)


@pytest.fixture(scope="module")
def server() -> Generator[RunningBatches]:
    with batch_server() as started:
        yield started


@pytest.fixture(params=["openai", "anthropic"])
def api(request: pytest.FixtureRequest) -> Api:
    name: Api = request.param
    return name


class Scene:
    """A folder of contracts, and a run on it that is gone on with again and again."""

    def __init__(self, place: Path, server: RunningBatches, api: Api) -> None:
        self.folder, self.out, self.server = place / "docs", place / "out", server
        self.api: Api = api
        self.said: list[str] = []
        self.folder.mkdir()

    def write(self, count: int, plan: BatchPlan | None = None) -> None:
        """Write so many contracts, and have the server follow a plan."""
        for number in range(1, count + 1):
            (self.folder / f"{number:03}.txt").write_text(contract(number), encoding="utf-8")
        self.server.begin(plan or BatchPlan())

    def work(self, **options: Any) -> list[FileOutcome]:
        """Work until nothing is left."""
        settings: dict[str, Any] = options.pop("settings", {})

        async def all_of(runner: Runner[Terms]) -> list[FileOutcome]:
            return [outcome async for outcome in runner.outcomes()]

        with self.opened(**settings) as opened:
            return asyncio.run(all_of(self.runner(opened, **options)))

    def opened(self, *, by_batches: bool = True, **settings: Any) -> Any:
        told = {"model": MODELS[self.api], "base_url": self.server.url_for(self.api)} | settings
        loaded = load_settings(arguments=told)
        return open_run(loaded, Terms, self.out, reading={}, by_batches=by_batches)

    def runner(
        self, opened: OpenRun[Terms], *, live_repairs: bool = False, **options: Any
    ) -> BatchRunner[Terms]:
        opened.journal.register(self.folder, files_below(self.folder))
        alike: dict[str, Any] = {
            "folder": self.folder,
            "schema": "terms",
            "options": ReadOptions(),
            "concurrency": 4,
            **{name: options.pop(name) for name in ("limit", "only") if name in options},
        }
        assert opened.batching is not None
        repairs = Runner(opened.journal, opened.extractor, **alike) if live_repairs else None
        return BatchRunner(
            opened.batching,
            polling=options.pop("polling", QUICK),
            repairs=repairs,
            tell=self.said.append,
            **alike,
            **options,
        )

    def killed(self, arm: Callable[[], None], **options: Any) -> None:
        """Work in a process that is killed where `arm` says."""
        child = os.fork()
        if not child:
            try:
                arm()
                self.work(**options)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it was not killed"

    @property
    def truth(self) -> BatchTruth:
        return self.server.truth()

    def rows(self) -> list[RunRow]:
        with closing(RunReader(self.out / FILE_NAME)) as reader:
            return list(reader.rows())

    def all(self, query: str) -> list[tuple[Any, ...]]:
        with closing(RunReader(self.out / FILE_NAME)) as reader:
            return reader.all(query)

    def errors(self) -> dict[str, str]:
        return {row.path: row.error["type"] for row in self.rows() if row.error}

    def is_right(self) -> bool:
        """Say whether every contract has its right answer."""
        return all(
            row.result is not None
            and row.result["value"] == right_answer(int(row.path[:3])).model_dump(mode="json")
            for row in self.rows()
        )

    def is_settled(self) -> bool:
        """Say whether nothing is under way, and what is set aside is that of unknown calls."""
        under_way = self.all(
            "SELECT (SELECT count(*) FROM calls WHERE state = 'sent'), "
            "(SELECT count(*) FROM batch_items WHERE state = 'waiting')"
        )
        held = self.all("SELECT coalesce(sum(reserved), 0) FROM calls WHERE state = 'unknown'")
        totals = self.all("SELECT coalesce(sum(reserved), 0) FROM totals WHERE scope = 'day'")
        return under_way == [(0, 0)] and held == totals


@pytest.fixture
def scene(
    tmp_path: Path, server: RunningBatches, api: Api, monkeypatch: pytest.MonkeyPatch
) -> Scene:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0000")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0000")
    return Scene(tmp_path, server, api)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(name: str) -> Callable[[], None]:
    """Return what kills a process before it writes something about a batch."""

    def dies(*_: Any, **__: Any) -> None:
        die()

    def arm() -> None:
        setattr(Batches, name, dies)

    return arm


def dying_after_submitting() -> None:
    """Kill a process when it has written down that it hands in, and has not."""
    real = Batches.submitting

    def then_dies(*args: Any, **options: Any) -> None:
        real(*args, **options)
        die()

    Batches.submitting = then_dies  # type: ignore[method-assign]


def test_a_folder_is_one_batch_for_half_the_price(scene: Scene) -> None:
    scene.write(5)
    assert len(scene.work()) == 5
    assert scene.is_right()
    assert scene.is_settled()
    truth = scene.truth
    assert [len(batch.numbers) for batch in truth.batches] == [5]
    assert all(row.attempts == 1 for row in scene.rows())
    ((spent,),) = scene.all("SELECT sum(cost) FROM calls WHERE state = 'settled'")
    prices = {"openai": (Decimal("0.75"), Decimal("4.5")), "anthropic": (Decimal(1), Decimal(5))}
    asked, answered = prices[scene.api]
    full = truth.input_tokens * asked + truth.output_tokens * answered
    assert full / 2 <= spent <= full / 2 + 5  # each call is rounded up
    told = sum(row.cost_usd or 0 for row in scene.rows())
    assert told == pytest.approx(float(full) / 2e6)
    assert scene.work() == []
    assert len(scene.truth.batches) == 1


def test_batches_are_as_small_as_asked_for(scene: Scene) -> None:
    scene.write(7)
    scene.work(size=3)
    assert sorted(len(batch.numbers) for batch in scene.truth.batches) == [1, 3, 3]
    assert scene.is_right()


def test_an_answer_that_is_wrong_is_asked_for_again_in_the_next_round(scene: Scene) -> None:
    scene.write(3, BatchPlan(fates={2: ["invalid"]}))
    scene.work()
    assert scene.is_right()
    assert [len(batch.numbers) for batch in scene.truth.batches] == [3, 1]
    assert [row.attempts for row in scene.rows()] == [1, 2, 1]


def test_the_same_content_is_asked_about_once(scene: Scene) -> None:
    scene.write(2)
    (scene.folder / "copy.txt").write_text(contract(1), encoding="utf-8")
    scene.work()
    assert scene.truth.billed == {1: 1, 2: 1}
    assert {row.state for row in scene.rows()} == {"done"}


@pytest.mark.parametrize("fate", ["overloaded", "server_error", "expired", "canceled"])
def test_what_passes_is_asked_again_and_costs_nothing(scene: Scene, fate: str) -> None:
    scene.write(2, BatchPlan(fates={1: [fate]}))
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert scene.truth.billed == {1: 1, 2: 1}
    assert [row.attempts for row in scene.rows()] == [2, 1]
    assert Counter(scene.all("SELECT state, cost FROM calls"))["settled", 0] == 1


@pytest.mark.parametrize("fate", ["missing", "junk", "no_reply"])
def test_a_result_that_did_not_arrive_is_asked_again_and_stays_unknown(
    scene: Scene, fate: str
) -> None:
    scene.write(2, BatchPlan(fates={1: [fate]}, strays=True))
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert scene.truth.billed == {1: 2, 2: 1}
    first, second = scene.rows()
    assert (first.attempts, first.cost_usd) == (2, None)
    assert second.cost_usd
    ((held,),) = scene.all("SELECT reserved FROM calls WHERE state = 'unknown'")
    assert held


def test_what_fails_for_good_fails_its_file_with_its_bill(scene: Scene) -> None:
    scene.write(
        3, BatchPlan(fates={1: ["bad_request"], 2: ["refused"], 3: ["invalid", "bad_request"]})
    )
    outcomes = scene.work()
    assert Counter(outcome.state for outcome in outcomes) == {"failed": 3}
    kinds = {"001.txt": "BadRequestError", "002.txt": "RefusalError", "003.txt": "BadRequestError"}
    assert scene.errors() == kinds
    first, second, third = scene.rows()
    assert (first.attempts, first.cost_usd) == (1, 0)
    assert second.cost_usd
    assert (third.attempts, bool(third.cost_usd)) == (2, True)
    assert scene.is_settled()
    with scene.opened() as opened:
        opened.retry()
    scene.server.begin(BatchPlan())
    scene.work()
    assert scene.is_right()


def test_what_goes_on_failing_fails_its_file_in_the_end(scene: Scene) -> None:
    scene.write(2, BatchPlan(fates={1: ["overloaded"] * 9}))
    scene.work(settings={"retry": {"attempts": 3}})
    assert scene.errors() == {"001.txt": "ServerError"}
    assert [row.attempts for row in scene.rows()] == [3, 1]
    assert len(scene.truth.batches) == 3


def test_an_empty_account_ends_the_run_and_fails_nothing(scene: Scene) -> None:
    scene.write(3, BatchPlan(fates={2: ["no_credit"]}))
    with pytest.raises(QuotaExhaustedError):
        scene.work()
    assert scene.errors() == {}
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert scene.truth.billed == {1: 1, 2: 1, 3: 1}


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_a_batch_that_ends_early_keeps_what_was_done(scene: Scene, ending: str) -> None:
    scene.write(4, BatchPlan(endings=[ending]))
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert set(scene.truth.billed.values()) == {1}
    assert [len(batch.numbers) for batch in scene.truth.batches] == [4, 2]


@pytest.mark.parametrize("api", ["openai"])
def test_a_batch_that_failed_fails_who_is_at_fault(scene: Scene) -> None:
    scene.write(3, BatchPlan(endings=["failed line"]))
    scene.work()
    assert list(scene.errors().values()) == ["BadRequestError"]
    assert Counter(row.state for row in scene.rows()) == {"done": 2, "failed": 1}
    assert scene.is_settled()


@pytest.mark.parametrize("api", ["openai"])
def test_a_full_queue_makes_batches_smaller(scene: Scene) -> None:
    scene.write(4, BatchPlan(endings=["busy"]))
    scene.work()
    assert scene.is_right()
    assert [len(batch.numbers) for batch in scene.truth.batches] == [4, 2, 2]
    assert all(row.attempts == 1 for row in scene.rows())


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("what", ["POST batches", "GET batch", "GET results"])
def test_endpoints_that_fail_are_asked_again(scene: Scene, what: str, status: int) -> None:
    scene.write(2, BatchPlan(statuses={what: [status, status]}))
    scene.work()
    assert scene.is_right()
    assert scene.is_settled()
    assert len(scene.truth.batches) == 1


def test_a_provider_that_stays_away_ends_the_run_which_then_goes_on(scene: Scene) -> None:
    scene.write(2, BatchPlan(statuses={"GET batch": [500, 500]}))
    with pytest.raises(ServerError):
        scene.work(polling=Polling(first=0.02, outage=0))
    scene.work()
    assert scene.is_right()
    assert len(scene.truth.batches) == 1


def test_a_wrong_key_ends_the_run_and_nothing_is_set_aside(scene: Scene) -> None:
    scene.write(2, BatchPlan(statuses={"POST batches": [401], "POST files": []}))
    with pytest.raises(AuthenticationError):
        scene.work()
    assert scene.all("SELECT state FROM batches") == [("lost",)]
    assert scene.is_settled()
    scene.work()
    assert scene.is_right()


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
