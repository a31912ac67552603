"""The thread that writes a file, and who waits for it."""

from __future__ import annotations

import asyncio
import gc
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.calls.steps import Wait, apause
from extractor.calls.storage.store import Store
from extractor.errors import StoreError
from tests.calls.storage.word_list import WORDS, in_file, script, words, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "words.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path, WORDS)) as store:
        yield store


def test_a_success_is_told_when_the_file_has_it(store: Store, path: Path) -> None:
    pending = store.submit(write("one"))
    pending.wait()
    assert pending.signal.is_set
    assert in_file(path) == ["one"]


def test_a_commit_waits_for_the_disk_and_readers_wait_for_nobody(store: Store) -> None:
    def settings(connection: sqlite3.Connection) -> list[object]:
        names = ("synchronous", "journal_mode")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert store.run(settings) == [2, "wal"]  # 2 is FULL


def test_one_refusal_does_not_undo_its_neighbours(store: Store) -> None:
    hold = threading.Event()
    store.submit(lambda _: hold.wait(10))

    def refused(connection: sqlite3.Connection) -> None:
        write("half")(connection)
        raise ValueError("no")

    before, wrong, after = store.submit(write("a")), store.submit(refused), store.submit(write("b"))
    hold.set()
    before.wait()
    after.wait()
    with pytest.raises(ValueError, match="no"):
        wrong.wait()
    assert store.run(words) == ["a", "b"]


