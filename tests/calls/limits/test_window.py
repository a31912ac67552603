from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.limits.window import Window

steps = st.lists(st.tuples(st.floats(0, 40), st.integers(1, 10)), max_size=40)


@settings(deadline=None)
@given(steps)
def test_a_window_counts_at_least_what_it_holds_and_at_most_one_slot_more(
    arrivals: list[tuple[float, int]],
) -> None:
    window, now = Window(60.0, 240), 1_000.0
    counted: list[tuple[float, int]] = []
    for after, amount in arrivals:
        now += after
        window.add(amount, now)
        counted.append((now, amount))
        inside = sum(amount for time, amount in counted if time > now - 60.0)
        nearly = sum(amount for time, amount in counted if time > now - 60.25 - 1e-6)
        assert inside <= window.sum(now) <= nearly


@settings(deadline=None)
@given(steps, st.integers(1, 30))
def test_after_its_wait_an_amount_fits_and_a_little_before_it_does_not(
    arrivals: list[tuple[float, int]], amount: int
) -> None:
    window, now = Window(60.0, 240), 1_000.0
    for after, arrived in arrivals:
        now += after
        if not window.wait(arrived, 30, now):
            window.add(arrived, now)
    wait = window.wait(amount, 30, now)
    if wait > 0.01:
        assert window.wait(amount, 30, now + wait - 0.01) > 0
    assert window.wait(amount, 30, now + wait + 1e-6) == 0


def test_a_correction_counts_when_its_amount_did() -> None:
    window = Window(60.0)
    window.add(100, 10.0)
    window.add(50, 40.0)
    window.correct(-70, 10.1)
    assert window.sum(50.0) == 80
    assert window.sum(71.0) == 50
    window.correct(-30, 10.0)
    assert window.sum(71.0) == 50


def test_what_is_moved_back_leaves_no_sooner_than_it_would_have() -> None:
    window = Window(60.0)
    window.add(100, 5_000.1)
    window.shift(5_000.0)
    assert window.sum(59.9) == 100
    assert window.sum(60.6) == 0
