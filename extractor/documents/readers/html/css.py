"""As much of CSS as tells whether text is seen, and where pages end.

Selectors are tags, classes and ids, alone, together and as descendants; what is more (attributes,
siblings, pseudo-classes) applies to nothing here. Rules for other media than a usual screen are
left out. A more specific rule wins (CSS Selectors 4, 16), an important one over all others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.media import for_screen

Declarations: TypeAlias = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"([a-zA-Z][\w-]*|\*)?((?:[.#][\w-]+)*)$")
_PART = re.compile(r"([.#])([\w-]+)")
_AT_RULE = re.compile(r"@(media|supports|layer)\b\s*(.*)", re.DOTALL | re.IGNORECASE)
_CLOSING = "} \t\r\n\f"
_BEFORE = re.compile(r"::?before$", re.IGNORECASE)
_AS_WRITTEN = frozenset(("content",))
_WHERE = frozenset(("inside", "outside"))
_SIDES = ("top", "right", "bottom", "left")
_TOLD = frozenset(
    (
        *("display", "visibility", "content-visibility", "opacity", "filter", "clip", "clip-path"),
        *("transform", "scale", "translate", "position", "float", "text-indent", "font-size"),
        *("color", "background-color", "background-image", "vertical-align", "text-decoration"),
        *("width", "height", "max-width", "max-height", "min-width", "min-height"),
        *("overflow-x", "overflow-y", *_SIDES, *(f"padding-{side}" for side in _SIDES)),
        *("margin-left", "margin-top", "list-style-type", "white-space"),
        *("font-family", "content", "counter-reset", "counter-increment", "counter-set"),
        *("page-break-before", "page-break-after", "break-before", "break-after"),
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
class Said:
    """Declarations of one rule, or of one element; the important ones win over all others."""

    usual: Declarations
    important: Declarations


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is said of elements; `around` is what they must be in, and whether directly."""

    target: _Compound
    around: tuple[tuple[_Compound, bool], ...]
    weight: tuple[int, int, int, int]
    said: Said

    def matches(self, element: Element) -> bool:
        if not self.target.matches(element):
            return False
        ancestor = element.getparent()
        for compound, directly in reversed(self.around):
            while ancestor is not None and not directly and not compound.matches(ancestor):
                ancestor = ancestor.getparent()
            if ancestor is None or not compound.matches(ancestor):
                return False
            ancestor = ancestor.getparent()
        return True


class StyleSheet:
    """The rules of a page that matter here, by what an element must have to be meant."""

    def __init__(self, texts: list[str]) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        self._before: dict[str, list[_Rule]] = defaultdict(list)
        for number, (selector, declarations) in enumerate(
            pair for text in texts for pair in _blocks(_COMMENT.sub("", text))
        ):
            told = parse(declarations)
            for one in selector.split(",") if told.usual or told.important else ():
                bare = _BEFORE.sub("", one.strip())
                rules = self._rules if bare == one.strip() else self._before
                if rule := _rule(bare, told, number):
                    rules[_key(rule.target)].append(rule)

    def of(self, element: Element) -> Declarations:
        """Return what the page's rules and the element's own style say of it."""
        every = _matching(self._rules, element)
        if own := element.get("style"):
            every.append(parse(own))
        return _all(every)

    @property
    def generates(self) -> bool:
        """Whether there is a rule for what stands before an element and is not in the page."""
        return bool(self._before)

    def before(self, element: Element) -> Declarations:
        """Return what the rules say of the text that they put before an element."""
        return _all(_matching(self._before, element))


def _matching(rules: Mapping[str, list[_Rule]], element: Element) -> list[Said]:
    """Return what the rules that an element meets say, the most specific last."""
    keys = [str(element.tag), ""]
    keys += [f".{name}" for name in (element.get("class") or "").split()]
    keys += [f"#{element.get('id')}"] if element.get("id") else []
    met = [rule for key in keys for rule in rules.get(key, ()) if rule.matches(element)]
    return [rule.said for rule in sorted(met, key=lambda rule: rule.weight)]


def _all(every: list[Said]) -> Declarations:
    said: dict[str, str] = {}
    for one in every:
        said |= one.usual
    for one in every:
        said |= one.important
    return said


