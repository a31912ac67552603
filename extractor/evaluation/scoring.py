"""Score predictions against a data set: values, and the quotes that are to prove them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.calibration import Calibration, calibration
from extractor.evaluation.counting import (
    PROSE,
    Counts,
    Outcome,
    Row,
    as_given,
    count,
    outcomes,
    prose_fields,
)
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.quotes import QuoteCounts, count_quotes, quotes_of
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
        not_asked: labelled fields that the schema does not have; not scored.
        not_labelled: fields of the schema or of predictions that no document has a label of.
        outcomes: by document, what became of each field that is scored.
        traits: by document, its `source`, `type` and `length`, where these are known.
        calibration: what the predictions' confidences are worth; None without any.
        anls: the mean ANLS* of the documents; None where none can be scored whole.
    """

    table: Table
    quotes: QuoteCounts
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    not_asked: tuple[str, ...]
    not_labelled: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, Outcome]]
    traits: Mapping[str, Mapping[str, str]]
    calibration: Calibration | None
    anls: float | None


def score(
    dataset: Dataset,
    predictions: Mapping[str, Prediction],
    *,
    asked: Asked = EVERYTHING,
) -> Scored:
    """Score predictions; documents are read one at a time.

    Args:
        dataset: the labels.
        predictions: by the documents' ids.
        asked: which fields are scored, and how; by default every labelled one.

    Raises:
        DocumentError: the data set is broken.
    """
    counts: dict[str, dict[Row, Counts]] = {}
    by_document: dict[str, dict[str, Outcome]] = {}
    traits: dict[str, dict[str, str]] = {}
    quotes = QuoteCounts()
    missing: list[str] = []
    labelled, predicted = set[str](), set[str]()
    marked, unmarked = set[str | None](), Counter[str | None]()
    sure: list[tuple[float, bool]] = []
    alike: list[float] = []
    for document in dataset.documents():
        name = document.doc_id
        prediction = predictions.get(name)
        fields = None if prediction is None else prediction.fields
        counts[name] = count(document, fields, asked)
        by_document[name] = outcomes(counts[name])
        traits[name] = dict(_traits(document))
        labelled |= document.gold_status.keys()
        if prediction is None:
            missing.append(name)
            prediction = Prediction(doc_id=name, fields={})
        predicted |= prediction.fields.keys()
        quotes += count_quotes(document, prediction.evidence, asked)
        if document.evidence:
            marked.add(document.source)
        else:
            unmarked[document.source] += len(quotes_of(document, prediction.evidence, asked))
        sure += _confidences(prediction, by_document[name], prose_fields(counts[name]))
        if (similarity := anls(document, prediction.fields, asked)) is not None:
            alike.append(0.0 if fields is None else similarity)
    # Where others of its source have marks, a document without any has nothing to be quoted.
    wrong = sum(count for source, count in unmarked.items() if source in marked)
    return Scored(
        table=Table.of(dict(_by_kind(counts)), missing=missing),
        quotes=quotes + QuoteCounts(wrong=wrong),
        missing=tuple(missing),
        not_asked=tuple(sorted(name for name in labelled if not asked.asks(name))),
        not_labelled=tuple(sorted((predicted | (asked.fields or frozenset())) - labelled)),
        unknown=tuple(sorted(predictions.keys() - counts.keys())),
        outcomes=by_document,
        traits=traits,
        calibration=calibration([one for one, _ in sure], [right for _, right in sure]),
        anls=sum(alike) / len(alike) if alike else None,
    )


def _by_kind(
    counts: Mapping[str, Mapping[Row, Counts]],
) -> Iterator[tuple[str, dict[Row, Counts]]]:
    """Count what is absent with what its field is: a clause or prose is so by its other labels."""
    labels = {
        row.field: row.label
        for each in counts.values()
        for row in each
        if row.label in ("true", PROSE)
    }
    for name, each in counts.items():
        yield (
            name,
            {
                row if row.label else Row(row.field, labels.get(row.field)): found
                for row, found in each.items()
            },
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
    prediction: Prediction, found: Mapping[str, Outcome], prose: Collection[str]
) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each value that was given, and whether it is right; not of prose."""
    for name, sure in prediction.confidence.items():
        outcome = None if name in prose else found.get(name)
        if outcome is not None and as_given(prediction.fields.get(name)) is not None:
            yield sure, outcome in ("correct", "true_null")  # a "no" for an absent clause
