"""A result checked against its document again, without a model."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from extractor.deriving import BY_RULE, rederived
from extractor.documents.document import Document
from extractor.flow.proving import LEFT_OUT
from extractor.grounding import Locator
from extractor.grounding.fields import BY_VALIDATOR, field_results
from extractor.paths import Path, format_path
from extractor.types import Evidence, FieldResult, FieldStatus
from extractor.wire.compile import compile_schema
from extractor.wire.differences import differences
from extractor.wire.paths import node_at
from extractor.wire.restored import Leaf
from extractor.wire.shape import Scalar, Shape


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one field's proof.

    `status` is what the document bears out now, and `problem` how the result differs from that;
    None where it holds. A field without a value has nothing to check, and no verdict.
    """

    status: FieldStatus
    problem: str | None = None


def verify(
    value: Any, fields: Mapping[Path, FieldResult], document: Document, schema: type[BaseModel]
) -> dict[Path, Verdict]:
    """Check every value of a result: its quotes' places, their words, and what they bear.

    Nothing is taken from the result but what it claims: the quotes are located anew, and each value
    is compared with them by the same rules as when it was extracted.

    Args:
        value: the result's object, as JSON has it.
        fields: its leaves.
        document: the one that was extracted, read in the same way.
        schema: what the leaves' types are.

    Returns:
        A verdict for each field with a value, and for those places of the object that say something
        else than their field.
    """
    shape, locator = compile_schema(schema), Locator.of(document)
    verdicts: dict[Path, Verdict] = {}
    try:
        made = schema.model_validate(value)
    except ValidationError as error:
        made = None
        wrong = f"the object is no valid {schema.__name__} ({error.error_count()} errors)"
        verdicts[()] = Verdict("unverified", wrong)
    for path, claimed in fields.items():
        if claimed.value is None:
            continue
        by_validator = (claimed.note or "").startswith(BY_VALIDATOR)
        leaf = Leaf(
            raw=claimed.raw,
            value=claimed.raw if by_validator else claimed.value,
            quotes=tuple(dict.fromkeys(item.quote for item in claimed.evidence)),
            node=node_at(shape, path),
        )
        changed = {path: claimed.value} if by_validator else {}
        results = field_results({path: leaf}, changed, document, locator, evidence="quotes")
        if path in results:
            found = results[path]
            if (claimed.note or "").startswith(BY_RULE):
                found = _by_rule(
                    claimed, found, made=made, fields=fields, path=path, document=document
                )
            verdicts[path] = Verdict(found.status, _problem(claimed, found, document))
    for path, said in _other_values(value, made, fields, shape) if made else ():
        known = verdicts.get(path, Verdict("unverified"))
        verdicts[path] = replace(known, problem=known.problem or said)
    return verdicts


def _by_rule(
    claimed: FieldResult,
    found: FieldResult,
    *,
    made: BaseModel | None,
    fields: Mapping[Path, FieldResult],
    path: Path,
    document: Document,
) -> FieldResult:
    """Judge a value that a rule of the schema gave: by that rule, from the object's other fields.

    Their own verdicts say whether these hold.
    """
    known = {str(other[0]): result for other, result in fields.items() if len(other) == 1}
    again = rederived(made, known, format_path(path), document.text) if made else ()
    is_same = any(
        each.value == claimed.value and _quotes(each) == _quotes(claimed) for each in again
    )
    note = None if is_same else "no rule of the schema gives it from the other fields"
    return replace(found, status="derived" if is_same else "unverified", note=note)


def _quotes(result: FieldResult) -> list[str]:
    return [item.quote for item in result.evidence]


def _problem(claimed: FieldResult, found: FieldResult, document: Document) -> str | None:
    """Say how a field differs from what the document bears out."""
    for item in claimed.evidence:
        if item.span and item.text != document.text[item.span.start : item.span.end]:
            return "the document has other words at the place of its quote"
    if claimed.status != found.status:
        why = f": {found.note}" if found.note else ""
        return f"it is called {claimed.status}, and is {found.status}{why}"
    if [*map(_place, claimed.evidence)] != [*map(_place, found.evidence)]:
        return "its quotes stand in other places"
    return None


def _place(item: Evidence) -> tuple[Any, ...]:
    return item.quote, item.status, item.span


def _other_values(
    value: Any, made: BaseModel, fields: Mapping[Path, FieldResult], shape: Shape
) -> Iterator[tuple[Path, str]]:
    """Name the places at which the object says something else than its fields."""
    yield from _worked_out(value, made)
    for path, result in fields.items():
        if (result.note or "").endswith(LEFT_OUT) and _at(value, path) is not None:
            yield path, "the field was left out of the object, which has a value here"
    claimed = {path: result.value for path, result in fields.items()}
    for path, there in differences(made, claimed):
        is_left_out = there is None and fields[path].status == "unverified"
        is_default = claimed[path] is None and _is_default(value, path, there, type(made))
        if not is_left_out and not is_default:
            yield path, "the object says something else than this field"
    for path in _leaves(value, ()):
        node = node_at(shape, path)
        is_fact = node is not None and not (isinstance(node, Scalar) and node.is_constant)
        if is_fact and not any(path[:n] in fields for n in range(len(path) + 1)):
            yield path, "the object has a value here, and there is no field for it"


def _worked_out(value: Any, made: BaseModel) -> Iterator[tuple[Path, str]]:
    """Name what stands beside the schema's fields and is not what the schema makes of them."""
    beside = set(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else set[str]()
    beside -= type(made).model_fields.keys()
    again = made.model_dump(mode="json") if beside else {}
    for name in sorted(beside):
        if name not in again:
            yield (name,), "the schema has no such field"
        elif again[name] != value[name]:
            yield (name,), f"the schema works out {again[name]!r} here"


def _at(value: Any, path: Path) -> Any:
    """Return what plain data has at a place; None for nothing."""
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def _is_default(value: Any, path: Path, there: Any, schema: type[BaseModel]) -> bool:
    """Whether the schema itself puts this value here where nothing is given."""
    without = copy.deepcopy(value)
    around = without
    for step in path[:-1]:
        around = around[step]
    if not isinstance(around, dict):
        return False
    cast("dict[str | int, Any]", around).pop(path[-1], None)
    try:
        made = schema.model_validate(without)
    except ValidationError:
        return False
    return not [*differences(made, {path: there})]


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(cast("Sequence[Any]", value)):
            yield from _leaves(inner, (*path, i))
    elif value is not None:
        yield path
