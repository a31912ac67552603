"""What went wrong, field by field, with all that somebody needs who wants to know why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.documents.plain import from_text
from extractor.evaluation.counting import Outcome
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scoring import Scored
from extractor.grounding import Locator
from extractor.paths import parse_path
from extractor.types import JsonObject

_AROUND = 160
"""Characters that are shown on each side of a quote."""

_FINE: frozenset[Outcome] = frozenset({"correct", "true_null"})


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document, and what stands around them; nothing does where they are not there."""

    words: str
    before: str = ""
    after: str = ""
    is_located: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value that was given: its place, status, note, and what the model wrote."""

    path: str
    status: str
    value: Any
    raw: Any
    note: str | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A field of a document that is not right.

    Attributes:
        gold: the label.
        given: the prediction; None where there is none.
        marked: the words that people marked for it.
        quoted: the words that were quoted for it.
        leaves: the values below it; of a run alone.
        repairs: what was changed on the way from reply to value; of a run alone.
        failure: why the document has no prediction.
    """

    doc_id: str
    field: str
    outcome: Outcome
    gold: Any
    given: Any
    marked: tuple[Passage, ...] = ()
    quoted: tuple[Passage, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    repairs: tuple[str, ...] = ()
    failure: str | None = None


def mistakes(
    dataset: Dataset,
    scored: Scored,
    predictions: Mapping[str, Prediction],
    results: Mapping[str, JsonObject],
    failures: Mapping[str, str],
) -> Iterator[Mistake]:
    """Yield every field that is not right, in the order of the documents.

    Args:
        dataset: the labels.
        scored: the predictions' scores on it.
        predictions: by the documents' ids.
        results: of a run, by the documents' ids (see `extractor.outputs.record`).
        failures: why documents have none.
    """
    for document in dataset.documents():
        name = document.doc_id
        found = scored.outcomes.get(name, {})
        if _FINE.issuperset(found.values()):
            continue
        text = document.text
        locator = None if text is None else Locator.of(from_text(text, ""))
        prediction = predictions.get(name) or Prediction(doc_id=name, fields={})
        for field, outcome in found.items():
            if outcome in _FINE:
                continue
            yield Mistake(
                doc_id=name,
                field=field,
                outcome=outcome,
                gold=document.gold[field],
                given=prediction.fields.get(field),
                marked=tuple(_marked(document, field)),
                quoted=tuple(_quoted(prediction.evidence.get(field, ()), text, locator)),
                leaves=tuple(_leaves(results.get(name), field)),
                repairs=tuple(_repairs(results.get(name), field)),
                failure=failures.get(name),
            )


def _marked(document: GoldDocument, field: str) -> Iterator[Passage]:
    for span in document.evidence.get(field, ()):
        if document.text is None or span.start is None or span.end is None:
            yield Passage(span.text)
        else:
            yield _passage(document.text, span.start, span.end)


def _quoted(quotes: Iterable[str], text: str | None, locator: Locator | None) -> Iterator[Passage]:
    for quote in quotes:
        found = locator.locate(quote).matches if locator else ()
        if text is None or not found:
            yield Passage(quote, is_located=locator is None)
        else:
            yield _passage(text, found[0].start, found[0].end)


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(
        text[start:end], text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    )


def _below(path: str, field: str) -> bool:
    steps: Sequence[str | int] = parse_path(path)
    return bool(steps) and steps[0] == field


def _leaves(result: JsonObject | None, field: str) -> Iterator[Leaf]:
    for path, each in (result or {"fields": {}})["fields"].items():
        if _below(path, field):
            yield Leaf(path, each["status"], each["value"], each["raw"], each["note"])


def _repairs(result: JsonObject | None, field: str) -> Iterator[str]:
    for each in (result or {"repairs": []})["repairs"]:
        if each["path"] == "$" or _below(each["path"], field):
            lossy = " (lossy)" if each["lossy"] else ""
            detail = f": {each['detail']}" if each["detail"] else ""
            yield f"{each['kind']} at {each['path']}{lossy}{detail}"
