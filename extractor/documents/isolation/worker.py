"""The parent's side of one reading process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from typing import IO

from extractor.documents.isolation.frames import BadFrameError, Frame, read_frame, write_frame
from extractor.documents.options import Limits
from extractor.errors import ConfigurationError, HostileDocumentError

CHILD = "extractor.documents.isolation.child"

_START = 60.0
"""Seconds to start in: two tenths as a rule, but a machine may be busy."""

_HEAD = 1_000_000
"""Bytes of JSON that an answer's head may have: page counts and errors."""

_PASSED_ON = (
    *("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE"),
    *("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX"),
    *("PYTHONDONTWRITEBYTECODE", "TESSDATA_PREFIX"),
)
"""All of the environment that a reading process gets: no key of any API is among it."""


class Worker:
    """A process that reads one file at a time, from its start to `end`.

    Args:
        module: what it runs.

    Attributes:
        files: how many it was given.
        ended: whether it is gone, by `end` or by itself.
        is_offline: whether it is cut off from the network; known when it is ready.

    Raises:
        ConfigurationError: it can't be started.
    """

    def __init__(self, module: str = CHILD) -> None:
        self.files = 0
        self.ended = False
        self.is_offline = False
        self._lock = threading.Lock()
        self._process = _start(module)
        self._inbox, self._outbox = _pipes(self._process)
        self._ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take a file."""
        return not self.ended and self._process.poll() is None

    def ask(self, frame: Frame, *, source: str, limits: Limits) -> Frame:
        """Give it a file and wait for the answer; whatever goes wrong ends it.

        Raises:
            HostileDocumentError: it took more than `limits` allow, crashed, or answered nonsense.
            ConfigurationError: it did not even start.
        """
        try:
            self.wait_until_ready()
            self.files += 1
            with closing(_Clock(self, limits.seconds)) as clock:
                answer = self._answer(frame, clock, source, limits)
        except BaseException:  # an interrupt too: the file is read on otherwise
            self.end()
            raise
        if answer is None:
            death = self._death(clock, source, limits)
            self.end()
            raise death
        return answer

    def wait_until_ready(self) -> None:
        """Wait for a process that has only just been started.

        Raises:
            ConfigurationError: it does not get ready, and is ended.
        """
        if self._ready:
            return
        first = None
        with closing(_Clock(self, _START)), suppress(BadFrameError):
            first = read_frame(self._inbox, most=1_000)
        if first is None or "ready" not in first.head:
            self.end()
            raise ConfigurationError(
                "The process that reads files does not start.",
                hint=f"See what this says: {sys.executable} -P -m {CHILD} < /dev/null",
            )
        self.is_offline = first.head.get("offline") is True
        self._ready = True

    def end(self) -> None:
        """Kill it, with the programs that it has started, and wait until it is gone."""
        with self._lock:
            self.ended = True
            if self._process.returncode is None:
                self._kill()
                self._process.wait()
            self._close()

    def kill(self) -> None:
        """Kill it from another thread than the one that waits for its answer."""
        with self._lock:
            if not self.ended and self._process.returncode is None:
                self._kill()
            self.ended = True

    def disown(self) -> None:
        """Close this process's ends of the pipes, after a fork: it is the forking one's child."""
        self.ended = True
        self._process.returncode = 0  # else subprocess tells of a child that was not waited for
        self._close()

    def _answer(self, frame: Frame, clock: _Clock, source: str, limits: Limits) -> Frame | None:
        """Send a frame and return the one that answers it; None if the process died."""
        allowed = limits.pages
        try:
            write_frame(self._outbox, frame)
            while answer := read_frame(self._inbox, most=limits.unpacked, most_head=_HEAD):
                pages = answer.head.get("pages")
                if not isinstance(pages, int):
                    return answer
                pages = max(0, min(pages, allowed))
                allowed -= pages  # of a file with others in it, each tells its own
                clock.extend(pages * limits.seconds_per_page)
        except BadFrameError as error:
            raise HostileDocumentError(f"{source}: its reader's answer is none: {error}") from None
        except OSError:
            pass  # it died before it had read everything: how, its exit status says
        return None

    def _death(self, clock: _Clock, source: str, limits: Limits) -> HostileDocumentError:
        """Say which limit a process ran into that gave no answer."""
        if clock.late:
            return HostileDocumentError(f"{source} took more than {clock.seconds:g} s to read")
        self._end_of_life()
        status = self._process.returncode
        if status is None or status >= 0:
            return HostileDocumentError(f"{source} ended the process that read it ({status})")
        with suppress(ValueError):
            return HostileDocumentError(
                _signalled(signal.Signals(-status).name, source, clock.seconds, limits)
            )
        return HostileDocumentError(f"{source} crashed the process that read it ({status})")

    def _end_of_life(self) -> None:
        """Wait for a process that has closed its pipes: as a rule it is gone already."""
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.end()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def _close(self) -> None:
        for pipe in (self._inbox, self._outbox):
            with suppress(OSError):  # what was not sent can't be flushed
                pipe.close()


class _Clock:
    """Kills a worker when its time is up; `late` says whether it did."""

    def __init__(self, worker: Worker, seconds: float) -> None:
        self._worker = worker
        self._ends_at = time.monotonic() + seconds
        self.seconds = seconds
        self.late = False
        self._timer = self._started()  # last: it may ring at once

    def extend(self, seconds: float) -> None:
        self._timer.cancel()
        self.seconds += seconds
        self._ends_at += seconds
        self._timer = self._started()

    def _started(self) -> threading.Timer:
        timer = threading.Timer(max(0.0, self._ends_at - time.monotonic()), self._end)
        timer.daemon = True
        timer.start()
        return timer

    def _end(self) -> None:
        self.late = True
        self._worker.kill()

    def close(self) -> None:
        self._timer.cancel()


def _signalled(name: str, source: str, seconds: float, limits: Limits) -> str:
    if name == "SIGXCPU":
        return f"{source} took more than {seconds:g} s of processor time to read"
    if name == "SIGKILL":
        return (
            f"{source}: the process that read it was killed from outside, as systems do that run "
            "out of memory"
        )
    return (
        f"{source} crashed the process that read it ({name}); libraries do so too where "
        f"{limits.memory / 1e6:,.0f} MB of memory are not enough"
    )


def _start(module: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # Where this process finds modules, the other one must too; an empty entry is the current
    # folder, out of which nothing is to be run.
    environment["PYTHONPATH"] = os.pathsep.join(folder for folder in sys.path if folder)
    environment["MALLOC_ARENA_MAX"] = "1"  # glibc takes 64 MB of address space for each other one
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # a buffer's lock is held while a thread waits, and a fork copies it so
            env=environment,
            process_group=None if sys.platform == "win32" else 0,
        )
    except OSError as error:
        raise ConfigurationError(
            f"The process that reads files can't be started: {error.strerror or error}",
            hint="Files are read in a process of their own; the system must allow one more.",
        ) from error


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdout is not None  # noqa: S101 - pipes were asked for
    assert process.stdin is not None  # noqa: S101
    return process.stdout, process.stdin
