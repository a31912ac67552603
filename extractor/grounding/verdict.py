"""The answer to "does this quote bear this value?"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

SupportStatus: TypeAlias = Literal["found", "unverified", "ambiguous", "conflict", "derived"]


@dataclass(frozen=True, slots=True)
class Support:
    """What a quote makes of a value; `reason` explains everything but a plain `found`.

    `found` with a reason means that nothing speaks against the value, and that more is not for code
    to say. `unverified`: the quote does not bear it. `ambiguous`: it can be read in several ways,
    one of them the value. `conflict`: it contradicts itself. `derived`: the value follows from the
    quote by the rule that the reason names.
    """

    status: SupportStatus
    reason: str | None = None

    @property
    def ok(self) -> bool | None:
        """True if the quote bears the value, False if it does not, None where that is open."""
        if self.status == "found":
            return None if self.reason else True
        return False if self.status == "unverified" else None


YES = Support("found")


def no(reason: str) -> Support:
    return Support("unverified", reason)


def unjudged(reason: str) -> Support:
    return Support("found", reason)


def ambiguous(reason: str) -> Support:
    return Support("ambiguous", reason)


def conflict(reason: str) -> Support:
    return Support("conflict", reason)


def derived(reason: str) -> Support:
    return Support("derived", reason)
