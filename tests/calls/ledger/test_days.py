"""The ledger's clock and its days: no day twice, whatever is done to the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.days import Calendar, Moment, advance, proceed
from extractor.calls.ledger.machine import Reading, is_alive, read_clocks, this_process
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.errors import ConfigurationError, DailyLimitError
from tests.recorded_calls import EPOCH, Clocks, reserve, sent

HOUR, DAY = 3_600, 86_400
ALLOWANCE = Budget("day", "ada", 1_000)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def allowances(path: Path, clocks: Clocks, timezone: str, hours: float, step: int) -> list[float]:
    """The hours at which a day's whole allowance could be spent, by one who asks all the time."""
    ledger = SqliteLedger(path, timezone=timezone, clocks=clocks)
    got: list[float] = []
    try:
        for number in range(int(hours * HOUR / step)):
            try:
                reserve(ledger, sent(number), [ALLOWANCE])
                got.append(number * step / HOUR)
            except DailyLimitError:
                pass
            clocks.sleep(step)
    finally:
        ledger.close()
    return got


@pytest.mark.parametrize(
    ("midnight", "hours"),
    [
        pytest.param("2026-03-28T00:00", [0, 24, 47], id="23 hours in spring"),
        pytest.param("2026-10-24T00:00", [0, 24, 49], id="25 hours in autumn"),
        pytest.param("2026-12-31T00:00", [0, 24, 48], id="the year ends"),
        pytest.param("2028-02-28T00:00", [0, 24, 48], id="a leap day"),
    ],
)
def test_a_day_has_the_hours_that_its_time_zone_gives_it(
    tmp_path: Path, midnight: str, hours: list[float]
) -> None:
    start = Calendar("Europe/Dublin").read(midnight)
    got = allowances(tmp_path / "calls.sqlite", Clocks(wall=start), "Europe/Dublin", 49.5, 900)
    assert got == hours


def test_a_day_that_its_time_zone_begins_twice_gives_none_of_the_day_before(tmp_path: Path) -> None:
    # St. John's, 2010: one minute past midnight the clocks went back to 23:01 of the day before.
    clocks = Clocks(wall=Calendar("America/St_Johns").read("2010-11-07T00:00"))
    got = allowances(tmp_path / "calls.sqlite", clocks, "America/St_Johns", 1.5, 30)
    assert got == [0]


@pytest.mark.parametrize("step", [DAY, -DAY, 400 * DAY, -400 * DAY, 12 * HOUR, -12 * HOUR])
def test_a_step_of_the_clock_gives_no_second_allowance(tmp_path: Path, step: float) -> None:
    clocks = Clocks()
    ledger = SqliteLedger(tmp_path / "calls.sqlite", clocks=clocks)
    reserve(ledger, sent(1), [ALLOWANCE])
    clocks.sleep(60)
    clocks.wall += step
    with pytest.raises(DailyLimitError):
        reserve(ledger, sent(2), [ALLOWANCE])
    ledger.close()
    again = SqliteLedger(tmp_path / "calls.sqlite", clocks=clocks)  # another process, same boot
    with pytest.raises(DailyLimitError) as caught:
        reserve(again, sent(3), [ALLOWANCE])
    assert caught.value.day == "2026-09-21 UTC"
    clocks.wall -= step  # and set right again
    with pytest.raises(DailyLimitError):
        reserve(again, sent(4), [ALLOWANCE])
    clocks.sleep(DAY)
    reserve(again, sent(5), [ALLOWANCE])
    again.close()


def test_clocks_set_back_and_forth_for_a_week_give_seven_allowances(tmp_path: Path) -> None:
    clocks = Clocks(wall=at("2026-06-01T00:00"))
    ledger = SqliteLedger(tmp_path / "calls.sqlite", clocks=clocks)
    granted = 0
    for hour in range(7 * 24):
        clocks.wall += (DAY, -2 * DAY, 3 * DAY, -2 * DAY)[hour % 4]
        try:
            reserve(ledger, sent(hour), [ALLOWANCE])
            granted += 1
        except DailyLimitError:
            pass
        clocks.sleep(HOUR)
    ledger.close()
    assert granted == 7


