"""Texts that end too late: missing closing quotes, foreign commas, remarks behind them."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from extractor import ScriptedProvider, extract
from extractor.backends.json_reader import read_json
from extractor.types import Repair

ANSWER = {"party": "Acme Inc.", "amount": "5", "law": "Texas"}


class Deal(BaseModel):
    party: str
    amount: int | None = None
    law: str | None = None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('{"party": "Acme Inc."; "amount": 5; "law": "Texas"}', {"foreign_comma"}),
        ('{"party": "Acme Inc." | "amount": 5 | "law": "Texas"}', {"foreign_comma"}),
        ('{"party" = "Acme Inc.", "amount" = 5, "law" = "Texas"}', {"foreign_colon"}),
        ('{"party" => "Acme Inc.", "amount" => 5, "law" => "Texas"}', {"foreign_colon"}),
        ('{"party": "Acme Inc., "amount": 5, "law": "Texas"}', {"missing_quote"}),
        (
            '{"party": "Acme Inc.\n "amount": 5, "law": "Texas"}',
            {"missing_quote", "control_character", "missing_comma"},
        ),
        (
            '{"party": Acme Inc.", "amount": 5, "law": "Texas"}',
            {"missing_quote", "unquoted_scalar"},
        ),
    ],
)
def test_a_broken_border_between_members_loses_nothing(text: str, kinds: set[str]) -> None:
    (reading,) = read_json(text)
    assert reading.value == ANSWER
    assert {repair.kind for repair in reading.repairs} == kinds
    assert not any(repair.lossy for repair in reading.repairs)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ('{"q": """The "Fee" is due\nnow.""", "b": "y"}', 'The "Fee" is due\nnow.', "quote_style"),
        ("{\"q\": '''it's \\\\ due''', \"b\": \"y\"}", "it's \\ due", "quote_style"),
        ('{"q": "one " + "two", "b": "y"}', "one two", "joined_text"),
        ('{"q": «one», "b": "y"}', "one", "quote_style"),
        ('{"q": \u2018it\u2019s\u2019, "b": "y"}', "it\u2019s", "quote_style"),
        ('{"q": "one\u201d, "b": "y"}', "one", "missing_quote"),
        ('{"q"\uff1a"one"\uff0c"b"\uff1a"y"}', "one", "foreign_comma"),
    ],
)
def test_texts_are_read_as_other_languages_write_them(text: str, value: str, kind: str) -> None:
    (reading,) = read_json(text)
    assert reading.value == {"q": value, "b": "y"}
    assert kind in {repair.kind for repair in reading.repairs}
    assert not any(repair.lossy for repair in reading.repairs)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('["Company", ""Agreement""]', ["Company", '"Agreement"']),
        ('[""as is"", ""where is""]', ['"as is"', '"where is"']),
        ('["a", ""Fee" means x", "c"]', ["a", '"Fee" means x', "c"]),
        ('["a", "", "c"]', ["a", "", "c"]),
        ('["a"\uff0c"b"]', ["a", "b"]),
        ('["a"\n"b"]', ["a", "b"]),
    ],
)
def test_an_item_may_begin_with_a_quote_of_its_own(text: str, items: list[str]) -> None:
    (reading,) = read_json(text)
    assert reading.value == items


def test_a_missing_quote_before_a_closing_brace_leaves_the_brace_out() -> None:
    (reading,) = read_json('{"party": {"value": "Acme Inc.}, "law": {"value": "Texas"}}')
    assert reading.value == {"party": {"value": "Acme Inc."}, "law": {"value": "Texas"}}


@pytest.mark.parametrize("remark", [" (the Seller)", " and", " [page 2]"])
def test_a_remark_behind_a_text_is_left_out_and_said_to_be(remark: str) -> None:
    (reading,) = read_json(f'{{"party": "Acme Inc."{remark}, "amount": 5, "law": "Texas"}}')
    assert reading.value == ANSWER
    (left_out,) = (repair for repair in reading.repairs if repair.lossy)
    assert (left_out.kind, left_out.detail) == ("skipped_text", remark.strip())


@pytest.mark.parametrize("party", ['Acme "Rocket" Inc.', 'said "yes": then left', 'the "a", "b"'])
def test_quoted_words_are_no_borders(party: str) -> None:
    (reading,) = read_json(f'{{"party": "{party}", "law": "Texas"}}')
    assert reading.value == {"party": party, "law": "Texas"}


@pytest.mark.parametrize(
    "text",
    [
        '{"party": "Acme Inc." - the buyer "amount": 5, "law": "Texas"}',
        '{"party": "Acme Inc. "amount": 5, "law": "Texas"}',
    ],
)
def test_a_text_that_holds_the_key_of_a_missing_field_is_asked_for_again(text: str) -> None:
    right = '{"party": "Acme Inc.", "amount": 5, "law": "Texas"}'
    provider = ScriptedProvider([text, right])
    result = extract("Acme Inc. pays 5.", Deal, provider=provider, backend="json", evidence="none")
    assert result.value == Deal(party="Acme Inc.", amount=5, law="Texas")
    assert result.attempts == 2
    assert {r.path for r in result.repairs if r.kind == "field_reask"} == {("party",), ("amount",)}


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ('{"a": "x"}, "b": 3}', {"a": "x", "b": "3"}, "stray_close"),
        ('{"a": {"c": 1}}, "b": 3}', {"a": {"c": "1"}, "b": "3"}, "stray_close"),
        ('{"a": [{"c": 1}}, "b": 3}', {"a": [{"c": "1"}], "b": "3"}, "foreign_close"),
        ('{"a": ["x", "y"}, "b": ["z"]}', {"a": ["x", "y"], "b": ["z"]}, "foreign_close"),
    ],
)
def test_a_bracket_before_further_members_does_not_end_the_answer(
    text: str, value: object, kind: str
) -> None:
    (reading,) = read_json(text)
    assert reading.value == value
    assert [(repair.kind, repair.lossy) for repair in reading.repairs] == [(kind, False)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": ["x", "y", ...], "b": 1}', {"a": ["x", "y"], "b": "1"}),
        ('{"a": ["x", \u2026]}', {"a": ["x"]}),
        ('{"b": 1, "a": "x", ...}', {"b": "1", "a": "x"}),
    ],
)
def test_an_ellipsis_behind_a_text_is_left_out_and_said_to_be(text: str, value: object) -> None:
    (reading,) = read_json(text)
    assert reading.value == value
    assert [repair.lossy for repair in reading.repairs] == [True]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('["New York" "Delaware"]', ["New York", "Delaware"]),
        ('["a" "b" "c", "d"]', ["a", "b", "c", "d"]),
        ('{"a": 12", "b": "x"}', {"a": "12", "b": "x"}),
        ('{"b": "x", "a": 12"}', {"b": "x", "a": "12"}),
        (r'{\n  "a": "x\ty",\n  "b": 3\n}', {"a": "x\ty", "b": "3"}),
    ],
)
def test_signs_that_are_missing_or_escaped_once_too_often_lose_nothing(
    text: str, value: object
) -> None:
    (reading,) = read_json(text)
    assert reading.value == value
    assert not any(repair.lossy for repair in reading.repairs)


@pytest.mark.parametrize(
    "text",
    [
        r'{party: "Acme \"Inc.\"", amount: 5, law: "the \"State\" of Texas"}',
        "{party: 'Acme \"Inc.\"', amount: 5, law: 'the \"State\" of Texas'}",
    ],
)
def test_a_bare_key_is_one_though_its_text_has_quotes_in_it(text: str) -> None:
    (reading,) = read_json(text)
    assert reading.value == {"party": 'Acme "Inc."', "amount": "5", "law": 'the "State" of Texas'}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (r'["Acme" "the \"Fund\"" "Bolt"]', ["Acme", 'the "Fund"', "Bolt"]),
        ('["Acme"; "Bolt"; "Core"]', ["Acme", "Bolt", "Core"]),
        ("['Acme', 'Macy's Inc.', 'Bolt']", ["Acme", "Macy's Inc.", "Bolt"]),
    ],
)
def test_texts_of_a_list_stay_apart(text: str, items: list[str]) -> None:
    (reading,) = read_json(text)
    assert reading.value == items


@pytest.mark.parametrize("gap", ["", ", ", "\n"])
def test_a_list_that_is_not_closed_ends_where_the_object_around_it_goes_on(gap: str) -> None:
    comma = "" if gap == "\n" else ","
    text = f'{{"parties": [{{"name": "Acme"}}, {{"name": "Bolt"}}{comma}{gap}"law": "Texas"}}'
    (reading,) = read_json(text)
    assert reading.value == {"parties": [{"name": "Acme"}, {"name": "Bolt"}], "law": "Texas"}
    assert Repair("missing_close", ("parties",)) in reading.repairs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"q": "due on the "Date""}', {"q": 'due on the "Date"'}),
        ('{"q": "the "Date"", "b": "y"}', {"q": 'the "Date"', "b": "y"}),
        ('{"q": ["the "Date"", "y"]}', {"q": ['the "Date"', "y"]}),
        ('{"q": "", "b": "the "Date""}', {"q": "", "b": 'the "Date"'}),
    ],
)
def test_a_text_may_end_in_words_that_are_quoted(text: str, value: object) -> None:
    (reading,) = read_json(text)
    assert reading.value == value
    assert {(repair.kind, repair.lossy) for repair in reading.repairs} == {
        ("unescaped_quote", False)
    }
