"""`extractor schema diff`: what changed from one schema to another, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.cli.exits import OK
from extractor.cli.schemas.fields import TOLD, FieldRow, field_rows
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.errors import ConfigurationError
from extractor.plugins import load_schema
from extractor.types import JsonObject

_ROOT = re.compile(r"^[^.\[{]+")


class _Saved(BaseModel):
    """What `schema docs --json` wrote."""

    fields: list[FieldRow]


def diff(old: str, new: str, out: Output, *, as_json: bool) -> int:
    """Compare two schemas, each by name, as `file.py:Class`, or as saved by `docs --json`."""
    before, after = (
        {row.path: row.model_dump(mode="json") for row in _rows(which)} for which in (old, new)
    )
    added = [path for path in after if path not in before]
    removed = [path for path in before if path not in after]
    changed = {
        path: {key: [before[path][key], row[key]] for key in row if row[key] != before[path][key]}
        for path, row in after.items()
        if path in before and row != before[path]
    }
    told = [path for path, keys in changed.items() if any(key in TOLD for key in keys)]
    roots = dict.fromkeys(_root(path) for path in (*added, *told))
    again = [name for name in dict.fromkeys(map(_root, after)) if name in roots]
    record: JsonObject = {
        "added": added,
        "removed": removed,
        "changed": changed,
        "ask_again": again,
        "keep": [name for name in dict.fromkeys(map(_root, after)) if name not in roots],
    }
    if as_json:
        out.write_json(record)
    else:
        for line in _lines(record, after):
            out.write(safe(line))
    return OK


def _rows(which: str) -> list[FieldRow]:
    if not which.endswith(".json"):
        return field_rows(load_schema(which))
    try:
        return TypeAdapter(_Saved).validate_json(Path(which).read_bytes()).fields
    except OSError as error:
        raise ConfigurationError(f"{which} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ConfigurationError(
            f"{which} is not what `extractor schema docs SCHEMA --json` writes."
        ) from error


def _root(path: str) -> str:
    """Return the field of the schema itself that a path begins with."""
    found = _ROOT.match(path)
    return found.group() if found else path


def _lines(record: JsonObject, after: dict[str, JsonObject]) -> Iterator[str]:
    if not any(record[key] for key in ("added", "removed", "changed")):
        yield "No field differs."
        return
    for path in record["added"]:
        yield f"+ {path} ({after[path]['type']})"
    for path in record["removed"]:
        yield f"- {path}"
    for path, keys in record["changed"].items():
        yield f"~ {path}: {', '.join(keys)}"
    again = ", ".join(record["ask_again"]) or "nothing"
    yield f"To ask again: {again}. Answers that can stay: {len(record['keep'])} fields."
