"""A second look for fields that a first reading did not find, or not prove.

A schema names those of high value in a class attribute:

    vital: ClassVar[tuple[str, ...]] = ("parties", "effective_date", "governing_law")

Others are looked for again where something was answered that no quote proves, and leaving it out
is impossible (a field that the schema can't do without) or leaves nothing (a list).

All are asked for in one request, with the clauses that most likely state them. Of the answers only
those count that their quotes prove: what is still not proved stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from extractor.backends.parse import Parsed
from extractor.documents.document import Document
from extractor.documents.furniture import body_view
from extractor.documents.passages import passages
from extractor.paths import Path
from extractor.planning import Plan, vital_fields
from extractor.proving import BORNE, Proved
from extractor.reask import Reask, patch
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
    wanted = dict.fromkeys((*vital_fields(plan.schema), *_unproved(plan, fields)))
    names = [name for name in wanted if not [*_of(name, fields)]]
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
    return lambda name: any(result.value is not None for result in _of(name, proved.fields))


def _loses(tried: Parsed[T], before: Proved[T]) -> bool:
    """Whether a value of an answer before is null now."""
    return any(
        leaf.value not in (None, [])
        and path in tried.restored.leaves
        and tried.restored.leaves[path].value is None
        for path, leaf in before.parsed.restored.leaves.items()
    )


def _of(name: str, fields: Mapping[str, FieldResult]) -> Iterator[FieldResult]:
    """Yield the leaves of a root field for which the document has words."""
    return (result for result in _results(name, fields) if result.status in BORNE)


def _results(name: str, fields: Mapping[str, FieldResult]) -> Iterator[FieldResult]:
    for path, result in fields.items():
        if path == name or path.startswith((f"{name}.", f"{name}[")):
            yield result


def _unproved(plan: Plan[T], fields: Mapping[str, FieldResult]) -> Iterator[str]:
    """Yield the root's fields that were answered without proof, and are of no use without it."""
    root = plan.shape.resolve(plan.shape.root)
    for field in root.fields if isinstance(root, Object) else ():
        results = _results(field.name, fields)
        if _is_needed(plan.shape, field) and any(r.status == "unverified" for r in results):
            yield field.name


def _is_needed(shape: Shape, field: Field) -> bool:
    inner = bare(shape, field.node)
    is_list = isinstance(inner, Array) and not inner.prefix
    return is_list or (field.required and not shape.has_empty(field.node))


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
    if found.tokens < SHOWN // 4:  # hardly a clause speaks of it: what does most is the beginning
        yield body.text[: SHOWN // 2].strip()
    for span in found.spans:
        inside = body.from_raw(span)
        yield body.text[inside.start : inside.end].strip()
