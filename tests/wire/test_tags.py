"""Members of a union whose tag a reply leaves out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from extractor.wire.compile import compile_schema
from extractor.wire.restore import restore


class Fixed(BaseModel):
    form: Literal["fixed"]
    months: int
    note: str | None = None


class Rolling(BaseModel):
    form: Literal["rolling"]
    notice: int
    note: str | None = None


class Open(BaseModel):
    form: Literal["open"]
    note: str | None = None


class Term(BaseModel):
    term: Annotated[Fixed | Rolling | Open, Field(discriminator="form")]


def term(raw: Any) -> tuple[Any, list[str]]:
    restored = restore(compile_schema(Term), {"term": raw})
    return restored.data["term"], [repair.kind for repair in restored.repairs]


@pytest.mark.parametrize(
    "raw",
    [
        {"months": 12},
        {"Months": 12, "note": None},
        {"fixed": {"months": 12}},
        {"Fixed": {"months": 12}},
    ],
)
def test_a_tag_is_told_by_what_only_one_member_has_or_by_its_name(raw: Any) -> None:
    data, repairs = term(raw)
    assert (data["form"], data["months"]) == ("fixed", 12)
    assert "union_tag" in repairs


@pytest.mark.parametrize(
    "raw",
    [
        {"note": "x"},
        {"note": "x", "other": 1},
        {"months": 12, "notice": 3},
        {"Form": "fixed", "months": 12},
    ],
)
def test_no_tag_is_added_where_two_could_be_meant_or_one_is_given(raw: Any) -> None:
    assert "union_tag" not in term(raw)[1]


def test_a_quoted_item_gets_its_tag_too() -> None:
    class Terms(BaseModel):
        terms: list[Annotated[Fixed | Rolling, Field(discriminator="form")]]

    shape = compile_schema(Terms, quotes=True)
    restored = restore(shape, {"terms": [{"quote": "for a year", "months": 12}]})
    assert restored.data["terms"][0]["form"] == "fixed"
    assert restored.problems == []
