"""`extractor compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main


@pytest.fixture
def data(folder: Path) -> Path:
    gold = [
        {
            "doc_id": str(n),
            "gold": {"term": "P1Y", "audit": n % 2 == 0},
            "gold_status": {"term": "value", "audit": "value"},
        }
        for n in range(40)
    ]
    (folder / "contracts.jsonl").write_text("\n".join(map(json.dumps, gold)), encoding="utf-8")
    for name, right in (("bad", 12), ("good", 36)):
        rows = [
            {
                "doc_id": str(n),
                "fields": {"term": "P1Y" if n < right else "P9Y", "audit": n % 2 == 0},
            }
            for n in range(40)
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_the_better_one_is_named_field_by_field(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(data), "bad.jsonl", "good.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["macro_f1"]["difference"] == pytest.approx(0.6)
    low, high = told["macro_f1"]["interval"]
    assert low < 0.6 < high
    assert told["macro_f1"]["is_significant"]
    fields = {row["field"]: row for row in told["fields"]}
    assert fields["term"]["f1"] == pytest.approx([0.3, 0.9])
    assert fields["term"]["is_significant"]
    assert fields["audit"]["difference"] == 0.0
    assert not fields["audit"]["is_significant"]
    assert told["strict"] == {"only_first": 0, "only_second": 24, "p_value": pytest.approx(2**-23)}


def test_no_difference_is_said_in_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(data), "good.jsonl", "good.jsonl"]) == 0
    out = capsys.readouterr().out
    assert "macro-F1 +0.000 (95 %: +0.000 to +0.000, p = 1.000): no significant difference" in out
    assert "In no field is there a significant difference." in out
