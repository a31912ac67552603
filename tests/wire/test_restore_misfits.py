"""Answers of another form than was asked for: never absent, never invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import pytest
from pydantic import BaseModel, RootModel, create_model

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.reading import Lexeme, Repeated
from extractor.wire.restore import restore


def test_a_text_where_a_dict_was_asked_is_a_problem_and_not_an_empty_dict() -> None:
    class Fees(BaseModel):
        fees: dict[str, int]

    restored = restore(compile_schema(Fees), {"fees": "<late>5</late>"})
    assert [problem.path for problem in restored.problems] == [("fees",)]


class Law(BaseModel):
    law: str | None = None
    begins: date | None = None


@pytest.mark.parametrize(
    "answer",
    [
        {"quote": "laws of Ireland", "answer": "Ireland"},
        {"quote": "laws of Ireland"},
        {"name": "Ireland"},
        {"quote": "q", "values": "Ireland"},
    ],
)
def test_an_answer_of_another_form_is_a_problem_and_not_absent(answer: dict[str, str]) -> None:
    restored = restore(compile_schema(Law, quotes=True), {"law": answer, "begins": None})
    assert [problem.path for problem in restored.problems] == [("law",)]


def test_a_cited_leafs_keys_may_be_in_other_case() -> None:
    answer = {"law": {"Quote": "laws of Ireland", "Value": "Ireland"}, "begins": None}
    restored = restore(compile_schema(Law, quotes=True), answer)
    assert restored.data["law"] == "Ireland"
    assert restored.leaves["law",].quotes == ("laws of Ireland",)


def test_a_bare_word_for_nothing_is_null_where_a_quote_was_asked_for_too() -> None:
    restored = restore(compile_schema(Law, quotes=True), {"law": "N/A", "begins": "N/A"})
    assert not restored.problems
    assert [repair.kind for repair in restored.repairs] == ["null_alias", "null_alias"]


def test_markup_is_no_text() -> None:
    restored = restore(compile_schema(Law), {"law": "<answer>Ireland</answer>"})
    assert [problem.kind for problem in restored.problems] == ["markup"]


def test_months_are_no_timedelta() -> None:
    class Notice(BaseModel):
        notice: timedelta

    assert restore(compile_schema(Notice), {"notice": "P30D"}).problems == []
    problems = restore(compile_schema(Notice), {"notice": "P6M"}).problems
    assert [problem.kind for problem in problems] == ["calendar_months"]


def test_a_word_for_nothing_is_an_empty_list_and_no_item() -> None:
    class Tags(BaseModel):
        tags: list[str]

    restored = restore(compile_schema(Tags), {"tags": "N/A"})
    assert restored.data == {"tags": []}
    assert [repair.kind for repair in restored.repairs] == ["null_alias"]


def test_a_number_of_thousands_of_digits_is_a_problem() -> None:
    class Notice(BaseModel):
        days: int

    restored = restore(compile_schema(Notice), {"days": Lexeme("9" * 5000)})
    assert [problem.kind for problem in restored.problems] == ["not_a_number"]


class Named(BaseModel):
    name: str


def test_a_bare_text_is_no_object_at_the_root_however_well_it_would_fit() -> None:
    restored = restore(compile_schema(Named), "I can't help with that.")
    assert [problem.kind for problem in restored.problems] == ["wrong_type"]


@pytest.mark.parametrize("answer", [True, False])
def test_a_flag_is_no_list_unless_its_items_are_flags(*, answer: bool) -> None:
    class Tags(BaseModel):
        tags: list[str]

    class Flags(BaseModel):
        flags: list[bool]

    assert restore(compile_schema(Tags), {"tags": answer}).problems
    assert restore(compile_schema(Flags), {"flags": answer}).data == {"flags": [answer]}


@pytest.mark.parametrize("key", [None, [], {"a": "b"}, True])
def test_what_is_no_text_is_no_key_of_a_dict(key: Any) -> None:
    class Fees(BaseModel):
        fees: dict[str, int]

    pairs = [{"key": key, "value": Lexeme("5")}, {"key": "late", "value": Lexeme("6")}]
    restored = restore(compile_schema(Fees), {"fees": pairs})
    assert restored.data == {"fees": {"late": 6}}
    assert [problem.path for problem in restored.problems] == [("fees",)]


def test_a_single_item_is_a_single_item_where_a_list_is_possible_too() -> None:
    class Held(BaseModel):
        held: list[Named] | Named

    one = {"name": "Acme"}
    assert restore(compile_schema(Held), {"held": one}).data == {"held": one}
    assert restore(compile_schema(Held), {"held": [one]}).data == {"held": [one]}


def test_a_word_for_nothing_leaves_a_field_with_a_default_to_it() -> None:
    class Fee(BaseModel):
        currency: str = "EUR"
        days: int = 30

    restored = restore(compile_schema(Fee), {"currency": "N/A", "days": ""})
    assert (restored.data, restored.problems) == ({}, [])
    assert [leaf.value for leaf in restored.leaves.values()] == [None, None]


class Chain(RootModel["str | list[Chain]"]):
    pass


CHAINS: list[Any] = ["a", ["a", ["b", []]]]


@pytest.mark.parametrize("answer", CHAINS)
def test_a_list_of_itself_is_not_wrapped_for_ever(answer: Any) -> None:
    assert restore(compile_schema(Chain), {"value": answer}).data == answer


class Both(BaseModel):
    left: Node
    right: Node


class Either(BaseModel):
    left: Node
    right: Node


class Leaf(BaseModel):
    name: str


Node: TypeAlias = Either | Both | Leaf


class Tree(BaseModel):
    top: Node


def test_the_same_word_may_be_wrapped_at_every_place_that_wants_a_list() -> None:
    class Part(BaseModel):
        codes: list[str]

    class Parts(BaseModel):
        parts: list[Part]

    parts = [{"codes": "A"}, {"codes": "A"}]
    restored = restore(compile_schema(Parts), {"parts": parts})
    assert restored.data == {"parts": [{"codes": ["A"]}, {"codes": ["A"]}]}
    assert not restored.problems


def test_members_of_a_union_that_nest_in_each_other_are_each_read_once() -> None:
    """A tree 60 deep would otherwise be read 2 to the 60th times."""
    tree: dict[str, Any] = {"name": "0"}
    for i in range(60):
        tree = {"left": tree, "right": {"name": str(i)}}
    restored = restore(compile_schema(Tree), {"top": tree})
    assert restored.data == {"top": tree}
    assert len(restored.leaves) == 61


class Perhaps(RootModel[str | None]):
    pass


def test_a_root_may_be_answered_with_nothing() -> None:
    restored = restore(compile_schema(Perhaps), {"value": None})
    assert (restored.data, restored.recognized, restored.problems) == (None, True, [])
    assert not restore(compile_schema(Perhaps), None).recognized


def test_what_an_open_schema_takes_on_top_may_be_cited_too() -> None:
    class Open(BaseModel, extra="allow"):
        law: str

    extra = {"quote": "a fee of 5", "value": Lexeme("5")}
    restored = restore(compile_schema(Open), {"law": "Ireland", "fee": extra})
    assert restored.data == {"law": "Ireland", "fee": 5}
    assert restored.leaves["fee",].quotes == ("a fee of 5",)


def test_a_word_for_nothing_is_an_empty_dict() -> None:
    class Fees(BaseModel):
        fees: dict[str, int]

    restored = restore(compile_schema(Fees), {"fees": "N/A"})
    assert (restored.data, restored.problems) == ({"fees": {}}, [])
    assert [repair.kind for repair in restored.repairs] == ["null_alias"]


def test_a_constant_may_be_answered_with_a_quote_that_was_not_asked_for() -> None:
    class Tagged(BaseModel):
        kind: Literal["lease"]
        law: str

    quoted = {"quote": "this Lease", "value": "lease"}
    law = {"quote": "laws of Ireland", "value": "Ireland"}
    restored = restore(compile_schema(Tagged, quotes=True), {"kind": quoted, "law": law})
    assert (restored.data, restored.problems) == ({"kind": "lease", "law": "Ireland"}, [])


def test_a_quote_that_was_not_asked_for_is_taken_with_its_value() -> None:
    class Party(BaseModel):
        name: str
        role: str | None

    class Deal(BaseModel):
        parties: list[Party]
        sites: list[str]

    leaf = {"quote": "Acme Inc., as tenant", "value": "Acme Inc."}
    answer = {
        "parties": [{"name": leaf, "role": {"evidence": "as tenant", "value": None}}],
        "sites": {"quote": "in Rome and Paris", "value": ["Rome", "Paris"]},
    }
    read = restore(compile_schema(Deal, quotes=True), answer)
    assert read.data == {
        "parties": [{"name": "Acme Inc.", "role": None}],
        "sites": ["Rome", "Paris"],
    }
    assert read.leaves[("parties", 0, "name")].quotes == ("Acme Inc., as tenant",)
    assert read.leaves[("sites", 1)].quotes == ("in Rome and Paris",)
    assert not read.problems


def test_an_item_that_has_a_quote_and_a_value_of_its_own_stays_an_item() -> None:
    class Bid(BaseModel):
        quote: str
        value: int

    class Bids(BaseModel):
        bids: list[Bid]

    class Lots(BaseModel):
        quote: str
        value: list[int]

    class AllLots(BaseModel):
        lots: list[Lots]

    read = restore(compile_schema(Bids), {"bids": {"quote": "firm", "value": Lexeme("5")}})
    assert read.data == {"bids": [{"quote": "firm", "value": 5}]}
    lot = {"quote": "firm", "value": [Lexeme("5")]}
    assert restore(compile_schema(AllLots), {"lots": lot}).data == {
        "lots": [{"quote": "firm", "value": [5]}]
    }


def test_a_list_that_is_answered_with_an_empty_quote_and_value_is_empty() -> None:
    shape = compile_schema(create_model("Lease", sites=(list[str] | None, ...)), quotes=True)
    read = restore(shape, {"sites": {"quote": None, "value": None}})
    assert (read.data, read.problems) == ({"sites": None}, [])


@pytest.mark.parametrize("name", ["evidence", "Citation", "quotes"])
def test_a_quote_may_go_by_another_name(name: str) -> None:
    shape = compile_schema(create_model("Lease", rent=(int, ...)), quotes=True)
    read = restore(shape, {"rent": {name: "a rent of 5", "value": Lexeme("5")}})
    assert read.leaves[("rent",)].quotes == ("a rent of 5",)


@pytest.mark.parametrize(
    "quote", [{"text": "a rent of 5", "page": 1}, [{"quote": "a rent of 5"}], ["a rent of 5"]]
)
def test_a_quote_may_have_its_page_beside_it(quote: Any) -> None:
    shape = compile_schema(create_model("Lease", rent=(int, ...)), quotes=True)
    read = restore(shape, {"rent": {"quote": quote, "value": Lexeme("5")}})
    assert read.leaves[("rent",)].quotes == ("a rent of 5",)


def test_false_without_a_quote_is_an_answer_all_the_same() -> None:
    shape = compile_schema(create_model("Lease", renews=(bool | None, ...)), quotes=True)
    read = restore(shape, {"renews": {"quote": None, "value": False}})
    assert read.data == {"renews": False}


def test_one_value_with_two_quotes_is_one_answer_and_has_both() -> None:
    shape = compile_schema(create_model("Lease", rent=(int | None, ...)), quotes=True)
    twice = [{"quote": text, "value": Lexeme("5")} for text in ("a rent of 5", "the rent (5)")]
    for given in (twice, Repeated(twice)):
        read = restore(shape, {"rent": given})
        assert (read.data, read.problems) == ({"rent": 5}, [])
        assert read.leaves[("rent",)].quotes == ("a rent of 5", "the rent (5)")


@pytest.mark.parametrize("annotation", [int, int | None])
def test_a_value_with_its_quote_may_be_json_in_a_text(annotation: Any) -> None:
    shape = compile_schema(create_model("Lease", rent=(annotation, ...)), quotes=True)
    read = restore(shape, {"rent": '{"quote": "a rent of 5", "value": 5}'})
    assert read.data == {"rent": 5}
    assert read.leaves[("rent",)].quotes == ("a rent of 5",)
    assert read.repairs == [Repair("json_text", ("rent",))]


def test_an_item_may_stand_in_an_object_that_names_it() -> None:
    class Site(BaseModel):
        town: str

    shape = compile_schema(create_model("Lease", sites=(list[Site], ...)))
    for given in ([{"Site": {"town": "Cork"}}], {"site": [{"town": "Cork"}]}):
        read = restore(shape, {"sites": given})
        assert (read.data, read.problems) == ({"sites": [{"town": "Cork"}]}, [])


def test_what_stands_beside_a_quote_and_its_value_is_not_dropped_without_a_word() -> None:
    shape = compile_schema(create_model("Lease", rent=(int, ...)), quotes=True)
    leaf = {"quote": "1,250 (in thousands)", "value": Lexeme("1250"), "unit": "thousand"}
    (repair,) = restore(shape, {"rent": leaf}).repairs
    assert repair == Repair("unknown_key", ("rent", "unit"), lossy=True, detail="thousand")


def test_an_answer_in_an_envelope_is_taken_out_and_what_was_with_it_is_told() -> None:
    shape = compile_schema(create_model("Lease", rent=(int, ...)))
    read = restore(shape, {"confidence": Lexeme("0.9"), "answer": {"rent": Lexeme("5")}})
    assert read.data == {"rent": 5}
    assert read.repairs == [Repair("outer_key", lossy=True, detail="answer")]


class Place(BaseModel):
    town: str
    country: str | None = None


QUOTED = [
    {"quote": "in Cork", "town": "Cork", "country": None},
    {"quote": "in Cork", "value": {"town": "Cork"}},
    {"quote": "in Cork", "value": "Cork"},
]


@pytest.mark.parametrize("given", QUOTED)
@pytest.mark.parametrize("annotation", [Place, Place | None, list[Place]])
def test_an_object_may_have_one_quote_for_all_its_fields(annotation: Any, given: Any) -> None:
    shape = compile_schema(create_model("Lease", site=(annotation, ...)), quotes=True)
    is_listed = annotation == list[Place]
    read = restore(shape, {"site": [given] if is_listed else given})
    town = ("site", 0, "town") if is_listed else ("site", "town")
    assert read.problems == []
    assert (read.leaves[town].value, read.leaves[town].quotes) == ("Cork", ("in Cork",))
    assert not any(repair.lossy for repair in read.repairs)


def test_a_field_that_has_a_quote_of_its_own_keeps_it() -> None:
    shape = compile_schema(create_model("Lease", site=(Place, ...)), quotes=True)
    town = {"quote": "Cork City", "value": "Cork"}
    read = restore(shape, {"site": {"quote": "in Cork", "town": town, "country": "Ireland"}})
    assert read.leaves[("site", "town")].quotes == ("Cork City",)
    assert read.leaves[("site", "country")].quotes == ("in Cork",)
