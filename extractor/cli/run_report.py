"""What a run has come to: for people, and as JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from extractor.calls.records import MICRO
from extractor.cli.terminal import safe
from extractor.runs.base import FileState
from extractor.runs.reader import RunReader
from extractor.types import JsonObject

_NAMED = 5


def report(reader: RunReader, where: Path) -> str:
    """Say how far a run is, what it took, and what to do next."""
    counts = reader.counts()
    files = counts.files
    total = sum(files.values())
    told = ", ".join(f"{files[state]:,} {state}" for state in get_args(FileState) if state in files)
    lines = [f"{total:,} files: {told or 'none'}"]
    if counts.duplicates:
        lines.append(f"{counts.duplicates:,} have the same content as another, and its result.")
    if taken_over := reader.taken_over():
        lines.append(f"{taken_over:,} were finished in other runs; nothing was sent for them.")
    spent, set_aside = reader.spent()
    lines.append(
        f"{counts.attempts:,} requests, {counts.input_tokens:,} tokens in and "
        f"{counts.output_tokens:,} out; ${spent / MICRO:,.4f} spent"
        + (
            f", and up to ${set_aside / MICRO:,.4f} for requests without an answer"
            * bool(set_aside)
        )
    )
    for kind, count in reader.failures()[:_NAMED]:
        lines.append(f"{count:,} failed with {kind}.")
    now = time.time()
    for path, seconds in reader.under_way(now)[:_NAMED]:
        lines.append(f"Under way for {seconds:,.0f} s: {safe(path)}")
    lines.append(_next(files, str(where)))
    return "\n".join(lines)


def _next(files: Mapping[FileState, int], where: str) -> str:
    shown = safe(where)
    if files.keys() - {"done", "failed"}:
        return "The same command goes on where this ended."
    if "failed" in files:
        return f"`extractor retry {shown}` tries again what failed."
    return f"`extractor export {shown} -o FILE.xlsx` writes the results."


def run_record(reader: RunReader) -> JsonObject:
    """Return the same as {folder, configuration, files, duplicates, requests, tokens, cost}."""
    counts = reader.counts()
    spent, set_aside = reader.spent()
    return {
        "folder": reader.folder,
        "configuration": reader.configuration.told,
        "files": {"total": sum(counts.files.values()), **counts.files},
        "duplicates": counts.duplicates,
        "taken_over": reader.taken_over(),
        "attempts": counts.attempts,
        "usage": {"input_tokens": counts.input_tokens, "output_tokens": counts.output_tokens},
        "cost_usd": spent / MICRO,
        "reserved_usd": set_aside / MICRO,
        "failures": dict(reader.failures()),
        "under_way": [
            {"path": path, "seconds": round(seconds, 1)}
            for path, seconds in reader.under_way(time.time())
        ],
    }
