"""What a ledger in a file keeps, through full disks, forks and crashes."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from collections import deque
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import ledger_race
from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import CallRecord
from extractor.errors import (
    ConfigurationError,
    CostLimitError,
    StoreError,
)
from extractor.types import Usage
from tests.recorded_calls import Clocks, records, reserve, sent, settled

RUN = Budget("run", "run-1", 10_000)


def test_a_file_still_takes_the_cost_of_what_was_unknown(path: Path) -> None:
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, sent(1), [RUN])
        ledger.settle(replace(sent(1), state="unknown"), [RUN])
        ledger.settle(settled(sent(1), 10), [RUN])
        assert ledger.total(RUN) == Total(spent=10)


def test_the_row_is_in_the_file_before_the_call_is_sent(path: Path) -> None:
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, sent(1), [RUN])
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT id, state, reserved FROM calls").fetchall() == [
                ("call-000001", "sent", 1_000)
            ]


def test_every_fact_of_a_record_is_kept(path: Path) -> None:
    before = sent(
        7,
        extraction="extraction-7",
        attempt=2,
        retry_cause="RateLimitError",
        metadata={"user": "ada", "endpoint": "/extract", "matter": "M-1 \N{SNOWMAN}"},
    )
    after = settled(
        before,
        812,
        usage=Usage(100, 20, 30, 40, 5),
        response_model="gpt-5.4-mini-2026-05-01",
        error_type="ParseError",
        status=200,
        request_id="req_1",
        response_id="resp_1",
    )
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, before)
        assert records(path) == [before]
        ledger.settle(after, [])
    assert records(path) == [after]


def test_half_a_character_from_a_reply_or_a_user_is_kept_as_its_escape(path: Path) -> None:
    user, limit = "ada \ud83d", Budget("day", "ada \ud83d", 1_500)
    before = sent(1, metadata={"user": user})
    with closing(SqliteLedger(path, clocks=Clocks())) as ledger:
        reserve(ledger, before, [limit])
        ledger.settle(settled(before, 700, response_model="gpt \udcff"), [limit])
        assert ledger.total(limit) == Total(spent=700)
    (record,) = records(path)
    assert record.response_model == "gpt \\udcff"


def test_a_file_keeps_its_time_zone(path: Path) -> None:
    SqliteLedger(path, timezone="Europe/Dublin").close()
    SqliteLedger(path, timezone="Europe/Dublin").close()
    with pytest.raises(ConfigurationError, match="keeps its days in Europe/Dublin, not in UTC"):
        SqliteLedger(path)


def test_an_end_that_cannot_be_written_is_told_kept_and_written_later(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(SqliteLedger(path, patience=0.05)) as ledger:
        reserve(ledger, sent(1), [RUN])
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ledger.settle(settled(sent(1), 700), [RUN])
            with pytest.raises(StoreError, match="locked"):
                reserve(ledger, sent(2), [RUN])
        assert "The end of call call-000001 (settled) is not written" in caplog.text
        reserve(ledger, sent(3), [RUN])
        assert ledger.total(RUN) == Total(spent=700, reserved=1_000)


class Emptied(deque[CallRecord]):
    """What another thread has taken everything of, between a look at it and the next."""

    def __len__(self) -> int:
        return super().__len__() + 3


def test_ends_that_another_thread_has_written_meanwhile_are_no_fault(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SqliteLedger(path)) as ledger:
        monkeypatch.setattr(ledger, "_unwritten", Emptied([replace(sent(9), state="unsent")]))
        reserve(ledger, sent(1), [RUN])
        assert ledger.total(RUN) == Total(reserved=1_000)


def test_an_end_after_the_ledger_is_closed_is_told_and_raises_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = SqliteLedger(path)
    reserve(ledger, sent(1), [RUN])
    ledger.close()
    ledger.settle(settled(sent(1), 700), [RUN])
    assert "is not written" in caplog.text
    with pytest.raises(StoreError, match="closed"):
        ledger.reserve(sent(2), [RUN])


def test_an_end_without_a_beginning_is_told(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(SqliteLedger(path)) as ledger:
        ledger.settle(settled(sent(1), 700), [RUN])
        assert ledger.total(RUN) == Total()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_threads_share_a_budget_to_the_last_micro_dollar(path: Path) -> None:
    granted: list[int] = []

    def ask(ledger: SqliteLedger, thread: int) -> None:
        for number in range(30):
            try:
                reserve(ledger, sent(thread * 100 + number, reserved=100), [RUN])
                granted.append(1)
            except CostLimitError:
                pass

    with closing(SqliteLedger(path)) as ledger:
        threads = [threading.Thread(target=ask, args=(ledger, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert ledger.total(RUN) == Total(reserved=10_000)
    assert len(granted) == 100


def test_a_forked_child_writes_under_its_own_name(path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from extractor.calls.ledger.sqlite import SqliteLedger
from tests.recorded_calls import reserve, sent
ledger = SqliteLedger(Path(sys.argv[1]))
reserve(ledger, sent(1))
child = os.fork()
reserve(ledger, sent(2 if child == 0 else 3))
ledger.close()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)  # noqa: S603
    with closing(sqlite3.connect(path)) as connection:
        rows = dict(connection.execute("SELECT id, process FROM calls").fetchall())
    assert rows["call-000001"] == rows["call-000003"] != rows["call-000002"]


def test_two_processes_never_pass_a_run_or_a_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ledger_race.main(["--processes", "2", "--callers", "8"]) == 0, capsys.readouterr().out


def test_killed_writers_lose_nothing_that_they_were_told() -> None:
    command = [sys.executable, "-m", "benchmarks.ledger_crash", "--kills", "20"]
    ran = subprocess.run(command, check=False, timeout=120, capture_output=True, text=True)  # noqa: S603
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("told", "state", "total"),
    [
        ({"usage": Usage(10**30, 5)}, "settled", Total(700, 0)),
        ({"status": "full"}, "settled", Total(700, 0)),
        ({"request_id": ["a list"]}, "settled", Total(700, 0)),
        ({"cost": 10**30}, "unknown", Total(0, 1_000)),
        ({"cost": -5}, "unknown", Total(0, 1_000)),
        ({"response_model": "half of \ud83d"}, "settled", Total(700, 0)),
    ],
)
def test_an_end_is_written_without_what_the_file_can_not_hold(
    path: Path, told: dict[str, Any], state: str, total: Total
) -> None:
    with closing(SqliteLedger(path, clocks=Clocks())) as ledger:
        reserve(ledger, sent(1), [RUN])
        ledger.settle(replace(settled(sent(1), 700), **told), [RUN])
        assert ledger.total(RUN) == total
    (record,) = records(path)
    assert record.state == state
    assert record.cost == (700 if state == "settled" else None)
