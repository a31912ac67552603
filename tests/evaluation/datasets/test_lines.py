"""Our own lines: read as they stand, and told by their number where they are broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor import DocumentError
from extractor.evaluation.datasets import GoldSpan
from extractor.evaluation.datasets.lines import read_lines


def written(folder: Path, *lines: str) -> Path:
    path = folder / "contracts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def line(doc_id: str, **said: Any) -> str:
    return json.dumps({"doc_id": doc_id, "gold": {}, "gold_status": {}} | said)


def test_a_line_may_name_its_file_and_split_in_either_way(tmp_path: Path) -> None:
    spans = {"term": [{"text": "two years", "start": 3, "end": 12}, {"text": "2 years"}]}
    path = written(
        tmp_path,
        line("a", pdf="pdf/a.pdf", source_split="test", evidence=spans, url="https://x.example"),
        "",
        line("b", file="b.txt", split="train"),
    )
    first, second = read_lines(path)
    assert (first.file, first.split) == ("pdf/a.pdf", "test")
    assert first.evidence["term"] == [
        GoldSpan(text="two years", start=3, end=12),
        GoldSpan(text="2 years"),
    ]
    assert (second.file, second.split, second.text) == ("b.txt", "train", None)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("{", "line 3: Invalid JSON"),
        ("[]", "line 3: Input should be an object"),
        ('{"gold": {}, "gold_status": {}}', "line 3: doc_id: Field required"),
        (line("b", gold={"a": 1}, gold_status={"a": "certain"}), r"line 3: gold_status\.a: "),
        (line("b", gold_status={"a": "absent"}), "line 3: .*gold has no a"),
        (line("b", gold={"a": None}, gold_status={"a": "value"}), "line 3: .*says otherwise"),
        (line("b", gold={"a": 1}, gold_status={"a": "absent"}), "line 3: .*says otherwise"),
        (
            line("b", text="ab", evidence={"a": [{"text": "b", "start": 1, "end": 9}]}),
            "line 3: .*outside the text",
        ),
    ],
)
def test_a_broken_line_is_told_by_its_number(broken: str, told: str, tmp_path: Path) -> None:
    documents = read_lines(written(tmp_path, line("a"), "", broken))
    assert next(documents).doc_id == "a"
    with pytest.raises(DocumentError, match=told):
        next(documents)


def test_a_label_that_is_not_scored_may_be_left_out(tmp_path: Path) -> None:
    (found,) = read_lines(written(tmp_path, line("a", gold_status={"term": "absent_soft"})))
    assert found.gold_status == {"term": "absent_soft"}


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "contracts.jsonl"
    path.write_bytes("Müller".encode("latin-1"))
    with pytest.raises(DocumentError, match="no text in UTF-8"):
        list(read_lines(path))
