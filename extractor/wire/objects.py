"""Objects as models write them: within another, as a text, as the one field that matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from extractor.normalizers import null_alias
from extractor.types import Repair
from extractor.wire.coerce import letters
from extractor.wire.flat import nested
from extractor.wire.keys import match_keys
from extractor.wire.kinds import is_text
from extractor.wire.raw import OTHER_QUOTES, json_text, texts
from extractor.wire.rows import from_rows
from extractor.wire.shape import QUOTE, Object, Shape


def as_object(
    shape: Shape, node: Object, raw: Any, *, is_root: bool
) -> tuple[Mapping[str, Any] | None, Sequence[Repair]]:
    """Take what stands in place of an object for one, if it is one in another form.

    Returns:
        The object, or None if it is none, and what was done to get there.
    """
    repairs: list[Repair] = []
    if said := from_rows(shape, node, raw):
        raw = said
        repairs.append(Repair("field_rows"))
    while isinstance(raw, list) and len(cast("Sequence[Any]", raw)) == 1:
        repairs.append(Repair("unwrapped_list"))
        (raw,) = cast("Sequence[Any]", raw)
    if isinstance(raw, str):
        parsed = json_text(raw)
        required = [member for member in node.fields if member.required]
        is_one = len(required) == 1 and is_text(shape, required[0].node)
        if isinstance(parsed, Mapping):
            repairs.append(Repair("json_text"))
            raw = cast("Any", parsed)
        elif not is_root and is_one and null_alias(raw) is None:
            repairs.append(Repair("wrapped_scalar", detail=required[0].name))
            raw = {required[0].tag: raw}
    if not isinstance(raw, Mapping):
        return None, repairs
    given = cast("Mapping[str, Any]", raw)
    if (key := own_name(node, given)) is not None:
        repairs.append(Repair("outer_key", detail=key))
        given = cast("Mapping[str, Any]", given[key])
    elif said := _rows_within(shape, node, given):
        repairs += (Repair("outer_key", detail=next(iter(given))), Repair("field_rows"))
        given = said
    given, paths = nested(shape, node, given)
    return given, [*repairs, *([Repair("nested_keys", detail=paths)] if paths else [])]


def _rows_within(shape: Shape, node: Object, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if len(given) != 1 or node.open or match_keys(node, given):
        return None
    return from_rows(shape, node, *given.values())


def quotes_beside(key: str, given: dict[str, Any], unknown: Iterable[str]) -> tuple[str, ...]:
    """Take out of an object the quotes for one of its fields: `"law_quote"` beside `"law"`.

    What is no quote, and one for nothing, stays, to be told as left over.

    Args:
        key: what the field goes by.
        given: the object; a key of quotes is taken out of it.
        unknown: its keys that are no field's.
    """
    name = letters(key)
    names = {name + quote for quote in (QUOTE, *OTHER_QUOTES)} | {QUOTE + name}
    quotes: list[str] = []
    for other in [one for one in unknown if one in given and letters(one) in names]:
        said = texts(given[other]) if given[key] is not None else ()
        if said or given[other] is None:
            del given[other]
            quotes += said
    return tuple(quotes)


def own_name(node: Object, given: Mapping[str, Any]) -> str | None:
    """Return an object's only key, if it names what is in it: `{"Party": {"name": "Acme"}}`."""
    if len(given) != 1 or node.open:
        return None
    ((key, inner),) = given.items()
    is_name = letters(key) == letters(node.name) and isinstance(inner, Mapping)
    if not is_name or match_keys(node, given):
        return None
    return key if match_keys(node, cast("Mapping[str, Any]", inner)) else None
