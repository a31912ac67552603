"""`extractor compare [DATASET] A B`: which predictions are better, or by chance so."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from extractor.cli.evaluation.output import require_some
from extractor.cli.evaluation.told import differing_told, p_told, unscored_told, wholes_told
from extractor.cli.exits import OK
from extractor.cli.settings import datasets_for
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.errors import ConfigurationError
from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.comparing import Comparison, FieldDifference, compare
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.reporting.record import comparison_record
from extractor.evaluation.runs.cells import CELLS, run_folder
from extractor.evaluation.runs.manifest import Manifest, read_manifest
from extractor.evaluation.runs.results import dataset_of
from extractor.evaluation.scoring import Scored, score
from extractor.plugins import load_schema
from extractor.plurals import counted

_COLUMNS = ("field", "first", "second", "difference", "95 %", "right alone", "p (Holm)", "")
_SIDES = 2


def run(options: argparse.Namespace, out: Output) -> int:
    """Score both, and print how they differ; what can be chance is said to be."""
    *named, first, second = options.sides if len(options.sides) >= _SIDES else ("", "", "")
    if not first or len(named) > 1:
        raise ConfigurationError("Two predictions are compared: compare [DATASET] A B.")
    manifests = [_manifest_of(Path(side)) for side in (first, second)]
    taken = Slice.of(options.slices, limit=options.limit)
    dataset = (
        load_dataset(named[0], registered=datasets_for(), taken=taken)
        if named
        else _within(_dataset_of(manifests, first), taken)
    )
    asked = _asked(options.schema, manifests)
    with Progress("Comparing"):
        sides: list[Scored] = []
        for side in (first, second):
            scored = score(dataset, read_predictions(_run_of(Path(side))), asked=asked)
            require_some(scored, dataset, side)
            sides.append(scored)
        found = compare(*(scored.table for scored in sides))
    notes = [
        *map(safe, dataset.notes()),
        *_notes(found, manifests, dataset),
        *dict.fromkeys(chain(*map(unscored_told, sides))),
    ]
    if options.json:
        about = {"name": dataset.name, "sha256": dataset.sha256}
        out.write_json({"dataset": about, **comparison_record(found), "notes": notes})
    else:
        out.write(_report(found, first, second, notes, out))
    return OK


def _notes(
    found: Comparison, manifests: Sequence[Manifest | None], dataset: Dataset
) -> Iterator[str]:
    """Say what makes a comparison other than it seems."""
    names = {each.schema_name for each in manifests if each is not None}
    if len(names) > 1:
        yield f"the two are of different schemas ({', '.join(sorted(names))}): the first's counts"
    for number, (missing, manifest) in enumerate(zip(found.missing, manifests, strict=True)):
        which = ("first", "second")[number]
        if missing:
            of_them = counted(missing, "document")
            yield f"the {which} has nothing about {of_them}, which counts as omitted"
        if manifest is not None and manifest.dataset.sha256 != dataset.sha256:
            yield f"the {which} was asked about a data set with other labels"


def _manifest_of(side: Path) -> Manifest | None:
    """Return the manifest of the evaluation that one side is, or a cell of."""
    if not side.is_dir():
        return None
    return read_manifest(side) or read_manifest(side.resolve().parent.parent)


def _dataset_of(manifests: Sequence[Manifest | None], first: str) -> Dataset:
    """Return the documents that both sides were asked about.

    Raises:
        ConfigurationError: a side is of no evaluation, or the two are of other documents.
    """
    known = [manifest for manifest in manifests if manifest is not None]
    if not known:
        raise ConfigurationError(
            f"{first!r} is of no evaluation, which would name a data set.",
            hint="Name it first: compare DATASET A B.",
        )
    if any(each.dataset != known[0].dataset or each.form != known[0].form for each in known):
        raise ConfigurationError(
            "The two evaluations are of other documents.",
            hint="Name the data set, and what of it both have: compare DATASET A B --slice ...",
        )
    return dataset_of(known[0], registered=datasets_for())


def _within(dataset: Dataset, taken: Slice) -> Dataset:
    """Return what is taken of the documents of an evaluation."""
    return replace(dataset, read=dataset.documents, taken=taken)


def _asked(schema: str | None, manifests: Sequence[Manifest | None]) -> Asked:
    """Return what is scored: by the schema that is named, else by the evaluations'."""
    names = [schema] if schema else [each.schema_name for each in manifests if each is not None]
    return Asked.by(load_schema(names[0])) if names else EVERYTHING


def _run_of(side: Path) -> Path:
    """Return the run of an evaluation's only cell; any other path as it is.

    Raises:
        ConfigurationError: it has several, or none.
    """
    manifest = read_manifest(side) if side.is_dir() else None
    if manifest is None:
        return side
    names = [cell.name for cell in manifest.cells]
    if len(names) != 1:
        shown = ", ".join(str(side / CELLS / name) for name in names[:3])
        raise ConfigurationError(
            f"The evaluation in {str(side)!r} has {len(names)} cells.",
            hint=f"Name one of them: {shown}." if names else "Nothing was asked for it yet.",
        )
    return run_folder(side, names[0])


def _report(found: Comparison, first: str, second: str, notes: Sequence[str], out: Output) -> str:
    sides = f"the second ({safe(second)}) against the first ({safe(first)})"
    lines = [f"{counted(found.documents, 'document')}; {sides}:", *notes]
    lines += wholes_told(found)
    apart = found.only_first + found.only_second
    first_alone = counted(found.only_first, "document")
    lines.append(
        f"every field right: the first alone in {first_alone}, the second alone "
        f"in {found.only_second:,}" + (f" (p {p_told(found.strict_p_value)})" if apart else "")
    )
    lines.append(differing_told(found))
    rows = [_cells(each) for each in found.fields]
    return "\n".join([*lines, "", table(_COLUMNS, rows, out, texts=1)])


def _cells(each: FieldDifference) -> tuple[str, ...]:
    at = None if each.difference is None else each.difference.interval
    return (
        safe(each.field),
        *(f"{f1:.3f}" if at else "" for f1 in each.f1),
        f"{at.value:+.3f}" if at else "",
        f"{at.low:+.3f} to {at.high:+.3f}" if at else "",
        "" if each.apart is None else "{:,} : {:,}".format(*each.apart),
        p_told(each.adjusted).removeprefix("= "),
        "significant" if each.is_significant else "",
    )
