"""Predictions to be scored: a line a document, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import DocumentError
from extractor.paths import parse_path
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME


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
    """Read predictions, {doc_id, fields, evidence} a line; or the results of a run, by its folder.

    A run's files are taken for the documents that they are named by (`cuad-1.pdf` is `cuad-1`). One
    that has failed has no prediction.

    Raises:
        DocumentError: the file can't be opened, a line is no prediction, or a document has two.
        StoreError: the run can't be read.
    """
    if path.is_dir():
        with closing(RunReader(path / FILE_NAME)) as reader:
            return dict(_results(reader))
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


def _results(reader: RunReader) -> Iterator[tuple[str, Prediction]]:
    for row in reader.rows():
        if row.result is None:
            continue
        doc_id, quotes = Path(row.path).stem, dict[str, list[str]]()
        for place, field in row.result["fields"].items():
            said = quotes.setdefault(str(parse_path(place)[0]), [])
            said += [each["quote"] for each in field["evidence"] if each["quote"] not in said]
        value: Any = row.result["value"]  # no object where the schema is a list or a single value
        fields = cast("Mapping[str, Any]", value if isinstance(value, dict) else {})
        yield doc_id, Prediction(doc_id=doc_id, fields=fields, evidence=quotes)


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
