"""What holds of an agreement and its amendments, and what is told where nobody can know."""

from __future__ import annotations

import json
from datetime import date

import pytest

from extractor import ExtractionError, Extractor, ScriptedProvider, TokenLimitError
from extractor.extracting.sets import aextract_set, extract_set, extract_with
from extractor.sets.model import Stated
from extractor.sets.parts import part_of
from extractor.types import Unverified
from tests.sets.documents import (
    BASE,
    FIRST,
    OF_BASE,
    OF_FIRST,
    OF_ORDER,
    OF_RESTATED,
    OF_SECOND,
    ORDER,
    PARTIES,
    PREVAILS,
    RESTATED,
    SECOND,
    Terms,
    answer,
    named,
    run,
    said,
)

ORIGINAL = (named(BASE, "base.txt"), OF_BASE)
ONE = (named(FIRST, "one.txt"), OF_FIRST)
TWO = (named(SECOND, "two.txt"), OF_SECOND)
ORDERED = (named(ORDER, "order.txt"), OF_ORDER)
WHOLE = (named(RESTATED, "restated.txt"), OF_RESTATED)


def told(result: object, path: str) -> list[tuple[object, ...]]:
    superseded = getattr(result, "superseded", {}).get(path, ())
    return [(each.document, each.result.value, each.why, each.by) for each in superseded]


def test_the_last_amendment_holds_and_the_earlier_values_are_told_with_their_documents() -> None:
    result = run([TWO, ORIGINAL, ONE])
    assert (result.value.law, result.value.notice_days) == ("Denmark", 90)
    assert told(result, "law") == [
        ("base.txt", "Ireland", "amended", "one.txt"),
        ("one.txt", "Scotland", "amended", "two.txt"),
    ]
    assert [each.document for each in result.fields["law"].evidence] == ["two.txt"]
    (citation,) = result.superseded["law"][0].citations
    assert (citation.document, citation.quote) == ("one.txt", "governed by the laws of Scotland")


def test_what_each_document_is_was_read_from_its_title_and_opening() -> None:
    documents = run([TWO, ORIGINAL, ONE, ORDERED]).documents
    assert [(each.name, each.role, each.date, each.number) for each in documents] == [
        ("base.txt", "base", date(2020, 5, 1), None),
        ("order.txt", "order_form", date(2020, 5, 2), None),
        ("one.txt", "amendment", date(2021, 6, 3), 1),
        ("two.txt", "amendment", date(2022, 7, 1), 2),
    ]
    assert all(each.citations for each in documents)


def test_an_amendment_s_own_title_is_not_that_of_the_agreement() -> None:
    result = run([ORIGINAL, ONE])
    assert result.value.document_name == "Services Agreement"
    assert told(result, "document_name") == [("one.txt", "Amendment No. 1", "mentioned", None)]


def test_what_a_recital_repeats_does_not_come_back_into_force() -> None:
    recited = answer(law=said("Ireland", "governed by the laws of Ireland"))
    result = run([ORIGINAL, ONE, (TWO[0], recited)])
    assert result.value.law == "Scotland"
    assert ("two.txt", "Ireland", "mentioned", None) in told(result, "law")


def test_parties_that_an_amendment_names_again_are_the_same() -> None:
    result = run([ORIGINAL, ONE])
    assert [each.name for each in result.value.parties] == [
        "Tallow Bridge Limited",
        "Norwick Data GmbH",
    ]


def test_a_party_that_only_an_amendment_names_is_added_with_a_note() -> None:
    text = FIRST + "\n4. Joinder. Harl Works AG joins the Services Agreement and amends it.\n"
    joined = OF_FIRST | {"parties": [{"name": "Harl Works AG", "quote": "Harl Works AG joins"}]}
    result = run([ORIGINAL, (named(text, "one.txt"), joined)])
    assert len(result.value.parties) == 3
    assert result.fields["parties[2].name"].note == "named by one.txt, not by base.txt"


@pytest.mark.parametrize(
    ("unverified", "ending"), [("keep", ""), ("drop", "; left out of the value")]
)
def test_why_an_added_party_is_not_found_is_told_beside_who_names_it(
    unverified: Unverified, ending: str
) -> None:
    joined = OF_FIRST | {"parties": [{"name": "Harl Works AG", "quote": "Harl Works AG joins"}]}
    result = run([ORIGINAL, (ONE[0], joined)], unverified=unverified)
    party = result.fields["parties[2].name"]
    why, by = "the quote is not in the document", "named by one.txt, not by base.txt"
    assert (party.status, party.note) == ("unverified", f"{why}; {by}{ending}")


