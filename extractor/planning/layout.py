"""How one document is asked about: which fields of which part of its text, request by request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic

from extractor.choices import CoverageMode
from extractor.documents.chunking import Chunk, Coverage, coverage_of
from extractor.documents.document import Document
from extractor.documents.passages import Passages, passages
from extractor.planning.plan import Plan, questions, windows
from extractor.types import Span, T
from extractor.wire.queries import queries

PASSAGE_TOKENS = 8_000
"""Tokens of a document that one request shows in passages mode."""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One question: the fields of `plan`, asked of what is `shown`; None is the whole document.

    `window` and `group` are places among so many, from 1. `beside` are the tokens that a request
    has beside the text; 0 where nobody had to know.
    """

    plan: Plan[T]
    shown: Chunk | Passages | None = None
    window: tuple[int, int] = (1, 1)
    group: tuple[int, int] = (1, 1)
    beside: int = 0

    def __str__(self) -> str:
        """Name the part, such as "window 2 of 5, group 1 of 3"."""
        named = {"window": self.window, "group": self.group}
        return ", ".join(f"{kind} {n} of {of}" for kind, (n, of) in named.items() if of > 1)


@dataclass(frozen=True, slots=True)
class Layout(Generic[T]):
    """A document's questions, in the order in which they are asked.

    All groups of fields are asked of a window before the next window is shown, so that they find
    it in the provider's prompt cache.

    Attributes:
        parts: the questions; a single one of the whole document where both fit.
        mode: whether all of the document is shown, or passages of it.
    """

    parts: tuple[Part[T], ...]
    mode: CoverageMode = "full"

    @property
    def is_whole(self) -> bool:
        """Whether everything is asked of the whole document at once."""
        return len(self.parts) == 1 and self.shows_all

    @property
    def shows_all(self) -> bool:
        """Whether each question is asked of the whole document."""
        return self.parts[0].shown is None

    @property
    def windows(self) -> int:
        """How many windows there are, passages aside."""
        return self.parts[-1].window[1]

    @property
    def groups(self) -> int:
        """How many groups of fields there are."""
        return self.parts[-1].group[1]

    def __str__(self) -> str:
        """Say what the document and the schema were cut into."""
        shown = "passages" if self.mode == "passages" else f"{self.windows} windows"
        groups = f"{self.groups} groups of fields"
        named = [] if self.shows_all else [shown]
        return " and ".join([*named, groups] if self.groups > 1 else named)

    def share(self, document: Document) -> float:
        """Return the share of a document's text that is shown, 0 to 1."""
        return 1.0 if self.shows_all else self.seen(document).share

    def seen(self, document: Document) -> Coverage:
        """Say how much of a document is shown."""
        return coverage_of([*self._spans(document)], document)

    def warnings(self, document: Document) -> Iterator[str]:
        """Say what a reader of the answers should know of how they were asked for."""
        if self.groups > 1:
            yield (
                f"The fields were asked for in {self.groups} groups: they are too many, or too "
                "many of a kind, for one request"
            )
        if self.mode == "passages":
            yield (
                f"Only passages of the document were read ({self.seen(document)}): a field that "
                "they don't state is not_searched"
            )
        elif not self.shows_all:
            yield (
                f"The document was read in {self.windows} windows: it is too long for one request "
                f"({self.seen(document)})"
            )

    def _spans(self, document: Document) -> Iterator[Span]:
        for part in self.parts:
            match part.shown:
                case None:
                    yield Span(0, len(document.text))
                case Chunk(span=span):
                    yield span
                case Passages(spans=spans):
                    yield from spans


def whole(plan: Plan[T], overhead: Callable[[Plan[T]], int] = lambda _: 0) -> Layout[T]:
    """Return the layout of a document that is shown as a whole."""
    asked = questions(plan)
    if len(asked) == 1:
        return Layout((Part(plan),))
    return Layout(
        tuple(
            Part(one, group=(number, len(asked)), beside=overhead(one))
            for number, one in enumerate(asked, 1)
        )
    )


def lay_out(
    plan: Plan[T],
    document: Document,
    *,
    mode: CoverageMode,
    overhead: Callable[[Plan[T]], int],
    count: Callable[[str], int],
) -> Layout[T]:
    """Say how a document is asked about: whole if it fits, else in windows; or by passages.

    Args:
        plan: what is asked of whom.
        document: the contract.
        mode: how much of it is to be shown.
        overhead: says how many tokens a request of a plan has beside the document.
        count: says how many tokens a text has.

    Raises:
        ContextWindowError: the schema and the prompt leave no room for a part worth reading.
        ConfigurationError: the technique can't carry the schema for parts, in which any value may
            be missing; the message names the field.
    """

    def most() -> int:
        return max(map(overhead, questions(plan)))

    if mode == "passages" and (found := _by_passages(plan, document, overhead, count)):
        return found
    cut = windows(plan, document, overhead=most, count=count)
    if not cut:
        return whole(plan, overhead)
    asked = [(one, overhead(one)) for one in questions(plan, of_part=True)]
    return Layout(
        tuple(
            Part(one, window, (at, len(cut)), (number, len(asked)), beside)
            for at, window in enumerate(cut, 1)
            for number, (one, beside) in enumerate(asked, 1)
        )
    )


def _by_passages(
    plan: Plan[T],
    document: Document,
    overhead: Callable[[Plan[T]], int],
    count: Callable[[str], int],
) -> Layout[T] | None:
    """Return the passages for each group of fields; None where these have room for all."""
    asked = questions(plan, of_part=True)
    parts: list[Part[T]] = []
    for number, one in enumerate(asked, 1):
        found = passages(document, queries(one.shape), budget=PASSAGE_TOKENS, count=count)
        if found is None:
            return None
        parts.append(Part(one, found, group=(number, len(asked)), beside=overhead(one)))
    return Layout(tuple(parts), "passages")
