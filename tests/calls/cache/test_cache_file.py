"""The reply cache's file: made once, shared by threads and processes, and whole or told."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extractor.calls.cache.file import CacheFile, DamagedError
from extractor.errors import ConfigurationError, StoreError

MODEL: dict[str, Any] = {"model": "openai:gpt-x", "version": "1.0"}
SPAWN = multiprocessing.get_context("spawn")
FORK = multiprocessing.get_context("fork")


def key(number: int) -> bytes:
    return number.to_bytes(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


def fill(path: Path, count: int, *, at: Callable[[int], float] = float) -> None:
    with closing(CacheFile(path)) as file:
        for number in range(count):
            file.write(key(number), b"CANARY reply %d" % number, now=at(number), **MODEL)


# --- making and opening ---------------------------------------------------------------------------


def test_a_new_file_has_a_secret_that_stays(path: Path, tmp_path: Path) -> None:
    with closing(CacheFile(path)) as file:
        nonce_key = file.nonce_key
    with closing(CacheFile(path, create=False)) as file:
        assert file.nonce_key == nonce_key
    with closing(CacheFile(tmp_path / "other.sqlite")) as other:
        assert other.nonce_key != nonce_key
    assert len(nonce_key) == 32


def test_closed_it_is_one_private_file(path: Path) -> None:
    fill(path, 10)
    assert [part.name for part in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_name_that_a_url_would_read_otherwise_is_a_name_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "100% of? these #replies&mode=ro.sqlite"
    fill(path, 1)
    assert path.is_file()


def test_where_there_is_none_and_none_is_to_be_made_there_is_none(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no reply cache"):
        CacheFile(path, create=False)
    assert not path.exists()


def text_file(path: Path) -> None:
    path.write_text("No database. " * 100)


def folder(path: Path) -> None:
    path.mkdir()


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE replies (key, reply)")


def newer_format(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 2")


def other_secret(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE secret SET nonce_key = randomblob(32)")


def no_secret(path: Path) -> None:
    fill(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM secret")


@pytest.mark.parametrize(
    "spoil",
    [text_file, folder, other_database, newer_format, other_secret, no_secret],
)
def test_what_is_no_cache_of_ours_is_told_and_left_alone(
    spoil: Callable[[Path], None], path: Path
) -> None:
    spoil(path)
    before = None if path.is_dir() else path.read_bytes()
    with pytest.raises(StoreError) as caught:
        CacheFile(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert before is None or path.read_bytes() == before


def test_an_empty_file_is_made_one_but_replays_nothing(path: Path) -> None:
    path.touch()
    with pytest.raises(ConfigurationError, match="There is no reply cache"):
        CacheFile(path, create=False)
    fill(path, 1)
    with closing(CacheFile(path, create=False)) as file:
        assert file.stats().replies == 1


def test_a_folder_that_can_not_be_made_is_told(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match="can't be opened"):
        CacheFile(path / "replies.sqlite")


# --- entries --------------------------------------------------------------------------------------


def test_an_entry_in_another_s_place_is_damaged(path: Path) -> None:
    fill(path, 2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM replies WHERE key = ?", (key(0),))
        other.execute("UPDATE replies SET key = ?", (key(0),))
    with closing(CacheFile(path)) as file:
        assert file.read(key(1)) is None
        with pytest.raises(DamagedError):
            file.read(key(0))


def test_whatever_byte_is_damaged_no_other_reply_is_ever_read(path: Path) -> None:
    fill(path, 20)
    whole = path.read_bytes()
    draw = random.Random(1)  # noqa: S311 - the same damage each time
    told = 0
    for _ in range(300):
        spoilt = bytearray(whole)
        for _ in range(draw.choice((1, 1, 50))):
            spoilt[draw.randrange(len(spoilt))] ^= draw.randrange(1, 256)
        path.write_bytes(spoilt)
        try:
            with closing(CacheFile(path)) as file:
                for number in range(20):
                    assert file.read(key(number)) in {b"CANARY reply %d" % number, None}
        except (StoreError, DamagedError):
            told += 1
    assert told > 30


# --- threads and processes ------------------------------------------------------------------------


def test_threads_share_an_open_file(path: Path) -> None:
    wrong: list[object] = []
    with closing(CacheFile(path)) as file:

        def use(start: int) -> None:
            try:
                for number in range(start, start + 50):
                    file.write(key(number), b"%d" % number, now=0.0, **MODEL)
                    if file.read(key(number)) != b"%d" % number:
                        wrong.append(number)
            except BaseException as error:  # told by the test, not lost in its thread
                wrong.append(error)

        threads = [threading.Thread(target=use, args=(n * 50,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        assert file.stats().replies == 800


def record(path: Path, start: int, gate: Any) -> None:
    gate.wait(60)
    with closing(CacheFile(path)) as file:
        secret = file.nonce_key
        for number in range(start, start + 200):
            file.write(key(number), secret + b"%d" % number, now=0.0, **MODEL)


def test_processes_that_start_at_once_share_one_file_and_its_secret(path: Path) -> None:
    gate = SPAWN.Barrier(3)
    # Two of them write the same entries.
    workers = [SPAWN.Process(target=record, args=(path, start, gate)) for start in (0, 0, 200)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with closing(CacheFile(path)) as file:
        assert file.stats().replies == 400
        assert all(file.read(key(n)) == file.nonce_key + b"%d" % n for n in range(400))


def use_after_fork(file: CacheFile, said: Any) -> None:
    file.write(key(1), b"the child's", now=0.0, **MODEL)
    said.put(file.read(key(0)))
    file.close()


def test_a_forked_process_may_use_the_file_and_so_may_its_parent(path: Path) -> None:
    fill(path, 1)
    with closing(CacheFile(path)) as file:
        said = FORK.SimpleQueue()
        child = FORK.Process(target=use_after_fork, args=(file, said))
        child.start()
        child.join(60)
        assert said.get() == b"CANARY reply 0"
        said.close()
        assert file.read(key(0)) == b"CANARY reply 0"
        assert file.read(key(1)) == b"the child's"


def test_what_is_closed_is_not_opened_again(path: Path) -> None:
    file = CacheFile(path)
    file.close()
    file.close()
    with pytest.raises(StoreError, match="is closed"):
        file.read(key(0))


def test_a_reader_waits_for_no_writer(path: Path) -> None:
    fill(path, 1)
    with (
        closing(CacheFile(path)) as file,
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
    ):
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM replies")
        assert file.read(key(0)) == b"CANARY reply 0"


# --- stats and clear ------------------------------------------------------------------------------


def test_the_file_is_counted(path: Path) -> None:
    fill(path, 5, at=lambda number: 100.0 + number)
    with closing(CacheFile(path)) as file:
        file.write(key(9), b"", model="anthropic:c", version="0.9", now=7.0)
        stats = file.stats()
    assert stats.replies == 6
    assert stats.by_model == {"anthropic:c": 1, "openai:gpt-x": 5}
    assert stats.by_version == {"0.9": 1, "1.0": 5}
    assert (stats.oldest, stats.newest) == (7.0, 104.0)
    assert stats.size >= path.stat().st_size > 0


def test_an_empty_file_is_counted_too(path: Path) -> None:
    with closing(CacheFile(path)) as file:
        stats = file.stats()
    assert (stats.replies, stats.by_model, stats.oldest, stats.newest) == (0, {}, None, None)


def test_clearing_leaves_no_word_of_a_contract_and_keeps_the_secret(path: Path) -> None:
    fill(path, 200)
    with closing(CacheFile(path)) as file:
        nonce_key = file.nonce_key
        assert b"CANARY" in path.read_bytes()
        assert file.clear() == 200
        assert all(b"CANARY" not in part.read_bytes() for part in path.parent.iterdir())
        assert file.stats().replies == 0
    with closing(CacheFile(path)) as file:
        assert file.nonce_key == nonce_key


def test_only_what_is_old_enough_is_cleared(path: Path) -> None:
    fill(path, 10)
    with closing(CacheFile(path)) as file:
        assert file.clear(before=4.0) == 4
        assert file.read(key(3)) is None
        assert file.read(key(4)) == b"CANARY reply 4"


def test_what_another_s_reading_keeps_in_the_log_is_told(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path, 10)
    monkeypatch.setattr("extractor.calls.cache.file._BUSY", 0.01)
    with (
        closing(CacheFile(path)) as file,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM replies").fetchone()
        assert file.clear() == 10
    assert "is in use" in caplog.text
