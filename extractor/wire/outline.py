"""A `Shape` written for a reader: as the JSON or the XML that a prompt asks for, with descriptions.

Type words stand where values will stand (`string`, `date as YYYY-MM-DD`), never sample values: a
small model would copy those. A definition used more than once, or in itself, is written once and
named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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
    references,
)

_FORMATS = {
    "date": "date as YYYY-MM-DD",
    "partial-date": "date as YYYY-MM-DD with X for unknown digits",
    "date-time": "time as YYYY-MM-DDThh:mm:ss",
    "time": "time of day as hh:mm",
    "decimal": "decimal number in digits",
    "duration": "ISO 8601 duration",
    "length-of-time": "ISO 8601 duration",
    "jurisdiction": "name of a country or state in full",
    "party-name": "name of a company or person",
}
_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "any": "string, number, true, false or null",
}
_COPIED, _LABELLED = "words copied from the document", "label of the paragraph"
_PLACEHOLDER = "the value"


def json_outline(shape: Shape) -> str:
    """Describe the JSON object that is wanted."""
    return _JsonOutline(shape).text()


def xml_outline(shape: Shape) -> str:
    """Describe the XML elements that are wanted, root included."""
    return _XmlOutline(shape).text()


def type_words(node: Scalar) -> str:
    """Say in words what a single value may be.

    >>> type_words(Scalar("integer", constraints={"minimum": 1}))
    'integer, minimum 1'
    """
    if node.values:
        return " or ".join(f'"{v}"' if isinstance(v, str) else str(v).lower() for v in node.values)
    words = _FORMATS.get(node.format or "")
    told = [
        f"{key} {value}"
        for key, value in node.constraints.items()
        if not (words and key == "pattern")  # it only says again what the words do
    ]
    return ", ".join([words or _TYPES[node.type], *told])


class _Outline:
    """What both notations share: which definitions are written out apart, and in which order."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._quote = _LABELLED if shape.by_paragraph else _COPIED
        uses = Counter(name for node in shape.definitions.values() for name in references(node))
        uses.update(references(shape.root))
        again = shape.recursive_names()
        self._apart = {
            name
            for name, count in uses.items()
            if (count > 1 or name in again) and not isinstance(shape.definitions[name], Scalar)
        }

    def _inline(self, node: Node) -> Node:
        while isinstance(node, Reference) and node.name not in self._apart:
            node = self._shape.definitions[node.name]
        return node

    def _root(self) -> Node:
        """What the reply is: the model itself, or an object around a root list or value."""
        key = self._shape.root_key()
        if key is None:
            return self._shape.resolve(self._shape.root)
        return Object(self._shape.name, (Field(key, key, self._shape.root),))

    def _definitions(self) -> Iterator[tuple[str, Node]]:
        for name in sorted(self._apart):
            yield name, self._shape.definitions[name]

    def _item(self, node: Map) -> Object:
        value = node.values
        quote = QUOTE if isinstance(value, Cited) else None
        value = value.item if isinstance(value, Cited) else value
        return Object(
            "pair", (Field(KEY, KEY, node.keys), Field(VALUE, VALUE, value)), quote_tag=quote
        )

    def _slots(self, node: Array) -> Object:
        slots = [Field(f"item_{i + 1}", f"item_{i + 1}", n) for i, n in enumerate(node.prefix)]
        if node.items is not None:
            slots.append(Field(ITEMS, ITEMS, Array(node.items)))
        return Object("tuple", tuple(slots))


class _JsonOutline(_Outline):
    def text(self) -> str:
        parts = [self._type(self._root(), "")]
        parts += [f"{name} is {self._type(node, '')}" for name, node in self._definitions()]
        return "\n".join(parts)

    def _type(self, node: Node, indent: str) -> str:
        node = self._inline(node)
        match node:
            case Scalar():
                return type_words(node)
            case Null():
                return "null"
            case Nullable():
                return f"{self._type(node.item, indent)} or null"
            case Cited():
                value = self._type(node.item, indent)
                return f'{{"{QUOTE}": {self._quote}, "{VALUE}": {value}}}'
            case Object():
                return self._object(node, indent)
            case Array() if node.prefix:
                return self._object(self._slots(node), indent)
            case Array():
                return f"[{self._type(node.items or Scalar('any'), indent)}, ...]"
            case Map():
                return f"[{self._object(self._item(node), indent)}, ...]"
            case Union():
                return " or ".join(self._type(option, indent) for option in node.options)
            case Reference():
                return node.name

    def _object(self, node: Object, indent: str) -> str:
        inner = indent + "  "
        lines = [f'{inner}"{node.quote_tag}": {self._quote},'] if node.quote_tag else []
        for member in node.fields:
            kind = self._type(_answerable(self._shape, member), inner)
            about = f"  // {_one_line(member.description)}" if member.description else ""
            lines.append(f'{inner}"{member.tag}": {kind},{about}')
        head = f"{{  // {_one_line(node.description)}" if node.description else "{"
        return "\n".join([head, *lines, f"{indent}}}"])


