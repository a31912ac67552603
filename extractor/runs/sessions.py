"""Who is at work on a run, and under which configuration: all under the same one.

A process that runs, or waits to be let run, is in the table until it closes its journal, dies, or
has not been heard of for the time of a lease.
"""

from __future__ import annotations

import sqlite3
import time

from extractor.calls.ledger.machine import Process, is_alive
from extractor.errors import ConfigurationError

_ENTER = (
    "INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
    "configuration = excluded.configuration, lease = excluded.lease"
)


def enter(
    connection: sqlite3.Connection, owner: int, digest: bytes, *, now: float, until: float
) -> None:
    """Note that a process works under a configuration.

    Raises:
        ConfigurationError: others work under another one.
    """
    query = "SELECT count(*) FROM sessions WHERE owner != ? AND configuration != ? AND lease >= ?"
    (others,) = connection.execute(query, (owner, digest, now)).fetchone()
    if others:
        raise ConfigurationError(
            "Another process is at work on this run under other settings.",
            hint="Let it end first, or use a folder of its own for this one.",
        )
    connection.execute(_ENTER, (owner, digest, until))


def stay(connection: sqlite3.Connection, owner: int, until: float) -> None:
    """Keep a process in the table."""
    connection.execute("UPDATE sessions SET lease = ? WHERE owner = ?", (until, owner))


def leave(connection: sqlite3.Connection, owner: int) -> None:
    """Take a process out of the table."""
    connection.execute("DELETE FROM sessions WHERE owner = ?", (owner,))


def put_into_force(
    connection: sqlite3.Connection,
    digest: bytes,
    told: str,
    command: str | None,
    *,
    refreshed: int,
    now: float,
) -> None:
    """Have a run's documents asked under a configuration, and point its files to those of it.

    Raises:
        ConfigurationError: everything was asked anew since this was asked for.
    """
    (times,) = connection.execute("SELECT refreshed FROM run").fetchone()
    if times > refreshed:
        raise ConfigurationError(
            "Another process has had everything asked anew meanwhile; nothing was sent.",
            hint="Begin again.",
        )
    connection.execute("INSERT OR IGNORE INTO configurations VALUES (?, ?, ?)", (digest, told, now))
    connection.execute("UPDATE run SET command = coalesce(?, command)", (command,))
    changed = connection.execute(
        "UPDATE run SET configuration = ?, refreshed = ? WHERE configuration IS NOT ?",
        (digest, refreshed, digest),
    )
    if changed.rowcount:
        connection.execute(
            "UPDATE files SET document = (SELECT key FROM documents "
            "WHERE documents.sha256 = files.sha256 AND configuration = ?)",
            (digest,),
        )


def require(connection: sqlite3.Connection, digest: bytes) -> None:
    """Make sure that a configuration is the run's.

    Raises:
        ConfigurationError: another process has put another one into force.
    """
    (in_force,) = connection.execute("SELECT configuration FROM run").fetchone()
    if in_force != digest:
        raise ConfigurationError(
            "Another process has gone on with this run under other settings; nothing was sent.",
            hint="Begin again with the settings that you want.",
        )


GONE = "gone(lease, boot, namespace, pid, started)"
"""Whether who holds a lease is dead or has let it pass; SQL, where `processes` is joined."""


def teach_gone(connection: sqlite3.Connection) -> None:
    """Teach SQL what `GONE` asks: a read-only look at the clock and at the table of processes."""

    def gone(lease: float, boot: str, namespace: str, pid: int, started: int) -> bool:
        return lease < time.time() or is_alive(Process(boot, namespace, pid, started)) is False

    connection.create_function("gone", 5, gone)


def dead_processes(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of processes that are known to run no more."""
    rows = connection.execute("SELECT id, boot, namespace, pid, started FROM processes")
    return [number for number, *facts in rows if is_alive(Process(*facts)) is False]
