"""As much of CSS as tells whether text is seen, and where pages end.

Selectors are tags, classes and ids, alone, together and as descendants; what is more (attributes,
siblings, pseudo-classes) applies to nothing here. Rules for other media than the screen are left
out. A more specific rule wins (CSS Selectors 4, 16); `!important` is not weighed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from extractor.documents.readers.elements import Element

Declarations: TypeAlias = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"([a-zA-Z][\w-]*|\*)?((?:[.#][\w-]+)*)$")
_PART = re.compile(r"([.#])([\w-]+)")
_TOLD = frozenset(
    (
        *("display", "visibility", "opacity", "font-size", "font", "color", "background"),
        *("background-color", "position", "left", "top", "text-indent", "list-style-type"),
        *("list-style", "page-break-before", "page-break-after", "break-before", "break-after"),
    )
)


@dataclass(frozen=True, slots=True)
class _Compound:
    """A tag, classes and an id that one element must have; "" for any tag."""

    tag: str
    classes: frozenset[str]
    ids: frozenset[str]

    def matches(self, element: Element) -> bool:
        return (
            self.tag in ("", element.tag)
            and self.classes <= set((element.get("class") or "").split())
            and self.ids <= {element.get("id") or ""}
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    target: _Compound
    around: tuple[_Compound, ...]
    weight: tuple[int, int, int, int]
    declarations: Declarations

    def matches(self, element: Element) -> bool:
        if not self.target.matches(element):
            return False
        wanted = list(self.around)
        for ancestor in element.iterancestors() if wanted else ():
            if wanted and wanted[-1].matches(ancestor):
                wanted.pop()
        return not wanted


class StyleSheet:
    """The rules of a page that matter here, by what an element must have to be meant."""

    def __init__(self, texts: list[str]) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        for number, (selector, declarations) in enumerate(
            pair for text in texts for pair in _blocks(_COMMENT.sub("", text))
        ):
            told = parse(declarations)
            for one in selector.split(",") if told else ():
                rule = _rule(one, told, number)
                if rule:
                    self._rules[_key(rule.target)].append(rule)

    def of(self, element: Element) -> Declarations:
        """Return what the page's rules and the element's own style say of it."""
        keys = [str(element.tag), ""]
        keys += [f".{name}" for name in (element.get("class") or "").split()]
        keys += [f"#{element.get('id')}"] if element.get("id") else []
        rules = [rule for key in keys for rule in self._rules.get(key, ()) if rule.matches(element)]
        said: dict[str, str] = {}
        for rule in sorted(rules, key=lambda rule: rule.weight):
            said |= rule.declarations
        own = element.get("style")
        return said | parse(own) if own else said


def parse(text: str) -> dict[str, str]:
    """Return the declarations that matter here.

    >>> parse("Display: NONE !important; margin: 0")
    {'display': 'none'}
    """
    said: dict[str, str] = {}
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        if name in _TOLD:
            said[name] = value.lower().removesuffix("!important").partition("!")[0].strip()
    return said


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield selectors with what stands in their braces, at-rules for the screen resolved."""
    at = 0
    inside = 0  # at-rules that are open
    while (brace := text.find("{", at)) >= 0:
        head = text[at:brace].strip()
        while head.startswith("}"):
            head, inside = head[1:].strip(), max(0, inside - 1)
        head = head.rpartition(";")[2].strip()
        if head.startswith(("@media", "@supports", "@layer")):
            if not head.startswith("@media") or "screen" in head or "all" in head:
                at, inside = brace + 1, inside + 1
            else:
                at = _end(text, brace)
            continue
        end = text.find("}", brace)
        end = len(text) if end < 0 else end
        if not head.startswith("@"):
            yield head, text[brace + 1 : end]
        at = end + 1


def _end(text: str, brace: int) -> int:
    """Return where the block ends that begins with a brace."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, brace):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return len(text)


def _rule(selector: str, declarations: Declarations, number: int) -> _Rule | None:
    compounds: list[_Compound] = []
    for word in selector.replace(">", " ").split():
        found = _COMPOUND.match(word)
        if found is None:
            return None
        parts = _PART.findall(found[2])
        compounds.append(
            _Compound(
                (found[1] or "").lower().removeprefix("*"),
                frozenset(name for sign, name in parts if sign == "."),
                frozenset(name for sign, name in parts if sign == "#"),
            )
        )
    if not compounds:
        return None
    ids, classes = (sum(len(getattr(c, k)) for c in compounds) for k in ("ids", "classes"))
    tags = sum(bool(compound.tag) for compound in compounds)
    *around, target = compounds
    return _Rule(target, tuple(around), (ids, classes, tags, number), declarations)


def _key(compound: _Compound) -> str:
    """Return one thing that an element must have for a compound to match."""
    if compound.ids:
        return f"#{min(compound.ids)}"
    return f".{min(compound.classes)}" if compound.classes else compound.tag
