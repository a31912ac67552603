"""Which tags are markup at a place of a schema, and what each of them leads to.

`Place` is what may stand inside an element. It is worked out when the scanner first comes to it,
one level at a time, so that recursive schemas need no special care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from extractor.backends.xml_tokens import fold
from extractor.wire.shape import (
    ITEM,
    ITEMS,
    KEY,
    QUOTE,
    VALUE,
    Array,
    Cited,
    Field,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    Union,
    children,
)

_TEXT = Scalar("string")
_MAX_IMPLIED = 4
"""How many wrappers in a row may be left out."""


@dataclass(frozen=True, slots=True)
class Element:
    """What a known tag stands for: the member `key` of the object around it, or with `is_item` one
    item of that list; an item of the list around it has no key. `is_bare` is a single value of
    which no quote is asked, and which is none itself.
    """

    tag: str
    node: Node
    key: str = ""
    is_item: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The content of an element: tags as they should be, and folded to what models make of them.

    `implied` is what the content stands for when its own wrapper is left out: a list whose only
    item has no `<item>` around it, or a root without `<items>` or `<value>`. `values` is what the
    keys of a map lead to, if these are single values, and elements may thus be named after them.
    """

    by_tag: Mapping[str, Element]
    by_folded: Mapping[str, Element]
    is_list: bool
    is_nullable: bool
    implied: Element | None
    values: Node | None = None

    @property
    def is_leaf(self) -> bool:
        return not self.by_folded


