"""A data set: where it is from, and its documents, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from extractor.errors import ConfigurationError, DocumentError, did_you_mean
from extractor.evaluation.datasets.gold import GoldDocument

_DIGITS = 30
"""Of a length's two ends at most."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which documents of a data set are taken; what is empty or None takes all.

    Attributes:
        wanted: the values of `source`, `type`, `split` and `doc_id`, one of which has to fit.
        shortest: characters that a document has at least.
        longest: characters that it has at most.
        limit: how many documents, the first of those that fit.
    """

    wanted: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    shortest: int | None = None
    longest: int | None = None
    limit: int | None = None

    @classmethod
    def of(cls, words: Iterable[str], *, limit: int | None = None) -> Slice:
        """Read words such as `source=kleister-nda`, `type=nda,lease` and `length=0-20000`.

        Raises:
            ConfigurationError: a word says something else.
        """
        wanted: dict[str, frozenset[str]] = {}
        shortest = longest = None
        for word in words:
            name, equals, value = word.partition("=")
            if name == "length" and equals:
                low, dash, high = value.partition("-")
                if not dash or not (low + high).isdecimal() or len(value) > _DIGITS:
                    raise ConfigurationError(f"{word!r} is no length, such as length=0-20000.")
                shortest, longest = int(low or 0), int(high) if high else None
            elif name in _NAMES and value:
                wanted[name] = wanted.get(name, frozenset()) | frozenset(value.split(","))
            else:
                known = [*_NAMES, "length"]
                hint = did_you_mean(name, known, among="There are")
                raise ConfigurationError(f"{word!r} is no slice: NAME=VALUE.", hint=hint)
        return cls(wanted, shortest, longest, limit)

    def takes(self, document: GoldDocument) -> bool:
        """Say whether a document is taken, as far as the limit goes."""
        length = document.length
        if (self.shortest or self.longest is not None) and (
            length is None
            or length < (self.shortest or 0)
            or (self.longest is not None and length > self.longest)
        ):
            return False
        return all(_NAMES[name](document) in values for name, values in self.wanted.items())


_NAMES: dict[str, Callable[[GoldDocument], str | None]] = {
    "source": lambda document: document.source,
    "type": lambda document: document.contract_type,
    "split": lambda document: document.split,
    "doc_id": lambda document: document.doc_id,
}

EVERYTHING = Slice()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set; documents are read one at a time, in the order of its file.

    Attributes:
        name: what it is called, else the folder's name.
        file: the file that its labels are in, or the folder.
        sha256: of the labels, so that results can say what they are of.
        read: yields the documents, and raises a `DocumentError` for what is no labelled document.
        version: as its settings say.
        licence: as its settings say, else as its documents do.
        taken: which of the documents.
        notes: yields what somebody should know of the labels, such as what of them is left out; it
            raises as `read` does.
    """

    name: str
    file: Path
    sha256: str
    read: Callable[[], Iterator[GoldDocument]]
    version: str | None = None
    licence: str | None = None
    taken: Slice = EVERYTHING
    notes: Callable[[], Iterable[str]] = tuple

    @property
    def folder(self) -> Path:
        """Where it is; the documents' files are below."""
        return self.file if self.file.is_dir() else self.file.parent

    def documents(self) -> Iterator[GoldDocument]:
        """Yield the documents that are taken; nothing is read beyond the last of them.

        Raises:
            DocumentError: a label can't be read, or two documents have one name.
        """
        return islice(self._fitting(), self.taken.limit)

    def _fitting(self) -> Iterator[GoldDocument]:
        seen: set[str] = set()
        for document in self.read():
            if document.doc_id in seen:
                raise DocumentError(f"The data set has the document {document.doc_id!r} twice")
            if self.taken.takes(document):
                seen.add(document.doc_id)
                yield document


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
