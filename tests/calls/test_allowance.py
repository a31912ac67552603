"""What one document may spend."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.allowance import Allowance
from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.steps import Target
from extractor.errors import TokenLimitError
from extractor.types import (
    JsonSchemaOutput,
    Message,
    ModelRequest,
    OutputFormat,
    TextOutput,
    ToolOutput,
    Usage,
)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"law": {"description": "Whose law. " * 99}},
}


def request(text: str = "abc", max_tokens: int = 50) -> ModelRequest:
    return ModelRequest("m", (Message("user", text),), TextOutput(), max_tokens)


GPT = Target("openai", "gpt-5.4-mini")
PROSE = "The Receiving Party shall keep the Confidential Information secret.\n" * 200


def largest(asked: ModelRequest) -> int:
    """More tokens than a request can take: a byte each, and all that may come back."""
    return TokenCounter().roughly(asked, Target("", "")).upper + asked.max_tokens


def test_the_largest_cost_is_a_token_a_byte_and_all_that_may_come_back() -> None:
    added = largest(request("", 0))
    assert largest(request("a" * 300, 50)) == 300 + 50 + added
    assert largest(request("\ud800", 0)) == 3 + added


def test_what_the_provider_adds_is_reserved_too() -> None:
    claude = Target("anthropic", "claude-sonnet-5")
    with_tool = replace(request(), output=ToolOutput("n", "", {}))
    allowance = Allowance(100_000, price, TokenCounter(), claude)
    assert allowance.reserve(with_tool).tokens > largest(with_tool) + 800


def allowance_of(tokens: int) -> Allowance:
    return Allowance(tokens, price, TokenCounter(), GPT)


def test_what_fits_in_bytes_is_not_counted_again() -> None:
    assert allowance_of(100_000).reserve(request(PROSE)).tokens == largest(request(PROSE))


def test_what_does_not_fit_in_bytes_is_counted_with_the_tokenizer() -> None:
    tokens = TokenCounter().count(request(PROSE), GPT)
    share = allowance_of(tokens.upper + 50).reserve(request(PROSE))
    assert share.tokens == tokens.upper + 50 < largest(request(PROSE)) / 3
    with pytest.raises(TokenLimitError) as caught:
        allowance_of(tokens.upper + 49).reserve(request(PROSE))
    assert caught.value.estimate == tokens.upper + 50


def test_what_is_assumed_is_never_the_rough_count() -> None:
    allowance = allowance_of(100_000)
    allowance.settle(allowance.reserve(request(PROSE)), None)
    assert allowance.assumed == TokenCounter().count(request(PROSE), GPT).upper + 50


def test_an_exact_limit_is_worked_out_once_and_only_where_the_rough_one_does_not_do() -> None:
    asked: list[int] = []

    def limit() -> int:
        asked.append(1)
        return 5_000

    allowance = Allowance(500, price, TokenCounter(), GPT, limit)
    allowance.settle(allowance.reserve(request()), Usage(5, 5))
    assert (asked, allowance.max_tokens) == ([], 500)
    for _ in range(2):
        allowance.settle(allowance.reserve(request(PROSE)), Usage(10, 10))
    assert (asked, allowance.max_tokens) == ([1], 5_000)


def test_the_first_request_fits_into_a_limit_that_nobody_set_and_is_not_counted_for_it() -> None:
    def limit() -> int:
        raise AssertionError("nothing is spent yet")

    allowance = Allowance(1, price, TokenCounter(), GPT, limit)
    assert allowance.reserve(request(PROSE)).tokens == largest(request(PROSE))


def test_a_reservation_becomes_what_was_really_used() -> None:
    allowance = Allowance(1_000, lambda usage: Decimal(usage.total_tokens if usage else 0) / 100)
    share = allowance.reserve(request())
    assert allowance.reserved == share.tokens
    allowance.settle(share, Usage(5, 3))
    assert (allowance.reserved, allowance.usage) == (0, Usage(5, 3))
    assert allowance.cost_usd == Decimal("0.08")


def test_what_does_not_fit_is_refused_and_nothing_is_reserved() -> None:
    allowance = Allowance(100, lambda _: None)
    with pytest.raises(TokenLimitError) as caught:
        allowance.reserve(request(max_tokens=200))
    assert (caught.value.spent, caught.value.limit) == (0, 100)
    assert caught.value.estimate > 200
    assert "100" in caught.value.message
    assert (allowance.reserved, allowance.attempts) == (0, 0)


def test_requests_under_way_count_as_spent() -> None:
    allowance = Allowance(300, lambda _: None)
    allowance.reserve(request())
    with pytest.raises(TokenLimitError):
        allowance.reserve(request())


def test_one_unknown_price_makes_the_whole_cost_unknown() -> None:
    prices = iter([Decimal(1), None, Decimal(1)])
    allowance = Allowance(1_000, lambda _: next(prices))
    costs: list[Decimal | None] = []
    for _ in range(3):
        allowance.settle(allowance.reserve(request()), Usage(1, 1))
        costs.append(allowance.cost_usd)
    assert costs == [1, None, None]


def price(usage: Usage | None) -> Decimal | None:
    return None if usage is None else Decimal(1)


def test_a_reply_that_does_not_say_its_usage_makes_the_cost_unknown_and_says_so() -> None:
    allowance = Allowance(1_000, price)
    allowance.settle(allowance.reserve(request()), Usage(5, 3))
    assert allowance.warnings() == ()
    allowance.settle(allowance.reserve(request()), None)
    allowance.settle(allowance.reserve(request()), Usage(5, 3))
    assert (allowance.usage, allowance.cost_usd) == (Usage(10, 6), None)
    (warning,) = allowance.warnings()
    assert warning.startswith("1 of 3 requests did not say what tokens they took")
    assert warning.endswith("the cost is not known.")


def test_where_nothing_is_paid_an_unknown_usage_still_costs_nothing() -> None:
    allowance = Allowance(1_000, lambda _: Decimal(0))
    allowance.settle(allowance.reserve(request()), None)
    assert allowance.cost_usd == 0
    assert allowance.warnings() == (
        "1 of 1 requests did not say what tokens they took: `usage` leaves these out.",
    )


def test_an_unknown_usage_counts_against_the_limit_as_the_most_that_it_can_be() -> None:
    allowance = Allowance(300, price)
    share = allowance.reserve(request())
    allowance.settle(share, None)
    assert (allowance.usage, allowance.reserved) == (Usage(), 0)
    with pytest.raises(TokenLimitError) as caught:
        allowance.reserve(request())
    assert 50 < caught.value.spent <= share.tokens


@settings(deadline=None)
@given(st.lists(st.integers(0, 150), max_size=30), st.integers(100, 2_000))
def test_no_order_of_requests_spends_more_than_is_allowed(used: list[int], limit: int) -> None:
    allowance = Allowance(limit, lambda _: None)
    for tokens in used:
        try:
            share = allowance.reserve(request())
        except TokenLimitError:
            break
        allowance.settle(share, Usage(0, tokens))
    assert allowance.usage.total_tokens <= limit
    assert allowance.reserved == 0


@pytest.mark.parametrize("output", [JsonSchemaOutput("N", SCHEMA), ToolOutput("n", "", SCHEMA)])
def test_a_schema_beside_the_messages_is_counted(output: OutputFormat) -> None:
    bare = request()
    more = largest(replace(bare, output=output)) - largest(bare)
    assert more >= len(str(SCHEMA)) / 4
