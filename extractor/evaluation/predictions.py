"""Predictions to be scored: a line a document, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import DocumentError
from extractor.evaluation.faults import fault
from extractor.paths import parse_path
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME
from extractor.types import JsonObject


class Prediction(BaseModel):
    """What was found in one document.

    Attributes:
        doc_id: the document, as the data set names it.
        fields: the value of each field; one that is missing, null or empty is no value.
        evidence: the words that were quoted for each field.
        confidence: how sure its maker is of each field, from 0 to 1; those of a run say how well
            the quotes of its values were found, and 0 for what is not proved.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc_id: str
    fields: Mapping[str, Any]
    evidence: Mapping[str, Sequence[str]] = {}
    confidence: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = {}


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
            return _results(reader, path)
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
    if not found:
        raise DocumentError(f"{str(path)!r} has no predictions")
    return found


def _results(reader: RunReader, run: Path) -> dict[str, Prediction]:
    found: dict[str, Prediction] = {}
    seen: set[str] = set()
    for row in reader.rows():
        doc_id = Path(row.path).stem
        if doc_id in seen:
            raise DocumentError(f"The run in {str(run)!r} has two files of the name {doc_id!r}")
        seen.add(doc_id)
        if row.result is not None:
            found[doc_id] = prediction_of(doc_id, row.result)
    return found


def prediction_of(doc_id: str, result: JsonObject) -> Prediction:
    """Return what a result (see `extractor.outputs.record`) predicts."""
    quotes, sure = dict[str, list[str]](), dict[str, float]()
    for place, field in given_fields(result):
        name = str((parse_path(place) or ("",))[0])
        said = (*quotes.get(name, ()), *(each["quote"] for each in field["evidence"]))
        quotes[name] = [*dict.fromkeys(said)]
        sure[name] = min(sure.get(name, 1.0), _proof(field))
    value: Any = result["value"]  # no object where the schema is a list or a single value
    fields = cast("Mapping[str, Any]", value if isinstance(value, dict) else {})
    return Prediction(doc_id=doc_id, fields=fields, evidence=quotes, confidence=sure)


def given_fields(result: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Yield the place of each value of a result, and what is known of it.

    Not those that were left out for want of a proof, by themselves or with what they are a part of.
    """
    repairs = [repair for repair in result["repairs"] if repair["kind"] == "unproved"]
    left_out = {parse_path(repair["path"]) for repair in repairs}
    for place, field in result["fields"].items():
        steps = parse_path(place)
        around = {steps[:length] for length in range(1, len(steps) + 1)}
        if field["value"] is not None and around.isdisjoint(left_out):
            yield place, field


def _proof(field: JsonObject) -> float:
    if field["status"] not in ("found", "derived"):
        return 0.0
    return max((float(each["score"]) for each in field["evidence"]), default=0.0)


def _prediction(line: str, where: str) -> Prediction:
    try:
        return Prediction.model_validate_json(line)
    except ValidationError as error:
        raise DocumentError(
            fault(where, error),
            hint='A line is {"doc_id": ..., "fields": {name: value}, "evidence": {name: [quote]}}.',
        ) from error
