"""Looking into a run's file: how far it is, what was found, what failed; whoever works on it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from extractor.calls.ledger.rows import LEDGER
from extractor.calls.records import MICRO
from extractor.calls.storage.database import storable, told
from extractor.errors import ConfigurationError, StoreError
from extractor.runs.base import Contents, Counts, FileState
from extractor.runs.configuration import Configuration
from extractor.runs.sessions import GONE, teach_gone
from extractor.runs.tables import MIGRATIONS, version_of
from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class RunRow:
    """One file of a run, and what became of it.

    Attributes:
        position: its place in the input.
        path: below the folder.
        state: see `FileState`.
        sha256: of its content; None until it was loaded.
        duplicate_of: the path of the first file with the same content, whose result this is.
        began_at: when its content was begun with, in seconds since 1970.
        ended_at: when it was done, or failed.
        attempts: requests that were sent about it.
        cost_usd: what these cost; None where that is not known.
        result: as `extractor extract --json` writes it; None where there is none.
        error: as `extractor extract --json` writes it; None where there is none.
    """

    position: int
    path: str
    state: FileState
    sha256: str | None
    duplicate_of: str | None
    began_at: float | None
    ended_at: float | None
    attempts: int | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    result: JsonObject | None
    error: JsonObject | None


class Spent(NamedTuple):
    """Requests and their tokens; micro-dollars that are spent, and set aside for those without
    an answer; and the requests whose price nobody knows.
    """

    requests: int
    input_tokens: int
    output_tokens: int
    cost: int
    set_aside: int
    unpriced: int = 0


class Left(NamedTuple):
    """How many files are left to do, and the paths of some of them, spread evenly."""

    total: int
    sample: tuple[str, ...]

    @classmethod
    def of(cls, paths: Sequence[str], sample: int) -> Left:
        """Return how many paths there are, and up to `sample` of them."""
        count, most = len(paths), min(len(paths), sample)
        return cls(count, tuple(paths[number * count // most] for number in range(most)))


_COLUMNS = (
    "position, path, state, sha256, nullif(original, path), begun_at, ended_at, attempts, "
    "input_tokens, output_tokens, cost_usd, result, error"
)


_FILES_NOW = f"""CREATE TEMP VIEW files_now AS
    SELECT position, path, sha256, CASE WHEN state = 'sent' AND position IN (
            SELECT f.position FROM documents d JOIN files f ON f.document = d.key
            JOIN processes ON processes.id = d.owner
            WHERE d.state = 'sent' AND {GONE} AND NOT EXISTS (
                SELECT 1 FROM batch_items i WHERE i.document = d.key AND i.state = 'waiting'
            )
        ) THEN 'unknown' ELSE state END AS state,
        original, begun_at, ended_at, attempts, input_tokens, output_tokens, cost_usd, result, error
    FROM v_files"""  # noqa: S608 - our own words
"""`v_files`, and besides whether who asks about a file is still there: this no file can know."""

_MAKE = "`extractor run FOLDER --schema S --out DIR` makes one."


class RunReader:
    """A run's file, open to read; what it returns is of one moment each.

    Args:
        path: the file.

    Raises:
        ConfigurationError: there is none.
        StoreError: it can't be used, or holds no run of this version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _opened(path)
        try:
            with told(path):
                version = version_of(self._connection)
        except StoreError:
            self._connection.close()
            raise
        if version != len(MIGRATIONS):
            self._connection.close()
            what = f"a run of version {version}" if version else "no run"
            hint = "`extractor run` with the same --out brings it up to date." if version else _MAKE
            raise StoreError(
                f"{path} holds {what}; this program reads version {len(MIGRATIONS)}.", hint=hint
            )
        teach_gone(self._connection)
        self._connection.execute(_FILES_NOW)

    @property
    def configuration(self) -> Configuration:
        """What the run's documents are asked under; empty before it was first worked on."""
        (told,) = self.one(
            "SELECT told FROM run LEFT JOIN configurations ON digest = configuration"
        )
        return Configuration(json.loads(told) if told else {})

    def at_work(self) -> bool:
        """Say whether somebody works on the run, or is about to, and is not dead."""
        (count,) = self.one(
            "SELECT count(*) FROM sessions JOIN processes ON processes.id = owner "  # noqa: S608 - our own words
            f"WHERE NOT {GONE}"
        )
        return bool(count)

    @property
    def folder(self) -> str | None:
        """The folder that the files are in, as it was when the run was last worked on."""
        folder: str | None = self.one("SELECT folder FROM run")[0]
        return folder

    @property
    def command(self) -> JsonObject:
        """The options that the run was last begun with; empty before it was."""
        (command,) = self.one("SELECT command FROM run")
        return _read(command) or {}

    def rows(self) -> Iterator[RunRow]:
        """Yield every file in the order of the input; one at a time is in memory."""
        yield from self._rows("ORDER BY position")

    def find(self, path: str) -> RunRow | None:
        """Return one file by its path, or by the end of it if no other has that."""
        path = storable(path)
        exact = [*self._rows("WHERE path = ?", path)]
        if exact:
            return exact[0]
        ending = [*self._rows("WHERE substr('/' || path, -length(?1)) = ?1 LIMIT 2", f"/{path}")]
        return ending[0] if len(ending) == 1 else None

    def counts(self) -> Counts:
        """Count the files by their state."""
        states = self.all("SELECT state, count(*) FROM files_now GROUP BY state")
        (duplicates,) = self.one(
            "SELECT count(document) - count(DISTINCT document) FROM files WHERE failure IS NULL"
        )
        return Counts(dict(states), duplicates)

    def paths(self, most: int) -> list[str]:
        """Return the paths of the first files, at most so many."""
        return [path for (path,) in self.all("SELECT path FROM files LIMIT ?", (most,))]

    def left(self, sample: int) -> Left:
        """Return how many files are neither done nor failed, and up to `sample` of their paths."""
        rows = self.all(
            "SELECT path FROM files_now WHERE state NOT IN ('done', 'failed') ORDER BY position"
        )
        return Left.of([path for (path,) in rows], sample)

    def contents(self) -> dict[str, Contents]:
        """Return what files held when they were looked at last, by their paths.

        Those that are put aside, until the settings that they have results of are back, count too:
        they may have come back by another name.
        """
        rows = self.all(
            "SELECT path, sha256, size, changed_at FROM gone UNION ALL "
            "SELECT path, sha256, size, changed_at FROM files WHERE sha256 IS NOT NULL"
        )
        return {path: Contents(*held) for path, *held in rows}

    def ended(self, digest: bytes) -> dict[bytes, str | None]:
        """Return the keys of documents that are at their end under a configuration.

        Each with the kind of error that it failed with; None for one that is done.
        """
        rows = self.all(
            "SELECT key, error ->> '$.type' FROM documents "
            "WHERE configuration = ? AND state IN ('done', 'failed')",
            (digest,),
        )
        return dict(rows)

    def taken_over(self) -> int:
        """Return how many of the files' documents have the result of another run."""
        (count,) = self.one(
            "SELECT count(*) FROM documents WHERE state = 'done' AND attempts = 0 "
            "AND key IN (SELECT document FROM files)"
        )
        return int(count)

    def failures(self) -> list[tuple[str, int]]:
        """Return the kinds of errors that files failed with, and how many did, the most first."""
        return self.all(
            "SELECT error ->> '$.type', count(*) FROM files_now WHERE state = 'failed' "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        )

    def failed(self, most: int) -> list[tuple[str, str, str | None]]:
        """Return the first files that failed, with the message and the hint of each error."""
        return self.all(
            "SELECT path, error ->> '$.message', error ->> '$.hint' FROM files_now "
            "WHERE state = 'failed' ORDER BY position LIMIT ?",
            (most,),
        )

    def under_way(self) -> list[tuple[str, float]]:
        """Return the files that somebody works on, and for how many seconds, the longest first."""
        rows = self.all(
            "SELECT min(path), ? - begun_at FROM documents JOIN files ON document = key "  # noqa: S608 - our own words
            f"JOIN processes ON processes.id = owner WHERE NOT {GONE} GROUP BY key ORDER BY 2 DESC",
            (time.time(),),
        )
        return [(path, seconds) for path, seconds in rows]

    def in_doubt(self, most: int) -> list[str]:
        """Return the first files about which a model was asked by who is not there any more."""
        rows = self.all("SELECT path FROM files_now WHERE state = 'unknown' LIMIT ?", (most,))
        return [path for (path,) in rows]

    def spent(self) -> Spent:
        """Return what was sent and spent, by the run's own ledger, also for what was asked anew.

        Calls that are booked elsewhere, because of a limit per day, are told by their documents.
        """
        row: tuple[Any, ...] = self.one(
            "SELECT count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), "
            "coalesce(sum(cost), 0), "
            "coalesce(sum(reserved) FILTER (WHERE state IN ('sent', 'unknown')), 0), "
            "count(*) FILTER (WHERE cost IS NULL AND reserved IS NULL) "
            "FROM calls WHERE state != 'unsent'"
        )
        if not row[0]:
            row = self.one(
                "SELECT coalesce(sum(attempts), 0), coalesce(sum(input_tokens), 0), "
                "coalesce(sum(output_tokens), 0), "
                "cast(round(coalesce(sum(cost_usd), 0) * ?) AS INTEGER), 0, "
                "count(*) FILTER (WHERE attempts > 0 AND cost_usd IS NULL) FROM documents",
                (MICRO,),
            )
        return Spent(*row)

    def one(self, query: str, values: tuple[object, ...] = ()) -> tuple[Any, ...]:
        """Return the first row of a query."""
        return self.all(query, values)[0]

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query.

        Raises:
            StoreError: the file can't be read.
        """
        with told(self.path), closing(self._connection.execute(query, values)) as rows:
            return rows.fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, rest: str, *values: object) -> Iterator[RunRow]:
        query = f"SELECT {_COLUMNS} FROM files_now {rest}"  # noqa: S608 - our own words
        with told(self.path):
            found = self._connection.execute(query, values)
        with closing(found):
            while True:
                with told(self.path):  # not of what the caller does with a row
                    row = found.fetchone()
                if row is None:
                    return
                *facts, result, error = row
                read: tuple[Any, ...] = (*facts, _read(result), _read(error))
                yield RunRow(*read)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a run's file to read it, and nothing else: on a read-only disk too.

    Raises:
        ConfigurationError: there is none.
        StoreError: it can't be opened, or is something else.
    """
    with told(path):
        if not path.is_file():
            raise ConfigurationError(f"There is no run in {str(path.parent)!r}.", hint=_MAKE)
        try:
            return _connected(path, "mode=ro")
        except sqlite3.Error as error:
            if not getattr(error, "sqlite_errorname", "").startswith(_READ_ONLY):
                raise
            return _connected(path, "mode=ro&immutable=1")  # nobody can write there


_READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN")


def _connected(path: Path, how: str) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(path.absolute()))}?{how}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    if application != LEDGER.application_id:
        connection.close()
        raise StoreError(f"{path} is no run; it holds something else.", hint="Name another folder.")
    return connection


def _read(told: str | None) -> JsonObject | None:
    if told is None:
        return None
    found: JsonObject = json.loads(told)
    return found
