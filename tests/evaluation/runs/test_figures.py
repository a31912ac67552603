"""What a run took, from its rows."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.evaluation.runs.figures import figures_of
from extractor.runs.reader import RunRow


def row(number: int, *, cost: float | None = 0.25, **more: Any) -> RunRow:
    facts: dict[str, Any] = {
        "position": number,
        "path": f"{number}.pdf",
        "state": "done",
        "sha256": "0" * 64,
        "duplicate_of": None,
        "began_at": 100.0,
        "ended_at": 100.0 + number,
        "attempts": 2,
        "input_tokens": 1_000,
        "output_tokens": 100,
        "cost_usd": cost,
        "result": result(),
        "error": None,
    }
    return RunRow(**(facts | more))


def result(*repairs: str) -> dict[str, Any]:
    return {
        "repairs": [{"kind": kind, "path": "parties[1]"} for kind in repairs],
        "fields": {
            "term": {"status": "found", "value": "P1Y"},
            "law": {"status": "unverified", "value": "Utah"},
            "end": {"status": "absent", "value": None},
            "parties[1].name": {"status": "unverified", "value": "Acme"},
        },
    }


def test_tokens_costs_and_times_are_those_of_all_documents() -> None:
    found = figures_of([row(1), row(2), row(3)])
    assert (found.documents, found.requests, found.input_tokens) == (3, 6, 3_000)
    assert found.cost_usd == pytest.approx(0.75)
    assert found.cost_per_document == pytest.approx(0.25)
    assert (found.percentile(50), found.percentile(95)) == (2.0, 3.0)


@pytest.mark.parametrize(
    ("count", "half", "most"), [(1, 1.0, 1.0), (2, 1.0, 2.0), (20, 10.0, 19.0), (100, 50.0, 95.0)]
)
def test_seconds_of_a_share_are_by_nearest_rank_as_those_of_calls_are(
    count: int, half: float, most: float
) -> None:
    found = figures_of([row(number) for number in range(count, 0, -1)])
    assert (found.percentile(50), found.percentile(95)) == (half, most)


def test_where_nothing_is_done_there_is_no_percentile() -> None:
    assert figures_of([]).percentile(50) is None


def test_a_duplicate_has_a_result_and_no_costs() -> None:
    found = figures_of([row(1), row(2, duplicate_of="1.pdf")])
    assert (found.documents, found.valid, found.requests) == (2, 2, 2)


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    assert figures_of([row(1), row(2, cost=None)]).cost_usd is None


def test_failed_and_unfinished_documents_are_told_and_are_not_valid() -> None:
    failed = row(1, state="failed", result=None, error={"type": "RefusalError", "message": "no"})
    found = figures_of([failed, row(2, state="planned", result=None, ended_at=None), row(3)])
    assert found.failed == {"RefusalError": 1}
    assert (found.unfinished, found.valid) == (1, 1)


def test_a_reply_is_valid_at_first_unless_it_was_repaired_or_asked_again() -> None:
    rows = [row(n, result=result(*kinds)) for n, kinds in enumerate([(), ("unproved",)])]
    rows += [row(9, result=result("date_from_text", "field_reask"))]
    found = figures_of(rows)
    assert found.valid_first == 2
    assert found.repaired == {"date_from_text": 1, "field_reask": 1}


def test_values_that_were_left_out_are_no_values_that_lack_a_proof() -> None:
    kept, dropped = figures_of([row(1)]), figures_of([row(1, result=result("unproved"))])
    assert (kept.proved, kept.values) == (1, 3)
    assert (dropped.proved, dropped.values) == (1, 2)  # a party's name went with the party
