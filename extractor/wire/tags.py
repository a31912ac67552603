"""The constant that tells the members of a union apart, where a reply leaves it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from extractor.wire.coerce import spelling
from extractor.wire.keys import match_keys
from extractor.wire.paths import bare
from extractor.wire.shape import Field, Object, Scalar, Shape, Union


class _Member(NamedTuple):
    """An object of a union, the field that tells it from the others, and what that must be."""

    node: Object
    tag: Field
    constant: Any


def tagged(shape: Shape, node: Union, raw: Any) -> tuple[Any, str | None]:
    """Return a member of a union with its tag, and the tag where it was added.

    `{"fixed": {...}}` names it as a key, `{"months": 12}` by what only one member has. What could
    be two members stays as it is, and so does what names its tag itself.
    """
    value: object = raw
    members = [*_members(shape, node)]
    if not isinstance(value, Mapping) or len(members) < len(node.options):
        return raw, None
    given = cast("Mapping[str, Any]", value)
    if any(member.tag.name in match_keys(member.node, given) for member in members):
        return raw, None
    content = next(iter(given.values())) if len(given) == 1 else None
    if isinstance(content, Mapping):
        name = spelling(next(iter(given)))
        meant = [member for member in members if spelling(str(member.constant)) == name]
        given = cast("Mapping[str, Any]", content)
    else:
        meant = [member for member in members if _is_whole(member, given, members)]
    if len(meant) != 1:
        return raw, None
    return {**given, meant[0].tag.tag: meant[0].constant}, str(meant[0].constant)


def _members(shape: Shape, node: Union) -> Iterator[_Member]:
    """Yield the options that are objects with one constant."""
    for option in node.options:
        inner = bare(shape, option)
        fields = inner.fields if isinstance(inner, Object) else ()
        constants = [
            _Member(cast("Object", inner), field, scalar.values[0])
            for field in fields
            if isinstance(scalar := bare(shape, field.node), Scalar) and scalar.is_constant
        ]
        if len(constants) == 1:
            yield constants[0]


def _is_whole(member: _Member, given: Mapping[str, Any], members: Sequence[_Member]) -> bool:
    """Whether an object is a member but for its tag, and has something that no other member has."""
    keys = match_keys(member.node, given)
    lacking = [f for f in member.node.fields if f.required and f.name not in keys]
    others = [one.node for one in members if one.node is not member.node]
    shared = {field.name for node in others for field in node.fields}
    rest = set(given) - set(keys.values()) - {member.node.quote_tag}
    return lacking == [member.tag] and not rest and not keys.keys() <= shared
