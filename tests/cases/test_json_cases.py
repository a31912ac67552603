"""Replies in JSON that broke other tools, read by the JSON techniques."""

from __future__ import annotations

import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, RootModel, create_model

from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.cli import main
from extractor.types import T
from extractor.wire.compile import compile_schema


class Lessor(BaseModel):
    name: str


class Lease(BaseModel):
    lessors: list[Lessor] = []
    law: str | None = None
    deposit: Decimal | None = None
    page: int | None = None
    quote: str | None = None


class Rooms(BaseModel):
    rooms: int


def read(schema: type[T], reply: str) -> Parsed[T]:
    return parse(BACKENDS["json"], schema, compile_schema(schema), reply)


def value(schema: type[T], reply: str) -> T:
    parsed = read(schema, reply)
    assert parsed.value is not None, parsed.problems
    return parsed.value


def stated(schema: type[T], reply: str) -> dict[str, Any]:
    """The fields that the reply itself has set."""
    return value(schema, reply).model_dump(exclude_unset=True)


def kinds(parsed: Parsed[Any]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


def one(**fields: Any) -> type[BaseModel]:
    members: dict[str, Any] = {name: (kind, ...) for name, kind in fields.items()}
    return create_model("One", **members)


# --- cut off ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "field", "begun"),
    [
        pytest.param('{"law":"Republic of Austr', "law", "Republic of Austr", id="json-001"),
        pytest.param('{"deposit": 2500', "deposit", "2500", id="json-002"),
    ],
)
def test_a_value_that_the_reply_s_end_cuts_off_is_kept_aside_and_never_taken_for_whole(
    reply: str, field: str, begun: str
) -> None:
    """A number is no exception: what begins with 2500 may have been 2,500,000."""
    parsed = read(Lease, reply)

    assert parsed.value is None
    assert next((problem.kind, problem.path) for problem in parsed.problems) == (
        "truncated",
        (field,),
    )
    assert parsed.restored.data[field] == begun


# --- which of several is the answer ----------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            'Of course, here it is:\n```json\n{"rooms": 4}\n```\nAnything else?', id="json-004"
        ),
        pytest.param('``json\n{"rooms": 4}\n``', id="json-005, two backticks"),
        pytest.param('{"rooms": 4}\nI left out {"cellars": 2}, as asked.', id="json-007"),
        pytest.param('"{\\"rooms\\": 4}"', id="json-029, JSON within a JSON string"),
        pytest.param('\ufeff{"rooms": 4}', id="json-038, a byte order mark"),
    ],
)
def test_what_stands_around_the_answer_does_not_matter(reply: str) -> None:
    assert value(Rooms, reply) == Rooms(rooms=4)


def test_an_object_that_is_only_quoted_from_the_contract_is_not_the_answer() -> None:
    """json-008: position decides nothing in itself, so a contract can't smuggle its JSON in."""
    reply = 'The lease says: {"law":"the Moon"} (in its annex)\n{"law":"Austria"}'

    parsed = read(Lease, reply)

    assert parsed.value is not None
    assert parsed.value.law == "Austria"
    assert any(r.kind == "other_structure" and r.lossy for r in parsed.repairs)


def test_objects_one_after_the_other_are_the_items_of_a_list() -> None:
    """json-028: none of them is dropped."""
    schema = RootModel[list[Rooms]]
    assert value(schema, '{"rooms":1}\n{"rooms":2}').root == [Rooms(rooms=1), Rooms(rooms=2)]


# --- JSON as models write it -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "reply", "expected"),
    [
        pytest.param(
            Lease,
            '{"quote":"the "Premises" are on Ring 1","page":2}',
            {"quote": 'the "Premises" are on Ring 1', "page": 2},
            id="json-010, unescaped quotation marks",
        ),
        pytest.param(
            Lease,
            '{"quote":"first line\nsecond line"}',
            {"quote": "first line\nsecond line"},
            id="json-011, a raw line break",
        ),
        pytest.param(
            one(heated=bool, agent=str | None, floors=list[int]),
            "{'heated': True, 'agent': None, 'floors': (1,2)}",
            {"heated": True, "agent": None, "floors": [1, 2]},
            id="json-014, Python's literals",
        ),
        pytest.param(
            one(name=str),
            "{'name': 'Wendy's Inc.'}",
            {"name": "Wendy's Inc."},
            id="json-016, an apostrophe between single quotes",
        ),
        pytest.param(
            one(rooms=int, floor=int),
            '{"rooms": 3, // with the kitchen\n "floor": 2 /* no lift */}',
            {"rooms": 3, "floor": 2},
            id="json-017, comments",
        ),
        pytest.param(
            Lease, '{"deposit": 2,500,000}', {"deposit": Decimal(2500000)}, id="json-019, commas"
        ),
        pytest.param(
            Lease, '{"deposit": €7,500.00}', {"deposit": Decimal("7500.00")}, id="json-020, a sign"
        ),
        pytest.param(
            one(section=str), '{"section": 04.20}', {"section": "04.20"}, id="json-025, zeros"
        ),
        pytest.param(
            one(rent=Decimal),
            '{"rent": 7654321.10}',
            {"rent": Decimal("7654321.10")},
            id="json-026, no float in between",
        ),
        pytest.param(
            Lease,
            '{"lessors":{"name":"Ada Byron"}}',
            {"lessors": [{"name": "Ada Byron"}]},
            id="json-031, one object for a list",
        ),
        pytest.param(
            Lease,
            '{"lessors":["Ada Byron"]}',
            {"lessors": [{"name": "Ada Byron"}]},
            id="json-032, a text for an object with one required text",
        ),
    ],
)
def test_what_is_meant_is_read_without_loss(
    schema: type[BaseModel], reply: str, expected: dict[str, Any]
) -> None:
    assert stated(schema, reply) == expected


