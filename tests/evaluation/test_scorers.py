"""Whether a value is the gold one, by its kind, its type or its schema."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from extractor.about import About, Scorer
from extractor.evaluation.asked import Asked, declared_scorers
from extractor.evaluation.counting import Row, count
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scorers import same_prose
from extractor.evaluation.scores import summary
from extractor.evaluation.scoring import score
from tests.evaluation.labels import FEE, YEARLY, counted, dataset_of, labelled


@pytest.mark.parametrize(
    ("field", "gold", "given", "right"),
    [
        ("term", "P1Y", "P12M", True),
        ("term", "P30D", "P1M", False),
        ("term", "P2W", "P14D", True),
        ("effective_date", "2024-02-03", "2024-02-03", True),
        ("effective_date", "2024-02-03", "2024-02-04", False),
        ("expiration_date", "2024-02-03", "2024-02-04", True),
        ("effective_date", "2015-XX-XX", "2015-07-08", True),
        ("effective_date", "2015-XX-XX", "2016-07-08", False),
        ("governing_law", [{"name": "New York", "code": "US-NY"}], ["New York"], True),
        ("governing_law", [{"name": "New York", "code": "US-NY"}], [{"code": "US-NJ"}], False),
        ("commitment", FEE, {"amount": 5000.001, "currency": "USD"}, True),
        ("commitment", FEE, {"amount": "5000", "currency": "EUR"}, False),
        ("renewal_term", YEARLY, {"kind": "fixed", "duration": "P12M"}, True),
        ("document_name", "SUPPLY AGREEMENT", "Supply Agreement", True),
        ("days", 30, "30", True),
        ("days", "30", 30.0, True),
        ("count", "1234567", "1234568", False),
        ("commitment", FEE, {"amount": "NaN", "currency": "USD"}, False),
        ("commitment", FEE, "5000 USD", False),
        ("commitment", {"amount": None}, {"amount": "0"}, False),
        ("notice", {"days": 30, "to": ["a", "b"]}, {"days": "30", "to": ["b", "a"]}, True),
        ("notice", {"days": 30}, {"days": 60}, False),
        ("notice", {"days": 30, "form": None}, {"days": 30, "form": "written"}, False),
        ("notice", {"days": 30}, "30 days", False),
    ],
)  # fmt: skip
def test_values_are_compared_by_their_kind(field: str, gold: Any, given: Any, right: bool) -> None:
    counts = counted(gold, given, field)
    assert (counts.right, counts.given, counts.gold) == (int(right), 1, 1)


@pytest.mark.parametrize(
    ("given", "gold", "same"),
    [
        ("The works, and repairs.", "THE WORKS AND REPAIRS", True),
        ("repairs & works", "works and repairs", True),
        ("the works", "For the works and repairs", True),
        ("dividends alone", "works and repairs", False),
        ("", "works", False),
    ],
)
def test_prose_is_compared_by_its_words(given: str, gold: str, same: bool) -> None:
    assert same_prose(given, gold) == same


@pytest.mark.parametrize(
    ("name", "scorer", "given", "gold", "same"),
    [
        ("parties", "party_set", {"name": "X, Inc."}, "x incorporated", True),
        ("signed_on", "partial_date", "2015-07-08", "2015-XX-XX", True),
        ("signed_on", "partial_date", "2015-07-08", "2015-07-09", False),
        ("expiration_date", "partial_date", "2015-07-08", "2015-07-09", True),
        ("maturity", "partial_date", "2015-07-08", "2015-07-09", True),
        ("term", "duration", "P12M", "P1Y", True),
        ("fee", "money", FEE | {"amount": 5000}, FEE, True),
        ("law", "jurisdiction", "the State of New York", {"code": "US-NY"}, True),
        ("kind", "enum", "Fixed", "fixed", False),
        ("is_open", "boolean", "true", True, False),
        ("rate", "percent", 7, "7.00", True),
        ("count", "number", "1234567", "1234568", False),
        ("title", "text", "Supply agreement.", "SUPPLY AGREEMENT", True),
        ("code", "text", "P24M", "P2Y", False),
        ("use", "free_text", "b a", "a b", True),
    ],
)
def test_a_schema_says_how_its_fields_are_compared(
    name: str, scorer: Scorer, given: Any, gold: Any, same: bool
) -> None:
    fields = {"__annotations__": {name: Annotated[Any, About("x", scorer)], "other": str}}
    scorers = declared_scorers(type("Schema", (BaseModel,), fields))
    assert scorers.keys() == {name}
    assert scorers[name](given, gold) == same


class Payer(Enum):
    FIRST = "party_a"
    SECOND = "party_b"


class Node(BaseModel):
    """Holds itself."""

    signed: date
    children: list[Node] = []


class Bare(BaseModel):
    """A schema that does not say how its fields are compared."""

    bearer: Annotated[Payer, Field(description="Who pays.")] | None
    expiration: Annotated[date, Field()] | None
    use: Annotated[str, About("x", "free_text")] | None
    node: Node
    law: Literal["section_4a", "section_4b"]
    signed: list[date]
    fee: Decimal
    notes: str


@pytest.mark.parametrize(
    ("name", "given", "gold"),
    [
        ("bearer", "party_b", "party_a"),
        ("law", "section_4b", "section_4a"),
        ("signed", "2029-04-01", "2024-04-01"),
        ("fee", "1000001", "1000002"),
        ("expiration", "2024-04-03", "2024-04-01"),
        ("use", "dividends", "the works"),
        (
            "node",
            {"children": [{"signed": "2024-04-02"}]},
            {"children": [{"signed": "2024-04-01"}]},
        ),
    ],
)
def test_fields_that_do_not_say_how_are_compared_by_their_type(
    name: str, given: Any, gold: Any
) -> None:
    same = declared_scorers(Bare)[name]
    assert (same(given, gold), same(gold, gold)) == (False, True)
    assert "notes" not in declared_scorers(Bare)


@pytest.mark.parametrize(
    ("name", "given", "gold", "same"),
    [
        ("number", "INV-2024-00017", "INV-2024-00018", False),
        ("notice", "notice: 30 days", "notice: 90 days", False),
        ("signed", "2029-04-01", "2024-04-01", False),
        ("fund", {"name": "Fund II LP"}, {"name": "Fund III LP"}, False),
        ("fund", {"name": "Partners I L.P."}, {"name": "Partners V L.P."}, False),
        ("fund", {"name": "Mortgage XIII"}, {"name": "Mortgage XIV"}, False),
        ("fund", {"name": "Funding (No. 2) PLC"}, {"name": "Funding (No. 3) PLC"}, False),
        ("fund", {"name": "Qiagen N.V."}, {"name": "QIAGEN"}, True),
        ("title", ["Lease"], "Lease", False),
        ("fund", {"name": "Fund 2010 LP"}, {"name": "Fund 2010, L.P."}, True),
        ("bank", {"name": "Socie\u0301te\u0301 Ge"}, {"name": "Soci\u00e9t\u00e9 Ge"}, True),
        ("ceo", {"name": "Bob", "role": "janitor"}, {"name": "Bob", "role": "CEO"}, False),
        ("rent", {"name": "X", "amount": "5"}, {"name": "Y", "amount": "5"}, False),
        ("governing_law", ["Scotland"], [{"name": "Scotland"}], True),
        ("governing_law", [{"name": "Mars", "code": None}], [{"name": "Scotland"}], False),
        ("governing_law", "Pennsylvania", "US-PA", True),
        ("fee", {"amount": "1e9999999", "currency": "USD"}, FEE, False),
    ],
)
def test_neither_numbers_nor_other_parts_are_slips(
    name: str, given: Any, gold: Any, same: bool
) -> None:
    counts = count(labelled({name: gold}), {name: given})[Row(name)]
    assert counts.right == int(same)


def test_what_the_schema_does_not_ask_for_is_not_scored_but_told() -> None:
    document = labelled({"law": "section_4a", "term": "P1Y"})
    given = Prediction(doc_id="d", fields={"law": "section_4a"})
    found = score(dataset_of(document), {"d": given}, asked=Asked.by(Bare))
    assert (found.table.right, summary(found.table).macro_f1) == ((True,), 1.0)
    assert found.not_asked == ("term",)
    assert found.not_labelled == ("bearer", "expiration", "fee", "node", "notes", "signed", "use")
