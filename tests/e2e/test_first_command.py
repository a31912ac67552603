"""The command that the README opens with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import get_args

import pytest

from extractor import read_document
from extractor.cli import main
from extractor.providers.local import LocalServer
from extractor.providers.local import server as server_module
from extractor.schemas.nda import NDA
from extractor.types import FieldStatus

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_the_first_command_gives_an_nda_with_proved_values(
    local_server: LocalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server_module, "_shared", {os.getpid(): local_server})
    contract = FIXTURES / "contracts" / "mutual-nda.pdf"

    code = main(["extract", str(contract), "--schema", "nda", "--json"])

    output = capsys.readouterr()
    record = json.loads(output.out)
    assert code == 0
    assert "Asking local:qwen2.5-coder-1.5b" in output.err
    assert NDA.model_validate(record["value"]).parties
    assert "found" in {field["status"] for field in record["fields"].values()}
    text = read_document(contract).text
    for field in record["fields"].values():
        assert field["status"] in get_args(FieldStatus)
        for evidence in field["evidence"] if field["status"] == "found" else ():
            if evidence["status"] == "exact":
                assert text[evidence["start"] : evidence["end"]] == evidence["quote"].strip()
