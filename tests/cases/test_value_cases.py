"""Single values that broke other tools: what they become, or why they are asked for again."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from extractor import ExtractionError, ScriptedProvider, extract
from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.normalizers import null_alias, read_date, read_money
from extractor.wire.compile import compile_schema

CONTRACT = "Lease. The lease begins on 03/04/2025. The rent is C$700 a month."


class Money(BaseModel):
    amount: Decimal
    currency: str


def read(kind: Any, answer: Any) -> Parsed[Any]:
    """Read a reply whose one field `x` has `answer`, as JSON and as XML alike."""
    schema = create_model("Lease", x=(kind, ...))
    shape = compile_schema(schema)
    parsed = parse(BACKENDS["json"], schema, shape, json.dumps({"x": answer}))
    in_xml = parse(BACKENDS["xml"], schema, shape, f"<Lease><x>{answer}</x></Lease>")
    assert in_xml.problems == parsed.problems
    assert in_xml.value == parsed.value
    return parsed


def value(parsed: Parsed[Any]) -> Any:
    assert parsed.value is not None, parsed.problems
    return parsed.value.x


@pytest.mark.parametrize(
    ("kind", "answer", "sense"),
    [
        pytest.param(dt.date | None, "N/A", "absent", id="val-001, a date"),
        pytest.param(Decimal | None, "null", "absent", id="val-001, an amount"),
        pytest.param(str | None, "None specified", "unspecified", id="val-001, a text"),
        pytest.param(str | None, "TBD", "unspecified", id="val-001, still open"),
        pytest.param(str | None, "-", "absent", id="val-001, a dash"),
    ],
)
def test_a_word_for_nothing_is_null_and_stays_on_record(kind: Any, answer: str, sense: str) -> None:
    """A field has one status for both senses, `absent`: what the model wrote tells them apart.

    The case asks for two statuses. But "TBD" is the model's word as often as the contract's, and a
    status must not say more than is known.
    """
    parsed = read(kind, answer)

    assert value(parsed) is None
    assert parsed.restored.leaves["x",].raw == answer
    assert [(repair.kind, repair.detail) for repair in parsed.repairs] == [("null_alias", answer)]
    assert null_alias(answer) == sense


def test_a_word_for_nothing_makes_a_field_absent() -> None:
    """val-001 in a whole extraction: the status is absent, and the note says what was written."""
    schema = create_model("Lease", law=(str | None, ...))
    reply = json.dumps({"law": {"quote": "", "value": "N/A"}})

    law = extract(CONTRACT, schema, provider=ScriptedProvider([reply])).fields["law"]

    assert (law.status, law.value, law.raw) == ("absent", None, "N/A")
    assert law.note == "the model wrote 'N/A'"


def test_yes_is_true() -> None:
    """val-002."""
    assert value(read(bool, "Yes")) is True


def test_a_date_that_can_mean_two_days_is_neither() -> None:
    """val-004: both days are named, so that the model is asked again and a person could choose."""
    parsed = read(dt.date, "03/04/2025")

    assert parsed.value is None
    (problem,) = parsed.problems
    assert problem.kind == "ambiguous_date"
    assert "2025-03-04 or 2025-04-03" in problem.message
    reading = read_date("03/04/2025")
    assert reading is not None
    assert set(reading.candidates) == {dt.date(2025, 3, 4), dt.date(2025, 4, 3)}


def test_an_ambiguous_date_that_stays_so_ends_in_an_error_that_names_both() -> None:
    """val-004 in a whole extraction: no valid answer, and what was read so far is not lost."""
    schema = create_model("Lease", begins=(dt.date, ...))
    reply = json.dumps({"begins": {"quote": "begins on 03/04/2025", "value": "03/04/2025"}})

    with pytest.raises(ExtractionError, match=r"begins \(ambiguous_date") as caught:
        extract(CONTRACT, schema, provider=ScriptedProvider([reply] * 4))

    (problem,) = caught.value.problems
    assert "2025-03-04 or 2025-04-03" in problem.message
    assert caught.value.partial == {"begins": "03/04/2025"}


def test_a_date_that_can_mean_only_one_day_is_that_day() -> None:
    """val-005: there is no thirteenth month."""
    assert value(read(dt.date, "13/02/2024")) == dt.date(2024, 2, 13)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        pytest.param("2025-02-30", "invalid_date", "no day of any calendar", id="val-007"),
        pytest.param("August 2027", "partial_date", "only 2027-08", id="val-008"),
    ],
)
def test_a_date_that_is_no_whole_day_is_a_problem_with_its_words_kept(
    answer: str, kind: str, said: str
) -> None:
    parsed = read(dt.date, answer)

    assert parsed.value is None
    assert [problem.kind for problem in parsed.problems] == [kind]
    assert said in parsed.problems[0].message
    assert parsed.restored.leaves["x",].raw == answer


@pytest.mark.parametrize(
    ("answer", "amount", "currency"),
    [
        pytest.param("USD 2.5 million", Decimal(2500000), "USD", id="val-010"),
        pytest.param("C$700", Decimal(700), "CAD", id="val-011"),
    ],
)
def test_an_amount_is_read_with_its_scale_and_its_currency(
    answer: str, amount: Decimal, currency: str
) -> None:
    """In one text for a Decimal the currency is lost on record; for an object it is asked again.

    The case would split the text into the object's fields. Which field of somebody's model is the
    amount and which the currency is not for a parser to know; the wire schema asks for them apart.
    """
    money = read_money(answer)
    assert money is not None
    assert (money.amount, money.currency) == (amount, currency)

    alone = read(Decimal, answer)
    assert value(alone) == amount
    assert [(r.kind, r.lossy, r.detail) for r in alone.repairs] == [
        ("number_from_text", True, answer)
    ]

    assert [problem.path for problem in read(Money, answer).problems] == [("x",)]


@pytest.mark.parametrize(
    ("answer", "kind", "one", "other"),
    [
        pytest.param(
            "Two Million Dollars ($2,500,000)",
            "conflict_number",
            "2000000",
            "2500000",
            id="val-013, words against figures",
        ),
        pytest.param("(3,000)", "ambiguous_number", "3000", "-3000", id="val-014, accounting"),
    ],
)
def test_an_amount_that_says_two_things_is_a_problem_that_names_both(
    answer: str, kind: str, one: str, other: str
) -> None:
    parsed = read(Decimal, answer)

    assert parsed.value is None
    assert [problem.kind for problem in parsed.problems] == [kind]
    assert f"{one} or {other}" in parsed.problems[0].message


def test_a_sentence_with_both_words_in_it_is_no_flag() -> None:
    """val-016."""
    parsed = read(bool, "It may be true or false")

    assert parsed.value is None
    assert [problem.kind for problem in parsed.problems] == ["not_boolean"]
