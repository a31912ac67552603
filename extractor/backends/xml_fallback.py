"""Read a reply that should have been XML and is JSON.

Taken is only what stands where the answer would: on lines of its own or in a fence, in nothing but
the root's element or one that says that it is the answer. JSON within a sentence, in a thought or
in any other element is something that the reply speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.backends.json_reader import read_json
from extractor.backends.reading import FENCE_LINES, REASONING_TAGS
from extractor.backends.xml_grammar import Grammar
from extractor.backends.xml_tokens import Token, tokenize
from extractor.errors import ParseError
from extractor.types import Repair
from extractor.wire.reading import Reading
from extractor.wire.restore import restore
from extractor.wire.shape import Shape

_ANSWERS = frozenset({"answer", "json", "output", "response", "result"})
"""What models call an element around their answer."""

_TAG = r"[A-Za-z_][\w.:-]*+>[ \t]*+"
_FENCE = r"(?:`{2,}+|~{3,}+)\w*+[ \t]*+"
_BEGIN = re.compile(rf"^[ \t]*+(?:{_FENCE})?+(?:<{_TAG})*+[{{\[]", re.MULTILINE)
_FIRST = re.compile(rf"\s*+(?:{_FENCE}\s*+)?+(?:<{_TAG}\s*+)*+[{{\[]")
_END = re.compile(rf"[}}\]][ \t]*+(?:</{_TAG})*+[`~]*+[ \t]*+$", re.MULTILINE)
_ANY_TAG = re.compile(rf"</?{_TAG}")
_ELSEWHERE = frozenset({"surrounding_text", "only_thought"})
"""Repairs of JSON that is only a part of what was read."""


def begins_with_json(text: str) -> bool:
    """Whether what looks like elements may stand in the texts of a JSON reply."""
    return _FIRST.match(text) is not None


def read_json_instead(text: str, shape: Shape, grammar: Grammar) -> list[Reading]:
    """Return what a reply says in JSON, if it is the schema's; an empty list if it does not.

    An empty object is handed on, since for a part of a document it is an answer.
    """
    said = text[_thought_end(tokenize(text), len(text)) :]
    begin = _BEGIN.search(said)
    if begin is None:
        return []
    start, end = begin.end() - 1, len(said)
    for last in _END.finditer(said, start):
        end = last.start() + 1
    names = (grammar.root_tags | _ANSWERS) - grammar.known_tags(grammar.root)
    if not all(_is_around(token, start, end, names) for token in tokenize(said)):
        return []
    outside = f"{text[: len(text) - len(said)]}\n{said[: begin.start()]}\n{said[end:]}"
    around = [Repair("other_format", detail="JSON"), *_outside(outside)]
    return [
        replace(one, repairs=(*around, *one.repairs))
        for one in _alone(said[start:end])
        if one.value == {} or restore(shape, one.value).recognized
    ]


def _thought_end(tokens: Sequence[Token], length: int) -> int:
    """Return where the last thought ends, which may be with the reply itself."""
    thoughts = [token for token in tokens if token.folded in REASONING_TAGS]
    if not thoughts:
        return 0
    return thoughts[-1].end if thoughts[-1].kind == "close" else length


def _is_around(token: Token, start: int, end: int, names: frozenset[str]) -> bool:
    """Whether a tag is in the JSON, or of an element that may be around it."""
    if start <= token.start and token.end <= end:
        return True
    is_apart = token.end <= start or token.start >= end
    if token.kind in ("comment", "instruction"):
        return is_apart
    kind = "open" if token.start < start else "close"
    return is_apart and token.kind == kind and token.folded in names


def _outside(text: str) -> Iterator[Repair]:
    if FENCE_LINES.search(text):
        yield Repair("code_fence")
    if _ANY_TAG.sub("", FENCE_LINES.sub("", text)).strip("`~ \t\r\n"):
        yield Repair("surrounding_text")


def _alone(text: str) -> list[Reading]:
    """Return the JSON that a text is, whatever its notation."""
    try:
        readings = read_json(text)
    except ParseError:
        return []
    return [one for one in readings if _ELSEWHERE.isdisjoint(r.kind for r in one.repairs)]
