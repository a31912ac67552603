"""Gold labels: what people found in a contract, and how far each label can be scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import DocumentError

GoldStatus: TypeAlias = Literal[
    "value",
    "partial",
    "absent",
    "absent_soft",
    "unresolved",
    "complex",
    "disputed",
    "free_text",
]
"""`value` is scored; `partial` on what is known of it (a redacted date, a list that may lack
items); `absent` says that null is right. The others are not scored: nobody labelled it but a
careful reader might (`absent_soft`), a clause without an answer (`unresolved`), several answers
(`complex`), answer and highlight disagree (`disputed`), prose (`free_text`)."""

SCORED: frozenset[GoldStatus] = frozenset({"value", "partial", "absent"})


class GoldSpan(BaseModel):
    """Words that bear a label; offsets are code points of the document's text, half-open."""

    model_config = ConfigDict(frozen=True)

    text: str
    start: int | None = None
    end: int | None = None


class GoldDocument(BaseModel):
    """One labelled contract, as a line of a data set has it.

    Attributes:
        doc_id: what predictions name it by.
        gold: the label of each field; null where its status says why.
        gold_status: how far each can be scored. A field that is missing is unlabelled, not absent.
        evidence: the words that bear each label; empty where the source labels none.
        text: the contract's text; None where only a file has it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc_id: str
    gold: Mapping[str, Any]
    gold_status: Mapping[str, GoldStatus]
    evidence: Mapping[str, Sequence[GoldSpan]] = {}
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set in a folder; documents are read one at a time.

    Attributes:
        name: the folder's.
        folder: where it is; what it names is below.
        lines: the file with a document a line.
        sha256: of that file, so that results can say what they are of.
        limit: how many documents are taken at most.
    """

    name: str
    folder: Path
    lines: Path
    sha256: str
    limit: int | None = None

    def documents(self) -> Iterator[GoldDocument]:
        """Yield the documents in the order of the file, as many as are asked for.

        Raises:
            DocumentError: a line is no labelled document; the message says which.
        """
        count = 0
        with self.lines.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                document = _document(line, f"{self.lines}, line {number}")
                if count == self.limit:
                    return
                count += 1
                yield document


FILE_NAME = "contracts.jsonl"


def load_dataset(path: Path, *, limit: int | None = None) -> Dataset:
    """Find a data set.

    Args:
        path: a folder with `contracts.jsonl`, or a file of such lines.
        limit: how many documents at most.

    Raises:
        DocumentError: there is none.
    """
    lines = path / FILE_NAME if path.is_dir() else path
    try:
        with lines.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError(
            f"{str(path)!r} is no data set: {lines.name} can't be opened",
            hint=f"Give a folder with {FILE_NAME}, a labelled document a line.",
        ) from error
    folder = lines.parent
    return Dataset(folder.resolve().name, folder, lines, digest, limit)


def _document(line: str, where: str) -> GoldDocument:
    try:
        return GoldDocument.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DocumentError(f"{where}: {place}: {first['msg']}") from error
