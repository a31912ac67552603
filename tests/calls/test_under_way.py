"""Whoever lacks money waits for those who have set it aside, on whatever thread they are."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from extractor import CallCore, Extractor, ModelRequest, ScriptedProvider, SpendingLimits
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.metering.pricing import Price, Pricing
from extractor.calls.under_way import UnderWay
from extractor.types import ModelResponse, Usage


class Lease(BaseModel):
    tenant: str


class Slow(ScriptedProvider):
    """Answers after a moment, in which others come."""

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        time.sleep(0.02)
        return ModelResponse('{"tenant": "Brightwater Books Inc."}', Usage(10, 10), model="m")


def test_threads_share_a_budget_that_has_room_for_one_call(tmp_path: Path) -> None:
    core = CallCore(
        ledger=SqliteLedger(tmp_path / "calls.sqlite"),
        pricing=Pricing({"scripted:*": Price(Decimal(1), Decimal(1))}),
    )
    extractor = Extractor(
        Lease,
        model="scripted:x",
        provider=Slow([]),
        evidence="none",
        core=core,
        spending=SpendingLimits(per_run="0.02"),
    )
    with ThreadPoolExecutor(16) as threads:
        done = list(threads.map(extractor.extract, ["Unit 4 is let."] * 16))
    assert {one.value.tenant for one in done} == {"Brightwater Books Inc."}
    assert core.under_way.next_end() is None


def test_a_stay_begins_and_ends_once() -> None:
    under_way = UnderWay()
    stay = under_way.stay()
    stay.begin()
    stay.begin()
    ended = under_way.next_end()
    stay.end()
    stay.end()
    assert ended is not None
    assert ended.is_set
    assert under_way.next_end() is None


def test_a_stay_that_was_ended_before_does_not_begin() -> None:
    under_way = UnderWay()
    stay = under_way.stay()
    stay.end()
    stay.begin()
    assert under_way.next_end() is None
