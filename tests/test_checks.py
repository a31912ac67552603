"""What the fields of one contract say of each other: warnings with both citations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractor import ConfigurationError, ScriptedProvider, extract, extract_set
from extractor.checks import (
    Check,
    DistinctParties,
    EndsAfterTerm,
    Finding,
    InOrder,
    ShorterThan,
    check_warnings,
    checks_of,
)
from extractor.normalizers import shifted
from extractor.planning.plan import vital_fields
from extractor.plugins import load_schema, schema_names
from extractor.schemas import Contract, EmploymentContract, Party
from extractor.types import Evidence, FieldResult, Span
from tests.services_agreement import script


class Terms(BaseModel):
    """Fields under the names that the checks below use."""

    start: date | str | None = None
    end: date | str | None = None
    term: str | None = None
    notice: str | None = None
    parties: list[Party] = []
    lender: str | None = None


def found(check: Check, **values: Any) -> list[tuple[str, ...]]:
    return [finding.fields for finding in check.findings(Terms(**values))]


DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(DAYS, DAYS)
def test_dates_in_order_say_nothing_and_others_name_both(one: date, other: date) -> None:
    early, late = sorted((one, other))
    order = InOrder("start", "end")
    assert found(order, start=early, end=late) == []
    expected = [("start", "end")] if early != late else []
    assert found(order, start=late, end=early) == expected


def test_partial_dates_are_only_out_of_order_whatever_they_mean() -> None:
    order = InOrder("start", "end")
    assert found(order, start="2016-XX-XX", end="2015-XX-XX") == [("start", "end")]
    assert found(order, start="2015-XX-XX", end="2015-03-01") == []
    assert found(order, start="2015-06-01", end="2015-XX-XX") == []
    assert found(order, start="2015-03-01", end="perpetual") == []
    assert found(order, start="XXXX-03-01", end="2015-02-01") == []
    assert found(order, start=date(2015, 1, 1)) == []


@given(DAYS, st.sampled_from(["P1Y", "P12M", "P3Y", "P90D", "P6M", "P2W"]), st.integers(-4, 4))
def test_a_term_ends_on_its_anniversary_or_a_day_beside_it(
    start: date, term: str, off: int
) -> None:
    due = shifted(start, term)
    assert due is not None
    end = date.fromordinal(due.toordinal() + off)
    expected = [("start", "term", "end")] if abs(off) > 1 else []
    assert found(EndsAfterTerm("start", "term", "end"), start=start, term=term, end=end) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"start": date(2024, 1, 1), "term": "P1Y"},
        {"start": date(2024, 1, 1), "end": date(2030, 1, 1)},
        {"start": date(2024, 1, 1), "end": date(2030, 1, 1), "term": "P5BD"},
        {"start": "2024-XX-XX", "end": date(2030, 1, 1), "term": "P1Y"},
    ],
)
def test_a_check_that_lacks_what_it_needs_says_nothing(values: dict[str, Any]) -> None:
    assert found(EndsAfterTerm("start", "term", "end"), **values) == []


@pytest.mark.parametrize(
    ("notice", "term", "is_said"),
    [
        ("P90D", "P1Y", False),
        ("P1Y", "P12M", False),
        ("P13M", "P1Y", True),
        ("P400D", "P1Y", True),
        ("P30D", "P1M", False),
        ("P31D", "P1M", True),
        ("P60BD", "P1M", False),
        (None, "P1M", False),
    ],
)
def test_a_notice_is_shorter_than_its_term_as_far_as_days_can_tell(
    notice: str | None, term: str, *, is_said: bool
) -> None:
    expected = [("notice", "term")] if is_said else []
    assert found(ShorterThan("notice", "term"), notice=notice, term=term) == expected


def named(*names: str) -> list[Party]:
    return [Party(name=name) for name in names]


def test_a_party_named_twice_in_other_dress_is_found() -> None:
    check = DistinctParties("parties")
    twice = named("Acme Widgets, Inc.", "Brightwater LLC", "ACME WIDGETS INCORPORATED")
    assert found(check, parties=twice) == [("parties[0].name", "parties[2].name")]
    assert found(check, parties=named("Acme LP", "Acme Corporation")) == []


def test_one_party_alone_is_told() -> None:
    check = DistinctParties("parties", "lender")
    assert found(check, parties=named("Acme LP")) == [("parties[0].name",)]
    assert found(check, parties=named("Acme LP"), lender="Sund Bank") == []
    assert found(check, parties=named("Acme LP"), lender="ACME, L.P.") == [
        ("parties[0].name", "lender")
    ]
    assert found(check) == []


def test_parties_in_fields_of_their_own_are_compared() -> None:
    job = EmploymentContract(employer=Party(name="Ada Pell"), employee=Party(name="ADA PELL"))
    assert len(check_warnings(job, {})) == 1


@pytest.mark.parametrize("name", [name for name in schema_names() if name != "contract_nli"])
def test_shipped_schemas_declare_checks_on_fields_that_they_have(name: str) -> None:
    schema = load_schema(name)
    checks: tuple[Any, ...] = getattr(schema, "checks", ())
    assert checks
    for check in checks:
        assert isinstance(check, Check)
        named = set(re.findall(r"'(\w+)'", repr(check)))
        assert named
        assert named <= {*schema.model_fields}


CONTRACT = (
    "This Agreement is made between Acme Widgets, Inc. and Brightwater LLC.\n"
    "It takes effect on 1 March 2024 and continues for two (3) years.\n"
    "It expires on 1 February 2024.\n"
)


def reply() -> ScriptedProvider:
    def cited(quote: str, value: str) -> dict[str, str]:
        return {"quote": quote, "value": value}

    return script(
        {
            "parties": [
                {"quote": "Acme Widgets, Inc.", "name": "Acme Widgets, Inc."},
                {"quote": "Brightwater LLC", "name": "Brightwater LLC"},
            ],
            "effective_date": cited("takes effect on 1 March 2024", "2024-03-01"),
            "expiration_date": cited("expires on 1 February 2024", "2024-02-01"),
            "term": cited("continues for two (3) years", "P2Y"),
        }
    )


def test_an_extraction_warns_with_the_place_of_both_quotes_and_changes_nothing() -> None:
    result = extract(CONTRACT, Contract, provider=reply())
    assert result.value.effective_date == date(2024, 3, 1)
    assert result.value.expiration_date == date(2024, 2, 1)
    order, term, words = (w for w in result.warnings if "[" in w)
    assert order.startswith("effective_date (2024-03-01) is after expiration_date (2024-02-01)")
    for field, quote in (
        ("effective_date", "takes effect on 1 March 2024"),
        ("expiration_date", "expires on 1 February 2024"),
    ):
        start = CONTRACT.index(quote)
        assert f"{field}: page 1, characters {start}-{start + len(quote)}" in order
    assert "ends about 2026-03-01, but expiration_date is 2024-02-01" in term
    assert words.startswith("words and figures disagree in the quote of term: 2 and 3 [term: page")


def test_words_that_agree_with_their_figures_are_no_warning() -> None:
    evidence = (Evidence("for two (2) years", "exact", Span(0, 17), 1, 1.0),)
    fields = {"term": FieldResult("found", "P2Y", "P2Y", evidence)}
    assert check_warnings(Terms(term="P2Y"), fields) == ()


def test_a_warning_says_where_a_quote_is_missing() -> None:
    value = Contract(
        parties=named("A Inc", "B Inc"),
        effective_date=date(2024, 3, 1),
        expiration_date=date(2024, 2, 1),
    )
    (warning,) = check_warnings(value, {"effective_date": FieldResult("unverified")})
    assert warning.endswith("[effective_date: no quote found; expiration_date: no quote found]")


class Broken:
    def findings(self, value: BaseModel, /) -> Iterator[Finding]:
        raise KeyError(type(value).__name__)


class Careless(Terms):
    """A schema with a check that fails."""

    checks: ClassVar[tuple[object, ...]] = (Broken(), InOrder("start", "end"))


class Named(BaseModel):
    """A schema with a field of that name."""

    checks: tuple[str, ...] = ("visual",)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ((ShorterThan("notce", "term"),), "names notce, which the schema lacks"),
        ((EndsAfterTerm("start", "term", "finish"),), "names finish"),
        ((DistinctParties("partys"),), "names partys"),
        ((InOrder("start", "ende"),), "names ende"),
        (("not a check",), "which is no check"),
        ("not a check", "which is no check"),
    ],
)
def test_a_slip_in_the_checks_is_an_error_before_any_call(declared: Any, said: str) -> None:
    schema = type("Slip", (Terms,), {"checks": declared, "__annotations__": {"checks": ClassVar}})
    for start in (extract, extract_set):
        provider = ScriptedProvider([])
        text: Any = CONTRACT if start is extract else [CONTRACT]
        with pytest.raises(ConfigurationError, match=said):
            start(text, schema, provider=provider)
        assert provider.requests == []


def test_a_method_of_that_name_is_the_schema_s_own_affair() -> None:
    class Busy(Terms):
        @classmethod
        def checks(cls) -> list[str]:
            return ["visual"]

        @property
        def vital(self) -> str:
            return "organs"

    assert checks_of(Busy) == ()
    assert vital_fields(Busy) == ()


def test_a_check_that_raises_is_told_and_the_others_run() -> None:
    value = Careless(start=date(2024, 2, 1), end=date(2024, 1, 1))
    first, second = check_warnings(value, {})
    assert first == "The check Broken raised KeyError."
    assert second.startswith("start (2024-02-01) is after end")


def test_a_field_called_checks_is_no_declaration() -> None:
    assert check_warnings(Named(), {}) == ()
