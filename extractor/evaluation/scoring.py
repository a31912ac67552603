"""Score predictions against a data set: values, and the quotes that are to prove them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extractor.evaluation.counting import Counts, Row, count
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.quotes import QuoteCounts, count_quotes
from extractor.evaluation.scorers import Same
from extractor.evaluation.scores import Table


@dataclass(frozen=True, slots=True)
class Scored:
    """What predictions are worth on a data set.

    Attributes:
        table: the counts of their values, by document.
        quotes: the counts of their quotes, of all documents together.
        missing: documents of the data set that nobody predicted; all of theirs is omitted.
        unknown: predictions of documents that the data set does not have, by id; not scored.
    """

    table: Table
    quotes: QuoteCounts
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


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
    quotes = QuoteCounts()
    missing: list[str] = []
    for document in dataset.documents():
        prediction = predictions.get(document.doc_id)
        if prediction is None:
            missing.append(document.doc_id)
            prediction = Prediction(doc_id=document.doc_id, fields={})
        counts[document.doc_id] = count(document, prediction.fields, scorers)
        quotes += count_quotes(document, prediction.evidence)
    unknown = tuple(sorted(predictions.keys() - counts.keys()))
    return Scored(Table.of(counts), quotes, tuple(missing), unknown)
