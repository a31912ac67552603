"""Ratios to the plain SDK, and the bounds that they are held against."""

from __future__ import annotations

import pytest

from benchmarks.regression import BOUNDS, ratios
from extractor.types import JsonObject


def row(system: str, taken: float) -> JsonObject:
    return {"system": system, "cpu_ms_per_doc": taken}


def test_a_ratio_is_of_medians_and_good_up_to_its_bound() -> None:
    bound = BOUNDS["cpu"]["ours"]
    rows = [row("openai", 2.0), row("openai", 2.0), row("openai", 90.0)]
    rows += [row("ours", 2.0 * bound), row("ours_no_evidence", 99.0)]
    ours, none = ratios("cpu", rows)
    assert (ours.system, ours.value, ours.is_good) == ("ours", bound, True)
    assert not none.is_good
    assert "TOO MUCH" in str(none)
    assert "TOO MUCH" not in str(ours)


def test_a_run_that_failed_is_no_ratio() -> None:
    with pytest.raises(RuntimeError, match="It did not start"):
        list(ratios("cpu", [{"system": "ours", "error": "It did not start."}]))
