"""The embedded model as an HTTP server on loopback, in a process of its own.

The child process keeps llama.cpp's memory, crashes and noise out of ours. It speaks OpenAI's
protocol (`/v1/chat/completions`) and Anthropic's (`/v1/messages`).
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from extractor.errors import ConfigurationError

THREADS_VARIABLE = "EXTRACTOR_LOCAL_THREADS"
_MOST_THREADS = 4
_PROMPT_CACHE = 512
"""MiB for prompts of other documents: 28 KiB a token, so five contracts of ten pages."""


class LocalServer:
    """A running server; a context manager that ends it.

    It serves one request at a time, others wait in its queue, and keeps the last prompts: a retry
    that begins with the same document costs only its new words. Measured with the default model:
    1.0 to 1.3 s to start; resident memory 1.4 GB with a `context` of 8,192 tokens, 1.6 GB with
    16,384 and 2.1 GB with 32,768 (1.1 GB of it the weights' file, shared and reclaimable), which is
    why the default is all that the model was trained for.

    Args:
        weights: the GGUF file.
        name: the model's name in replies.
        threads: how many; by default `EXTRACTOR_LOCAL_THREADS`, or the cores there are, at most 4.
        context: tokens of prompt and reply together.
        timeout: seconds within which it has to be ready.

    Attributes:
        url: `http://127.0.0.1:port`; the Anthropic SDK's base URL, and with `/v1` OpenAI's.

    Raises:
        ConfigurationError: the runtime is not installed or the server did not start.
    """

    url: str

    def __init__(
        self,
        weights: Path,
        *,
        name: str,
        threads: int | None = None,
        context: int = 32_768,
        timeout: float = 120.0,
    ) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise ConfigurationError(
                "The embedded model's runtime is not installed.",
                hint="Run: pip install 'contract-extractor[local]'",
            )
        options: dict[str, str | int] = {
            "model": str(weights),
            "name": name,
            "threads": default_threads() if threads is None else threads,
            "context": context,
            "prompt_cache": _PROMPT_CACHE,
        }
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self._said = ""
        self._process = _start(options, self._log)
        try:
            self.url = self._ready(timeout)
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """Return the last lines of the log, and how the child ended if it has."""
        if self._log.closed:
            return self._said
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").splitlines()
        status = self._process.poll()
        ending = [] if status is None else [f"it ended with status {status}"]
        return "; ".join([*lines[-3:], *ending])

    def close(self) -> None:
        """End the child and wait for it; a reply under way is lost."""
        self._process.kill()
        self._process.wait()
        self._said = self.last_words()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _ready(self, timeout: float) -> str:
        """Wait for the line with the URL."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        alarm = threading.Timer(timeout, self._process.kill)  # ends the wait for a line
        alarm.start()
        line = self._process.stdout.readline()
        late = not alarm.is_alive()
        alarm.cancel()
        if line and not late:
            return str(json.loads(line)["url"])
        self._process.wait()
        reason = f"not ready after {timeout:g} s" if late else self.last_words()
        raise ConfigurationError(
            f"The embedded model did not start: {reason}.", hint=_hint(self.last_words())
        )


_lock = threading.Lock()
_shared: dict[int, LocalServer] = {}
"""The server of each process id: after a fork the child must not use or end its parent's."""


def shared_server(start: Callable[[], LocalServer]) -> LocalServer:
    """Return this process's one server, started if there is none or it has died.

    It ends with the process, or with `close_shared_server`.
    """
    with _lock:
        server = _shared.get(os.getpid())
        if server is None or not server.alive:
            if server is not None:
                server.close()
            server = _shared[os.getpid()] = start()
        return server


@atexit.register
def close_shared_server() -> None:
    """End this process's server, if there is one, and give its memory back."""
    server = _shared.pop(os.getpid(), None)
    if server is not None:
        server.close()


def default_threads() -> int:
    """Return how many threads the server uses unless told otherwise.

    Raises:
        ConfigurationError: `EXTRACTOR_LOCAL_THREADS` is no positive number.
    """
    wanted = os.environ.get(THREADS_VARIABLE)
    if wanted:
        if not (wanted.isdecimal() and int(wanted) > 0):
            raise ConfigurationError(f"{THREADS_VARIABLE} is no number of threads: {wanted}")
        return int(wanted)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, _MOST_THREADS)


def _start(options: dict[str, str | int], log: IO[bytes]) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("serve.py")
    # OpenMP's threads wait for each other in a busy loop by default, and as soon as another program
    # wants a core they wait for the one that has none: generating fell to 0.4 tokens a second.
    # Waiting passively, two threads are never slower than one, and twice as fast on idle cores.
    environment = {"OMP_WAIT_POLICY": "PASSIVE"} | os.environ
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-P", str(script), json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
    )


def _hint(last_words: str) -> str | None:
    if "libgomp" in last_words:
        return "Install the OpenMP runtime; on Debian and Ubuntu: apt-get install libgomp1"
    return None
