"""The options of the commands about runs: `run`, `status`, `show`, `retry`, `export`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from extractor.cli.options import (
    add_question_options,
    add_reading_options,
    add_waiting_options,
    count,
    limit,
)
from extractor.cli.parser import command

CONCURRENCY = 8
"""Documents that are worked on at once."""


def add_runs(commands: Any) -> None:
    """Add `run`, `retry`, `status`, `show` and `export`."""
    run = command(commands, "run", "runs.run", "extract a folder of contracts, or go on with it")
    _add_run_options(run)
    add_reading_options(run)
    add_question_options(run)
    add_waiting_options(run)
    _add_retry(commands)
    _add_looking(commands)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add what `run` takes beside the options of every command that asks a model."""
    parser.add_argument("folder", help="a folder of contracts, with all that is below it")
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="where the run is kept; default: the folder's name and .run, here",
    )
    parser.add_argument(
        "--concurrency", type=count, default=CONCURRENCY, metavar="N", help="documents at once"
    )
    parser.add_argument("--limit", type=count, metavar="N", help="extract no more than N now")
    parser.add_argument(
        "--sample", type=count, metavar="N", help="extract N now, spread over all that are left"
    )
    parser.add_argument(
        "--failed", action="store_true", help="try again, and ask anew, what has failed"
    )
    parser.add_argument(
        "--refresh", action="store_true", help="ask everything anew; what there is, is kept"
    )
    parser.add_argument(
        "--mode",
        choices=("live", "batch"),
        default="live",
        help="batch: by the provider's Batch API, in hours, for half the price",
    )
    parser.add_argument("--batch-size", type=count, metavar="N", help="requests of a batch at most")
    parser.add_argument(
        "--live-repairs",
        action="store_true",
        help="with --mode batch: ask what has to be asked again at once, for the full price",
    )
    add_money_options(parser)


def add_money_options(parser: argparse.ArgumentParser) -> None:
    """Add how much may be spent, and that it may be."""
    parser.add_argument(
        "--max-usd",
        dest="max_usd_run",
        type=limit,
        metavar="X",
        help="that the run may cost, however often it goes on",
    )
    parser.add_argument("--yes", action="store_true", help="agree to the estimate")


def _add_retry(commands: Any) -> None:
    """Add `retry`, which is `run --failed` with the options that the run was begun with."""
    retry = command(commands, "retry", "runs.retry", "try again what failed in a run")
    _add_run_dir(retry)
    retry.add_argument("--failed", action="store_true", help="(which is what it does)")
    retry.add_argument(
        "--password", help="of encrypted files; - asks for it, or reads it from stdin"
    )
    add_money_options(retry)


def _add_looking(commands: Any) -> None:
    """Add the commands that look into a run, or take something out of it."""
    status = command(commands, "status", "runs.status", "say how far a run is")
    _add_run_dir(status)
    status.add_argument("--watch", action="store_true", help="as long as somebody is at work")

    show = command(commands, "show", "runs.show", "show what a run found in one file")
    _add_run_dir(show)
    show.add_argument("document", metavar="DOC", help="the file's path, or the end of it")
    show.add_argument("field", nargs="?", metavar="FIELD", help="one field alone")

    export = command(commands, "export", "runs.export", "write a run's results into a file")
    _add_run_dir(export)
    export.add_argument(
        *("-o", "--output"),
        type=Path,
        required=True,
        metavar="FILE",
        help="written as a whole; of html a folder",
    )
    export.add_argument(
        "--format",
        choices=("xlsx", "csv", "jsonl", "sqlite", "parquet", "html"),
        help="html: a page for each contract, with what was found beside its text; default: as the "
        "file's name ends",
    )
    export.add_argument(
        "--raw", action="store_true", help="csv: leave cells as they are, formulas too"
    )
    export.add_argument(
        "--password",
        help="html: of encrypted files; - asks for it, or reads it from stdin",
    )


def _add_run_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_dir", metavar="DIR", help="the run's folder")
