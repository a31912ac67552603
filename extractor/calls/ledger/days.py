"""The ledger's day: which one it is, and a clock that gives no day twice.

A limit per day is worth what its clock is worth. Somebody who may set the clock of the machine
would get a second allowance by setting it a day ahead, and a third by setting it back. So the
ledger keeps time by itself:

- Within a boot it counts on from a moment that is stored in its file, by a clock that nobody can
  set and that runs through sleep. A step of the wall clock changes nothing.
- It follows the wall clock at no more than 1 part in 1,000 (86.4 s a day). The corrections of NTP
  stay below that (500 parts in a million at most), so they are followed and no error adds up.
- After a reboot the wall clock is believed, but no time before the last one stored.

The price: a clock that was wrong when the ledger was first used after a boot, and is set right
later, is followed only at that pace, or after the next reboot if it was behind. A machine that was
suspended from outside, unknown to its kernel, lags in the same way. And a clock set ahead while
the machine is off can't be told from time that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extractor.calls.ledger.machine import Reading
from extractor.errors import ConfigurationError

_PACE = 1_000
"""One nanosecond of correction in as many nanoseconds; see the module."""


def advance(last: Reading | None, now: Reading) -> Reading:
    """Return the ledger's time as `wall`, from its last time and what the clocks show now."""
    if last is None:
        return now
    if now.boot != last.boot:
        return Reading(now.boot, now.steady, max(now.wall, last.wall))
    elapsed = max(now.steady - last.steady, 0)
    counted, most = last.wall + elapsed, elapsed // _PACE
    correction = min(max(now.wall - counted, -most), most)
    return Reading(now.boot, last.steady + elapsed, counted + correction)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days as a time zone has them: 23 or 25 hours long when its clocks change.

    Raises:
        ConfigurationError: there is no such time zone.
    """

    timezone: str = "UTC"

    def __post_init__(self) -> None:
        self.zone()

    def day(self, time: int) -> str:
        """Return the day of a time in nanoseconds since 1970, as `2026-03-29`."""
        return _day(time // 1_000_000_000, self)

    def read(self, text: str) -> float:
        """Read a date, or a date and time, in this time zone; in seconds since 1970.

        Raises:
            ConfigurationError: it is neither.
        """
        try:
            time = datetime.fromisoformat(text)
            return (time if time.tzinfo else time.replace(tzinfo=self.zone())).timestamp()
        except (ValueError, OverflowError):
            raise ConfigurationError(
                f"{text!r} is no date and no time.", hint="Write 2026-11-01 or 2026-11-01T09:30."
            ) from None

    def zone(self) -> tzinfo:
        """Return the time zone itself."""
        if self.timezone == "UTC":
            return UTC  # known without the database of time zones, which a machine may lack
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigurationError(
                f"There is no time zone {self.timezone!r}.",
                hint="Write it as Europe/Dublin; a machine without any needs the package tzdata.",
            ) from None


@lru_cache(maxsize=16)
def _day(second: int, calendar: Calendar) -> str:
    moment = _EPOCH + timedelta(seconds=second)
    return moment.astimezone(calendar.zone()).date().isoformat()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """The ledger's time and day."""

    time: Reading
    day: str


def proceed(last: Moment | None, now: Reading, calendar: Calendar) -> Moment:
    """Return the present moment of a ledger; its day is never one before the last.

    Time alone does not see to that: where clocks were put back just after midnight, as in
    Newfoundland until 2011, a day began twice.
    """
    if last is None:
        return Moment(now, calendar.day(now.wall))
    time = advance(last.time, now)
    return Moment(time, max(calendar.day(time.wall), last.day))
