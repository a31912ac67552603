"""Reading a ledger's file, and settling by hand what nobody told the cost of.

An attempt whose process died is `sent` in the file for ever. Whoever reads it is shown `unknown`:
the view `attempts` is the table `calls` with that put right.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.days import Calendar
from extractor.calls.ledger.machine import Process, is_alive, this_process
from extractor.calls.ledger.rows import COLUMNS, LEDGER, record_of
from extractor.calls.records import CallRecord, CallState
from extractor.calls.storage.database import connect
from extractor.errors import ConfigurationError

_LONGEST = 3_600.0
"""Seconds after which no attempt of a process that can't be seen (in a container) still runs."""

_IS_UNKNOWN = "(state = 'unknown' OR state = 'sent' AND died(process, started_at))"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many attempts of unknown cost now have one, and how many micro-dollars that makes.

    `left` are those that still have none: nothing was set aside for them.
    """

    calls: int
    cost: int
    left: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which calls to list; None asks for all."""

    state: CallState | None = None
    model: str | None = None
    user: str | None = None
    extraction: str | None = None
    since: float | None = None
    errors: bool = False

    def where(self) -> tuple[str, tuple[object, ...]]:
        """Return it as SQL, and the values of its parameters."""
        asked = {
            "state = ?": self.state,
            "? IN (model, provider || ':' || model)": self.model,
            "metadata ->> '$.user' = ?": self.user,
            "extraction = ?": self.extraction,
            "started_at >= ?": self.since,
        }
        given = {term: value for term, value in asked.items() if value is not None}
        terms = [*given, *(["error_type IS NOT NULL"] if self.errors else [])]
        return " AND ".join(terms) or "TRUE", tuple(given.values())


@contextmanager
def open_to_read(path: Path) -> Generator[sqlite3.Connection]:
    """Open a ledger's file that is there, to read it as it is now, whoever writes meanwhile.

    Raises:
        ConfigurationError: it is not there.
        StoreError: it can't be used.
    """
    require_file(path)
    with closing(connect(path, LEDGER)) as connection:
        _show_died(connection)
        connection.execute(
            "CREATE TEMP VIEW attempts AS SELECT "  # noqa: S608 - our own names
            f"{', '.join(name for name in COLUMNS if name != 'state')}, day, "
            f"CASE WHEN {_IS_UNKNOWN} THEN 'unknown' ELSE state END AS state FROM calls"
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield connection


def require_file(path: Path) -> None:
    """Refuse to make the file that somebody wants to look into.

    Raises:
        ConfigurationError: it is not there.
    """
    if not path.is_file() or not path.stat().st_size:
        raise ConfigurationError(
            f"There is no ledger at {path}.",
            hint="Name its file with --store, EXTRACTOR_STORE or [store] path in extractor.toml; "
            "the first call that is recorded makes it.",
        )


def calendar_of(connection: sqlite3.Connection) -> Calendar:
    """Return the days that a ledger keeps."""
    row = connection.execute("SELECT timezone FROM clock").fetchone()
    return Calendar(row[0]) if row else Calendar()


def calls(
    connection: sqlite3.Connection, wanted: Filter, *, newest: int | None = None
) -> Iterator[CallRecord]:
    """Read records, the newest first, as many as asked for.

    Raises:
        StoreError: one of them is damaged.
    """
    where, values = wanted.where()
    query = (
        f"SELECT {', '.join(COLUMNS)} FROM attempts WHERE {where} "  # noqa: S608 - our own names
        "ORDER BY id DESC LIMIT ?"
    )
    for row in connection.execute(query, (*values, -1 if newest is None else newest)):
        yield record_of(row)


def enlist(connection: sqlite3.Connection) -> int:
    """Return the number that rows of this process are marked with."""
    me = this_process()
    rows = connection.execute(
        "INSERT INTO processes (boot, namespace, pid, started) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET pid = excluded.pid RETURNING id",
        (me.boot, me.namespace, me.pid, me.started),
    ).fetchall()
    number: int = rows[0][0]
    return number


def change_totals(connection: sqlite3.Connection, accounts: str, change: Total) -> None:
    """Change the totals that an attempt counts in, as its row names them."""
    if change != Total():
        connection.executemany(
            "UPDATE totals SET spent = spent + ?, reserved = reserved + ? "
            "WHERE scope = ? AND key = ?",
            [(change.spent, change.reserved, *account) for account in json.loads(accounts)],
        )


def reconcile(
    connection: sqlite3.Connection, ids: Sequence[str], cost: int | None = None
) -> Reconciled:
    """Do what `SqliteLedger.reconcile` says."""
    _show_died(connection)
    amounts: list[int] = []
    for id_ in dict.fromkeys(ids):
        rows = _settle(connection, "id = ?", id_, cost)
        if not rows:
            raise _refusal(connection, id_)
        amounts += rows
    return Reconciled(len(amounts), sum(amounts), left=0)


def reconcile_before(
    connection: sqlite3.Connection, time: float, cost: int | None = None
) -> Reconciled:
    """Do what `SqliteLedger.reconcile_before` says."""
    _show_died(connection)
    amounts = _settle(connection, "started_at < ?", time, cost)
    query = f"SELECT count(*) FROM calls WHERE started_at < ? AND {_IS_UNKNOWN}"  # noqa: S608 - our own term
    (left,) = connection.execute(query, (time,)).fetchone()
    return Reconciled(len(amounts), sum(amounts), left)


def _settle(
    connection: sqlite3.Connection, term: str, value: object, cost: int | None
) -> list[int]:
    """Settle what is unknown and satisfies a term; return what each did cost."""
    rows: list[tuple[int, int | None, str]] = connection.execute(
        "UPDATE calls SET state = 'settled', cost = coalesce(?, reserved) "  # noqa: S608 - our own terms
        f"WHERE {term} AND {_IS_UNKNOWN} AND coalesce(?, reserved) IS NOT NULL "
        "RETURNING cost, reserved, accounts",
        (cost, value, cost),
    ).fetchall()
    for paid, reserved, accounts in rows:
        change_totals(connection, accounts, Total(paid, -(reserved or 0)))
    return [paid for paid, _, _ in rows]


def _refusal(connection: sqlite3.Connection, id_: str) -> ConfigurationError:
    query = f"SELECT state, {_IS_UNKNOWN} FROM calls WHERE id = ?"  # noqa: S608 - our own term
    state, is_unknown = connection.execute(query, (id_,)).fetchone() or (None, False)
    if state is None:
        return ConfigurationError(
            f"The ledger has no call {id_!r}; nothing is changed.",
            hint="`extractor logs --state unknown` lists those that can be reconciled.",
        )
    if is_unknown:
        return ConfigurationError(
            f"Nothing was set aside for call {id_}; nothing is changed.", hint="Say what it cost."
        )
    why = "is still under way" if state == "sent" else f"is {state} already"
    return ConfigurationError(f"Call {id_} {why}; nothing is changed.")


def _show_died(connection: sqlite3.Connection) -> None:
    """Teach SQL to ask whether an attempt's process is gone; each process is looked up once."""
    rows = connection.execute("SELECT id, boot, namespace, pid, started FROM processes").fetchall()
    alive = {number: is_alive(Process(*facts)) for number, *facts in rows}
    oldest = time.time() - _LONGEST

    def died(process: int, started_at: float) -> bool:
        known = alive.get(process, True)  # one that came since
        return started_at < oldest if known is None else not known

    connection.create_function("died", 2, died)
