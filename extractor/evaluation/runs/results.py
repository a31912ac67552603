"""What an evaluation's folder holds, scored: every cell, its figures, and what went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from extractor.config.settings import DatasetSettings
from extractor.errors import ConfigurationError
from extractor.evaluation.asked import Asked
from extractor.evaluation.comparing import Comparison, compare
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.mistakes import Mistake, mistakes
from extractor.evaluation.predictions import prediction_of
from extractor.evaluation.runs.cells import run_folder
from extractor.evaluation.runs.figures import Figures, figures_of
from extractor.evaluation.runs.inputs import taken
from extractor.evaluation.runs.manifest import CellRecord, Manifest, read_manifest
from extractor.evaluation.scoring import Scored, score
from extractor.plugins import load_schema
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME
from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell and what it is worth; `mistakes` are those of its fields that are not right."""

    cell: CellRecord
    scored: Scored
    figures: Figures
    mistakes: tuple[Mistake, ...]
    replies: Mapping[str, tuple[str, ...]]

    @property
    def cost_per_correct(self) -> float | None:
        """US dollars for each field that is right; None where the price is unknown, or none is."""
        right = sum(
            outcome == "correct"
            for each in self.scored.outcomes.values()
            for outcome in each.values()
        )
        cost = self.figures.cost_usd
        return None if cost is None or not right else cost / right


@dataclass(frozen=True, slots=True)
class Results:
    """An evaluation: what it was of, and its cells, each compared with the first."""

    manifest: Manifest
    dataset: Dataset
    cells: tuple[CellResult, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def is_relabelled(self) -> bool:
        """Whether the labels are others than those that the evaluation was begun with."""
        return self.dataset.sha256 != self.manifest.dataset.sha256


def read_results(
    out: Path,
    *,
    registered: Mapping[str, DatasetSettings] | None = None,
    with_mistakes: bool = False,
    is_relabelled: bool = False,
) -> Results:
    """Score an evaluation anew from what its runs hold; nothing is asked.

    Args:
        out: the evaluation's folder.
        registered: the data sets in the settings.
        with_mistakes: also look up what was wrong, with its quotes and replies.
        is_relabelled: the labels may have changed since.

    Raises:
        ConfigurationError: there is no evaluation, or its data set has changed since.
        DocumentError: the data set can't be read.
        StoreError: a run can't be read.
    """
    manifest = read_manifest(out)
    if manifest is None:
        raise ConfigurationError(
            f"There is no evaluation in {str(out)!r}.",
            hint="`extractor eval DATASET --schema S --out DIR` makes one.",
        )
    if not manifest.cells:
        raise ConfigurationError(
            f"Nothing was asked yet for the evaluation in {str(out)!r}.",
            hint="The command that began it goes on with it.",
        )
    dataset = dataset_of(manifest, registered=registered, is_relabelled=is_relabelled)
    cells = tuple(_cells(out, manifest, dataset, with_mistakes=with_mistakes))
    first = cells[0].scored.table
    comparisons = tuple(compare(first, each.scored.table) for each in cells[1:])
    return Results(manifest, dataset, cells, comparisons)


def dataset_of(
    manifest: Manifest,
    *,
    registered: Mapping[str, DatasetSettings] | None = None,
    is_relabelled: bool = False,
) -> Dataset:
    """Return the documents that an evaluation is of; `is_relabelled` lets their labels change.

    Raises:
        ConfigurationError: their labels have changed since.
        DocumentError: they can't be read.
    """
    told = manifest.dataset
    is_named = told.name in (registered or {})
    dataset = load_dataset(
        told.name if is_named else told.file,
        registered=registered,
        taken=Slice.of(told.slices, limit=told.limit),
    )
    if dataset.sha256 != told.sha256 and not is_relabelled:
        raise ConfigurationError(
            f"The labels of {dataset.name!r} have changed since this evaluation was made.",
            hint="`eval report DIR --new-labels` scores the same answers by the new ones.",
        )
    return taken(dataset, manifest.form)


def _cells(
    out: Path, manifest: Manifest, dataset: Dataset, *, with_mistakes: bool
) -> Iterator[CellResult]:
    asked = Asked.by(load_schema(manifest.schema_name))
    for cell in manifest.cells:
        with closing(RunReader(run_folder(out, cell.name) / FILE_NAME)) as reader:
            names = {document.doc_id for document in dataset.documents()}
            rows = [row for row in reader.rows() if Path(row.path).stem in names]
            results = {Path(row.path).stem: row.result for row in rows if row.result is not None}
            failures = {
                Path(row.path).stem: f"{row.error['type']}: {row.error['message']}"
                for row in rows
                if row.error is not None
            }
            predictions = {name: prediction_of(name, result) for name, result in results.items()}
            scored = score(dataset, predictions, asked=asked)
            wrong: tuple[Mistake, ...] = ()
            replies: dict[str, tuple[str, ...]] = {}
            if with_mistakes:
                wrong = tuple(mistakes(dataset, scored, predictions, results, failures))
                replies = _replies(reader, {each.doc_id for each in wrong})
            yield CellResult(cell, scored, figures_of(rows), wrong, replies)


def _replies(reader: RunReader, wanted: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what models replied about documents, the replies that a run's own file has."""
    rows = reader.all(
        "SELECT f.path, r.reply FROM replies r JOIN files f ON f.document = r.document "
        "ORDER BY f.position, r.rowid"
    )
    found: dict[str, list[str]] = {}
    for path, reply in rows:
        if (name := Path(path).stem) in wanted:
            told: JsonObject = json.loads(reply)
            found.setdefault(name, []).append(str(told["text"]))
    return {name: tuple(each) for name, each in found.items()}
