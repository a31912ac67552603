"""What the fields of one contract say of each other.

A schema declares its checks as a class attribute:

    checks: ClassVar[tuple[Check, ...]] = (InOrder("effective_date", "expiration_date"),)

They run on the validated value and only ever warn: which of two fields is wrong is for whoever
reads both citations. A check that lacks a value says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Protocol, cast, runtime_checkable

from pydantic import BaseModel

from extractor.about import declared
from extractor.errors import ConfigurationError
from extractor.normalizers import (
    contradictions,
    date_bounds,
    longest,
    read_iso_duration,
    read_party,
    same_party,
    shifted,
    shortest,
)
from extractor.types import FieldResult


@dataclass(frozen=True, slots=True)
class Finding:
    """Fields that don't go together, by name, and why."""

    fields: tuple[str, ...]
    message: str


@runtime_checkable
class Check(Protocol):
    """One rule about a schema's fields; write your own as a class with this method."""

    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        """Yield what speaks against a value; nothing where the rule holds or can't be tried."""
        ...


@dataclass(frozen=True, slots=True)
class InOrder:
    """One date is not after another. Of partial dates, every day that they can mean counts."""

    earlier: str
    later: str

    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        one, other = _bounds(value, self.earlier), _bounds(value, self.later)
        if one and other and one[0] > other[1]:
            said = f"{self.earlier} ({_said(value, self.earlier)}) is after {self.later} "
            yield Finding((self.earlier, self.later), said + f"({_said(value, self.later)})")


@dataclass(frozen=True, slots=True)
class EndsAfterTerm:
    """A term from its start ends on the end date, or a day beside it.

    Contracts count to the anniversary or to the day before. Terms in business days can't be
    reckoned without their calendar, and are passed over.
    """

    start: str
    term: str
    end: str

    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        start, end = _day(value, self.start), _day(value, self.end)
        term = getattr(value, self.term, None)
        due = shifted(start, term) if start and isinstance(term, str) else None
        if due and end and abs((end - due).days) > 1:
            said = f"{self.start} ({start}) with {self.term} ({term}) ends about {due}, "
            yield Finding((self.start, self.term, self.end), said + f"but {self.end} is {end}")


@dataclass(frozen=True, slots=True)
class ShorterThan:
    """One length of time is shorter than another, such as a notice than the term it ends."""

    shorter: str
    longer: str

    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        ours, theirs = getattr(value, self.shorter, None), getattr(value, self.longer, None)
        one = read_iso_duration(ours) if isinstance(ours, str) else None
        other = read_iso_duration(theirs) if isinstance(theirs, str) else None
        least, most = (shortest(one) if one else None), (longest(other) if other else None)
        if least is not None and most is not None and least >= most:
            said = f"{self.shorter} ({ours}) is not shorter than {self.longer} ({theirs})"
            yield Finding((self.shorter, self.longer), said)


@dataclass(frozen=True, slots=True)
class DistinctParties:
    """At least two different parties are named, and none of them twice.

    `fields` are names of fields that hold a party's name, an object with one, or a list of these.
    """

    fields: tuple[str, ...]

    def __init__(self, *fields: str) -> None:
        object.__setattr__(self, "fields", fields)

    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        named = [(path, name) for field in self.fields for path, name in _names(value, field)]
        known = [(path, name) for path, name in named if read_party(name)]
        same = [
            (one, other)
            for (one, ours), (other, theirs) in combinations(known, 2)
            if same_party(ours, theirs)
        ]
        for one, other in same:
            yield Finding((one, other), f"{one} and {other} name the same party")
        if known and not same and len(known) < 2:
            yield Finding(tuple(path for path, _ in known), "only one party is named")


