"""Our own format: `contracts.jsonl`, a labelled document a line (see `GoldDocument`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from extractor.errors import DocumentError
from extractor.evaluation.datasets.gold import GoldDocument
from extractor.evaluation.faults import fault, no_utf8

FILE_NAME = "contracts.jsonl"


def read_lines(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a file.

    Raises:
        DocumentError: a line is none; the message says which.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _document(line, f"{path}, line {number}")
    except UnicodeDecodeError as error:
        raise no_utf8(path) from error


def _document(line: str, where: str) -> GoldDocument:
    try:
        return GoldDocument.model_validate_json(line)
    except ValidationError as error:
        raise DocumentError(fault(where, error)) from error
