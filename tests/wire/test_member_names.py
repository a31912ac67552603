"""An Enum's values under the names that the code has for them."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Any, cast

import pytest
from pydantic import create_model

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.restore import restore
from extractor.wire.restored import Restored
from extractor.wire.shape import Scalar


class State(Enum):
    NEW_YORK = "New York"
    DELAWARE = "Delaware"
    FIRST_STATE = "Delaware"  # noqa: PIE796 - another name for it is what is tried


class Rank(IntEnum):
    HIGH = 1
    LOW = 2


class Crossed(Enum):
    A = "B"
    B = "C"


class Alike(Enum):
    NET_30 = "within thirty days"
    NET30 = "in thirty instalments"


def read(kind: Any, answer: Any) -> Restored:
    return restore(compile_schema(create_model("Lease", x=(kind, ...))), {"x": answer})


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        (State, "NEW_YORK", "New York"),
        (State, "first_state", "Delaware"),
        (State, "State.DELAWARE", "Delaware"),
        (State | None, "FIRST_STATE", "Delaware"),
        (list[State], ["FIRST_STATE"], ["Delaware"]),
        (Rank, "HIGH", 1),
    ],
)
def test_a_member_may_be_answered_by_its_name(kind: Any, answer: Any, value: Any) -> None:
    result = read(kind, answer)
    told: Any = cast("list[str]", answer)[0] if isinstance(answer, list) else answer
    assert (result.data, result.problems) == ({"x": value}, [])
    assert [(r.kind, r.detail) for r in result.repairs] == [("allowed_value", told)]


def test_a_value_comes_before_another_ones_name() -> None:
    assert read(Crossed, "B").data == {"x": "B"}
    assert read(Crossed, "A").repairs == [Repair("allowed_value", ("x",), detail="A")]


@pytest.mark.parametrize(("kind", "answer"), [(Alike, "net 30"), (State, "Rank.NEW_YORK")])
def test_a_name_of_two_members_or_of_none_is_asked_again(kind: Any, answer: str) -> None:
    assert [problem.kind for problem in read(kind, answer).problems] == ["not_allowed"]


def test_a_value_with_two_names_is_offered_once() -> None:
    definition = compile_schema(create_model("Lease", x=(State, ...))).definitions["State"]
    assert isinstance(definition, Scalar)
    assert definition.values == ("New York", "Delaware")
    assert read(State, "delaware").data == {"x": "Delaware"}
