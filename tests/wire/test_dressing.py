"""What models put around a text that is a value, or write its characters as."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import create_model

from extractor import ScriptedProvider, extract
from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.dressing import undressed
from extractor.wire.restore import restore
from extractor.wire.restored import Restored


def read(kind: Any, answer: Any) -> Restored:
    return restore(compile_schema(create_model("Lease", x=(kind, ...))), {"x": answer})


@pytest.mark.parametrize(
    ("text", "meant", "kind"),
    [
        ("Smith &amp; Co", "Smith & Co", "html_entity"),
        ("&quot;Effective Date&quot;", "Effective Date", "html_entity"),
        ('"Delaware"', "Delaware", "quotation_marks"),
        ("'Delaware'", "Delaware", "quotation_marks"),
        ("\u201cDelaware\u201d", "Delaware", "quotation_marks"),
        ("\u201eBayern\u201c", "Bayern", "quotation_marks"),
        ('"Macy\'s"', "Macy's", "quotation_marks"),
        ("**Acme**", "Acme", "markup"),
    ],
)
def test_what_stands_around_all_of_a_text_is_taken_off(text: str, meant: str, kind: str) -> None:
    bare, repair = undressed(text)
    assert bare == meant
    assert repair is not None
    assert (repair.kind, repair.lossy) == (kind, False)


@pytest.mark.parametrize(
    "text",
    [
        '"Buyer" and "Seller"',
        "'Macy's'",
        '"Delaware',
        '""',
        '"',
        "AT&T; Co",
        "the \u201cTerm\u201d",
    ],
)
def test_marks_that_are_no_pair_around_all_of_a_text_belong_to_it(text: str) -> None:
    assert undressed(text) == (text, None)


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        (date, '"July 1, 2020"', "2020-07-01"),
        (Decimal, "'5.10'", "5.10"),
        (bool, '"yes"', True),
        (Literal["R&D", "law"], "R&amp;D", "R&D"),
        (dict[str, int], {'"Acme"': 5}, {"Acme": 5}),
    ],
)
def test_a_value_of_any_kind_is_read_within_its_marks(kind: Any, answer: Any, value: Any) -> None:
    result = read(kind, answer)
    assert (result.data, result.problems) == ({"x": value}, [])
    assert len(result.repairs) == 1


def test_a_value_that_is_allowed_with_its_marks_keeps_them() -> None:
    result = read(Literal['"as is"', "as is"], '"as is"')
    assert (result.data, result.repairs) == ({"x": '"as is"'}, [])


def test_the_repair_tells_what_was_written() -> None:
    assert read(str, "A &amp; B").repairs == [Repair("html_entity", ("x",), detail="A &amp; B")]


@pytest.mark.parametrize("written", ["&", "&amp;"])
@pytest.mark.parametrize("answered", ["&", "&amp;"])
def test_an_ampersand_is_proved_however_the_contract_and_the_reply_write_it(
    written: str, answered: str
) -> None:
    """A contract that was badly converted really has `&amp;` in it, and is quoted by it."""
    contract = f"Services Agreement between Smith {written} Co and Acme Inc., made today."
    schema = create_model("Lease", name=(str | None, None))
    reply = {"name": {"quote": f"between Smith {written} Co and", "value": f"Smith {answered} Co"}}
    result = extract(contract, schema, provider=ScriptedProvider([reply]))
    field = result.fields["name"]
    assert (field.value, field.status, field.raw) == ("Smith & Co", "found", f"Smith {answered} Co")


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        (date, 'July 1, 2020 (the "Effective Date")', "2020-07-01"),
        (date, "2020-07-01 (\u201cClosing\u201d)", "2020-07-01"),
        (Decimal, '$5,000 (collectively, the "Fee")', "5000"),
        (int, "1_000_000", 1000000),
    ],
)
def test_a_date_or_an_amount_is_read_without_the_term_that_is_defined_behind_it(
    kind: Any, answer: str, value: Any
) -> None:
    result = read(kind, answer)
    assert (result.data, result.problems) == ({"x": value}, [])
    assert len(result.repairs) == 1


def test_a_text_keeps_the_term_that_is_defined_in_it() -> None:
    assert read(str, 'Acme Inc. (the "Buyer")').data == {"x": 'Acme Inc. (the "Buyer")'}


def test_brackets_that_say_something_else_stay() -> None:
    assert [p.kind for p in read(date, "July 1, 2020 (or later)").problems] == ["invalid_date"]
