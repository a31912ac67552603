"""A schema as a row for each field: what `schema docs` prints and `schema diff` compares."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from extractor.about import About, about
from extractor.types import JsonObject
from extractor.wire.compile import compile_schema
from extractor.wire.outline import type_words
from extractor.wire.shape import Array, Map, Node, Nullable, Object, Reference, Shape, Union
from extractor.wire.shape import Scalar as ScalarNode


class FieldRow(BaseModel):
    """One field, by its path from the root: `parties[].name`.

    What stands before `required` is what a model is told, and what it is asked again for when it
    changes. An object's own description follows that of its field.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    type: str
    description: str
    required: bool
    example: object = None
    normalizer: str | None = None
    scorer: str | None = None
    cuad: str | None = None
    sali: str | None = None


TOLD = ("type", "description", "required")
"""What of a field a model is told."""


def field_rows(schema: type[BaseModel]) -> list[FieldRow]:
    """List the fields of any schema, each before those inside it."""
    shape = compile_schema(schema)
    return [*_Walk(shape, dict(_known(schema, "", ()))).rows(shape.root, "")]


@dataclass(slots=True)
class _Walk:
    shape: Shape
    known: Mapping[str, About]
    seen: tuple[str, ...] = ()

    def rows(self, node: Node, path: str) -> Iterator[FieldRow]:
        """Yield the rows of what is inside a node."""
        match node:
            case Reference(name):
                if name not in self.seen:
                    inner = _Walk(self.shape, self.known, (*self.seen, name))
                    yield from inner.rows(self.shape.definitions[name], path)
            case Nullable(item):
                yield from self.rows(item, path)
            case Array(items) if items is not None:
                yield from self.rows(items, f"{path}[]")
            case Map(_, values):
                yield from self.rows(values, f"{path}{{}}")
            case Union(options):
                for option in options:
                    yield from self.rows(option, path)
            case Object(fields=fields):
                for field in fields:
                    inside = f"{path}.{field.name}" if path else field.name
                    found = self.known.get(inside)
                    yield FieldRow(
                        path=inside,
                        type=self.words(field.node),
                        description=_joined(field.description, self.own(field.node)),
                        required=field.required,
                        example=found.example if found else None,
                        normalizer=found.normalizer if found else None,
                        scorer=found.scorer if found else None,
                        cuad=found.cuad if found else None,
                        sali=found.sali if found else None,
                    )
                    yield from self.rows(field.node, inside)
            case _:
                return

    def words(self, node: Node) -> str:
        """Say what a value may be."""
        node = self.shape.resolve(node)
        match node:
            case ScalarNode():
                return type_words(node)
            case Nullable(item):
                return f"{self.words(item)} or null"
            case Array(items, prefix):
                kinds = [*prefix, *([items] if items is not None else [])]
                return f"list of {', '.join(map(self.words, kinds))}"
            case Map(_, values):
                return f"table of {self.words(values)}"
            case Union(options):
                return " or ".join(map(self.words, options))
            case Object(name):
                return name
            case _:
                return "null"

    def own(self, node: Node) -> str | None:
        """Return the description of the object that a field holds, or holds a list of."""
        node = self.shape.resolve(node)
        match node:
            case Object(description=description):
                return description
            case Nullable(item) | Array(items=item) | Map(values=item) if item is not None:
                return self.own(item)
            case _:
                return None


def _joined(*texts: str | None) -> str:
    return " ".join(" ".join(text.split()) for text in texts if text)


def _known(kind: object, path: str, seen: tuple[object, ...]) -> Iterator[tuple[str, About]]:
    """Yield what a type's models say of their fields, by the same paths as the shape has."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in () if kind in seen else kind.model_fields.items():
            inside = f"{path}.{name}" if path else name
            found = about(field)
            if found is not None:
                yield inside, found
            yield from _known(field.annotation, inside, (*seen, kind))
        return
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _known(get_args(kind)[0], path, seen)
        return
    steps: dict[object, str] = {list: "[]", set: "[]", tuple: "[]", dict: "{}"}
    for inner in get_args(kind):
        yield from _known(inner, path + steps.get(origin, ""), seen)


def rows_as_json(rows: list[FieldRow]) -> list[JsonObject]:
    """Return the rows as `schema docs --json` has them."""
    return [row.model_dump(mode="json") for row in rows]


def as_markdown(rows: list[FieldRow]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| field | type | description | example | scorer | identifiers |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        ids = [f"CUAD: {row.cuad}"] if row.cuad else []
        ids += [f"SALI: {row.sali}"] if row.sali else []
        example = "" if row.example is None else f"`{json.dumps(row.example, ensure_ascii=False)}`"
        name = f"`{row.path}`{' (required)' if row.required else ''}"
        cells = (name, row.type, row.description, example, row.scorer or "", "; ".join(ids))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
