"""`extractor export DIR -o FILE`: a run's results for Excel, databases and programs."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.reading import password_of
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.plurals import counted
from extractor.runs.exports import ExportFormat, ExportSummary, format_of, write_export
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME


def run(options: argparse.Namespace, out: Output) -> int:
    """Write the export and say where it is; --json: {path, format, files, rows, notes}."""
    to = Path(options.output)
    chosen: ExportFormat = options.format or format_of(to)
    password = password_of(options.password) if chosen == "html" else None
    with (
        Progress(f"Writing {safe(to)}"),
        closing(RunReader(Path(options.run_dir) / FILE_NAME)) as reader,
    ):
        summary = write_export(reader, to, chosen, raw=options.raw, password=password)
    if options.json:
        out.write_json(_record(summary))
        return OK
    files, rows = counted(summary.files, "file"), counted(summary.rows, "row")
    print(f"{safe(to)}: {files}, {rows} of {chosen}.", file=sys.stderr)
    for note in summary.notes:
        print(safe(note), file=sys.stderr)
    return OK


def _record(summary: ExportSummary) -> dict[str, object]:
    return {
        "path": str(summary.path),
        "format": summary.format,
        "files": summary.files,
        "rows": summary.rows,
        "notes": summary.notes,
    }
