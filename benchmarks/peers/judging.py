"""Each document's result held against what its contract says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.peers import contracts
from benchmarks.peers.system import Result


@dataclass(slots=True)
class Verdict:
    """How many documents of a batch, numbered from `first`, came back, and how.

    Attributes:
        right: found as the contract has it.
        wrong: returned as if it were right.
        failed: reported as failed.
        errors: how often each error was reported.
    """

    first: int
    documents: int
    right: int = 0
    wrong: int = 0
    failed: int = 0
    errors: Counter[str] = field(default_factory=Counter[str])

    @property
    def lost(self) -> int:
        """Documents of which nothing was heard."""
        return self.documents - self.right - self.wrong - self.failed

    def take(self, place: int, result: Result) -> None:
        """Judge the result of one document by its place in the batch."""
        if isinstance(result, Exception):
            self.failed += 1
            self.errors[f"{type(result).__name__}: {str(result)[:90]}"] += 1
        elif result is not None:
            is_right = contracts.matches(self.first + place, result.model_dump(mode="json"))
            self.right += is_right
            self.wrong += not is_right
