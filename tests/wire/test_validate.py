"""Pydantic's verdict, in our words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from extractor.wire.compile import compile_schema
from extractor.wire.shape import Shape
from extractor.wire.validate import Verdict, validate


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    signed: date
    fee: Decimal


class Fee(BaseModel):
    amount: int = Field(ge=0, alias="theAmount")


class Deal(BaseModel):
    fee: Fee | str
    fees: list[Fee] = []

    @model_validator(mode="after")
    def some_fee(self) -> Self:
        if self.fee == "none" and self.fees:
            message = "fees, but no fee"
            raise ValueError(message)
        return self


def verdict(schema: type[BaseModel], data: Any) -> Verdict[BaseModel]:
    return validate(schema, compile_schema(schema), data)


def test_valid_data_is_an_instance() -> None:
    found = verdict(Deal, {"fee": "none"})
    assert found == Verdict(Deal(fee="none"))


def test_strict_models_take_dates_and_decimals_as_the_text_they_came_as() -> None:
    found = verdict(Strict, {"signed": "2025-03-03", "fee": "12.10"}).value
    assert found == Strict(signed=date(2025, 3, 3), fee=Decimal("12.10"))


def test_fields_go_by_name_though_the_model_has_aliases() -> None:
    assert verdict(Fee, {"amount": 3}).value == Fee(theAmount=3)


def test_each_problem_has_its_place_in_the_data() -> None:
    problems = verdict(Deal, {"fee": "x", "fees": [{"amount": 1}, {"amount": -1}]}).problems
    assert [(p.kind, p.path) for p in problems] == [("greater_than_equal", ("fees", 1, "amount"))]


def test_a_choice_that_fails_in_each_option_is_one_problem_a_place() -> None:
    problems = verdict(Deal, {"fee": {"amount": -1}}).problems
    assert {p.path for p in problems} == {("fee",), ("fee", "amount")}
    assert len(problems) == 2


def test_a_validator_of_the_whole_model_fails_at_the_root() -> None:
    problems = verdict(Deal, {"fee": "none", "fees": [{"amount": 1}]}).problems
    assert [p.path for p in problems] == [()]
    assert "fees, but no fee" in problems[0].message


def test_a_root_model_is_validated_as_what_it_wraps() -> None:
    class Numbers(RootModel[list[int]]):
        pass

    def shape(schema: type[BaseModel]) -> Shape:
        return compile_schema(schema)

    assert validate(Numbers, shape(Numbers), [1, 2]).value == Numbers([1, 2])
    problems = validate(Numbers, shape(Numbers), [1, "x"]).problems
    assert [p.path for p in problems] == [(1,)]


def test_text_that_no_encoding_takes_is_no_crash() -> None:
    class Terms(BaseModel):
        law: str

    assert verdict(Terms, {"law": "\ud800"}).problems


def test_what_a_users_validator_raises_is_a_problem_too() -> None:
    class Notice(BaseModel):
        days: int

        @field_validator("days", mode="before")
        @classmethod
        def halve(cls, days: Any) -> Any:
            return days / 2

    verdict = validate(Notice, compile_schema(Notice), {"days": "thirty"})
    assert [problem.kind for problem in verdict.problems] == ["validator_error"]
    assert "TypeError" in verdict.problems[0].message


def raising(error: BaseException) -> type[BaseModel]:
    class Notice(BaseModel):
        days: int

        @field_validator("days")
        @classmethod
        def give_up(cls, _: int) -> int:
            raise error

    return Notice


def test_a_validator_that_exits_does_not_end_the_process() -> None:
    problems = verdict(raising(SystemExit("no such law")), {"days": 30}).problems
    assert [problem.kind for problem in problems] == ["validator_error"]
    assert "SystemExit: no such law" in problems[0].message


def test_a_keyboard_interrupt_in_a_validator_is_still_one() -> None:
    with pytest.raises(KeyboardInterrupt):
        verdict(raising(KeyboardInterrupt()), {"days": 30})