@lru_cache(maxsize=1_000)  # a page says the same of thousands of elements
def parse(text: str) -> Said:
    """Return the declarations that matter here, short forms written out.

    >>> parse("Display: NONE !important; font: bold 9pt; cursor: help")
    Said(usual={'font-size': '9pt'}, important={'display': 'none'})
    """
    usual: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        value, _, weight = value.strip().partition("!")
        weighty = weight.strip().lower() == "important"
        if value and (weighty or not weight):
            value = value.strip() if name in _AS_WRITTEN else value.strip().lower()
            for longhand, part in _longhands(name, value):
                (important if weighty else usual)[longhand] = part
    return Said(usual, important)


def four_sides(words: list[str]) -> list[str]:
    """Return the values of top, right, bottom and left, of which one may stand for others.

    >>> four_sides(["1px", "2px"])
    ['1px', '2px', '1px', '2px']
    """
    top, right, bottom, left = (words[at] if at < len(words) else "" for at in range(4))
    right = right or top
    return [top, right, bottom or top, left or right]


def _longhands(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the properties that matter of those that a declaration sets."""
    match name:
        case "font":
            every = _of_font(value.split())
        case "background":
            every = [("background-color", value), ("background-image", value)]
        case "list-style":
            words = [word for word in value.split() if word not in _WHERE and "(" not in word]
            every = [("list-style-type", words[0] if words else "disc")]
        case "overflow":
            words = value.split()
            every = [("overflow-x", words[0]), ("overflow-y", words[-1])]
        case "text-decoration-line":
            every = [("text-decoration", value)]
        case "inset":
            every = list(zip(_SIDES, four_sides(value.split()), strict=True))
        case "margin" | "padding":
            sides = (f"{name}-{side}" for side in _SIDES)
            every = list(zip(sides, four_sides(value.split()), strict=True))
        case _:
            every = [(name, value)]
    return ((longhand, part) for longhand, part in every if longhand in _TOLD)


def _of_font(words: list[str]) -> list[tuple[str, str]]:
    """Return size and families of a font: these follow it, and the height of lines if it is told.

    >>> _of_font(["bold", "700", "12px", "/", "1.2", "times", "new", "roman,", "serif"])
    [('font-size', '12px'), ('font-family', 'times new roman, serif')]
    """
    for at, word in enumerate(words):
        if re.match(r"[.\d]", word) and (not word.isdigit() or word == "0"):
            behind = " ".join(words[at:])
            size, _, families = re.sub(r"\s*/\s*\S+", "", behind).partition(" ")
            return [("font-size", size), *([("font-family", families)] if families else [])]
    return []


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield selectors with what stands in their braces, at-rules for the screen resolved."""
    at = 0
    while (brace := text.find("{", at)) >= 0:
        head = text[at:brace].rpartition(";")[2].lstrip(_CLOSING).rstrip()
        if head.startswith("@"):
            at = brace + 1 if _applies(head) else _end(text, brace)
            continue
        end = text.find("}", brace)
        end = len(text) if end < 0 else end
        yield head, text[brace + 1 : end]
        at = end + 1


def _applies(head: str) -> bool:
    """Say whether the rules within an at-rule apply; those within most are none."""
    found = _AT_RULE.match(head)
    if found is None:
        return False
    if found[1].lower() == "media":
        return for_screen(found[2])
    return not found[2].lower().startswith("not")


def _end(text: str, brace: int) -> int:
    """Return where the block ends that begins with a brace."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, brace):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return len(text)


def _rule(selector: str, said: Said, number: int) -> _Rule | None:
    compounds: list[_Compound] = []
    direct: list[bool] = []
    for word in selector.replace(">", " > ").split():
        if word == ">":
            direct[-1:] = [True] * len(direct[-1:])
            continue
        direct.append(False)
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
    target = compounds[-1]
    around = tuple(zip(compounds[:-1], direct, strict=False))
    return _Rule(target, around, (ids, classes, tags, number), said)


def _key(compound: _Compound) -> str:
    """Return one thing that an element must have for a compound to match."""
    if compound.ids:
        return f"#{min(compound.ids)}"
    return f".{min(compound.classes)}" if compound.classes else compound.tag
