"""What code sets right in an answer from the document itself, before it is judged."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractor.backends.parse import Parsed, judge
from extractor.documents.document import Document
from extractor.grounding.fields import scalar_of
from extractor.grounding.locate import Locator
from extractor.grounding.parties import Roles, party_in_full
from extractor.grounding.places import place_in_full, place_of_phrase
from extractor.grounding.widening import wider_quote
from extractor.paths import Path
from extractor.types import Repair, T
from extractor.wire.restored import Restored
from extractor.wire.shape import Shape

_IN_FULL: Mapping[str, Callable[[str, Sequence[str], str], str | None]] = {
    "jurisdiction": lambda place, quotes, _: place_in_full(place, quotes) or place_of_phrase(place),
    "party-name": party_in_full,
}


def as_named(schema: type[T], shape: Shape, parsed: Parsed[T], document: Document) -> Parsed[T]:
    """Write places and parties as the contract names them: "PA" as "Pennsylvania".

    Only where the schema says that a text is such a name, and takes it.
    """
    names: dict[Path, str] = {}
    for path, leaf in parsed.restored.leaves.items():
        in_full = _IN_FULL.get(scalar_of(leaf.node).format or "")
        if in_full and isinstance(leaf.value, str):
            name = in_full(leaf.value, leaf.quotes, document.text)
            names |= {path: name} if name else {}
    named = judge(schema, shape, _renamed(parsed, names)) if names else parsed
    if named.value is not None:
        return named
    for path, name in names.items():  # the schema refuses one of them
        one = judge(schema, shape, _renamed(parsed, {path: name}))
        parsed = parsed if one.value is None else one
    return parsed


def _renamed(parsed: Parsed[T], names: Mapping[Path, str]) -> Restored:
    """Return what was read with other names at some places."""
    before = parsed.restored
    data: Any = copy.deepcopy(before.data)
    leaves, repairs = dict(before.leaves), [*before.repairs]
    for path, name in names.items():
        around = data
        for step in path[:-1]:
            around = around[step]
        if path:
            around[path[-1]] = name
        else:
            data = name  # the root itself is the name
        repairs.append(Repair("as_named", path, detail=str(leaves[path].value)))
        leaves[path] = replace(leaves[path], value=name)
    return replace(before, data=data, leaves=leaves, repairs=repairs)


def with_wider_quotes(
    parsed: Parsed[T], unproved: Iterable[Path], document: Document, locator: Locator
) -> Parsed[T]:
    """Let quotes that stop short of their value go on to it; `unproved` are their leaves."""
    leaves = dict(parsed.restored.leaves)
    repairs = [*parsed.restored.repairs]
    roles = Roles(document)
    for path in unproved:
        words = wider_quote(leaves[path], document, locator, roles)
        if words is not None:
            leaves[path] = replace(leaves[path], quotes=(words, *leaves[path].quotes))
            repairs.append(Repair("wider_quote", path))
    if len(repairs) == len(parsed.restored.repairs):
        return parsed
    return replace(parsed, restored=replace(parsed.restored, leaves=leaves, repairs=repairs))
