"""What no clause states, and others give: an end from a start and a term.

A schema declares its rules as a class attribute:

    derivations: ClassVar[tuple[Rule, ...]] = (
        EndOfTerm("effective_date", "term", "expiration_date"),
    )

They fill fields of which the document says nothing, from fields that it proves. What they give is
`derived`: its note has the rule and its inputs, its evidence is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from extractor.about import declared
from extractor.documents.structure.sentences import whole_sentence
from extractor.errors import ConfigurationError
from extractor.normalizers import date_bounds, dates_in, shifted
from extractor.types import Evidence, FieldResult, T

BY_RULE = "by a rule of the schema: "
"""How the note of a derived field begins."""

_COUNTED_FROM = re.compile(
    r"\b(?:from(?: and including)?|after|following|since|anniversar(?:y|ies) of"
    r"|(?:commenc|beginn|start)(?:s|es|ing)?(?: on| upon| with| from)?|begins?(?: on| upon| with)?"
    r"|(?:takes? effect|effective)(?: on| upon| from| as of))"
    r"\s+(?P<event>[^.;()]{1,80})",
    re.IGNORECASE,
)
_OWN_START = re.compile(
    r"(?:the\s+)?(?:effective\s+date|commencement(?:\s+date)?|start(?:\s+date)?"
    r"|dates?\s+(?:hereof|of\s+th(?:is|e)\s+(?:agreement|contract|lease|deed|licen[cs]e)|first|above"
    r"|on\s+which\s+it\s+takes)|same\b|(?:that|this|such|its)\s+(?:day|date|commencement|effective))"
    r"|hereof|today|year\s+to|its\s+(?:end|expir|terminat)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:when|once|as soon as)\b", re.IGNORECASE)
_WORKING_DAYS = re.compile(r"\b(?:business|working)\s+days?\b", re.IGNORECASE)
_OPEN = frozenset({"absent", "not_searched", "unverified"})
_PROVED = frozenset({"found", "derived"})


class Derived(NamedTuple):
    """What a rule gives for its field, as JSON has it, and how it came about."""

    value: Any
    how: str


Sentences: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each input of a rule, the sentences that its quotes stand in."""


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

    def derive(self, value: BaseModel, sentences: Sentences, /) -> Derived | None:
        """Return what follows from the inputs' values; None where nothing does."""
        ...


@dataclass(frozen=True, slots=True)
class EndOfTerm:
    """The end of a term: its anniversary, counted from the start.

    Some contracts count to the day before; the note says so. Only whole dates, and terms without
    business days, are reckoned with; and none that the contract counts from another event ("three
    years from the Delivery Date").
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

    def derive(self, value: BaseModel, sentences: Sentences, /) -> Derived | None:
        start, term = getattr(value, self.start, None), getattr(value, self.term, None)
        bounds = date_bounds(str(start)) if start is not None else None
        if bounds is None or bounds[0] != bounds[1] or not isinstance(term, str):
            return None
        end = shifted(bounds[0], term)
        said = sentences[self.term]
        if end is None or not all(_is_reckoned(sentence, bounds[0]) for sentence in said):
            return None
        how = f"{self.start} ({bounds[0]}) and {self.term} ({term}) end on {end}, or the day before"
        return Derived(end.isoformat(), how)


def _is_reckoned(sentence: str, start: date) -> bool:
    """Whether a sentence counts a term in calendar time, and from the contract's own start."""
    if _CONDITION.search(sentence) or _WORKING_DAYS.search(sentence):
        return False
    for found in _COUNTED_FROM.finditer(sentence):
        event = found["event"]
        days = [day.value for day in dates_in(event) if day.value]
        if not (start in days or (not days and _OWN_START.match(event))):
            return False
    return True


def with_derived(
    value: T, fields: Mapping[str, FieldResult], text_of: Callable[[Evidence], str]
) -> tuple[T, dict[str, FieldResult], tuple[str, ...]]:
    """Fill what a schema's rules give, where nothing is stated and all inputs are proved.

    A rule that raises, or gives what the schema refuses, is a warning: no answer is lost by it.

    Args:
        value: the validated value.
        fields: what is known of each leaf, by path.
        text_of: returns the text of the document that some evidence is in.

    Returns:
        The value, the fields, and warnings.
    """
    known, warnings = dict(fields), list[str]()
    for rule in rules_of(type(value)):
        if not _applies(rule, value, known):
            continue
        try:
            derived = rule.derive(value, _sentences(rule, known, text_of))
            if derived is not None:
                value = _with(value, rule.field, derived.value)
                known[rule.field] = _result(rule, derived, known)
        except ValidationError:
            warnings.append(f"What a rule gives for {rule.field} is refused by the schema.")
        except Exception as error:
            warnings.append(f"The rule {type(rule).__name__} raised {type(error).__name__}.")
    return value, known, tuple(warnings)


def rederived(
    value: BaseModel, known: Mapping[str, FieldResult], field: str, text: str
) -> Iterator[FieldResult]:
    """Yield what a schema's rules give for a field, as `with_derived` would have written it."""
    for rule in rules_of(type(value)):
        if rule.field != field or not all(name in known for name in rule.inputs):
            continue
        with suppress(Exception):  # a rule that raises gives nothing, as when it was extracted
            derived = rule.derive(value, _sentences(rule, known, lambda _: text))
            if derived is not None:
                yield _result(rule, derived, known)


def rules_of(schema: type[BaseModel]) -> tuple[Rule, ...]:
    """Return the rules that a schema declares.

    Raises:
        ConfigurationError: one is no rule, or is about a field that the schema lacks.
    """
    rules: list[Rule] = []
    for rule in declared(schema, "derivations"):
        if not isinstance(rule, Rule):
            raise ConfigurationError(
                f"{schema.__name__}.derivations holds {rule!r}, which is no rule."
            )
        unknown = {rule.field, *rule.inputs} - schema.model_fields.keys()
        if unknown:
            named = ", ".join(sorted(unknown))
            raise ConfigurationError(
                f"{schema.__name__}.derivations: {rule!r} names {named}, which the schema lacks."
            )
        rules.append(rule)
    return tuple(rules)


def _sentences(
    rule: Rule, known: Mapping[str, FieldResult], text_of: Callable[[Evidence], str]
) -> Sentences:
    return {
        name: tuple(
            whole_sentence(text_of(item), item.span)
            for item in known[name].evidence
            if item.span is not None
        )
        for name in rule.inputs
    }


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
        to_jsonable_python(derived.value),
        raw=known[rule.field].raw if rule.field in known else None,
        evidence=tuple(
            dict.fromkeys(item for name in rule.inputs for item in known[name].evidence)
        ),
        note=f"{BY_RULE}{derived.how}",
    )


def _with(value: T, field: str, given: Any) -> T:
    """Return a copy with one more field, validated as the whole."""
    copy = value.model_copy(deep=True)
    type(value).__pydantic_validator__.validate_assignment(copy, field, given)
    return copy
