"""How far a run's batches are, for whoever looks into its file."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.runs.reader import RunReader


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch under way.

    Attributes:
        id: the provider's; None while it is not known whether it arrived.
        model: who is asked, as `provider:name`.
        done: requests that have an end, as the provider told last.
        count: all of its requests.
        made_at: seconds since 1970.
    """

    id: str | None
    model: str
    done: int
    count: int
    made_at: float


def batches_under_way(reader: RunReader) -> list[BatchRow]:
    """Return the batches that have not ended, the oldest first."""
    rows = reader.all(
        "SELECT remote, provider || ':' || model, coalesce(done, 0), count, made_at FROM batches "
        "WHERE state IN ('submitting', 'submitted') ORDER BY id"
    )
    return [BatchRow(*row) for row in rows]


def documents_in_batches(reader: RunReader) -> set[bytes]:
    """Return the keys of the documents that wait for a batch."""
    return {key for (key,) in reader.all(_WAITING)}


_WAITING = "SELECT DISTINCT document FROM batch_items WHERE state = 'waiting'"
