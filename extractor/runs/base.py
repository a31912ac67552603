"""What a journal keeps of a run, and what it can be asked and told, whatever it is kept in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeVar

from extractor.calls.steps import Signal
from extractor.types import JsonObject

FileState: TypeAlias = Literal["done", "failed", "sent", "unknown", "planned"]
"""`sent`: a model is being asked; `unknown`: one was, by a program that died, and is not now."""

R_co = TypeVar("R_co", covariant=True)


class Pending(Protocol[R_co]):
    """Something on its way to where it lasts."""

    @property
    def signal(self) -> Signal:
        """Is set when `result` has an answer."""
        ...

    def result(self) -> R_co:
        """Return what came of it; only after `signal` is set.

        Raises:
            StoreError: nothing; it could not be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that is still to be done, as far as it is known."""

    position: int
    path: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, by its hash, and what tells whether it has changed since."""

    sha256: str
    size: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that this process works on, and nobody else.

    `turn` counts how often it was asked anew: another one, other questions.
    """

    key: bytes
    fence: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that is not to be worked on: it is finished, or another one's."""

    state: FileState
    is_under_way: bool


@dataclass(frozen=True, slots=True)
class Bill:
    """What a document took."""

    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files are in which state, and how many have the content of another."""

    files: dict[FileState, int]
    duplicates: int


class Journal(Protocol):
    """Where a run is kept: its files in order, the documents that they hold, and what came of them.

    A document is worked on by who has claimed it. A claim is a lease of seconds, kept alive by
    `beat`, and has a number of its own, the fence: who has lost a claim, because the machine slept
    or the process was taken for dead, can't write over what its successor has written. A claim
    lasts before anything is sent, and a result before anybody is told of it.
    """

    def unfinished(self, after: int, limit: int) -> list[FileRow]:
        """Return files after a position that are neither finished nor another process's."""
        ...

    def claim(self, file: FileRow, contents: Contents) -> Pending[Claim | Taken]:
        """Take on the document that a file holds, if it is nobody's and not finished."""
        ...

    def unreadable(self, file: FileRow, failure: JsonObject) -> Pending[None]:
        """Note that a file can't be opened, so that nobody knows what it holds."""
        ...

    def note_sent(self, key: bytes) -> None:
        """Note that something is about to be sent about a document."""
        ...

    def finish(self, claim: Claim, result: JsonObject, bill: Bill) -> Pending[bool]:
        """Write a result, and give the claim up; False if it was lost meanwhile."""
        ...

    def fail(self, claim: Claim, error: JsonObject, bill: Bill) -> Pending[bool]:
        """Write why there is no result, and give the claim up; False if it was lost meanwhile."""
        ...

    def release(self, claim: Claim) -> Pending[bool]:
        """Give a claim up with nothing done; False if it was lost meanwhile."""
        ...

    def beat(self) -> Pending[None]:
        """Keep all claims of this process alive."""
        ...

    def release_the_dead(self) -> int:
        """Give up the claims of processes that are gone; return how many."""
        ...

    def others_at_work(self) -> int:
        """Return how many documents other processes are working on."""
        ...
