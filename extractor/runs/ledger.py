"""The ledger of a run: its calls are in the run's file, with what they are about."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.calls.base import Budget, Ledger, Reservation
from extractor.calls.records import CallRecord
from extractor.runs.base import Journal

DOCUMENT = "document"
"""The word of a call's metadata that has its document's key, in hexadecimal digits."""


class JournalLedger:
    """Books calls, and has the journal note which documents something is sent about.

    Args:
        ledger: where calls are booked; by the same thread that writes the journal.
        journal: the run.
    """

    def __init__(self, ledger: Ledger, journal: Journal) -> None:
        self._ledger, self._journal = ledger, journal

    def reserve(self, record: CallRecord, budgets: Sequence[Budget], /) -> Reservation:
        if key := record.metadata.get(DOCUMENT):
            self._journal.note_sent(bytes.fromhex(key))
        return self._ledger.reserve(record, budgets)

    def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
        self._ledger.settle(record, budgets)

    def close(self) -> None:
        self._ledger.close()
