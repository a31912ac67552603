"""What is spent, reserved and settled, attempt by attempt, in a file for all processes."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractor.calls.base import Budget
from extractor.calls.ledger.attempts import (
    Reconciled,
    change_totals,
    enlist,
    reconcile,
    reconcile_before,
)
from extractor.calls.ledger.budgets import (
    Account,
    Total,
    account_of,
    claims,
    require_price,
    require_room,
    settlement,
)
from extractor.calls.ledger.days import Calendar, Moment, proceed
from extractor.calls.ledger.machine import Reading, read_clocks
from extractor.calls.ledger.rows import END, INSERT, LEDGER, begun, ended
from extractor.calls.records import CallRecord
from extractor.calls.steps import Signal
from extractor.calls.storage.store import Pending, Store
from extractor.errors import BudgetError, ConfigurationError, StoreError

_log = logging.getLogger("extractor.calls")

_SECOND = 1_000_000_000

_COSTS = range(10**15)
"""Micro-dollars that one call can have cost: a sum of any number of these still fits a column."""

_UNSTORABLE = (
    OverflowError,
    UnicodeError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)
"""What SQLite and its module raise for a value that a column doesn't take."""


@dataclass(frozen=True, slots=True)
class Written:
    """A reservation on its way to the disk."""

    pending: Pending[BudgetError | None]

    @property
    def signal(self) -> Signal:
        return self.pending.signal

    def check(self) -> None:
        refusal = self.pending.result()
        if refusal is not None:
            raise refusal


