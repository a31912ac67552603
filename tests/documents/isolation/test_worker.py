"""Real processes that do what hostile files make readers do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias

import pytest

from extractor.documents.isolation import WorkerPool, resources
from extractor.documents.options import Limits, ReadOptions
from extractor.errors import (
    ConfigurationError,
    EmptyDocumentError,
    HostileDocumentError,
    UnreadableDocumentError,
)

Run: TypeAlias = Callable[..., bytes]

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def gone_within(seconds: float, *pids: int) -> bool:
    ends_at = time.monotonic() + seconds
    while any(map(is_running, pids)):
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.05)
    return True


def test_bytes_come_back_as_they_were_sent(run: Run) -> None:
    data = os.urandom(3_000_000)
    assert run("echo", data) == data
    assert run("echo", b"") == b""


def test_a_good_file_costs_no_process(run: Run) -> None:
    assert len({run("pid") for _ in range(20)}) == 1


def test_too_much_memory_is_named_and_the_process_replaced(run: Run) -> None:
    before = run("pid")
    with pytest.raises(HostileDocumentError, match=r"deal\.pdf would take more than 400 MB"):
        run("memory", limits=Limits(memory=400_000_000))
    assert run("pid") != before


def test_a_process_whose_memory_has_grown_is_replaced(run: Run) -> None:
    before = run("pid")
    assert run("much_memory", limits=Limits(memory=350_000_000)) == b"100000000"
    assert run("pid") != before


def test_endless_recursion_is_named_and_the_process_replaced(run: Run) -> None:
    before = run("pid")
    with pytest.raises(HostileDocumentError, match="nested too deeply"):
        run("deep")
    assert run("pid") != before


def test_a_reader_that_never_ends_is_killed_when_its_time_is_up(run: Run) -> None:
    before = int(run("pid"))
    with pytest.raises(HostileDocumentError, match=r"more than 0\.5 s to read"):
        run("sleep", limits=Limits(seconds=0.5))
    with pytest.raises(HostileDocumentError, match=r"more than 0\.5 s to read"):
        run("spin", limits=Limits(seconds=0.5))
    assert int(run("pid")) != before
    assert not is_running(before)


def test_each_page_has_time_of_its_own(run: Run) -> None:
    assert run("paged", limits=Limits(seconds=1.0, seconds_per_page=1.0)) == b"slept"
    with pytest.raises(HostileDocumentError, match=r"more than 1\.1 s"):
        run("paged", limits=Limits(seconds=1.0, seconds_per_page=0.01))


def test_no_more_pages_have_time_than_a_file_may_have(run: Run) -> None:
    with pytest.raises(HostileDocumentError, match=r"more than 1\.2 s"):
        run("paged", limits=Limits(seconds=1.0, seconds_per_page=0.1, pages=2))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SIGSEGV", r"crashed the process that read it \(SIGSEGV\)"),
        ("SIGABRT", r"\(SIGABRT\); libraries do so too where 1,024 MB of memory"),
        ("SIGKILL", "killed from outside"),
        ("SIGXCPU", "more than 60 s of processor time"),
    ],
)
def test_a_crash_is_named_and_the_next_file_is_read(run: Run, name: str, said: str) -> None:
    with pytest.raises(HostileDocumentError, match=said):
        run("crash", signal=name)
    assert run("echo", b"next") == b"next"


def test_so_is_a_process_that_just_leaves(run: Run) -> None:
    with pytest.raises(HostileDocumentError, match=r"ended the process that read it \(3\)"):
        run("leave")


def test_processor_time_is_counted_for_each_file_anew(run: Run) -> None:
    for _ in range(3):
        with pytest.raises(UnreadableDocumentError):
            run("bug", limits=Limits(seconds=1.0))
    assert run("echo", b"x", limits=Limits(seconds=1.0)) == b"x"


def test_a_typed_error_comes_back_whole_and_the_process_stays(run: Run) -> None:
    before = run("pid")
    with pytest.raises(EmptyDocumentError) as caught:
        run("typed")
    assert (caught.value.message, caught.value.hint) == ("nothing in it", "look at it")
    assert run("pid") == before


def test_a_readers_own_failure_is_typed_and_tells_its_place_but_no_text(run: Run) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"KeyError in its reader, at misb.*\.py:\d+"):
        run("bug")
    with pytest.raises(UnreadableDocumentError) as caught:
        run("bug")
    assert "Agreement" not in str(caught.value)
    assert "Agreement" not in str(caught.value.hint)


def test_what_a_reader_prints_reaches_nobody(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("prints") == b"done"
    assert run("echo", b"x") == b"x"
    assert capfd.readouterr() == ("", "")


def test_no_large_file_can_be_written(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocumentError, match="OSError"):
        run("writes_a_file", file=str(tmp_path / "large"))
    assert (tmp_path / "large").stat().st_size <= 1_000_000


def test_no_key_of_an_api_is_in_its_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "sk-secret")
    environment: dict[str, str] = json.loads(run("environment"))
    assert "sk-secret" not in environment.values()
    assert "PATH" in environment


@linux
def test_no_socket_of_the_machine_can_be_reached(pool_of: Callable[..., WorkerPool]) -> None:
    pool = pool_of()
    if not pool.is_offline():
        pytest.skip("the system does not let a process leave the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = ask(pool, "dials", port=server.getsockname()[1])
        assert answer == b"OSError"
        socket.create_connection(server.getsockname()).close()


@linux
@pytest.mark.parametrize(("refused", "left"), [(0, True), (1, True), (2, False)])
def test_a_system_that_forbids_to_leave_the_network_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, refused: int, left: bool
) -> None:
    tried: list[int] = []

    def unshare(flags: int) -> int:
        tried.append(flags)
        return -1 if len(tried) <= refused else 0

    def library(_: object) -> SimpleNamespace:
        return SimpleNamespace(unshare=unshare)

    monkeypatch.setattr("ctypes.CDLL", library)
    assert resources.leave_network() is left
    assert tried == [0x4000_0000, 0x5000_0000][: refused + 1]


def test_the_current_folder_is_no_place_for_modules(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert run("echo", b"x") == b"x"


@pytest.mark.parametrize(
    "answer",
    ["rubbish", "huge", "no JSON", "deep JSON", "no object", "half", "no error"],
)
def test_an_answer_that_is_none_is_a_hostile_file(
    pool_of: Callable[..., WorkerPool], answer: str
) -> None:
    pool = pool_of("taken_over")
    with pytest.raises(HostileDocumentError, match=r"deal\.pdf"):
        ask(pool, answer)


def test_an_error_of_another_kind_is_not_raised(pool_of: Callable[..., WorkerPool]) -> None:
    with pytest.raises(UnreadableDocumentError, match="gone"):
        ask(pool_of("taken_over"), "an error of no document")


def test_telling_pages_without_end_buys_no_time_without_end(
    pool_of: Callable[..., WorkerPool],
) -> None:
    with pytest.raises(HostileDocumentError, match=r"more than 1 s"):
        ask(
            pool_of("taken_over"),
            "endless pages",
            Limits(seconds=0.5, seconds_per_page=0.1, pages=5),
        )


def ask(pool: WorkerPool, task: str, limits: Limits | None = None, **given: object) -> bytes:
    options = ReadOptions(limits=limits or Limits())
    return pool.run(task, b"", bytes, source="deal.pdf", options=options, arguments=given)


def test_a_process_that_does_not_start_is_not_the_files_fault(
    pool_of: Callable[..., WorkerPool],
) -> None:
    with pytest.raises(ConfigurationError, match="does not start"):
        ask(pool_of("no_such_module"), "echo")


@linux
def test_an_interrupt_kills_the_process_in_use(run: Run) -> None:
    before = int(run("pid"))
    killer = subprocess.Popen(  # noqa: S603 - ourselves, interrupted while we wait
        [sys.executable, "-c", f"import os,time; time.sleep(1); os.kill({os.getpid()}, 2)"]
    )
    with pytest.raises(KeyboardInterrupt):
        run("sleep")
    killer.wait()
    assert not is_running(before)
    assert run("echo", b"x") == b"x"


@linux
def test_programs_that_a_reader_started_are_killed_with_it(run: Run, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with pytest.raises(HostileDocumentError, match="more than 2 s"):
        run("started_another", file=str(note), limits=Limits(seconds=2.0))
    assert gone_within(5.0, *map(int, note.read_text(encoding="utf-8").split()))


PARENT = """
import sys
sys.path.insert(0, {folder!r})
from extractor.documents.isolation import WorkerPool, resources
from extractor.documents.options import ReadOptions
pool = WorkerPool(1, module="misbehaving")
pool.run({task!r}, b"", bytes, source="x", options=ReadOptions(), arguments={{"file": {file!r}}})
"""


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_parent_that_is_killed_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    note = tmp_path / "pids"
    code = PARENT.format(folder=str(Path(__file__).parent), task="started_another", file=str(note))
    parent = subprocess.Popen([sys.executable, "-c", code])  # noqa: S603 - our own code
    ends_at = time.monotonic() + 30
    while not (note.exists() and len(note.read_text(encoding="utf-8").split()) == 2):
        assert time.monotonic() < ends_at
        time.sleep(0.05)
    pids = [int(pid) for pid in note.read_text(encoding="utf-8").split()]
    assert all(map(is_running, pids))
    parent.send_signal(number)
    parent.wait()
    assert gone_within(10.0, *pids)
