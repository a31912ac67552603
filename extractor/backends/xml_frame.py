"""An XML element while it is being read, and the value it comes to."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from extractor.backends.reading import REASONING_TAGS, RepairLog, gather
from extractor.backends.xml_grammar import Element, Place
from extractor.backends.xml_tokens import FORMATTING_TAGS, NAME, fold
from extractor.paths import Path
from extractor.wire.shape import ITEMS, QUOTE, VALUE

_ANY_TAG = re.compile(rf"<\s*+(?P<slash>/?)\s*+(?P<name>{NAME})(?P<rest>[^<>]*+)>")
_PARTIAL_TAG = re.compile(r"</?(?:[A-Za-z_][\w.: \t-]*)?\Z")
_STRAY_CLOSE = re.compile(rf"</\s*+({NAME})\s*>\s*\Z")
_BREAK = "\x00"
"""Stands between texts that were apart in the reply, which itself holds no such character."""
_UNNAMED = FORMATTING_TAGS | REASONING_TAGS
"""Unknown tags that do not say what is in them."""
_SHOWN = 200
"""Characters of the names of tags whose content is lost."""
_TAIL = 200
"""Characters at the end of a text within which a broken tag is looked for."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one element gave for a list: a single item, or a list of its own."""

    value: Any
    is_item: bool

    @property
    def items(self) -> list[Any]:
        value = self.value
        if self.is_item:
            return [value]
        if isinstance(value, list):
            return list(cast("Iterable[Any]", value))
        return [] if value is None else [value]


