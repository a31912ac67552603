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


def test_what_one_side_lacks_and_nobody_labelled_is_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (data / "good.jsonl").read_text(encoding="utf-8").splitlines()[:5]
    lines[0] = lines[0].replace('"audit"', '"adit"')
    (data / "part.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main(["compare", str(data), "part.jsonl", "good.jsonl"]) == 0
    told = capsys.readouterr().out
    assert "the first has nothing about 35 documents" in told
    assert "without a label, and not scored: adit" in told


def test_a_clause_is_told_by_the_documents_in_which_one_alone_is_right(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eager = [{"doc_id": str(n), "fields": {"term": "P1Y", "audit": True}} for n in range(40)]
    (data / "eager.jsonl").write_text("\n".join(map(json.dumps, eager)), encoding="utf-8")
    assert main(["compare", str(data), "eager.jsonl", "good.jsonl", "--json"]) == 0
    fields = {row["field"]: row for row in json.loads(capsys.readouterr().out)["fields"]}
    assert fields["audit"]["right_alone"] == [0, 20]
    assert fields["audit"]["p_value"] == pytest.approx(2**-19)
    assert fields["audit"]["p_value_adjusted"] >= fields["audit"]["p_value"]
    assert fields["term"]["right_alone"] is None
    assert main(["compare", str(data), "eager.jsonl", "good.jsonl"]) == 0
    assert "audit (the first alone is right in 0, the second in 20)" in capsys.readouterr().out


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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (1, "it comes from 1 document, and so few would not show one"),
        (5, "it comes from 5 documents, and so few would not show one"),
    ],
)
def test_few_documents_that_differ_are_not_said_to_show_what_they_can_t(
    wrong: int, told: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, count in (("all", 0), ("worse", wrong)):
        rows = [
            {"doc_id": str(n), "fields": {"term": "P9Y" if n < count else "P1Y"}} for n in range(40)
        ]
        (data / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["compare", str(data), "all.jsonl", "worse.jsonl"]) == 0
    out = capsys.readouterr().out
    assert f"no significant difference; {told}" in out
    assert "would show in 80 of 100 cases" not in out
    assert main(["compare", str(data), "all.jsonl", "worse.jsonl", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)["macro_f1"]
    assert (whole["differing"], whole["detectable"], whole["is_significant"]) == (
        wrong,
        None,
        False,
    )


def test_what_would_show_is_told_where_enough_documents_differ(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, wrong in (("one", range(8)), ("other", range(6, 13))):
        rows = [
            {"doc_id": str(n), "fields": {"term": "P9Y" if n in wrong else "P1Y"}}
            for n in range(40)
        ]
        (data / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["compare", str(data), "one.jsonl", "other.jsonl"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (whole,) = [line for line in lines if line.startswith("macro-F1")]
    assert "with so many documents one of 0." in whole
    assert "comes from" not in whole
