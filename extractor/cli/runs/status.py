"""`extractor status DIR`: how far a run is, from another terminal too."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.runs.report import report, run_record
from extractor.cli.streams import Output
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME

_EVERY = 2.0
"""Seconds between two looks."""


def run(options: argparse.Namespace, out: Output) -> int:
    """Say it once, or with --watch again and again while somebody is at work."""
    where = Path(options.run_dir)
    with closing(RunReader(where / FILE_NAME)) as reader:
        while True:
            if options.json:
                out.write_json(run_record(reader))
            else:
                out.write(report(reader, where))
            if not options.watch or not reader.at_work():
                return OK
            time.sleep(_EVERY)
            if sys.stdout.isatty() and not options.json:
                out.write("")
