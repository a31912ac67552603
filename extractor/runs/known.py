"""The other runs of this machine: what one of them has finished is not asked again in another.

A list of their files is kept among the state, paths and nothing else: what was found in contracts
stays in the runs' own folders. A run that was moved or deleted is just not known any more.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from extractor.types import JsonObject

_log = logging.getLogger("extractor.runs")

FILE_NAME = "runs.txt"
"""The list, beside the ledger of all other calls."""

_MOST = 50
"""Runs that are looked into, the latest ones: each costs a file and a lookup for each document."""


class KnownRuns:
    """The runs that are listed in a file. Safe for threads.

    Args:
        listing: the list; made when the first run is added.
        own: the file of the run that asks, which is none of the others.
    """

    def __init__(self, listing: Path, *, own: Path) -> None:
        self._listing, self._own = listing, own.resolve()
        self._lock = threading.Lock()
        self._others: list[sqlite3.Connection] | None = None

    def add(self) -> None:
        """List the run that asks, for those to come; that it can't be is logged."""
        try:
            known = self._listed()
            if self._own not in known:
                self._listing.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY
                number = os.open(self._listing, flags, 0o600)
                with os.fdopen(number, "a", encoding="utf-8", errors="surrogateescape") as file:
                    file.write(f"{self._own}\n")
        except OSError as error:
            _log.warning("Other runs will not know of this one: %s", error.strerror)

    def result(self, key: bytes) -> JsonObject | None:
        """Return what another run has found in a document, by its key; None if none has."""
        with self._lock:
            if self._others is None:
                self._others = [*self._opened()]
            for other in self._others:
                with suppress(sqlite3.Error, ValueError):  # damaged, or another version's
                    found = other.execute(
                        "SELECT result FROM documents WHERE key = ? AND state = 'done'", (key,)
                    ).fetchone()
                    if found is not None:
                        result: JsonObject = json.loads(found[0])
                        return result
        return None

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            for other in self._others or ():
                other.close()
            self._others = []

    def _opened(self) -> list[sqlite3.Connection]:
        opened: list[sqlite3.Connection] = []
        for path in reversed(self._listed()):
            if path == self._own or len(opened) == _MOST:
                continue
            with suppress(sqlite3.Error, OSError, ValueError):  # gone, closed to us, no database
                path.stat()
                uri = f"file:{quote(os.fsencode(path))}?mode=ro"
                opened.append(sqlite3.connect(uri, uri=True, check_same_thread=False))
        return opened

    def _listed(self) -> list[Path]:
        try:
            text = self._listing.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:  # nobody has made one, or may read it
            return []
        return [Path(line) for line in text.splitlines() if line]
