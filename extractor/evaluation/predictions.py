"""Predictions to be scored: a line a document, whoever made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import DocumentError


class Prediction(BaseModel):
    """What was found in one document.

    Attributes:
        doc_id: the document, as the data set names it.
        fields: the value of each field; one that is missing, null or empty is no value.
        evidence: the words that were quoted for each field.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc_id: str
    fields: Mapping[str, Any]
    evidence: Mapping[str, Sequence[str]] = {}


def read_predictions(path: Path) -> dict[str, Prediction]:
    """Read predictions, {doc_id, fields, evidence} a line.

    Raises:
        DocumentError: the file can't be opened, a line is no prediction, or a document has two.
    """
    found: dict[str, Prediction] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                one = _prediction(line, f"{path}, line {number}")
                if one.doc_id in found:
                    raise DocumentError(f"{path}, line {number}: {one.doc_id} is there twice")
                found[one.doc_id] = one
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{str(path)!r} can't be read: {error}") from error
    return found


def _prediction(line: str, where: str) -> Prediction:
    try:
        return Prediction.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DocumentError(
            f"{where}: {place}: {first['msg']}",
            hint='A line is {"doc_id": ..., "fields": {name: value}, "evidence": {name: [quote]}}.',
        ) from error
