"""The options of the commands about predictions: `eval score` and `compare`."""

from __future__ import annotations

from typing import Any

from extractor.cli.run_arguments import Command


def add_evaluation(commands: Any, group: Any, command: Command, *, count: Any) -> None:
    """Add what scores predictions."""
    compare = command(commands, "compare", "compare", "say which of two predictions are better")
    compare.add_argument("dataset", metavar="DATASET", help="a folder with contracts.jsonl")
    for side in ("first", "second"):
        compare.add_argument(side, metavar=side.upper(), help="a .jsonl, or a run's folder")
    compare.add_argument("--limit", type=count, metavar="N", help="the first N documents alone")

    score = command(group, "score", "evaluate", "score predictions against a data set")
    score.add_argument("dataset", metavar="DATASET", help="a folder with contracts.jsonl")
    score.add_argument("predictions", metavar="PREDICTIONS", help="a .jsonl, or a run's folder")
    score.add_argument("--limit", type=count, metavar="N", help="the first N documents alone")