class _XmlOutline(_Outline):
    """Descriptions first and bare tags last: a small model copies comments out of the form."""

    def text(self) -> str:
        form = list(self._element(self._shape.name, self._root(), ""))
        parts = [("", self._root())]
        for name, node in self._definitions():
            parts.append((name, node))
            form += [f"{name} holds:", *self._content(node, "  ")]
        about = [line for name, node in parts for line in self._descriptions(node, name)]
        return "\n".join([*about, "", *form] if about else form)

    def _descriptions(self, node: Node, path: str) -> Iterator[str]:
        node = self._inline(node)
        match node:
            case Object():
                if node.description:
                    yield f"{path or node.name}: {_one_line(node.description)}"
                for member in node.fields:
                    yield from self._description(
                        member, f"{path}/{member.tag}" if path else member.tag
                    )
            case Array() if node.prefix:
                yield from self._descriptions(self._slots(node), path)
            case Map():
                yield from self._descriptions(self._item(node), path)
            case _:
                for child in children(node):
                    yield from self._descriptions(child, path)

    def _description(self, member: Field, path: str) -> Iterator[str]:
        kind = self._kind(_answerable(self._shape, member))
        about = _one_line(member.description)
        if kind or about:
            yield f"- {path}{f' ({kind})' if kind else ''}{f': {about}' if about else ''}"
        yield from self._descriptions(member.node, path)

    def _kind(self, node: Node) -> str:
        """Say what a value, or each item of a list, may be; nothing of what has fields."""
        node = self._inline(node)
        match node:
            case Scalar():
                return "" if node.is_constant else type_words(node)
            case Cited():
                return self._kind(node.item)
            case Nullable():
                kind = self._kind(node.item)
                return f"{kind}, or empty" if kind else ""
            case Array(items=items, prefix=()) if items is not None:
                return self._kind(items)
            case Union():
                return " or ".join(filter(None, map(self._kind, node.options)))
            case _:
                return ""

    def _element(self, tag: str, node: Node, indent: str) -> Iterator[str]:
        words = self._words(node)
        if words is not None:
            yield f"{indent}<{tag}>{words}</{tag}>"
            return
        yield f"{indent}<{tag}>"
        yield from self._content(node, indent + "  ")
        yield f"{indent}</{tag}>"

    def _words(self, node: Node) -> str | None:
        """Return what stands for a single value, or None for what has elements inside.

        Types stand with the descriptions: where a value belongs, a small model copies them.
        """
        node = self._inline(node)
        match node:
            case Scalar():
                return type_words(node) if node.is_constant else _PLACEHOLDER
            case Null():
                return ""
            case Nullable():
                return self._words(node.item)
            case Reference():
                return f"as {node.name}"
            case Union():
                known = [words for words in map(self._words, node.options) if words is not None]
                alone = len(known) == len(node.options)
                return " or ".join(dict.fromkeys(known)) if alone else None
            case _:
                return None

    def _content(self, node: Node, indent: str) -> Iterator[str]:
        node = self._inline(node)
        match node:
            case Nullable():
                yield from self._content(node.item, indent)
            case Cited():
                yield f"{indent}<{QUOTE}>{self._quote}</{QUOTE}>"
                yield from self._element(VALUE, node.item, indent)
            case Object():
                if node.quote_tag:
                    yield f"{indent}<{node.quote_tag}>{self._quote}</{node.quote_tag}>"
                for member in node.fields:
                    value = _answerable(self._shape, member)
                    yield from self._element(member.tag, value, indent)
            case Array() if node.prefix:
                yield from self._content(self._slots(node), indent)
            case Array():
                yield from self._element(ITEM, node.items or Scalar("any"), indent)
                yield f"{indent}..."
            case Map():
                yield from self._element(ITEM, self._item(node), indent)
                yield f"{indent}..."
            case Union():
                for number, option in enumerate(node.options):
                    yield from [f"{indent}or"] if number else []
                    words = self._words(option)
                    yield from self._content(option, indent) if words is None else [indent + words]
            case _:
                yield indent + (self._words(node) or "")


def _answerable(shape: Shape, member: Field) -> Node:
    """Null is an answer for every field that Pydantic could fill in."""
    plain = member.required or shape.has_empty(member.node)
    return member.node if plain else Nullable(member.node)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