DISAGREE = "words and figures of the quote disagree"


def test_why_a_value_is_ambiguous_is_told_beside_the_change_of_its_clause() -> None:
    text = BASE.replace("thirty (30) days", "thirty (40) days")
    of_base = OF_BASE | {"notice_days": said(30, "thirty (40) days' notice")}
    result = run([(named(text, "base.txt"), of_base), (TWO[0], answer())])
    changed = "two.txt changes clause 3, which states it, and gives no other"
    assert result.fields["notice_days"].note == f"{DISAGREE}; {changed}"


def test_why_a_value_is_ambiguous_is_told_beside_its_being_only_mentioned() -> None:
    text = SECOND.replace("thirty (30) days", "thirty (40) days")
    recited = answer(notice_days=said(40, "thirty (40) days' notice"))
    result = run([ORIGINAL, (named(text, "two.txt"), recited)])
    (mentioned,) = result.superseded["notice_days"]
    described = "its title, parties and recitals only describe"
    assert mentioned.result.note == f"{DISAGREE}; {described}"


def test_an_order_form_that_says_nothing_of_precedence_is_a_conflict() -> None:
    result = run([ORIGINAL, ORDERED])
    notice = result.fields["notice_days"]
    assert (result.value.notice_days, notice.status, notice.raw) == (None, "conflict", [30, 10])
    assert {each.document for each in notice.evidence} == {"base.txt", "order.txt"}


def test_an_order_form_that_prevails_by_its_words_holds_and_they_are_cited() -> None:
    result = run([ORIGINAL, (named(ORDER + PREVAILS, "order.txt"), OF_ORDER)])
    assert result.value.notice_days == 10
    assert told(result, "notice_days") == [("base.txt", 30, "prevails", "order.txt")]
    assert "shall prevail" in result.superseded["notice_days"][0].citations[0].quote


def test_precedence_under_a_condition_decides_nothing() -> None:
    limited = PREVAILS.replace("over the Agreement", "over the Agreement as to fees only")
    result = run([ORIGINAL, (named(ORDER + limited, "order.txt"), OF_ORDER)])
    assert result.fields["notice_days"].status == "conflict"


def test_a_restatement_takes_the_place_of_all_before_it() -> None:
    result = run([ORIGINAL, ONE, WHOLE])
    assert (result.value.law, result.value.notice_days) == ("Norway", None)
    assert result.fields["notice_days"].status == "absent"
    assert ("one.txt", 60, "restated", "restated.txt") in told(result, "notice_days")


def test_a_clause_that_is_deleted_leaves_nothing_and_the_deletion_is_cited() -> None:
    text = FIRST + "\n4. Clause 3 of the Services Agreement is hereby deleted in its entirety.\n"
    result = run([ORIGINAL, (named(text, "one.txt"), answer())])
    notice = result.fields["notice_days"]
    assert (result.value.notice_days, notice.status) == (None, "absent")
    assert "Clause 3 of the Services Agreement is hereby deleted" in notice.evidence[0].quote
    assert told(result, "notice_days") == [("base.txt", 30, "deleted", "one.txt")]


UNDATED = [
    text.replace(f"AMENDMENT NO. {n}", "AMENDMENT").replace(
        f"Amendment No. {n} is made on {day}", ""
    )
    for n, day, text in ((1, "3 June 2021", FIRST), (2, "1 July 2022", SECOND))
]


def test_amendments_without_dates_or_numbers_are_a_conflict_and_a_warning() -> None:
    one, two = (named(text, name) for text, name in zip(UNDATED, ("a.txt", "b.txt"), strict=True))
    result = run([ORIGINAL, (one, OF_FIRST), (two, OF_SECOND)])
    assert result.fields["notice_days"].status == "conflict"
    assert result.value.notice_days is None
    assert "Which is later is not known: a.txt, b.txt" in result.warnings


def test_a_conflict_that_the_schema_can_t_do_without_is_told() -> None:
    one, two = (named(text, name) for text, name in zip(UNDATED, ("a.txt", "b.txt"), strict=True))
    result = run([ORIGINAL, (one, OF_FIRST), (two, OF_SECOND)])
    assert (result.fields["law"].status, result.fields["law"].raw) == (
        "conflict",
        ["Scotland", "Denmark"],
    )
    assert any("different values for law" in each for each in result.warnings)


