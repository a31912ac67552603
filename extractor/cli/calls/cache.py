"""`extractor cache stats|clear`: what the reply cache holds, and making it forget."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from extractor.calls.cache.file import CacheFile
from extractor.cli.exits import OK
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.plurals import counted
from extractor.types import JsonObject

_DAY = 86_400.0


def run(options: argparse.Namespace, out: Output) -> int:
    """Run one of the two."""
    path = settings_for(options).cache.path
    with closing(CacheFile(path, create=False)) as file:
        if options.do == "stats":
            _stats(file, path, out, as_json=options.json)
        else:
            _clear(file, path, options.older_than, out, as_json=options.json)
    return OK


def _stats(file: CacheFile, path: Path, out: Output, *, as_json: bool) -> None:
    stats = file.stats()
    record: JsonObject = {
        "path": str(path),
        "replies": stats.replies,
        "bytes": stats.size,
        "oldest": _moment(stats.oldest),
        "newest": _moment(stats.newest),
        "models": dict(stats.by_model),
        "versions": dict(stats.by_version),
    }
    if as_json:
        out.write_json(record)
        return
    out.write(f"{safe(path)}: {counted(stats.replies, 'reply', 'replies')}, {stats.size:,} bytes")
    if stats.replies:
        out.write(f"  from {record['oldest']} to {record['newest']}")
    for model, count in stats.by_model.items():
        out.write(f"  {safe(model):40} {count:8,}")
    for version, count in stats.by_version.items():
        out.write(f"  {'by version ' + safe(version):40} {count:8,}")


def _clear(
    file: CacheFile, path: Path, older_than: int | None, out: Output, *, as_json: bool
) -> None:
    deleted = file.clear(before=None if older_than is None else time.time() - older_than * _DAY)
    if as_json:
        out.write_json({"path": str(path), "deleted": deleted})
    else:
        out.write(f"{safe(path)}: {counted(deleted, 'reply', 'replies')} deleted")


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
