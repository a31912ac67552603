"""Contracts whose right answer is known from their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest

from benchmarks.peers import contracts
from benchmarks.peers.schema import Contract

NUMBERS = range(1, 40)


def test_a_number_always_has_the_same_facts_and_another_has_others() -> None:
    assert contracts.truth(7) == contracts.truth(7)
    assert len({str(contracts.truth(number)) for number in NUMBERS}) == len(NUMBERS)


def test_facts_fit_the_schema() -> None:
    for number in NUMBERS:
        facts = contracts.truth(number)
        assert Contract.model_validate(facts).model_dump(mode="json") == facts
        assert len(set(facts["parties"])) == 2


@pytest.mark.parametrize("tokens", [500, 2_000, 50_000])
def test_a_contract_is_about_as_long_as_it_is_to_be(tokens: int) -> None:
    assert tokens * 4 <= len(contracts.contract(3, tokens)) < tokens * 4 + 600


def test_a_contract_shows_its_number_to_whoever_is_shown_it() -> None:
    assert contracts.number_in(f"Extract this:\n{contracts.contract(123, 60)}") == 123
    assert contracts.number_in("Nothing to see") == 0


def test_the_quote_of_each_value_stands_in_its_contract() -> None:
    for number in NUMBERS:
        text = contracts.contract(number, 60)
        facts = cast("Mapping[str, str | list[str]]", contracts.truth(number))
        for name, values in facts.items():
            for value in values if isinstance(values, list) else [values]:
                assert contracts.quote(name, value) in text


def test_quotes_are_in_the_contracts_own_words() -> None:
    assert (
        contracts.quote("effective_date", "2014-03-05")
        == "This Agreement is made on 05 March 2014 (the Effective Date)"
    )
    assert contracts.quote("key_obligations", "pay") == "The Supplier shall pay"
    assert contracts.quote("parties", "Aldgate LLC") == "Aldgate LLC"


def test_only_the_right_facts_of_the_right_contract_match() -> None:
    facts = dict(contracts.truth(7))
    assert contracts.matches(7, facts)
    assert not contracts.matches(8, facts)
    for name in facts:
        assert not contracts.matches(7, facts | {name: None})
    assert not contracts.matches(7, {})
