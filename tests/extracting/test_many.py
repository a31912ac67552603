"""Many contracts: an outcome for each, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from extractor import (
    CallCore,
    ConfigurationError,
    Extractor,
    Failed,
    InternalError,
    ModelRequest,
    Ok,
    Price,
    Pricing,
    RateLimiter,
    RateLimitError,
    RetryPolicy,
    ScriptedProvider,
    SpendingLimits,
    SqliteReplyCache,
    aextract_many,
    extract_many,
)
from extractor.extracting.extractor import Source
from extractor.extracting.outcomes import Outcome
from tests.services_agreement import CONTRACT, GOOD, TERMS, Terms, script

FIXTURES = Path(__file__).parents[2] / "fixtures"


def always() -> ScriptedProvider:
    return script(*repeat(GOOD, 200))


def kinds(outcomes: list[Outcome[Terms]]) -> Counter[str]:
    return Counter("ok" if isinstance(each, Ok) else type(each.error).__name__ for each in outcomes)


def test_each_document_has_an_outcome_with_its_place() -> None:
    documents = [f"{CONTRACT}\nNumber {number}." for number in range(30)]
    outcomes = list(extract_many(documents, Terms, provider=always(), concurrency=4))
    assert sorted(each.position for each in outcomes) == list(range(30))
    for each in outcomes:
        assert isinstance(each, Ok)
        assert each.source == "<text>"
        assert each.extraction.value == TERMS


def test_one_bad_document_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    documents: list[Source] = [
        CONTRACT,
        tmp_path / "broken.pdf",
        tmp_path / "missing.pdf",
        CONTRACT,
    ]
    outcomes = list(extract_many(documents, Terms, provider=always()))
    assert kinds(outcomes) == {"ok": 2, "UnreadableDocumentError": 1, "DocumentError": 1}
    failed = {each.position: each for each in outcomes if isinstance(each, Failed)}
    assert failed[1].source.endswith("broken.pdf")
    assert failed[2].error.attempts == 0


def test_what_nobody_expects_is_a_failure_with_its_cause() -> None:
    def faulty(_: ModelRequest) -> str:
        raise ZeroDivisionError("in a provider of somebody's own")

    (outcome,) = extract_many([CONTRACT], Terms, provider=ScriptedProvider([faulty]))
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, InternalError)
    assert isinstance(outcome.error.__cause__, ZeroDivisionError)
    assert "__cause__" in str(outcome.error.hint)


def test_three_hundred_and_twelve_rate_limits_are_three_hundred_and_twelve_failures() -> None:
    def refused(_: ModelRequest) -> str:
        raise RateLimitError("Too many requests", status=429)

    provider = ScriptedProvider(repeat(refused))
    outcomes = list(
        extract_many(
            [f"{CONTRACT}\n{number}" for number in range(312)],
            Terms,
            provider=provider,
            retry=RetryPolicy(attempts=1, outage=0),
            core=CallCore(limiter=RateLimiter(longest_pause=0.001)),
            concurrency=16,
        )
    )
    assert set(kinds(outcomes)) <= {"RateLimitError", "OutageError"}


def test_a_budget_holds_for_all_of_them_together() -> None:
    core = CallCore(pricing=Pricing({"scripted:m": Price(Decimal(100), Decimal(1))}))
    options: Any = {"provider": always(), "model": "m", "core": core}
    limit = Decimal(2)
    spending = SpendingLimits(per_run=limit)
    outcomes = list(extract_many([CONTRACT] * 190, Terms, spending=spending, **options))
    assert set(kinds(outcomes)) == {"ok", "CostLimitError"}
    assert sum(o.extraction.cost_usd or 0 for o in outcomes if isinstance(o, Ok)) <= limit


async def test_documents_may_come_asynchronously() -> None:
    async def documents() -> AsyncGenerator[Source]:
        for number in range(6):
            await asyncio.sleep(0)
            yield f"{CONTRACT}\nNumber {number}."

    outcomes = [each async for each in aextract_many(documents(), Terms, provider=always())]
    assert kinds(outcomes) == {"ok": 6}


async def test_documents_that_break_off_lose_nothing_that_was_begun() -> None:
    async def documents() -> AsyncGenerator[Source]:
        for number in range(3):
            yield f"{CONTRACT}\nNumber {number}."
        raise PermissionError("the share went away")

    provider, outcomes = always(), list[Outcome[Terms]]()

    async def extract() -> None:
        async for each in aextract_many(documents(), Terms, provider=provider):
            outcomes.append(each)

    with pytest.raises(PermissionError, match="went away"):
        await extract()
    assert kinds(outcomes) == {"ok": len(provider.requests)} == {"ok": 3}


def test_an_endless_source_is_read_no_further_than_needed() -> None:
    taken = 0

    def documents() -> Iterator[Source]:
        nonlocal taken
        while True:
            taken += 1
            yield CONTRACT

    with Extractor(Terms, provider=always()) as extractor:
        outcomes = extractor.extract_many(documents(), concurrency=3)
        for _ in range(10):
            assert isinstance(next(outcomes), Ok)
        outcomes.close()
    assert 10 <= taken <= 10 + 2 * 3


@pytest.mark.parametrize("concurrency", [0, -1, True, 2.5])
def test_a_concurrency_that_is_none_is_refused(concurrency: int) -> None:
    with pytest.raises(ConfigurationError, match="concurrency"):
        list(extract_many([CONTRACT], Terms, provider=always(), concurrency=concurrency))


def test_options_are_those_of_an_extractor() -> None:
    (outcome,) = extract_many(
        [CONTRACT], Terms, provider=always(), second_look=False, backend="json"
    )
    assert isinstance(outcome, Ok)
    assert outcome.extraction.backend == "json"


def test_with_a_reply_cache_it_can_be_begun_again(tmp_path: Path) -> None:
    documents = [f"{CONTRACT}\nNumber {number}." for number in range(9)]

    def core() -> CallCore:
        return CallCore(cache=SqliteReplyCache(tmp_path / "replies.sqlite"))

    first = extract_many(documents, Terms, provider=always(), core=core(), concurrency=1)
    for _ in range(4):
        next(first)
    first.close()  # a crash, as far as the others are concerned
    again = always()
    outcomes = list(extract_many(documents, Terms, provider=again, core=core(), concurrency=1))
    assert kinds(outcomes) == {"ok": 9}
    assert len(again.requests) <= 5
