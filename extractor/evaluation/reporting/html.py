"""The report as one HTML file: no scripts, nothing fetched, all words escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor.evaluation.gate import Check
from extractor.evaluation.intervals import FEWEST
from extractor.evaluation.reporting.record import evaluation_told, results_record
from extractor.evaluation.runs.results import CellResult, Results
from extractor.outputs.html import html_template
from extractor.types import JsonObject

_REPORT = Path(__file__).with_name("report.html.jinja")

_MOST = 500
"""Mistakes of a combination that are shown: a browser opens a file of so many at once."""

_LEFT, _RIGHT, _LOW, _HIGH = 60.0, 540.0, 250.0, 20.0
"""The plot's edges, in its own units."""


def html_report(results: Results, checks: Sequence[Check] = ()) -> str:
    """Return the report, with what a gate says; `results` were read with their mistakes."""
    record = results_record(results)
    cells = [
        told | _mistakes(cell) | {"tokens": _tokens(told)}
        for told, cell in zip(record["cells"], results.cells, strict=True)
    ]
    return html_template(_REPORT).render(
        results=results,
        told=evaluation_told(results),
        checks=checks,
        cells=cells,
        comparisons=record["comparisons"],
        plot=_plot(cells) if len(cells) > 1 and "macro_f1" in cells[0]["intervals"] else None,
        manifest=json.dumps(record["manifest"], indent=2, ensure_ascii=False),
        most=_MOST,
        fewest=FEWEST,
    )


def _mistakes(cell: CellResult) -> JsonObject:
    """Return the first mistakes by field, and how many there are more."""
    shown = cell.mistakes[:_MOST]
    by_field: dict[str, list[Any]] = {}
    for each in shown:
        by_field.setdefault(each.field, []).append(each)
    return {
        "mistakes": by_field,
        "left_out": len(cell.mistakes) - len(shown),
        "replies": {each.doc_id: cell.replies.get(each.doc_id, ()) for each in shown},
    }


def _tokens(told: JsonObject) -> float:
    usage, documents = told["run"]["usage"], told["run"]["documents"]
    return float(sum(usage.values()) / max(1, documents))


def _plot(cells: Sequence[JsonObject]) -> JsonObject:
    """Return the points of quality against cost, or against tokens where nothing has a price."""
    costs = [cell["run"]["cost_per_document_usd"] for cell in cells]
    has_prices = all(cost is not None for cost in costs) and any(costs)
    amounts = costs if has_prices else [cell["tokens"] for cell in cells]
    most = max(amounts) * 1.15 or 1.0
    form = "{:.4f}" if has_prices else "{:,.0f}"
    places = [_LEFT + (_RIGHT - _LEFT) * amount / most for amount in amounts]
    points = [_point(cell, x) for cell, x in zip(cells, places, strict=True)]
    _spread_labels(points)
    return {
        "axis": "US dollars a document" if has_prices else "tokens a document",
        "ticks": [
            {"x": _LEFT + (_RIGHT - _LEFT) * share, "label": form.format(most * share)}
            for share in (0, 0.5, 1)
        ],
        "points": points,
    }


def _point(cell: Mapping[str, Any], x: float) -> dict[str, Any]:
    low, high = cell["intervals"]["macro_f1"]
    is_left = x < (_LEFT + _RIGHT) / 2
    return {
        "name": cell["name"],
        "x": round(x, 1),
        "y": _height(cell["macro_f1"]),
        "low": _height(low),
        "high": _height(high),
        "aside": 10 if is_left else -10,
        "anchor": "start" if is_left else "end",
    }


def _spread_labels(points: Sequence[dict[str, Any]]) -> None:
    """Keep names apart from each other, each near its point."""
    at = _LOW
    for point in sorted(points, key=lambda point: point["y"], reverse=True):
        at = min(at - 14, point["y"] + 4)
        point["label_y"] = round(at, 1)


def _height(score: float) -> float:
    return round(_LOW - (_LOW - _HIGH) * score, 1)
