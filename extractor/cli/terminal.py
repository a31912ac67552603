"""Text for terminals: nothing that a contract or a model wrote reaches one as a control code."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
import unicodedata
from types import TracebackType
from typing import Any, Self


def safe(text: Any) -> str:
    """Replace control, format and bidi characters, and line breaks, by visible or blank ones."""
    return "".join(_visible(char) for char in str(text))


def safe_lines(text: str) -> str:
    """Make a text safe that is shown line by line."""
    return "\n".join(map(safe, text.split("\n")))


def escaped(text: str) -> str:
    """Escape in JSON what could steer a terminal; it stays the same JSON."""
    return "".join(json.dumps(c)[1:-1] if c != "\n" and _is_hidden(c) else c for c in text)


def _visible(char: str) -> str:
    if char in "\n\r\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if _is_hidden(char) else char


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class ProgressLine:
    """A line on stderr with the seconds since it began: renewed on a terminal, else one by one."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self._began = time.monotonic()

    def show(self, what: str) -> None:
        """Write it, on a terminal in the place of what it said before."""
        line = f"[{time.monotonic() - self._began:4.0f} s] {what}"
        if not self.is_terminal:
            print(line, file=sys.stderr, flush=True)
            return
        from rich.cells import set_cell_size  # a wide character takes two columns

        room = shutil.get_terminal_size().columns - 1  # a second row would stay
        shown = set_cell_size(line, room).rstrip()
        print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take it off a terminal, for others to write there."""
        if self.is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


class Progress:
    """A line on stderr that says what is being done, renewed while it takes.

    On a terminal the line counts seconds; elsewhere a new line comes every ten seconds, so that a
    log shows life without being flooded.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._line = ProgressLine()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._line.show(self._what)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        self.clear()

    def clear(self) -> None:
        """Take the line off a terminal, for others to write there; it soon comes back."""
        self._line.clear()

    def say(self, what: str) -> None:
        """Tell what is being done from now on."""
        self._what = safe(what)
        self._line.show(self._what)

    def _tick(self) -> None:
        while not self._done.wait(1 if self._line.is_terminal else 10):
            self._line.show(self._what)
