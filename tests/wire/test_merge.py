"""The answers to a document's parts, as one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from extractor.paths import Path
from extractor.wire.compile import compile_schema
from extractor.wire.merge import merge
from extractor.wire.partial import partial
from extractor.wire.restore import restore
from extractor.wire.restored import Leaf, Restored


class Term(BaseModel):
    months: int
    renews: bool


class Party(BaseModel):
    name: str
    role: str | None = None


class Fixed(BaseModel):
    kind: Literal["fixed"]
    amount: int
    note: str | None


class Open(BaseModel):
    kind: Literal["open"]


class Lease(BaseModel):
    law: str
    notice: str | None
    rent: int = Field(5)
    term: Term
    parties: list[Party]
    fees: dict[str, int]
    deposit: Decimal | None
    price: Fixed | Open | None


NOTHING: dict[str, Any] = dict.fromkeys(Lease.model_fields)


def merged(*parts: dict[str, Any], proved: tuple[str, ...] = (), quotes: bool = False) -> Restored:
    shape = compile_schema(Lease, quotes=quotes)
    read = [restore(partial(shape), NOTHING | part) for part in parts]

    def is_proved(leaf: Leaf) -> bool:
        return bool(set(leaf.quotes) & set(proved))

    return merge(shape, read, is_proved=is_proved)


def cited(value: Any, quote: str) -> dict[str, Any]:
    return {"quote": quote, "value": value}


def test_what_one_part_says_and_the_others_do_not_is_taken() -> None:
    found = merged({}, {"law": "Ireland"}, {"notice": "60 days"})
    assert found.data["law"] == "Ireland"
    assert found.data["notice"] == "60 days"
    assert found.problems == []


def test_what_no_part_says_is_as_if_one_reply_had_not_said_it() -> None:
    found, alone = merged({}, {}), restore(compile_schema(Lease), NOTHING)
    assert found.data == alone.data
    assert found.leaves.keys() == alone.leaves.keys()
    assert [leaf.value for leaf in found.leaves.values()] == [
        leaf.value for leaf in alone.leaves.values()
    ]


def test_one_part_is_what_it_was() -> None:
    part = {
        "law": "Ireland",
        "notice": None,
        "rent": 7,
        "term": {"months": 12, "renews": False},
        "parties": [{"name": "A", "role": None}],
        "fees": {"late": 5},
        "deposit": "500.00",
        "price": {"kind": "open"},
    }
    alone = restore(compile_schema(Lease), part)
    found = merged(part)
    assert (found.data, found.problems, found.repairs) == (alone.data, [], [])
    assert found.leaves.keys() == alone.leaves.keys()


def test_an_object_is_put_together_of_its_parts() -> None:
    found = merged({"term": {"months": 12, "renews": None}}, {"term": {"renews": True}})
    assert found.data["term"] == {"months": 12, "renews": True}
    assert found.leaves["term", "renews"].value is True


def test_equal_values_are_one_with_the_quotes_of_all() -> None:
    found = merged(
        {"law": cited("Ireland", "laws of Ireland")},
        {"law": cited("IRELAND ", "Irish law")},
        quotes=True,
    )
    assert found.data["law"] == "Ireland"
    assert found.leaves["law",].quotes == ("laws of Ireland", "Irish law")
    assert found.problems == []


def test_an_amount_with_and_without_cents_is_one_value() -> None:
    found = merged({"deposit": "500"}, {"deposit": "500.00"})
    assert (found.data["deposit"], found.problems) == ("500", [])


def test_a_choice_is_taken_from_the_part_that_says_most_of_it() -> None:
    little, more = ({"kind": "fixed", "amount": 5, "note": note} for note in (None, "net"))
    found = merged({"price": little}, {"price": more})
    assert (found.data["price"], found.problems) == (more, [])


def test_the_halves_of_one_choice_are_joined() -> None:
    amount = {"kind": "fixed", "amount": 5, "note": None}
    note = {"kind": "fixed", "amount": None, "note": "net"}
    found = merged({"price": amount}, {"price": note})
    assert found.data["price"] == {"kind": "fixed", "amount": 5, "note": "net"}
    assert not [problem for problem in found.problems if problem.kind == "conflict"]


def test_different_choices_are_a_conflict() -> None:
    found = merged(
        {"price": {"kind": "open"}}, {"price": {"kind": "fixed", "amount": 5, "note": None}}
    )
    assert [(problem.kind, problem.path) for problem in found.problems] == [
        ("conflict", ("price",))
    ]


def test_different_values_are_a_conflict_that_keeps_both() -> None:
    found = merged(
        {"law": cited("Ireland", "laws of Ireland")},
        {"law": cited("Texas", "laws of Texas")},
        quotes=True,
        proved=("laws of Ireland", "laws of Texas"),
    )
    (problem,) = found.problems
    assert (problem.kind, problem.path) == ("conflict", ("law",))
    assert "Ireland" in problem.message
    assert "Texas" in problem.message
    assert found.leaves["law",].raw == ["Ireland", "Texas"]
    assert found.leaves["law",].quotes == ("laws of Ireland", "laws of Texas")


def test_a_proved_value_stands_before_one_without_proof_and_that_is_told() -> None:
    found = merged(
        {"law": cited("Texas", "never said")},
        {"law": cited("Ireland", "laws of Ireland")},
        quotes=True,
        proved=("laws of Ireland",),
    )
    assert found.data["law"] == "Ireland"
    assert found.problems == []
    (repair,) = [repair for repair in found.repairs if repair.kind == "other_part"]
    assert (repair.path, repair.lossy) == (("law",), True)
    assert "Texas" in repair.detail


def test_a_value_that_the_schema_takes_stands_before_one_that_it_refuses() -> None:
    found = merged({"rent": "as agreed"}, {"rent": 700})
    assert found.data["rent"] == 700
    assert found.problems == []
    assert [repair.kind for repair in found.repairs if repair.path == ("rent",)] == ["other_part"]


def test_what_is_wrong_with_the_only_answer_is_still_wrong() -> None:
    found = merged({"rent": "as agreed"}, {})
    assert [problem.path for problem in found.problems] == [("rent",)]


def test_items_of_lists_are_put_in_a_row_each_once() -> None:
    found = merged(
        {"parties": [{"name": "Acme Ltd", "role": None}, {"name": "Bolt Inc", "role": "tenant"}]},
        {"parties": [{"name": "ACME  Ltd", "role": "landlord"}, {"name": "Coil AG", "role": None}]},
    )
    names = [(party["name"], party.get("role")) for party in found.data["parties"]]
    assert names == [("Acme Ltd", "landlord"), ("Bolt Inc", "tenant"), ("Coil AG", None)]
    assert found.leaves["parties", 2, "name"].value == "Coil AG"


def test_equal_items_of_one_part_are_two() -> None:
    twice = [{"name": "Acme Ltd", "role": None}] * 2
    assert len(merged({"parties": twice}, {"parties": twice}).data["parties"]) == 2


def test_an_item_that_says_less_is_put_to_one_and_not_to_two() -> None:
    bare = {"name": "Acme", "role": None}
    seller, buyer = bare | {"role": "seller"}, bare | {"role": "buyer"}
    found = merged({"parties": [bare]}, {"parties": [seller]}, {"parties": [buyer]})
    assert [party["role"] for party in found.data["parties"]] == ["seller", "buyer"]
    (repair,) = [repair for repair in found.repairs if repair.kind == "same_item"]
    assert (repair.path, repair.detail) == (("parties", 0), "told in 2 parts of the document")


def test_items_that_differ_in_one_value_are_two() -> None:
    one, other = {"name": "Acme", "role": "seller"}, {"name": "Acme", "role": "buyer"}
    assert len(merged({"parties": [one]}, {"parties": [other]}).data["parties"]) == 2


SAME = [
    ("Acme Corp.", "ACME Corp"),
    ("Acme Widgets, Inc.", "Acme Widgets Incorporated"),
    ("Soci\u00e9t\u00e9 Alpha S.A.", "SOCIETE ALPHA SA"),
    ("Smith & Sons Ltd", "Smith and Sons Limited"),
    ('Acme Corp. (the "Lessor")', "Acme Corporation"),
]
DIFFERENT = [
    ("Acme (UK) Ltd", "Acme (USA) Ltd"),
    ("Acme (UK) Ltd", "Acme Ltd"),
    ("Acme Holdings", "Acme Inc."),
    ("Acme Holdings Inc.", "Acme Inc."),
    ("Acme LP", "Acme LLC"),
    ("Acme I LLC", "Acme II LLC"),
    ("Acme", "Acme Corp."),
    ("Acme Inc., a Delaware corporation", "Acme Inc., a Nevada corporation"),
    ("J. Smith", "J. Smith Trust"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_party_whose_name_is_spelt_otherwise_is_one_and_that_is_told(
    one: str, other: str
) -> None:
    first, second = ({"name": name, "role": "lessor"} for name in (one, other))
    found = merged({"parties": [first]}, {"parties": [second]}, {"parties": [second]})
    assert found.data["parties"] == [first]
    assert [(r.kind, r.path, r.lossy, r.detail) for r in found.repairs if "parties" in r.path] == [
        ("same_item", ("parties", 0), False, "told in 3 parts of the document"),
        ("same_item", ("parties", 0, "name"), True, other),
    ]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_parties_that_anything_tells_apart_stay_two(one: str, other: str) -> None:
    parts = [{"parties": [{"name": name, "role": "lessor"}]} for name in (one, other)]
    found = merged(*parts)
    assert [party["name"] for party in found.data["parties"]] == [one, other]


def test_a_name_without_a_legal_form_may_be_one_of_anything() -> None:
    parts = [{"parties": [{"name": name, "role": None}]} for name in ("Base-Rent", "Base Rent")]
    assert len(merged(*parts).data["parties"]) == 2


def test_two_parties_never_become_one_by_way_of_a_third() -> None:
    names = ("Acme", "Acme Inc.", "Acme LLC", "ACME, Inc", "acme")
    found = merged(*({"parties": [{"name": name, "role": None}]} for name in names))
    assert [party["name"] for party in found.data["parties"]] == ["Acme", "Acme Inc.", "Acme LLC"]


def test_spellings_of_a_party_that_is_a_value_by_itself_are_no_conflict() -> None:
    class Sale(BaseModel):
        buyer: str = Field(json_schema_extra={"format": "party-name"})
        goods: str

    shape = compile_schema(Sale, quotes=True)
    told = [("J. Smith", "a mill"), ("J SMITH", "A Mill"), ("K. Smith", "a mill")]
    read = [
        restore(partial(shape), {"buyer": cited(buyer, buyer), "goods": cited(goods, goods)})
        for buyer, goods in told
    ]
    two = merge(shape, read[:2], is_proved=lambda _: False)
    assert (two.data, two.problems) == ({"buyer": "J. Smith", "goods": "a mill"}, [])
    assert two.leaves["buyer",].quotes == ("J. Smith", "J SMITH")
    assert [(r.kind, r.path, r.detail) for r in two.repairs] == [
        ("same_item", ("buyer",), "J SMITH")
    ]
    three = merge(shape, read, is_proved=lambda _: False)
    assert [problem.path for problem in three.problems] == [("buyer",)]


def test_keys_of_dicts_are_joined_and_one_key_with_two_values_is_a_conflict() -> None:
    found = merged({"fees": {"late": 5, "filing": 2}}, {"fees": {"late": 7, "notary": 9}})
    assert found.data["fees"] == {"late": 5, "filing": 2, "notary": 9}
    assert [problem.path for problem in found.problems] == [("fees", "late")]


def test_a_part_that_leaves_a_field_out_has_not_searched_it() -> None:
    shape = compile_schema(Lease)
    silent = {key: None for key in Lease.model_fields if key != "notice"}
    parts = [restore(partial(shape), reply) for reply in (NOTHING, silent)]
    found = merge(shape, parts, is_proved=lambda _: False)
    assert not found.leaves["notice",].given
    assert found.leaves["law",].given


_texts = st.none() | st.sampled_from(["Ireland", "Texas", "60 days"])
_parts = st.lists(
    st.fixed_dictionaries(
        {
            "law": _texts,
            "notice": _texts,
            "rent": st.none() | st.integers(1, 3),
            "term": st.none() | st.fixed_dictionaries({"months": st.none() | st.integers(1, 3)}),
            "parties": st.lists(st.fixed_dictionaries({"name": _texts.filter(bool)}), max_size=3),
            "fees": st.none() | st.dictionaries(st.sampled_from("ab"), st.integers(1, 2)),
        }
    ),
    min_size=1,
    max_size=4,
)


def values_of(leaves: dict[Path, Leaf]) -> set[tuple[str | int, str]]:
    return {(path[0], str(leaf.value)) for path, leaf in leaves.items() if leaf.value is not None}


@settings(deadline=None)
@given(_parts)
def test_no_value_is_lost_without_a_word_and_none_is_made_up(parts: list[dict[str, Any]]) -> None:
    found = merged(*parts)
    shape = partial(compile_schema(Lease))
    said = {v for part in parts for v in values_of(restore(shape, NOTHING | part).leaves)}
    told = {p.path[0] for p in found.problems} | {r.path[0] for r in found.repairs if r.path}
    kept = values_of(found.leaves)
    assert {v for v in kept if v[1] not in ("[]", "{}")} <= said
    lost = said - kept
    assert {field for field, value in lost if value not in ("[]", "{}")} <= told


@pytest.mark.parametrize("count", [1, 3])
def test_problems_and_repairs_move_with_their_items(count: int) -> None:
    good = {"parties": [{"name": "A", "role": None}] * count}
    bad = {"parties": [{"name": ["x"], "role": None, "Role": 3}]}
    found = merged(good, bad)
    assert {problem.path[:2] for problem in found.problems} <= {("parties", count)}
    assert len(found.data["parties"]) == count + 1
