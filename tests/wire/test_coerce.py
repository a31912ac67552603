"""One scalar of a reply as the schema's type, where that loses nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.types import Repair
from extractor.wire.coerce import Coerced, coerce
from extractor.wire.nothing import is_empty_answer
from extractor.wire.reading import Lexeme
from extractor.wire.shape import Array, Map, Node, Null, Nullable, Scalar, Union

TEXT = Scalar("string")
INTEGER = Scalar("integer")
NUMBER = Scalar("number")
DECIMAL = Scalar("string", format="decimal")
FLAG = Scalar("boolean")
DATE = Scalar("string", format="date")
TIME = Scalar("string", format="date-time")
ANY = Scalar("any")
RENEWAL = Scalar("string", values=("no_renewal", "automatic"))


LENGTH = Scalar("string", format="length-of-time")


@pytest.mark.parametrize(
    ("node", "raw", "value"),
    [
        (TEXT, Lexeme("12.10"), "12.10"),
        (TEXT, Lexeme("007"), "007"),
        (TEXT, " as written ", " as written "),
        (INTEGER, Lexeme("3"), 3),
        (INTEGER, Lexeme("3.0"), 3),
        (INTEGER, "3", 3),
        (NUMBER, Lexeme("2.5e3"), 2500.0),
        (DECIMAL, Lexeme("12.10"), "12.10"),
        (DECIMAL, Lexeme("1e3"), "1000"),
        (DECIMAL, "0.1", "0.1"),
        (FLAG, False, False),
        (DATE, "2025-03-03", "2025-03-03"),
        (LENGTH, "P2Y", "P2Y"),
        (LENGTH, "P10BD", "P10BD"),
        (LENGTH, "as long as it takes", "as long as it takes"),
        (TIME, "2025-03-03T10:00:00Z", "2025-03-03T10:00:00Z"),
        (RENEWAL, "automatic", "automatic"),
        (Scalar("integer", values=(1, 2)), Lexeme("2"), 2),
        (Scalar("boolean", values=(True,)), Lexeme("true"), True),
        (Scalar("any", values=("a", True)), True, True),
        (ANY, Lexeme("12"), 12),
        (ANY, Lexeme("12.5"), 12.5),
        (ANY, Lexeme("1e999"), "1e999"),
        (ANY, "12", "12"),
        (TEXT, None, None),
    ],
)
def test_what_already_is_the_type_needs_no_repair(node: Scalar, raw: Any, value: Any) -> None:
    coerced = coerce(node, raw)
    assert coerced.value == value
    assert type(coerced.value) is type(value)
    assert (coerced.repair, coerced.problem) == (None, None)


@pytest.mark.parametrize(
    ("node", "raw", "value", "kind"),
    [
        (INTEGER, "1,000,000", 1_000_000, "number_from_text"),
        (INTEGER, "thirty", 30, "number_from_text"),
        (INTEGER, "three (3)", 3, "number_from_text"),
        (NUMBER, "1.234,50", 1234.5, "number_from_text"),
        (FLAG, "yes", True, "text_as_bool"),
        (FLAG, "false", False, "text_as_bool"),
        (TEXT, True, "true", "bool_as_text"),
        (DATE, "3 March 2025", "2025-03-03", "date_from_text"),
        (TIME, "3 March 2025", "2025-03-03", "date_from_text"),
        (LENGTH, "two years", "P2Y", "length_from_text"),
        (LENGTH, "thirty (30) days", "P30D", "length_from_text"),
        (RENEWAL, "No renewal", "no_renewal", "allowed_value"),
        (Scalar("integer", values=(1, 2)), "2", 2, "allowed_value"),
    ],
)
def test_what_can_be_said_in_another_way_is_recorded_as_a_repair_that_loses_nothing(
    node: Scalar, raw: Any, value: Any, kind: str
) -> None:
    coerced = coerce(node, raw)
    assert coerced.value == value
    assert coerced.problem is None
    assert coerced.repair is not None
    assert (coerced.repair.kind, coerced.repair.lossy) == (kind, False)


@pytest.mark.parametrize(
    ("node", "raw", "value"),
    [(INTEGER, "$5", 5), (DECIMAL, "EUR 1,250.00", "1250.00"), (DECIMAL, "12%", "12")],
)
def test_a_currency_or_a_percent_sign_that_is_dropped_is_a_loss(
    node: Scalar, raw: str, value: Any
) -> None:
    assert coerce(node, raw).value == value
    assert coerce(node, raw).repair == Repair("number_from_text", lossy=True, detail=raw)


@pytest.mark.parametrize(
    ("node", "raw", "kind", "said"),
    [
        (DATE, "03/04/2025", "ambiguous_date", "2025-03-04 or 2025-04-03"),
        (DATE, "March 2025", "partial_date", "only 2025-03"),
        (DATE, "2025-02-30", "invalid_date", "no day of any calendar"),
        (DATE, "31/02/2025", "invalid_date", "no day of any calendar"),
        (DATE, "soon", "invalid_date", "'soon' is not a date"),
        (LENGTH, "sixty (90) days", "conflict_length", "P60D or P90D"),
        (INTEGER, Lexeme("3.5"), "not_an_integer", "3.5"),
        (INTEGER, "five or six", "not_a_number", "'five or six'"),
        (INTEGER, "5C", "not_a_number", "'5C'"),
        (INTEGER, "W", "not_a_number", "'W'"),
        (INTEGER, True, "wrong_type", "true or false"),
        (INTEGER, "", "not_a_number", "''"),
        (NUMBER, Lexeme("NaN"), "not_a_number", "NaN"),
        (NUMBER, Lexeme("1e400"), "not_a_number", "too large"),
        (ANY, Lexeme("Infinity"), "not_a_number", "Infinity"),
        (FLAG, "maybe", "not_boolean", "true or false"),
        (RENEWAL, "never", "not_allowed", "no_renewal, automatic"),
        (TEXT, {"a": 1}, "wrong_type", "a single value"),
        (TEXT, ["a"], "wrong_type", "a single value"),
    ],
)
def test_what_can_mean_two_things_or_none_is_a_problem_that_says_so(
    node: Scalar, raw: Any, kind: str, said: str
) -> None:
    coerced = coerce(node, raw)
    assert coerced.repair is None
    assert coerced.problem is not None
    assert coerced.problem.kind == kind
    assert said in coerced.problem.message


def test_a_problem_shows_no_more_than_the_beginning_of_a_long_answer() -> None:
    problem = coerce(DATE, "x" * 5000).problem
    assert problem is not None
    assert len(problem.message) < 100


def test_a_nul_never_gets_as_far_as_a_database() -> None:
    assert coerce(TEXT, "a\x00b").value == "ab"


@settings(deadline=None)
@given(st.integers(-(10**40), 10**40))
def test_every_whole_number_keeps_all_its_digits(number: int) -> None:
    for raw in (Lexeme(number), str(number)):
        assert coerce(INTEGER, raw).value == number
        assert Decimal(coerce(DECIMAL, raw).value) == number


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_every_decimal_keeps_all_its_digits(number: Decimal) -> None:
    assert Decimal(coerce(DECIMAL, Lexeme(f"{number:f}")).value) == number


@settings(deadline=None)
@given(st.text(), st.sampled_from([TEXT, INTEGER, NUMBER, DECIMAL, FLAG, DATE, TIME, ANY, RENEWAL]))
def test_no_text_makes_coercion_fail_or_keeps_quiet_about_what_it_did(
    text: str, node: Scalar
) -> None:
    for raw in (text, Lexeme(text)):
        coerced = coerce(node, raw)
        assert coerced.problem or coerced.repair or str(coerced.value) or not text.strip("\x00")


@pytest.mark.parametrize("raw", ["", "  ", "N/A", "none", "null", "not specified", "unknown", "-"])
def test_words_for_nothing_are_an_empty_answer(raw: str) -> None:
    assert is_empty_answer(TEXT, raw)
    assert is_empty_answer(INTEGER, raw)
    assert is_empty_answer(Array(TEXT), raw)
    assert is_empty_answer(Map(TEXT, TEXT), raw)
    assert is_empty_answer(Null(), raw)


@pytest.mark.parametrize(
    ("node", "raw"),
    [
        (TEXT, "Nonesuch Ltd"),
        (TEXT, "none of the Parties"),
        (Scalar("string", values=("none", "some")), "none"),
        (TEXT, None),
        (TEXT, False),
        (INTEGER, Lexeme("0")),
        (Union((TEXT, INTEGER)), "none"),
        (Nullable(TEXT), "none"),
    ],
)
def test_answers_are_not_taken_for_nothing(node: Node, raw: Any) -> None:
    assert not is_empty_answer(node, raw)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("1.000", "1.000 or 1000"), ("-250.000", "-250.000 or -250000"), ("1.234", "1.234 or 1234")],
)
def test_text_that_may_be_thousands_is_ambiguous_where_a_whole_number_is_wanted(
    text: str, candidates: str
) -> None:
    problem = coerce(INTEGER, text).problem
    assert problem is not None
    assert (problem.kind, candidates in problem.message) == ("ambiguous_number", True)


@pytest.mark.parametrize(
    ("node", "raw", "value"),
    [
        (INTEGER, Lexeme("1.000"), 1),
        (INTEGER, "1000.000", 1000),
        (INTEGER, "1.0", 1),
        (DECIMAL, "4.125", "4.125"),
        (NUMBER, "4.125", 4.125),
    ],
    ids=["a JSON number", "too long a group", "one digit", "a decimal", "a float"],
)
def test_a_point_that_can_only_be_decimal_is_one(node: Scalar, raw: Any, value: Any) -> None:
    assert coerce(node, raw) == Coerced(value)


@pytest.mark.parametrize("mark", ["**", "__", "`"])
def test_the_marks_around_a_whole_text_are_taken_off(mark: str) -> None:
    assert coerce(TEXT, f"{mark}Acme Inc.{mark}") == Coerced(
        "Acme Inc.", Repair("markup", detail=mark)
    )


@pytest.mark.parametrize("text", ["**Seller** and **Buyer**", "__________", "** 5 **", "__init"])
def test_other_marks_stay(text: str) -> None:
    assert coerce(TEXT, text) == Coerced(text)


@pytest.mark.parametrize(
    ("values", "raw", "value"),
    [
        (("BBB", "BBB+", "BBB-"), "bbb+", "BBB+"),
        (("BBB", "BBB+", "BBB-"), "bbb-", "BBB-"),
        ((1, -1), "-1", -1),
        ((-10, 10), Lexeme("10"), 10),
        (("11", "1.1"), Lexeme("1.1"), "1.1"),
        ((15, 1.5), "1.5", 1.5),
        (("1", 1), Lexeme("1"), 1),
        (("1", 1), "1", "1"),
        (("30-day", "60-day"), "30 day", "30-day"),
        (("Mutual (both)", "One-way"), "mutual both", "Mutual (both)"),
        (("yes", "no"), True, "yes"),
    ],
)
def test_an_allowed_value_is_told_by_its_signs_and_figures_too(
    values: tuple[Any, ...], raw: Any, value: Any
) -> None:
    coerced = coerce(Scalar("string", values=values), raw)
    assert (coerced.value, type(coerced.value)) == (value, type(value))
    assert coerced.problem is None


@pytest.mark.parametrize(
    ("values", "raw"),
    [
        (("BBB", "BBB+"), "BBB +"),
        (("A+", "B"), "a"),
        (("1/2", "1/4"), "12"),
        (("up", "down"), True),
        (("No-Renewal", "no_renewal"), "no renewal"),
    ],
)
def test_what_only_resembles_an_allowed_value_is_not_taken_for_it(
    values: tuple[str, ...], raw: Any
) -> None:
    problem = coerce(Scalar("string", values=values), raw).problem
    assert problem is not None
    assert problem.kind == "not_allowed"


@pytest.mark.parametrize(
    ("said", "value"),
    [("5:00 p.m.", "17:00:00"), ("noon", "12:00:00"), ("17:30", "17:30"), ("9 to 5", "9 to 5")],
)
def test_a_time_of_day_is_read_as_contracts_write_it(said: str, value: str) -> None:
    assert coerce(Scalar("string", "time"), said).value == value


@pytest.mark.parametrize(("said", "value"), [("1", True), (Lexeme("0"), False)])
def test_one_and_nought_are_yes_and_no(said: str, value: bool) -> None:
    assert coerce(FLAG, said).value is value


MOMENT = Scalar("string", "date-time")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-01T24:00:00Z", "2024-02-02T00:00:00Z"),
        ("2024-12-31 24:00", "2025-01-01T00:00:00"),
        ("2024-02-01T10:00:00+02:00", "2024-02-01T10:00:00+02:00"),
    ],
)
def test_the_end_of_a_day_is_the_beginning_of_the_next(text: str, value: str) -> None:
    assert coerce(MOMENT, text).value == value


@pytest.mark.parametrize("node", [MOMENT, DATE])
@pytest.mark.parametrize("clock", ["25:99:00Z", "10:00:60Z", "10:00:00+25:00", "99:99"])
def test_a_time_that_no_day_has_is_not_left_out(node: Scalar, clock: str) -> None:
    problem = coerce(node, f"2024-02-01T{clock}").problem
    assert problem is not None
    assert problem.kind == "invalid_date"


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("thirty (30) days", "P30D", None),
        ("2 weeks", "P2W", None),
        ("P30D", "P30D", None),
        ("sixty (30) days", None, "conflict_length"),
        ("two years", None, "calendar_months"),
        ("P2Y", None, "calendar_months"),
    ],
)
def test_a_timedelta_is_read_in_words_unless_its_months_have_no_fixed_length(
    text: str, value: str | None, kind: str | None
) -> None:
    coerced = coerce(Scalar("string", "duration"), text)
    assert (coerced.problem and coerced.problem.kind) == kind
    assert value in (None, coerced.value)


def test_a_number_of_two_currencies_is_none() -> None:
    problem = coerce(DECIMAL, "USD 5 EUR").problem
    assert problem is not None
    assert problem.kind == "conflict_number"
