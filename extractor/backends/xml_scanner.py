"""A scanner that reads the elements a schema knows, and takes everything else for text.

It works forwards only and never recurses. A known tag is markup where the schema expects it. Where
it does not (a sibling's tag inside a value, a closing tag too early), what comes next decides: if
the value's own closing tag is the next tag known at that place, the odd one was words of the text,
else a closing tag is missing. An attribute with the name of an element is read as that element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractor.backends.reading import MAX_DEPTH, RepairLog, TooDeepError
from extractor.backends.xml_ahead import Lookahead
from extractor.backends.xml_frame import Frame
from extractor.backends.xml_grammar import Element, Grammar
from extractor.backends.xml_tokens import (
    Token,
    attributes_of,
    decode,
    fold,
    is_about_type,
    is_notation,
    nil_of,
    tags_in,
)
from extractor.paths import Path
from extractor.types import Repair
from extractor.wire.shape import VALUE

_SHOWN = 200
"""Characters of the names of attributes that were left out."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A tree, where its text ended, and how it was read. `found` counts its known elements."""

    value: Any
    end: int
    found: int
    repairs: tuple[Repair, ...]
    cut: tuple[Path, ...]


class XmlScanner:
    """Reads one tree out of the tokens of a text.

    Args:
        text: the whole reply.
        tokens: what looks like markup in it.
        grammar: the schema's tags.
        is_finished: whether the text ends because its author says so, not because it breaks off.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], grammar: Grammar, *, is_finished: bool = False
    ) -> None:
        self._text = text
        self._is_finished = is_finished
        self._tokens = tokens
        self._grammar = grammar
        self._log = RepairLog()
        self._cut: list[Path] = []
        self._stack: list[Frame] = []
        self._ahead = Lookahead(text, tokens, grammar, self._stack)
        self._crossed: set[int] = set()
        self._value: Any = None
        self._found = 0

    def scan(self, first: int, *, root: Token | None) -> Scanned:
        """Read from token `first` on: the content of `root`, or elements that have no root.

        Raises:
            TooDeepError: the elements are nested too deeply.
        """
        tag, place = root.folded if root else "", self._grammar.root
        known = self._grammar.known_tags(place) | {tag}
        root_frame = Frame(self._grammar.root_element, place, (), tag, known, _given(root))
        self._stack.append(root_frame)
        if root and root.kind == "empty":  # all that it says are its attributes
            self._pop()
            return self._scanned(root.end)
        pos = root.end if root else self._tokens[first].start
        for index in range(first, len(self._tokens)):
            token = self._tokens[index]
            self._add_text(self._text[pos : token.start])
            pos = token.end
            self._read(index, token)
            if not self._stack:
                return self._scanned(pos)
        self._add_text(self._text[pos:])
        if self._is_finished or not self._breaks_off():
            self._close_down_to(0)
        else:
            self._break_off()
        return self._scanned(len(self._text))

    def _scanned(self, end: int) -> Scanned:
        return Scanned(self._value, end, self._found, self._log.repairs(), tuple(self._cut))

    def _read(self, index: int, token: Token) -> None:
        frame = self._stack[-1]
        match token.kind:
            case "open" | "empty":
                self._read_open(index, token)
            case "close":
                self._read_close(index, token)
            case "cdata" if token.content is None:
                self._note("unclosed_cdata")
            case "cdata":
                frame.add_text(token.content or "")
            case "doctype" if frame.is_text:
                self._add_raw(token)
            case "doctype":
                self._drop(token.kind)
            case kind:  # neither a value nor part of one
                frame.skip()
                self._note(kind, lossy=not frame.known.isdisjoint(tags_in(token.content or "")))

    # --- text ----------------------------------------------------------------------------------

    def _add_text(self, text: str) -> None:
        decoded, kinds = decode(text)
        self._stack[-1].add_text(decoded)
        for kind in sorted(kinds):
            self._note(kind, lossy=kind == "invalid_entity")

    def _add_raw(self, token: Token) -> None:
        """Take what looks like markup for text."""
        self._stack[-1].add_text(self._text[token.start : token.end])
        self._note("raw_markup")

    def _drop(self, kind: str) -> None:
        """Leave out a token that holds no value."""
        self._stack[-1].interrupt()
        self._note(kind)

    def _note(self, kind: str, *, lossy: bool = False, detail: str = "") -> None:
        self._log.add(kind, self._stack[-1].path, lossy=lossy, detail=detail)

    # --- tags ----------------------------------------------------------------------------------

    def _read_open(self, index: int, token: Token) -> None:
        frame = self._stack[-1]
        if self._ahead.is_half(index):
            frame.cite(self._grammar.cited)
        if self._push(token) or self._push_key(index):
            return
        if self._ahead.is_meant_to_close(index):
            self._note("open_for_close")
            self._pop()
            return
        crossed = self._ahead.crossed_at(index)
        if crossed is not None:
            self._crossed.add(crossed)
        elif token.folded not in frame.known or (
            frame.is_text and self._ahead.is_words(index) and not self._ahead.is_other_half(index)
        ):
            self._add_raw(token)
            return
        depth = len(self._stack)
        while depth and not self._ahead.route(self._stack[depth - 1], token):
            depth -= 1
        if depth:
            self._close_down_to(depth)
            self._push(token)
        else:
            self._add_raw(token)

    def _push(self, token: Token) -> bool:
        """Open the element of a tag that is known where we are, and those implied before it."""
        route = self._ahead.route(self._stack[-1], token)
        for element in route:
            self._open(element, token if element is route[-1] else None)
        if route and token.kind == "empty":
            self._pop()
        return bool(route)

    def _push_key(self, index: int) -> bool:
        """Open an element that is named after a key of the map around it."""
        frame, token = self._stack[-1], self._tokens[index]
        values = frame.place.values
        if values is None or not (frame.is_keyed or self._ahead.has_keys(index, values)):
            return False
        frame.is_keyed = True
        self._note("key_tags")
        self._open(Element(token.name, values, token.name), token)
        if token.kind == "empty":
            self._pop()
        return True

    def _open(self, element: Element, token: Token | None) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TooDeepError
        around = self._stack[-1]
        place = self._grammar.place(element.node, element.tag)
        tag = token.folded if token else ""
        known = around.known | self._grammar.known_tags(place) | {tag}
        path = around.path_to(element)
        self._stack.append(Frame(element, place, path, tag, known, _given(token)))
        if token is None:
            return
        self._found += 1
        if token.name != element.tag or token.spaced or (element.key and element.is_item):
            self._note("tag_name", detail=f"for {element.tag}")

    def _read_close(self, index: int, token: Token) -> None:
        frame = self._stack[-1]
        tags = [one.tag for one in self._stack]
        if index in self._crossed:
            self._drop("stray_close")
        elif token.folded in tags:
            depth = len(tags) - 1 - tags[::-1].index(token.folded)
            is_own = not any(tags[depth + 1 :])
            if frame.is_text and (
                self._ahead.closes_later(index) if is_own else self._ahead.is_words(index)
            ):
                self._add_raw(token)
                return
            self._close_down_to(depth + 1)
            self._pop()
        elif token.folded not in frame.known:
            self._add_raw(token)
        elif not frame.is_text:
            self._drop("stray_close")
        elif self._ahead.is_words(index) or len(self._stack) == 1:
            self._add_raw(token)
        else:
            self._note("mismatched_close")
            self._pop()

    # --- elements ------------------------------------------------------------------------------

    def _close_down_to(self, depth: int) -> None:
        """Close the elements above `depth` whose own closing tags are missing."""
        while len(self._stack) > depth:
            frame = self._stack[-1]
            if frame.tag:
                self._note("missing_close")
                frame.drop_stray_close(self._log)
            self._pop()

    def _read_attributes(self) -> None:
        """Read the attributes that could have been elements; others are lost if they say anything.

        What says null is contradicted by a value.
        """
        frame, unknown = self._stack[-1], list[str]()
        is_empty = not frame.has_text and not frame.has_children
        for name, text in frame.attributes:
            folded, nil = fold(name), nil_of(name, text)
            element = frame.place.by_tag.get(name) or frame.place.by_folded.get(folded)
            if is_notation(name):
                continue
            if element is not None:
                self._open(element, None)
                self._add_text(text)
                self._pop()
                self._found += 1
            elif folded == VALUE and frame.place.is_leaf and not frame.has_text:
                self._add_text(text)
            elif nil is not None and (is_empty or not nil):
                frame.is_nil = nil
            elif nil is not None or not is_about_type(name):
                unknown.append(name)
        if frame.attributes:
            self._note("attributes", lossy=bool(unknown), detail=", ".join(unknown)[:_SHOWN])

    def _pop(self) -> None:
        self._read_attributes()
        frame = self._stack.pop()
        value = frame.value(self._log)
        if self._stack:
            is_list = frame.element.is_item or frame.place.is_list
            self._stack[-1].put(frame.element, value, is_list=is_list)
        elif self._found and not isinstance(value, dict):  # its only element never came
            self._value = {}
        else:
            self._value = value

    # --- the end of the text -------------------------------------------------------------------

    def _breaks_off(self) -> bool:
        """Whether the text ends within an element, once a tag that was begun is taken away."""
        frame = self._stack[-1]
        partial = frame.drop_partial_tag(self._log)
        is_closing = partial.startswith("</") and frame.tag.startswith(fold(partial[2:]))
        if is_closing and len(self._stack) > 1:
            self._pop()
        return len(self._stack) > 1 or self._stack[0].tag != ""

    def _break_off(self) -> None:
        """Close what is open, and say so."""
        frame = self._stack[-1]
        self._log.add("cut_off", frame.path)
        if len(self._stack) > 1 and not frame.has_children and not frame.has_text:
            self._note("incomplete_member", lossy=True)
            self._cut.append(frame.path)
            self._stack.pop()
        while self._stack:
            self._cut.append(self._stack[-1].path)
            self._pop()
        self._cut = list(dict.fromkeys(self._cut))


def _given(token: Token | None) -> tuple[tuple[str, str], ...]:
    return tuple(attributes_of(token)) if token else ()
