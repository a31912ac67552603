"""The schema as a tree of nodes: the one description that prompts, wire schemas and parsing share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

ScalarType: TypeAlias = Literal["string", "integer", "number", "boolean", "any"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value.

    `format` is JSON Schema's (`date`, `date-time`, `uuid`, ...) or `decimal`. `values` are the only
    ones allowed (Literal, Enum, const); their types then count, not `type`. `constraints` are JSON
    Schema's validation keywords (`pattern`, `minimum`, ...). Type `any` is any single value.
    """

    type: ScalarType
    format: str | None = None
    values: tuple[Any, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])
    description: str | None = None

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

    `name` is the key in the data; `tag` the same made safe for XML names and every provider's
    property names. A field that is not `required` has a default: null on the wire means "not in the
    document", and then the key is left out, so that Pydantic and not the model supplies it.
    """

    name: str
    tag: str
    node: Node
    description: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Object:
    """A model, dataclass or TypedDict. `quote_tag` names an added property that cites the whole object
    (items of lists), or is None."""

    name: str
    fields: tuple[Field, ...]
    description: str | None = None
    open: bool = False
    quote_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """A list, set or tuple; `prefix` are a tuple's own item types, `items` those of the rest (None
    where a tuple has no rest)."""

    items: Node | None
    prefix: tuple[Node, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])


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
"""Names of what is added on the wire: a leaf's quote and value, a map's key, a wrapped root, XML's item."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole schema. `name` is safe as a provider's schema name (`^[A-Za-z0-9_-]{1,64}$`)."""

    name: str
    root: Node
    definitions: Mapping[str, Node]

    def resolve(self, node: Node) -> Node:
        """Follow references to the node they stand for."""
        while isinstance(node, Reference):
            node = self.definitions[node.name]
        return node

    def is_nullable(self, node: Node) -> bool:
        """Whether null is an answer for `node`."""
        return isinstance(self.resolve(node), Nullable | Null)
