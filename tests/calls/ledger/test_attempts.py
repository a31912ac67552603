"""Reading a ledger's file, and settling by hand what a crash left open."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.errors import (
    ConfigurationError,
    CostLimitError,
    StoreError,
)
from tests.recorded_calls import EPOCH, records, reserve, sent, settled

RUN = Budget("run", "run-1", 10_000)


def crash(path: Path, *, until: str) -> None:
    """Let a process reserve, settle one of its two calls, and die of SIGKILL."""
    code = """
import os, signal, sys
from pathlib import Path
from extractor.calls.base import Budget
from extractor.calls.ledger.sqlite import SqliteLedger
from tests.recorded_calls import reserve, sent, settled
ledger, run = SqliteLedger(Path(sys.argv[1])), Budget("run", "run-1", 10_000)
reserve(ledger, sent(1), [run])
reserve(ledger, sent(2), [run])
ledger.settle(settled(sent(1), 300), [run])
reserve(ledger, sent(3, reserved=None))
print(sys.argv[2], flush=True)
signal.pause()
"""
    command = [sys.executable, "-c", code, str(path), until]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdout is not None
        assert child.stdout.readline().strip() == until
        assert [r.state for r in records(path)] == ["sent", "sent", "settled"]  # it lives
        os.kill(child.pid, signal.SIGKILL)


def test_a_crash_between_post_and_settle_leaves_the_reservation_until_it_is_reconciled(
    path: Path,
) -> None:
    crash(path, until="posted")
    assert [record.state for record in records(path)] == ["unknown", "unknown", "settled"]
    with closing(SqliteLedger(path)) as ledger:
        assert ledger.total(RUN) == Total(spent=300, reserved=1_000)
        with pytest.raises(CostLimitError):
            reserve(ledger, sent(4, reserved=9_000), [RUN])
        ledger.reconcile(["call-000002"], 250)
        assert ledger.total(RUN) == Total(spent=550)
        reserve(ledger, sent(5, reserved=9_000), [RUN])
    assert {r.id: r.cost for r in records(path)}["call-000002"] == 250


def test_all_older_ones_are_reconciled_at_once_but_none_without_a_cost(path: Path) -> None:
    crash(path, until="posted")
    with closing(SqliteLedger(path)) as ledger:
        assert ledger.reconcile_before(EPOCH + 2).calls == 0
        done = ledger.reconcile_before(EPOCH + 100)
        assert (done.calls, done.cost, done.left) == (1, 1_000, 1)
        assert ledger.total(RUN) == Total(spent=1_300)
        with pytest.raises(ConfigurationError, match="Nothing was set aside"):
            ledger.reconcile(["call-000003"])
        assert ledger.reconcile_before(EPOCH + 100, 5).left == 0


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (["call-000001", "call-000009"], "has no call 'call-000009'"),
        (["call-000001", "call-000002"], "call-000002 is settled already"),
        (["call-000001", "call-000003"], "call-000003 is still under way"),
    ],
)
def test_what_is_not_unknown_is_not_reconciled_nor_are_those_named_beside_it(
    path: Path, ids: list[str], why: str
) -> None:
    with closing(SqliteLedger(path)) as ledger:
        for number in (1, 2, 3):
            reserve(ledger, sent(number), [RUN])
        ledger.settle(replace(sent(1), state="unknown"), [RUN])
        ledger.settle(settled(sent(2), 10), [RUN])
        with pytest.raises(ConfigurationError, match=why):
            ledger.reconcile(ids, 5)
        assert ledger.total(RUN) == Total(spent=10, reserved=2_000)


@pytest.mark.parametrize(
    ("facts", "age", "state"),
    [
        ("boot = 'another boot'", 0, "unknown"),
        ("started = started + 1", 0, "unknown"),
        ("namespace = 'a container'", 0, "sent"),
        ("namespace = 'a container'", 7_200, "unknown"),
        ("started = 0", 0, "sent"),
        ("started = 0, pid = 4194305", 0, "unknown"),
    ],
)
def test_a_process_is_dead_when_its_boot_or_start_says_so_or_it_is_silent_for_long(
    path: Path, facts: str, age: float, state: str
) -> None:
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, sent(1, started_at=time.time() - age))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE processes SET {facts}")  # noqa: S608 - from above
        connection.commit()
    assert [record.state for record in records(path)] == [state]


@pytest.mark.parametrize(
    "damage", ["metadata = 'no JSON'", "started_at = 'x'", "metadata = '[]'", "attempt = NULL"]
)
def test_a_damaged_row_is_told_by_its_id(path: Path, damage: str) -> None:
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, sent(1))
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute(f"UPDATE calls SET {damage}")  # noqa: S608 - from above
            connection.commit()
        except sqlite3.IntegrityError:
            return  # the table itself does not take it
    with pytest.raises(StoreError, match="call-000001"):
        records(path)
