"""A schema in which anything may be missing, as Pydantic has it."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, RootModel, create_model, model_validator
from pydantic.fields import FieldInfo

from extractor.about import declared
from extractor.checks import checks_of
from extractor.deriving import rules_of
from extractor.types import T

_OF_THE_WHOLE = ("checks", "derivations", "vital")


def part_of(schema: type[T]) -> type[T]:
    """Return a schema for one document of a set: the same fields, each of which may be null.

    What `wire.partial` does for the windows of a document, for a model that Pydantic itself is to
    judge: each document's answer is a valid object, whatever it leaves out. It is a subclass, so
    the validators of fields stay. Those of whole models have no say: a part need not be consistent
    without the others. Neither have the schema's checks, derivations and vital fields, which are
    the whole's. What stands in a list, a dict or a union stays as it is.
    """
    for read in (checks_of, rules_of):
        read(schema)  # a slip should be known before anything is paid for
    return _Loosener().loosened(schema)


class _Loosener:
    def __init__(self) -> None:
        self._above: set[type[BaseModel]] = set()

    def loosened(self, schema: type[T]) -> type[T]:
        if RootModel in schema.__mro__:  # a list or a single value, which has no fields
            return schema
        self._above.add(schema)
        fields: dict[str, Any] = {
            name: (self._annotation(info), _optional(info))
            for name, info in schema.model_fields.items()
        }
        made = create_model(
            schema.__name__,
            __base__=schema,
            __module__=schema.__module__,
            __doc__=schema.__doc__,
            __validators__=_without_a_say(schema),
            **fields,
        )
        for name in _OF_THE_WHOLE:
            if declared(made, name):
                setattr(made, name, ())
        self._above.discard(schema)
        return made

    def _annotation(self, info: FieldInfo) -> Any:
        inner: Any = info.annotation
        if get_origin(inner) in (Union, UnionType):
            rest = [option for option in get_args(inner) if option is not NoneType]
            inner = rest[0] if len(rest) == 1 else inner
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in self._above:
            inner = self.loosened(inner)
        return cast("Any", inner) | None


def _optional(info: FieldInfo) -> FieldInfo:
    """Return a field's description and constraints with null as its default."""
    loose = FieldInfo.merge_field_infos(info, default=None)  # pyright: ignore[reportDeprecated]
    loose.default_factory = None
    if get_origin(info.annotation) in (list, set, tuple):  # a part may have fewer items
        loose.metadata = [each for each in loose.metadata if not isinstance(each, MinLen)]
    return loose


def _without_a_say(schema: type[BaseModel]) -> dict[str, Any]:
    """Return validators of the same names as a model's own, which they replace, that do nothing."""

    def pass_on(_: type[BaseModel], data: Any) -> Any:
        return data

    def pass_to(_: type[BaseModel], data: Any, handler: Any) -> Any:
        return handler(data)

    def leave(self: BaseModel) -> BaseModel:
        return self

    idle = {"before": classmethod(pass_on), "wrap": classmethod(pass_to), "after": leave}
    decorators = schema.__pydantic_decorators__.model_validators
    return {
        name: model_validator(mode=each.info.mode)(cast("Any", idle[each.info.mode]))
        for name, each in decorators.items()
    }
