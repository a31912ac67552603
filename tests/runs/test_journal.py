"""The journal: who works on what, what lasts, and what a later program finds."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from extractor import ConfigurationError, StoreError
from extractor.calls.ledger.attempts import open_to_read
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.ledger.stats import call_stats
from extractor.runs.base import Bill, Claim, Taken
from extractor.runs.configuration import Configuration
from extractor.runs.journal import LEASE, SqliteJournal
from extractor.runs.reader import RunReader
from tests.recorded_calls import reserve, sent
from tests.runs.conftest import PLAIN, contents, states

BILL = Bill(2, 300, 40, 0.25)


def test_files_keep_the_order_in_which_they_came(journal: SqliteJournal, tmp_path: Path) -> None:
    assert journal.register(tmp_path, ["b.pdf", "a.pdf"]) == 2
    assert journal.register(tmp_path, ["a.pdf", "c.pdf", "b.pdf"]) == 3
    assert [row.path for row in journal.unfinished(-1, 10)] == ["b.pdf", "a.pdf", "c.pdf"]
    assert [row.path for row in journal.unfinished(1, 1)] == ["a.pdf"]


def test_many_files_are_taken_in_at_once(journal: SqliteJournal, tmp_path: Path) -> None:
    assert journal.register(tmp_path, (f"{n:05}.txt" for n in range(2_500))) == 2_500


def test_what_is_claimed_is_nobody_elses(
    journal: SqliteJournal, claimed: Callable[..., Claim], tmp_path: Path
) -> None:
    claimed("a.pdf", "same")
    assert journal.unfinished(-1, 10) == []
    journal.register(tmp_path, ["a.pdf", "b.pdf"])
    (other,) = journal.unfinished(-1, 10)
    assert journal.claim(other, contents("same")).wait() == Taken("planned", is_under_way=True)


def test_a_result_is_there_for_every_file_with_that_content(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    claim = claimed("a.pdf", "same")
    assert journal.finish(claim, {"value": {"law": "Ireland"}}, BILL).wait()
    journal.register(tmp_path, ["a.pdf", "b.pdf"])
    (other,) = journal.unfinished(-1, 10)
    assert journal.claim(other, contents("same")).wait() == Taken("done", is_under_way=False)
    with closing(RunReader(run_file)) as reader:
        first, second = reader.rows()
        assert first.duplicate_of is None
        assert (second.duplicate_of, second.result) == ("a.pdf", first.result)
        assert second.result == {"value": {"law": "Ireland"}}
        counts = reader.counts()
        assert (counts.files, counts.duplicates) == ({"done": 2}, 1)
        assert reader.spent()[:4] == (2, 300, 40, 250_000)  # paid once


def test_who_has_lost_a_claim_writes_nothing(run_file: Path, tmp_path: Path) -> None:
    now = 1_000.0
    with closing(SqliteJournal(run_file, clock=lambda: now)) as journal:
        journal.put_into_force(PLAIN)
        journal.register(tmp_path, ["a.pdf"])
        (file,) = journal.unfinished(-1, 1)
        slow = journal.claim(file, contents("a")).wait()
        now += LEASE + 1  # the machine slept
        (file,) = journal.unfinished(-1, 1)
        quick = journal.claim(file, contents("a")).wait()
        assert isinstance(slow, Claim)
        assert isinstance(quick, Claim)
        assert quick.fence == slow.fence + 1
        assert journal.finish(quick, {"by": "quick"}, BILL).wait()
        assert not journal.finish(slow, {"by": "slow"}, BILL).wait()
        assert not journal.fail(slow, {"type": "X"}, BILL).wait()
        assert not journal.release(slow).wait()
    with closing(RunReader(run_file)) as reader:
        (row,) = reader.rows()
    assert (row.state, row.result) == ("done", {"by": "quick"})


def test_a_heartbeat_keeps_a_claim(run_file: Path, tmp_path: Path) -> None:
    now = 1_000.0
    with closing(SqliteJournal(run_file, clock=lambda: now)) as journal:
        journal.put_into_force(PLAIN)
        journal.register(tmp_path, ["a.pdf"])
        (file,) = journal.unfinished(-1, 1)
        journal.claim(file, contents("a")).wait()
        for _ in range(3):
            now += LEASE * 0.9
            journal.beat().wait()
        assert journal.unfinished(-1, 1) == []


def test_what_is_released_can_be_claimed_again(
    journal: SqliteJournal, claimed: Callable[..., Claim]
) -> None:
    claim = claimed("a.pdf")
    journal.note_sent(claim.key)
    assert journal.release(claim).wait()
    (file,) = journal.unfinished(-1, 1)
    assert isinstance(journal.claim(file, contents("a.pdf")).wait(), Claim)


def test_a_claim_of_a_process_that_died_is_given_up(run_file: Path, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        journal = SqliteJournal(run_file)
        journal.put_into_force(PLAIN)
        journal.register(tmp_path, ["a.pdf"])
        (file,) = journal.unfinished(-1, 1)
        claim = journal.claim(file, contents("a")).wait()
        assert isinstance(claim, Claim)
        journal.note_sent(claim.key)
        journal.beat().wait()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert states(run_file) == {"a.pdf": "unknown"}
    with closing(RunReader(run_file)) as reader:
        assert not reader.at_work()
        assert reader.under_way() == []
        assert reader.in_doubt(5) == ["a.pdf"]
    with closing(SqliteJournal(run_file)) as journal:
        assert states(run_file) == {"a.pdf": "unknown"}
        assert [file.path for file in journal.unfinished(-1, 1)] == ["a.pdf"]


def test_a_file_that_cannot_be_opened_has_failed_and_is_looked_at_again(
    journal: SqliteJournal, run_file: Path, tmp_path: Path
) -> None:
    journal.register(tmp_path, ["a.pdf"])
    (file,) = journal.unfinished(-1, 1)
    journal.unreadable(file, {"type": "DocumentError", "message": "no"}).wait()
    assert states(run_file) == {"a.pdf": "failed"}
    assert journal.unfinished(-1, 1) == []
    journal.register(tmp_path, ["a.pdf"], contents={"a.pdf": None})
    assert journal.unfinished(-1, 1) == [file]


def test_failures_are_tried_again_when_asked_for_under_another_secret(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    journal.fail(claimed("a.pdf"), {"type": "ExtractionError", "message": "no"}, BILL).wait()
    assert claimed("b.pdf").turn == 0
    assert journal.unfinished(-1, 1) == []
    assert journal.retry() == 1
    assert states(run_file) == {"a.pdf": "planned", "b.pdf": "planned"}
    (file,) = journal.unfinished(-1, 1)
    again = journal.claim(file, contents("a.pdf")).wait()
    assert isinstance(again, Claim)
    assert again.turn == 1  # that one alone
    assert journal.nonce_key(1) != journal.nonce_key(0)
    assert journal.retry() == 0


def test_another_configuration_asks_anew_and_the_first_one_is_kept(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    claim = claimed("a.pdf", "a")
    journal.finish(claim, {"value": 1}, BILL).wait()
    journal.put_into_force(Configuration({"schema": "Other"}))
    assert states(run_file) == {"a.pdf": "planned"}
    journal.put_into_force(PLAIN)
    assert states(run_file) == {"a.pdf": "done"}
    assert journal.unfinished(-1, 1) == []


def test_a_refresh_asks_anew_and_keeps_what_there_was(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    journal.finish(claimed("a.pdf", "a"), {"value": 1}, BILL).wait()
    journal.put_into_force(PLAIN.anew(journal.refreshes(anew=True)))
    assert states(run_file) == {"a.pdf": "planned"}
    assert journal.refreshes(anew=True) == journal.refreshes() == 1  # it goes on
    (file,) = journal.unfinished(-1, 1)
    claim = journal.claim(file, contents("a")).wait()
    assert isinstance(claim, Claim)
    journal.finish(claim, {"value": 2}, BILL).wait()
    assert not journal.is_refreshing()
    with closing(sqlite3.connect(run_file)) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    journal.put_into_force(PLAIN.anew(journal.refreshes(anew=True)))
    assert states(run_file) == {"a.pdf": "planned"}
    assert journal.refreshes() == 2
    with pytest.raises(ConfigurationError, match="asked anew meanwhile"):
        journal.put_into_force(PLAIN.anew(1))


def test_a_run_is_about_one_folder_unless_that_has_moved(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    journal.register(here, ["a.pdf"])
    with pytest.raises(ConfigurationError, match="is about"):
        journal.register(there, ["a.pdf"])
    here.rename(tmp_path / "moved")
    assert journal.register(there, ["a.pdf"]) == 1


def test_a_run_is_a_ledger_too(journal: SqliteJournal, run_file: Path) -> None:
    with open_to_read(run_file) as ledger:
        assert call_stats(ledger) == []
    assert journal.owner > 0


def test_a_damaged_file_is_refused(journal: SqliteJournal, run_file: Path, tmp_path: Path) -> None:
    journal.register(tmp_path, (f"{n:06}.txt" for n in range(3_000)))
    journal.close()
    data = bytearray(run_file.read_bytes())
    data[40_960:49_152] = b"\xff" * 8_192
    run_file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), closing(SqliteJournal(run_file)) as damaged:
        damaged.check()


def test_a_newer_file_is_refused(journal: SqliteJournal, run_file: Path) -> None:
    journal.close()
    with closing(sqlite3.connect(run_file)) as connection, connection:
        connection.execute("UPDATE run_version SET version = 99")
    with pytest.raises(StoreError, match="version 99"):
        SqliteJournal(run_file)
    with pytest.raises(StoreError, match="version 99"):
        RunReader(run_file)


def test_a_run_of_the_first_version_is_brought_up_to_date_after_a_copy(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    journal.finish(claimed("a.pdf"), {"value": 1}, BILL).wait()
    journal.close()
    with closing(sqlite3.connect(run_file)) as connection, connection:
        for index in ("replies_by_document", "documents_by_content", "files_by_content"):
            connection.execute(f"DROP INDEX {index}")
        connection.execute("DROP TABLE gone")
        connection.execute("ALTER TABLE replies DROP COLUMN document")
        connection.execute("UPDATE run_version SET version = 1")
    with pytest.raises(StoreError, match="a run of version 1"):
        RunReader(run_file)
    SqliteJournal(run_file).close()
    assert states(run_file) == {"a.pdf": "done"}
    assert run_file.with_name("run-version-1.sqlite").is_file()


def test_an_empty_place_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no run"):
        RunReader(tmp_path / "run.sqlite")


def test_two_journals_of_one_file_see_the_same(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    claim = claimed("a.pdf")
    with closing(SqliteJournal(run_file)) as other:
        assert other.unfinished(-1, 10) == []
        assert other.finish(claim, {"value": 1}, BILL).wait()
    assert journal.unfinished(-1, 10) == []


def test_other_settings_are_refused_while_another_process_is_at_work(
    run_file: Path, tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        busy = SqliteJournal(run_file)
        busy.put_into_force(PLAIN)
        busy.register(tmp_path, ["a.pdf"])
        (file,) = busy.unfinished(-1, 1)
        busy.claim(file, contents("a")).wait()
        os.write(told, b"x")
        os.read(reading, 1)
        os._exit(0)
    os.read(ready, 1)
    try:
        with closing(SqliteJournal(run_file)) as journal:
            journal.put_into_force(PLAIN)
            assert journal.others_at_work() == 1
            with closing(RunReader(run_file)) as reader:
                assert [path for path, _ in reader.under_way()] == ["a.pdf"]
            with pytest.raises(ConfigurationError, match="at work"):
                journal.put_into_force(Configuration({"schema": "Other"}))
            assert journal.configuration == PLAIN
    finally:
        os.write(writing, b"x")
        os.waitpid(child, 0)


def test_who_was_overtaken_by_other_settings_claims_nothing(
    journal: SqliteJournal, run_file: Path, tmp_path: Path
) -> None:
    journal.register(tmp_path, ["a.pdf"])
    (file,) = journal.unfinished(-1, 1)
    with closing(sqlite3.connect(run_file)) as connection, connection:
        connection.execute("DELETE FROM sessions")  # it was not heard of for a minute
    with closing(SqliteJournal(run_file)) as other:
        other.put_into_force(Configuration({"schema": "Other"}))
    with pytest.raises(ConfigurationError, match="other settings"):
        journal.claim(file, contents("a")).wait()
    journal.put_into_force(PLAIN)
    assert isinstance(journal.claim(file, contents("a")).wait(), Claim)


def test_a_run_can_be_looked_into_where_nobody_may_write(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path
) -> None:
    journal.finish(claimed("a.pdf"), {"value": 1}, BILL).wait()
    journal.close()
    before = run_file.read_bytes()
    assert states(run_file) == {"a.pdf": "done"}
    assert run_file.read_bytes() == before


def test_another_database_is_no_run(tmp_path: Path) -> None:
    other = tmp_path / "run.sqlite"
    other.write_bytes(b"")
    with pytest.raises(StoreError, match="no run"):
        RunReader(other)
    assert other.read_bytes() == b""
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(StoreError, match="something else"):
        RunReader(other)


def test_a_ledger_that_is_in_use_becomes_no_run(run_file: Path) -> None:
    run_file.parent.mkdir()
    with closing(SqliteLedger(run_file)) as ledger:
        reserve(ledger, sent(1), [])
    with pytest.raises(StoreError, match="a call ledger that is in use"):
        SqliteJournal(run_file)
    with closing(sqlite3.connect(run_file)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert "documents" not in tables
