"""An export from its name to its place."""

from __future__ import annotations

from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.runs.exports.base import ExportFormat, ExportSummary, Written
from extractor.runs.exports.columnar import write_parquet
from extractor.runs.exports.database import write_database
from extractor.runs.exports.delimited import sidecar_of, write_delimited
from extractor.runs.exports.lines import write_lines
from extractor.runs.exports.pages import write_pages
from extractor.runs.exports.placing import one_moment, placing
from extractor.runs.reader import RunReader


def write_export(
    reader: RunReader,
    to: Path,
    format: ExportFormat,  # noqa: A002
    *,
    raw: bool = False,
    password: str | None = None,
) -> ExportSummary:
    """Write a run's results to a file, or a folder of pages, which appears whole or not at all.

    Rows are read one at a time, all of one moment, though others may work on the run. A file of
    that name is replaced; nothing else is written but, for csv, `NAME.defused.json` beside it,
    which lists the cells that were changed.

    Args:
        reader: the run.
        to: the file; for html a folder, which is not there yet or empty.
        format: see `format_of` for what its name says.
        raw: write to csv what a spreadsheet could take for a formula, as it is.
        password: of encrypted contracts, which html reads again.

    Raises:
        ConfigurationError: the target is the run's own file, a folder, or in one that is not there;
            the format can't take the run, or needs a package that is not installed.
        StoreError: the run can't be read, or the file can't be written; an older one stays.
    """
    _check_target(reader, to, is_folder=format == "html")
    beside = (sidecar_of(to),) if format == "csv" else ()
    with placing(to, *beside) as folder, one_moment(reader):
        written = _write(reader, folder / to.name, format, raw=raw, password=password)
    return ExportSummary(to, format, written.files, written.rows, written.notes)


def _check_target(reader: RunReader, to: Path, *, is_folder: bool) -> None:
    """Refuse a target that would cost the run or what is in a folder, or can't be written."""
    if not to.parent.is_dir():
        raise ConfigurationError(
            f"There is no folder {str(to.parent)!r} to write to.", hint="Make it first."
        )
    if is_folder and to.exists() and not (to.is_dir() and not any(to.iterdir())):
        raise ConfigurationError(
            f"{str(to)!r} is there already.", hint="Name a folder that is not there yet, or empty."
        )
    if to.is_dir() and not is_folder:
        raise ConfigurationError(f"{str(to)!r} is a folder.", hint="Name a file in it.")
    own = reader.path.resolve()
    if to.resolve() in {own, *(own.with_name(own.name + end) for end in ("-wal", "-shm"))}:
        raise ConfigurationError(
            f"{str(to)!r} is the run's own file, with all that was paid for.",
            hint="Name another file.",
        )


def _write(
    reader: RunReader,
    path: Path,
    format: ExportFormat,  # noqa: A002
    *,
    raw: bool,
    password: str | None,
) -> Written:
    match format:
        case "xlsx":
            from extractor.runs.exports.workbook import write_workbook

            return write_workbook(reader, path)
        case "csv":
            return write_delimited(reader, path, raw=raw)
        case "jsonl":
            return write_lines(reader, path)
        case "sqlite":
            return write_database(reader, path)
        case "parquet":
            return write_parquet(reader, path)
        case "html":
            return write_pages(reader, path, password=password)
