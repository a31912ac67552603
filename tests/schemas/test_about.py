"""What is said of each field, which no model ever sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, cast, get_args

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from extractor import Extractor, ScriptedProvider, normalizers
from extractor.about import About, about
from extractor.cli.schemas.fields import FieldRow, field_rows
from extractor.plugins import load_schema, schema_names

NAMES = schema_names()


def leaves(name: str) -> Iterator[FieldRow]:
    """Yield the rows that hold values: those with nothing inside, money and parties."""
    rows = field_rows(load_schema(name))
    for row in rows:
        holds = any(other.path.startswith((f"{row.path}.", f"{row.path}[].")) for other in rows)
        if not holds or any(kind in row.type for kind in ("Money", "Party")):
            yield row


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_an_example_a_normalizer_and_a_scorer(name: str) -> None:
    bare = [row.path for row in leaves(name) if row.example is None or row.scorer is None]
    assert bare == []
    assert {row.normalizer for row in leaves(name)} <= {*normalizers.__all__}


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_description(name: str) -> None:
    assert [row.path for row in field_rows(load_schema(name)) if len(row.description) < 20] == []


def models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from models(field.annotation)
    for inner in get_args(kind):
        yield from models(inner)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_a_value_of_its_field(name: str) -> None:
    for model in models(load_schema(name)):
        for field in model.model_fields.values():
            found = about(field)
            if found is None:
                continue
            kind: TypeAdapter[Any] = TypeAdapter(cast("Any", Annotated)[field.annotation, field])
            again = kind.dump_python(kind.validate_json(json.dumps(found.example)), mode="json")
            assert again == found.example or isinstance(found.example, dict | list)


BACKENDS = ("strict", "tools", "json", "xml")


def sent(schema: type[BaseModel], backend: str) -> str:
    """Return all that a model would be sent about a schema."""
    with Extractor(schema, provider=ScriptedProvider(["{}"]), backend=backend) as extractor:
        request = extractor.first_request("(A contract.)")
    return " ".join(message.content for message in request.messages) + repr(request.output)


class Marked(BaseModel):
    """A schema whose markers can't be overlooked."""

    law: Annotated[
        str | None,
        Field(description="Governing law."),
        About("EXAMPLE-ZEBRA", "jurisdiction", cuad="CUAD-ZEBRA", sali="SALI-ZEBRA"),
    ] = None


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_that_is_said_of_a_field_reaches_a_model(backend: str) -> None:
    assert about(Marked.model_fields["law"]) is not None
    told = sent(Marked, backend)
    assert "Governing law." in told
    assert [word for word in ("ZEBRA", "jurisdiction", "About", "read_") if word in told] == []


@pytest.mark.parametrize("backend", ["strict", "xml"])
@pytest.mark.parametrize("name", NAMES)
def test_no_example_of_a_shipped_schema_is_in_its_prompt(name: str, backend: str) -> None:
    told = sent(load_schema(name), backend)
    examples = [row.example for row in leaves(name) if row.scorer not in ("enum", "boolean")]
    shown = [one for one in examples if isinstance(one, str) and len(one) > 2 and one in told]
    assert shown == []


def test_a_field_without_a_word_about_it_has_none() -> None:
    class Bare(BaseModel):
        fee: Decimal

    assert about(Bare.model_fields["fee"]) is None
