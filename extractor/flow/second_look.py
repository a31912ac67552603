"""A second look for fields that a first reading did not find, or not prove.

A schema names those of high value in a class attribute:

    vital: ClassVar[tuple[str, ...]] = ("parties", "effective_date", "governing_law")

Others are looked for again where something was answered that no quote proves, and leaving it out
is impossible (a field that the schema can't do without) or leaves nothing (a list).

All are asked for in one request, with the clauses that most likely state them. Of the answers only
those count that their quotes prove: what is still not proved stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from extractor.backends.parse import Parsed
from extractor.documents.document import Document
from extractor.documents.passages import passages
from extractor.documents.structure.furniture import body_view
from extractor.flow.proving import BORNE, Proved
from extractor.flow.reask import Reask, patch
from extractor.paths import Path, parse_path
from extractor.planning.plan import Plan, vital_fields
from extractor.types import FieldResult, T
from extractor.wire.partial import partial
from extractor.wire.paths import bare
from extractor.wire.queries import queries
from extractor.wire.shape import Array, Field, Nullable, Object, Shape

SHOWN = 4_000
"""Characters of the document that a second look shows."""


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
    doubted = {_root(path) for path, result in fields.items() if result.status == "unverified"}
    wanted = {*vital_fields(plan.schema), *_needed(plan.shape, doubted)}
    names = wanted and wanted - _held(fields)
    if not names:
        return None
    # passages are short: there a model copies what proves a value
    shape = replace(partial(plan.shape), by_paragraph=False)
    members = [*_members(shape, names, insists=plan.profile.says_null_early)]
    asked = patch(shape, members)
    if not members or not fits(asked):
        return None
    targets: dict[str, Path] = {field.tag: (field.name,) for field in members}
    return Reask(asked, targets, tuple(_shown(document, asked)), (), "second_look")


def improved(
    parsed: Parsed[T],
    before: Proved[T],
    step: Reask,
    *,
    put: Callable[[Parsed[T], Reask], Parsed[T]],
    prove: Callable[[Parsed[T], T], Proved[T]],
) -> Proved[T]:
    """Take over what a second look has found: all of it, or else field by field what is proved.

    Args:
        parsed: the first answer, before anything was left out of it.
        before: what of it is proved.
        step: the second look.
        put: puts what was answered to a step in place.
        prove: compares a valid answer with the document.
    """
    best = before
    for targets in (step.targets, *({tag: place} for tag, place in step.targets.items())):
        tried = put(parsed, replace(step, targets=targets))
        if tried is parsed or tried.value is None:
            continue
        proved = prove(tried, tried.value)
        names = [str(place[0]) for place in targets.values()]
        if all(map(_has_value(proved), names)) and not _loses(tried, best):
            parsed, best = tried, proved
        if best is not before and targets is step.targets:
            break
    return best


def _has_value(proved: Proved[T]) -> Callable[[str], bool]:
    """Return what tells whether something that is proved is in a root field."""
    return _held({p: r for p, r in proved.fields.items() if r.value is not None}).__contains__


def _loses(tried: Parsed[T], before: Proved[T]) -> bool:
    """Whether a value of an answer before is null now."""
    return any(
        leaf.value not in (None, [])
        and path in tried.restored.leaves
        and tried.restored.leaves[path].value is None
        for path, leaf in before.parsed.restored.leaves.items()
    )


def _held(fields: Mapping[str, FieldResult]) -> set[str]:
    """Return the fields of the root for which the document has words."""
    return {_root(path) for path, result in fields.items() if result.status in BORNE}


def _root(path: str) -> str:
    """Return the field of the root that a place is in; nothing for the root itself."""
    return next(map(str, parse_path(path)), "")


def _needed(shape: Shape, names: Collection[str]) -> Iterator[str]:
    """Yield which of the root's fields are of no use where what was answered has no proof."""
    root = shape.resolve(shape.root)
    for field in root.fields if names and isinstance(root, Object) else ():
        inner = bare(shape, field.node)
        is_list = isinstance(inner, Array) and not inner.prefix
        if field.name in names and (is_list or _has_to_be(shape, field)):
            yield field.name


def _has_to_be(shape: Shape, field: Field) -> bool:
    return field.required and not shape.has_empty(field.node)


def _members(shape: Shape, names: Collection[str], *, insists: bool) -> Iterator[Field]:
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
    if found.tokens < SHOWN // 4:  # hardly a clause speaks of it: what does most is the beginning
        yield body.text[: SHOWN // 2].strip()
    for span in found.spans:
        inside = body.from_raw(span)
        yield body.text[inside.start : inside.end].strip()
