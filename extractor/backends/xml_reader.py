"""Read the XML of a model's reply by its schema, whatever surrounds it and however it is written.

Only tags that the schema knows where they stand are markup; everything else is text of the values,
so a stray `&` or `<` costs nothing. That rules out an XML parser, whose recovery mode moreover
drops such text silently. lxml has the last word on what is clean: a reading without repairs is
well-formed XML, or says that it is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from extractor.backends.reading import (
    FENCE_BEFORE,
    FENCE_LINES,
    MAX_READINGS,
    REASONING_TAGS,
    RepairLog,
    TooDeepError,
    make_storable,
)
from extractor.backends.xml_fallback import begins_with_json, read_json_instead
from extractor.backends.xml_grammar import Grammar
from extractor.backends.xml_scanner import Scanned, XmlScanner
from extractor.backends.xml_tokens import Token, check_xml, tokenize
from extractor.errors import ParseError
from extractor.normalizers import without_entities
from extractor.types import Repair
from extractor.wire.reading import Reading
from extractor.wire.shape import VALUE, Shape

_DECLARATION = re.compile(r"\A\s*<\?xml\b[^<>?]*+\?>")

_ESCAPED = re.compile(r"&lt;/\w[\w.-]*+\s*+&gt;")


def read_xml(text: str, shape: Shape) -> list[Reading]:
    """Return every tree that may be the answer in a reply, likeliest first: the last one.

    Values are texts, objects dicts by tag. A root that is no object comes as the wire wraps it,
    whether the reply did so or not. A reply that is JSON after all is read as such.

    Raises:
        ParseError: no element of the schema was found, the nesting is beyond reason, or a document
            type is declared.
    """
    log = RepairLog()
    storable, grammar = make_storable(text, log), Grammar(shape)
    try:
        readings = _Reply(storable, shape.name, grammar).readings()
    except TooDeepError as error:
        raise ParseError(f"The reply's XML is {error}.") from None
    if not readings or begins_with_json(storable):
        readings = read_json_instead(storable, shape, grammar) or readings
    if not readings and _ESCAPED.search(storable) and "<" not in storable:
        log.add("escaped_xml")
        readings = _Reply(without_entities(storable), shape.name, grammar).readings()
    if not readings:
        raise ParseError(
            f"No element of {shape.name} was found in the reply of {len(text)} characters.",
            hint="Ask again, or use a backend that constrains the reply.",
        )
    return [replace(one, repairs=(*log.repairs(), *one.repairs)) for one in readings]


@dataclass(frozen=True, slots=True)
class _Found:
    """A tree with where its root starts; the root is None if the reply left it out."""

    scanned: Scanned
    start: int
    root: Token | None


class _Reply:
    def __init__(self, text: str, name: str, grammar: Grammar) -> None:
        self._text = text
        self._name = name
        self._grammar = grammar
        self._tokens = tokenize(text, grammar.is_name)

    def readings(self) -> list[Reading]:
        """Look for the root by name, then by what it holds, then for elements without a root."""
        roots = self._is_named_root, self._is_enclosing
        bare = self._is_first_in_line, self._is_known
        starts = *((start, True) for start in roots), *((start, False) for start in bare)
        has_thoughts = any(token.folded in REASONING_TAGS for token in self._tokens)
        for thoughts in (False, True) if has_thoughts else (False,):
            for is_start, has_root in starts:
                if found := self._find(is_start, has_root=has_root, thoughts=thoughts):
                    only_thought = [Repair("only_thought", lossy=True)] if thoughts else []
                    return self._readings(found, only_thought)
        return []

    # --- where the answer starts ---------------------------------------------------------------

    def _find(
        self, is_start: Callable[[int], bool], *, has_root: bool, thoughts: bool
    ) -> list[_Found]:
        found: list[_Found] = []
        index, has_doctype = 0, False
        while index < len(self._tokens):
            has_doctype = has_doctype or self._tokens[index].kind == "doctype"
            thought_end = index if thoughts else self._thought_end(index)
            if thought_end > index:
                index = thought_end
            elif not is_start(index):
                index += 1
            else:
                one = self._scan(index, has_root=has_root)
                index = self._index_at(one.scanned.end)
                if one.scanned.value is not None:
                    found.append(one)
        if found and has_doctype:
            raise ParseError("DTD refused: the reply declares a document type.")
        return found

    def _index_at(self, position: int) -> int:
        """Return the index of the first token from a position of the text on."""
        return bisect_left(self._tokens, position, key=lambda token: token.start)

    def _thought_end(self, index: int) -> int:
        """Return the index of the token after the block in which a model thinks aloud."""
        token = self._tokens[index]
        is_thought = token.kind == "open" and token.folded in REASONING_TAGS
        if not is_thought or self._is_known(index) or self._is_named_root(index):
            return index
        for i in range(index + 1, len(self._tokens)):
            if self._tokens[i].kind == "close" and self._tokens[i].folded == token.folded:
                return i + 1
        return len(self._tokens)

    def _is_named_root(self, index: int) -> bool:
        token = self._tokens[index]
        is_root = token.kind == "open" or (token.kind == "empty" and bool(token.attributes))
        return is_root and token.folded in self._grammar.root_tags

    def _is_enclosing(self, index: int) -> bool:
        """Whether an unknown tag stands right before a known one."""
        token = self._tokens[index]
        if token.kind != "open" or self._is_known(index):
            return False
        end = token.end
        for i in range(index + 1, len(self._tokens)):
            following = self._tokens[i]
            if self._text[end : following.start].strip():
                return False
            if following.kind not in ("comment", "instruction"):
                return self._is_known(i)
            end = following.end
        return False

    def _is_first_in_line(self, index: int) -> bool:
        start = self._tokens[index].start
        before = self._text[max(0, start - 80) : start].rpartition("\n")[2]
        return not before.strip() and self._is_known(index)

    def _is_known(self, index: int) -> bool:
        token = self._tokens[index]
        if token.kind not in ("open", "empty"):
            return False
        return bool(self._grammar.route(self._grammar.root, token.name, token.folded))

    def _scan(self, index: int, *, has_root: bool) -> _Found:
        token = self._tokens[index]
        root = token if has_root else None
        first = index if root is None else index + 1
        scanner = XmlScanner(self._text, self._tokens, self._grammar)
        scanned = scanner.scan(first, root=root)
        fence = self._text.rfind("\n```", token.start) if scanned.cut else -1
        if fence >= 0 and FENCE_BEFORE.search(self._text[max(0, token.start - 80) : token.start]):
            tokens = self._tokens[: self._index_at(fence)]
            scanner = XmlScanner(self._text[:fence], tokens, self._grammar, is_finished=True)
            scanned = scanner.scan(first, root=root)
        return _Found(replace(scanned, value=self._answer(scanned)), token.start, root)

    def _answer(self, scanned: Scanned) -> Any:
        """Return the tree, or None if nothing in it is the schema's."""
        if scanned.found:
            return scanned.value
        implied = self._grammar.root.implied
        is_value = implied is not None and implied.key == VALUE and scanned.value is not None
        return {VALUE: scanned.value} if is_value else None

    # --- what was found ------------------------------------------------------------------------

    def _readings(self, found: list[_Found], repairs: list[Repair]) -> list[Reading]:
        ends = [0, *(one.scanned.end for one in found)]
        starts = [*(one.start for one in found), len(self._text)]
        readings: list[Reading] = []
        for i, one in enumerate(found):
            before, after = self._text[ends[i] : starts[i]], (ends[i + 1], starts[i + 1])
            around = [*repairs, *self._around(one, before, after)]
            if len(found) > 1:
                detail = f"{len(found) - 1} more in the reply"
                around.append(Repair("other_structure", lossy=True, detail=detail))
            around += one.scanned.repairs
            if not around and not check_xml(self._text[one.start : one.scanned.end]):
                around.append(Repair("not_well_formed"))
            readings.append(Reading(one.scanned.value, tuple(around), one.scanned.cut))
        return readings[::-1][:MAX_READINGS]

    def _around(self, one: _Found, before: str, after: tuple[int, int]) -> Iterator[Repair]:
        if FENCE_BEFORE.search(before[-80:]):
            yield Repair("code_fence")
        outside = _DECLARATION.sub("", before, count=1) + "\n" + self._text[slice(*after)]
        if FENCE_LINES.sub("", outside).strip():
            yield Repair("surrounding_text")
        if any(map(self._is_known, range(self._index_at(after[0]), self._index_at(after[1])))):
            yield Repair("trailing_elements", lossy=True)
        if one.root is None:
            yield Repair("missing_root")
        elif one.root.name != self._name:
            yield Repair("root_tag")
