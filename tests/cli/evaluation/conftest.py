"""Labelled contracts, a server that answers about them, and the command that evaluates it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.fault_server import Plan, Running, contract, right_answer

COUNT = 6
WRONG = 3
"""The contract whose gold says something else than its text."""


@pytest.fixture
def data(at_the_server: Path) -> Path:
    folder = at_the_server / "ndas"
    folder.mkdir()
    lines: list[str] = []
    for number in range(1, COUNT + 1):
        gold = right_answer(number).model_dump(mode="json")
        if number == WRONG:
            gold["notice_days"] += 1
        text = contract(number)
        lines.append(
            json.dumps(
                {
                    "doc_id": f"c{number}",
                    "text": text,
                    "gold": gold,
                    "gold_status": {
                        name: "absent" if value is None else "value" for name, value in gold.items()
                    },
                    "source": "even" if number % 2 == 0 else "odd",
                }
            )
        )
    (folder / "contracts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def command(server: Running, data: Path) -> list[str]:
    server.begin(Plan())
    return [
        *("eval", str(data), "--schema", "benchmarks.fault_server:Terms", "--out", "out"),
        *("--model", "compatible:m", "--base-url", server.openai_url, "--techniques", "json"),
    ]


def sent(server: Running) -> int:
    return sum(seen.posts for seen in server.truth().documents.values())
