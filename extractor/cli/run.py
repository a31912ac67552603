"""`extractor run FOLDER --schema S`: extract a folder, or go on with it where it was left."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

from extractor.cli.asking import settings_for
from extractor.cli.exits import DOCUMENT, INTERRUPTED, OK
from extractor.cli.interrupts import Interrupts
from extractor.cli.reading import read_options
from extractor.cli.run_estimate import confirm
from extractor.cli.run_progress import RunProgress
from extractor.cli.run_report import report, run_record
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.errors import ExtractorError
from extractor.plugins import load_schema
from extractor.runs.folder import files_below, has_changed
from extractor.runs.journal import SqliteJournal
from extractor.runs.opening import open_run
from extractor.runs.reader import RunReader
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME
from extractor.types import JsonObject

_KEPT = (
    *("folder", "out", "schema", "profile", "config", "model", "models", "backend", "evidence"),
    *("unverified", "second_look", "base_url", "prompts", "instructions", "max_attempts"),
    *("max_tokens", "coverage", "ocr", "hidden", "concurrency", "max_usd_run", "deadline", "user"),
    "cache",
)
"""Options that a run is gone on with, if nobody says otherwise; a password is none of them."""


def run(options: argparse.Namespace, out: Output) -> int:
    """Extract what is left to do of a folder; a summary on stdout, progress on stderr."""
    folder = Path(options.folder).resolve()
    where = Path(options.out or f"{folder.name}.run")
    how = read_options(options)
    said = RunProgress()
    with open_run(
        settings_for(options),
        load_schema(options.schema),
        where,
        reading={"ocr": how.ocr, "hidden": how.hidden},
        instructions=options.instructions,
        refresh=options.refresh,
        progress=said.waits,
    ) as opened:
        with Progress(f"Looking at {safe(folder)}"):
            opened.journal.check()
            opened.journal.register(
                folder, _files(folder, where.resolve()), command=_command(options)
            )
            if options.failed:
                opened.journal.retry()
            _look_for_changes(opened.journal, folder)
        with closing(RunReader(where / FILE_NAME)) as reader:
            only = reader.left(options.sample).sample if options.sample else None
            confirm(options, opened.extractor, reader, folder, how)
            runner = Runner(
                opened.journal,
                opened.extractor,
                folder=folder,
                schema=options.schema,
                options=how,
                concurrency=options.concurrency,
                limit=options.limit,
                only=only,
                known=opened.known,
            )
            try:
                was_interrupted = asyncio.run(_work(runner, said, reader))
            except ExtractorError:  # what there is by now is told before what ended it
                print(report(reader, where), file=sys.stderr)
                raise
            return told(reader, where, out, was_interrupted=was_interrupted, as_json=options.json)


def told(
    reader: RunReader, where: Path, out: Output, *, was_interrupted: bool, as_json: bool
) -> int:
    """Say how far a run is, and return the exit code for that."""
    counts = reader.counts()
    if as_json:
        out.write_json(run_record(reader))
    else:
        out.write(report(reader, where))
    if was_interrupted:
        return INTERRUPTED
    return DOCUMENT if counts.files.get("failed") else OK


async def _work(runner: Runner[Any], said: RunProgress, reader: RunReader) -> bool:
    """Work until nothing is left, or somebody interrupts; say whether somebody did."""
    with Interrupts(runner.stop) as interrupts, said.shown(runner, reader):
        try:
            async with aclosing(runner.outcomes()) as outcomes:
                async for outcome in outcomes:
                    said.note(outcome)
        except asyncio.CancelledError:
            if not interrupts.any:
                raise
    return interrupts.any


def _command(options: argparse.Namespace) -> JsonObject:
    """Return what a later command needs to go on with the run."""
    kept = {name: getattr(options, name, None) for name in _KEPT}
    paths = {"folder": str(Path(options.folder).resolve()), "out": None}
    return {
        name: value if value is None or isinstance(value, bool | int | float | list) else str(value)
        for name, value in (kept | paths).items()
    }


def _files(folder: Path, out: Path) -> Iterator[str]:
    """Yield the folder's files but for those of the run itself."""
    inside = f"{out.relative_to(folder).as_posix()}/" if out.is_relative_to(folder) else None
    for path in files_below(folder):
        if inside is None or not path.startswith(inside):
            yield path


def _look_for_changes(journal: SqliteJournal, folder: Path) -> None:
    """Have files looked at again that have changed since, or could not be opened."""
    journal.forget(
        file.position
        for file, before, is_closed in journal.finished_before()
        if is_closed or has_changed(folder / file.path, before)
    )
