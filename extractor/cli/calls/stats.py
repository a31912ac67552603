"""`extractor stats`: what calls took and cost."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from extractor.calls.ledger.attempts import calendar_of, open_to_read
from extractor.calls.ledger.stats import CallStats, call_stats
from extractor.calls.log import usd
from extractor.calls.records import MICRO
from extractor.cli.exits import OK
from extractor.cli.settings import store_for
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.types import JsonObject

_COLUMNS = (
    *("calls", "docs", "retries", "in", "out", "tokens/call", "p50 s", "p95 s", "p99 s"),
    *("errors", "spent", "unknown"),
)


def run(options: argparse.Namespace, out: Output) -> int:
    """Print one line for each key, and one for all calls together."""
    with open_to_read(store_for(options)) as ledger:
        since = calendar_of(ledger).read(options.since) if options.since else None
        total = call_stats(ledger, since=since)
        groups = call_stats(ledger, options.by, since=since) if options.by else []
    if options.json:
        out.write_json(
            {
                "by": options.by,
                "since": since,
                "total": _facts(total[0]) if total else None,
                "groups": [{"key": group.key, **_facts(group)} for group in groups],
            }
        )
        return OK
    if not total:
        out.write("No calls.")
        return OK
    rows: list[tuple[str, ...]] = [(group.key or "(none)", *_cells(group)) for group in groups]
    rows.append(("all", *_cells(total[0])))
    out.write(table((options.by or "", *_COLUMNS), rows, out, texts=1))
    for kind, count in total[0].errors.items():
        out.write(f"{count:,} of {total[0].calls:,} calls ended with {kind}.")
    if total[0].unknown:
        out.write(
            f"Of {total[0].unknown:,} the cost is not known; ${total[0].reserved / MICRO:,.4f} are "
            "set aside for them until `extractor reconcile` says what it was."
        )
    return OK


def _facts(stats: CallStats) -> JsonObject:
    return {
        "calls": stats.calls,
        "extractions": stats.extractions,
        "retries": stats.retries,
        "usage": asdict(stats.usage),
        "tokens_per_call": stats.tokens_per_call,
        "latency": {f"p{percent}": seconds for percent, seconds in stats.latency.items()},
        "errors": dict(stats.errors),
        "error_rate": stats.error_rate,
        "cost_usd": usd(stats.cost),
        "unknown": stats.unknown,
        "unknown_reserved_usd": usd(stats.reserved),
    }


def _cells(stats: CallStats) -> tuple[str, ...]:
    per_call = stats.tokens_per_call
    return (
        *(f"{count:,}" for count in (stats.calls, stats.extractions, stats.retries)),
        *(f"{count:,}" for count in (stats.usage.input_tokens, stats.usage.output_tokens)),
        "" if per_call is None else f"{per_call:,.0f}",
        *(f"{stats.latency[p]:.2f}" if p in stats.latency else "" for p in (50, 95, 99)),
        f"{stats.error_rate:.1%}",
        f"${stats.cost / MICRO:,.4f}",
        f"{stats.unknown:,}",
    )
