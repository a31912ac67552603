"""A sliding window: what was used in the last so many seconds, never counted too low."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    """Amounts by slot of time; a slot counts until all of it has left the window.

    So every window of `period` seconds, wherever it begins, is within what this one reports, and a
    limit is used up to all but one part in `slots`. Slots are numbered from time zero.
    """

    period: float
    slots: int = 240
    used: dict[int, int] = field(default_factory=dict[int, int])
    total: int = 0

    def add(self, amount: int, now: float) -> None:
        """Count an amount at a time that is not before any other."""
        slot = self._slot(now)
        self.used[slot] = self.used.get(slot, 0) + amount
        self.total += amount

    def correct(self, difference: int, at: float) -> None:
        """Change what was counted at an earlier time; too long ago, it has no effect any more."""
        slot = self._slot(at)
        if difference and slot in self.used:
            self.used[slot] += difference
            self.total += difference

    def sum(self, now: float) -> int:
        """Return what counts now."""
        oldest = self._slot(now) - self.slots
        while self.used and (slot := next(iter(self.used))) < oldest:
            self.total -= self.used.pop(slot)
        return self.total

    def wait(self, amount: int, limit: int, now: float) -> float:
        """Return the seconds until an amount fits; the amount itself is within the limit."""
        over = self.sum(now) + amount - limit
        if over <= 0:
            return 0.0
        last = 0
        for slot, used in self.used.items():
            over -= used
            last = slot
            if over <= 0:
                break
        return (last + self.slots + 1) * self.period / self.slots - now

    def shift(self, seconds: float) -> None:
        """Move all that is counted to `seconds` earlier, or to the end of the slot there."""
        slots = int(seconds * self.slots // self.period)
        self.used = {slot - slots: amount for slot, amount in self.used.items()}

    def _slot(self, time: float) -> int:
        return int(time * self.slots // self.period)
