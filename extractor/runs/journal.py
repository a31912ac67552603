"""A run's journal in SQLite: one file, shared by any number of processes of one machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from extractor.calls.ledger.attempts import enlist
from extractor.calls.ledger.rows import LEDGER
from extractor.calls.storage.database import connect, storable, told
from extractor.calls.storage.store import Pending, Store
from extractor.errors import ConfigurationError, EncryptedDocumentError, StoreError
from extractor.runs.base import Bill, Claim, Contents, FileRow, FileState, Taken
from extractor.runs.configuration import Configuration
from extractor.runs.reader import RunReader
from extractor.runs.scans import Found, begin, forget_gone, take_in
from extractor.runs.sessions import (
    dead_processes,
    enter,
    leave,
    put_into_force,
    require,
    stay,
)
from extractor.runs.tables import MIGRATIONS, prepare, version_of
from extractor.types import JsonObject

LEASE = 60.0
"""Seconds for which a claim holds without a heartbeat."""

LOCKED = EncryptedDocumentError.__name__
"""The kind of error of a document that was not read for want of its password."""

_BATCH = 1_000
"""Paths that are registered in one transaction."""


class SqliteJournal:
    """A `Journal` in a run's file; any number of processes of one machine share it.

    Args:
        path: the file; it is made, and its folder, if it is not there.
        clock: seconds since 1970.

    Attributes:
        store: who writes the file; what is queued here and there is written in that order.

    Raises:
        StoreError: the file can't be used, is damaged, or a newer program has made it.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._scan = 0
        self.store = Store(path, LEDGER)
        try:
            self._upgrade()
            self._reader = RunReader(path)
            self.owner = self.store.run(enlist)
            self.release_the_dead()
            self.configuration = self._reader.configuration
        except BaseException:
            self.store.close()
            raise

    @property
    def id(self) -> str:
        """What tells this run from all others."""
        (secret,) = self._reader.one("SELECT secret FROM run")
        return hashlib.sha256(b"id" + secret).hexdigest()[:16]

    def nonce_key(self, turn: int) -> bytes:
        """Return the secret of a document's fences; another one whenever it is asked anew."""
        secret, refreshed = self._reader.one("SELECT secret, refreshed FROM run")
        return hashlib.sha256(secret + b"%d %d" % (refreshed, turn)).digest()

    def refreshes(self, *, anew: bool = False) -> int:
        """Return how often everything was asked anew.

        With `anew` once more is counted in, unless the last time is not at its end: then a command
        that wants it goes on with that.
        """
        (count,) = self._reader.one("SELECT refreshed FROM run")
        return int(count) + (anew and not self.is_refreshing())

    def put_into_force(
        self, configuration: Configuration, *, command: JsonObject | None = None
    ) -> None:
        """Have documents asked under a configuration from now on, all or nothing.

        What was answered under another one is kept; what was under this one is there again.

        Args:
            configuration: which.
            command: the options of who does it, for who goes on with it; None leaves what there is.

        Raises:
            ConfigurationError: other processes are at work under another one, or have had
                everything asked anew meanwhile.
        """
        digest, now = configuration.digest, self._clock()
        told = json.dumps(configuration.told), None if command is None else json.dumps(command)

        def work(connection: sqlite3.Connection) -> None:
            enter(connection, self.owner, digest, now=now, until=now + LEASE)
            put_into_force(connection, digest, *told, refreshed=configuration.refreshed, now=now)

        self.store.run(work)
        self.configuration = configuration

    def is_refreshing(self) -> bool:
        """Say whether a refresh has begun that is not at its end: one more goes on with it."""
        query = "SELECT refreshed FROM run WHERE EXISTS (SELECT 1 FROM v_files WHERE state NOT IN "
        return any(count for (count,) in self._reader.all(f"{query} ('done', 'failed'))"))

    def require_folder(self, folder: Path) -> None:
        """Make sure that the run is about a folder, or that it was and the folder was moved.

        Raises:
            ConfigurationError: it is about another folder, which is still there.
        """
        before = self._reader.folder
        if before not in (None, str(folder)) and Path(str(before)).is_dir():
            raise ConfigurationError(
                f"The run in {str(self.path.parent)!r} is about {before!r}.",
                hint="Use another --out; what is finished is not asked again there.",
            )

    def register(
        self,
        folder: Path,
        paths: Iterable[str],
        *,
        contents: Mapping[str, Contents | None] | None = None,
    ) -> int:
        """Take in files that are not there yet, after those that are; return how many there are.

        A file that is not among them any more stays if it has a result.

        Args:
            folder: where they are.
            paths: below it, in the order of the input.
            contents: what they hold, of those that somebody has looked at; None of one that can't
                be opened. One that holds what it held keeps its state; any other is to be done.

        Raises:
            ConfigurationError: as `require_folder`.
        """
        self.require_folder(folder)
        self._scan = self.store.run(partial(begin, storable(str(folder))))
        found = (self._found(path, contents or {}) for path in paths)
        while some := list(islice(found, _BATCH)):
            self.store.run(partial(take_in, some, self._scan))
        self.forget_gone()
        (count,) = self._reader.one("SELECT count(*) FROM files")
        return int(count)

    def _found(self, path: str, contents: Mapping[str, Contents | None]) -> Found:
        return Found(storable(path), contents.get(path), was_looked_at=path in contents)

    def forget_gone(self) -> None:
        """Forget files that were not registered, unless nothing else has their result.

        At the end of the work, when it is known what every file holds, renamed ones go too.
        """
        asked = self.configuration.anew(0).digest
        alike = [
            digest.hex()
            for digest, told in self._reader.all("SELECT digest, told FROM configurations")
            if Configuration(json.loads(told)).anew(0).digest == asked
        ]
        self.store.run(partial(forget_gone, self._scan, alike))

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

    def claim(self, file: FileRow, contents: Contents) -> Pending[Claim | Taken]:
        """Take on the document that a file holds, if it is nobody's and not finished."""
        digest, now = self.configuration.digest, self._clock()
        key = self.configuration.key(contents.sha256)

        def work(connection: sqlite3.Connection) -> Claim | Taken:
            require(connection, digest)
            connection.execute(
                "INSERT OR IGNORE INTO documents (key, sha256, configuration) VALUES (?, ?, ?)",
                (key, contents.sha256, digest),
            )
            connection.execute(
                "UPDATE files SET sha256 = ?, size = ?, changed_at = ?, document = ?, "
                "failure = NULL WHERE position = ?",
                (contents.sha256, contents.size, contents.changed_at, key, file.position),
            )
            taken = connection.execute(
                "UPDATE documents SET owner = ?, fence = fence + 1, lease = ?, begun_at = ? "
                "WHERE key = ? AND state IN ('planned', 'sent') "
                "AND (owner IS NULL OR lease < ?) RETURNING fence, turn",
                (self.owner, now + LEASE, now, key, now),
            ).fetchone()
            if taken is not None:
                return Claim(key, *taken)
            state, owner = connection.execute(
                "SELECT state, owner FROM documents WHERE key = ?", (key,)
            ).fetchone()
            return Taken(state, is_under_way=owner is not None)

        return self.store.submit(work)

    def unreadable(self, file: FileRow, failure: JsonObject) -> Pending[None]:
        """Note that a file can't be opened, so that nobody knows what it holds."""
        told = json.dumps(failure)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE files SET document = NULL, failure = ? WHERE position = ?",
                (told, file.position),
            )

        return self.store.submit(work)

    def note_sent(self, key: bytes) -> None:
        """Note that something is about to be sent about a document."""
        sent = "UPDATE documents SET state = 'sent' WHERE key = ? AND state = 'planned'"
        self.store.submit(lambda connection: connection.execute(sent, (key,)))

    def finish(self, claim: Claim, result: JsonObject, bill: Bill) -> Pending[bool]:
        """Write a result, and give the claim up; False if it was lost meanwhile."""
        return self._end(claim, "done", bill, result=result)

    def fail(self, claim: Claim, error: JsonObject, bill: Bill) -> Pending[bool]:
        """Write why there is no result, and give the claim up; False if it was lost meanwhile."""
        return self._end(claim, "failed", bill, error=error)

    def release(self, claim: Claim) -> Pending[bool]:
        """Give a claim up with nothing done; False if it was lost meanwhile."""
        given = "UPDATE documents SET state = 'planned', owner = NULL, lease = NULL "
        given += "WHERE key = ? AND fence = ?"
        return self.store.submit(
            lambda connection: bool(connection.execute(given, (claim.key, claim.fence)).rowcount)
        )

    def beat(self) -> Pending[None]:
        """Keep all claims of this process alive."""
        until = self._clock() + LEASE

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE documents SET lease = ? WHERE owner = ?", (until, self.owner)
            )
            stay(connection, self.owner, until)

        return self.store.submit(work)

    def release_the_dead(self) -> int:
        """Give up the claims of processes that are gone; what they had sent is of unknown cost."""

        def work(connection: sqlite3.Connection) -> int:
            dead = [(number,) for number in dead_processes(connection)]
            connection.executemany(
                "UPDATE calls SET state = 'unknown', error_type = 'ProcessDied' "
                "WHERE process = ? AND state = 'sent'",
                dead,
            )
            connection.executemany("DELETE FROM sessions WHERE owner = ?", dead)
            released = connection.executemany(
                "UPDATE documents SET owner = NULL, lease = NULL WHERE owner = ?", dead
            )
            return released.rowcount if dead else 0

        return self.store.run(work)

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
            connection.execute(
                "UPDATE documents SET state = 'planned', turn = turn + 1, error = NULL, "
                "ended_at = NULL WHERE state = 'failed' AND key IN (SELECT document FROM files)"
            )
            connection.execute("UPDATE files SET failure = NULL WHERE failure IS NOT NULL")
            return int(failed)

        return self.store.run(work)

    def unlock(self) -> None:
        """Have read again what could not be without its password; nothing was asked about that."""
        locked = (
            "UPDATE documents SET state = 'planned', error = NULL, ended_at = NULL "
            "WHERE state = 'failed' AND error ->> '$.type' = ? "
            "AND key IN (SELECT document FROM files)"
        )
        self.store.run(lambda connection: connection.execute(locked, (LOCKED,)))

    def check(self) -> None:
        """Look through the whole file for damage.

        Raises:
            StoreError: there is some.
        """
        (told,) = self._reader.one("PRAGMA quick_check(1)")
        if told != "ok":
            raise StoreError(
                f"{self.path} is damaged: {told}.",
                hint="Put a copy of it back, if you have one. What can be read of it, `export` "
                "still writes.",
            )

    def flush(self) -> None:
        """Wait until everything that is queued is written, or can't be."""
        with contextlib.suppress(StoreError):
            self.store.run(lambda _: None)

    def close(self) -> None:
        """Write what is queued and let go of the file."""
        with contextlib.suppress(StoreError):  # it leaves by its lease
            self.store.run(lambda connection: leave(connection, self.owner))
        self._reader.close()
        self.store.close()

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

        return self.store.submit(work)

    def _upgrade(self) -> None:
        """Bring the tables up to date, after a copy of what there is."""
        with closing(connect(self.path, LEDGER)) as connection:
            version = version_of(connection)
        if version == len(MIGRATIONS):
            return
        if 0 < version < len(MIGRATIONS):
            _copy(self.path, self.path.with_name(f"{self.path.stem}-version-{version}.sqlite"))
        self.store.run(lambda connection: prepare(connection, self.path))


def _copy(path: Path, to: Path) -> None:
    with closing(connect(path, LEDGER)) as connection, told(to):
        connection.execute("VACUUM INTO ?", (str(to),))


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
