"""Which keys there are, as a tree read off `Settings`, and what is wrong with a table of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.config.kinds import Kind
from extractor.config.settings import Settings, dotted
from extractor.errors import ConfigurationError, did_you_mean

_SECRETIVE = re.compile(r"api_?key|secret|password|passwd|credential|token", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"\s*(sk-|sk_|bearer\s)", re.IGNORECASE)
_KEYS_HINT = (
    "Keys come from environment variables only: OPENAI_API_KEY, ANTHROPIC_API_KEY, "
    "EXTRACTOR_COMPATIBLE_API_KEY, or the one that api_key_variable names."
)
_ANY_NAME = TypeAdapter(str)


@dataclass(frozen=True, slots=True)
class Table:
    """A table's own keys, and what stands under names that the user chooses, if any may.

    `names` is the type of those names, and `named` says what they are, where not any may be chosen.
    """

    keys: Mapping[str, Node]
    others: Node | None = None
    names: TypeAdapter[str] = _ANY_NAME
    named: Kind | None = None

    def node(self, name: str) -> Node | None:
        """Return what belongs under a name; None if nothing does."""
        if name in self.keys:
            return self.keys[name]
        try:
            self.names.validate_python(name)
        except ValidationError:
            return None
        return self.others


Node: TypeAlias = Table | Kind


def kind_at(path: Sequence[str | int]) -> Kind | None:
    """Return what is wanted at a place, or at the list around it; None for a table."""
    node: Node | None = KEYS
    for name in path:
        if not isinstance(node, Table):
            break
        node = node.node(str(name))
    return node if isinstance(node, Kind) else None


def known_keys() -> list[str]:
    """Return the dotted name of every key, with `*` for names that the user chooses."""
    return [dotted(path).replace('"*"', "*") for path in _paths(KEYS)]


def check_keys(values: Mapping[str, object], place: str) -> None:
    """Check that all keys of a table, and of those in it, are known, and hold no secret.

    Args:
        values: the table.
        place: where it comes from, for messages.

    Raises:
        ConfigurationError: there is an unknown key, a table where a value belongs or the reverse,
            or a secret; the message never repeats a value.
    """
    _check(values, KEYS, place, ())


def _check(values: Mapping[str, object], table: Table, place: str, above: tuple[str, ...]) -> None:
    for name, value in values.items():
        path = (*above, name)
        node = table.node(name)
        if node is None:
            if isinstance(value, str) and _SECRETIVE.search(name):
                raise _secret(path, place)
            raise _unknown(name, table, place, above)
        if isinstance(value, str) and _SECRET_VALUE.match(value):
            raise _secret(path, place)
        if isinstance(node, Kind):
            continue  # a table in its place is told by validation
        if not isinstance(value, Mapping):
            raise ConfigurationError(f"{place}: {dotted(path)} is a table, and no single value.")
        _check(cast("Mapping[str, object]", value), node, place, path)


def _unknown(name: str, table: Table, place: str, above: tuple[str, ...]) -> ConfigurationError:
    among = f"In [{dotted(above)}] there are" if above else "There are"
    hints = [did_you_mean(name, table.keys, among=among)] if table.keys else []
    if table.others is not None and table.named is not None:
        which = "Other names" if hints else f"Names in [{dotted(above)}]"
        hints.append(f"{which} are {table.named.wanted}.")
    told = f"{place}: there is no key {dotted((*above, name))}."
    return ConfigurationError(told, hint=" ".join(hints))


def _secret(path: Sequence[str], place: str) -> ConfigurationError:
    return ConfigurationError(
        f"{place}: {dotted(path)} looks like a secret, and none belongs here.", hint=_KEYS_HINT
    )


def _paths(table: Table) -> Iterator[tuple[str, ...]]:
    below = dict(table.keys)
    if table.others is not None:
        below["*"] = table.others
    for name, node in below.items():
        if isinstance(node, Kind):
            yield (name,)
        else:
            yield from ((name, *path) for path in _paths(node))


def _table(model: type[BaseModel]) -> Table:
    keys = {
        name: _node(field.annotation, field.metadata)
        for name, field in model.model_fields.items()
        if not field.exclude
    }
    if model.model_config.get("extra") != "allow":
        return Table(keys)
    extra = get_type_hints(model, include_extras=True)["__pydantic_extra__"]
    named, value = get_args(extra)
    return Table(keys, _node(value), TypeAdapter(named), _kind_of(named))


def _node(annotation: Any, metadata: Sequence[object] = ()) -> Node:
    if kinds := [item for item in metadata if isinstance(item, Kind)]:
        return kinds[-1]  # the outermost: a time zone is a text too
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _node(arguments[0], arguments[1:])
    if origin in {Union, UnionType}:
        return _node(arguments[0])
    if origin is Literal:
        return Kind(f"one of {', '.join(arguments)}")
    if origin is Mapping:
        named, value = arguments
        return Table({}, _node(value), TypeAdapter(named), _kind_of(named))
    return _table(annotation)


def _kind_of(annotation: Any) -> Kind | None:
    return next((item for item in get_args(annotation) if isinstance(item, Kind)), None)


KEYS = _table(Settings)
"""All keys of an `extractor.toml`, but for the profiles."""
