"""A reply's tree with the schema laid over it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.raw import plain
from extractor.wire.reading import Lexeme, Repeated
from extractor.wire.restore import restore
from extractor.wire.restored import Restored
from extractor.wire.shape import Scalar


class Party(BaseModel):
    name: str
    role: str | None = None


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: Decimal


class Shares(BaseModel):
    kind: Literal["shares"]
    count: int


class Deal(BaseModel):
    """One field of every sort that the wire rewrites."""

    title: str
    parties: list[Party]
    signed: date | None = None
    law: str = "Ireland"
    fees: dict[str, int] = {}
    span: tuple[int, str] | None = None
    price: Annotated[Cash | Shares, Field(discriminator="kind")] | None = None


def restored(schema: type[BaseModel], value: Any, *, quotes: bool = False) -> Restored:
    return restore(compile_schema(schema, quotes=quotes), value)


def restored_field(annotation: Any, value: Any, *, quotes: bool = False) -> Restored:
    schema = create_model("Holder", it=(annotation, ...))
    return restored(schema, {"it": value}, quotes=quotes)


def kinds(result: Restored) -> list[str]:
    return [repair.kind for repair in result.repairs]


def problems(result: Restored) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.kind, problem.path) for problem in result.problems]


# --- the wire's rewrites are undone ---------------------------------------------------------------


def test_a_clean_answer_comes_back_as_it_is() -> None:
    result = restored(Party, {"name": "Pellworth Ltd", "role": "Supplier"})
    assert result.data == {"name": "Pellworth Ltd", "role": "Supplier"}
    assert result.recognized
    assert (result.repairs, result.problems) == ([], [])


def test_a_cited_value_is_parted_from_its_quote() -> None:
    result = restored_field(int, {"quote": "thirty (30) days", "value": Lexeme("30")}, quotes=True)
    assert result.data == {"it": 30}
    leaf = result.leaves[("it",)]
    assert (leaf.raw, leaf.value, leaf.quotes) == ("30", 30, ("thirty (30) days",))


def test_several_quotes_for_one_value_are_all_kept() -> None:
    result = restored_field(str, {"quote": ["one", " ", "two"], "value": "v"}, quotes=True)
    assert result.leaves[("it",)].quotes == ("one", "two")


def test_the_quote_of_an_item_is_the_quote_of_each_of_its_leaves() -> None:
    answer = [{"quote": "Pellworth Ltd (Supplier)", "name": "Pellworth Ltd", "role": "Supplier"}]
    result = restored_field(list[Party], answer, quotes=True)
    assert result.data == {"it": [{"name": "Pellworth Ltd", "role": "Supplier"}]}
    assert {path: leaf.quotes for path, leaf in result.leaves.items()} == {
        ("it", 0, "name"): ("Pellworth Ltd (Supplier)",),
        ("it", 0, "role"): ("Pellworth Ltd (Supplier)",),
    }


def test_pairs_become_a_dict_and_their_quotes_stay_with_the_values() -> None:
    pairs = [{"key": "late fee", "quote": "a late fee of 5", "value": Lexeme("5")}]
    result = restored_field(dict[str, int], pairs, quotes=True)
    assert result.data == {"it": {"late fee": 5}}
    assert result.leaves[("it", "late fee")].quotes == ("a late fee of 5",)


def test_a_dict_that_came_as_one_is_taken_too() -> None:
    assert restored_field(dict[str, int], {"a": Lexeme("1")}).data == {"it": {"a": 1}}


def test_a_key_that_came_twice_is_a_conflict() -> None:
    pairs = [{"key": "a", "value": Lexeme("1")}, {"key": "a", "value": Lexeme("2")}]
    assert problems(restored_field(dict[str, int], pairs)) == [("conflict", ("it", "a"))]


def test_a_pair_without_a_key_is_a_problem() -> None:
    assert problems(restored_field(dict[str, int], [{"value": Lexeme("1")}])) == [
        ("wrong_type", ("it",))
    ]


def test_numbered_items_become_a_tuple_that_one_quote_proves() -> None:
    answer = {"quote": "3 years", "value": {"item_1": Lexeme("3"), "item_2": "years"}}
    result = restored_field(tuple[int, str], answer, quotes=True)
    assert result.data == {"it": [3, "years"]}
    assert [*result.leaves] == [("it",)]
    assert result.leaves[("it",)].quotes == ("3 years",)


def test_a_wrapped_root_is_unwrapped_and_a_bare_one_taken() -> None:
    for value in ({"items": ["a", "b"]}, ["a", "b"]):
        result = restored(RootModel[list[str]], value)
        assert result.data == ["a", "b"]
        assert result.recognized


def test_a_list_of_none_or_one_is_a_value_that_may_be_missing() -> None:
    assert restored_field(str | None, ["Ireland"]).data == {"it": "Ireland"}
    assert restored_field(str | None, []).data == {"it": None}


def test_json_as_text_below_the_levels_written_out_is_read() -> None:
    deep = {"title": "1", "subclauses": ['{"title": "1.1", "subclauses": []}']}
    result = restored(Clause, deep)
    assert result.data == {
        "title": "1",
        "subclauses": [{"title": "1.1", "subclauses": []}],
    }
    assert result.repairs == [Repair("json_text", ("subclauses", 0))]


def test_tags_and_aliases_stand_for_the_name() -> None:
    schema = create_model("Terms", governing_law=(str, Field(alias="governingLaw")))
    for key in ("governing_law", "governingLaw"):
        result = restored(schema, {key: "Ireland"})
        assert result.data == {"governing_law": "Ireland"}
        assert result.repairs == []


# --- what is forgiven, with a record --------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "value", "data", "kind"),
    [
        (list[str], "alone", ["alone"], "wrapped_item"),
        (list[str], '["a", "b"]', ["a", "b"], "json_text"),
        (Party, [{"name": "A", "role": None}], {"name": "A"}, "unwrapped_list"),
        (Party, '{"name": "A", "role": "B"}', {"name": "A", "role": "B"}, "json_text"),
        (Party, "Pellworth Ltd", {"name": "Pellworth Ltd"}, "wrapped_scalar"),
        (str | None, "N/A", None, "null_alias"),
        (Party | None, "none", None, "null_alias"),
        (str, Repeated(["a", "a"]), "a", "repeated"),
    ],
)
def test_what_loses_nothing_is_forgiven_and_recorded(
    annotation: Any, value: Any, data: Any, kind: str
) -> None:
    result = restored_field(annotation, value)
    assert result.data == {"it": data}
    assert kind in kinds(result)
    assert result.problems == []
    assert not any(repair.lossy for repair in result.repairs)


@pytest.mark.parametrize("raw", [{"unexpected": ["object"]}, {"quote": 1}, {}])
def test_what_is_no_item_of_a_list_is_no_list_either(raw: Any) -> None:
    result = restored_field(list[str], raw)
    assert [problem.path for problem in result.problems] == [("it",)]
    assert result.leaves[("it",)].raw == raw
    assert ("it", 0) not in result.leaves
    assert "wrapped_item" not in kinds(result)


def test_a_single_item_of_which_a_part_is_wrong_is_one() -> None:
    result = restored_field(list[Party], {"name": "A", "role": {"x": 1}})
    assert [problem.path for problem in result.problems] == [("it", 0, "role")]
    assert "wrapped_item" in kinds(result)


def test_a_key_in_another_spelling_is_found() -> None:
    result = restored(Deal, {"Title": "NDA", "PARTIES": []})
    assert result.data["title"] == "NDA"
    assert Repair("renamed_key", ("title",), detail="Title") in result.repairs


def test_a_key_that_the_schema_does_not_have_is_dropped_as_a_loss() -> None:
    result = restored(Party, {"name": "A", "role": "B", "mood": "good"})
    assert "mood" not in result.data
    assert result.repairs == [Repair("unknown_key", ("mood",), lossy=True, detail="good")]


def test_a_model_open_to_further_fields_keeps_them() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        name: str

    result = restored(Open, {"name": "A", "size": Lexeme("3")})
    assert result.data == {"name": "A", "size": 3}
    assert result.leaves[("size",)].value == 3


# --- a default never passes for a fact ------------------------------------------------------------


@pytest.mark.parametrize("answer", [{}, {"law": None}, {"law": {"quote": "", "value": None}}])
def test_a_field_without_an_answer_is_left_to_its_default(answer: Any) -> None:
    schema = create_model("Terms", title=(str, ...), law=(str, "Ireland"))
    result = restored(schema, {"title": {"quote": "t", "value": "t"}} | answer, quotes=True)
    assert "law" not in result.data
    leaf = result.leaves[("law",)]
    assert (leaf.value, leaf.given) == (None, bool(answer))


def test_a_nullable_field_without_an_answer_is_absent_and_nothing_more() -> None:
    result = restored(Party, {"name": "A"})
    assert result.data == {"name": "A"}
    assert result.leaves[("role",)].value is None
    assert result.repairs == []


def test_a_required_list_without_an_answer_is_empty_and_that_is_said() -> None:
    result = restored_field(list[str], None)
    assert result.data == {"it": []}
    assert kinds(result) == ["null_as_empty"]


def test_a_required_field_without_an_answer_is_left_out_for_pydantic_to_miss() -> None:
    assert restored(Party, {"role": "B"}).data == {"role": "B"}
    assert restored(Party, {"name": None, "role": "B"}).data == {"role": "B"}


# --- what does not fit is a problem, and stays what it was ----------------------------------------


def test_several_different_answers_are_a_conflict_that_names_them() -> None:
    result = restored_field(str, Repeated(["Ireland", "Scotland"]))
    assert problems(result) == [("conflict", ("it",))]
    assert "Ireland | Scotland" in result.problems[0].message
    assert result.leaves[("it",)].raw == ["Ireland", "Scotland"]


def test_two_answers_where_none_or_one_was_asked_are_a_conflict() -> None:
    assert problems(restored_field(str | None, ["a", "b"])) == [("conflict", ("it",))]


def test_repeated_elements_are_the_items_of_a_list() -> None:
    assert restored_field(list[str], Repeated(["a", "b"])).data == {"it": ["a", "b"]}


def test_a_single_value_where_an_object_was_asked_is_a_problem() -> None:
    result = restored_field(Cash, Lexeme("7"))
    assert problems(result) == [("wrong_type", ("it",))]
    assert result.leaves[("it",)].raw == "7"


def test_problems_of_coercion_have_their_place() -> None:
    assert problems(restored_field(list[date], ["2025-03-03", "soon"])) == [
        ("invalid_date", ("it", 1))
    ]


def test_nothing_of_the_schema_is_nothing_recognized() -> None:
    assert not restored(Party, {"weather": "fine"}).recognized
    assert not restored(Party, {}).recognized
    assert not restored(RootModel[list[str]], None).recognized


# --- choices --------------------------------------------------------------------------------------


def test_a_choice_is_told_by_its_constant() -> None:
    annotation = Annotated[Cash | Shares, Field(discriminator="kind")]
    result = restored_field(annotation, {"kind": "shares", "count": Lexeme("7")})
    assert result.data == {"it": {"kind": "shares", "count": 7}}
    assert result.repairs == []


def test_a_choice_without_a_constant_goes_to_the_option_that_fits() -> None:
    result = restored_field(Party | Clause, {"title": "1", "subclauses": []})
    assert result.data == {"it": {"title": "1", "subclauses": []}}
    assert result.problems == []


def test_a_choice_of_single_values_prefers_the_one_without_problems() -> None:
    assert restored_field(int | str, Lexeme("7")).data == {"it": 7}
    assert restored_field(int | str, "seven up").data == {"it": "seven up"}


def test_a_constant_that_may_be_missing_is_a_leaf_of_its_own() -> None:
    answer = {"quote": "exclusive", "value": "exclusive"}
    leaf = restored_field(Literal["exclusive"] | None, answer, quotes=True).leaves[("it",)]
    assert leaf.value == "exclusive"
    assert not isinstance(leaf.node, Scalar)


# --- nothing raises, nothing is invented ----------------------------------------------------------

KEYS = [*Deal.model_fields, "name", "kind", "amount", "count", "other", "quote", "value"]
WIRE_KEYS = ["key", "items", "item_1"]
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_characters="[{"), max_size=8)
    | st.builds(Lexeme, st.text("0123456789.-eN", max_size=6)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(Repeated, st.lists(inner, min_size=1, max_size=3))
        | st.dictionaries(
            st.sampled_from(KEYS + WIRE_KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(TREES, st.booleans())
def test_no_tree_makes_restoring_fail_and_its_data_is_always_json(tree: Any, quotes: bool) -> None:
    for schema in (Deal, RootModel[list[Party]], RootModel[dict[str, date]]):
        result = restored(schema, tree, quotes=quotes)
        assert json.dumps(result.data)


def scalars(tree: Any) -> set[str]:
    if isinstance(tree, dict):
        tree = [*cast("Mapping[str, Any]", tree).values()]
    if isinstance(tree, list):
        return {text for value in cast("Sequence[Any]", tree) for text in scalars(value)}
    return set() if tree is None else {str(tree)}


@settings(deadline=None)
@given(TREES)
def test_every_text_in_the_data_was_in_the_reply(tree: Any) -> None:
    known = scalars(tree) | scalars(plain(tree)) | {"true", "false"}
    result = restored(create_model("Texts", title=(str, ...), other=(list[str], ...)), tree)
    assert {text.replace("\x00", "") for text in known} >= scalars(result.data)
