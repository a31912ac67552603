"""The answer to "does this quote bear this value?"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Support:
    """A verdict: `ok` is None where it is not for code to say; `reason` explains all but True."""

    ok: bool | None
    reason: str | None = None


YES = Support(ok=True)


def no(reason: str) -> Support:
    return Support(ok=False, reason=reason)


def unclear(reason: str) -> Support:
    return Support(ok=None, reason=reason)
