"""Handing a batch in: written down first, and its money set aside, so that none is paid twice.

In order: the batch and its requests are written down (`reserving`), the most that each may cost is
set aside, it is written down that it is handed in (`submitting`), it is handed in, and the
provider's id is written down (`submitted`). Who is killed before the third step has sent nothing,
and after the last one has lost nothing. In between, the provider is asked whether it has the batch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from extractor.errors import BudgetError, ConfigurationError, ExtractorError, ProviderError
from extractor.providers.batches import BatchItem, BatchProvider
from extractor.runs.batches.calls import BatchCalls
from extractor.runs.batches.deferring import Question
from extractor.runs.batches.records import Asked, Batch, Batches

_log = logging.getLogger("extractor.batches")


class UnsureError(ExtractorError):
    """A batch was handed in, and nobody knows whether it arrived; never leaves a run."""


class HandingIn:
    """Hands batches in, and finds those again of which nobody knows whether they arrived.

    All of it blocks.

    Args:
        batches: where they are written down.
        calls: where their money is set aside.
        api: who is asked.
        grace: see `Polling`.
    """

    def __init__(
        self, batches: Batches, calls: BatchCalls, api: BatchProvider, *, grace: float
    ) -> None:
        self._batches, self._calls, self._api, self._grace = batches, calls, api, grace
        self._looked_since: dict[int, float] = {}

    def hand_in(self, questions: Sequence[Question]) -> dict[bytes, BudgetError]:
        """Hand questions in as one batch.

        Returns:
            Those that there is no money for, by the key of their reply; they are left out.

        Raises:
            UnsureError: it may have arrived, or not; see `find`.
            ProviderError: it was refused; what was set aside is given back.
            StoreError: it can't be written down; nothing was sent.
        """
        questions = [each.as_new_call(time.time()) for each in questions]
        asked = [_asked(number, each) for number, each in enumerate(questions)]
        batch = self._batches.make(questions[0].target, asked)
        refused = self._calls.reserve(batch, questions)
        if len(refused) == len(questions):
            self._batches.lost(batch, asked)
        else:
            self._batches.submitting(batch, left_out=[asked[number] for number in refused])
            items = [
                BatchItem(custom_id(batch, number), each.body)
                for number, each in enumerate(questions)
                if number not in refused
            ]
            self._submit(batch, items)
        return {questions[number].key: error for number, error in refused.items()}

    def _submit(self, batch: Batch, items: Sequence[BatchItem]) -> None:
        try:
            remote = self._api.submit(batch.token, items)
        except (ProviderError, ConfigurationError) as error:
            if _was_refused(error):
                self.give_up(batch)
                raise
            unsure = UnsureError(f"{error.message}: looking whether the batch has arrived")
        else:
            self._batches.submitted(batch, remote)
            return
        raise unsure

    def find(self, batch: Batch) -> Batch | None:
        """Look whether a batch has arrived of which that is not known.

        Returns:
            The batch: with its id if it is there, as it was if that can't be told yet. None: it
            never arrived, which is written down; its questions may be asked again.

        Raises:
            ProviderError: nobody can tell now.
        """
        began = self._looked_since.setdefault(batch.id, time.monotonic())
        is_late = time.monotonic() - began >= self._grace
        found = self._api.find(
            batch.token, count=batch.count, since=batch.made_at, known=self._batches.known()
        )
        if len(found) == 1:
            _log.warning("Batch %s had arrived as %s; it is gone on with", batch.token, *found)
            self._batches.submitted(batch, found[0])
            return replace(batch, state="submitted", remote=found[0])
        if found or not is_late:
            return batch
        _log.warning("Batch %s never arrived; its requests are handed in again", batch.token)
        self.give_up(batch)
        return None

    def give_up(self, batch: Batch) -> None:
        """Give a batch up that the provider does not have, and what was set aside for it back."""
        items = self._batches.waiting(batch)
        self._calls.unsent(batch, items)
        self._batches.lost(batch, items)


def custom_id(batch: Batch, number: int) -> str:
    """Return the id by which a result is told from others: 1 to 64 letters, figures and hyphens."""
    return f"{batch.token}-{number}"


def _asked(number: int, question: Question) -> Asked:
    record = question.record
    return Asked(
        number, question.document, question.key, record.id, record.technique, record.attempt
    )


def _was_refused(error: ExtractorError) -> bool:
    """Say whether the provider can't have begun a batch."""
    if not isinstance(error, ProviderError):  # such as a missing key
        return True
    if error.status is None:
        return not error.may_be_billed
    return 400 <= error.status < 500 and error.status not in {408, 409}
