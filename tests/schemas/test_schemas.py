import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.plugins import load_schema, schema_names
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES
from extractor.schemas import NDA, Contract, Duration, Money, PartialDate, Party, TimeLimit
from extractor.types import SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.shape import Object

SCHEMAS = [load_schema(name) for name in schema_names()]


def descriptions(schema: type[BaseModel]) -> Iterator[tuple[str, str]]:
    shape = compile_schema(schema)
    for node in (shape.root, *shape.definitions.values()):
        if isinstance(node, Object):
            yield node.name, node.description or ""
            for field in node.fields:
                yield f"{node.name}.{field.name}", field.description or ""


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_field_is_described(schema: type[BaseModel]) -> None:
    assert [name for name, text in descriptions(schema) if len(text) < 20] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_description_holds_a_figure_that_could_be_echoed_as_an_answer(
    schema: type[BaseModel],
) -> None:
    figures = {name: re.findall(r"[0-9]+", text) for name, text in descriptions(schema)}
    assert {figure for found in figures.values() for figure in found} <= {"8601"}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_description_speaks_of_null(schema: type[BaseModel]) -> None:
    texts = {name: text.casefold() for name, text in descriptions(schema)}
    assert [name for name, text in texts.items() if re.search("null|none", text)] == []


@pytest.mark.parametrize("schema", [Contract, NDA])
def test_only_the_parties_are_required(schema: type[BaseModel]) -> None:
    assert [n for n, field in schema.model_fields.items() if field.is_required()] == ["parties"]
    value = schema.model_validate({"parties": [{"name": "Ada Pell"}]})
    assert value.model_dump(exclude={"parties"}, exclude_none=True) == {}


@pytest.mark.parametrize("parties", [[], None, [{"name": ""}], [{"role": "Buyer"}]])
def test_a_contract_without_a_named_party_is_invalid(parties: object) -> None:
    with pytest.raises(ValidationError):
        Contract.model_validate({"parties": parties})


def test_an_nda_is_a_contract_with_at_most_fourteen_fields() -> None:
    assert issubclass(NDA, Contract)
    assert len(NDA.model_fields) <= 14


def test_dates_are_read_from_iso_8601() -> None:
    nda = NDA.model_validate_json('{"parties": [{"name": "A"}], "effective_date": "2025-04-01"}')
    assert nda.effective_date == date(2025, 4, 1)


@pytest.mark.parametrize("text", ["P3Y", "P36M", "P30D", "P2W", "P1Y6M", "P100D"])
def test_durations_keep_the_unit_they_are_written_in(text: str) -> None:
    assert TypeAdapter[str](Duration).validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "P", "3 years", "3Y", "PY", "P3", "P-3Y", "p3y", "P٣Y", "P3Y ", "P3Y\n", "PT48H"]
)
def test_what_is_no_duration_in_days_or_longer_is_rejected(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](Duration).validate_python(text)


@pytest.mark.parametrize("rules", [ANTHROPIC_RULES, OPENAI_RULES])
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_keeps_every_limit_of_a_provider_with_its_quotes(
    schema: type[BaseModel], rules: SchemaRules
) -> None:
    wire = wire_schema(compile_schema(schema, quotes=True), rules)
    assert wire.schema["properties"].keys() == schema.model_fields.keys()
    assert wire.warnings == ()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_has_at_most_45_fields(schema: type[BaseModel]) -> None:
    assert len(schema.model_fields) <= 45


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("2015-XX-XX", True), ("19XX-XX-XX", True), ("2015", False), ("2015-06-1X", False)],
)
def test_a_partial_date_has_an_x_for_each_digit_that_is_not_known(text: str, is_one: bool) -> None:
    assert fits(PartialDate, text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"), [("PT72H", True), ("P10BD", True), ("P30D", True), ("P1Y6M", False)]
)
def test_a_time_limit_has_one_unit_and_knows_hours_and_business_days(
    text: str, is_one: bool
) -> None:
    assert fits(TimeLimit, text) is is_one


def fits(kind: Any, text: str) -> bool:
    try:
        TypeAdapter[Any](kind).validate_python(text)
    except ValidationError:
        return False
    return True


def test_money_keeps_its_digits_and_takes_only_known_currencies() -> None:
    money = Money.model_validate({"amount": "91532846.720", "currency": "USD"})
    assert money.model_dump(mode="json") == {"amount": "91532846.720", "currency": "USD"}
    assert Money.model_validate({"amount": "5"}).currency is None
    with pytest.raises(ValidationError, match="ISO 4217"):
        Money.model_validate({"amount": "5", "currency": "XYZ"})


def test_a_party_knows_its_legal_form_and_other_names() -> None:
    party = Party(name="Brightwater Mills, Inc. d/b/a The Mill", role="Supplier")
    assert party.legal_form == "incorporated"
    assert party.aliases == ("The Mill", "Supplier")
    assert party.model_dump().keys() == {"name", "role"}


@pytest.mark.parametrize(("law", "code"), [("State of Oregon", "US-OR"), ("Georgia", None)])
def test_the_code_of_a_law_is_worked_out_and_never_asked_for(law: str, code: str | None) -> None:
    contract = Contract(parties=[Party(name="Ada Pell")], governing_law=law)
    assert contract.model_dump()["governing_law_code"] == code
    assert "governing_law_code" not in json.dumps(Contract.model_json_schema())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_patterns_are_such_that_every_decoder_enforces_them(schema: type[BaseModel]) -> None:
    patterns = re.findall(r'"pattern": "([^"]+)"', json.dumps(schema.model_json_schema()))
    assert not [pattern for pattern in patterns if "\\" in pattern or "(?" in pattern]
