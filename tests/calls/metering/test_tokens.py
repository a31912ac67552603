"""What a request is expected to take, and the most."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.metering.encodings import count_tokens
from extractor.calls.metering.tokens import (
    MARGIN,
    TokenCounter,
    TokenFactors,
    tokenizer_of,
)
from extractor.calls.steps import Target
from extractor.types import (
    JsonSchemaOutput,
    Message,
    ModelRequest,
    OutputFormat,
    TextOutput,
    ToolOutput,
)

GPT = Target("openai", "gpt-5.4-mini")
CLAUDE = Target("anthropic", "claude-opus-5-5")
PROSE = "The Receiving Party shall keep the Confidential Information secret.\n" * 100
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"law": {"description": "law " * 500}}}


def request(*texts: str, output: OutputFormat | None = None) -> ModelRequest:
    messages = tuple(Message("user", text) for text in texts)
    return ModelRequest("m", messages, output or TextOutput(), 50)


# --- which tokenizer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o", "o200k_base"),
        ("gpt-4.1-2025-04-14", "o200k_base"),
        ("ft:gpt-4.1:acme::id", "o200k_base"),
        ("ft:gpt-4o-2024-08-06:acme::id", "o200k_base"),
        ("gpt-5.4-mini-2026-03-17", "o200k_base"),
        ("o3", "o200k_base"),
        ("gpt-oss-20b", "o200k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
    ],
)
def test_a_model_of_openais_is_counted_with_its_own(model: str, encoding: str) -> None:
    assert tokenizer_of(Target("openai", model)) == (encoding, 1.0, True)


@pytest.mark.parametrize("model", ["gpt-6.1-sol-x", "somebodys", "ft:gpt-6-sol:acme::id"])
def test_an_unknown_model_is_counted_as_the_family_is_with_one_warning(
    model: str, caplog: pytest.LogCaptureFixture
) -> None:
    counter = TokenCounter()
    for _ in range(3):
        count = counter.count(request(PROSE), Target("openai", model))
        assert count.tokens == count_tokens(PROSE, "o200k_base")
    assert caplog.messages == [
        f"The tokenizer of openai:{model} is not known; o200k_base is taken for it"
    ]


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-4-6",
        "claude-sonnet-4-5-20250929",
        "claude-haiku-4-5",
        "claude-opus-4-20250514",
        "claude-3-5-haiku-latest",
        "claude-sonnet-4-0",
        "claude-2.1",
    ],
)
def test_older_claude_models_start_low(model: str) -> None:
    assert tokenizer_of(Target("anthropic", model)).factor == 1.2


@pytest.mark.parametrize(
    "target",
    [
        Target("anthropic", "claude-opus-4-7"),
        Target("anthropic", "claude-opus-4-7-20260401"),
        Target("anthropic", "claude-opus-4-10"),
        Target("anthropic", "claude-sonnet-5"),
        Target("anthropic", "claude-of-tomorrow"),
        Target("compatible", "gpt-4o"),
        Target("local", "qwen2.5-coder-1.5b"),
    ],
)
def test_tokenizers_that_are_not_public_start_high(target: Target) -> None:
    assert tokenizer_of(target).factor == 1.5


# --- what is counted ------------------------------------------------------------------------------


def test_what_openai_will_count_is_counted_with_what_frames_each_message() -> None:
    real = count_tokens(PROSE, "o200k_base")
    count = TokenCounter().count(request(PROSE, PROSE), GPT)
    assert count.tokens == 2 * real
    assert count.expected == 2 * real + 2 * 4 + 3
    assert count.expected < count.upper < count.expected * 1.1


@pytest.mark.parametrize("output", [JsonSchemaOutput("N", SCHEMA), ToolOutput("n", "", SCHEMA)])
@pytest.mark.parametrize("target", [GPT, CLAUDE])
def test_a_schema_beside_the_messages_is_counted(output: OutputFormat, target: Target) -> None:
    counter = TokenCounter()
    bare, more = request(PROSE), request(PROSE, output=output)
    assert counter.count(more, target).expected - counter.count(bare, target).expected > 500
    assert counter.roughly(more, target).upper - counter.roughly(bare, target).upper > 2_000


def test_bytes_are_a_rough_count_that_is_likely_and_never_too_low() -> None:
    counter = TokenCounter()
    rough, exact = counter.roughly(request(PROSE), GPT), counter.count(request(PROSE), GPT)
    assert (rough.tokens, rough.bytes) == (None, exact.bytes)
    assert rough.expected == pytest.approx(exact.expected, rel=0.8)
    assert rough.upper >= exact.upper


TEXTS = st.text() | st.lists(
    st.sampled_from(["a", " ", "\n", "9", "___", "é", "契約", "\ud800"])
).map("".join)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_the_upper_bound_holds_for_any_text(texts: list[str]) -> None:
    counter, real = TokenCounter(), sum(count_tokens(text, "o200k_base") for text in texts)
    for target in (GPT, CLAUDE):
        asked = request(*texts)
        count, rough = counter.count(asked, target), counter.roughly(asked, target)
        assert real + 4 * len(texts) + 3 <= count.upper <= rough.upper
        assert count.expected <= count.upper


@pytest.mark.parametrize("text", ["123456789" * 50, "契約" * 100, "é" * 200, "_" * 500])
def test_what_another_tokenizer_may_write_byte_by_byte_counts_so(text: str) -> None:
    counter, size = TokenCounter(), len(text.encode())
    assert counter.count(request(text), CLAUDE).upper >= size
    assert counter.count(request(text), GPT).upper < size


# --- what is learned ------------------------------------------------------------------------------

PAIRS = st.tuples(st.integers(1, 100_000), st.integers(0, 300_000))


@settings(deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=60), st.floats(0.5, 3))
def test_the_upper_factor_never_undershoots_what_was_seen(
    pairs: list[tuple[int, int]], start: float
) -> None:
    factors = TokenFactors()
    for counted, real in pairs:
        factors.learn(CLAUDE, counted, real)
    upper = factors.upper(CLAUDE, start, margin=1.0)
    assert all(counted * upper >= real * (1 - 1e-9) for counted, real in pairs)
    lowest, highest = (f(real / counted for counted, real in pairs) for f in (min, max))
    expected = factors.expected(CLAUDE, start)
    assert lowest * (1 - 1e-9) <= expected <= highest * (1 + 1e-9)


@settings(deadline=None)
@given(st.floats(0.8, 1.6))
def test_factors_converge_to_what_is_billed(true: float) -> None:
    factors = TokenFactors()
    for number in range(50):
        counted = 2_000 + 100 * number
        factors.learn(CLAUDE, counted, round(counted * true))
    assert factors.expected(CLAUDE, 1.5) == pytest.approx(true, rel=0.01)
    assert factors.upper(CLAUDE, 1.5) == pytest.approx(true * MARGIN, rel=0.01)


def test_the_start_counts_until_enough_was_seen() -> None:
    factors = TokenFactors()
    assert factors.expected(CLAUDE, 1.5) == 1.5
    assert factors.upper(CLAUDE, 1.5) == 1.5 * MARGIN
    for _ in range(19):
        factors.learn(CLAUDE, 1_000, 1_100)
    assert factors.upper(CLAUDE, 1.5) == 1.5 * MARGIN
    factors.learn(CLAUDE, 1_000, 1_100)
    assert factors.upper(CLAUDE, 1.5) == pytest.approx(1.1 * MARGIN)


def test_models_are_learned_apart_by_any_number_of_threads() -> None:
    factors = TokenFactors()

    def learn() -> None:
        for _ in range(2_000):
            factors.learn(CLAUDE, 1, 2)
            factors.learn(GPT, 1, 1)

    threads = [threading.Thread(target=learn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (factors.expected(CLAUDE, 1.5), factors.expected(GPT, 1.0)) == (2, 1)


def learned(counter: TokenCounter, bills: Iterable[float]) -> None:
    for bill in bills:
        count = counter.count(request(PROSE), CLAUDE)
        counter.learn(CLAUDE, count, round((count.tokens or 0) * bill))


def test_a_counter_learns_from_bills_for_both_of_its_counts() -> None:
    counter = TokenCounter()
    first, rough = counter.count(request(PROSE), CLAUDE), counter.roughly(request(PROSE), CLAUDE)
    learned(counter, [1.1] * 25)
    count = counter.count(request(PROSE), CLAUDE)
    assert count.expected < first.expected
    assert count.upper < first.upper
    assert counter.roughly(request(PROSE), CLAUDE).expected == pytest.approx(
        count.expected, rel=0.02
    )
    assert rough.expected > count.expected


def test_a_bill_above_the_upper_bound_raises_it_also_where_the_tokenizer_is_known() -> None:
    counter = TokenCounter()
    count = counter.count(request(PROSE), GPT)
    counter.learn(GPT, count, count.upper + 1_000)
    assert counter.count(request(PROSE), GPT).upper >= count.upper + 1_000


def test_a_tokenizer_that_is_known_is_never_taken_for_less_than_it_counts() -> None:
    counter = TokenCounter()
    first = counter.count(request(PROSE), GPT)
    for _ in range(30):
        counter.learn(GPT, first, round(first.expected * 0.8))
    count = counter.count(request(PROSE), GPT)
    assert count.expected < first.expected
    assert count.upper == first.upper


def test_what_the_provider_adds_is_learned_apart() -> None:
    tool = request(PROSE * 2, output=ToolOutput("n", "", {}))
    counter = TokenCounter()
    count = counter.count(tool, CLAUDE)
    assert count.added > 400
    counter.learn(CLAUDE, count, round((count.tokens or 0) * 1.3) + count.added)
    assert counter.by_token.expected(CLAUDE, 1.5) == pytest.approx(1.3, rel=0.01)


def test_a_small_request_teaches_nothing() -> None:
    counter = TokenCounter()
    counter.learn(CLAUDE, counter.count(request("Hi"), CLAUDE), 400)
    assert counter.by_token.expected(CLAUDE, 1.5) == 1.5
