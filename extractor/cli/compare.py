"""`extractor compare [DATASET] A B`: which predictions are better, or by chance so."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from extractor.cli.asking import datasets_for
from extractor.cli.eval_output import difference_told, differing_told, p_told
from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.errors import ConfigurationError, DocumentError
from extractor.evaluation.comparing import Comparison, FieldDifference, compare
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.reporting.record import comparison_record
from extractor.evaluation.runs.cells import CELLS, run_folder
from extractor.evaluation.runs.manifest import read_manifest
from extractor.evaluation.runs.results import dataset_of
from extractor.evaluation.scoring import score

_COLUMNS = ("field", "first", "second", "difference", "95 %", "p (Holm)", "")
_SIDES = 2


def run(options: argparse.Namespace, out: Output) -> int:
    """Score both, and print how they differ; what can be chance is said to be."""
    *named, first, second = options.sides if len(options.sides) >= _SIDES else ("", "", "")
    if not first or len(named) > 1:
        raise ConfigurationError("Two predictions are compared: compare [DATASET] A B.")
    taken = Slice.of(options.slices, limit=options.limit)
    dataset = (
        load_dataset(named[0], registered=datasets_for(), taken=taken)
        if named
        else replace(_dataset_of(Path(first)), taken=taken)
    )
    with Progress("Comparing"):
        sides = [score(dataset, read_predictions(_run_of(Path(side)))) for side in (first, second)]
        tables = [side.table for side in sides]
        if not tables[0].documents:
            raise DocumentError(f"The data set {dataset.name!r} has no such documents")
        found = compare(*tables)
    if options.json:
        about = {"name": dataset.name, "sha256": dataset.sha256}
        out.write_json({"dataset": about, **comparison_record(found)})
    else:
        out.write(_report(found, first, second, out))
    return OK


def _dataset_of(side: Path) -> Dataset:
    """Return the data set of the evaluation that one side is of, or a cell of.

    Raises:
        ConfigurationError: it is of none.
    """
    for folder in (side, side.parent.parent):
        manifest = read_manifest(folder)
        if manifest is not None:
            return dataset_of(manifest, registered=datasets_for())
    raise ConfigurationError(
        f"{str(side)!r} is of no evaluation, which would name a data set.",
        hint="Name it first: compare DATASET A B.",
    )


def _run_of(side: Path) -> Path:
    """Return the run of an evaluation's only cell; any other path as it is.

    Raises:
        ConfigurationError: it has several.
    """
    manifest = read_manifest(side) if side.is_dir() else None
    if manifest is None:
        return side
    names = [cell.name for cell in manifest.cells]
    if len(names) != 1:
        raise ConfigurationError(
            f"The evaluation in {str(side)!r} has {len(names)} cells.",
            hint=f"Name one of them: {', '.join(str(side / CELLS / name) for name in names[:3])}.",
        )
    return run_folder(side, names[0])


def _report(found: Comparison, first: str, second: str, out: Output) -> str:
    sides = f"the second ({safe(second)}) over the first ({safe(first)})"
    lines = [f"{found.documents:,} documents; {sides}:"]
    for name, each in (("macro-F1", found.macro_f1), ("micro-F1", found.micro_f1)):
        lines.append(f"{name} {difference_told(each)}")
    apart = found.only_first + found.only_second
    lines.append(
        f"every field right: the first alone in {found.only_first:,} documents, the second alone "
        f"in {found.only_second:,}" + (f" (p {p_told(found.strict_p_value)})" if apart else "")
    )
    lines.append(differing_told(found))
    rows = [_cells(each) for each in found.fields]
    return "\n".join([*lines, "", table(_COLUMNS, rows, out, texts=1)])


def _cells(each: FieldDifference) -> tuple[str, ...]:
    interval = each.difference.interval
    return (
        safe(each.field),
        *(f"{f1:.3f}" for f1 in each.f1),
        f"{interval.value:+.3f}",
        f"{interval.low:+.3f} to {interval.high:+.3f}",
        p_told(each.p_value).removeprefix("= "),
        "significant" if each.is_significant else "",
    )
