"""Numbers that a style sheet makes (CSS Lists 3, 4): Google Docs numbers its lists with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.documents.readers.html.css import Declarations
from extractor.documents.readers.html.lists import numeral

_MANY = 20
"""Counters that one element may set, and levels of one that are written: no more, for speed."""

_LONGEST = 200
_PAIR = re.compile(r"([a-z_][\w-]*)(?:\s+(-?\d{1,9}))?")
_NAMED = r"\(\s*([\w-]+)\s*"
_TOKEN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'"""
    rf"|counter{_NAMED}(?:,\s*([\w-]+)\s*)?\)"
    rf"""|counters{_NAMED},\s*["']([^"']*)["']\s*(?:,\s*([\w-]+)\s*)?\))\s*""",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
"""Fonts of icons have their signs there."""


@dataclass(slots=True)
class _Counter:
    depth: int
    value: int


class Counters:
    """The counters that count where we are; one lasts as long as what its element is part of."""

    def __init__(self) -> None:
        self._open: dict[str, list[_Counter]] = defaultdict(list)
        self._made: list[tuple[int, str]] = []

    def enter(self, depth: int, style: Declarations) -> None:
        """Count an element that lies so deep."""
        for name, value in _pairs(style.get("counter-reset", ""), 0):
            self._make(name, depth, value)
        for name, step in _pairs(style.get("counter-increment", ""), 1):
            self._current(name, depth).value += step
        for name, value in _pairs(style.get("counter-set", ""), 0):
            self._current(name, depth).value = value

    def leave(self, depth: int) -> None:
        """End the counters of the elements within one."""
        while self._made and self._made[-1][0] > depth:
            _, name = self._made.pop()
            self._open[name].pop()

    def text(self, content: str) -> str | None:
        """Return what a value of `content` shows; None where it can't be told."""
        parts: list[str] = []
        at = 0
        while at < len(content):
            found = _TOKEN.match(content, at)
            part = self._part(found) if found and len(content) <= _LONGEST else None
            if found is None or part is None:
                return None
            parts.append(part)
            at = found.end()
        return _PRIVATE.sub("", "".join(parts))

    def _part(self, found: re.Match[str]) -> str | None:
        double, single, name, kind, nested, between, kinds = found.groups()
        if nested:
            values = [counter.value for counter in self._open[nested.lower()]] or [0]
            texts = [numeral((kinds or "decimal").lower(), value) for value in values[-_MANY:]]
            known = [text for text in texts if text is not None]
            return between.join(known) if len(known) == len(texts) else None
        if name:
            counters = self._open[name.lower()]
            value = counters[-1].value if counters else 0
            return numeral((kind or "decimal").lower(), value)
        return _ESCAPE.sub(_escaped, double or single or "")

    def _make(self, name: str, depth: int, value: int) -> None:
        counters = self._open[name]
        if counters and counters[-1].depth == depth:
            counters[-1].value = value
        else:
            counters.append(_Counter(depth, value))
            self._made.append((depth, name))

    def _current(self, name: str, depth: int) -> _Counter:
        if not self._open[name]:
            self._make(name, depth, 0)
        return self._open[name][-1]


def _pairs(text: str, usual: int) -> Iterator[tuple[str, int]]:
    for _, found in zip(range(_MANY), _PAIR.finditer(text), strict=False):
        if found[1] != "none":
            yield found[1], int(found[2] or usual)


def _escaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else " "
