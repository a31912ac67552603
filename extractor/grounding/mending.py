"""What code sets right in an answer from the document itself, before it is judged."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractor.backends.parse import Parsed, judge
from extractor.documents.document import Document
from extractor.grounding.fields import scalar_of
from extractor.grounding.locate import Locator
from extractor.grounding.parties import Roles, party_in_full
from extractor.grounding.places import place_in_full
from extractor.grounding.widening import wider_quote
from extractor.paths import Path
from extractor.types import Repair, T
from extractor.wire.shape import Shape

_IN_FULL: Mapping[str, Callable[[str, Sequence[str], str], str | None]] = {
    "jurisdiction": lambda place, quotes, _: place_in_full(place, quotes),
    "party-name": party_in_full,
}


def as_named(schema: type[T], shape: Shape, parsed: Parsed[T], document: Document) -> Parsed[T]:
    """Write places and parties as the contract names them: "PA" as "Pennsylvania".

    Only where the schema says that a text is such a name, and takes it.
    """
    for path, leaf in parsed.restored.leaves.items():
        in_full = _IN_FULL.get(scalar_of(leaf.node).format or "")
        if in_full is None or not isinstance(leaf.value, str):
            continue
        name = in_full(leaf.value, leaf.quotes, document.text)
        if name is None:
            continue
        data = _with(parsed.restored.data, path, name)
        leaves = parsed.restored.leaves | {path: replace(leaf, value=name)}
        repairs = [*parsed.restored.repairs, Repair("as_named", path, detail=leaf.value)]
        judged = judge(
            schema, shape, replace(parsed.restored, data=data, leaves=leaves, repairs=repairs)
        )
        parsed = parsed if judged.value is None else judged
    return parsed


def _with(data: Any, path: Path, value: str) -> Any:
    """Return a copy of plain data with another value at a place."""
    if not path:
        return value
    data = copy.deepcopy(data)
    around = data
    for step in path[:-1]:
        around = around[step]
    around[path[-1]] = value
    return data


def with_wider_quotes(parsed: Parsed[T], document: Document, locator: Locator) -> Parsed[T]:
    """Let quotes that stop short of their value go on to it."""
    leaves = dict(parsed.restored.leaves)
    repairs = [*parsed.restored.repairs]
    roles = Roles(document)
    for path, leaf in parsed.restored.leaves.items():
        words = wider_quote(leaf, document, locator, roles)
        if words is not None:
            leaves[path] = replace(leaf, quotes=(words, *leaf.quotes))
            repairs.append(Repair("wider_quote", path))
    return replace(parsed, restored=replace(parsed.restored, leaves=leaves, repairs=repairs))
