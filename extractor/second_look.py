"""A second look for fields of high value that a first reading did not find.

A schema names them in a class attribute:

    vital: ClassVar[tuple[str, ...]] = ("parties", "effective_date", "governing_law")

They are asked for once more, all in one request, with the clauses that most likely state them. Of
the answers only those count that their quotes prove: what is still not proved stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from pydantic import BaseModel

from extractor.backends.parse import Parsed
from extractor.documents.document import Document
from extractor.documents.furniture import body_view
from extractor.documents.passages import passages
from extractor.paths import Path
from extractor.planning import Plan
from extractor.proving import BORNE, Proved
from extractor.reask import Reask, apply, patch
from extractor.types import FieldResult, T
from extractor.wire.partial import partial
from extractor.wire.queries import queries
from extractor.wire.restored import Restored
from extractor.wire.shape import Field, Nullable, Object, Shape

KIND = "second_look"
"""What the repairs are called by which a second look fills a field."""

SHOWN = 4_000
"""Characters of the document that a second look shows."""


def vital_fields(schema: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a schema's root that are worth a second look, by their names."""
    declared: object = getattr(schema, "vital", ())
    names = cast("tuple[object, ...]", declared) if isinstance(declared, tuple) else ()
    return tuple(str(name) for name in names if name in schema.model_fields)


def second_look(
    plan: Plan[T],
    fields: Mapping[str, FieldResult],
    document: Document,
    *,
    fits: Callable[[Shape], bool] = lambda _: True,
) -> Reask | None:
    """Plan one request for what a first reading did not find; None where nothing is missing.

    Args:
        plan: what was asked of whom. Without quotes nothing could prove the answers, and there is
            no second look.
        fields: what is known of each leaf, by path.
        document: the contract.
        fits: says whether one request can ask for all of a schema.
    """
    if plan.evidence == "none":
        return None
    names = [name for name in vital_fields(plan.schema) if not [*_of(name, fields)]]
    # passages are short: there a model copies what proves a value
    shape = replace(partial(plan.shape), by_paragraph=False)
    members = [*_members(shape, names, insists=plan.profile.says_null_early)]
    asked = patch(shape, members)
    if not members or not fits(asked):
        return None
    targets: dict[str, Path] = {field.tag: (field.name,) for field in members}
    return Reask(asked, targets, tuple(_shown(document, asked)), (), KIND)


def improved(
    plan: Plan[T],
    parsed: Parsed[T],
    before: Proved[T],
    step: Reask,
    *,
    answers: Sequence[Restored],
    prove: Callable[[Parsed[T]], Proved[T]],
) -> Proved[T]:
    """Take over what a second look has found, field by field, where it is proved.

    Args:
        plan: what was asked.
        parsed: the first answer, before anything was left out of it.
        before: what of it is proved.
        step: the second look.
        answers: what came of it.
        prove: compares an answer with the document.
    """
    best = before
    for tag, place in step.targets.items():
        one = replace(step, targets={tag: place})
        tried = apply(plan.schema, plan.shape, parsed, one, answers)
        if tried is parsed or tried.value is None:
            continue
        proved = prove(tried)
        if any(result.value is not None for result in _of(str(place[0]), proved.fields)):
            parsed, best = tried, proved
    return best


def _of(name: str, fields: Mapping[str, FieldResult]) -> Iterator[FieldResult]:
    """Yield the leaves of a root field for which the document has words."""
    for path, result in fields.items():
        is_inside = path == name or path.startswith((f"{name}.", f"{name}["))
        if is_inside and result.status in BORNE:
            yield result


def _members(shape: Shape, names: Sequence[str], *, insists: bool) -> Iterator[Field]:
    """Yield the root's fields of some names, which may be null unless an answer is insisted on."""
    root = shape.resolve(shape.root)
    for field in root.fields if isinstance(root, Object) else ():
        if field.name in names:
            node = shape.resolve(field.node)
            if insists and isinstance(node, Nullable):
                node = node.item
            yield replace(field, node=node, required=insists)


def _shown(document: Document, asked: Shape) -> Iterator[str]:
    body = body_view(document)
    found = passages(document, queries(asked), budget=SHOWN, count=len)
    if found is None:
        yield body.text.strip()
        return
    for span in found.spans:
        inside = body.from_raw(span)
        yield body.text[inside.start : inside.end].strip()
