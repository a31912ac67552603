"""What a run's file has of batches: what is to be handed in, what was, and what came of it."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal, TypeAlias

from extractor.calls.ledger.machine import Process, is_alive
from extractor.calls.steps import Target
from extractor.calls.storage.store import Pending
from extractor.errors import ConfigurationError
from extractor.providers.batches import BatchFailure
from extractor.runs.journal import LEASE, SqliteJournal
from extractor.runs.reader import RunReader

BatchState: TypeAlias = Literal["reserving", "submitting", "submitted", "ended", "lost"]
ItemState: TypeAlias = Literal["answered", "again", "failed", "unsent"]

_OPEN = "state IN ('reserving', 'submitting', 'submitted')"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of a run; see the table for its states.

    Attributes:
        id: its row.
        token: what its requests' ids begin with; the provider is told it.
        target: who is asked.
        count: its requests.
        made_at: seconds since 1970.
        remote: the provider's id; None while that is not known.
        done: requests that have an end, as the provider told last.
    """

    id: int
    token: str
    target: Target
    count: int
    state: BatchState
    made_at: float
    remote: str | None
    done: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a batch: which it is, which document it is about, and its call in the ledger."""

    number: int
    document: bytes
    request: bytes
    call: str
    technique: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Past:
    """What came of a request before: how often it failed, how often at unknown cost, and the last.

    `is_final` says that it is of no use to ask again.
    """

    attempts: int = 0
    doubts: int = 0
    failure: BatchFailure | None = None
    is_final: bool = False


class Batches:
    """The batches of a run. What is written here and in the ledger is written in that order.

    Args:
        journal: the run.
        clock: seconds since 1970.
    """

    def __init__(self, journal: SqliteJournal, *, clock: Callable[[], float] = time.time) -> None:
        self._store, self._owner, self._clock = journal.store, journal.owner, clock
        self._reader, self._reading = RunReader(journal.path), threading.Lock()

    def take(self) -> None:
        """Have this process alone work with the run's batches, until it ends.

        Raises:
            ConfigurationError: another one does.
        """
        now = self._clock()

        def work(connection: sqlite3.Connection) -> bool:
            owner, lease, *facts = connection.execute(
                "SELECT owner, coalesce(lease, 0), boot, namespace, processes.pid, started "
                "FROM batching LEFT JOIN processes ON processes.id = owner"
            ).fetchone()
            is_held = owner not in (None, self._owner) and lease >= now
            if is_held and is_alive(Process(*facts)) is not False:
                return False
            _done(
                connection, "UPDATE batching SET owner = ?, lease = ?", (self._owner, now + LEASE)
            )
            return True

        if not self._store.run(work):
            raise ConfigurationError(
                "Another process works with the batches of this run.",
                hint=f"Let it end first; {LEASE:g} s after it was killed, nobody does.",
            )

    def beat(self) -> Pending[None]:
        """Keep the run's batches this process's own."""
        return self._let(self._clock() + LEASE)

    def release(self) -> None:
        """Let any process work with them."""
        self._let(0.0)

    def open(self) -> list[Batch]:
        """Return what was handed in, or perhaps was, and has not ended."""
        rows = self._rows(
            "SELECT id, token, provider, model, account, count, state, made_at, remote, "  # noqa: S608 - our own words
            f"coalesce(done, 0) FROM batches WHERE {_OPEN} ORDER BY id"
        )
        return [
            Batch(id_, token, Target(provider, model, account), *rest)
            for id_, token, provider, model, account, *rest in rows
        ]

    def known(self) -> list[str]:
        """Return the provider's ids of all batches whose id is known."""
        return [id_ for (id_,) in self._rows("SELECT remote FROM batches WHERE remote > ''")]

    def waiting(self, batch: Batch) -> list[Asked]:
        """Return the requests of a batch of which nothing is known yet."""
        rows = self._rows(
            "SELECT number, document, request, call, technique, attempt FROM batch_items "
            "WHERE batch = ? AND state = 'waiting' ORDER BY number",
            (batch.id,),
        )
        return [Asked(*row) for row in rows]

    def waiting_files(self) -> set[int]:
        """Return the positions of files of which a request is in an open batch."""
        rows = self._rows(
            "SELECT f.position FROM batch_items i JOIN files f USING (document) "
            "WHERE i.state = 'waiting'"
        )
        return {position for (position,) in rows}

    def waiting_requests(self) -> set[bytes]:
        """Return the keys of the replies that are waited for."""
        rows = self._rows("SELECT request FROM batch_items WHERE state = 'waiting'")
        return {request for (request,) in rows}

    def past(self, request: bytes) -> Past:
        """Return what came of a request, by the key of its reply, in earlier batches."""
        rows = self._rows(
            "SELECT state, in_doubt, status, failure FROM batch_items "
            "WHERE request = ? AND state IN ('again', 'failed') ORDER BY batch",
            (request,),
        )
        if not rows:
            return Past()
        state, _, status, body = rows[-1]
        doubts = sum(in_doubt for _, in_doubt, _, _ in rows)
        return Past(len(rows), doubts, BatchFailure(status, body), state == "failed")

    def make(self, target: Target, items: Sequence[Asked]) -> Batch:
        """Write down what is to be handed in; blocks until the disk has it."""
        token, now = secrets.token_hex(8), self._clock()

        def work(connection: sqlite3.Connection) -> int:
            (id_,) = connection.execute(
                "INSERT INTO batches (token, provider, model, account, count, made_at) "
                "VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (token, target.provider, target.model, target.account, len(items), now),
            ).fetchone()
            connection.executemany(
                "INSERT INTO batch_items (batch, number, document, request, call, technique, "
                "attempt) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(id_, *astuple(each)) for each in items],
            )
            return int(id_)

        id_ = self._store.run(work)
        return Batch(id_, token, target, len(items), "reserving", now, None, 0)

    def submitting(self, batch: Batch, *, left_out: Sequence[Asked]) -> None:
        """Write down that it is handed in now, without some; blocks until the disk has it."""
        count = batch.count - len(left_out)

        def work(connection: sqlite3.Connection) -> None:
            _unsent(connection, batch, left_out)
            connection.execute(
                "UPDATE batches SET state = 'submitting', count = ? WHERE id = ?",
                (count, batch.id),
            )

        self._store.run(work)

    def submitted(self, batch: Batch, remote: str) -> None:
        """Write down the provider's id; blocks until the disk has it."""
        self._set(batch, "state = 'submitted', remote = ?", remote)

    def not_ours(self, batch: Batch) -> None:
        """Write down that the provider's id was that of somebody else's batch."""
        self._set(batch, "state = 'submitting', remote = NULL, done = NULL")

    def progress(self, batch: Batch, done: int, total: int) -> None:
        """Write down the provider's counts."""
        self._set(batch, "done = ?, total = ?", done, total)

    def lost(self, batch: Batch, items: Sequence[Asked]) -> None:
        """Write down that the provider never had it: no model was asked."""

        def work(connection: sqlite3.Connection) -> None:
            _unsent(connection, batch, items)
            connection.execute("UPDATE batches SET state = 'lost' WHERE id = ?", (batch.id,))

        self._store.run(work)

    def ended(self, batch: Batch) -> None:
        """Write down that all of its results are; blocks until the disk has it."""
        self._set(batch, "state = 'ended', done = count, ended_at = ?", self._clock())

    def answered(self, batch: Batch, asked: Asked, reply: bytes) -> Pending[None]:
        """Keep the reply to a request; `settled` has to follow when its call is."""
        kept = "INSERT OR REPLACE INTO replies (key, reply, document) VALUES (?, ?, ?)"
        row = (asked.request, reply, asked.document)
        return self._store.submit(lambda connection: _done(connection, kept, row))

    def settled(
        self,
        batch: Batch,
        asked: Asked,
        state: ItemState,
        *,
        failure: BatchFailure | None = None,
        in_doubt: bool = False,
    ) -> Pending[None]:
        """Write down what came of a request; it is not `answered` where its reply is not kept."""
        status, body = (failure.status, failure.body) if failure else (None, None)
        values = (state, in_doubt, status, body, batch.id, asked.number, state)
        return self._store.submit(
            lambda connection: _done(
                connection,
                "UPDATE batch_items SET state = ?, in_doubt = ?, status = ?, failure = ? "
                "WHERE batch = ? AND number = ? AND (? != 'answered' OR request IN "
                "(SELECT key FROM replies))",
                values,
            )
        )

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._reading:
            return self._reader.all(query, values)

    def _let(self, until: float) -> Pending[None]:
        values = (until, self._owner)
        return self._store.submit(
            lambda connection: _done(
                connection, "UPDATE batching SET lease = ? WHERE owner = ?", values
            )
        )

    def _set(self, batch: Batch, what: str, *values: object) -> None:
        query = f"UPDATE batches SET {what} WHERE id = ?"  # noqa: S608 - our own words
        self._store.run(lambda connection: _done(connection, query, (*values, batch.id)))


def _done(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> None:
    connection.execute(query, values)


def _unsent(connection: sqlite3.Connection, batch: Batch, items: Sequence[Asked]) -> None:
    connection.executemany(
        "UPDATE batch_items SET state = 'unsent' WHERE batch = ? AND number = ?",
        [(batch.id, each.number) for each in items],
    )
