from __future__ import annotations

import pytest

from extractor.calls.limits.bucket import Bucket
from extractor.types import RateLimitStatus

NOW = 1_000.0


def status(
    limit: int, remaining: int, reset: float | None = None, *, coarse: bool = False
) -> RateLimitStatus:
    return RateLimitStatus("tokens", limit, remaining, reset, coarse)


def bucket_that_heard(*statuses: RateLimitStatus, in_flight: int = 0) -> Bucket:
    bucket = Bucket.unheard(6_000, NOW)
    for one in statuses:
        bucket.hear(one, in_flight, NOW)
    return bucket


def test_before_the_first_response_a_second_is_the_burst_and_one_request_at_least() -> None:
    assert Bucket.unheard(6_000, NOW).level == 100
    assert Bucket.unheard(20, NOW).level == 1


def test_the_burst_is_what_is_left_and_what_refills_until_the_reset() -> None:
    bucket = bucket_that_heard(status(6_000, 400, 1.0))
    assert bucket.level == 400
    assert bucket.capacity == pytest.approx(495)


def test_coarse_resets_bring_the_burst_nearer_with_each_response() -> None:
    bucket = bucket_that_heard(status(6_000, 400, 1.0, coarse=True))
    assert bucket.capacity == 400
    bucket.hear(status(6_000, 290, 3.0, coarse=True), 0, NOW)
    assert bucket.capacity == 490
    bucket.hear(status(6_000, 10, 3.0, coarse=True), 0, NOW)
    assert bucket.capacity == 410


def test_no_burst_is_more_than_a_minute() -> None:
    assert bucket_that_heard(status(6_000, 5_999, 86.4)).capacity == 6_000


def test_more_left_than_the_limit_is_a_mistake_and_counts_as_all_of_it() -> None:
    bucket = bucket_that_heard(status(6_000, 9_000, 0.0))
    assert (bucket.level, bucket.capacity) == (6_000, 6_000)


def test_without_a_reset_the_most_that_was_ever_left_is_the_burst() -> None:
    bucket = bucket_that_heard(status(6_000, 400), status(6_000, 900), status(6_000, 700))
    assert (bucket.level, bucket.capacity) == (700, 900)


def test_what_is_in_flight_may_be_counted_by_the_provider_or_not() -> None:
    bucket = bucket_that_heard(status(6_000, 6_000, 0.0))
    bucket.take(2_000)
    bucket.hear(status(6_000, 6_000, 0.0), 2_000, NOW)  # nothing is counted there yet
    assert bucket.level == 4_000
    bucket.hear(status(6_000, 4_000, 20.0), 2_000, NOW)  # now all is
    assert bucket.level == 4_000
    bucket.hear(status(6_000, 3_000, 30.0), 2_000, NOW)  # somebody else takes too
    assert bucket.level == 3_000
    bucket.hear(status(6_000, 5_800, 2.0), 0, NOW)
    assert bucket.level == 5_800


def test_limits_follow_headers_down_and_up() -> None:
    bucket = bucket_that_heard(status(6_000, 6_000, 0.0), status(600, 600, 0.0))
    assert (bucket.limit, bucket.level, bucket.capacity) == (600, 600, 600)
    bucket.hear(status(60_000, 60_000, 0.0), 0, NOW)
    assert (bucket.limit, bucket.level, bucket.capacity) == (60_000, 60_000, 60_000)


def test_a_debt_is_reckoned_from_its_reset() -> None:
    bucket = bucket_that_heard(status(6_000, 500, 0.0))
    bucket.hear(status(6_000, 0, 8.0), 0, NOW)
    assert bucket.capacity == pytest.approx(500)
    assert bucket.level == pytest.approx(-295)


def test_a_bucket_first_heard_of_empty_has_nothing_and_learns_its_burst_later() -> None:
    bucket = bucket_that_heard(status(6_000, 0, 5.0))
    assert (bucket.level, bucket.capacity) == (0, 100)
    bucket.hear(status(6_000, 300, 2.0), 0, NOW)
    assert bucket.level == 300
    assert bucket.capacity == pytest.approx(495)


def test_each_refusal_widens_the_margin_up_to_a_bound() -> None:
    bucket = bucket_that_heard(status(6_000, 1_000, 50.0))
    assert bucket.wait(900, NOW) == 0
    bucket.refuse()
    assert bucket.wait(900, NOW) == pytest.approx(1.25)
    for _ in range(20):
        bucket.refuse()
    assert bucket.wait(900, NOW) == pytest.approx(26)
