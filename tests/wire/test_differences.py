"""Where a validated object says something else than what was read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NamedTuple

import pytest
from pydantic import AnyUrl, BaseModel, BeforeValidator, Json, RootModel, create_model

from extractor.paths import Path
from extractor.wire.differences import as_json, differences, resized


class Kind(Enum):
    MUTUAL = "mutual"


class Inner(BaseModel):
    name: str


class Span(NamedTuple):
    start: int
    end: int = 9


def changes(annotation: Any, read: Any, **data: Any) -> dict[Any, Any]:
    """What became of the value of a single field."""
    value = create_model("Holder", it=(annotation, None)).model_validate(data or {"it": read})
    return dict(differences(value, {("it",): read}))


@pytest.mark.parametrize(
    ("annotation", "read"),
    [
        (str, "Delaware"),
        (int, 5),
        (int, "05"),
        (float, 5),
        (Decimal, "5.00"),
        (bool, True),
        (date, "2024-03-01"),
        (datetime, "2024-03-01T00:00:00Z"),
        (timedelta, "P30D"),
        (AnyUrl, "http://example.com"),
        (Kind, "mutual"),
        (tuple[int, str], [1, "a"]),
        (Json[list[int]], "[1, 2]"),
        (dict[str, Any], {"a": [1]}),
        (Annotated[str, BeforeValidator(str.upper)], "Delaware"),
        (Annotated[str, BeforeValidator(str.strip)], " Delaware\n"),
    ],
)
def test_the_same_value_in_another_type_is_no_difference(annotation: Any, read: Any) -> None:
    assert changes(annotation, read) == {}


@pytest.mark.parametrize(
    ("annotation", "read", "made"),
    [
        (Annotated[str, BeforeValidator(lambda _: "DE")], "Delaware", "DE"),
        (Annotated[int, BeforeValidator(lambda read: int(read) + 1)], 5, 6),
        (Annotated[bool, BeforeValidator(lambda read: not read)], True, False),
        (Annotated[date | None, BeforeValidator(lambda _: None)], "2024-03-01", None),
        (Annotated[list[str], BeforeValidator(lambda read: read.split(","))], "a,b", ["a", "b"]),
        (Annotated[date, BeforeValidator(lambda _: date(2025, 1, 1))], "2024-03-01", "2025-01-01"),
        (Span, [1], [1, 9]),
    ],
)
def test_what_a_validator_makes_of_a_value_is_one(annotation: Any, read: Any, made: Any) -> None:
    assert changes(annotation, read) == {("it",): made}


def test_a_value_where_none_was_read_is_one() -> None:
    assert changes(Decimal, None, it="5.0") == {("it",): "5.0"}
    assert changes(str | None, None, it=None) == {}


def test_places_inside_lists_dicts_and_roots_are_compared() -> None:
    class Party(BaseModel):
        name: str

    class Parties(RootModel[dict[date, list[Party]]]):
        pass

    value = Parties.model_validate({"2024-03-01": [{"name": "A"}, {"name": "B"}]})
    read: dict[Path, Any] = {("2024-03-01", 0, "name"): "A", ("2024-03-01", 1, "name"): "C"}
    assert dict(differences(value, read)) == {("2024-03-01", 1, "name"): "B"}


def test_keys_of_a_dict_that_differ_in_case_are_two() -> None:
    value = RootModel[dict[str, int]]({"Alpha": 500, "ALPHA": 700})
    assert dict(differences(value, {("Alpha",): 500, ("ALPHA",): 700})) == {}


def test_types_that_tell_nothing_are_passed_over() -> None:
    value = create_model("Holder", it=(set[str], ...)).model_validate({"it": ["a"]})
    assert dict(differences(value, {("it", 0): "b"})) == {}


@pytest.mark.parametrize(
    ("annotation", "made", "lost"),
    [
        (dict[str, str], {"b": "2"}, ("it", "a")),
        (list[str], ["1"], ("it", 1)),
        (Span | None, None, ("it", "start")),
        (Inner | None, None, ("it", "name")),
    ],
)
def test_a_place_that_the_object_no_longer_has_is_none(
    annotation: Any, made: Any, lost: Path
) -> None:
    value = create_model("Holder", it=(annotation, ...)).model_validate({"it": made})
    assert dict(differences(value, {lost: "1"})) == {lost: None}


def test_a_key_that_a_validator_adds_is_named() -> None:
    class Fees(BaseModel):
        fees: Annotated[dict[int, str], BeforeValidator(lambda read: {**read, 3: "c"})]

    data: dict[str, Any] = {"fees": {"1": "a"}}
    assert dict(resized(Fees.model_validate(data), data)) == {("fees", "3"): "c"}


def test_what_is_no_text_is_shown_as_python_has_it() -> None:
    assert as_json(b"\xff") == repr(b"\xff")


def test_a_list_that_a_validator_makes_longer_or_shorter_is_named() -> None:
    def twice(read: list[str]) -> list[str]:
        return read * 2

    class Holder(BaseModel):
        it: Annotated[list[str], BeforeValidator(twice)]

    class Holders(BaseModel):
        holders: list[Holder]

    data: dict[str, Any] = {"holders": [{"it": ["a"]}, {"it": []}]}
    changed = resized(Holders.model_validate(data), data)
    assert dict(changed) == {("holders", 0, "it"): ["a", "a"]}


class Code:
    """A type of the caller's own, which Pydantic can't build from JSON by itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize(("made", "changed"), [("Ireland", {}), ("IE", {("it",): "IE"})])
def test_a_type_that_pydantic_does_not_know_is_compared_as_its_text(
    made: str, changed: dict[Path, Any]
) -> None:
    class Holder(BaseModel, arbitrary_types_allowed=True):
        it: Code

    assert dict(differences(Holder(it=Code(made)), {("it",): "Ireland"})) == changed
