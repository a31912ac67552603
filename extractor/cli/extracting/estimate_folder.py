"""`extractor estimate FOLDER --schema S`: a line for each contract, and what all of them take."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from extractor.asking.estimating import Amount
from extractor.calls.core import CallCore
from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.reading import read_options, tell_left_out
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.extracting.configured import extractor_from, pricing_from
from extractor.plugins import load_schema
from extractor.plurals import counted
from extractor.runs.estimating import FileEstimate, Total, estimate_files, seconds_needed, total
from extractor.runs.folder import files_below, no_files
from extractor.types import JsonObject

_COLUMNS = ("file", "pages", "tokens", "low", "expected", "maximum")
_EVERY = 25
"""Files after which progress is told."""


def estimate_folder(options: argparse.Namespace, out: Output) -> int:
    """Print what can't be read, then a line for each file, and the sum; nothing is sent."""
    settings = settings_for(options)
    folder = Path(options.file)
    core = CallCore(pricing=pricing_from(settings))
    links: list[str] = []
    with ExitStack() as opened:
        progress = opened.enter_context(Progress(f"Reading {safe(folder)}"))
        extractor = opened.enter_context(
            extractor_from(
                settings, load_schema(options.schema), core=core, instructions=options.instructions
            )
        )
        files: list[FileEstimate] = []
        paths = files_below(folder, left_out=links.append)
        for file in estimate_files(extractor, folder, paths, read_options(options)):
            files.append(file)
            if len(files) % _EVERY == 0:
                progress.say(f"Reading: {len(files):,} files are done")
        model, host = extractor.model, extractor.base_url
    tell_left_out(links)
    if not files:
        raise no_files(folder)
    once = [*_without_duplicates(files)]
    told = total(once)
    requests = sum(file.estimate.requests for file in once if file.estimate)
    limits = settings.limits.for_model(settings.chain[0]).model_dump()
    seconds = seconds_needed(told, requests, limits)
    if options.json:
        out.write_json(
            {
                "model": model,
                "host": host,
                "files": [_record(file) for file in files],
                "duplicates": len(files) - len(once),
                "requests": requests,
                "total": {name: _amount(getattr(told, name)) for name in _AMOUNTS},
                "seconds_under_limits": seconds,
            }
        )
    else:
        out.write(_report(files, once, told, seconds, out))
        to = f"would go to {host}" if host else "stay on this machine"
        if told.expected.cost_usd is None:
            out.write(no_price(model))
        out.write(f"{safe(model)}; the contracts {safe(to)}. Nothing was sent.")
    return DOCUMENT if any(file.error for file in files) else OK


def no_price(model: str) -> str:
    """Say that a model's price is unknown, and what can be done about that."""
    return (
        f"No price is known for {safe(model)}: mend its name if that is wrong, or state its price "
        "under [prices] in extractor.toml."
    )


_AMOUNTS = ("low", "expected", "maximum")


def _without_duplicates(files: Sequence[FileEstimate]) -> list[FileEstimate]:
    """Return the files whose content was not there before: it is extracted once."""
    seen: set[str] = set()
    once: list[FileEstimate] = []
    for file in files:
        if file.sha256 is None or file.sha256 not in seen:
            once.append(file)
        if file.sha256 is not None:
            seen.add(file.sha256)
    return once


def _report(
    files: Sequence[FileEstimate],
    once: Sequence[FileEstimate],
    told: Total,
    seconds: float | None,
    out: Output,
) -> str:
    unreadable = [
        f"{safe(file.path)}: {safe(file.error.message)}" for file in files if file.error is not None
    ]
    rows = [
        (
            safe(file.path),
            f"{file.pages:,}",
            f"{file.estimate.expected.total_tokens:,}",
            *(_dollars(getattr(file.estimate, name)) for name in _AMOUNTS),
        )
        for file in once
        if file.estimate is not None
    ]
    pages = sum(file.pages for file in once)
    all_of_it = tuple(_dollars(getattr(told, name)) for name in _AMOUNTS)
    rows.append(("all", f"{pages:,}", f"{told.expected.total_tokens:,}", *all_of_it))
    lines = [f"{len(unreadable):,} can't be read:", *unreadable, ""] if unreadable else []
    lines.append(table(_COLUMNS, rows, out, texts=1))
    if duplicates := len(files) - len(once):
        have = counted(duplicates, "has", "have")
        lines.append(f"{have} the same content as another, which is asked about once.")
    if seconds is None:
        lines.append("No limits are set, so how long it takes is not known.")
    else:
        lines.append(f"Under the limits that are set it takes at least {seconds / 60:,.1f} min.")
    return "\n".join(lines)


def _dollars(amount: Amount) -> str:
    return "unknown" if amount.cost_usd is None else f"{amount.cost_usd:.4f}"


def _record(file: FileEstimate) -> JsonObject:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "pages": file.pages,
        **{
            name: None if file.estimate is None else _amount(getattr(file.estimate, name))
            for name in _AMOUNTS
        },
        "error": None if file.error is None else file.error.facts(),
    }


def _amount(amount: Amount) -> JsonObject:
    return {
        "input_tokens": amount.input_tokens,
        "output_tokens": amount.output_tokens,
        "total_tokens": amount.total_tokens,
        "cost_usd": None if amount.cost_usd is None else float(amount.cost_usd),
    }
