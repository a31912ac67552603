from __future__ import annotations

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.providers.rate_headers import rate_limits
from extractor.types import RateLimitStatus

NOW = 1_790_000_000.0
OPENAI = {
    "x-ratelimit-limit-requests": "3000",
    "x-ratelimit-remaining-requests": "2999",
    "x-ratelimit-reset-requests": "20ms",
    "x-ratelimit-limit-tokens": "2000000",
    "x-ratelimit-remaining-tokens": "1997600",
    "x-ratelimit-reset-tokens": "125ms",
}
ANTHROPIC = {
    "date": "Mon, 23 Nov 2026 10:00:00 GMT",
    "anthropic-ratelimit-requests-limit": "4000",
    "anthropic-ratelimit-requests-remaining": "3999",
    "anthropic-ratelimit-requests-reset": "2026-11-23T10:00:01Z",
    "anthropic-ratelimit-tokens-limit": "2400000",
    "anthropic-ratelimit-tokens-remaining": "2300000",
    "anthropic-ratelimit-tokens-reset": "2026-11-23T10:00:03Z",
    "anthropic-ratelimit-input-tokens-limit": "2000000",
    "anthropic-ratelimit-input-tokens-remaining": "1900000",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-23T10:00:03.500Z",
    "anthropic-ratelimit-output-tokens-limit": "400000",
    "anthropic-ratelimit-output-tokens-remaining": "400000",
    "anthropic-ratelimit-output-tokens-reset": "2026-11-23T11:00:00+01:00",
}


def of_reset(text: str) -> tuple[float | None, bool]:
    (status,) = rate_limits(OPENAI_REQUESTS | {"x-ratelimit-reset-requests": text}, NOW)
    return status.reset, status.coarse


OPENAI_REQUESTS = {name: value for name, value in OPENAI.items() if name.endswith("requests")}


def test_openai_headers_are_read() -> None:
    assert rate_limits(OPENAI, NOW) == (
        RateLimitStatus("requests", 3_000, 2_999, 0.02),
        RateLimitStatus("tokens", 2_000_000, 1_997_600, 0.125),
    )


def test_anthropic_headers_are_measured_from_the_responses_own_date() -> None:
    assert rate_limits(ANTHROPIC, NOW) == (
        RateLimitStatus("requests", 4_000, 3_999, 1.0, coarse=True),
        RateLimitStatus("tokens", 2_400_000, 2_300_000, 3.0, coarse=True),
        RateLimitStatus("input_tokens", 2_000_000, 1_900_000, 3.5),
        RateLimitStatus("output_tokens", 400_000, 400_000, 0.0, coarse=True),
    )


def test_without_a_date_the_local_clock_is_used() -> None:
    headers = {name: value for name, value in ANTHROPIC.items() if name != "date"}
    ten_o_clock = 1_795_428_000.0
    assert rate_limits(headers, ten_o_clock - 2)[0].reset == 3.0
    assert rate_limits(headers | {"date": "yesterday"}, ten_o_clock)[0].reset == 1.0


def test_a_whole_second_just_past_means_now_and_one_long_past_nothing() -> None:
    at = "2026-11-23T09:59:59Z", "2026-11-23T09:00:00Z"
    resets = [
        rate_limits(ANTHROPIC | {"anthropic-ratelimit-requests-reset": time}, NOW)[0].reset
        for time in at
    ]
    assert resets == [0.0, None]


@pytest.mark.parametrize(
    ("text", "seconds", "coarse"),
    [
        ("8.64s", 8.64, False),
        ("6m0s", 360.0, True),
        ("120ms", 0.12, False),
        ("1h2m3s", 3_723.0, True),
        ("1d", 86_400.0, True),
        ("1m30.5s", 90.5, False),
        ("0s", 0.0, True),
    ],
)
def test_durations_are_read(text: str, seconds: float, *, coarse: bool) -> None:
    reset, was_coarse = of_reset(text)
    assert reset == pytest.approx(seconds)
    assert was_coarse is coarse


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "inf",
        "-3s",
        "soon",
        "999d",
        "9" * 400 + "s",
        "1.2.3s",
        "2026-11-23",
        "2026-13-40T99:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
)
def test_an_unusable_reset_is_unknown_and_the_rest_still_counts(text: str) -> None:
    assert of_reset(text) == (None, False)


@pytest.mark.parametrize("text", ["-1", "nan", "1e9", "", "9" * 30, "3000.5", "\u0663"])
@pytest.mark.parametrize("fact", ["limit", "remaining"])
def test_a_limit_without_usable_numbers_is_left_out(fact: str, text: str) -> None:
    assert rate_limits(OPENAI_REQUESTS | {f"x-ratelimit-{fact}-requests": text}, NOW) == ()


def test_a_limit_of_nothing_is_none_and_nothing_left_of_one_is_told() -> None:
    assert rate_limits(OPENAI_REQUESTS | {"x-ratelimit-limit-requests": "0"}, NOW) == ()
    (status,) = rate_limits(OPENAI_REQUESTS | {"x-ratelimit-remaining-requests": "0"}, NOW)
    assert status.remaining == 0


def test_input_tokens_of_a_compatible_server_are_read() -> None:
    headers = {name.replace("-tokens", "-input-tokens"): value for name, value in OPENAI.items()}
    assert [status.kind for status in rate_limits(headers, NOW)] == ["requests", "input_tokens"]


def test_other_headers_say_nothing() -> None:
    assert rate_limits({"content-type": "application/json", "x-ratelimit-limit": "5"}, NOW) == ()


def test_headers_of_a_client_are_read_in_any_case() -> None:
    headers = httpx2.Headers({name.title(): value for name, value in ANTHROPIC.items()})
    assert rate_limits(headers, NOW) == rate_limits(ANTHROPIC, NOW)
    assert rate_limits({name.title(): value for name, value in ANTHROPIC.items()}, NOW) == (
        rate_limits(ANTHROPIC, NOW)
    )


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*OPENAI, *ANTHROPIC]), st.text(max_size=30)))
def test_no_headers_raise_and_nothing_impossible_comes_of_them(headers: dict[str, str]) -> None:
    for status in rate_limits(headers, NOW):
        assert status.limit > 0
        assert status.remaining >= 0
        assert status.reset is None or 0 <= status.reset <= 2 * 86_400