class Grammar:
    """The tags of one schema."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._places: dict[tuple[int, str], tuple[Node, Place]] = {}
        self._known: dict[int, tuple[Place, frozenset[str]]] = {}
        self.root = self._root()
        self.root_element = Element(shape.name, shape.root)
        self.root_tags = frozenset({fold(shape.name), "extraction"})

    def _root(self) -> Place:
        top, key = self._shape.resolve(self._shape.root), self._shape.root_key()
        if key is None:
            return self.place(top)
        wrapped = _Builder(self._shape, "")
        wrapped.add(key, top)
        return wrapped.place(Element(key, top, key))

    def place(self, node: Node, tag: str = "") -> Place:
        """Return what may stand in an element of that node, whose tag is `tag`."""
        known = self._places.get((id(node), tag))
        if known is None:
            builder = _Builder(self._shape, tag)
            builder.visit(node)
            known = self._places[id(node), tag] = node, builder.place()
        return known[1]

    @cached_property
    def quotes(self) -> bool:
        """Whether the schema asks for quotes at all."""
        nodes = [self._shape.root, *self._shape.definitions.values()]
        while nodes:
            node = nodes.pop()
            if isinstance(node, Cited) or (isinstance(node, Object) and node.quote_tag):
                return True
            nodes += children(node)
        return False

    def is_name(self, folded: str) -> bool:
        """Whether a tag of these letters is known anywhere in the schema."""
        return folded in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        names = {ITEM, ITEMS, KEY, QUOTE, VALUE, *self.root_tags}
        nodes = [self._shape.root, *self._shape.definitions.values()]
        while nodes:
            node = nodes.pop()
            names |= self.place(node).by_folded.keys()
            nodes += children(node)
        return frozenset(names)

    @cached_property
    def cited(self) -> Place:
        """What may stand in a single value that is quoted though its quote stands elsewhere."""
        return self.place(Cited(_TEXT))

    def route(self, place: Place, name: str, folded: str) -> tuple[Element, ...]:
        """Return what leads from a place to a tag: its element, with those implied before it.

        Empty if the tag is not known there.
        """
        implied: tuple[Element, ...] = ()
        for _ in range(_MAX_IMPLIED):
            element = place.by_tag.get(name) or place.by_folded.get(folded)
            if element is not None:
                return (*implied, element)
            if place.implied is None:
                break
            implied = (*implied, place.implied)
            place = self.place(place.implied.node, place.implied.tag)
        return ()

    def known_tags(self, place: Place) -> frozenset[str]:
        """Return the folded tags that lead anywhere from a place."""
        known = self._known.get(id(place))
        if known is None:
            tags: set[str] = set()
            inner: Place | None = place
            for _ in range(_MAX_IMPLIED):
                if inner is None:
                    break
                tags |= inner.by_folded.keys()
                implied = inner.implied
                inner = self.place(implied.node, implied.tag) if implied else None
            known = self._known[id(place)] = place, frozenset(tags)
        return known[1]


class _Builder:
    """Collects the tags of a node: of all its options, if there are several."""

    def __init__(self, shape: Shape, tag: str) -> None:
        self._shape = shape
        self._tag = tag
        self._members: dict[str, Element] = {}
        self._singles: dict[str, Element] = {}
        self._item_tags: set[str] = set()
        self._items: list[Node] = []
        self._is_nullable = False
        self._values: Node | None = None

    def visit(self, node: Node) -> None:
        match node:
            case Reference():
                self.visit(self._shape.resolve(node))
            case Nullable(item):
                self._is_nullable = True
                self.visit(item)
            case Union(options):
                for option in options:
                    self.visit(option)
            case Object():
                if node.quote_tag:
                    self.add(node.quote_tag, _TEXT)
                for member in node.fields:
                    self.add(member.tag, member.node)
                self._add_quotes_beside(node)
            case Cited(item):
                self.add(QUOTE, _TEXT)
                self.add(VALUE, item, is_half=True)
                inner = self._shape.resolve(item)
                if isinstance(inner, Array) and inner.prefix:
                    self._visit_array(inner)
            case Array():
                self._visit_array(node)
            case Map():
                self._add_item(_pair(self._shape, node))
                self._values = node.values if self._is_leaf(node.values) else None
            case _:
                return

    def _add_quotes_beside(self, node: Object) -> None:
        """A value's quote may stand beside it: `<law_quote>` after `<law>`."""
        for member in node.fields:
            inner = self._shape.resolve(member.node)
            inner = self._shape.resolve(inner.item) if isinstance(inner, Nullable) else inner
            beside = f"{member.tag}_{QUOTE}"
            if isinstance(inner, Cited) and beside not in self._members:
                self.add(beside, _TEXT)

    def _visit_array(self, node: Array) -> None:
        rest = () if node.items is None else (node.items,)
        for number, slot in enumerate(node.prefix, start=1):
            self.add(f"{ITEM}_{number}", slot)
        for name, slot in zip(node.names, node.prefix, strict=False):
            self.add(name, slot)
        if node.prefix:
            self.add(ITEMS, Array(Union((*node.prefix, *rest))))
        else:
            self._add_item(node.items or Scalar("any"))

    def add(self, tag: str, node: Node, *, is_half: bool = False) -> None:
        """Add a member; half of a cited value is quoted already, and so is a quote."""
        known = self._members.get(tag)
        is_bare = not is_half and node is not _TEXT and self._is_single(node)
        is_bare = is_bare and (known is None or known.is_bare)
        node = Union((known.node, node)) if known else node
        self._members[tag] = Element(tag, node, tag, is_bare=is_bare)
        item = self._item_of(node)
        if item is not None:
            for single in _singulars(tag):
                is_bare = self._is_single(item)
                self._singles[single] = Element(tag, item, tag, is_item=True, is_bare=is_bare)

    def _is_single(self, node: Node) -> bool:
        match self._shape.resolve(node):
            case Nullable(item):
                return self._is_single(item)
            case Union(options):
                return all(map(self._is_single, options))
            case inner:
                return isinstance(inner, Scalar | Null)

    def _is_leaf(self, node: Node) -> bool:
        """Whether it is a single value, or one with its quote."""
        match self._shape.resolve(node):
            case Nullable(item) | Cited(item):
                return self._is_leaf(item)
            case inner:
                return self._is_single(inner)

    def _item_of(self, node: Node) -> Node | None:
        match self._shape.resolve(node):
            case Nullable(item):
                return self._item_of(item)
            case Array(items, prefix=()):
                return items
            case Map() as mapping:
                return _pair(self._shape, mapping)
            case _:
                return None

    def _add_item(self, node: Node) -> None:
        self._items.append(node)
        self._item_tags |= {ITEM, *_singulars(self._tag)}
        target = self._shape.resolve(node)
        names = [one.name for one in (node, target) if isinstance(one, Reference | Object)]
        self._item_tags |= {fold(name) for name in names}

    def place(self, implied: Element | None = None) -> Place:
        by_folded: dict[str, Element] = {}
        for tag, element in self._members.items():
            by_folded.setdefault(fold(tag), element)
        for single, element in self._singles.items():
            by_folded.setdefault(single, element)
        if self._items:
            node = Union(tuple(self._items))
            item = Element(ITEM, node, is_item=True, is_bare=self._is_single(node))
            for tag in self._item_tags:
                by_folded.setdefault(tag, item)
            implied = item if not self._members else implied
        values = self._values if len(self._items) == 1 and not self._members else None
        is_list = bool(self._items)
        return Place(self._members, by_folded, is_list, self._is_nullable, implied, values)


def _pair(shape: Shape, node: Map) -> Object:
    """Return a map's item; its quote may stand beside the value or around it."""
    cited = shape.resolve(node.values)
    while isinstance(cited, Nullable):
        cited = shape.resolve(cited.item)
    if not isinstance(cited, Cited):
        return Object("pair", (Field(KEY, KEY, node.keys), Field(VALUE, VALUE, node.values)))
    is_tuple = isinstance(shape.resolve(cited.item), Array)
    value = Union((node.values, cited.item)) if is_tuple else node.values
    parts = (KEY, node.keys), (VALUE, value), (QUOTE, _TEXT)
    return Object("pair", tuple(Field(name, name, part) for name, part in parts))


def _singulars(tag: str) -> set[str]:
    """Return how a list's tag may read for a single item, folded.

    >>> sorted(_singulars("parties")), sorted(_singulars("addresses"))
    (['partie', 'party'], ['address', 'addresse'])
    """
    folded = fold(tag)
    if not folded.endswith("s") or len(folded) < 3:
        return set()
    singulars = {folded[:-1]}
    if folded.endswith("ies"):
        singulars.add(f"{folded[:-3]}y")
    if folded.endswith("es") and not folded.endswith("ies"):
        singulars.add(folded[:-2])
    return singulars
