"""What is added up from the rows of a ledger."""

from __future__ import annotations

import math
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.ledger.attempts import Filter, calls, open_to_read
from extractor.calls.ledger.rows import END, INSERT, LEDGER, begun, ended
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.ledger.stats import CallStats, Dimension, call_stats
from extractor.calls.records import CallRecord
from extractor.calls.steps import Target
from extractor.calls.storage.database import connect
from extractor.errors import ConfigurationError
from extractor.types import Usage
from tests.recorded_calls import EPOCH, Clocks, reserve, sent, settled

CLAUDE = Target("anthropic", "claude-haiku-5-5", "hash")


def write(path: Path, *records: CallRecord) -> None:
    with closing(SqliteLedger(path, clocks=Clocks())) as ledger:
        for record in records:
            reserve(ledger, replace(record, state="sent", cost=None))
            if record.state != "sent":
                ledger.settle(record, [])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two users' calls, of every kind."""
    path = tmp_path / "calls.sqlite"
    ben = {"user": "ben", "endpoint": "/extract"}
    late = replace(sent(3), state="unknown", latency=30.0, error_type="APITimeoutError")
    limited = sent(4, target=CLAUDE, technique="native", metadata=ben)
    write(
        path,
        settled(sent(1), 700, latency=1.0, usage=Usage(100, 20, 50, 0, 5)),
        settled(sent(2, extraction="extraction-2"), 300, latency=3.0, usage=Usage(50, 10)),
        late,
        settled(limited, 0, usage=None, latency=0.5, error_type="RateLimitError", status=429),
        settled(
            replace(limited, id="call-000005", retry_cause="RateLimitError", attempt=2),
            2_000,
            latency=2.0,
            usage=Usage(10, 2),
        ),
        replace(sent(6), state="unsent", error_type="ConfigurationError"),
        sent(7),
    )
    return path


def stats(path: Path, by: Dimension | None = None, since: float | None = None) -> list[CallStats]:
    with open_to_read(path) as connection:
        return call_stats(connection, by, since=since)


def test_all_calls_are_added_up_but_none_that_was_not_sent(path: Path) -> None:
    (total,) = stats(path)
    assert total == CallStats(
        key="",
        calls=6,
        extractions=2,
        retries=1,
        usage=Usage(160, 32, 50, 0, 5),
        told=3,
        latency={50: 2.0, 95: 30.0, 99: 30.0},
        errors={"APITimeoutError": 1, "RateLimitError": 1},
        cost=3_000,
        unknown=1,
        reserved=1_000,
    )
    assert total.tokens_per_call == 64.0
    assert total.error_rate == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("model", {"anthropic:claude-haiku-5-5": 2, "openai:gpt-5.4-mini": 4}),
        ("user", {"ben": 2, "ada": 4}),
        ("day", {"2026-09-21": 6}),
        ("endpoint", {"/extract": 2, "": 4}),
        ("technique", {"native": 2, "strict": 4}),
    ],
)
def test_calls_are_told_apart_the_most_expensive_first(
    path: Path, by: Dimension, keys: dict[str, int]
) -> None:
    groups = stats(path, by)
    assert [(group.key, group.calls) for group in groups] == list(keys.items())
    assert sum(group.cost for group in groups) == 3_000


def test_errors_and_latencies_are_those_of_their_group(path: Path) -> None:
    ben, ada = stats(path, "user")
    assert (ben.errors, ada.errors) == ({"RateLimitError": 1}, {"APITimeoutError": 1})
    assert (ben.latency[99], ada.latency[50]) == (2.0, 3.0)


def test_earlier_calls_are_left_out(path: Path) -> None:
    (total,) = stats(path, since=EPOCH + 4)
    assert (total.calls, total.cost) == (3, 2_000)
    assert stats(path, since=EPOCH + 100) == []


def test_calls_under_way_have_no_latency_yet(path: Path) -> None:
    (total,) = stats(path, since=EPOCH + 7)
    assert (total.calls, total.latency, total.unknown, total.tokens_per_call) == (1, {}, 0, None)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 600, allow_subnormal=False), min_size=1, max_size=120))
def test_percentiles_are_by_nearest_rank(
    tmp_path_factory: pytest.TempPathFactory, latencies: list[float]
) -> None:
    path = tmp_path_factory.mktemp("stats") / "calls.sqlite"
    write(path)
    _insert(path, latencies)
    (total,) = stats(path)
    for percent, seconds in total.latency.items():
        assert seconds == sorted(latencies)[math.ceil(percent * len(latencies) / 100) - 1]


def _insert(path: Path, latencies: list[float]) -> None:
    """Write rows as the ledger would, but without waiting for the disk at each."""
    with closing(connect(path, LEDGER)) as connection:
        connection.execute("BEGIN")
        for number, latency in enumerate(latencies):
            record = sent(number, metadata={"user": f"user-{number % 7}"})
            connection.execute(INSERT, (*begun(record), "2026-09-21", "[]", 1))
            connection.execute(END, ended(settled(record, 5, latency=latency))).fetchall()
        connection.execute("COMMIT")


def test_many_calls_are_added_up_in_little_time_and_listed_without_being_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "calls.sqlite"
    write(path)
    _insert(path, [number % 100 / 10 for number in range(20_000)])
    began = time.process_time()
    assert len(stats(path, "user")) == 7
    assert time.process_time() - began < 5
    with open_to_read(path) as connection:
        first = next(calls(connection, Filter()))
    assert first.id == "call-019999"


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [7, 6, 5, 4, 3, 2, 1]),
        (Filter(state="unknown"), [3]),
        (Filter(state="settled", user="ben"), [5, 4]),
        (Filter(model="claude-haiku-5-5"), [5, 4]),
        (Filter(model="openai:gpt-5.4-mini", errors=True), [6, 3]),
        (Filter(extraction="extraction-2"), [2]),
        (Filter(since=EPOCH + 6), [7, 6]),
        (Filter(user="' OR 1=1 --"), []),
    ],
)
def test_calls_are_listed_as_asked_for(path: Path, wanted: Filter, numbers: list[int]) -> None:
    with open_to_read(path) as connection:
        found = [int(record.id[-6:]) for record in calls(connection, wanted)]
        assert found == numbers
        assert [r.id for r in calls(connection, wanted, newest=1)] == [
            f"call-{number:06}" for number in numbers[:1]
        ]


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none" / "calls.sqlite"
    with pytest.raises(ConfigurationError, match="no ledger at"), open_to_read(path):
        pass
    assert not path.parent.exists()


def test_an_empty_file_is_not_made_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "contract.txt"
    path.touch()
    with pytest.raises(ConfigurationError, match="no ledger at"), open_to_read(path):
        pass
    assert not path.stat().st_size


def test_who_reads_changes_nothing(path: Path) -> None:
    with open_to_read(path) as connection:
        for table in ("calls", "totals", "clock"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - from above
