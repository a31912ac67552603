"""The file itself: made, brought up to date, and what can be wrong with it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.calls.storage.database import Schema, connect
from extractor.calls.storage.store import Store
from extractor.errors import StoreError
from tests.calls.storage.word_list import WORDS, in_file, make_words, script, words, write


def count_words(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE words ADD COLUMN times INTEGER NOT NULL DEFAULT 1")


COUNTED = Schema("word list", 0x574F5244, (make_words, count_words))


OTHER = Schema("other list", 0x4F544845, (make_words,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "words.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path, WORDS)) as store:
        yield store


def test_only_the_owner_may_read_the_file_and_its_folder(store: Store, path: Path) -> None:
    store.run(write("one"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_older_file_is_brought_up_to_date_and_keeps_what_it_has(path: Path) -> None:
    with closing(Store(path, WORDS)) as old:
        old.run(write("kept"))
    with closing(Store(path, COUNTED)) as new:
        assert new.run(lambda c: c.execute("SELECT * FROM words").fetchall()) == [("kept", 1)]


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        count_words(connection)
        raise sqlite3.OperationalError("no such table: nothing")

    with closing(Store(path, WORDS)):
        pass
    with pytest.raises(StoreError, match="no such table"):
        Store(path, Schema(WORDS.name, WORDS.application_id, (make_words, fail)))
    with closing(Store(path, COUNTED)) as store:
        store.run(write("now"))


def test_a_newer_file_is_refused_in_words(path: Path) -> None:
    with closing(Store(path, COUNTED)):
        pass
    with pytest.raises(StoreError, match="version 2; this program knows 1") as caught:
        Store(path, WORDS)
    assert "newer program" in str(caught.value.hint)


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    with closing(Store(path, OTHER)), pytest.raises(StoreError, match="in use as a other list"):
        Store(path, WORDS)
    with pytest.raises(StoreError, match="holds something else"):
        Store(path, WORDS)


def test_somebody_elses_database_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="holds something else"):
        Store(path, WORDS)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "page"])
def test_a_damaged_file_is_refused_with_a_way_out(path: Path, damage: str) -> None:
    with closing(Store(path, WORDS)) as store:
        store.run(write("a"))
    content = bytearray(path.read_bytes())
    if damage == "text":
        content[:16] = b"A contract, not "
    else:
        content[100:140] = b"\xff" * 40
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        Store(path, WORDS)
    assert "backup" in str(caught.value.hint)


def test_what_a_damaged_page_says_is_quoted_by_no_error(path: Path) -> None:
    with closing(Store(path, WORDS)) as store:
        store.run(write("a"))
    whole = path.read_bytes()
    for word in (b"CANARY", b"\xb2\xb2\xb2\xb2\xb2\xb2"):  # the second is no text at all
        path.write_bytes(whole.replace(b"CREATE", word))
        with pytest.raises(StoreError, match="is damaged") as caught:
            connect(path, WORDS)
        assert "CANARY" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


@pytest.mark.parametrize("place", ["/proc/no-such-folder/words.sqlite", "a-file/words.sqlite"])
def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(StoreError, match="can't be opened") as caught:
        Store(tmp_path / place, WORDS)
    assert "rights" in str(caught.value.hint)


def test_a_file_that_turns_read_only_is_told(store: Store) -> None:
    store.run(lambda connection: connection.execute("PRAGMA query_only = ON"))
    with pytest.raises(StoreError, match="SQLITE_READONLY"):
        store.run(write("a"))


def test_many_processes_may_open_a_new_file_at_once(path: Path) -> None:
    code = "for n in range(20): store.run(write(f'{os.getpid()} {n}'))"
    command = script(code, str(path))
    children = [subprocess.Popen(command) for _ in range(4)]  # noqa: S603 - our own code
    assert [child.wait(60) for child in children] == [0] * 4
    assert len(in_file(path)) == 80


def test_a_reader_sees_what_is_written_while_the_writer_is_open(store: Store, path: Path) -> None:
    store.run(write("a"))
    with closing(connect(path, WORDS)) as reader:
        assert words(reader) == ["a"]
        store.run(write("b"))
        assert words(reader) == ["a", "b"]
