"""The trial of gold values, on values of our own and on those of a data set, if there is one."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gold_values
from extractor.schemas import NDA, Cuad

DATA = os.environ.get("EXTRACTOR_CONTRACTS")


CASES: list[tuple[str, Any, bool]] = [
    ("agreement_date", "2015-XX-XX", True),
    ("agreement_date", "2015", False),
    ("expiration_date", "perpetual", True),
    ("renewal_notice_period", "P30D", True),
    ("renewal_notice_period", "30 days", False),
    ("non_compete", True, True),
    ("governing_law", [{"name": "Ontario, Canada", "code": "CA-ON"}], True),
    ("governing_law", [{"name": "Georgia", "code": "US-GA"}], False),
    ("parties", [{"name": "Acme Inc", "aliases": [], "in_text": None}], True),
    ("parties", [{"name": "__", "aliases": [], "in_text": "____"}], True),
]


@pytest.mark.parametrize(("field", "gold", "passes"), CASES)
def test_a_value_goes_through_where_its_type_gives_it_back(
    field: str, gold: Any, *, passes: bool
) -> None:
    assert gold_values.round_trips(Cuad, field, gold) is passes


def test_a_schema_with_one_law_takes_the_name_alone() -> None:
    assert gold_values.round_trips(NDA, "governing_law", [{"name": "Israel", "code": "IL"}])


@pytest.mark.parametrize(
    ("scorer", "gold", "raw", "outcome"),
    [
        ("partial_date", "2017-03-27", "3/27/17", "ambiguous"),
        ("partial_date", "2017-03-27", "March 27, 2017", "read"),
        ("partial_date", "2017-03-28", "March 27, 2017", "failed"),
        ("duration", "P30D", "30 days", "read"),
        ("duration", "P2Y", ["2 years"], "read"),
        ("boolean", True, "Yes", None),
        ("duration", "P30D", None, None),
    ],
)
def test_a_label_is_read_as_gold_or_as_one_of_several(
    scorer: str, gold: Any, raw: Any, outcome: str | None
) -> None:
    assert gold_values.read_raw(scorer, gold, raw) == outcome


def test_a_value_that_does_not_go_through_is_named_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"doc_id": "one", "source": "kleister-nda", "gold": {"term": "2 years", "parties": None}}
    row |= {"gold_status": {"term": "value", "parties": "absent"}, "gold_raw": {"term": None}}
    (tmp_path / "contracts.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["gold_values", str(tmp_path)])
    assert gold_values.main() == 1
    assert "not through: one term" in capsys.readouterr().out


@pytest.mark.skipif(DATA is None, reason="EXTRACTOR_CONTRACTS names no folder of contracts")
def test_every_gold_value_goes_through_its_type() -> None:
    tried = [*gold_values.values(Path(DATA or ""))]
    assert tried
    failed = [
        (d, f) for d, schema, f, gold, _ in tried if not gold_values.round_trips(schema, f, gold)
    ]
    assert failed == []
