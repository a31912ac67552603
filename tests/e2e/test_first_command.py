"""The command that the README opens with."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from extractor import read_document
from extractor.cli import main
from extractor.providers.local import LocalServer
from extractor.providers.local import server as server_module

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_the_first_command_finds_and_proves_the_ndas_main_terms(
    local_server: LocalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server_module, "_shared", {os.getpid(): local_server})
    contract = FIXTURES / "contracts" / "mutual-nda.pdf"
    gold = json.loads((FIXTURES / "gold" / "mutual-nda.json").read_text(encoding="utf-8"))["value"]

    code = main(["extract", str(contract), "--schema", "nda", "--json"])

    output = capsys.readouterr()
    record = json.loads(output.out)
    assert code == 0
    assert "Asking local:qwen2.5-coder-1.5b" in output.err
    names = [party["name"] for party in record["value"]["parties"]]
    assert names == [party["name"] for party in gold["parties"]]
    assert record["value"]["governing_law"] == gold["governing_law"]
    assert record["fields"]["governing_law"]["status"] == "found"
    text = read_document(contract).text
    for field in record["fields"].values():
        assert field["status"] in {"found", "unverified", "absent"}
        for evidence in field["evidence"] if field["status"] == "found" else ():
            if evidence["status"] == "exact":
                assert text[evidence["start"] : evidence["end"]] == evidence["quote"].strip()
