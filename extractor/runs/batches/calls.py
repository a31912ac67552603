"""The calls of a batch in the ledger: set aside before it is handed in, and settled one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from extractor.calls.base import Ledger, Reservation
from extractor.calls.log import log_record
from extractor.calls.records import CallRecord, CallState
from extractor.errors import BudgetError
from extractor.runs.batches.deferring import Question
from extractor.runs.batches.records import Asked, Batch


class BatchCalls:
    """Books what is in batches.

    Args:
        ledger: where; its calls are written by the thread that writes the run.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def reserve(self, batch: Batch, questions: Iterable[Question]) -> dict[int, BudgetError]:
        """Set the most that each may cost aside; blocks until that is written.

        Returns:
            Those that there is no money for, by their place.

        Raises:
            StoreError: the ledger can't be written.
        """
        reservations = [
            self._ledger.reserve(
                replace(each.record, metadata={**each.record.metadata, "batch": batch.token}),
                each.budgets,
            )
            for each in questions
        ]
        refused: dict[int, BudgetError] = {}
        for number, reservation in enumerate(reservations):
            _wait(reservation)
            try:
                reservation.check()
            except BudgetError as error:
                refused[number] = error
        return refused

    def unsent(self, batch: Batch, items: Iterable[Asked]) -> None:
        """Give back what was set aside for requests that no model was asked."""
        for asked in items:
            self._settle(batch, asked, "unsent")

    def settle(self, batch: Batch, asked: Asked, *, cost: int | None, **told: Any) -> None:
        """Write what a request did cost, in micro-dollars; None where nobody knows."""
        self._settle(batch, asked, "unknown" if cost is None else "settled", cost=cost, **told)

    def _settle(self, batch: Batch, asked: Asked, state: CallState, **told: Any) -> None:
        record = CallRecord(
            id=asked.call,
            extraction="",
            target=batch.target,
            technique=asked.technique,
            attempt=asked.attempt,
            started_at=batch.made_at,
            state=state,
            latency=max(0.0, time.time() - batch.made_at),
            metadata={"batch": batch.token, "document": asked.document.hex()},
        )
        record = replace(record, **told)
        self._ledger.settle(record, ())
        log_record(record)


def _wait(reservation: Reservation) -> None:
    decided = threading.Event()
    reservation.signal.on_set(decided.set)
    decided.wait()
