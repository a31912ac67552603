"""A limit that only our own bound would refuse, through Claude's SDK and over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.fault_server import Running, Terms, contract, right_answer, running
from extractor import CallCore, CostLimitError, Extraction, Extractor, SpendingLimits, SqliteLedger
from extractor.calls.ledger.attempts import open_to_read
from extractor.providers.anthropic import AnthropicProvider


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as served:
        yield served


@pytest.mark.parametrize("how", ["extract", "aextract"])
def test_claude_is_asked_for_its_own_count_and_then_for_the_answer(
    server: Running, how: str, tmp_path: Path
) -> None:
    ledger = SqliteLedger(tmp_path / "calls.sqlite")

    def extract(limit: Decimal) -> Extraction[Terms]:
        provider = AnthropicProvider(api_key="none", base_url=server.url)
        with Extractor(
            Terms,
            model="claude-opus-4-8",
            provider=provider,
            core=CallCore(ledger=ledger),
            spending=SpendingLimits(per_call=limit),
        ) as extractor:
            if how == "extract":
                return extractor.extract(contract(7))
            return asyncio.run(extractor.aextract(contract(7)))

    with pytest.raises(CostLimitError) as refused:
        extract(Decimal("0.0001"))
    assert refused.value.attempts == 0

    result = extract(refused.value.estimate - Decimal("0.002"))
    assert result.value == right_answer(7)
    assert result.attempts == 2
    ledger.close()
    with open_to_read(tmp_path / "calls.sqlite") as connection:
        rows = connection.execute(
            "SELECT technique, state FROM attempts ORDER BY started_at"
        ).fetchall()
    assert rows == [("count_tokens", "settled"), (result.backend, "settled")]
