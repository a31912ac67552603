"""The schema as a tree of nodes, which prompts, wire schemas and parsing share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from extractor.about import Wording

ScalarType: TypeAlias = Literal["string", "integer", "number", "boolean", "any"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value.

    `format` is JSON Schema's (`date`, `date-time`, `uuid`, ...) or `decimal`. `values` are the only
    ones allowed (Literal, Enum, const); their types then count, not `type`. `constraints` are JSON
    Schema's validation keywords (`pattern`, `minimum`, ...). Type `any` is any single value.
    `wording` tells the sentences that speak of it from others. `names` are what code calls the
    allowed values (an Enum's members), `unit` is that of time which a field's number counts.
    """

    type: ScalarType
    format: str | None = None
    values: tuple[Any, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])
    description: str | None = None
    wording: Wording | None = None
    names: Mapping[str, Any] = field(default_factory=dict[str, Any])
    unit: str | None = None

    @property
    def is_constant(self) -> bool:
        return len(self.values) == 1


@dataclass(frozen=True, slots=True)
class Null:
    """Nothing but null."""


@dataclass(frozen=True, slots=True)
class Nullable:
    """`item`, or null when the document does not say."""

    item: Node


@dataclass(frozen=True, slots=True)
class Field:
    """One property of an object.

    `name` is the key in the data, `tag` the same made safe for XML and for every provider's names,
    `alias` Pydantic's own other name for it. A field that is not `required` has a default: null on
    the wire means "not in the document", and then the key is left out, so that Pydantic and not the
    model supplies it.
    """

    name: str
    tag: str
    node: Node
    description: str | None = None
    required: bool = True
    alias: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All keys that a reply may use for it."""
        return tuple(filter(None, (self.tag, self.name, self.alias)))


@dataclass(frozen=True, slots=True)
class Object:
    """A model, dataclass or TypedDict; `open` ones take further properties.

    `quote_tag` names an added property that cites the whole object (an item of a list), or is None.
    """

    name: str
    fields: tuple[Field, ...]
    description: str | None = None
    open: bool = False
    quote_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """A list, set or tuple.

    `prefix` are a tuple's own item types, `items` those of the rest (None where there is no rest),
    `names` what a NamedTuple calls its own.
    """

    items: Node | None
    prefix: tuple[Node, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """A dict with keys unknown beforehand; on the wire a list of {key, value}."""

    keys: Scalar
    values: Node


@dataclass(frozen=True, slots=True)
class Union:
    """One of several; `discriminator` names the constant property that tells which."""

    options: tuple[Node, ...]
    discriminator: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A node of `Shape.definitions`, by name; recursion is only possible through these."""

    name: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A leaf that is asked for with its proof: {quote, value} on the wire, `item` in the data."""

    item: Node


Node: TypeAlias = Scalar | Null | Nullable | Object | Array | Map | Union | Reference | Cited

QUOTE, VALUE, KEY, ITEMS, ITEM = "quote", "value", "key", "items", "item"
"""What is added on the wire: a leaf's quote and value, a map's key, a wrapped root, XML's item."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole schema. `name` is safe as a provider's schema name (`^[A-Za-z0-9_-]{1,64}$`).

    `by_paragraph` says that its quotes are labels of paragraphs, in place of words.
    """

    name: str
    root: Node
    definitions: Mapping[str, Node]
    by_paragraph: bool = False

    def resolve(self, node: Node) -> Node:
        """Follow references to the node they stand for."""
        while isinstance(node, Reference):
            node = self.definitions[node.name]
        return node

    def root_key(self) -> str | None:
        """Return the key that the wire wraps the root in; None for an object, which needs none."""
        top = self.resolve(self.root)
        if isinstance(top, Object):
            return None
        return ITEMS if isinstance(top, Array | Map) else VALUE

    def has_empty(self, node: Node) -> bool:
        """Whether `node` can say "nothing in the document" by itself: null, or an empty list."""
        top = self.resolve(node)
        listed = isinstance(top, Array) and not top.prefix
        return listed or isinstance(top, Nullable | Null | Map)

    def recursive_names(self) -> frozenset[str]:
        """Return the definitions that contain themselves, directly or through others."""
        uses = {name: set(references(node)) for name, node in self.definitions.items()}

        def reach(name: str) -> set[str]:
            seen: set[str] = set()
            front = set(uses[name])
            while front:
                seen |= front
                front = {used for one in front for used in uses[one]} - seen
            return seen

        return frozenset(name for name in uses if name in reach(name))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly inside one, without following references."""
    match node:
        case Nullable(item) | Cited(item):
            return (item,)
        case Object(fields=fields):
            return tuple(field.node for field in fields)
        case Array(items, prefix):
            return (*prefix, items) if items is not None else prefix
        case Map(keys, values):
            return (keys, values)
        case Union(options):
            return options
        case _:
            return ()


def references(node: Node) -> Iterator[str]:
    """Yield the names of all definitions that a node uses directly."""
    if isinstance(node, Reference):
        yield node.name
    for child in children(node):
        yield from references(child)
