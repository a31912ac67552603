"""What a run has come to: for people, and as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from extractor.calls.records import MICRO
from extractor.cli.terminal import safe
from extractor.plurals import counted
from extractor.runs.base import FileState
from extractor.runs.batches.status import batches_under_way
from extractor.runs.reader import RunReader, Spent
from extractor.types import JsonObject

_NAMED, _LISTED = 5, 1_000


def report(reader: RunReader, where: Path) -> str:
    """Say how far a run is, what it took, and what to do next."""
    counts = reader.counts()
    files = counts.files
    total = sum(files.values())
    told = ", ".join(f"{files[state]:,} {state}" for state in get_args(FileState) if state in files)
    lines = [f"{counted(total, 'file')}: {told or 'none'}"]
    if asked := reader.configuration.told:
        models = ", ".join(asked["models"])
        lines.append(f"Schema {safe(asked['schema'])}, asked of {safe(models)}")
    if counts.duplicates:
        have = counted(counts.duplicates, "has", "have")
        lines.append(f"{have} the same content as another, and its result.")
    if taken_over := reader.taken_over():
        were = counted(taken_over, "was", "were")
        lines.append(f"{were} finished in other runs, and not asked about here.")
    lines.append(_spent(reader.spent()))
    lines += _failures(reader)
    now = time.time()
    lines += [
        f"Batch {safe(batch.id or 'on its way')} of {safe(batch.model)}: {batch.done:,} of "
        f"{batch.count:,} requests done, handed in {now - batch.made_at:,.0f} s ago"
        for batch in batches_under_way(reader)[:_NAMED]
    ]
    for path, seconds in reader.under_way()[:_NAMED]:
        lines.append(f"Under way for {seconds:,.0f} s: {safe(path)}")
    lines += [f"In doubt, as who asked is gone: {safe(path)}" for path in reader.in_doubt(_NAMED)]
    lines += _next(files, str(where))
    return "\n".join(lines)


def _spent(spent: Spent) -> str:
    held = f", and up to ${spent.set_aside / MICRO:,.4f} for requests without an answer"
    money = f"${spent.cost / MICRO:,.4f} spent{held * bool(spent.set_aside)}"
    if spent.unpriced:
        money = f"what {spent.unpriced:,} of them cost is not known"
    return (
        f"{counted(spent.requests, 'request')}, {spent.input_tokens:,} tokens in and "
        f"{spent.output_tokens:,} out; {money}"
    )


def _failures(reader: RunReader) -> Iterator[str]:
    """Yield what failed, the first files by name, and what to do about which of them."""
    for kind, count in reader.failures()[:_NAMED]:
        yield f"{count:,} failed with {kind}."
    failed = reader.failed(_NAMED)
    about: dict[str, list[str]] = {}
    for path, why, hint in failed:
        yield f"  {safe(path)}: {safe(why)}"
        if hint:
            about.setdefault(hint, []).append(path)
    for hint, paths in about.items():
        named = "" if len(paths) == len(failed) else f" about {', '.join(paths)}"
        yield f"What to do{safe(named)}: {safe(hint)}"


def _next(files: Mapping[FileState, int], where: str) -> Iterator[str]:
    if files.keys() - {"done", "failed"}:
        yield "The same command goes on where this ended."
        return
    if "failed" in files:
        yield f"`extractor retry {safe(where)}` tries again what failed."
    if "done" in files:
        yield f"`extractor export {safe(where)} -o FILE.xlsx` writes the results."


def run_record(reader: RunReader) -> JsonObject:
    """Return the same as {folder, configuration, files, duplicates, requests, tokens, cost}."""
    counts = reader.counts()
    spent = reader.spent()
    return {
        "folder": reader.folder,
        "configuration": reader.configuration.told,
        "files": {"total": sum(counts.files.values()), **counts.files},
        "duplicates": counts.duplicates,
        "taken_over": reader.taken_over(),
        "attempts": spent.requests,
        "usage": {"input_tokens": spent.input_tokens, "output_tokens": spent.output_tokens},
        "cost_usd": None if spent.unpriced else spent.cost / MICRO,
        "reserved_usd": spent.set_aside / MICRO,
        "failures": dict(reader.failures()),
        "failed": [
            {"path": path, "message": why, "hint": hint}
            for path, why, hint in reader.failed(_LISTED)
        ],
        "batches": [asdict(batch) for batch in batches_under_way(reader)],
        "under_way": [
            {"path": path, "seconds": round(seconds, 1)} for path, seconds in reader.under_way()
        ],
        "in_doubt": reader.in_doubt(_LISTED),
    }
