"""A run by batches: every file has its end, whatever becomes of a request or of a process."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from benchmarks.batch_server import BatchPlan
from benchmarks.fault_server import contract
from extractor.errors import (
    AuthenticationError,
    QuotaExhaustedError,
    ServerError,
)
from extractor.runs.batches.polling import Polling
from tests.runs.batches.conftest import (
    Scene,
)


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
    sizes = [len(batch.numbers) for batch in scene.truth.batches]
    assert sum(sizes) == 7
    assert max(sizes) <= 3
    assert scene.is_right()


def test_an_answer_that_is_wrong_is_asked_for_again_in_the_next_round(scene: Scene) -> None:
    scene.write(3, BatchPlan(fates={2: ["invalid"]}))
    scene.work()
    assert scene.is_right()
    assert [len(batch.numbers) for batch in scene.truth.batches] == [3, 1]
    assert [row.attempts for row in scene.rows()] == [1, 2, 1]


def test_an_answer_that_had_no_room_is_asked_for_with_more_in_the_next_round(scene: Scene) -> None:
    scene.write(3, BatchPlan(fates={2: ["no_room"]}))
    scene.work()
    assert scene.errors() == {}
    assert [len(batch.numbers) for batch in scene.truth.batches] == [3, 1]
    assert [(row.attempts, row.cost_usd is None) for row in scene.rows()] == [
        (1, False),
        (2, True),
        (1, False),
    ]


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
