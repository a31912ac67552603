"""JSON lines: everything that a run knows of its files, a line each, and read back the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from extractor.calls.storage.database import storable
from extractor.errors import ConfigurationError, StoreError
from extractor.outputs.texts import as_json
from extractor.runs.exports.base import Written
from extractor.runs.reader import RunReader, RunRow
from extractor.types import JsonObject

SCHEMA_VERSION = 1
"""Of a line's keys: they are added to without a new one, never renamed or removed."""

_NAMES = tuple(field.name for field in fields(RunRow))


def write_lines(reader: RunReader, path: Path) -> Written:
    """Write a JSON object for each file: `schema_version`, and what `RunRow` has."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in reader.rows():
            told = {name: getattr(row, name) for name in _NAMES}
            # Half of a surrogate pair becomes `\ud83d`, which is what JSON calls it.
            file.write(storable(as_json({"schema_version": SCHEMA_VERSION} | told)) + "\n")
            count += 1
    return Written(count, count)


def read_export(path: Path) -> Iterator[RunRow]:
    """Yield the rows of an export in JSON lines, equal to those of the run; one is in memory.

    Raises:
        ConfigurationError: there is no such file.
        StoreError: it can't be read, is no such export, or one of a newer version.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                yield _row(_object(line, path, number), path, number)
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"There is no {str(path)!r}.", hint="`extractor export DIR -o FILE.jsonl` makes one."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{str(path)!r} can't be read: {error}.") from error


def _object(line: str, path: Path, number: int) -> JsonObject:
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    told = cast("JsonObject", found) if isinstance(found, dict) else {}
    if "schema_version" not in told:
        raise StoreError(
            f"Line {number} of {str(path)!r} is not of an export.",
            hint="Is it whole? `extractor export DIR -o FILE.jsonl` writes it anew.",
        )
    return told


def _row(told: JsonObject, path: Path, number: int) -> RunRow:
    if told["schema_version"] != SCHEMA_VERSION:
        raise StoreError(
            f"Line {number} of {str(path)!r} is of version {told['schema_version']!r}; this "
            f"program reads {SCHEMA_VERSION}.",
            hint="Read it with the program that wrote it, or export the run anew.",
        )
    missing = [name for name in _NAMES if name not in told]
    if missing:
        raise StoreError(f"Line {number} of {str(path)!r} lacks {', '.join(missing)}.")
    return RunRow(**{name: told[name] for name in _NAMES})
