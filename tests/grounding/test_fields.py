"""Every leaf of an answer against the document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import BaseModel, BeforeValidator, create_model, model_validator

from extractor import Document, Extraction, FieldResult, Page, ScriptedProvider, Span, extract
from extractor.types import EvidenceMode

FIRST = """SERVICES AGREEMENT between Pellworth & Dray Robotics Limited ("Pellworth") and
Sundhaven Marine A/S. It takes effect on 1 April 2025. The term is thirty-six (36) months.
The Supplier shall not assign this Agreement. The fee is EUR 750,000.50 per year.
"""
SECOND = """Either Party may terminate by giving sixty (60) days' notice. The Supplier is
independent. This Agreement is governed by the laws of Ireland, and its courts apply
the laws of Ireland."""
DOCUMENT = Document(
    text=FIRST + SECOND,
    sha256="0" * 64,
    source="<test>",
    media_type="text/plain",
    pages=(
        Page(1, Span(0, len(FIRST))),
        Page(2, Span(len(FIRST), len(FIRST + SECOND))),
    ),
)


def run(
    schema: type[BaseModel], reply: Mapping[str, Any], evidence: EvidenceMode = "quotes"
) -> Extraction[BaseModel]:
    provider = ScriptedProvider([json.dumps(reply)])
    return extract(DOCUMENT, schema, provider=provider, evidence=evidence)


def field(annotation: Any, value: Any, quote: str | list[str]) -> FieldResult:
    """What is known of a single value after it was answered with a quote."""
    schema = create_model("Holder", it=(annotation, ...))
    return run(schema, {"it": {"quote": quote, "value": value}}).fields["it"]


def texts(result: FieldResult) -> list[str]:
    return [DOCUMENT.text[item.span.start : item.span.end] for item in result.evidence if item.span]


@pytest.mark.parametrize(
    ("annotation", "value", "quote"),
    [
        (str, "Ireland", "governed by the laws of Ireland"),
        (str, "Pellworth & Dray Robotics Limited", "Pellworth & Dray Robotics Limited"),
        (date, "2025-04-01", "takes effect on 1 April 2025"),
        (int, 60, "sixty (60) days' notice"),
        (int, 36, "thirty-six (36) months"),
        (float, 750000.5, "EUR 750,000.50 per year"),
        (Decimal, "750000.50", "EUR 750,000.50 per year"),
        (str, "P36M", "The term is thirty-six (36) months"),
        (Literal["no_renewal", "courts"], "courts", "its courts apply"),
    ],
)
def test_a_value_whose_quote_is_in_the_document_and_bears_it_is_found(
    annotation: Any, value: Any, quote: str
) -> None:
    result = field(annotation, value, quote)
    assert (result.status, result.note) == ("found", None)
    assert texts(result)[0] == quote
    assert result.evidence[0].status == "exact"


@pytest.mark.parametrize(
    ("annotation", "value", "quote", "note"),
    [
        (bool, False, "shall not assign", "yes or no is not a matter of words"),
        (
            Literal["mutual", "other"],
            "mutual",
            "Either Party may",
            "its quote is in the document; whether",
        ),
        (str, "Pellworth Inc.", '"Pellworth"', "the quote does not have the name's legal form"),
    ],
)
def test_a_found_value_that_code_can_t_judge_says_so(
    annotation: Any, value: Any, quote: str, note: str
) -> None:
    result = field(annotation, value, quote)
    assert result.status == "found"
    assert result.note is not None
    assert result.note.startswith(note)


AMOUNTS = "The fee is EUR 1.000 from 01/02/2024, for sixty (90) days and then two (2) years."


@pytest.mark.parametrize(
    ("annotation", "value", "quote", "status"),
    [
        (int, 1000, "EUR 1.000", "ambiguous"),
        (date, "2024-02-01", "from 01/02/2024", "ambiguous"),
        (str, "P60D", "sixty (90) days", "conflict"),
        (int, 24, "two (2) years", "derived"),
        (Literal["the fee", "the term"], "the term", "The fee is", "ambiguous"),
        (Literal["a fee", "the fee"], "the fee", "The fee is", "found"),
    ],
)
def test_a_quote_that_can_be_read_in_several_ways_gives_the_status_its_name(
    annotation: Any, value: Any, quote: str, status: str
) -> None:
    schema = create_model("Holder", it=(annotation, ...))
    reply = json.dumps({"it": {"quote": quote, "value": value}})
    result = extract(AMOUNTS, schema, provider=ScriptedProvider([reply])).fields["it"]
    assert result.status == status
    assert bool(result.note) == (status != "found")


class Licence(Enum):
    SOLE = "sole"
    EXCLUSIVE = "exclusive"


@pytest.mark.parametrize(
    "annotation", [Licence, Licence | None, Literal["sole", "exclusive"] | None]
)
def test_another_allowed_value_speaks_against_an_optional_one_too(annotation: Any) -> None:
    schema = create_model("Holder", it=(annotation, ...))
    reply = json.dumps({"it": {"quote": "an exclusive licence", "value": "sole"}})
    result = extract("This is an exclusive licence.", schema, provider=ScriptedProvider([reply]))
    assert result.fields["it"].status == "unverified"


def test_line_ends_and_typography_do_not_matter() -> None:
    result = field(str, "Ireland", "its courts apply the laws of  Ireland")
    assert result.status == "found"
    assert result.evidence[0].status == "normalized"
    assert texts(result) == ["its courts apply\nthe laws of Ireland"]


def test_each_quote_is_on_its_page() -> None:
    assert field(date, "2025-04-01", "takes effect on 1 April 2025").evidence[0].page == 1
    assert field(int, 60, "sixty (60) days' notice").evidence[0].page == 2


def test_all_occurrences_are_kept_in_the_order_of_the_document() -> None:
    result = field(str, "Ireland", "the laws of Ireland")
    assert texts(result) == ["the laws of Ireland", "the laws of Ireland"]
    starts = [item.span.start for item in result.evidence if item.span]
    assert starts == sorted(set(starts))
    assert {item.quote for item in result.evidence} == {"the laws of Ireland"}


def test_a_quote_that_is_nowhere_leaves_the_value_unverified() -> None:
    result = field(str, "Scotland", "subject to Scots law in all respects")
    assert (result.status, result.value) == ("unverified", "Scotland")
    assert result.note == "the quote is not in the document"
    assert [(item.status, item.span, item.page) for item in result.evidence] == [
        ("missing", None, None)
    ]


@pytest.mark.parametrize(
    ("annotation", "value", "quote", "what"),
    [
        (int, 90, "Either Party may terminate by giving ninety (90) days' notice.", "number"),
        (bool, True, "The Supplier shall assign this Agreement.", "negation"),
        (date, "2025-04-07", "It takes effect on 7 April 2025.", "number"),
    ],
)
def test_a_quote_that_was_altered_is_shown_beside_its_passage_and_proves_nothing(
    annotation: Any, value: Any, quote: str, what: str
) -> None:
    result = field(annotation, value, quote)
    assert result.status == "unverified"
    assert result.note is not None
    assert result.note.startswith(what)
    assert result.evidence[0].status == "altered"
    assert result.evidence[0].quote == quote
    assert texts(result)


@pytest.mark.parametrize(
    ("annotation", "value", "quote"),
    [
        (int, 90, "sixty (60) days' notice"),
        (date, "2025-04-11", "takes effect on 1 April 2025"),
        (Decimal, "75000.05", "EUR 750,000.50 per year"),
        (str, "P3M", "thirty-six (36) months"),
        (str, "Kestrel Row Advisory LLP", "Sundhaven Marine A/S"),
    ],
)
def test_a_value_that_its_quote_does_not_bear_is_unverified_with_the_reason(
    annotation: Any, value: Any, quote: str
) -> None:
    result = field(annotation, value, quote)
    assert result.status == "unverified"
    assert result.note
    assert result.evidence[0].status == "exact"


def test_a_value_without_a_quote_is_unverified() -> None:
    result = field(str, "Ireland", "  ")
    assert (result.status, result.note) == ("unverified", "the model gave no quote")


def test_one_good_quote_among_several_is_enough_and_all_are_kept() -> None:
    result = field(int, 60, ["nowhere to be seen at all", "sixty (60) days' notice"])
    assert result.status == "found"
    assert [item.status for item in result.evidence] == ["missing", "exact"]


def test_what_was_not_asked_for_quotes_is_unverified() -> None:
    result = run(create_model("Terms", law=(str, ...)), {"law": "Ireland"}, "none").fields["law"]
    assert (result.status, result.note) == ("unverified", "no quotes were asked for")


class Party(BaseModel):
    name: str
    role: str | None = None


class Terms(BaseModel):
    law: str | None = None
    parties: list[Party] = []
    fees: dict[str, Decimal] = {}
    exclusive: Literal["exclusive"] | None = None
    kind: Literal["services"] = "services"


NOTHING: dict[str, Any] = {"law": None, "parties": [], "fees": [], "exclusive": None}


def test_what_the_document_does_not_state_is_absent() -> None:
    result = run(Terms, NOTHING | {"kind": "services"})
    assert {path: item.status for path, item in result.fields.items()} == {
        "law": "absent",
        "parties": "absent",
        "fees": "absent",
        "exclusive": "absent",
    }
    assert all(item.evidence == () for item in result.fields.values())


def test_what_the_reply_leaves_out_was_not_searched() -> None:
    fields = run(Terms, {"parties": [], "law": None}).fields
    assert {path: item.status for path, item in fields.items()} == {
        "law": "absent",
        "parties": "absent",
        "fees": "not_searched",
        "exclusive": "not_searched",
    }
    assert fields["fees"].note == "the reply leaves it out"


def test_an_empty_text_is_no_answer() -> None:
    result = field(str, "", "governed by the laws of Ireland")
    assert (result.status, result.value) == ("absent", "")


def test_nothing_is_absent_from_a_document_that_was_not_read_to_its_end() -> None:
    pages = (*DOCUMENT.pages, Page(3, Span(len(DOCUMENT.text), len(DOCUMENT.text)), "unreadable"))
    provider = ScriptedProvider(['{"it": null}'])
    schema = create_model("Holder", it=(str | None, None))
    result = extract(replace(DOCUMENT, pages=pages), schema, provider=provider)
    assert result.fields["it"].status == "unreadable"
    assert result.fields["it"].note == "pages that could not be read: 3"
    assert result.coverage == pytest.approx(2 / 3)


def test_a_word_for_nothing_is_absent_and_says_what_the_model_wrote() -> None:
    answer = {"law": {"quote": "", "value": "N/A"}}
    result = run(Terms, NOTHING | answer).fields["law"]
    assert (result.status, result.value, result.raw) == ("absent", None, "N/A")
    assert result.note == "the model wrote 'N/A'"


def test_one_quote_proves_each_leaf_of_an_item() -> None:
    item = {
        "quote": 'Pellworth & Dray Robotics Limited ("Pellworth")',
        "name": "Pellworth & Dray Robotics Limited",
        "role": "Pellworth",
    }
    result = run(Terms, NOTHING | {"parties": [item]})
    for path in ("parties[0].name", "parties[0].role"):
        assert result.fields[path].status == "found"
        assert texts(result.fields[path]) == [item["quote"]]


def test_a_leaf_that_the_items_quote_does_not_bear_is_unverified_alone() -> None:
    item = {"quote": "Sundhaven Marine A/S", "name": "Sundhaven Marine A/S", "role": "Supplier"}
    result = run(Terms, NOTHING | {"parties": [item]})
    assert result.fields["parties[0].name"].status == "found"
    assert result.fields["parties[0].role"].status == "unverified"


def test_the_values_of_a_dict_are_fields_by_their_keys() -> None:
    pair = {
        "key": "annual fee",
        "quote": "The fee is EUR 750,000.50 per year",
        "value": "750000.50",
    }
    result = run(Terms, NOTHING | {"fees": [pair]})
    assert result.fields['fees["annual fee"]'].status == "found"


def test_a_constant_is_a_fact_only_where_it_may_be_missing() -> None:
    answer = {"quote": "an exclusive right that is nowhere granted", "value": "exclusive"}
    fields = run(Terms, NOTHING | {"exclusive": answer, "kind": "services"}).fields
    assert fields["exclusive"].status == "unverified"
    assert "kind" not in fields


def test_values_and_raw_texts_are_plain_json() -> None:
    class Everything(BaseModel):
        signed: date
        fee: Decimal
        pair: tuple[int, str]

    reply = {
        "signed": {"quote": "takes effect on 1 April 2025", "value": "1 April 2025"},
        "fee": {"quote": "EUR 750,000.50", "value": 750000.50},
        "pair": {"quote": "thirty-six (36) months", "value": {"item_1": 36, "item_2": "months"}},
    }
    fields = run(Everything, reply).fields
    assert {path: (item.value, item.raw) for path, item in fields.items()} == {
        "signed": ("2025-04-01", "1 April 2025"),
        "fee": ("750000.5", "750000.5"),
        "pair": ([36, "months"], {"item_1": "36", "item_2": "months"}),
    }
    assert all(type(item.raw) in {str, dict} for item in fields.values())


def test_what_a_validator_made_of_an_answer_is_derived_at_best() -> None:
    class Coded(BaseModel):
        law: Annotated[str, BeforeValidator(lambda text: text[:2].upper())]
        other: Annotated[str, BeforeValidator(lambda text: text[:2].upper())]
        notice: str | None = None

        @model_validator(mode="after")
        def _notice(self) -> Self:
            self.notice = "made up"
            return self

    quoted = {"quote": "governed by the laws of Ireland", "value": "Ireland"}
    fields = run(Coded, {"law": quoted, "other": quoted | {"quote": "?"}, "notice": None}).fields
    law, other, notice = fields["law"], fields["other"], fields["notice"]
    assert (law.status, law.value, law.raw) == ("derived", "IR", "Ireland")
    assert law.note == "a validator of the schema made this of what was read"
    assert (other.status, other.value) == ("unverified", "IR")
    assert (notice.status, notice.value) == ("absent", None)


def test_items_that_a_validator_adds_are_never_found() -> None:
    class Laws(BaseModel):
        laws: Annotated[list[str], BeforeValidator(lambda read: [*read, "Scotland"])]

    quoted = {"quote": "governed by the laws of Ireland", "value": "Ireland"}
    fields = run(Laws, {"laws": [quoted]}).fields
    assert fields["laws[0]"].status == "found"
    assert (fields["laws"].status, fields["laws"].value) == ("derived", ["Ireland", "Scotland"])


def test_what_a_validator_takes_out_is_no_longer_found() -> None:
    class Fees(BaseModel):
        fees: Annotated[dict[str, str], BeforeValidator(lambda _: {"ghost": "Texas"})]

    pair = {"key": "law", "quote": "governed by the laws of Ireland", "value": "Ireland"}
    fields = run(Fees, {"fees": [pair]}).fields
    assert {path: (item.status, item.value) for path, item in fields.items()} == {
        "fees.law": ("invalid", None),
        "fees.ghost": ("derived", "Texas"),
    }
    assert fields["fees.law"].note == "a validator of the schema took it out"


@pytest.mark.parametrize(
    ("value", "quote", "status"),
    [
        ("90", "sixty (90) days", "conflict"),
        ("1000", "EUR 1.000", "ambiguous"),
        ("2", "two (2) years", "found"),
        ("3", "two (2) years", "unverified"),
    ],
)
def test_a_decimal_is_proved_as_the_number_that_it_is(value: str, quote: str, status: str) -> None:
    schema = create_model("Holder", it=(Decimal, ...))
    reply = json.dumps({"it": {"quote": quote, "value": float(value)}})
    result = extract(AMOUNTS, schema, provider=ScriptedProvider([reply])).fields["it"]
    assert result.status == status
