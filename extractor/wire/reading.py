"""What a reader makes of a reply, before any schema is laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.paths import Path
from extractor.types import Repair


class Lexeme(str):
    """An unquoted scalar exactly as it was written, such as `12.10` or `1,000,000`.

    What it is, the schema decides later: "12.10" for a string, `Decimal("12.10")` for a decimal.
    """

    __slots__ = ()


class Repeated(list[Any]):
    """All values of a key or tag that was given several times, in order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One structure that was found in a reply.

    `value` is made of None, bool, str, `Lexeme`, list, dict and `Repeated`. `cut` names the values
    that the end of the text has cut off. `is_alone` says whether it has its lines for itself,
    rather than being part of a sentence.
    """

    value: Any
    repairs: tuple[Repair, ...] = ()
    cut: tuple[Path, ...] = ()
    is_alone: bool = True
