"""A text that is one length of time, as ISO 8601 in the unit that it is written in.

ISO 8601 has no business days. They are written as `BD` in place of `D` here ("P10BD"), as dealers
in derivatives do, so that they never pass for calendar days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from extractor.normalizers.durations import AFTER_NUMBER, LINK, read_iso_duration, unit_of
from extractor.normalizers.mentions import NumberMention, in_plain, number_mentions
from extractor.normalizers.numbers import Certainty


@dataclass(frozen=True, slots=True)
class DurationReading:
    """One length of time.

    `candidates` are ISO 8601 durations: several where the number is `ambiguous`, or where its words
    and figures are in `conflict` (words first).
    """

    raw: str
    candidates: tuple[str, ...]
    certainty: Certainty = "certain"

    @property
    def value(self) -> str | None:
        """The ISO 8601 duration, or None unless it is certain."""
        return self.candidates[0] if self.certainty == "certain" else None


_LEAD = re.compile(
    r"(?:for\s+)?(?:(?:an?|the)\s+)?(?:(?:initial\s+)?(?:period|term)\s+of\s+)?", re.IGNORECASE
)
_ONE = re.compile(r"an?\s+(?=(?:year|quarter|month|fortnight|week|day|hour)\b)", re.IGNORECASE)
_SHORT = re.compile(
    r"(?P<count>\d{1,4})[\s-]*(?:(?P<Y>y)|(?P<M>mo)|(?P<W>w)|(?P<D>d))\.?",
    re.IGNORECASE,
)
"""A count with a unit's abbreviation; m alone is none, which may be minutes."""
_MISPLACED = re.compile(r"PT(\d{1,4}[YWD])")
"""ISO 8601 but for the T, after which only hours, minutes and seconds may stand."""
_ORDER = ("Y", "M", "W", "D", "BD", "H", "TM")
_TIMES = {"quarter": 3, "fortnight": 2}
_LETTERS = {
    "year": "Y", "quarter": "M", "month": "M", "fortnight": "W", "week": "W",
    "day": "D", "hour": "H", "minute": "TM",
}  # fmt: skip


def read_duration(text: str) -> DurationReading | None:
    """Read a text that is one length of time and nothing else; None where it is not.

    Fractions that no unit holds exactly ("1.5 months") are None.

    >>> read_duration("thirty-six (36) months").value, read_duration("10 business days").value
    ('P36M', 'P10BD')
    >>> read_duration("one year and six months").value, read_duration("sixty (90) days").certainty
    ('P1Y6M', 'conflict')
    >>> read_duration("5y").value, read_duration("18 mos.").value, read_duration("PT2Y").value
    ('P5Y', 'P18M', 'P2Y')
    """
    plain = _ONE.sub("one ", in_plain(text).strip().removesuffix("."))
    if read_iso_duration(plain):
        return DurationReading(text, (plain,))
    if short := _SHORT.fullmatch(plain):
        return DurationReading(text, (f"P{short['count']}{short.lastgroup}",))
    if misplaced := _MISPLACED.fullmatch(plain):
        return DurationReading(text, (f"P{misplaced[1]}",))
    lead = _LEAD.match(plain)
    at, mentions = lead.end() if lead else 0, number_mentions(plain)
    parts: list[tuple[str, ...]] = []
    certainty: Certainty = "certain"
    while at < len(plain):
        number = next((mention for mention in mentions if mention.start == at), None)
        unit = AFTER_NUMBER.match(plain, number.end) if number else None
        if number is None or unit is None or number.form == "ordinal":
            return None
        counts, agreed = _counts([m for m in mentions if at <= m.start < unit.end()])
        written = tuple(_iso_part(count, unit) for count in counts)
        if "" in written:
            return None
        parts.append(written)
        certainty = agreed if certainty == "certain" else certainty
        link = LINK.match(plain, unit.end())
        at = link.end() if link else unit.end()
    joined = {_joined(chosen) for chosen in product(*parts)}
    if not parts or "" in joined:
        return None
    ordered = tuple(dict.fromkeys(_joined(chosen) for chosen in product(*parts)))
    return DurationReading(text, ordered, certainty)


def _counts(said: list[NumberMention]) -> tuple[tuple[Decimal, ...], Certainty]:
    """Return the numbers that one count can be: said once, or in words and figures."""
    first, others = said[0].candidates, said[1:]
    agreed = tuple(n for n in first if all(n in other.candidates for other in others))
    if not agreed:
        return first + tuple(n for other in others for n in other.candidates), "conflict"
    return agreed, "certain" if len(agreed) == 1 else "ambiguous"


def _iso_part(count: Decimal, unit: re.Match[str]) -> str:
    """Write a count with its unit; nothing where ISO 8601 can't say it exactly."""
    name = unit_of(unit)
    if unit["business"] and name != "day":
        return ""
    letter = "BD" if unit["business"] else _LETTERS[name]
    if name in _TIMES:
        count *= _TIMES[name]
    elif name == "year" and count % 1:
        count, letter = count * 12, "M"
    return f"{int(count)}{letter}" if count >= 0 and not count % 1 else ""


def _joined(parts: tuple[str, ...]) -> str:
    """Put the parts in a row from the longest unit; nothing where a unit comes twice or early."""
    units = [_ORDER.index(re.sub(r"\d", "", part)) for part in parts]
    if units != sorted(set(units)) or ("BD" in "".join(parts) and len(parts) > 1):
        return ""
    days = "".join(part for part, unit in zip(parts, units, strict=True) if unit < 5)
    hours = "".join(part for part, unit in zip(parts, units, strict=True) if unit >= 5)
    return f"P{days}T{hours.replace('TM', 'M')}" if hours else f"P{days}"
