"""What a gate says of scores on the command line, and the exit code that it gives."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractor.cli.exits import GATE, OK
from extractor.cli.terminal import safe
from extractor.errors import ConfigurationError
from extractor.evaluation.asked import Asked
from extractor.evaluation.comparing import compare
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.gate import Check, Gate, checks, gate_figures, load_gate
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.runs.cells import run_folder
from extractor.evaluation.runs.manifest import read_manifest
from extractor.evaluation.runs.results import Results
from extractor.evaluation.scores import Table
from extractor.evaluation.scoring import Scored, score
from extractor.plugins import load_schema


def gate_of(options: argparse.Namespace) -> Gate | None:
    """Return the gate that the options name; None without one.

    Raises:
        ConfigurationError: it can't be read, or asks for what no gate knows.
    """
    gate = load_gate(options.gate) if options.gate else None
    if options.fail_under is None:
        return gate
    known: Mapping[str, float] = {} if gate is None else gate.min
    least = {**known, "macro_f1": max(options.fail_under, known.get("macro_f1", 0.0))}
    return Gate(min=least) if gate is None else gate.model_copy(update={"min": least})


def cell_checks(results: Results, options: argparse.Namespace) -> Sequence[Check]:
    """Return what a gate says of every cell; nothing where there is none."""
    gate = gate_of(options)
    if gate is None:
        return ()
    asked = Asked.by(load_schema(results.manifest.schema_name))
    found: list[Check] = []
    for each in results.cells:
        figures = gate_figures(
            each.scored,
            cost_per_doc=each.figures.cost_per_document,
            valid_rate=each.figures.valid / max(1, each.figures.documents),
        )
        baseline = _baseline(gate, results.dataset, asked, cell=each.cell.name)
        prefix = f"{each.cell.name}: " if len(results.cells) > 1 else ""
        found += [
            replace(check, name=prefix + check.name, told=prefix + check.told)
            for check in _checked(gate, figures, baseline, each.scored)
        ]
    return found


def prediction_checks(
    scored: Scored,
    dataset: Dataset,
    options: argparse.Namespace,
    asked: Asked,
) -> Sequence[Check]:
    """Return what a gate says of predictions; nothing where there is none."""
    gate = gate_of(options)
    if gate is None:
        return ()
    return _checked(gate, gate_figures(scored), _baseline(gate, dataset, asked), scored)


def gate_code(found: Sequence[Check]) -> int:
    """Say on stderr what a gate has found, and return the exit code for that."""
    for check in found:
        if not check.is_met:
            print(f"The gate fails: {safe(check.told)}.", file=sys.stderr)
        elif check.is_doubtful:
            print(f"The gate lets pass: {safe(check.told)}.", file=sys.stderr)
    if found and all(check.is_met for check in found):
        print(f"The gate holds, in all of {len(found)} checks.", file=sys.stderr)
    return OK if all(check.is_met for check in found) else GATE


def _checked(
    gate: Gate, figures: Mapping[str, float | None], baseline: Table | None, scored: Scored
) -> list[Check]:
    compared = None if baseline is None else compare(baseline, scored.table)
    return [*checks(gate, figures, compared)]


def _baseline(gate: Gate, dataset: Dataset, asked: Asked, *, cell: str = "") -> Table | None:
    """Score a gate's baseline on the same documents: of an evaluation the cell of that name.

    An evaluation of one cell is the baseline of all.

    Raises:
        ConfigurationError: it has no such cell, or nothing about some of the documents, which
            would make it worse than it is and the gate easy to pass.
    """
    path = gate.baseline
    if path is None:
        return None
    manifest = read_manifest(path) if path.is_dir() else None
    if manifest is not None:
        names = [each.name for each in manifest.cells]
        if not names:
            raise ConfigurationError(f"The baseline {str(path)!r} has nothing in it yet.")
        if cell not in names and len(names) > 1:
            raise ConfigurationError(
                f"The baseline {str(path)!r} has no cell {cell!r}: there are {', '.join(names)}."
            )
        path = run_folder(path, cell if cell in names else names[0])
    table = score(dataset, read_predictions(path), asked=asked).table
    lacking = [n for n, has in zip(table.documents, table.answered, strict=True) if not has]
    if lacking:
        raise ConfigurationError(
            f"The baseline {str(path)!r} has no result for {len(lacking):,} of the "
            f"{len(table.documents):,} documents, such as {lacking[0]!r}.",
            hint="A baseline is of the same documents; make one, or take a slice that it has.",
        )
    return table
