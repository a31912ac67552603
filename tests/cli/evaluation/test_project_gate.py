"""The gate of this project's own prompts: recorded replies of the embedded model, no request.

`docs/evaluation.md` has the command that records them anew, which a change of prompts asks for.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main
from extractor.cli.exits import CONFIGURATION, GATE, OK

FIXTURES = Path(__file__).parents[3] / "fixtures" / "evaluation"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "calls.sqlite"))
    replies = tmp_path / "replies.sqlite"
    shutil.copy(FIXTURES / "replies.sqlite", replies)
    return [
        *("eval", str(FIXTURES), "--schema", f"{FIXTURES / 'terms.py'}:Terms"),
        *("--model", "local:default", "--techniques", "strict"),
        *("--cache", "replay", "--replies", str(replies)),
        *("--gate", str(FIXTURES / "gate.toml"), "--json"),
    ]


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_packages_own_prompts_pass_without_a_request(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == OK
    found = told(capsys)
    assert found["documents"] == 6
    assert found["run"]["failed"] == {}
    assert all(check["is_met"] for check in found["gate"])


def test_prompts_that_were_made_worse_on_purpose_fail(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--prompts", str(FIXTURES / "worse")]) == GATE
    found = told(capsys)
    assert found["run"]["failed"] == {}
    assert not all(check["is_met"] for check in found["gate"])


def test_prompts_of_which_nothing_is_recorded_are_not_judged(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "rules.jinja").write_text("Rules: none.", encoding="utf-8")
    assert main([*command, "--prompts", str(other)]) == CONFIGURATION
    assert told(capsys)["error"]["type"] == "CacheMissError"
