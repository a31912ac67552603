"""An `Extractor` as the settings want it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractor import CostLimitError
from extractor.calls.ledger.attempts import open_to_read
from extractor.config import PriceSettings, Settings
from extractor.config.settings import BudgetSettings, StoreSettings
from extractor.extracting.configured import extractor_from

ANSWER = '{"law": {"quote": "the laws of Ireland", "value": "Ireland"}}'
REPLY = {"text": ANSWER, "usage": {"input_tokens": 900, "output_tokens": 30}}


class Terms(BaseModel):
    law: str


def extract_once(folder: Path, run: str | None) -> None:
    """Spend 90 cents of a dollar, as one command does."""
    (folder / "script.json").write_text(json.dumps([REPLY]), encoding="utf-8")
    model = f"scripted:{folder / 'script.json'}"
    settings = Settings(
        model=model,
        max_attempts=1,
        budget=BudgetSettings(max_usd_per_run=Decimal(1), run=run),
        store=StoreSettings(path=folder / "calls.sqlite"),
        prices={model: PriceSettings(input=Decimal(1_000), output=Decimal(0))},
    )
    with extractor_from(settings, Terms) as extractor:
        found = extractor.extract("This Agreement is governed by the laws of Ireland.")
    assert found.cost_usd == Decimal("0.9")


def test_a_named_run_goes_on_from_command_to_command(tmp_path: Path) -> None:
    extract_once(tmp_path, "nightly")
    with pytest.raises(CostLimitError):
        extract_once(tmp_path, "nightly")
    extract_once(tmp_path, "weekly")


def test_without_a_name_each_is_a_run_of_its_own(tmp_path: Path) -> None:
    for _ in range(3):
        extract_once(tmp_path, None)
    with open_to_read(tmp_path / "calls.sqlite") as connection:
        spent = connection.execute("SELECT spent FROM totals WHERE scope = 'run'").fetchall()
    assert spent == [(900_000,)] * 3
