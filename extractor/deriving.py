"""What no clause states, and others give: an end from a start and a term.

A schema declares its rules as a class attribute:

    derivations: ClassVar[tuple[Rule, ...]] = (
        EndOfTerm("effective_date", "term", "expiration_date"),
    )

They fill fields of which the document says nothing, from fields that it proves. What they give is
`derived`: its note has the rule and its inputs, its evidence is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, cast, runtime_checkable

from pydantic import BaseModel, ValidationError

from extractor.normalizers import date_bounds, shifted
from extractor.types import FieldResult, T

BY_RULE = "by a rule of the schema: "
"""How the note of a derived field begins."""

_OPEN = frozenset({"absent", "not_searched", "unverified"})
_PROVED = frozenset({"found", "derived"})


class Derived(NamedTuple):
    """What a rule gives for its field, as JSON has it, and how it came about."""

    value: Any
    how: str


@runtime_checkable
class Rule(Protocol):
    """One field of a schema that follows from others; write your own as a class like this.

    Attributes:
        field: the name of what it fills, a field of the schema's root.
        inputs: the names of the fields that have to be proved first.
    """

    @property
    def field(self) -> str: ...
    @property
    def inputs(self) -> tuple[str, ...]: ...

    def derive(self, value: BaseModel, /) -> Derived | None:
        """Return what follows from the inputs' values; None where nothing does."""
        ...


@dataclass(frozen=True, slots=True)
class EndOfTerm:
    """The end of a term: its anniversary, counted from the start.

    Some contracts count to the day before; the note says so. Only whole dates, and terms without
    business days, are reckoned with.
    """

    start: str
    term: str
    end: str

    @property
    def field(self) -> str:
        return self.end

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.start, self.term

    def derive(self, value: BaseModel, /) -> Derived | None:
        start, term = getattr(value, self.start, None), getattr(value, self.term, None)
        bounds = date_bounds(str(start)) if start is not None else None
        if bounds is None or bounds[0] != bounds[1] or not isinstance(term, str):
            return None
        end = shifted(bounds[0], term)
        if end is None:
            return None
        how = f"{self.start} ({bounds[0]}) and {self.term} ({term}) end on {end}, or the day before"
        return Derived(end.isoformat(), how)


def with_derived(
    value: T, fields: Mapping[str, FieldResult]
) -> tuple[T, dict[str, FieldResult], tuple[str, ...]]:
    """Fill what a schema's rules give, where nothing is stated and all inputs are proved.

    A rule that raises, or gives what the schema refuses, is a warning: no answer is lost by it.

    Args:
        value: the validated value.
        fields: what is known of each leaf, by path.

    Returns:
        The value, the fields, and warnings.
    """
    known, warnings = dict(fields), list[str]()
    for rule in _rules(type(value)):
        if not _applies(rule, value, known):
            continue
        try:
            derived = rule.derive(value)
            if derived is not None:
                value = _with(value, rule.field, derived.value)
                known[rule.field] = _result(rule, derived, known)
        except ValidationError:
            warnings.append(f"What a rule gives for {rule.field} is refused by the schema.")
        except Exception as error:
            warnings.append(f"The rule {type(rule).__name__} raised {type(error).__name__}.")
    return value, known, tuple(warnings)


def rederived(value: BaseModel, field: str) -> Any:
    """Return what a schema's rules give for a field, as JSON has it; None if nothing."""
    for rule in _rules(type(value)):
        if rule.field == field and (derived := rule.derive(value)):
            return derived.value
    return None


def _applies(rule: Rule, value: BaseModel, known: Mapping[str, FieldResult]) -> bool:
    before = known.get(rule.field)
    is_open = before is None or before.status in _OPEN
    return (
        is_open
        and getattr(value, rule.field, None) is None
        and all(name in known and known[name].status in _PROVED for name in rule.inputs)
    )


def _result(rule: Rule, derived: Derived, known: Mapping[str, FieldResult]) -> FieldResult:
    """Return a derived field: what the model wrote there stays, the proof is that of the inputs."""
    return FieldResult(
        "derived",
        derived.value,
        raw=known[rule.field].raw if rule.field in known else None,
        evidence=tuple(item for name in rule.inputs for item in known[name].evidence),
        note=f"{BY_RULE}{derived.how}",
    )


def _rules(schema: type[BaseModel]) -> Iterator[Rule]:
    declared: object = getattr(schema, "derivations", ())
    for rule in cast("tuple[object, ...]", declared) if isinstance(declared, tuple) else ():
        if isinstance(rule, Rule):
            yield rule


def _with(value: T, field: str, given: Any) -> T:
    """Return a copy with one more field, validated as the whole."""
    copy = value.model_copy(deep=True)
    type(value).__pydantic_validator__.validate_assignment(copy, field, given)
    return copy
