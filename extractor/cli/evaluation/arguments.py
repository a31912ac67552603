"""The options of the commands about evaluations: `eval` and `compare`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from extractor.choices import ReasoningEffort
from extractor.cli.options import (
    BACKENDS,
    add_proof_options,
    add_reading_options,
    add_schema,
    add_settings_options,
    add_waiting_options,
    add_wording_options,
    count,
    words,
)
from extractor.cli.parser import command, group
from extractor.cli.runs.arguments import CONCURRENCY, add_money_options
from extractor.errors import did_you_mean

_EFFORTS = get_args(ReasoningEffort)

RUN = "run"
"""The word that `eval DATASET` stands for."""

_COMMANDS = (RUN, "score", "report", "copy")


def with_implied_command(arguments: list[str]) -> list[str]:
    """Write `eval DATASET ...` in full.

    >>> with_implied_command(["eval", "ndas", "--schema", "nda"])
    ['eval', 'run', 'ndas', '--schema', 'nda']
    """
    if arguments[:1] != ["eval"] or not arguments[1:]:
        return arguments
    if arguments[1] in (*_COMMANDS, "-h", "--help"):
        return arguments
    return ["eval", RUN, *arguments[1:]]


def add_evaluation(commands: Any) -> None:
    """Add `eval`, which asks and scores, and `compare`."""
    evaluation = group(commands, "eval", "score models or predictions against gold labels")
    _add_run(
        command(evaluation, RUN, "evaluation.run", "extract a data set, and score what comes of it")
    )

    compare = command(
        commands, "compare", "evaluation.compare", "say which of two predictions are better"
    )
    compare.add_argument(
        "sides",
        nargs="+",
        metavar="[DATASET] A B",
        help="predictions: a .jsonl, a run's folder, or a cell of an evaluation, whose data set "
        "need not be named",
    )
    compare.add_argument("--schema", metavar="SCHEMA", help="whose scorers compare the fields")
    _add_choice(compare)

    score = command(evaluation, "score", "evaluation.score", "score predictions against a data set")
    _add_dataset(score)
    score.add_argument("predictions", metavar="PREDICTIONS", help="a .jsonl, or a run's folder")
    score.add_argument("--schema", metavar="SCHEMA", help="whose scorers compare the fields")
    _add_choice(score)
    _add_gate(score)

    report = command(
        evaluation, "report", "evaluation.report", "write what an evaluation has found"
    )
    report.add_argument("run_dir", metavar="DIR", help="the evaluation's folder")
    report.add_argument("-o", "--output", type=Path, metavar="FILE", help="written as a whole")
    report.add_argument(
        "--format",
        choices=("html", "json", "junit", "markdown"),
        help="default: as the file's name ends; without -o it goes to stdout",
    )
    report.add_argument(
        "--new-labels", action="store_true", help="the labels may have changed since"
    )
    _add_gate(report)

    copy = command(
        evaluation, "copy", "evaluation.copy", "copy a data set with other names, years and states"
    )
    _add_dataset(copy)
    copy.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    copy.add_argument("--seed", type=int, default=0, metavar="N", help="another copy; default: 0")
    _add_choice(copy)


def _add_run(parser: argparse.ArgumentParser) -> None:
    """Add what `eval DATASET` takes; where `run` takes one model, this may take several."""
    parser.set_defaults(sample=None)
    _add_dataset(parser)
    add_settings_options(parser)
    add_schema(parser)
    add_proof_options(parser)
    add_wording_options(parser)
    add_waiting_options(parser)
    add_reading_options(parser)
    parser.add_argument(
        "--model",
        dest="matrix_models",
        action="append",
        metavar="PROVIDER:NAME",
        help="may be said several times; default: as configured",
    )
    parser.add_argument(
        "--techniques", type=_techniques, metavar="A,B", help=f"of {', '.join(BACKENDS)}"
    )
    parser.add_argument(
        "--efforts", type=_efforts, metavar="A,B", help=f"of {', '.join(_EFFORTS)}: to compare"
    )
    parser.add_argument(
        "--prompts",
        dest="matrix_prompts",
        action="append",
        metavar="DIR",
        help="templates of your own; may be said several times, `default` is the package's own",
    )
    parser.add_argument("--out", metavar="DIR", help="default: the data set's name and .eval")
    parser.add_argument(
        "--from",
        dest="form",
        choices=("auto", "pdf", "text"),
        default="auto",
        help="what of a document is read; default: its PDF if there is one",
    )
    parser.add_argument("--replies", dest="cache_path", metavar="FILE", help="for --cache")
    parser.add_argument(
        "--concurrency", type=count, default=CONCURRENCY, metavar="N", help="documents at once"
    )
    _add_choice(parser)
    _add_gate(parser)
    add_money_options(parser)


def _techniques(text: str) -> list[str]:
    return _chosen(text, BACKENDS, "technique")


def _efforts(text: str) -> list[str]:
    return _chosen(text, _EFFORTS, "reasoning effort")


def _chosen(text: str, offered: Sequence[str], what: str) -> list[str]:
    found = words(text)
    for name in found:
        if name not in offered:
            near = did_you_mean(name, list(offered), among="Choose from")
            raise argparse.ArgumentTypeError(f"{name!r} is no {what}. {near}")
    return found


def _add_dataset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        help="a name of [datasets], a folder with contracts.jsonl, gold.csv or gold.jsonl, or a "
        "release of CUAD, Kleister or ContractNLI",
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=count, metavar="N", help="the first N documents alone")
    parser.add_argument(
        "--slice",
        dest="slices",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of source, type, split, doc_id, length=LOW-HIGH; may be said several times",
    )


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return share


def _add_gate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gate", type=Path, metavar="FILE", help="what the scores have to be")
    parser.add_argument(
        "--fail-under", type=_share, metavar="X", help="the least that macro-F1 may be"
    )
