"""The documents that make up one contract: what each is, since when, and why we think so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from extractor.documents.document import Document
from extractor.types import Evidence, Extraction, FieldResult, Span, T

Role: TypeAlias = Literal["base", "amendment", "exhibit", "order_form", "restatement", "unknown"]
"""What a document is among the others.

A `restatement` takes the place of the base and its amendments; an `unknown` one is none of these
for sure, and what it says against another is a conflict.
"""

Why: TypeAlias = Literal["amended", "restated", "deleted", "prevails", "mentioned", "unproved"]
"""Why a value does not hold: a later amendment changed it, a restatement replaced its document, an
amendment deleted its clause, the text lets another document prevail, an amendment only mentions it
without changing anything, or no quote proves it where another value is proved."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a caller knows of a document; what is None is worked out from its text."""

    role: Role | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a set.

    `name` is its source, made different from the others'. `number` counts amendments. `citations`
    are the words that its role and date were read from; none where the caller has stated them.
    `opening` ends where its first clause begins: title, parties and recitals stand before.
    """

    name: str
    document: Document
    role: Role
    date: date | None = None
    number: int | None = None
    citations: tuple[Evidence, ...] = ()
    opening: int = 0


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """The documents of one contract, the earliest first as far as that is known."""

    members: tuple[Member, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Superseded:
    """A value that one of the documents states, and that does not hold.

    `result` has its evidence. `by` names the document that decides, and `citations` are its words
    for it, where it has any.
    """

    document: str
    result: FieldResult
    why: Why
    by: str | None = None
    citations: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SetExtraction(Extraction[T]):
    """Several documents' one validated answer.

    `value` and `fields` are operative: what holds after all amendments. `superseded` has by place
    what does not hold. Evidence names its document.
    """

    superseded: Mapping[str, tuple[Superseded, ...]] = field(
        default_factory=dict[str, tuple[Superseded, ...]]
    )
    documents: tuple[Member, ...] = ()


def cite(document: Document, name: str, span: Span) -> Evidence:
    """Return a passage of a document as evidence, its line breaks and all: nobody quoted it."""
    words = document.text[span.start : span.end]
    page = document.page_at(span.start)
    return Evidence(words, "exact", span, page, 1.0, text=words, document=name)
