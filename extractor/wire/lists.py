"""Lists as models write them: within an object, as a text, as a word for nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from extractor.types import Repair
from extractor.wire.coerce import letters
from extractor.wire.flat import grouped, numbered
from extractor.wire.keys import match_keys
from extractor.wire.kinds import is_text
from extractor.wire.nothing import is_empty_answer
from extractor.wire.paths import bare
from extractor.wire.raw import json_text, shown
from extractor.wire.reading import Lexeme
from extractor.wire.shape import ITEM, ITEMS, Array, Map, Object, Scalar, Shape
from extractor.wire.tuples import in_a_row, is_row

_MARKS = tuple(
    re.compile(rf"\s*+{mark}\s++(\S.*?)\s*") for mark in ("-", r"\*", "\u2022", r"\d{1,3}[.)]")
)
_LITERAL = re.compile(r"\s*[\[(]\s*['\"]")
_LONGEST_LITERAL = 20_000
_HOLDERS = frozenset({ITEM, ITEMS, "list", "entries"})
"""What models call the only key of an object around a list."""


class Listed(NamedTuple):
    """What stands in place of a list: its items, or what it is if it is none; and what was done."""

    raw: Any
    repairs: tuple[Repair, ...] = ()


def as_list(shape: Shape, node: Array, raw: Any) -> Listed:
    """Take what stands in place of a list for one, if it is one in another form."""
    if isinstance(raw, Mapping):
        given = cast("Mapping[str, Any]", raw)
        items = numbered(given) if node.prefix else None
        if items is not None and not is_row(node, given):
            return Listed(items, (Repair("numbered_items", detail=", ".join(given)),))
        return Listed(*in_a_row(node, given)) if node.prefix else _held(shape, node, given)
    if isinstance(raw, str) and not isinstance(raw, Lexeme):
        parsed, kind = json_text(raw) or _literal(raw), "json_text"
        if not isinstance(parsed, list) and is_text(shape, node.items or Scalar("any")):
            parsed, kind = lines_of(raw), "text_as_list"
        if isinstance(parsed, list):
            return Listed(cast("Any", parsed), (Repair(kind),))
    if raw is None or is_empty_answer(node, raw):
        return Listed([], (Repair("null_alias", detail=shown(raw)),) if raw else ())
    return Listed(raw)


def _literal(text: str) -> list[Any] | None:
    """Read a list of texts as Python writes it: `['Acme', 'Bolt']`."""
    if not _LITERAL.match(text) or len(text) > _LONGEST_LITERAL:
        return None
    try:
        read: object = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(read, list | tuple):
        return None
    items = [*cast("Sequence[Any]", read)]
    return items if all(isinstance(item, str) for item in items) else None


def lines_of(text: str) -> list[str] | None:
    r"""Return the items of a text that is a list, each on a line of its own behind a mark.

    >>> lines_of("- Acme Inc.\n- Bolt LLC"), lines_of("1. Term\n2. Fees"), lines_of("Acme Inc.")
    (['Acme Inc.', 'Bolt LLC'], ['Term', 'Fees'], None)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    for mark in _MARKS:
        found = [mark.fullmatch(line) for line in lines]
        if len(found) > 1 and all(found):
            return [line[1] for line in found if line]
    return None


def _held(shape: Shape, node: Array, given: Mapping[str, Any]) -> Listed:
    """Take a list out of an object that holds nothing else, or whose keys only number its items.

    `{"item": [{...}]}`, `{"0": {...}, "1": {...}}`, `{"[0].name": "A", "[1].name": "B"}`.
    """
    inner = bare(shape, node.items)
    names, is_own = _HOLDERS, False
    if isinstance(inner, Object):
        names |= {letters(inner.name), letters(f"{inner.name}s")}
        is_own = inner.open or bool(match_keys(inner, given))
    if is_own or isinstance(inner, Map):
        return Listed(given)
    key, held = next(iter(given.items())) if len(given) == 1 else ("", None)
    if isinstance(held, list) and letters(key) in names:
        return Listed(cast("Any", held), (Repair("outer_key", detail=key),))
    items = numbered(grouped(given))
    if items is None:
        return Listed(given)
    return Listed(items, (Repair("numbered_items", detail=", ".join(given)),))