@dataclass(slots=True)
class Frame:
    """An open element; one that is only implied has no tag, nor has a root that was left out.

    `known` are the tags that may be markup inside, those of the elements around it included.
    `is_cited` says that a quote stands in it that was not asked for, `is_keyed` that the elements
    inside are named after the keys of a map, `is_nil` that its tag calls it null.
    """

    element: Element
    place: Place
    path: Path
    tag: str
    known: frozenset[str]
    attributes: tuple[tuple[str, str], ...] = ()
    has_text: bool = False
    is_cited: bool = False
    is_keyed: bool = False
    is_nil: bool = False
    _has_skipped: bool = False
    _text: list[str] = field(default_factory=list[str])
    _pairs: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    _lists: dict[str, list[_Part]] = field(default_factory=dict[str, list[_Part]])
    _counts: Counter[str] = field(default_factory=Counter[str])
    _items: list[Any] = field(default_factory=list[Any])

    @property
    def has_children(self) -> bool:
        return bool(self._pairs or self._lists or self._items)

    @property
    def is_text(self) -> bool:
        """Whether a tag inside may well be part of the text."""
        return self.place.is_leaf or (self.has_text and not self.has_children)

    @property
    def is_bare_root(self) -> bool:
        return not self.tag and not self.path and self.element.key == ""

    def add_text(self, text: str) -> None:
        if self._has_skipped and text:
            self._has_skipped = False
            if self._text and self._text[-1][-1:].isspace():
                text = text.lstrip()
        if text:
            self._text.append(text)
        self.has_text = self.has_text or bool(text.strip())

    def skip(self) -> None:
        """Note that something was left out of a text, which is one all the same.

        The blanks before and after it become those between two words.
        """
        self._has_skipped = True

    def interrupt(self) -> None:
        """Note that something which is not text stands here."""
        self._text.append(_BREAK)

    def put(self, element: Element, value: Any, *, is_list: bool) -> None:
        """Take the value of an element inside."""
        self.interrupt()
        if not element.key:
            self._items.append(value)
        elif not is_list:
            self._pairs.append((element.key, value))
        else:
            part = _Part(value, element.is_item)
            self._lists.setdefault(element.key, []).append(part)
            self._counts[element.key] += len(part.items)

    def has(self, key: str) -> bool:
        """Whether a member was given."""
        return key in self._lists or any(key == given for given, _ in self._pairs)

    def path_to(self, element: Element) -> Path:
        """Return the path that an element inside gets."""
        path = (*self.path, element.key) if element.key else self.path
        if not element.is_item:
            return path
        return (*path, self._counts[element.key] if element.key else len(self._items))

    def cite(self, place: Place) -> None:
        """Take what is in it for a value with its quote."""
        self.place, self.is_cited = place, True
        self.known |= place.by_folded.keys()

    # --- its text ------------------------------------------------------------------------------

    def drop_partial_tag(self, log: RepairLog) -> str:
        """Take a known tag that was only begun off the end of the text, and return it."""
        text = "".join(self._text)
        partial = _PARTIAL_TAG.search(text, max(0, len(text) - _TAIL))
        name = fold(partial[0].strip("</")) if partial else ""
        if partial is None or not any(tag.startswith(name) for tag in self.known):
            return ""
        self._text = [text[: partial.start()]]
        log.add("incomplete_tag", self.path, lossy=True)
        return partial[0]

    def drop_stray_close(self, log: RepairLog) -> None:
        """Take a misspelt closing tag off the end of the text."""
        text = "".join(self._text)
        stray = _STRAY_CLOSE.search(text, max(0, len(text) - _TAIL))
        if stray and not self.has_children and f"<{stray[1]}" not in text:
            self._text = [text[: stray.start()]]
            log.add("mismatched_close", self.path, lossy=True)

    # --- its value -----------------------------------------------------------------------------

    def value(self, log: RepairLog) -> Any:
        """Return what the element holds: a text, a list, a dict, or None for nothing."""
        texts = [text.strip() for text in "".join(self._text).split(_BREAK)]
        texts = [text for text in texts if text]
        if not self.has_children:
            is_empty_list = self.place.is_list and not self.place.is_nullable and not self.is_nil
            return " ".join(texts) or ([] if is_empty_list else None)
        if texts:
            self._place_texts(texts, log)
        if self._items and not self._pairs and not self._lists:
            return self._items
        pairs = [*self._pairs, *((key, self._joined(key, log)) for key in self._lists)]
        pairs += [(ITEMS, self._items)] if self._items else []
        members = gather(pairs, self.path, log)
        return self._single(members, log) if self.is_cited else members

    def _single(self, members: dict[str, Any], log: RepairLog) -> Any:
        """Take a value without a quote out of its own tag; a quote of nothing is nothing."""
        if members.get(QUOTE) is not None:
            return members
        log.add("nested_value", self.path)
        return members.get(VALUE)

    def _place_texts(self, texts: list[str], log: RepairLog) -> None:
        """Text beside elements is a value whose tag was forgotten, or it is lost."""
        given = {*self._lists, *(key for key, _ in self._pairs)}
        is_value = VALUE in self.place.by_tag and VALUE not in given and len(texts) == 1
        if is_value and self.tag:
            self._pairs.append((VALUE, texts[0]))
            log.add("untagged_value", self.path)
            return
        text = "\n".join(texts)
        if _ANY_TAG.search(text):
            lost = ", ".join(_lost_in(text))
            log.add("unknown_tag", self.path, lossy=bool(lost), detail=lost[:_SHOWN])
        stray = _ANY_TAG.sub("", text).strip()
        if stray and self.is_bare_root:
            log.add("surrounding_text")
        elif stray:
            log.add("stray_text", self.path, lossy=True, detail=f"{len(stray)} characters")

    def _joined(self, key: str, log: RepairLog) -> Any:
        """Join what several elements gave for one list."""
        parts = self._lists[key]
        if len(parts) == 1 and not parts[0].is_item:
            return parts[0].value
        if not all(part.is_item for part in parts):
            log.add("repeated_list", (*self.path, key))
        return [item for part in parts for item in part.items]


def _lost_in(text: str) -> list[str]:
    """Return the tags of a text that nobody reads which have something in them, each once.

    Not those that only set words apart or in which a model thinks, nor those that others are lost
    in: the innermost says it.
    """
    lost: dict[str, None] = {}
    begun: defaultdict[str, list[int]] = defaultdict(list)
    count = end = 0
    for tag in _ANY_TAG.finditer(text):
        count += len(text[end : tag.start()].strip())
        name, end = tag["name"], tag.end()
        if fold(name) in _UNNAMED:
            continue
        if tag["rest"].endswith("/"):
            if "=" in tag["rest"]:
                lost[name] = None
        elif not tag["slash"]:
            begun[name].append(count)
        elif begun[name] and (before := begun[name].pop()) < count:
            lost[name], count = None, before
    return list(lost)
