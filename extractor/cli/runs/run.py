"""`extractor run FOLDER --schema S`: extract a folder, or go on with it where it was left."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from extractor.cli.exits import DOCUMENT, INTERRUPTED, OK
from extractor.cli.reading import read_options, tell_left_out
from extractor.cli.runs.agreement import SAMPLE, confirm
from extractor.cli.runs.command import kept_command
from extractor.cli.runs.interrupts import terminable
from extractor.cli.runs.progress import RunProgress
from extractor.cli.runs.report import report, run_record
from extractor.cli.runs.work import work
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.config import Settings
from extractor.documents.options import ReadOptions
from extractor.errors import ExtractorError
from extractor.extracting.extractor import Extractor
from extractor.plugins import load_schema
from extractor.runs.batches.running import BatchRunner
from extractor.runs.batches.status import documents_in_batches
from extractor.runs.configuration import Configuration
from extractor.runs.documents import Documents
from extractor.runs.folder import files_below, no_files, require_folder
from extractor.runs.journal import LOCKED
from extractor.runs.looking import Looked, look
from extractor.runs.opening import OpenRun, open_run
from extractor.runs.reader import Left, RunReader
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME


def run(options: argparse.Namespace, out: Output) -> int:
    """Extract what is left to do of a folder; a summary on stdout, progress on stderr."""
    folder = Path(options.folder).resolve()
    require_folder(folder)
    where = Path(options.out or f"{folder.name}.run")
    _require_files(folder, where.resolve())
    how = read_options(options)
    settings = settings_for(options)
    said = RunProgress(limit=settings.budget.max_usd_per_run)
    with (
        terminable(),
        open_run(
            settings,
            load_schema(options.schema),
            where,
            reading={"ocr": how.ocr, "hidden": how.hidden},
            instructions=options.instructions,
            by_batches=options.mode == "batch",
            progress=said.waits,
        ) as opened,
        closing(RunReader(where / FILE_NAME)) as reader,
    ):
        asked = _begin(options, settings, opened, reader, folder=folder, how=how)
        only = reader.left(options.sample).sample if options.sample else None
        runner = _runner(options, opened, folder, how, asked, only=only, said=said)
        try:
            was_interrupted = asyncio.run(work(runner, said, reader))
        except ExtractorError:  # what there is by now is told before what ended it
            opened.journal.flush()
            print(report(reader, where), file=sys.stderr)
            raise
        opened.journal.forget_gone()
        return told(reader, where, out, was_interrupted=was_interrupted, as_json=options.json)


def _begin(
    options: argparse.Namespace,
    settings: Settings,
    opened: OpenRun[Any],
    reader: RunReader,
    *,
    folder: Path,
    how: ReadOptions,
) -> Configuration:
    """Have the run agreed to, and only then write down what it is about and under what.

    Raises:
        ConfigurationError: it was not agreed to, or can't be; the run is as it was before.
        DocumentError: there is no file in the folder.
    """
    journal, links = opened.journal, list[str]()
    with Progress(f"Looking at {safe(folder)}") as progress:
        journal.check()
        journal.require_folder(folder)
        asked = opened.asked(refresh=options.refresh, failed=options.failed)
        looked = look(
            folder,
            _files(folder, reader.path.parent.resolve(), left_out=links.append),
            reader.contents(),
            how.limits,
            tell=lambda count: progress.say(f"Looking at {folder}: {count:,} files by now"),
        )
    tell_left_out(links)
    if not looked.paths:  # they were taken away meanwhile
        raise no_files(folder)
    if opened.changed:
        told_names = ", ".join(opened.changed)
        print(f"Not as before: {told_names}. What was found then is kept.", file=sys.stderr)
    asks = opened.batching.extractor if opened.batching else opened.extractor
    left = _to_ask(options, looked, asked, reader, has_password=bool(how.password))
    confirm(options, asks, left, folder, how)
    journal.put_into_force(asked, command=kept_command(options, settings))
    journal.register(folder, looked.paths, contents=looked.contents)
    if options.failed:
        opened.retry()
    elif how.password:
        journal.unlock()
    return asked


def _to_ask(
    options: argparse.Namespace,
    looked: Looked,
    asked: Configuration,
    reader: RunReader,
    *,
    has_password: bool,
) -> Left:
    """Return how many contents a command will ask about, and files with some of them."""
    ended = {
        key
        for key, failure in reader.ended(asked.digest).items()
        if not (failure and (options.failed or (has_password and failure == LOCKED)))
    }
    in_batches = documents_in_batches(reader)  # which are agreed to
    return Left.of(looked.unanswered(asked, ended | in_batches), SAMPLE)


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


def _runner(
    options: argparse.Namespace,
    opened: OpenRun[Any],
    folder: Path,
    how: ReadOptions,
    asked: Configuration,
    *,
    only: Collection[str] | None,
    said: RunProgress,
) -> Runner[Any]:
    """Return who works on a run: request by request, or by batches."""
    # what is to be asked anew is not taken over from others
    known = None if asked.refreshed else opened.known

    def documents(extractor: Extractor[Any]) -> Documents[Any]:
        return Documents(
            opened.journal,
            extractor,
            folder=folder,
            schema=options.schema,
            options=how,
            known=known,
        )

    live = Runner(
        documents(opened.extractor),
        concurrency=options.concurrency,
        limit=options.limit,
        only=only,
    )
    if opened.batching is None:
        return live
    return BatchRunner(
        documents(opened.batching.extractor),
        opened.batching,
        concurrency=options.concurrency,
        limit=options.limit,
        only=only,
        size=options.batch_size,
        repairs=live if options.live_repairs else None,
        tell=said.waits,
    )


def _require_files(folder: Path, out: Path) -> None:
    """Refuse a folder without files before there is a run about it.

    Raises:
        DocumentError: there is none, or it can't be opened.
    """
    links = list[str]()
    if next(_files(folder, out, left_out=links.append), None) is None:
        tell_left_out(links)
        raise no_files(folder)


def _files(folder: Path, out: Path, *, left_out: Callable[[str], object]) -> Iterator[str]:
    """Yield the folder's files but for those of the run itself."""
    inside = f"{out.relative_to(folder).as_posix()}/" if out.is_relative_to(folder) else None
    own = f"{FILE_NAME}" if out == folder else inside
    for path in files_below(folder, left_out=left_out):
        if own is None or not path.startswith(own):
            yield path
