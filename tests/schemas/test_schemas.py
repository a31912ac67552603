import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.schemas import NDA, Contract, Duration, Party

SCHEMAS = (Contract, NDA)


def descriptions(schema: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for model in (schema, Party):
        for name, field in model.model_fields.items():
            yield f"{model.__name__}.{name}", field.description or ""


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
    texts = {"schema": schema.__doc__ or "", "party": Party.__doc__ or ""} | {
        name: text.casefold() for name, text in descriptions(schema)
    }
    assert [name for name, text in texts.items() if re.search("null|none", text)] == []


@pytest.mark.parametrize("schema", SCHEMAS)
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


@pytest.mark.parametrize("schema", SCHEMAS)
def test_patterns_are_such_that_every_decoder_enforces_them(schema: type[BaseModel]) -> None:
    patterns = re.findall(r'"pattern": "([^"]+)"', json.dumps(schema.model_json_schema()))
    assert patterns
    assert not [pattern for pattern in patterns if "\\" in pattern or "(?" in pattern]
