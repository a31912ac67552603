"""Copies of contracts: text, labels and spans say the same other thing, or nothing is scored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.counterfactual import counterfactual
from extractor.evaluation.counting import count, outcomes
from extractor.evaluation.datasets import GoldDocument, GoldSpan, GoldStatus
from extractor.normalizers import read_date, read_jurisdiction

TEXT = """SUPPLY AGREEMENT of March 4, 2019, between Oak Row Properties, LLC ("Oak Row", a Utah
company) and BRIGHTWATER
BOOKS INC. of Salt Lake City, Utah. Brightwater Books Inc. pays $2000 and 2,019 pounds by
04-03-2020. It ends on 29 February 2024 (2/29/24). THE LAWS OF UTAH APPLY. None is excepted."""
OAK = {"name": "Oak Row Properties LLC", "in_text": "Oak Row Properties, LLC", "aliases": ["Oak"]}
BOOKS = {"name": "Brightwater Books Inc.", "in_text": True}
UTAH = {"name": "Utah", "code": "US-UT"}
GOLD: dict[str, Any] = {
    "document_name": "SUPPLY AGREEMENT",
    "parties": [OAK, BOOKS],
    "effective_date": "2019-03-04",
    "payment_date": "2020-03-04",
    "expiration_date": "2024-02-29",
    "governing_law": [UTAH],
    "insurance": False,
    "term": None,
}


def labelled(
    gold: Mapping[str, Any],
    text: str | None = TEXT,
    *,
    doc_id: str = "d",
    evidence: Mapping[str, list[GoldSpan]] | None = None,
    **status: GoldStatus,
) -> GoldDocument:
    kinds: dict[str, GoldStatus] = {
        name: status.get(name, "absent" if value in (None, []) else "value")
        for name, value in gold.items()
    }
    return GoldDocument(
        doc_id=doc_id, gold=gold, gold_status=kinds, text=text, evidence=evidence or {}
    )


def copied(document: GoldDocument, seed: int = 0) -> GoldDocument:
    found = counterfactual(document, seed=seed)
    assert found is not None
    return found


def said(document: GoldDocument) -> str:
    assert document.text is not None
    return document.text


def marked(text: str, words: str) -> GoldSpan:
    start = text.index(words)
    return GoldSpan(text=words, start=start, end=start + len(words))


def test_a_document_without_a_text_has_no_copy() -> None:
    assert counterfactual(labelled(GOLD, None)) is None
    assert said(copied(labelled({}, ""))) == ""


def test_the_same_seed_gives_the_same_copy() -> None:
    one = labelled(GOLD)
    assert copied(one) == copied(one)
    assert len({said(copied(one, seed)) for seed in range(8)}) > 4
    assert said(copied(one)) != said(copied(labelled(GOLD, doc_id="other")))


def test_a_copy_is_text_alone_and_else_as_it_was() -> None:
    document = labelled(GOLD).model_copy(update={"file": "d.pdf", "source": "s", "split": "test"})
    copy = copied(document)
    assert copy.file is None
    assert (copy.doc_id, copy.source, copy.split) == ("d", "s", "test")
    assert said(document) == TEXT
    assert document.gold == GOLD


@pytest.mark.parametrize("seed", range(6))
def test_parties_years_and_law_are_changed_wherever_they_stand(seed: int) -> None:
    text = said(copied(labelled(GOLD), seed)).lower()
    for words in (
        "properties",
        "brightwater",
        "utah",
        "2019",
        "04-03-2020",
        "february 2024",
        "/24",
    ):
        assert words not in text
    for words in ("$2000", "2,019 pounds", "none is excepted", "of march 4, 20", "inc."):
        assert words in text


@pytest.mark.parametrize("seed", range(6))
def test_labels_say_what_the_copy_says(seed: int) -> None:
    copy = copied(labelled(GOLD), seed)
    text, gold = " ".join(said(copy).split()), copy.gold
    assert copy.gold_status == labelled(GOLD).gold_status
    assert gold["parties"][0]["name"] in text
    assert gold["parties"][1]["name"] in text
    assert gold["parties"][0]["aliases"] == ["Oak"]
    (law,) = gold["governing_law"]
    assert f"THE LAWS OF {law['name'].upper()} APPLY" in text
    reading = read_jurisdiction(law["name"])
    assert reading is not None
    assert reading.code == law["code"]
    for name, pattern in {
        "effective_date": r"of (\w+ \d+, \d+), between",
        "expiration_date": r"on (\d+ \w+ \d+) \(",
    }.items():
        (words,) = re.findall(pattern, text)
        stated = read_date(words)
        assert stated is not None
        assert stated.value == date.fromisoformat(gold[name])
    assert f"by 04-03-{gold['payment_date'][:4]}." in text
    assert f"(2/29/{gold['expiration_date'][2:4]})" in text
    assert (gold["document_name"], gold["insurance"], gold["term"]) == (
        "SUPPLY AGREEMENT",
        False,
        None,
    )


@pytest.mark.parametrize("seed", range(6))
def test_who_answers_from_memory_is_wrong_and_who_reads_is_right(seed: int) -> None:
    copy = copied(labelled(GOLD), seed)
    remembered = outcomes(count(copy, GOLD))
    assert {remembered[name] for name in ("parties", "governing_law")} == {"wrong"}
    assert {each for name, each in remembered.items() if name.endswith("_date")} == {"wrong"}
    assert set(outcomes(count(copy, copy.gold)).values()) == {"correct", "true_null"}


@pytest.mark.parametrize("year", range(1952, 2080, 4))
def test_29_february_survives(year: int) -> None:
    document = labelled({"end_date": f"{year}-02-29"}, f"It ends on 29 February {year}, at noon.")
    for seed in range(5):
        copy = copied(document, seed)
        moved = date.fromisoformat(copy.gold["end_date"])
        assert moved.year != year
        assert f"29 February {moved.year}, at" in said(copy)


@pytest.mark.parametrize(
    ("words", "is_changed"),
    [
        ("March 4, 2019, between", True),
        ("June 1,2019.", True),
        ("01.02.2019", True),
        ("2019-02-01", True),
        ("1/2/2019", True),
        ("1/2/19", True),
        ("2018-2019", True),
        ("___, 2019", True),
        ("(2019)", True),
        ("$2019", False),
        ("€ 2019", False),
        ("2019.50", False),
        ("2,019", False),
        ("12.2019", False),
        ("20195", False),
        ("1/2/19/4", False),
    ],
)
def test_a_year_is_known_from_an_amount(words: str, is_changed: bool) -> None:
    copy = copied(labelled({"agreement_date": "2019-02-01"}, f"Dated {words} by us."))
    assert ("19" not in said(copy)) == is_changed
    assert copy.gold_status["agreement_date"] == ("value" if is_changed else "unresolved")


@pytest.mark.parametrize(
    ("gold", "is_scored"),
    [
        ({"parties": [{"name": "Elsewhere Ltd"}]}, False),
        ({"parties": [OAK, {"name": "Elsewhere Ltd"}]}, False),
        ({"parties": [{"name": "Elsewhere Ltd", "in_text": "Oak Row Properties, LLC"}]}, True),
        ({"parties": ["Brightwater Books Inc."]}, True),
        ({"parties": "Brightwater Books Inc."}, True),
        ({"governing_law": [{"name": "Ohio", "code": "US-OH"}]}, False),
        ({"governing_law": ["Utah"]}, True),
        ({"governing_law": "Utah"}, True),
        ({"governing_law": UTAH}, True),
        ({"effective_date": "2017-03-04"}, False),
        ({"effective_date": "2019-XX-XX"}, True),
        ({"effective_date": "20XX-03-04"}, True),
        ({"expiration_date": "perpetual"}, True),
        ({"dates": {"start": "2019-03-04", "end": "2021-03-04"}}, False),
        ({"amount": "2000"}, True),
        ({"amount": 2019}, False),
        ({"amount": "2020.00"}, False),
        ({"term": "P2019D"}, True),
        ({"parties": [OAK, None]}, True),
        ({"governing_law": [None, UTAH]}, True),
    ],
)
def test_a_label_whose_words_are_not_there_is_not_scored(
    gold: dict[str, Any], is_scored: bool
) -> None:
    copy = copied(labelled(gold))
    assert set(copy.gold_status.values()) == {"value" if is_scored else "unresolved"}


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        ("value", "unresolved"),
        ("partial", "unresolved"),
        ("free_text", "free_text"),
        ("disputed", "disputed"),
        ("absent_soft", "absent_soft"),
    ],
)
def test_what_was_not_scored_as_a_value_stays_what_it_was(
    status: GoldStatus, becomes: GoldStatus
) -> None:
    copy = copied(labelled({"parties": [{"name": "Elsewhere"}]}, parties=status))
    assert copy.gold_status == {"parties": becomes}


def test_labels_keep_their_form() -> None:
    gold = {
        "parties": ["Brightwater Books Inc.", None],
        "governing_law": "Utah",
        "venue": {"name": "Utah", "code": "US-UT"},
        "use_of_money": "Brightwater Books Inc. pays under the laws of Utah since 2019.",
        "days": 30,
    }
    copy = copied(labelled(gold, use_of_money="free_text"))
    company, nobody = copy.gold["parties"]
    assert re.fullmatch(r"\w+ \w+ Inc\.", company)
    assert nobody is None
    state = copy.gold["governing_law"]
    assert copy.gold["venue"]["name"] == state
    assert copy.gold["venue"]["code"].startswith("US-")
    assert copy.gold["venue"]["code"] != "US-UT"
    assert copy.gold["use_of_money"].startswith(
        f"{company} pays under the laws of {state} since 20"
    )
    assert "2019" not in copy.gold["use_of_money"]
    assert copy.gold["days"] == 30


def test_of_names_within_each_other_the_longest_counts() -> None:
    text = "First Bank, Bank and Bank Holdings LLC agree. The First\n Bank pays."
    names = ("Bank", "First Bank", "Bank Holdings LLC")
    copy = copied(labelled({"parties": [{"name": name} for name in names]}, text))
    bank, first, holdings = (party["name"] for party in copy.gold["parties"])
    assert said(copy) == f"{first}, {bank} and {holdings} agree. The {first} pays."
    assert copy.gold_status == {"parties": "value"}
    assert holdings.endswith(" LLC")


def test_a_name_that_only_stands_within_another_is_not_scored() -> None:
    copy = copied(labelled({"parties": ["Bank", "First Bank"]}, "First Bank pays."))
    assert copy.gold_status == {"parties": "unresolved"}


def test_a_name_of_which_a_part_is_left_behind_is_not_scored() -> None:
    gold = {"parties": ["Utah Mining"], "governing_law": ["State of Utah"]}
    copy = copied(labelled(gold, "The State of Utah Mining law. Utah Mining pays."))
    assert copy.gold_status == {"parties": "unresolved", "governing_law": "value"}
    assert said(copy).endswith(f"{copy.gold['parties'][0]} pays.")


def test_a_name_is_one_with_and_without_its_comma_and_in_capitals() -> None:
    text = "Oak Row, Inc. pays. OAK ROW INC. pays. Oak Row\n  Inc. pays. Oak Rowing pays."
    copy = copied(labelled({"parties": [{"name": "Oak Row Inc."}]}, text))
    name = copy.gold["parties"][0]["name"]
    assert said(copy) == f"{name} pays. {name} pays. {name} pays. Oak Rowing pays."


@pytest.mark.parametrize(
    "party", [None, "", " ", ",", {}, {"name": None}, {"name": ""}, {"name": " ", "in_text": True}]
)
def test_a_party_without_a_name_changes_nothing(party: Any) -> None:
    text = "None of them is true, and nothing changes."
    copy = copied(labelled({"parties": [party]}, text))
    assert said(copy) == text
    assert copy.gold["parties"] == [party]


def test_two_laws_become_two_others() -> None:
    gold = {"governing_law": [{"name": "Utah", "code": "US-UT"}, {"name": "Iowa", "code": "US-IA"}]}
    for seed in range(20):
        copy = copied(labelled(gold, "The laws of Utah, or of Iowa, but never Nevada."), seed)
        one, other = (law["name"] for law in copy.gold["governing_law"])
        assert said(copy) == f"The laws of {one}, or of {other}, but never Nevada."
        assert len({one, other, "Nevada", "Utah", "Iowa"}) == 5


def test_a_law_becomes_another_where_the_contract_names_every_state() -> None:
    states = "Nevada, Oregon, Vermont, Kansas, Ohio, Georgia, Montana, Colorado, Minnesota"
    gold = {"governing_law": [{"name": "State of Ohio", "code": "US-OH"}]}
    for seed in range(20):
        copy = copied(labelled(gold, f"Not {states}, but the State of Ohio."), seed)
        (law,) = copy.gold["governing_law"]
        assert law["code"] not in (None, "US-OH")
        assert said(copy).endswith(f"but the {law['name']}.")


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Oak Row Properties, LLC", "Oak Row Properties, LLC"),
        ("Oak Row", "Oak Row Properties, LLC"),
        ("Properties, LLC (", "Oak Row Properties, LLC ("),
        ("between Oak", "between Oak Row Properties, LLC"),
        ("Row Prop", "Oak Row Properties, LLC"),
        ("March 4, 20", "March 4, 2019"),
        ("19, between", "2019, between"),
        (" of March", " of March"),
        ("TEXT", "TEXT"),
    ],
)
def test_a_moved_span_encloses_what_stands_in_place_of_its_words(words: str, whole: str) -> None:
    text = "TEXT of March 4, 2019, between Oak Row Properties, LLC (us)"
    gold = {"parties": ["Oak Row Properties, LLC"]}
    evidence = {"parties": [marked(text, words)]}
    copy = copied(labelled(gold, text, evidence=evidence))
    (span,) = copy.evidence["parties"]
    assert said(copy)[span.start : span.end] == span.text
    (year,) = re.findall(r"20\d\d|19\d\d", said(copy))
    expected = whole.replace("Oak Row Properties, LLC", copy.gold["parties"][0])
    assert span.text == expected.replace("2019", year)


def test_words_without_a_place_are_changed_too() -> None:
    evidence = {"governing_law": [GoldSpan(text="laws of Utah since 2019"), GoldSpan(text="us")]}
    copy = copied(labelled({"governing_law": [UTAH]}, evidence=evidence))
    changed, kept = copy.evidence["governing_law"]
    assert (changed.start, changed.end) == (None, None)
    assert changed.text.startswith(f"laws of {copy.gold['governing_law'][0]['name']} since 20")
    assert "2019" not in changed.text
    assert kept.text == "us"


@given(
    st.lists(
        st.sampled_from(
            [
                "Oak Row",
                "Row",
                "Oak Row LLC",
                "Utah",
                "Utah Row",
                "2019",
                "1/2/19",
                "pays",
                ",",
                "(",
            ]
        ),
        max_size=12,
    ),
    st.data(),
)
def test_spans_of_any_copy_are_its_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = GoldSpan(text=text[start:end], start=start, end=end)
    gold = {"parties": ["Oak Row", "Row", "Oak Row LLC"], "governing_law": ["Utah"]}
    copy = copied(labelled(gold, text, evidence={"parties": [span]}), data.draw(st.integers(0, 9)))
    (moved,) = copy.evidence["parties"]
    assert moved.start is not None
    assert moved.end is not None
    assert 0 <= moved.start <= moved.end <= len(said(copy))
    assert said(copy)[moved.start : moved.end] == moved.text
    if start == 0:
        assert moved.start == 0
    if end == len(text):
        assert moved.end == len(said(copy))
    untouched = {"pays", ",", "("}
    kept = [word for word in words if word in untouched]
    assert [word for word in said(copy).split() if word in untouched] == kept
    assert not {"Oak", "Row", "Utah", "2019", "1/2/19"} & {*re.split(r"[ ,(]+", said(copy))}
