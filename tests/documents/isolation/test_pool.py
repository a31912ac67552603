from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from extractor.documents.isolation import WorkerPool
from extractor.documents.isolation import pool as pools
from extractor.documents.options import Limits, ReadOptions
from extractor.errors import HostileDocumentError

MakePool = Callable[..., WorkerPool]


def ask(pool: WorkerPool, task: str, limits: Limits | None = None, **given: Any) -> bytes:
    options = ReadOptions(limits=limits or Limits())
    return pool.run(task, b"", bytes, source="deal.pdf", options=options, arguments=given)


def test_fifty_files_cost_at_most_as_many_processes_as_the_pool_is_large(pool_of: MakePool) -> None:
    pool = pool_of(size=2)

    def pid(_: int) -> bytes:
        return ask(pool, "pid", seconds=0.01)

    with ThreadPoolExecutor(8) as threads:
        pids = list(threads.map(pid, range(50)))
    assert len(pids) == 50
    assert len(set(pids)) <= 2


def test_nothing_is_started_before_it_is_needed(pool_of: MakePool) -> None:
    pool = pool_of(size=2)
    assert pool.pids == set()
    ask(pool, "echo")
    assert len(pool.pids) == 1


def test_threads_do_not_get_each_others_answers(pool_of: MakePool) -> None:
    pool = pool_of(size=2)
    options = ReadOptions()

    def echo(number: int) -> bool:
        data = str(number).encode() * 1_000
        done = pool.run("echo", data, bytes, source="x", options=options, arguments={})
        return done == data

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(echo, range(60)))


def test_a_hostile_file_does_not_disturb_those_beside_it(pool_of: MakePool) -> None:
    pool = pool_of(size=2)

    def either(number: int) -> bytes:
        if number % 3:
            return ask(pool, "pid")
        with pytest.raises(HostileDocumentError):
            ask(pool, "crash", signal="SIGSEGV")
        return b"crashed"

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(either, range(12)))
    assert done.count(b"crashed") == 4
    assert len(pool.pids) <= 2


def test_a_process_is_replaced_after_many_files(
    pool_of: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_FILES", 3)
    pool = pool_of()
    pids = [ask(pool, "pid") for _ in range(9)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 3]


def test_a_process_that_died_while_idle_is_replaced(pool_of: MakePool) -> None:
    pool = pool_of()
    pid = int(ask(pool, "pid"))
    os.kill(pid, 9)
    time.sleep(0.2)
    assert int(ask(pool, "pid")) != pid


def test_an_answer_that_cannot_be_read_ends_its_process(pool_of: MakePool) -> None:
    from extractor.documents.isolation.frames import BadFrameError

    def refuse(_: bytes) -> bytes:
        raise BadFrameError("it is of another file")

    pool = pool_of()
    before = ask(pool, "pid")
    with pytest.raises(HostileDocumentError, match="another file"):
        pool.run("echo", b"", refuse, source="x", options=ReadOptions(), arguments={})
    assert ask(pool, "pid") != before


def test_a_closed_pool_starts_again(pool_of: MakePool) -> None:
    pool = pool_of()
    before = ask(pool, "pid")
    pool.close()
    assert ask(pool, "pid") != before


FORK = """
import os, sys, warnings
warnings.simplefilter("error")
from extractor.documents import read_document
from extractor.documents.isolation import shared_pool
pdf = sys.argv[1]
def pids():
    return shared_pool().pids
read_document(pdf)
ours = pids()
child = os.fork()
if child == 0:
    assert pids() == set()
    read_document(pdf)
    assert pids() and not pids() & ours
    shared_pool().close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
read_document(pdf)
assert pids() == ours
print("both")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_has_workers_of_its_own() -> None:
    pdf = "fixtures/contracts/mutual-nda.pdf"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", FORK, pdf], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("both\n", "")


FORK_WHILE_READING = """
import os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)
from extractor.documents import read_document
page = b"<html><body>" + b"<p>1. Term. It begins now.</p>" * 20_000 + b"</body></html>"
reading = threading.Thread(target=lambda: print(len(read_document(page).text) > 0))
reading.start()
time.sleep(0.3)
child = os.fork()
if child == 0:
    read_document(b"<html><body><p>Law</p></body></html>")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
reading.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_while_a_file_is_being_read_disturbs_neither_process() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", FORK_WHILE_READING],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_the_users_program_is_not_run_again_and_ends_quietly() -> None:
    code = (
        "print('once'); from extractor import read_document; "
        "print(len(read_document('fixtures/contracts/mutual-nda.pdf').pages))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("once\n3\n", "", 0)
