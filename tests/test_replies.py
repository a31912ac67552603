"""The scripted replies of the fixtures: flawless ones, in both notations."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from extractor import ScriptedProvider, extract
from extractor.plugins import load_schema

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(path.stem for path in (FIXTURES / "gold").glob("*.json"))


def test_the_builder_makes_the_committed_replies(tmp_path: Path) -> None:
    runpy.run_path(str(FIXTURES / "replies" / "build.py"))["main"](tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(f"{name}.{suffix}" for name in NAMES for suffix in ("txt", "xml"))
    for name in names:
        committed = (FIXTURES / "replies" / name).read_text(encoding="utf-8")
        assert (tmp_path / name).read_text(encoding="utf-8") == committed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("backend", "suffix"), [("strict", "txt"), ("xml", "xml")])
def test_a_flawless_reply_gives_the_gold_with_every_value_proved(
    name: str, backend: str, suffix: str
) -> None:
    gold: dict[str, Any] = json.loads((FIXTURES / "gold" / f"{name}.json").read_text("utf-8"))
    result = extract(
        FIXTURES / "contracts" / f"{name}.pdf",
        load_schema(gold["schema"]),
        provider=ScriptedProvider.from_file(FIXTURES / "replies" / f"{name}.{suffix}"),
        backend=backend,
    )
    derived = gold.get("derived", {})
    assert result.value.model_dump(mode="json") == gold["value"] | derived
    assert {p for p, field in result.fields.items() if field.status == "derived"} == {*derived}
    assert result.attempts == 1
    doubtful = {
        path: field.note for path, field in result.fields.items() if field.status == "unverified"
    }
    assert doubtful == {}
    assert {path for path, field in result.fields.items() if field.status == "found"} == {
        *gold["evidence"]
    }
