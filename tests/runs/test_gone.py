"""Files that are gone: forgotten, unless their results would be lost with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from extractor.runs.base import Bill, Claim
from extractor.runs.configuration import Configuration
from extractor.runs.journal import SqliteJournal
from extractor.runs.reader import RunReader
from tests.runs.conftest import PLAIN, contents, states

BILL = Bill(2, 300, 40, 0.25)
OTHER = Configuration({"schema": "Other"})


def results(file: Path) -> dict[str, object]:
    with closing(RunReader(file)) as reader:
        return {row.path: row.result for row in reader.rows()}


def test_a_file_that_is_gone_is_forgotten_unless_it_has_a_result(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("done.pdf"), {"value": 1}, BILL).wait()
    journal.fail(claimed("failed.pdf"), {"type": "X"}, BILL).wait()
    journal.register(tmp_path, ["new.pdf"])
    assert states(run_file) == {"done.pdf": "done", "new.pdf": "planned"}


def test_a_file_that_was_renamed_is_in_the_run_once(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("before.pdf", "same"), {"value": 1}, BILL).wait()
    journal.register(tmp_path, ["after.pdf"])
    (file,) = journal.unfinished(-1, 10)
    journal.claim(file, contents("same")).wait()
    assert states(run_file) == {"before.pdf": "done", "after.pdf": "done"}
    journal.forget_gone()
    assert states(run_file) == {"after.pdf": "done"}


def test_a_file_that_is_gone_is_left_out_under_other_settings_and_back_with_the_first_ones(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("gone.pdf"), {"value": 1}, BILL).wait()
    journal.finish(claimed("here.pdf"), {"value": 2}, BILL).wait()
    journal.put_into_force(OTHER)
    journal.register(tmp_path, ["here.pdf"])
    assert states(run_file) == {"here.pdf": "planned"}
    with closing(RunReader(run_file)) as reader:
        assert "gone.pdf" in reader.contents()  # it may come back, by another name too
    journal.register(tmp_path, ["here.pdf"])
    journal.put_into_force(PLAIN)
    journal.register(tmp_path, ["here.pdf"])
    assert results(run_file) == {"gone.pdf": {"value": 1}, "here.pdf": {"value": 2}}
    journal.register(tmp_path, ["here.pdf"])
    assert states(run_file) == {"gone.pdf": "done", "here.pdf": "done"}


def test_a_file_that_was_gone_before_the_settings_changed_comes_back_too(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("gone.pdf"), {"value": 1}, BILL).wait()
    journal.register(tmp_path, ["here.pdf"])
    for asked in (OTHER, Configuration({"schema": "Third"}), PLAIN):
        journal.put_into_force(asked)
        journal.register(tmp_path, ["here.pdf"])
    assert states(run_file) == {"gone.pdf": "done", "here.pdf": "planned"}


def test_a_refresh_leaves_the_results_of_files_that_are_gone(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("gone.pdf"), {"value": 1}, BILL).wait()
    journal.finish(claimed("here.pdf"), {"value": 2}, BILL).wait()
    journal.put_into_force(PLAIN.anew(journal.refreshes(anew=True)))
    journal.register(tmp_path, ["here.pdf"])
    assert results(run_file) == {"gone.pdf": {"value": 1}, "here.pdf": None}
    journal.put_into_force(OTHER.anew(1))
    journal.register(tmp_path, ["here.pdf"])
    assert states(run_file) == {"here.pdf": "planned"}
    journal.put_into_force(PLAIN.anew(1))
    journal.register(tmp_path, ["here.pdf"])
    assert results(run_file) == {"here.pdf": None, "gone.pdf": {"value": 1}}


def test_a_file_that_comes_back_has_its_result_again_and_is_there_once(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("a.pdf"), {"value": 1}, BILL).wait()
    journal.put_into_force(OTHER)
    journal.register(tmp_path, ["b.pdf"])
    journal.put_into_force(PLAIN)
    held = contents("a.pdf")
    journal.register(tmp_path, ["a.pdf", "b.pdf"], contents={"a.pdf": held, "b.pdf": None})
    assert states(run_file) == {"b.pdf": "planned", "a.pdf": "done"}


def test_a_file_that_was_renamed_is_known_by_what_it_holds(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    journal.finish(claimed("before.pdf", "same"), {"value": 1}, BILL).wait()
    journal.register(tmp_path, ["after.pdf"], contents={"after.pdf": contents("same")})
    assert states(run_file) == {"after.pdf": "done"}
    journal.put_into_force(OTHER)
    journal.register(tmp_path, ["last.pdf"], contents={"last.pdf": contents("same")})
    journal.put_into_force(PLAIN)
    journal.register(tmp_path, ["last.pdf"])
    assert states(run_file) == {"last.pdf": "done"}