def checks_of(schema: type[BaseModel]) -> tuple[Check, ...]:
    """Return the checks that a schema declares.

    Raises:
        ConfigurationError: one is no check, or one of ours is about a field that the schema lacks.
    """
    checks: list[Check] = []
    for check in declared(schema, "checks"):
        if not isinstance(check, Check):
            raise ConfigurationError(
                f"{schema.__name__}.checks holds {check!r}, which is no check."
            )
        unknown = [name for name in _named_in(check) if name not in schema.model_fields]
        if unknown:
            named = ", ".join(unknown)
            raise ConfigurationError(
                f"{schema.__name__}.checks: {check!r} names {named}, which the schema lacks."
            )
        checks.append(check)
    return tuple(checks)


def _named_in(check: Check) -> tuple[str, ...]:
    match check:
        case InOrder(earlier, later):
            return earlier, later
        case EndsAfterTerm(start, term, end):
            return start, term, end
        case ShorterThan(shorter, longer):
            return shorter, longer
        case DistinctParties():
            return check.fields
        case _:
            return ()


def check_warnings(value: BaseModel, fields: Mapping[str, FieldResult]) -> tuple[str, ...]:
    """Run a schema's checks, and compare words with figures in every quote.

    Each warning names its fields, with the place of each one's quote. A check that raises is a
    warning too: an answer that is paid for is not lost by it.

    Args:
        value: the validated value.
        fields: what is known of each leaf, by path.
    """
    warnings: list[str] = []
    for check in checks_of(type(value)):
        try:
            found = list(check.findings(value))
        except Exception as error:
            warnings.append(f"The check {type(check).__name__} raised {type(error).__name__}.")
            continue
        warnings += [f"{f.message} [{_cited(f.fields, fields)}]" for f in found]
    return (*warnings, *_disagreeing(fields))


def _disagreeing(fields: Mapping[str, FieldResult]) -> Iterator[str]:
    """Warn of quotes whose words and figures disagree, each quote once with all its fields."""
    quoted: dict[str, list[str]] = defaultdict(list)
    for path, result in fields.items():
        for quote in dict.fromkeys(e.quote for e in result.evidence if e.span is not None):
            quoted[quote].append(path)
    for quote, paths in quoted.items():
        for numbers in contradictions(quote):
            said = " and ".join(f"{number:f}" for number in numbers)
            where = _cited(tuple(paths), fields)
            yield f"words and figures disagree in the quote of {', '.join(paths)}: {said} [{where}]"


def _cited(names: tuple[str, ...], fields: Mapping[str, FieldResult]) -> str:
    return "; ".join(f"{name}: {_place(name, fields)}" for name in names)


def _place(name: str, fields: Mapping[str, FieldResult]) -> str:
    """Say where a field's quote stands: of an object, the first of its leaves'."""
    for path, result in fields.items():
        if path != name and not path.startswith((f"{name}.", f"{name}[")):
            continue
        for evidence in result.evidence:
            if evidence.span is not None:
                page = f"page {evidence.page}, " if evidence.page else ""
                return f"{page}characters {evidence.span.start}-{evidence.span.end}"
    return "no quote found"


def _names(value: BaseModel, field: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a field holds, by path."""
    held: object = getattr(value, field, None)
    items = cast("Sequence[object]", held) if isinstance(held, list | tuple) else [held]
    for number, item in enumerate(items):
        path = f"{field}[{number}]" if isinstance(held, list | tuple) else field
        name: object = item if isinstance(item, str) else getattr(item, "name", None)
        if isinstance(name, str):
            yield (path if item is name else f"{path}.name"), name


def _day(value: BaseModel, field: str) -> date | None:
    bounds = _bounds(value, field)
    return bounds[0] if bounds and bounds[0] == bounds[1] else None


def _bounds(value: BaseModel, field: str) -> tuple[date, date] | None:
    held: object = getattr(value, field, None)
    if isinstance(held, date):
        return held, held
    return date_bounds(held) if isinstance(held, str) else None


def _said(value: BaseModel, field: str) -> str:
    return str(getattr(value, field))
