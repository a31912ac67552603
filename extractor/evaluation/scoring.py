"""Score predictions against a data set: values, and the quotes that are to prove them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractor.evaluation.calibration import Calibration, calibration
from extractor.evaluation.counting import Counts, Outcome, Row, as_given, count, outcomes
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.quotes import QuoteCounts, count_quotes
from extractor.evaluation.scorers import Same
from extractor.evaluation.scores import Table
from extractor.evaluation.similarity import anls

_LENGTHS = (10_000, 25_000, 50_000, 100_000)
"""Characters at which the slices by length end."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What predictions are worth on a data set.

    Attributes:
        table: the counts of their values, by document.
        quotes: the counts of their quotes, of all documents together.
        missing: documents of the data set that nobody predicted; all of theirs is omitted.
        unknown: predictions of documents that the data set does not have, by id; not scored.
        outcomes: by document, what became of each field that is scored.
        traits: by document, its `source`, `type` and `length`, where these are known.
        calibration: what the predictions' confidences are worth; None without any.
        anls: the mean ANLS* of the documents; None where none can be scored whole.
    """

    table: Table
    quotes: QuoteCounts
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, Outcome]]
    traits: Mapping[str, Mapping[str, str]]
    calibration: Calibration | None
    anls: float | None


def score(
    dataset: Dataset,
    predictions: Mapping[str, Prediction],
    *,
    scorers: Mapping[str, Same] | None = None,
) -> Scored:
    """Score predictions; documents are read one at a time.

    Args:
        dataset: the labels.
        predictions: by the documents' ids.
        scorers: how fields are compared, as `declared_scorers` says; by default as their labels do.

    Raises:
        DocumentError: the data set is broken.
    """
    counts: dict[str, dict[Row, Counts]] = {}
    by_document: dict[str, dict[str, Outcome]] = {}
    traits: dict[str, dict[str, str]] = {}
    quotes = QuoteCounts()
    missing: list[str] = []
    sure: list[tuple[float, bool]] = []
    alike: list[float] = []
    for document in dataset.documents():
        name = document.doc_id
        prediction = predictions.get(name)
        if prediction is None:
            missing.append(name)
            prediction = Prediction(doc_id=name, fields={})
        counts[name] = count(document, prediction.fields, scorers)
        by_document[name] = outcomes(counts[name])
        traits[name] = dict(_traits(document))
        quotes += count_quotes(document, prediction.evidence)
        sure += _confidences(prediction, by_document[name])
        if (similarity := anls(document, prediction.fields)) is not None:
            alike.append(similarity)
    return Scored(
        table=Table.of(counts),
        quotes=quotes,
        missing=tuple(missing),
        unknown=tuple(sorted(predictions.keys() - counts.keys())),
        outcomes=by_document,
        traits=traits,
        calibration=calibration([one for one, _ in sure], [right for _, right in sure]),
        anls=sum(alike) / len(alike) if alike else None,
    )


def sliced(scored: Scored, trait: str) -> Iterator[tuple[str, Table]]:
    """Yield the counts of the documents that have the same trait, in the order of its values."""
    values = {name: traits[trait] for name, traits in scored.traits.items() if trait in traits}
    for value in sorted(set(values.values()), key=lambda value: (_BY_LENGTH.get(value, 0), value)):
        yield value, scored.table.of_documents({n for n, each in values.items() if each == value})


def _traits(document: GoldDocument) -> Iterator[tuple[str, str]]:
    if document.source:
        yield "source", document.source
    if document.contract_type:
        yield "type", document.contract_type
    if document.length is not None:
        yield "length", _length(document.length)


def _length(characters: int) -> str:
    """Name the slice that a length is in.

    >>> _length(9_999), _length(10_000), _length(300_000)
    ('to 10k', '10k to 25k', 'over 100k')
    """
    lowest = 0
    for end in _LENGTHS:
        if characters < end:
            return f"{lowest // 1_000}k to {end // 1_000}k" if lowest else f"to {end // 1_000}k"
        lowest = end
    return f"over {lowest // 1_000}k"


_BY_LENGTH = {_length(characters): characters for characters in (0, *_LENGTHS)}


def _confidences(
    prediction: Prediction, found: Mapping[str, Outcome]
) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each value that was given, and whether it is right."""
    for name, sure in prediction.confidence.items():
        outcome = found.get(name)
        if outcome is not None and as_given(prediction.fields.get(name)) is not None:
            yield sure, outcome == "correct"
