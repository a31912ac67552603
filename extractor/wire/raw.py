"""Small readings of raw trees: what a reader has found, whatever the schema says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from extractor.wire.coerce import coerce, letters
from extractor.wire.reading import Lexeme
from extractor.wire.shape import QUOTE, VALUE, Scalar

_OTHER_QUOTES = frozenset({"citation", "evidence", "excerpt", "quotation", "quotes"})
"""What models call a quote too."""

_MARKS = tuple(
    re.compile(rf"\s*+{mark}\s++(\S.*?)\s*") for mark in ("-", r"\*", "\u2022", r"\d{1,3}[.)]")
)


def split_leaf(raw: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Take a cited leaf apart into value and quotes."""
    by_name = {letters(key): value for key, value in raw.items()}
    quotes = (text for name in (QUOTE, *sorted(_OTHER_QUOTES)) for text in texts(by_name.get(name)))
    return by_name.get(VALUE), tuple(quotes)


def strays(raw: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a cited leaf has besides its value and quotes."""
    known = {VALUE, QUOTE, *_OTHER_QUOTES}
    return [(key, value) for key, value in raw.items() if letters(key) not in known]


def split_if_leaf(raw: Any, quotes: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Take something that the schema does not know for a cited leaf, if it looks like one."""
    given: Mapping[str, Any] = (
        cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else dict[str, Any]()
    )
    is_cited = has_value(given) and len(given) > 1 and not strays(given)
    return split_leaf(given) if is_cited else (cast("Any", raw), quotes)


def has_value(raw: Mapping[str, Any]) -> bool:
    """Whether an object is a cited leaf, rather than something else with a quote in it."""
    return any(letters(key) == VALUE for key in raw)


def texts(raw: Any) -> tuple[str, ...]:
    """Return the quotes that were given in place of one."""
    given: Sequence[Any] = cast("Sequence[Any]", raw) if isinstance(raw, list) else [raw]
    return tuple(str(text) for text in given if isinstance(text, str) and text.strip())


def as_mapping(raw: Any) -> Mapping[str, Any] | None:
    """Take an object, the text of one, or a list of one; None for anything else."""
    if isinstance(raw, list) and len(cast("Sequence[Any]", raw)) == 1:
        raw = cast("Sequence[Any]", raw)[0]
    if isinstance(raw, str):
        raw = json_text(raw)
    return cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else None


def json_text(text: str) -> Any:
    """Read a text that is a JSON object or list in itself; None if it is not."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text, parse_int=Lexeme, parse_float=Lexeme, parse_constant=Lexeme)
    except (ValueError, RecursionError):
        return None


def listed(text: str) -> list[str] | None:
    r"""Return the items of a text that is a list, each on a line of its own behind a mark.

    >>> listed("- Acme Inc.\n- Bolt LLC"), listed("1. Term\n2. Fees"), listed("Acme Inc.")
    (['Acme Inc.', 'Bolt LLC'], ['Term', 'Fees'], None)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    for mark in _MARKS:
        found = [mark.fullmatch(line) for line in lines]
        if len(found) > 1 and all(found):
            return [line[1] for line in found if line]
    return None


def plain(raw: Any) -> Any:
    """Return what plain JSON would have given: lexemes become numbers or text."""
    if type(raw) is str:
        return raw
    if isinstance(raw, Lexeme):
        return coerce(Scalar("any"), raw).value
    if isinstance(raw, Mapping):
        return {key: plain(value) for key, value in cast("Mapping[str, Any]", raw).items()}
    if isinstance(raw, list):
        return [plain(value) for value in cast("Sequence[Any]", raw)]
    return raw


def shown(raw: Any) -> str:
    """Write a raw value for a message, shortened."""
    text = raw if isinstance(raw, str) else json.dumps(plain(raw), ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