class SqliteLedger:
    """Keeps every record and total in a file, for all processes of this machine. Safe for threads.

    An end that can't be written (a full disk) is logged, kept, and tried again with the next
    reservation, which fails if it can't be written either.

    Args:
        path: the file; it is made if it is not there.
        timezone: whose days a daily limit is for; the file keeps the one it was made with.
        clocks: reads the clocks.
        patience: seconds to wait while another process has the file locked.

    Raises:
        StoreError: the file can't be used.
        ConfigurationError: there is no such time zone, or the file has another.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        timezone: str = "UTC",
        clocks: Callable[[], Reading] = read_clocks,
        patience: float = 10.0,
    ) -> None:
        self._calendar, self._clocks = Calendar(timezone), clocks
        self._unwritten: deque[CallRecord] = deque()
        self._store = Store(Path(path), LEDGER, patience=patience)
        try:
            self._store.run(self._keep_timezone)
            self._enlist()
        except BaseException:
            self._store.close()
            raise

    def reserve(self, record: CallRecord, budgets: Sequence[Budget], /) -> Written:
        if self._pid != os.getpid():
            self._enlist()
        self._try_again()
        process, budgets = self._process, tuple(budgets)
        return Written(
            self._store.submit(
                lambda connection: self._reserve(connection, record, budgets, process)
            )
        )

    def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
        try:
            pending = self._store.submit(lambda connection: _end(connection, record))
        except StoreError as error:
            self._keep(record, error)
            return

        def look() -> None:
            try:
                pending.result()
            except Exception as error:
                self._keep(record, error)

        pending.signal.on_set(look)

    def total(self, budget: Budget) -> Total:
        """Return what counts against a budget; a user's is that of the present day. Blocks.

        Raises:
            StoreError: the file can't be read.
        """
        return self._store.run(
            lambda connection: _total(connection, account_of(budget, self._proceed(connection).day))
        )

    def reconcile(self, ids: Sequence[str], cost: int | None = None) -> Reconciled:
        """Say what each of these attempts, of which that was not known, did cost. Blocks.

        Args:
            ids: of records that are unknown, or whose process died.
            cost: micro-dollars, for each; None for what was set aside for it.

        Raises:
            ConfigurationError: one of them is none of these; nothing is changed.
            StoreError: it can't be written.
        """
        return self._store.run(lambda connection: reconcile(connection, ids, cost))

    def reconcile_before(self, time: float, cost: int | None = None) -> Reconciled:
        """Say it of all such attempts that began before a time, in seconds since 1970. Blocks.

        Raises:
            StoreError: it can't be written.
        """
        return self._store.run(lambda connection: reconcile_before(connection, time, cost))

    def close(self) -> None:
        """Write what is queued and let go of the file."""
        self._try_again()
        self._store.close()

    def _keep_timezone(self, connection: sqlite3.Connection) -> None:
        named = self._calendar.timezone
        connection.execute("INSERT OR IGNORE INTO clock (id, timezone) VALUES (1, ?)", (named,))
        (kept,) = connection.execute("SELECT timezone FROM clock").fetchone()
        if kept != named:
            raise ConfigurationError(
                f"The ledger {self._store.path} keeps its days in {kept}, not in {named}.",
                hint="Use its time zone, or another file: days of two zones would overlap.",
            )

    def _enlist(self) -> None:
        """Have this process known to the file; blocks, once for each."""
        self._process = self._store.run(enlist)
        self._pid = os.getpid()

    def _try_again(self) -> None:
        for _ in range(len(self._unwritten)):
            try:
                record = self._unwritten.popleft()
            except IndexError:  # other threads have taken the rest
                return
            self.settle(record, ())

    def _keep(self, record: CallRecord, error: Exception) -> None:
        self._unwritten.append(record)
        told = error if isinstance(error, StoreError) else type(error).__name__
        _log.error("The end of call %s (%s) is not written: %s", record.id, record.state, told)

    def _reserve(
        self,
        connection: sqlite3.Connection,
        record: CallRecord,
        budgets: Sequence[Budget],
        process: int,
    ) -> BudgetError | None:
        """Set money aside; a refusal is returned, so that the time that was stored stays stored."""
        today = self._proceed(connection).day
        amount, claimed = record.reserved or 0, claims(record, budgets, today)
        try:
            require_price(record, budgets)
            for account, budget in claimed.items():
                before = _total(connection, account)
                require_room(budget, before, amount, day=f"{today} {self._calendar.timezone}")
        except BudgetError as error:
            return error
        connection.executemany(
            "INSERT INTO totals (scope, key, spent, reserved) VALUES (?, ?, 0, ?) "
            "ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved",
            [(*account, amount) for account in claimed],
        )
        connection.execute(INSERT, (*begun(record), today, json.dumps(list(claimed)), process))
        return None

    def _proceed(self, connection: sqlite3.Connection) -> Moment:
        """Return the present moment, and store it each second and each day."""
        *time, day = connection.execute("SELECT boot, steady, wall, day FROM clock").fetchone()
        last = None if day is None else Moment(Reading(*time), day)
        now = proceed(last, self._clocks(), self._calendar)
        if (
            last is None
            or (now.day, now.time.boot) != (last.day, last.time.boot)
            or now.time.steady - last.time.steady >= _SECOND
        ):
            connection.execute(
                "UPDATE clock SET boot = ?, steady = ?, wall = ?, day = ?",
                (now.time.boot, now.time.steady, now.time.wall, now.day),
            )
        return now


def _total(connection: sqlite3.Connection, account: Account) -> Total:
    query = "SELECT spent, reserved FROM totals WHERE scope = ? AND key = ?"
    row: tuple[int, int] | None = connection.execute(query, account).fetchone()
    return Total(*row) if row else Total()


def _end(connection: sqlite3.Connection, record: CallRecord) -> None:
    if record.cost is not None and record.cost not in _COSTS:
        record = _bare(record)
    try:
        rows = connection.execute(END, ended(record)).fetchall()
    except _UNSTORABLE:
        record = _bare(record)
        rows = connection.execute(END, ended(record)).fetchall()
    for reserved, accounts in rows:
        change_totals(connection, accounts, settlement(record, reserved or 0))
    if not rows and record.state != "unsent":  # which a reservation that was refused ends as, too
        _log.warning(
            "Call %s ended as %s, but the ledger has it as ended, or not at all",
            *(record.id, record.state),
        )


def _bare(record: CallRecord) -> CallRecord:
    """Return an end without what a provider told that is no value of its column.

    A cost that can't be one is unknown, so that what was set aside stays so.
    """
    _log.error("Call %s: what the provider told of it can't be stored, and is left out", record.id)
    is_known = record.cost in _COSTS
    return replace(
        record,
        state="unknown" if record.state == "settled" and not is_known else record.state,
        cost=record.cost if is_known else None,
        usage=None,
        response_model=None,
        stop_reason=None,
        status=None,
        request_id=None,
        response_id=None,
    )
