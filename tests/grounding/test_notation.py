"""Quotes in a notation that the document does not have: entities, underscores, bare figures."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from extractor import FieldResult, ScriptedProvider, extract
from extractor.grounding import Locator


class Terms(BaseModel):
    days: int | None = None


def days(document: str, value: int, quote: str) -> FieldResult:
    reply = json.dumps({"days": {"quote": quote, "value": value}})
    return extract(document, Terms, provider=ScriptedProvider([reply] * 2)).fields["days"]


@pytest.mark.parametrize(
    ("document", "quote"),
    [
        ("R&D costs are excluded.", "R&amp;D costs are excluded"),
        ('the "Products" and services', "the &quot;Products&quot; and services"),
        ("R&amp;D costs are excluded.", "R&amp;D costs are excluded"),
    ],
)
def test_an_entity_is_what_it_stands_for_unless_the_document_writes_it(
    document: str, quote: str
) -> None:
    assert Locator(document).locate(quote).status in ("exact", "normalized")


def test_underscores_around_words_are_no_part_of_them() -> None:
    located = Locator("under the laws of the State of New York.").locate("_State of New York_")
    assert located.status == "fuzzy"


CONTRACT = """Agreement.

9. Assignment. Neither party may assign it.

10. Term. It ends on thirty (30) days' notice, or 12 days after a breach.
Notice days: 7
"""


@pytest.mark.parametrize(("value", "quote"), [(9, "9"), (10, "10."), (9, "9. Assignment")])
def test_the_number_of_a_clause_proves_nothing_bare_or_not(value: int, quote: str) -> None:
    assert days(CONTRACT, value, quote).status == "ambiguous"


@pytest.mark.parametrize(("value", "quote"), [(12, "12"), (7, "7"), (30, "30")])
def test_a_bare_figure_of_a_sentence_or_a_table_proves_itself(value: int, quote: str) -> None:
    assert days(CONTRACT, value, quote).status == "found"


def test_nothing_in_an_agreement_denies_what_follows() -> None:
    located = Locator("Nothing in this Agreement limits liability for fraud.").locate(
        "limits liability for fraud"
    )
    assert located.status == "altered"
