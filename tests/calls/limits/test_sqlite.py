from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from extractor.calls.base import Need, Ticket
from extractor.calls.limits import RateLimiter, RateLimits, SqliteStore, Store
from extractor.calls.limits.state import LEASE, State
from extractor.calls.steps import Target
from extractor.errors import StoreError
from extractor.types import RateLimitStatus
from tests.calls.limits.provider import TARGET
from tests.calls.limits.worker import CEILINGS, GENEROUS, NEED

NOW = 1_000.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "limits.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    store = SqliteStore(file)
    yield store
    store.close()


@pytest.fixture
def other_store(file: Path) -> Iterator[Store]:
    store = SqliteStore(file)
    yield store
    store.close()


def worker(file: Path, task: str, seconds: float, speed: float) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "tests.calls.limits.worker", file, task, f"{seconds}", f"{speed}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def admitted_after(ticket: Ticket, now: float, *, most: float) -> float:
    """Ask until admitted, as often as told; return how long it took."""
    began = now
    while wait := ticket.ask(now):
        now += wait
        assert now < began + most, ticket.why()
    return now - began


def test_three_processes_together_never_pass_a_ceiling(file: Path) -> None:
    speed = 40.0  # a minute is one and a half seconds
    minute = 54.0  # a process looks at its clock before it has the file's lock: so much earlier
    processes = [worker(file, "requests", 2.5, speed) for _ in range(3)]
    by_process = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    times = sorted(time for times in by_process for time in times)
    for begin in times:
        inside = sum(begin <= time < begin + minute for time in times)
        assert inside <= 20_000 // NEED.tokens  # 50 of 60: the tokens are what limits
    assert len(times) >= 100
    assert all(by_process), "each process had its turn"


def test_a_killed_process_blocks_nobody_for_longer_than_its_lease(file: Path, store: Store) -> None:
    limiter = RateLimiter(ceilings=CEILINGS, store=store)
    earlier = time.monotonic() - 10
    limiter.observe(TARGET, GENEROUS, earlier)
    for _ in range(50):  # use the ceiling up
        assert limiter.enter(TARGET, NEED, earlier).ask(earlier) == 0.0
    process = worker(file, "head", 60, 1)
    assert process.stdout is not None
    (wait,) = json.loads(process.stdout.readline())
    assert wait > 0
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    killed = time.monotonic()
    ticket = limiter.enter(TARGET, Need(1, 1), killed)
    now, behind = killed, 0.0
    while (wait := ticket.ask(now)) and "other processes" in ticket.why():
        now += wait
        behind = now - killed
    assert 0 < behind <= LEASE + 0.1
    assert ticket.why().startswith("20,000 tokens a minute")
    admitted_after(ticket, now, most=61)


def test_first_in_is_first_out_across_processes(store: Store, other_store: Store) -> None:
    here = RateLimiter(ceilings=RateLimits(requests_per_minute=1), store=store)
    there = RateLimiter(ceilings=RateLimits(requests_per_minute=1), store=other_store)
    assert here.enter(TARGET, NEED, NOW).ask(NOW) == 0.0
    first = there.enter(TARGET, NEED, NOW + 1)
    second = here.enter(TARGET, NEED, NOW + 2)
    third = there.enter(TARGET, NEED, NOW + 3)
    order: list[str] = []
    waiting = {"third": third, "second": second, "first": first}
    now = NOW + 3
    while waiting:
        for name, ticket in list(waiting.items()):
            if not ticket.ask(now):
                order.append(name)
                del waiting[name]
        now += 0.25
        assert now < NOW + 200
    assert order == ["first", "second", "third"]


def test_what_one_process_learns_the_others_know(store: Store, other_store: Store) -> None:
    here, there = RateLimiter(store=store), RateLimiter(store=other_store)
    here.observe(TARGET, (RateLimitStatus("tokens", 6_000, 100, 59.0),), NOW)
    assert there.enter(TARGET, Need(200, 0), NOW).ask(NOW) == pytest.approx(0.25)
    here.refused(TARGET, 30.0, NOW)
    ticket = there.enter(Target("openai", "other"), Need(200, 0), NOW)
    assert ticket.ask(NOW) == 0.0
    ticket = there.enter(TARGET, Need(1, 0), NOW + 1)
    ticket.ask(NOW + 1)
    assert "other processes" not in ticket.why()