def test_an_amount_keeps_its_digits_and_loses_its_currency_on_record() -> None:
    """json-020: a Decimal has no room for the sign, so the repair that drops it is lossy."""
    assert [r.kind for r in read(Lease, '{"deposit": €7,500.00}').repairs if r.lossy] == [
        "number_from_text"
    ]


def test_a_text_for_an_object_is_a_problem_where_it_could_be_more_than_one_field() -> None:
    """json-032: never an empty list in silence."""
    agent: Any = one(name=str, town=str)
    parsed = read(one(agents=list[agent]), '{"agents":["Ada Byron"]}')
    assert [problem.path for problem in parsed.problems] == [("agents", 0)]


def test_a_missing_colon_and_brace_lose_nothing_and_invent_no_key() -> None:
    """json-037: both fields have come, but the last breaks off, so it is asked again.

    The case would take 2 for whole; but it ends as json-002 does, and 2 may have been 25.
    """
    parsed = read(one(rooms=int, floor=int), '{"rooms" 3, "floor": 2')

    assert parsed.restored.data == {"rooms": 3, "floor": 2}
    assert next((problem.kind, problem.path) for problem in parsed.problems) == (
        "truncated",
        ("floor",),
    )
    assert stated(one(rooms=int, floor=int), '{"rooms" 3, "floor": 2}') == {"rooms": 3, "floor": 2}


# --- values that are none --------------------------------------------------------------------


def test_a_number_that_is_none_is_rejected() -> None:
    """json-013: neither null nor NaN comes out."""
    parsed = read(Lease, '{"deposit": NaN, "page": Infinity}')

    assert parsed.value is None
    assert {problem.path for problem in parsed.problems} == {("deposit",), ("page",)}


def test_an_amount_in_words_becomes_a_number_and_the_words_are_kept() -> None:
    """json-022."""
    parsed = read(Lease, '{"deposit":"two million euros"}')

    assert parsed.value is not None
    assert parsed.value.deposit == Decimal(2000000)
    assert parsed.restored.leaves["deposit",].raw == "two million euros"
    assert "number_from_text" in kinds(parsed)


def test_a_fraction_is_not_rounded_to_a_page() -> None:
    """json-023."""
    parsed = read(Lease, '{"page":"2/5"}')

    assert parsed.value is None
    assert [problem.path for problem in parsed.problems] == [("page",)]
    assert parsed.restored.leaves["page",].raw == "2/5"


@pytest.mark.parametrize(
    ("reply", "expected", "kind"),
    [
        pytest.param(r'{"quote":"\ud83d"}', "\ufffd", "lone_surrogate", id="json-034"),
        pytest.param(r'{"quote":"a\u0000b"}', "ab", "nul_character", id="json-035"),
    ],
)
def test_a_character_that_can_t_be_stored_is_replaced_on_record(
    reply: str, expected: str, kind: str
) -> None:
    parsed = read(Lease, reply)

    assert parsed.value is not None
    assert parsed.value.quote == expected
    assert parsed.value.model_dump_json().encode()
    assert [repair.lossy for repair in parsed.repairs if repair.kind == kind] == [True]


# --- the same from the command line ----------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "code", "rooms"),
    [
        ('Here: ```json\n{"rooms": 4}\n```', 0, 4),
        ('{"rooms": 4} beside {"cellars": 2}', 0, 4),
        ('{"rooms": 4', 4, None),
        ("I can't help with that.", 4, None),
    ],
)
def test_the_command_line_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    *,
    reply: str,
    code: int,
    rooms: int | None,
) -> None:
    """json-002, json-004 and json-007 by `extractor parse`."""
    schema = tmp_path / "lease.py"
    schema.write_text("from pydantic import BaseModel\nclass Rooms(BaseModel):\n    rooms: int\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reply.encode())))

    assert main(["parse", "--backend", "json", "--schema", f"{schema}:Rooms", "--json"]) == code

    record = json.loads(capsys.readouterr().out)
    assert record["value"] == (None if rooms is None else {"rooms": rooms})
    assert bool(record["errors"]) == (rooms is None)
