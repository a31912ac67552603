"""Small readings of raw trees: what a reader has found, whatever the schema says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from extractor.wire.coerce import coerce, letters
from extractor.wire.reading import Lexeme
from extractor.wire.shape import QUOTE, VALUE, Scalar

OTHER_QUOTES = frozenset(
    {"citation", "evidence", "exactquote", "excerpt", "quotation", "quotedtext", "quotes"}
    | {"snippet", "sourcequote", "sourcetext", "supportingquote", "supportingtext"}
    | {"verbatimquote"}
)
"""What models call a quote too."""


def split_leaf(raw: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Take a cited leaf apart into value and quotes."""
    by_name = {letters(key): value for key, value in raw.items()}
    names = (QUOTE, *sorted(by_name.keys() & OTHER_QUOTES))
    return by_name.get(VALUE), tuple(text for name in names for text in texts(by_name.get(name)))


def strays(raw: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a cited leaf has besides its value and quotes."""
    known = {VALUE, QUOTE, *OTHER_QUOTES}
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


def agreed(answers: Sequence[Any]) -> Sequence[Any]:
    """Return answers of the same value as one, with all their quotes, and others as they are."""
    leaves = [cast("Mapping[str, Any]", one) for one in answers if isinstance(one, Mapping)]
    halves = [split_leaf(leaf) for leaf in leaves if has_value(leaf)]
    if not answers or all(one == answers[0] for one in answers):
        return answers[:1]
    if len(halves) < len(answers) or any(value != halves[0][0] for value, _ in halves):
        return answers
    rest = dict(extra for leaf in leaves for extra in strays(leaf))
    return [rest | {QUOTE: [text for _, quotes in halves for text in quotes], VALUE: halves[0][0]}]


def leaf_text(raw: Any) -> Mapping[str, Any] | None:
    """Read a text that is a cited leaf in JSON; None for anything else."""
    parsed = json_text(raw) if isinstance(raw, str) else None
    if not isinstance(parsed, Mapping) or not has_value(cast("Mapping[str, Any]", parsed)):
        return None
    return cast("Mapping[str, Any]", parsed)


def texts(raw: Any) -> tuple[str, ...]:
    """Return the quotes that were given in place of one, each by itself or as `{"text": ...}`."""
    given: Sequence[Any] = cast("Sequence[Any]", raw) if isinstance(raw, list) else [raw]
    quotes = (
        _text_in(cast("Mapping[str, Any]", q)) if isinstance(q, Mapping) else q for q in given
    )
    return tuple(str(text) for text in quotes if isinstance(text, str) and text.strip())


def _text_in(quote: Mapping[str, Any]) -> Any:
    return quote.get("text", quote.get(QUOTE))


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