def test_a_head_that_gives_up_leaves_no_place_behind(store: Store, other_store: Store) -> None:
    here, there = RateLimiter(store=store), RateLimiter(store=other_store)
    here.observe(TARGET, (RateLimitStatus("tokens", 6_000, 6_000, 0.0),), NOW)
    assert here.enter(TARGET, Need(6_000, 0), NOW).ask(NOW) == 0.0
    head = here.enter(TARGET, Need(6_000, 0), NOW)
    head.ask(NOW)
    ticket = there.enter(TARGET, Need(100, 0), NOW + 0.5)
    ticket.ask(NOW + 0.5)
    assert "other processes" in ticket.why()
    head.cancel(NOW + 0.5)
    assert ticket.ask(NOW + 1) == 0.0


def test_state_is_kept_when_a_run_ends(file: Path, store: Store) -> None:
    first = RateLimiter(ceilings=RateLimits(tokens_per_day=1_000), store=store)
    assert first.enter(TARGET, Need(1_000, 0), NOW).ask(NOW) == 0.0
    first.close()
    again = RateLimiter(ceilings=RateLimits(tokens_per_day=1_000), store=SqliteStore(file))
    assert again.enter(TARGET, Need(1, 0), NOW + 3_600).ask(NOW + 3_600) > 0
    again.close()


def test_after_a_reboot_what_was_used_counts_from_now(store: Store) -> None:
    limiter = RateLimiter(ceilings=RateLimits(requests_per_minute=5), store=store)
    before = 500_000.0
    limiter.observe(TARGET, GENEROUS, before)
    limiter.refused(TARGET, 20.0, before - 100)
    for _ in range(5):
        assert limiter.enter(TARGET, NEED, before).ask(before) == 0.0
    ticket = limiter.enter(TARGET, NEED, 30.0)
    assert 59 < admitted_after(ticket, 30.0, most=70) <= 61


def test_a_request_that_fails_changes_nothing(store: Store) -> None:
    def fail(state: State) -> None:
        state.pace.refuse(30.0, NOW, longest=60.0, cut=True)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.update(TARGET, fail)
    assert store.update(TARGET, lambda state: state) == State()


def test_a_file_that_is_no_database_is_told_with_what_to_do(file: Path, store: Store) -> None:
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="no database") as caught:
        RateLimiter(store=store).enter(TARGET, NEED, NOW).ask(NOW)
    assert caught.value.hint


def test_a_file_that_holds_something_else_is_left_as_it_is(file: Path, store: Store) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE somebodys (word TEXT)")
    with pytest.raises(StoreError, match="is no file of rate limits"):
        store.update(TARGET, lambda state: state)


def test_only_its_owner_may_read_the_file(file: Path, store: Store) -> None:
    store.update(TARGET, lambda state: state)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_that_is_forked_in_the_middle_of_an_update_has_the_limits_too(file: Path) -> None:
    code = """
        import os, sys, threading
        from extractor.calls.limits import SqliteStore
        from extractor.calls.steps import Target

        target, store, begun = Target("a", "b"), SqliteStore(sys.argv[1]), threading.Event()

        def change(state):
            begun.set()
            threading.Event().wait(0.2)
            state.touch(float(sys.argv[2]))

        threading.Thread(target=store.update, args=(target, change)).start()
        begun.wait()
        if child := os.fork():
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        print(store.update(target, lambda state: state.at), flush=True)
        os._exit(0)
    """
    ended = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", dedent(code), file, str(NOW)],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        cwd=Path(__file__).parents[3],
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{NOW}\n", "")


def test_another_versions_state_is_told_with_what_to_do(file: Path, store: Store) -> None:
    store.update(TARGET, lambda state: state.touch(NOW))
    connection = sqlite3.connect(file)
    with connection:
        connection.execute('UPDATE rate_limits SET state = \'{"at": "noon"}\'')
    connection.close()
    with pytest.raises(StoreError, match="another version") as caught:
        store.update(TARGET, lambda state: state.touch(NOW))
    assert "noon" not in str(caught.value)
