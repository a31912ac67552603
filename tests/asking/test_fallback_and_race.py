"""Two real SDKs against one server on this machine: who answers, who is billed, who is not."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from benchmarks.fault_server import Plan, Running, Terms, contract, right_answer, running
from extractor import (
    AuthenticationError,
    CallCore,
    ConfigurationError,
    Extractor,
    Failed,
    ModelRequest,
    ModelResponse,
    Ok,
    OverloadedError,
    ProviderError,
    RetryPolicy,
    ScriptedProvider,
    SpendingLimits,
    SqliteLedger,
    Usage,
)
from extractor.calls.ledger.attempts import Filter, calls, open_to_read

CLAUDE, GPT = "anthropic:claude-sonnet-4-6", "openai:gpt-5.4-mini"
QUICK = RetryPolicy(attempts=2, initial=0.01, longest=0.05, outage=0)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as started:
        yield started


@pytest.fixture(autouse=True)
def addresses(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.openai_url)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "k-openai-test")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k-anthropic-test")


def extractor(**options: Any) -> Extractor[Terms]:
    asked: dict[str, Any] = {"models": [CLAUDE, GPT], "retry": QUICK}
    return Extractor(Terms, **(asked | options))


@pytest.fixture(params=["blocking", "asynchronous"])
def ask(request: pytest.FixtureRequest) -> Any:
    """Extract one document, either way."""

    def blocking(made: Extractor[Terms], number: int) -> Any:
        with made:
            return made.extract(contract(number))

    def asynchronous(made: Extractor[Terms], number: int) -> Any:
        with made:
            return asyncio.run(made.aextract(contract(number)))

    return blocking if request.param == "blocking" else asynchronous


def test_the_next_model_answers_where_the_first_is_overloaded(server: Running, ask: Any) -> None:
    server.begin(Plan(script={7: ("529", "529")}))
    result = ask(extractor(), 7)
    assert result.value == right_answer(7)
    assert result.model == GPT
    assert [(other.model, other.error) for other in result.passed_over] == [
        (CLAUDE, "OverloadedError")
    ]
    assert result.attempts == server.truth().of(7).posts == 3
    assert result.cost_usd > 0


def test_a_wrong_key_is_not_covered_up(server: Running, ask: Any) -> None:
    server.begin(Plan(script={8: ("401",)}))
    with pytest.raises(AuthenticationError):
        ask(extractor(), 8)
    assert server.truth().of(8).posts == 1


def test_where_all_fail_the_last_error_tells_of_the_others(server: Running, ask: Any) -> None:
    server.begin(Plan(script={9: ("529",) * 4}))
    with pytest.raises(OverloadedError) as caught:
        ask(extractor(), 9)
    assert caught.value.attempts == 4
    assert [other.model for other in caught.value.passed_over] == [CLAUDE]


def test_a_race_takes_the_first_valid_answer_and_not_the_first_to_arrive(
    server: Running, ask: Any, tmp_path: Path
) -> None:
    server.begin(Plan(script={10: ("never answers", "")}))
    path = tmp_path / "calls.sqlite"
    ledger = SqliteLedger(path)
    began = time.monotonic()
    result = ask(extractor(race=True, core=CallCore(ledger=ledger)), 10)
    ledger.close()
    assert time.monotonic() - began < 10
    assert result.value == right_answer(10)
    assert result.attempts == server.truth().of(10).posts == 2
    (loser,) = result.passed_over
    assert loser.error == "Cancelled"
    assert result.cost_usd is None  # nobody told what the loser's POST cost
    assert any("did not say" in warning for warning in result.warnings)
    with open_to_read(path) as opened:
        ended = {record.state: record.error_type for record in calls(opened, Filter())}
    assert ended == {"settled": None, "unknown": "Cancelled"}


def asked(told: list[str]) -> list[str]:
    """Return who was asked, and whether again, by what people were told."""
    return [line.partition(" with ")[0] for line in told if line.startswith("Asking ")]


def test_the_first_questions_of_a_race_are_not_told_as_asked_again(
    server: Running, ask: Any
) -> None:
    server.begin(Plan(script={13: ("never answers", "")}))
    told: list[str] = []
    ask(extractor(race=True, progress=told.append), 13)
    assert sorted(asked(told)) == [f"Asking {CLAUDE} (native)", f"Asking {GPT} (strict)"]


def test_each_model_is_asked_again_after_its_own_first_question(server: Running, ask: Any) -> None:
    server.begin(Plan(script={14: ("529", "529")}))
    told: list[str] = []
    ask(extractor(progress=told.append), 14)
    assert asked(told) == [
        f"Asking {CLAUDE} (native)",
        f"Asking {CLAUDE} (native) again,",
        f"Asking {GPT} (strict)",
    ]


def test_one_provider_that_is_down_does_not_spoil_a_race(server: Running, ask: Any) -> None:
    server.begin(Plan(script={11: ("500", "500", "500", "")}))
    result = ask(extractor(race=True), 11)
    assert result.value == right_answer(11)


def test_where_both_of_a_race_fail_one_error_tells_of_the_other(server: Running, ask: Any) -> None:
    server.begin(Plan(script={12: ("529",) * 4}))
    with pytest.raises(OverloadedError) as caught:
        ask(extractor(race=True), 12)
    assert caught.value.provider == "openai"
    assert [other.model for other in caught.value.passed_over] == [CLAUDE]
    assert caught.value.attempts == server.truth().of(12).posts == 4


class Down(ScriptedProvider):
    """A provider of some name that refuses its first POSTs, and then answers."""

    def __init__(self, name: str, refusals: float, error: type[ProviderError]) -> None:
        super().__init__([])
        self.name, self.posts = name, 0
        self._refusals, self._error = refusals, error

    async def asend(self, request: ModelRequest, /, *, timeout: float | None = None) -> Any:
        self.posts += 1
        await asyncio.sleep(0)
        if self.posts <= self._refusals:
            raise self._error(f"{self.name} is down", provider=self.name, status=503)
        return ModelResponse('{"tenant": "Oak Row LLC"}', Usage(10, 5))

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> Any:
        raise AssertionError("a race is asynchronous")


class Lease(BaseModel):
    tenant: str


def raced(*providers: Down, documents: int = 30) -> list[Ok[Lease] | Failed]:
    names = [f"{provider.name}:{GPT.partition(':')[2]}" for provider in providers]
    waiting = RetryPolicy(initial=0.01, longest=0.05, outage=20)
    with Extractor(
        Lease,
        models=names,
        providers=dict(zip(names, providers, strict=True)),
        race=True,
        retry=waiting,
        core=CallCore(),
        evidence="none",
    ) as made:
        return list(made.extract_many([f"Lease {n} of Oak Row LLC" for n in range(documents)]))


def test_an_outage_of_both_in_a_race_is_waited_for_as_with_one_alone() -> None:
    one, two = Down("one", 10, OverloadedError), Down("two", 10, OverloadedError)
    outcomes = raced(one, two)
    assert [type(outcome) for outcome in outcomes] == [Ok] * 30


def test_who_has_failed_for_good_in_a_race_is_not_waited_for_but_the_other_is() -> None:
    outcomes = raced(Down("one", 10, OverloadedError), Down("two", math.inf, AuthenticationError))
    assert [type(outcome) for outcome in outcomes] == [Ok] * 30
    waited = [outcome.extraction for outcome in outcomes if isinstance(outcome, Ok)]
    assert {extraction.model.partition(":")[0] for extraction in waited} == {"one"}
    told = {other.error for each in waited for other in each.passed_over}
    assert "AuthenticationError" in told


def test_a_limit_per_day_needs_a_ledger_that_outlives_the_process() -> None:
    with pytest.raises(ConfigurationError, match="outlives the process"):
        extractor(spending=SpendingLimits(per_day=5))


def test_a_race_needs_two() -> None:
    with pytest.raises(ConfigurationError, match="race needs two models"):
        Extractor(Terms, models=[GPT], race=True)


def test_models_and_model_exclude_each_other_and_name_nobody_twice() -> None:
    with pytest.raises(ConfigurationError, match="don't go with it"):
        Extractor(Terms, models=[GPT, CLAUDE], model=GPT)
    with pytest.raises(ConfigurationError, match="twice"):
        Extractor(Terms, models=[GPT, GPT])