def test_what_is_queued_while_the_disk_is_busy_shares_one_transaction(store: Store) -> None:
    hold, began = threading.Event(), threading.Event()
    changes: list[int] = []

    def wait(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(lambda sql: changes.append(1) if sql == "COMMIT" else None)
        began.set()
        hold.wait(10)

    first = store.submit(wait)
    began.wait(10)
    rest = [store.submit(write(str(number))) for number in range(50)]
    hold.set()
    first.wait()
    for pending in rest:
        pending.wait()
    store.run(lambda connection: connection.set_trace_callback(None))
    assert len(changes) == 2
    assert len(store.run(words)) == 50


def test_many_threads_may_write_at_once(store: Store) -> None:
    def write_twenty(thread: int) -> None:
        for number in range(20):
            store.run(write(f"{thread}-{number}"))

    threads = [threading.Thread(target=write_twenty, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(store.run(words)) == 320


def test_an_event_loop_is_woken_and_never_blocked(store: Store) -> None:
    async def one(number: int) -> None:
        pending = store.submit(write(f"{number:02}"))
        await apause(Wait(30, "", pending.signal))
        pending.result()

    async def all_of_them() -> None:
        await asyncio.gather(*(one(number) for number in range(30)))

    asyncio.run(all_of_them())
    assert len(store.run(words)) == 30


def test_a_listener_that_fails_does_not_end_the_writer(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the loop is gone")

    hold = threading.Event()
    store.submit(lambda _: hold.wait(10))
    store.submit(write("a")).signal.on_set(fail)
    hold.set()
    store.run(write("b"))
    assert store.run(words) == ["a", "b"]
    assert "failed to be woken" in caplog.text


def test_stores_of_one_file_share_one_thread_and_the_last_one_ends_it(path: Path) -> None:
    def threads() -> int:
        return sum(thread.name == "extractor-store" for thread in threading.enumerate())

    before = threads()
    first, second = Store(path, WORDS), Store(path.parent / "." / path.name, WORDS)
    assert threads() == before + 1
    first.close()
    first.close()
    second.run(write("still"))
    second.close()
    assert threads() == before
    with pytest.raises(StoreError, match="closed"):
        first.submit(write("more"))
    assert in_file(path) == ["still"]


def test_a_store_that_nobody_holds_lets_go_of_its_file(path: Path) -> None:
    store = Store(path, WORDS)
    store.submit(write("last"))
    del store
    gc.collect()
    assert in_file(path) == ["last"]
    assert not path.with_name("words.sqlite-wal").exists()


def test_what_is_queued_at_exit_is_written(path: Path) -> None:
    code = "for n in range(500): store.submit(write(str(n)))"
    subprocess.run(script(code, str(path)), check=True, timeout=60)  # noqa: S603 - our own code
    assert len(in_file(path)) == 500


def test_a_forked_child_writes_for_itself_and_leaves_the_parents_queue_alone(path: Path) -> None:
    code = """
        store.run(write('parent before'))
        store.submit(lambda c: time.sleep(0.2))
        store.submit(write('parent queued'))
        child = os.fork()
        store.run(write('child' if child == 0 else 'parent after'))
        if child:
            _, status = os.waitpid(child, 0)
            sys.exit(os.waitstatus_to_exitcode(status))
    """
    subprocess.run(script(code, str(path)), check=True, timeout=60)  # noqa: S603 - our own code
    assert in_file(path) == ["child", "parent after", "parent before", "parent queued"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_childs_rows_stay_when_the_parent_is_the_first_to_close(path: Path) -> None:
    code = """
        store.run(write('parent'))
        child = os.fork()
        if child == 0:
            for number in range(200):
                store.run(write(str(number)))
            store.close()
            os._exit(0)
        time.sleep(0.02)
        store.close()
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    subprocess.run(script(code, str(path)), check=True, timeout=60)  # noqa: S603 - our own code
    assert len(in_file(path)) == 201


def test_a_full_disk_fails_all_that_was_to_be_written_and_nothing_before(store: Store) -> None:
    store.run(write("before"))
    store.run(lambda connection: connection.execute("PRAGMA max_page_count = 4").fetchall())
    hold = threading.Event()
    store.submit(lambda _: hold.wait(10))
    small, large = store.submit(write("small")), store.submit(write("x" * 100_000))
    hold.set()
    with pytest.raises(StoreError, match="disk is full") as caught:
        large.wait()
    assert "Make room" in str(caught.value.hint)
    with pytest.raises(StoreError) as other:  # of the same transaction
        small.wait()
    assert other.value is not caught.value
    store.run(write("after"))
    assert store.run(words) == ["after", "before"]


def test_a_limit_on_the_size_of_files_is_told_and_the_file_stays_whole(path: Path) -> None:
    code = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, {resource.RLIM_INFINITY}))
        done = 0
        try:
            for n in range(10_000):
                store.run(write(f'{{n:08}}' * 50))
                done += 1
        except StoreError as error:
            print(done, error.message)
    """
    ran = subprocess.run(  # noqa: S603 - our own code
        script(code, str(path)), check=True, timeout=60, capture_output=True, text=True
    )
    done, _, message = ran.stdout.partition(" ")
    assert "can't be written" in message
    assert len(in_file(path)) == int(done)


def test_a_file_that_is_taken_away_is_told(store: Store, path: Path) -> None:
    path.unlink()
    with pytest.raises(StoreError, match="removed or replaced"):
        store.run(write("a"))


def test_a_closed_store_stays_closed_in_a_forked_child(path: Path) -> None:
    code = """
        store.close()
        child = os.fork()
        if child == 0:
            try:
                store.submit(write('a'))
            except StoreError as error:
                print(error.message, flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    """
    ran = subprocess.run(  # noqa: S603 - our own code
        script(code, str(path)), check=True, timeout=60, capture_output=True, text=True
    )
    assert ran.stdout == f"{path.resolve()} is closed.\n"
    assert in_file(path) == []


def test_a_locked_file_is_waited_for_and_then_told(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        pending = store.submit(write("a"))
        time.sleep(0.05)
        assert not pending.signal.is_set
        other.execute("ROLLBACK")
        pending.wait()


def test_a_lock_that_outlasts_patience_is_told(path: Path) -> None:
    with closing(Store(path, WORDS, patience=0.05)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked") as caught:
                store.run(write("a"))
        assert "End the program" in str(caught.value.hint)
        store.run(write("b"))
        assert store.run(words) == ["b"]
