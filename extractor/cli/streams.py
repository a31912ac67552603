"""Stdin, stdout and stderr, each of which may be closed, full or without a reader.

Stdout carries the result, so losing it ends the command. Stderr is for people: losing it changes
nothing. Whatever else prints while a command runs (a schema's module, a validator) does not get
between the result and its reader: it is sent to stderr.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

from extractor.cli.terminal import escaped
from extractor.errors import DocumentError

_WIDTH = 120
"""Columns of what is no terminal, and says nothing of its width in COLUMNS."""

_NARROWEST = 20
"""In fewer columns there is a letter a line."""


class OutputError(Exception):
    """Stdout did not take the result; `unread` if only because its reader has seen enough."""

    def __init__(self, reason: str, *, unread: bool = False) -> None:
        super().__init__(f"The result can't be written: {reason}.")
        self.unread = unread


class Output:
    """The result's way out.

    Args:
        stream: stdout; None if the process was started without one.

    Attributes:
        failure: the exit code that a failing command ends with; 0 for any other.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.failure = 0

    def ends_with(self, code: int) -> None:
        """Note how the command ends: a failure stays one if its words don't get out."""
        self.failure = code

    def stream(self) -> TextIO:
        """Return stdout; with `OutputError` if it is closed, which is worth knowing early."""
        if self._stream is None or self._stream.closed:
            raise OutputError("stdout is closed")
        return self._stream

    def write(self, text: str) -> None:
        """Write lines, at once.

        Raises:
            OutputError: they did not get out.
        """
        stream = self.stream()
        try:
            stream.write(text + "\n")
            stream.flush()
        except BrokenPipeError as error:
            _give_up(stream)
            raise OutputError("nobody reads stdout", unread=True) from error
        except OSError as error:
            _give_up(stream)
            raise OutputError(error.strerror or str(error)) from error

    def write_json(self, record: Any, *, indent: int | None = None) -> None:
        """Write JSON; what could steer a terminal, or has no encoding there, is escaped."""
        plain = (self.stream().encoding or "").lower().replace("-", "") != "utf8"
        self.write(escaped(json.dumps(record, ensure_ascii=plain, indent=indent, default=str)))

    def width(self) -> int:
        """Return the columns that lines for people may take."""
        return max(shutil.get_terminal_size((_WIDTH, 0)).columns, _NARROWEST)


class _Stderr:
    """Stderr for as long as it takes anything; what it does not take is nobody's failure."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            _give_up(self._stream)
        return len(text)

    def flush(self) -> None:
        """Do nothing: every write is flushed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def standard_streams() -> Generator[Output]:
    """Make stderr harmless and keep stdout for the result alone, while a command runs."""
    _occupy_descriptors()
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="backslashreplace")  # better than not a word
    out = Output(sys.stdout)
    given: TextIO | None = sys.stderr
    with ExitStack() as stack:
        people = given or stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        stderr: Any = _Stderr(people)
        stack.enter_context(redirect_stdout(stderr))
        stack.enter_context(redirect_stderr(stderr))
        yield out


def read_stdin() -> bytes:
    """Return all that stdin has.

    Raises:
        DocumentError: it is closed or can't be read.
    """
    stdin: TextIO | None = sys.stdin
    if stdin is None:
        raise DocumentError("Stdin is closed, and the reply is read from it.")
    try:
        return stdin.buffer.read()
    except (OSError, ValueError) as error:
        raise DocumentError(f"Stdin can't be read: {error}") from error


def _occupy_descriptors() -> None:
    """Keep the numbers of closed streams from files that are opened later.

    Something that writes to stdout by its number would else write into one of them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one


def _give_up(stream: TextIO) -> None:
    """Send what is still buffered to nowhere, so that the interpreter's last flush can't fail."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
