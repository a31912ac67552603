"""A run's journal in SQLite: one file, shared by any number of processes of one machine."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from extractor.calls.attempts import enlist
from extractor.calls.database import connect, storable, store_error
from extractor.calls.machine import Process, is_alive
from extractor.calls.rows import LEDGER
from extractor.calls.store import Pending, Store
from extractor.errors import ConfigurationError, StoreError
from extractor.runs.base import Bill, Claim, Contents, FileRow, FileState, Taken
from extractor.runs.configuration import Configuration
from extractor.runs.reader import RunReader
from extractor.runs.tables import MIGRATIONS, prepare, version_of
from extractor.types import JsonObject

LEASE = 60.0
"""Seconds for which a claim holds without a heartbeat."""

_BATCH = 1_000
"""Paths that are registered in one transaction."""

_BEGUN = "UPDATE run SET folder = ?, command = ?"


class SqliteJournal:
    """A `Journal` in a run's file; any number of processes of one machine share it.

    Args:
        path: the file; it is made, and its folder, if it is not there.
        clock: seconds since 1970.

    Raises:
        StoreError: the file can't be used, is damaged, or a newer program has made it.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._clock = clock
        self._store = Store(path, LEDGER)
        try:
            self._upgrade()
            self._reader = RunReader(path)
            self.owner = self._store.run(enlist)
            self.release_the_dead()
            self.configuration, self.nonce_key = self._settled()
        except BaseException:
            self._store.close()
            raise

    @property
    def store(self) -> Store:
        """Who writes the file; what is queued here and there is written in that order."""
        return self._store

    @property
    def id(self) -> str:
        """What tells this run from all others."""
        (secret,) = self._reader.one("SELECT secret FROM run")
        return hashlib.sha256(b"id" + secret).hexdigest()[:16]

    def configure(self, configuration: Configuration, *, refresh: bool = False) -> None:
        """Say what documents are asked under from now on; what was answered under another is kept.

        Args:
            configuration: as its extractor says.
            refresh: have everything asked anew; what was answered before is kept, too.

        Raises:
            ConfigurationError: other processes are at work under another one.
        """
        (refreshed,) = self._reader.one("SELECT refreshed FROM run")
        refreshed += refresh
        if refreshed:
            configuration = Configuration({**configuration.told, "refreshed": refreshed})
        digest, told, now = configuration.digest, json.dumps(configuration.told), self._clock()
        changed = configuration.differs(self.configuration)
        if changed and self.configuration.told and self.others_at_work():
            raise ConfigurationError(
                f"Another process is at work on {self.path} under other settings "
                f"({', '.join(changed)}).",
                hint="Let it end first, or use a folder of its own for this one.",
            )

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT OR IGNORE INTO configurations VALUES (?, ?, ?)", (digest, told, now)
            )
            connection.execute(
                "UPDATE run SET configuration = ?, refreshed = ?", (digest, refreshed)
            )
            if changed:
                connection.execute("UPDATE files SET document = NULL")

        self._store.run(work)
        self.configuration, self.nonce_key = self._settled()

    def register(
        self, folder: Path, paths: Iterable[str], *, command: JsonObject | None = None
    ) -> int:
        """Take in files that are not there yet, after those that are; return how many there are.

        Args:
            folder: where they are.
            paths: below it, in the order of the input.
            command: the options of who does it, for who goes on with it.

        Raises:
            ConfigurationError: the run is about another folder, which is still there.
        """
        before = self._reader.folder
        if before not in (None, str(folder)) and Path(str(before)).is_dir():
            raise ConfigurationError(
                f"The run in {str(self.path.parent)!r} is about {before!r}.",
                hint="Use another --out; what is finished is not asked again there.",
            )
        begun = storable(str(folder)), json.dumps(command or {})
        self._store.run(lambda connection: connection.execute(_BEGUN, begun))
        rows = ((storable(path),) for path in paths)
        while some := list(islice(rows, _BATCH)):
            self._store.run(partial(_insert, some))
        (count,) = self._reader.one("SELECT count(*) FROM files")
        return int(count)

    def unfinished(self, after: int, limit: int) -> list[FileRow]:
        """Return files after a position that are not finished, nor another process's."""
        rows = self._reader.all(
            "SELECT f.position, f.path FROM files f LEFT JOIN documents d ON d.key = f.document "
            "WHERE f.position > ? AND f.failure IS NULL "
            "AND coalesce(d.state, 'planned') IN ('planned', 'sent') "
            "AND (d.owner IS NULL OR d.lease < ?) ORDER BY f.position LIMIT ?",
            (after, self._clock(), limit),
        )
        return [FileRow(*row) for row in rows]

    def finished_before(self) -> Iterator[tuple[FileRow, Contents, bool]]:
        """Yield the files that are finished, with what they held, and whether they failed to open.

        They have changed since if they hold something else now.
        """
        query = (
            "SELECT f.position, f.path, coalesce(f.sha256, ''), coalesce(f.size, -1), "
            "coalesce(f.changed_at, -1), f.failure IS NOT NULL FROM files f "
            "LEFT JOIN documents d ON d.key = f.document "
            "WHERE f.failure IS NOT NULL OR d.state IN ('done', 'failed') ORDER BY f.position"
        )
        for position, path, sha256, size, changed_at, is_closed in self._reader.all(query):
            yield FileRow(position, path), Contents(sha256, size, changed_at), bool(is_closed)

    def forget(self, positions: Iterable[int]) -> None:
        """Have files looked at anew, because they have changed or could not be opened."""
        rows = [(position,) for position in positions]
        forgotten = "UPDATE files SET document = NULL, failure = NULL WHERE position = ?"
        if rows:
            self._store.run(lambda connection: connection.executemany(forgotten, rows))

    def claim(self, file: FileRow, contents: Contents) -> Pending[Claim | Taken]:
        """Take on the document that a file holds, if it is nobody's and not finished."""
        key, now = self.configuration.key(contents.sha256), self._clock()

        def work(connection: sqlite3.Connection) -> Claim | Taken:
            connection.execute(
                "INSERT OR IGNORE INTO documents (key, sha256, configuration) "
                "SELECT ?, ?, configuration FROM run",
                (key, contents.sha256),
            )
            connection.execute(
                "UPDATE files SET sha256 = ?, size = ?, changed_at = ?, document = ?, "
                "failure = NULL WHERE position = ?",
                (contents.sha256, contents.size, contents.changed_at, key, file.position),
            )
            taken = connection.execute(
                "UPDATE documents SET owner = ?, fence = fence + 1, lease = ?, begun_at = ? "
                "WHERE key = ? AND state IN ('planned', 'sent') "
                "AND (owner IS NULL OR lease < ?) RETURNING fence",
                (self.owner, now + LEASE, now, key, now),
            ).fetchone()
            if taken is not None:
                return Claim(key, taken[0])
            state, owner = connection.execute(
                "SELECT state, owner FROM documents WHERE key = ?", (key,)
            ).fetchone()
            return Taken(state, is_under_way=owner is not None)

        return self._store.submit(work)

    def unreadable(self, file: FileRow, failure: JsonObject) -> Pending[None]:
        """Note that a file can't be opened, so that nobody knows what it holds."""
        told = json.dumps(failure)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE files SET document = NULL, failure = ? WHERE position = ?",
                (told, file.position),
            )

        return self._store.submit(work)

    def note_sent(self, key: bytes) -> None:
        """Note that something is about to be sent about a document."""
        sent = "UPDATE documents SET state = 'sent' WHERE key = ? AND state = 'planned'"
        self._store.submit(lambda connection: connection.execute(sent, (key,)))

    def finish(self, claim: Claim, result: JsonObject, bill: Bill) -> Pending[bool]:
        """Write a result, and give the claim up; False if it was lost meanwhile."""
        return self._end(claim, "done", bill, result=result)

    def fail(self, claim: Claim, error: JsonObject, bill: Bill) -> Pending[bool]:
        """Write why there is no result, and give the claim up; False if it was lost meanwhile."""
        return self._end(claim, "failed", bill, error=error)

    def release(self, claim: Claim) -> Pending[bool]:
        """Give a claim up with nothing done; False if it was lost meanwhile."""
        given = (
            "UPDATE documents SET state = 'planned', owner = NULL, lease = NULL "
            "WHERE key = ? AND fence = ?"
        )
        return self._store.submit(
            lambda connection: bool(connection.execute(given, (claim.key, claim.fence)).rowcount)
        )

    def beat(self) -> Pending[None]:
        """Keep all claims of this process alive."""
        until = self._clock() + LEASE

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE documents SET lease = ? WHERE owner = ?", (until, self.owner)
            )

        return self._store.submit(work)

    def release_the_dead(self) -> int:
        """Give up the claims of processes that are gone; what they had sent is of unknown cost."""

        def work(connection: sqlite3.Connection) -> int:
            dead = [(number,) for number in _dead(connection)]
            connection.executemany(
                "UPDATE calls SET state = 'unknown', error_type = 'ProcessDied' "
                "WHERE process = ? AND state = 'sent'",
                dead,
            )
            released = connection.executemany(
                "UPDATE documents SET owner = NULL, lease = NULL WHERE owner = ?", dead
            )
            return released.rowcount if dead else 0

        return self._store.run(work)

    def others_at_work(self) -> int:
        """Return how many documents other processes are working on."""
        (count,) = self._reader.one(
            "SELECT count(*) FROM documents WHERE owner IS NOT NULL AND owner != ? AND lease >= ?",
            (self.owner, self._clock()),
        )
        return int(count)

    def retry(self) -> int:
        """Have what failed tried again and asked anew; return how many files that is."""

        def work(connection: sqlite3.Connection) -> int:
            (failed,) = connection.execute(
                "SELECT count(*) FROM v_files WHERE state = 'failed'"
            ).fetchone()
            connection.execute("UPDATE run SET turn = turn + 1")
            connection.execute(
                "UPDATE documents SET state = 'planned', error = NULL, ended_at = NULL "
                "WHERE state = 'failed' AND configuration = (SELECT configuration FROM run)"
            )
            connection.execute("UPDATE files SET failure = NULL WHERE failure IS NOT NULL")
            return int(failed)

        failed = self._store.run(work)
        self.configuration, self.nonce_key = self._settled()
        return failed

    def check(self) -> None:
        """Look through the whole file for damage.

        Raises:
            StoreError: there is some.
        """
        (told,) = self._reader.one("PRAGMA quick_check(1)")
        if told != "ok":
            raise StoreError(
                f"{self.path} is damaged: {told}.",
                hint="Restore it from a backup; what can be read of it, `export` still writes.",
            )

    def backup(self, path: Path) -> None:
        """Write a copy of the file as it is now, whoever writes meanwhile.

        Raises:
            StoreError: it can't be written; or there is something of that name.
        """
        _copy(self.path, path)

    def close(self) -> None:
        """Write what is queued and let go of the file."""
        self._reader.close()
        self._store.close()

    def _end(
        self,
        claim: Claim,
        state: FileState,
        bill: Bill,
        *,
        result: JsonObject | None = None,
        error: JsonObject | None = None,
    ) -> Pending[bool]:
        row = (
            *(state, self._clock(), bill.attempts, bill.input_tokens, bill.output_tokens),
            *(bill.cost_usd, _json(result), _json(error), claim.key, claim.fence),
        )

        def work(connection: sqlite3.Connection) -> bool:
            ended = connection.execute(
                "UPDATE documents SET state = ?, ended_at = ?, attempts = ?, input_tokens = ?, "
                "output_tokens = ?, cost_usd = ?, result = ?, error = ?, owner = NULL, "
                "lease = NULL WHERE key = ? AND fence = ?",
                row,
            )
            return bool(ended.rowcount)

        return self._store.submit(work)

    def _upgrade(self) -> None:
        """Bring the tables up to date, after a copy of what there is."""
        with closing(connect(self.path, LEDGER)) as connection:
            version = version_of(connection)
        if version == len(MIGRATIONS):
            return
        if 0 < version < len(MIGRATIONS):
            _copy(self.path, self.path.with_name(f"{self.path.stem}-version-{version}.sqlite"))
        self._store.run(lambda connection: prepare(connection, self.path))

    def _settled(self) -> tuple[Configuration, bytes]:
        """Return what is in force: the configuration, and the secret of the fences."""
        told, secret, refreshed, turn = self._reader.one(
            "SELECT told, secret, refreshed, turn FROM run "
            "LEFT JOIN configurations ON digest = configuration"
        )
        nonce_key = hashlib.sha256(secret + b"%d %d" % (refreshed, turn)).digest()
        return Configuration(json.loads(told) if told else {}), nonce_key


def _insert(paths: list[tuple[str]], connection: sqlite3.Connection) -> None:
    connection.executemany("INSERT OR IGNORE INTO files (path) VALUES (?)", paths)


def _copy(path: Path, to: Path) -> None:
    try:
        with closing(connect(path, LEDGER)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise store_error(to, error) from error


def _dead(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of processes that are known to run no more."""
    rows = connection.execute("SELECT id, boot, namespace, pid, started FROM processes")
    return [number for number, *facts in rows if is_alive(Process(*facts)) is False]


def _json(told: JsonObject | None) -> str | None:
    """Write JSON in which half a surrogate pair is an escape: SQLite takes no such character."""
    if told is None:
        return None
    text = json.dumps(told, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(told)
    return text
