"""Errors: a tree of facts and hints."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from extractor import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    BudgetError,
    CacheMissError,
    ConfigurationError,
    ContextWindowError,
    CostLimitError,
    DailyLimitError,
    DeadlineError,
    DocumentError,
    EmptyDocumentError,
    ExtractionError,
    ExtractorError,
    InvalidResponseError,
    NotFoundError,
    OutageError,
    OverloadedError,
    ParseError,
    PermissionDeniedError,
    Problem,
    ProviderError,
    QuotaExhaustedError,
    RateLimitError,
    RefusalError,
    RequestTooLargeError,
    ResponseError,
    SchemaMismatchError,
    ServerError,
    SpendingLimitError,
    StoppedError,
    StopReason,
    StoreError,
    TokenLimitError,
    TruncatedError,
    UnknownPriceError,
    UnreadableDocumentError,
    Usage,
)
from extractor.cli.exits import exit_code

TRANSIENT: list[type[ProviderError]] = [
    RateLimitError,
    OverloadedError,
    ServerError,
    APIConnectionError,
    APITimeoutError,
    InvalidResponseError,
]
PERMANENT: list[type[ProviderError]] = [
    QuotaExhaustedError,
    AuthenticationError,
    PermissionDeniedError,
    NotFoundError,
    BadRequestError,
    ContextWindowError,
]
PROBLEMS = [Problem("missing", ("parties", 0, "name"), "Field required")]
MONEY = {
    "estimate": Decimal("0.5"),
    "spent": Decimal("4.5"),
    "reserved": Decimal("0.25"),
    "limit": Decimal(5),
}

SAMPLES: list[tuple[ExtractorError, type[ExtractorError], int]] = [
    (ConfigurationError("x"), ExtractorError, 3),
    (UnreadableDocumentError("x"), DocumentError, 4),
    (EmptyDocumentError("x"), DocumentError, 4),
    (TokenLimitError(estimate=10, spent=5, limit=12), BudgetError, 5),
    (CostLimitError(scope="run", **MONEY), BudgetError, 5),
    (DailyLimitError(user="ada", day="2026-03-29 Europe/Dublin", **MONEY), BudgetError, 5),
    (SpendingLimitError("for all", **MONEY), BudgetError, 5),
    (UnknownPriceError("openai:new"), BudgetError, 5),
    (RequestTooLargeError("x"), BudgetError, 5),
    (DeadlineError("x", deadline=60.0), ExtractorError, 4),
    (CacheMissError("x"), ExtractorError, 3),
    (StoreError("x"), ExtractorError, 9),
    *[(kind("x"), ProviderError, 6) for kind in TRANSIENT],
    (OutageError("x", provider="openai", since=600.0), ProviderError, 6),
    *[(kind("x"), ProviderError, 6) for kind in PERMANENT if kind is not ContextWindowError],
    (StoppedError("x", stop_reason=StopReason.LENGTH), ProviderError, 6),
    (ContextWindowError("x"), ProviderError, 4),
    (TruncatedError("x"), ResponseError, 4),
    (RefusalError("x"), ResponseError, 4),
    (ParseError("x"), ResponseError, 4),
    (SchemaMismatchError(PROBLEMS), ResponseError, 4),
    (ExtractionError("x"), ExtractorError, 4),
]


@pytest.mark.parametrize(("error", "family", "code"), SAMPLES)
def test_each_error_has_its_family_its_exit_code_and_its_facts_as_json(
    error: ExtractorError, family: type[ExtractorError], code: int
) -> None:
    assert isinstance(error, family)
    assert exit_code(error) == code
    facts = json.loads(json.dumps(error.facts()))
    assert facts["type"] == type(error).__name__
    assert facts["message"] == error.message == str(error)
    assert facts.keys() >= {"type", "message", "hint", "attempts", "usage", "cost_usd"}


OWN_FACTS: dict[type[ExtractorError], dict[str, Any]] = {
    OutageError: {"since": 9.5},
    StoppedError: {"stop_reason": StopReason.CONTENT_FILTER},
}


def family(base: type[ExtractorError]) -> list[type[ExtractorError]]:
    return [base, *(kind for child in base.__subclasses__() for kind in family(child))]


def sample(kind: type[ExtractorError]) -> ExtractorError:
    """An error of a class with a value of its own in everything it can carry."""
    made = [error for error, _, _ in SAMPLES if type(error) is kind]
    error = made[0] if made else kind("x")
    if issubclass(kind, ProviderError):
        own = OWN_FACTS.get(kind, {})
        error = kind(
            "x", provider="p", status=429, request_id="r", retry_after=2.5, hint="Wait.", **own
        )
    error.billed(attempts=2, usage=Usage(100, 20), cost_usd=None)
    error.__cause__ = ParseError("no structure")
    error.add_note("seen by a worker")
    return error


def again(error: ExtractorError, protocol: int) -> ExtractorError:
    survivor: ExtractorError = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own
    return survivor


WAYS: dict[str, Callable[[ExtractorError], ExtractorError]] = {
    "pickle": lambda error: again(error, pickle.HIGHEST_PROTOCOL),
    "pickle of old": lambda error: again(error, 0),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", family(ExtractorError))
def test_every_error_survives_a_process_boundary_and_a_copy(
    kind: type[ExtractorError], way: str
) -> None:
    error = sample(kind)
    survivor = WAYS[way](error)
    assert survivor is not error
    assert type(survivor) is kind
    assert (survivor.args, str(survivor)) == (error.args, str(error))
    assert vars(survivor) == vars(error)
    assert survivor.facts() == error.facts()
    assert str(survivor.__cause__) == "no structure"


def test_a_cause_that_is_not_ours_does_not_keep_an_error_from_being_pickled() -> None:
    error = ConfigurationError("no such file")
    error.__cause__ = OSError(lambda: None)
    survivor = again(error, pickle.HIGHEST_PROTOCOL)
    assert (survivor.message, survivor.__cause__) == ("no such file", None)


def test_only_transient_failures_are_worth_another_try() -> None:
    assert all(kind.retryable for kind in TRANSIENT)
    assert not any(kind.retryable for kind in PERMANENT)


def test_an_error_knows_what_was_billed() -> None:
    error = RefusalError("declined")
    assert error.facts()["attempts"] == 0
    error.billed(attempts=2, usage=Usage(100, 20), cost_usd=Decimal("0.0012"))
    facts = error.facts()
    assert (facts["attempts"], facts["cost_usd"]) == (2, 0.0012)
    assert facts["usage"]["input_tokens"] == 100
    error.billed(attempts=2, usage=Usage(100, 20), cost_usd=None)
    assert error.facts()["cost_usd"] is None


def test_a_hint_of_ones_own_comes_before_the_usual_one() -> None:
    assert AuthenticationError("x").hint == AuthenticationError.default_hint
    assert AuthenticationError("x", hint="Log in.").hint == "Log in."
    assert ConfigurationError("x").hint is None


def test_a_provider_error_has_the_providers_facts() -> None:
    error = RateLimitError(
        "slow down", provider="openai", status=429, request_id="req_1", retry_after=2.5
    )
    facts: dict[str, Any] = error.facts()
    assert {name: facts[name] for name in ("provider", "status", "request_id", "retryable")} == {
        "provider": "openai",
        "status": 429,
        "request_id": "req_1",
        "retryable": True,
    }
    assert facts["retry_after"] == 2.5


def test_a_mismatch_names_the_first_problems_and_counts_the_rest() -> None:
    problems = [Problem("missing", ("fields", n), "Field required") for n in range(8)]
    error = SchemaMismatchError(problems)
    assert "fields[0] (missing), fields[1]" in error.message
    assert error.message.endswith("fields[4] (missing), and 3 more")
    assert error.problems == tuple(problems)


def test_every_error_can_keep_what_was_paid_for() -> None:
    error = RateLimitError("slow down")
    assert (error.facts()["problems"], error.facts()["partial"]) == ([], None)
    error.problems, error.partial = tuple(PROBLEMS), {"law": "Ireland"}
    facts = error.facts()
    assert facts["problems"] == [
        {"kind": "missing", "path": "parties[0].name", "message": "Field required"}
    ]
    assert facts["partial"] == {"law": "Ireland"}


def test_what_can_never_fit_is_not_put_off_till_tomorrow() -> None:
    used_up = DailyLimitError(user="ada", day="2026-03-29 UTC", **MONEY)
    too_low = DailyLimitError(user="ada", day="2026-03-29 UTC", **MONEY | {"limit": Decimal("0.4")})
    assert "tomorrow" in (used_up.hint or "")
    assert "nothing is ever sent" in (too_low.hint or "")


def test_a_traceback_says_what_to_do() -> None:
    error = RequestTooLargeError("It is too large.")
    told = "".join(traceback.format_exception_only(error))
    assert error.hint is not None
    assert told.endswith(f"It is too large.\n{error.hint}\n")


def test_the_token_limit_says_all_three_numbers() -> None:
    message = TokenLimitError(estimate=10_000, spent=5_000, limit=12_000).message
    assert "10,000" in message
    assert "5,000" in message
    assert "12,000" in message
