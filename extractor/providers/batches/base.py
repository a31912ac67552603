"""What a Batch API is: hand in, look how far it is, fetch what came of it, find what was handed in.

The four that ask block, raise only what `Provider.send` raises, and never try again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from extractor.errors import ProviderError
from extractor.types import ModelRequest, ModelResponse


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """The most that one batch may hold: requests, and bytes of all that is sent."""

    requests: int
    bytes: int


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One request of a batch: its id, unique in the batch, and the body of its POST."""

    custom_id: str
    body: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes of a batch, with what stands around a body."""
        return len(self.body) + 256


@dataclass(frozen=True, slots=True)
class BatchFailure:
    """What came instead of a reply, as an HTTP status and the body of an error.

    A request that the batch's end came before has the status 408.
    """

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of one request: the body of a 200, or a failure."""

    custom_id: str
    reply: bytes | None = None
    failure: BatchFailure | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a batch was refused as a whole; `number` is the request that is at fault, from 0."""

    failure: BatchFailure
    number: int | None = None


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """How far a batch is.

    Attributes:
        is_over: whether its results can be fetched.
        done: requests that have an end, as far as the API tells.
        total: requests; 0 before they were counted.
        is_cut_short: whether it ended before all were asked, so that those without a result have
            cost nothing.
        rejections: why none of it was asked; empty otherwise.
    """

    is_over: bool
    done: int
    total: int
    is_cut_short: bool = False
    rejections: tuple[Rejection, ...] = ()


class BatchProvider(Protocol):
    """One provider's Batch API; `encode`, `decode` and `error` are pure."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> BatchLimits: ...

    def encode(self, request: ModelRequest, /) -> bytes:
        """Write the body of a request."""
        ...

    def decode(self, reply: bytes, /) -> ModelResponse:
        """Read the body of a 200; `InvalidResponseError` if it is no reply."""
        ...

    def error(
        self, failure: BatchFailure, /, *, request: ModelRequest | None = None
    ) -> ProviderError:
        """Say as one of our errors what came instead of a reply.

        Args:
            failure: what came; of the status 200, a reply that can't be read.
            request: what was asked, of which the message then repeats nothing.
        """
        ...

    def submit(self, token: str, items: Sequence[BatchItem], /) -> str:
        """Hand in a batch, and return the provider's id for it.

        Args:
            token: what `find` knows it by; every `custom_id` begins with it.
            items: its requests.
        """
        ...

    def status(self, id_: str, /) -> BatchStatus:
        """Ask how far a batch is."""
        ...

    def results(self, id_: str, /) -> Iterator[BatchResult]:
        """Yield what came of each request, in any order; lines that can't be read are logged.

        They come as they are read. What breaks off may be fetched again from its beginning.
        """
        ...

    def find(self, token: str, *, count: int, since: float, known: Collection[str]) -> list[str]:
        """Return the ids of the batches that may be one whose id was never saved.

        Args:
            token: as it was handed in with.
            count: how many requests it has.
            since: when it was to be handed in, in seconds since 1970.
            known: ids of other batches.

        Returns:
            None: it is not there. One: that is it, for all that can be told. Several: they can't
            be told apart before they have ended.
        """
        ...