def test_after_a_reboot_no_day_comes_back(tmp_path: Path) -> None:
    path, clocks = tmp_path / "calls.sqlite", Clocks()
    first = SqliteLedger(path, clocks=clocks)
    reserve(first, sent(1), [ALLOWANCE])
    first.close()
    clocks.reboot("second boot", off=-DAY)  # a dead battery: the clock lost a day
    second = SqliteLedger(path, clocks=clocks)
    with pytest.raises(DailyLimitError, match="2026-09-21 UTC"):
        reserve(second, sent(2), [ALLOWANCE])
    clocks.sleep(DAY)
    reserve(second, sent(3), [ALLOWANCE])  # its time goes on from where it was
    second.close()


def test_time_without_power_counts(tmp_path: Path) -> None:
    path, clocks = tmp_path / "calls.sqlite", Clocks()
    first = SqliteLedger(path, clocks=clocks)
    reserve(first, sent(1), [ALLOWANCE])
    first.close()
    clocks.reboot("second boot", off=DAY)
    second = SqliteLedger(path, clocks=clocks)
    assert second.total(ALLOWANCE) == Total()
    reserve(second, sent(2), [ALLOWANCE])
    assert second.total(ALLOWANCE) == Total(reserved=1_000)
    second.close()


def test_a_year_of_small_corrections_adds_up_to_no_error() -> None:
    # A crystal that runs 100 parts in a million fast, put right by NTP each quarter of an hour.
    time, steady, wall = None, 0, EPOCH * 10**9
    for _ in range(365 * 96):
        true = 900 * 10**9
        steady += true + true // 10_000
        wall += true
        time = advance(time, Reading("boot", steady, wall))
        assert abs(time.wall - wall) <= true // 10_000


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]), st.integers(0, 10**15), st.integers(-(10**17), 10**17)
        ),
        max_size=30,
    )
)
def test_time_never_runs_back_and_no_faster_than_its_pace(
    events: list[tuple[str, int, int]],
) -> None:
    last, steady = Moment(Reading("a", 0, 10**18), "2001-09-09"), 0
    for boot, elapsed, step in events:
        steady += elapsed
        reading = Reading(boot, steady, last.time.wall + elapsed + step)
        moment = proceed(last, reading, Calendar("Europe/Dublin"))
        assert moment.time.wall >= last.time.wall
        assert moment.day >= last.day
        if boot == last.time.boot:
            assert abs(moment.time.wall - last.time.wall - elapsed) <= elapsed // 1_000
        last = moment


def test_a_limit_is_told_with_the_ledgers_day_and_zone(tmp_path: Path) -> None:
    clocks = Clocks(wall=at("2026-07-01T23:30"))
    ledger = SqliteLedger(tmp_path / "calls.sqlite", timezone="Europe/Dublin", clocks=clocks)
    with pytest.raises(DailyLimitError) as caught:
        reserve(ledger, sent(1, reserved=1_001), [ALLOWANCE])
    ledger.close()
    assert caught.value.day == "2026-07-02 Europe/Dublin"


@pytest.mark.parametrize("timezone", ["Europe/Dubin", "../etc/passwd", "", "/etc/localtime"])
def test_a_time_zone_that_there_is_not_is_refused(timezone: str) -> None:
    with pytest.raises(ConfigurationError, match="no time zone"):
        Calendar(timezone)


def test_a_time_is_read_in_the_ledgers_zone_unless_it_names_another() -> None:
    dublin = Calendar("Europe/Dublin")
    assert dublin.read("2026-07-01") == at("2026-06-30T23:00")
    assert dublin.read("2026-07-01T09:30") == at("2026-07-01T08:30")
    assert dublin.read("2026-07-01T09:30+00:00") == at("2026-07-01T09:30")
    for wrong in ("yesterday", "2026-13-01", ""):
        with pytest.raises(ConfigurationError, match="no date and no time"):
            dublin.read(wrong)


def test_the_machines_clocks_go_on_and_this_process_lives() -> None:
    first, second = read_clocks(), read_clocks()
    assert first.boot == second.boot
    assert first.steady <= second.steady
    assert is_alive(this_process())
