"""A measure from end to end with our own systems, and what is made of results and rows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import side_by_side
from benchmarks.peers import contracts
from benchmarks.peers.judging import Verdict
from benchmarks.peers.measures import MEASURES
from benchmarks.peers.runs import run
from benchmarks.peers.schema import Contract
from benchmarks.peers.system import OneByOne, Result, Setup
from benchmarks.peers.tables import table
from extractor.types import JsonObject


def right(number: int) -> Contract:
    return Contract.model_validate(contracts.truth(number))


def test_a_verdict_tells_right_wrong_failed_and_lost_apart() -> None:
    verdict = Verdict(first=5, documents=4)
    results: Sequence[Result] = (right(5), right(5), ValueError("no"), None)
    for place, result in enumerate(results):
        verdict.take(place, result)
    assert (verdict.right, verdict.wrong, verdict.failed, verdict.lost) == (1, 1, 1, 1)
    assert verdict.errors == {"ValueError: no": 1}


def test_documents_of_which_nothing_came_are_lost() -> None:
    assert Verdict(first=1, documents=3).lost == 3


class Halting(OneByOne):
    """Fails each second document, and counts how many are worked on."""

    most = now = 0

    async def one(self, document: str) -> Result:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        number = contracts.number_in(document)
        if number % 2:
            raise ValueError(number)
        return right(number)


def test_a_system_works_on_so_many_at_once_and_a_failure_is_its_documents_own() -> None:
    system = Halting(Setup("", concurrency=3, timeout=1.0, rpm=0, tpm=0, tokens=60))
    documents = [contracts.contract(number, 60) for number in range(1, 11)]
    verdict = Verdict(first=1, documents=10)
    asyncio.run(system.drain(documents, verdict.take))
    assert (verdict.right, verdict.failed, verdict.lost) == (5, 5, 0)
    assert system.most == 3


def row(system: str, cpu: float, **more: object) -> JsonObject:
    return {"system": system, "cpu_ms_per_doc": cpu, "documents": 9, "version": "1.0", **more}


def test_a_table_has_medians_and_ratios_to_the_plain_sdk() -> None:
    rows = [row("openai", 2.0), row("ours", 1.0), row("ours", 0.5), row("ours", 9.0)]
    lines = table("cpu", [*rows, {"system": "baml", "error": "It did not start."}]).splitlines()
    assert lines[4].startswith("| openai | 1.0 | 9 | 1.00 | 2 |")
    assert lines[5].startswith("| ours | 1.0 | 9 | 0.50 | 1 |")
    assert lines[6].startswith("| baml | - | - | - | - |")


def test_our_systems_run_from_the_command_and_every_row_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.jsonl"
    told = ["memory", "--systems", "ours,ours_no_evidence", "--documents", "3", "--out", str(out)]
    assert side_by_side.main(told) == 0
    assert capsys.readouterr().out.count("| 3 |") >= 2
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [each["system"] for each in rows] == ["ours", "ours_no_evidence"]
    for each in rows:
        assert (each["right"], each["wrong"], each["requests"]) == (3, 0, 3)


def test_a_tail_leaves_a_least_time_that_a_run_is_held_against() -> None:
    found = run("tail", "ours_no_evidence", 20)
    longest = max(MEASURES["tail"].knobs.delay(number, 0) for number in range(1, 21))
    assert found["minimum_s"] == longest  # all twenty are under way at once
    assert found["right"] == 20
    assert found["over_minimum"] >= 1.0


def test_unknown_systems_are_refused_with_the_list_of_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        side_by_side.main(["cpu", "--systems", "ours,theirs"])
    assert "no such systems: theirs; there are openai" in capsys.readouterr().err