def test_a_caller_who_states_dates_is_believed() -> None:
    one, two = (named(text, name) for text, name in zip(UNDATED, ("a.txt", "b.txt"), strict=True))
    later, earlier = Stated(date=date(2023, 1, 1)), Stated(date=date(2022, 1, 1))
    result = run([ORIGINAL, ((one, later), OF_FIRST), ((two, earlier), OF_SECOND)])
    assert (result.value.law, result.value.notice_days) == ("Scotland", 60)


def test_what_no_document_states_but_the_schema_needs_ends_the_extraction_with_its_bill() -> None:
    with pytest.raises(ExtractionError, match="no valid value") as caught:
        run([(ORIGINAL[0], answer()), (ONE[0], answer())])
    assert caught.value.attempts == 2


def test_the_limit_on_tokens_is_that_of_all_documents() -> None:
    run([ORIGINAL], max_tokens=17_500)
    with pytest.raises(TokenLimitError) as caught:
        run([ORIGINAL, ONE, TWO], max_tokens=17_500)
    assert caught.value.attempts == 1
    assert "This was one.txt." in caught.value.__notes__


async def test_on_an_event_loop_it_is_the_same() -> None:
    replies = [json.dumps(OF_BASE), json.dumps(OF_FIRST)]
    one = extract_set([ORIGINAL[0], ONE[0]], Terms, provider=ScriptedProvider(replies))
    documents = [ORIGINAL[0], ONE[0]]
    other = await aextract_set(documents, Terms, provider=ScriptedProvider(replies))
    assert (one.value, one.superseded) == (other.value, other.superseded)


def test_the_documents_of_a_set_are_not_looked_at_again_whoever_made_the_extractor() -> None:
    unproved = {**OF_BASE, "parties": [{"name": "Nobody Ltd", "quote": "by Nobody Ltd"}]}
    replies = [json.dumps(unproved), json.dumps(OF_FIRST), json.dumps(OF_FIRST)]
    provider = ScriptedProvider(replies)
    with Extractor(part_of(Terms), provider=provider) as extractor:
        extract_with(extractor, Terms, [ORIGINAL[0], ONE[0]])
    assert len(provider.requests) == 2


def test_each_document_is_asked_with_the_reasoning_effort_that_was_asked_for() -> None:
    provider = ScriptedProvider([json.dumps(OF_BASE), json.dumps(OF_FIRST)])
    extract_set([ORIGINAL[0], ONE[0]], Terms, provider=provider, reasoning_effort="low")
    assert [request.reasoning_effort for request in provider.requests] == ["low", "low"]


def test_what_nothing_proves_is_left_out_of_the_whole_where_it_may_be() -> None:
    invented = answer(**{**OF_BASE, "notice_days": said(45, "forty-five (45) days")})
    result = run([(named(BASE, "base.txt"), invented), (named(SECOND, "two.txt"), answer())])
    notice = result.fields["notice_days"]
    assert (result.value.notice_days, notice.status, notice.value) == (None, "unverified", 45)
    assert (notice.note or "").count("left out of the value") == 1


def test_what_nothing_proves_but_the_whole_needs_stays_with_a_warning() -> None:
    invented = answer(**{**OF_BASE, "law": said("Malta", "the laws of Malta")})
    result = run([(named(BASE, "base.txt"), invented), (named(SECOND, "two.txt"), answer())])
    assert (result.value.law, result.fields["law"].status) == ("Malta", "unverified")
    assert any("No quote proves law" in warning for warning in result.warnings)


def test_an_unproved_item_goes_and_the_others_keep_their_order() -> None:
    invented = {"name": "Umbral Holdings plc", "quote": "Umbral Holdings plc"}
    of_base = answer(**{**OF_BASE, "parties": [invented, *PARTIES]})
    result = run([(named(BASE, "base.txt"), of_base), (named(SECOND, "two.txt"), answer())])
    assert [p.name for p in result.value.parties] == ["Tallow Bridge Limited", "Norwick Data GmbH"]
    assert result.fields["parties[0].name"].value == "Tallow Bridge Limited"
    assert result.fields["parties[2].name"].status == "unverified"


def test_what_nothing_proves_is_kept_on_demand() -> None:
    invented = answer(**{**OF_BASE, "notice_days": said(45, "forty-five (45) days")})
    parts = [(named(BASE, "base.txt"), invented), (named(SECOND, "two.txt"), answer())]
    result = run(list(parts), unverified="keep")
    assert (result.value.notice_days, result.fields["notice_days"].status) == (45, "unverified")
