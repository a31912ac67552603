"""`extractor retry DIR`: try again what failed in a run, as the run was begun."""

from __future__ import annotations

import argparse
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from extractor.cli.runs import run as run_command
from extractor.cli.streams import Output
from extractor.errors import ConfigurationError
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME


def run(options: argparse.Namespace, out: Output) -> int:
    """Go on with a run, its failed files included."""
    with closing(RunReader(Path(options.run_dir) / FILE_NAME)) as reader:
        begun = reader.command
    if not begun:
        raise ConfigurationError(
            f"Nobody has begun the run in {options.run_dir!r} yet.",
            hint="Begin it with `extractor run FOLDER --schema S --out DIR`.",
        )
    most = options.max_usd_run or begun["max_usd_run"]
    again = begun | {
        "out": options.run_dir,
        "max_usd_run": None if most is None else Decimal(most),
        "config": begun["config"] and Path(begun["config"]),
        "prompts": begun["prompts"] and Path(begun["prompts"]),
        "yes": options.yes,
        "json": options.json,
        "password": options.password,
        "failed": True,
        "refresh": False,
        "limit": None,
        "sample": None,
    }
    return run_command.run(argparse.Namespace(**again), out)
