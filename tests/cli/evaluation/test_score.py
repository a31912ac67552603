"""`extractor eval score`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main

GOLD = {
    "doc_id": "a",
    "gold": {"term": "P1Y", "audit": True, "fee": None},
    "gold_status": {"term": "value", "audit": "value", "fee": "absent"},
    "evidence": {"term": [{"text": "one year", "start": 10, "end": 18}]},
    "text": "The term: one year. An audit is allowed.",
}


@pytest.fixture
def data(folder: Path) -> Path:
    lines = [GOLD, GOLD | {"doc_id": "b"}, GOLD | {"doc_id": "c"}]
    (folder / "contracts.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    predictions: list[dict[str, Any]] = [
        {
            "doc_id": "a",
            "fields": {"term": "P12M", "audit": True},
            "evidence": {"term": ["one year"]},
        },
        {"doc_id": "b", "fields": {"term": "P2Y", "audit": False, "fee": 3}},
        {"doc_id": "z", "fields": {}},
    ]
    (folder / "p.jsonl").write_text("\n".join(map(json.dumps, predictions)), encoding="utf-8")
    return folder


def test_json_has_the_whole_with_intervals_and_a_row_for_each_field(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "score", str(data), "p.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["documents"] == 3
    assert told["macro_f1"] == pytest.approx(2 * 1 / (2 + 3) / 1)
    assert told["intervals"]["macro_f1"][0] <= told["macro_f1"] <= told["intervals"]["macro_f1"][1]
    rows = {row["field"]: row for row in told["fields"]}
    assert set(rows) == {"term", "audit", "fee"}
    assert (rows["term"]["right"], rows["term"]["given"], rows["term"]["gold"]) == (1, 2, 3)
    assert rows["audit"]["recall"] == pytest.approx(1 / 3)
    assert rows["fee"]["hallucination_rate"] == pytest.approx(1 / 2)  # of those with an answer
    assert told["evidence"]["recall"] == pytest.approx(1 / 3)
    assert told["evidence"]["found_rate"] == 1.0
    assert (told["missing"], told["unknown"]) == (["c"], ["z"])
    assert told["strict_accuracy"] == pytest.approx(1 / 3)


def test_where_only_choices_are_labelled_there_is_no_f1_of_values(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = {"doc_id": "a", "gold": {"x": "entailment"}, "gold_status": {"x": "value"}}
    (folder / "contracts.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    right = {"doc_id": "a", "fields": gold["gold"]}
    (folder / "p.jsonl").write_text(json.dumps(right), encoding="utf-8")
    assert main(["eval", "score", str(folder), "p.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["macro_f1"], told["choice_f1"]) == (None, 1.0)
    assert told["intervals"] == {"choice_f1": [1.0, 1.0]}


GATE = 'baseline = "{}"\n[max_regression]\nmacro_f1 = 0.0\n'


@pytest.mark.parametrize("lines", [["a"], ["x"]])
def test_a_baseline_that_lacks_documents_is_none(
    lines: list[str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = [json.dumps({"doc_id": name, "fields": {}}) for name in lines]
    (data / "base.jsonl").write_text("\n".join(base), encoding="utf-8")
    (data / "gate.toml").write_text(GATE.format("base.jsonl"), encoding="utf-8")
    assert main(["eval", "score", str(data), "p.jsonl", "--gate", str(data / "gate.toml")]) == 3
    assert "has no result for" in capsys.readouterr().err


def test_a_gate_is_never_lowered_and_says_that_it_holds(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "gate.toml").write_text("[min]\nmacro_f1 = 0.99\n", encoding="utf-8")
    command = ["eval", "score", str(data), "p.jsonl"]
    gated = [*command, "--gate", str(data / "gate.toml")]
    assert main([*gated, "--fail-under", "0.1"]) == 7
    capsys.readouterr()
    assert main([*command, "--fail-under", "0.1"]) == 0
    assert "The gate holds, in all of 1 checks." in capsys.readouterr().err


@pytest.mark.parametrize("share", ["nan", "inf", "-1", "80", "x"])
def test_a_share_is_from_nought_to_one(share: str, data: Path) -> None:
    assert main(["eval", "score", str(data), "p.jsonl", f"--fail-under={share}"]) == 2


def test_a_file_without_predictions_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "none.jsonl").write_text("\n", encoding="utf-8")
    assert main(["eval", "score", str(data), "none.jsonl"]) == 4
    assert "has no predictions" in capsys.readouterr().err


def test_predictions_of_other_documents_are_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "q.jsonl").write_text('{"doc_id": "dir/a.pdf", "fields": {}}', encoding="utf-8")
    assert main(["eval", "score", str(data), "q.jsonl"]) == 4
    err = capsys.readouterr().err
    assert "it has 'a', 'b', 'c', and they are of 'dir/a.pdf'" in err


def test_documents_without_a_prediction_are_named(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "score", str(data), "p.jsonl"]) == 0
    assert "1 has no prediction, which counts as omitted: c\n" in capsys.readouterr().out


def test_people_get_a_table(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "score", str(data), "p.jsonl", "--limit", "2"]) == 0
    out = capsys.readouterr().out
    assert "2 documents, every scored field right in 50.0% of them" in out
    assert "macro-F1 0.500 (95 %: " in out
    assert "1 prediction is of no document that it has: z" in out


def test_what_is_no_data_set_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "score", "nowhere", "p.jsonl"]) == 4
    assert "no data set" in capsys.readouterr().err
    assert not (folder / "nowhere").exists()


def test_the_results_of_a_run_are_predictions(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "terms.py").write_text(
        "from pydantic import BaseModel\nclass T(BaseModel):\n    term: str | None = None\n",
        encoding="utf-8",
    )
    docs = data / "docs"
    docs.mkdir()
    for name in "ab":
        (docs / f"{name}.txt").write_text(f"{name}. {GOLD['text']}", encoding="utf-8")
    reply = json.dumps({"term": {"quote": "The term: one year", "value": "P1Y"}})
    (data / "r.json").write_text(json.dumps([reply, reply]), encoding="utf-8")
    asked = ["run", "docs", "--schema", "terms.py:T", "--model", "scripted:r.json", "--out", "out"]
    assert main([*asked, "--unverified", "keep", "--no-second-look"]) == 0
    capsys.readouterr()
    assert main(["eval", "score", str(data), "out", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {row["field"]: row for row in told["fields"]}
    assert (rows["term"]["right"], rows["term"]["gold"]) == (2, 3)
    assert told["evidence"]["recall"] == pytest.approx(2 / 3)
    assert told["missing"] == ["c"]
