"""`extractor estimate FILE|FOLDER --schema S`: what it will cost, with no call and no key."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from extractor.asking.estimating import Amount, Estimate
from extractor.calls.core import CallCore
from extractor.calls.metering.price_list import LISTED, price_list, prices_date
from extractor.cli.exits import OK
from extractor.cli.extracting.estimate_folder import estimate_folder, no_price
from extractor.cli.reading import document_of, read_options
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.extracting.configured import extractor_from, pricing_from
from extractor.plugins import load_schema
from extractor.types import JsonObject


def run(options: argparse.Namespace, out: Output) -> int:
    """Print low, expected and maximum tokens and dollars, and where the contract would go."""
    if Path(options.file).is_dir():
        return estimate_folder(options, out)
    settings = settings_for(options)
    core = CallCore(pricing=pricing_from(settings))
    document = document_of(options.file, read_options(options))
    with extractor_from(
        settings, load_schema(options.schema), core=core, instructions=options.instructions
    ) as extractor:
        told, *plans = extractor.estimates(document)
        name, backend, host = extractor.model, told.backend, extractor.base_url
    others = list(settings.chain[1:])
    prices: JsonObject | None = None
    if name.partition(":")[0] in LISTED:
        today = datetime.fromtimestamp(core.clock.time(), UTC).date()
        prices = {"list": price_list(), "date": prices_date(today).isoformat()}
    record: JsonObject = {"model": name, "backend": backend, "host": host, "prices": prices}
    record |= {"not_estimated": others, "requests": told.requests}
    if options.json:
        record |= {row: _record(amount) for row, amount in _rows(told).items()}
        out.write_json(record | {"plans": [_plan(each) for each in (told, *plans)]})
        return OK
    to = f"would go to {host}" if host else "stays on this machine"
    out.write(f"{safe(name)} ({backend}); the contract {safe(to)}. Nothing was sent.")
    if told.windows > 1:
        out.write(f"It is too long for one request, and would be read in {told.windows} windows.")
    if told.groups > 1:
        out.write(f"The schema is too wide for one: it would be asked in {told.groups} groups.")
    if told.coverage < 1:
        out.write(f"Only passages would be read: {told.coverage:.0%} of the contract.")
    out.write(f"{'':10}{'input':>12}{'output':>12}{'tokens':>12}{'US dollars':>14}")
    for row, amount in _rows(told).items():
        cost = "unknown" if amount.cost_usd is None else f"{amount.cost_usd:.4f}"
        counts = (amount.input_tokens, amount.output_tokens, amount.total_tokens)
        out.write(f"{row:10}" + "".join(f"{count:12,}" for count in counts) + f"{cost:>14}")
    if told.low.cost_usd is None:
        out.write(no_price(name))
    if prices:
        out.write(f"Prices: {prices['list']}, newest of {prices['date']}.")
    if others:
        out.write(_of_the_first(others, race=settings.race))
    if plans:
        _write_plans((told, *plans), out)
    if told.maximum.total_tokens < told.low.total_tokens:
        out.write("The limit on tokens is too low for one request; it will be refused.")
    return OK


def _write_plans(plans: Sequence[Estimate], out: Output) -> None:
    """Write a line for each plan that there is; the first one is what `extract` would do."""
    out.write(
        f"{'plan':20}{'backend':>9}{'shown':>7}{'requests':>10}"
        f"{'low':>12}{'expected':>12}{'maximum':>12}"
    )
    for plan in plans:
        costs = (amount.cost_usd for amount in _rows(plan).values())
        shown = ("unknown" if cost is None else f"{cost:.4f}" for cost in costs)
        out.write(
            f"{plan.plan:20}{plan.backend:>9}{plan.coverage:>7.0%}{plan.requests:>10}"
            + "".join(f"{cost:>12}" for cost in shown)
        )


def _plan(told: Estimate) -> JsonObject:
    named = ("plan", "backend", "coverage", "windows", "groups", "requests")
    amounts = {row: _record(amount) for row, amount in _rows(told).items()}
    return {name: getattr(told, name) for name in named} | amounts


def _rows(told: Estimate) -> dict[str, Amount]:
    return {"low": told.low, "expected": told.expected, "maximum": told.maximum}


def _of_the_first(others: Sequence[str], *, race: bool) -> str:
    named = safe(", ".join(others))
    if race:
        return f"This is the first model alone; {safe(others[0])} would be asked at the same time."
    return f"This is the first model alone; where it can't be had, {named} would be asked."


def _record(amount: Amount) -> JsonObject:
    return asdict(amount) | {
        "cost_usd": None if amount.cost_usd is None else float(amount.cost_usd)
    }
