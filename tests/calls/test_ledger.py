"""What ledgers promise: money is set aside before, settled after, and never counted twice."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import ledger_race
from extractor.calls.attempts import Filter, calls, open_to_read
from extractor.calls.base import Budget
from extractor.calls.budgets import Total
from extractor.calls.ledger import MemoryLedger, SqliteLedger
from extractor.calls.records import CallRecord
from extractor.errors import (
    ConfigurationError,
    CostLimitError,
    DailyLimitError,
    StoreError,
    UnknownPriceError,
)
from extractor.types import Usage
from tests.recorded_calls import EPOCH, Clocks, reserve, sent, settled

AnyLedger: TypeAlias = MemoryLedger | SqliteLedger

DOCUMENT = Budget("document", "extraction-1", 5_000)
RUN = Budget("run", "run-1", 10_000)
DAY = Budget("day", "ada", 8_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.sqlite"


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, path: Path) -> Iterator[AnyLedger]:
    kept = MemoryLedger(clocks=Clocks())
    with closing(kept if request.param == "memory" else SqliteLedger(path, clocks=Clocks())) as one:
        yield one


def records(path: Path) -> list[CallRecord]:
    with open_to_read(path) as connection:
        return list(calls(connection, Filter()))


def test_what_is_set_aside_becomes_what_it_cost(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [DOCUMENT, RUN, DAY])
    for budget in (DOCUMENT, RUN, DAY):
        assert ledger.total(budget) == Total(spent=0, reserved=1_000)
    ledger.settle(settled(sent(1), 700), [DOCUMENT, RUN, DAY])
    for budget in (DOCUMENT, RUN, DAY):
        assert ledger.total(budget) == Total(spent=700, reserved=0)


def test_what_was_not_sent_gives_all_of_it_back(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total()


def test_an_unknown_end_keeps_it(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    ledger.settle(replace(sent(1), state="unknown"), [RUN])
    assert ledger.total(RUN) == Total(reserved=1_000)


def test_a_file_still_takes_the_cost_of_what_was_unknown(path: Path) -> None:
    with closing(SqliteLedger(path)) as ledger:
        reserve(ledger, sent(1), [RUN])
        ledger.settle(replace(sent(1), state="unknown"), [RUN])
        ledger.settle(settled(sent(1), 10), [RUN])
        assert ledger.total(RUN) == Total(spent=10)


def test_a_second_end_changes_nothing(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    for cost in (700, 100):
        ledger.settle(settled(sent(1), cost), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total(spent=700)


@pytest.mark.parametrize(
    ("budget", "error"),
    [(DOCUMENT, CostLimitError), (RUN, CostLimitError), (DAY, DailyLimitError)],
)
def test_one_budget_that_is_used_up_refuses_and_sets_nothing_aside(
    ledger: AnyLedger, budget: Budget, error: type[CostLimitError | DailyLimitError]
) -> None:
    low = replace(budget, limit=1_500)
    budgets = [low if low.scope == b.scope else b for b in (DOCUMENT, RUN, DAY)]
    reserve(ledger, sent(1), budgets)
    with pytest.raises(error) as caught:
        reserve(ledger, sent(2), budgets)
    for each in budgets:
        assert ledger.total(each) == Total(reserved=1_000)
    refusal = caught.value
    assert isinstance(refusal, CostLimitError | DailyLimitError)
    assert (refusal.spent, refusal.reserved) == (Decimal(0), Decimal("0.001"))
    assert refusal.estimate == Decimal("0.001")
    assert refusal.limit == Decimal("0.0015")
    reserve(ledger, sent(3, reserved=500), budgets)  # which just fits


def test_after_a_refusal_an_unsent_end_is_nothing_to_tell(
    ledger: AnyLedger, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CostLimitError):
        reserve(ledger, sent(1, reserved=20_000), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total()
    assert not caplog.records


def test_an_attempt_of_unknown_price_passes_only_where_nothing_is_limited(
    ledger: AnyLedger,
) -> None:
    with pytest.raises(UnknownPriceError, match=r"openai:gpt-5\.4-mini"):
        reserve(ledger, sent(1, reserved=None), [RUN])
    reserve(ledger, sent(2, reserved=None))
    ledger.settle(replace(sent(2, reserved=None), state="unknown"), [])
    assert ledger.total(DAY) == Total()


def test_a_limit_set_at_noon_knows_of_the_morning(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1))
    ledger.settle(settled(sent(1), 900), [])
    with pytest.raises(DailyLimitError):
        reserve(ledger, sent(2), [replace(DAY, limit=1_500)])


def test_users_and_documents_have_budgets_of_their_own(ledger: AnyLedger) -> None:
    for number in range(20):
        user, document = f"user-{number % 5}", f"extraction-{number}"
        record = sent(number, extraction=document, metadata={"user": user})
        reserve(ledger, record, [Budget("document", document, 1_000), Budget("day", user, 4_000)])
    for number in range(5):
        assert ledger.total(Budget("day", f"user-{number}", 0)) == Total(reserved=4_000)


def test_of_two_budgets_for_the_same_the_lower_one_counts_once(ledger: AnyLedger) -> None:
    both = [replace(RUN, limit=2_000), replace(RUN, limit=50_000)]
    reserve(ledger, sent(1), both)
    assert ledger.total(RUN) == Total(reserved=1_000)
    with pytest.raises(CostLimitError):
        reserve(ledger, sent(2, reserved=1_001), both[::-1])


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_reply_after_midnight_counts_on_the_day_of_its_reservation(path: Path, kind: str) -> None:
    clocks = Clocks()
    with closing(
        MemoryLedger(clocks=clocks) if kind == "memory" else SqliteLedger(path, clocks=clocks)
    ) as ledger:
        reserve(ledger, sent(1), [DAY])
        clocks.sleep(86_400)
        ledger.settle(settled(sent(1), 700), [DAY])
        assert ledger.total(DAY) == Total()


Step: TypeAlias = tuple[int, int, str]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3_000),
            st.integers(0, 100),
            st.sampled_from(["settled", "unknown", "unsent", "sent"]),
        ),
        max_size=40,
    )
)
def test_no_limit_is_passed_and_both_ledgers_agree(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "calls.sqlite"
    with closing(SqliteLedger(path, clocks=Clocks())) as file:
        ledgers: tuple[AnyLedger, ...] = (MemoryLedger(clocks=Clocks()), file)
        for number, (amount, percent, state) in enumerate(steps):
            record = sent(number, reserved=amount)
            outcomes = {_spend(ledger, record, percent, state) for ledger in ledgers}
            assert len(outcomes) == 1
            (totals,) = outcomes
            for total, budget in zip(totals, (DOCUMENT, RUN, DAY), strict=True):
                assert 0 <= total.spent + total.reserved <= budget.limit
                assert min(total.spent, total.reserved) >= 0


def _spend(ledger: AnyLedger, record: CallRecord, percent: int, state: str) -> tuple[Total, ...]:
    budgets = (DOCUMENT, RUN, DAY)
    try:
        reserve(ledger, record, budgets)
    except (CostLimitError, DailyLimitError):
        state = "unsent"
    if state == "settled":
        ledger.settle(settled(record, (record.reserved or 0) * percent // 100), budgets)
    elif state == "unsent":
        ledger.settle(replace(record, state="unsent"), budgets)
    elif state == "unknown":
        ledger.settle(replace(record, state="unknown"), budgets)
    return tuple(ledger.total(budget) for budget in budgets)


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
from extractor.calls.ledger import SqliteLedger
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


def crash(path: Path, *, until: str) -> None:
    """Let a process reserve, settle one of its two calls, and die of SIGKILL."""
    code = """
import os, signal, sys
from pathlib import Path
from extractor.calls.base import Budget
from extractor.calls.ledger import SqliteLedger
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
