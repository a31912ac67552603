"""Rows as a table in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.peers.measures import MEASURES
from benchmarks.peers.systems import PLAIN
from extractor.types import JsonObject


def table(measure: str, rows: Sequence[JsonObject]) -> str:
    """Show the median of each system's rounds; `x` is the ratio to the plain SDK."""
    plan = MEASURES[measure]
    systems = list(dict.fromkeys(row["system"] for row in rows))
    plain = _median(rows, PLAIN, plan.compared)
    lines = [
        f"{measure}: {plan.about}; x is {plan.compared} against {PLAIN}",
        "",
        f"| system | version | documents | x | {' | '.join(plan.columns)} |",
        "|---" * (len(plan.columns) + 4) + "|",
    ]
    for system in systems:
        mine = _median(rows, system, plan.compared)
        ratio = f"{mine / plain:.2f}" if mine is not None and plain else "-"
        shown = [_shown(_median(rows, system, column)) for column in plan.columns]
        count = _shown(_median(rows, system, "documents"))
        version = next((row["version"] for row in rows if _is_of(row, system)), "-")
        lines.append(f"| {' | '.join((system, version, count, ratio, *shown))} |")
    return "\n".join(lines)


def _median(rows: Sequence[JsonObject], system: str, column: str) -> float | None:
    found = [row[column] for row in rows if row["system"] == system and column in row]
    return statistics.median(found) if found else None


def _is_of(row: JsonObject, system: str) -> bool:
    return row["system"] == system and "version" in row


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.10g}"
