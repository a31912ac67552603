"""A name or place that a quote denies is not proved by standing in it."""

from __future__ import annotations

import time

import pytest

from extractor.grounding import supports


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("Delaware", "This Agreement shall not be governed by the laws of Delaware"),
        ("Delaware", "not governed by, or construed in accordance with, the laws of Delaware"),
        ("Delaware", "a company that is not incorporated in the State of Delaware"),
        ("Delaware, USA", "The laws of any state other than Delaware shall apply"),
        ("State of Delaware", "governed by laws other than the laws of Delaware"),
        ("Acme Inc.", "excluding Acme Incorporated"),
        ("Acme Inc.", "any affiliate other than ACME, Inc."),
        ("Ohio", "governed by the laws of Delaware, and not by the laws of Ohio"),
    ],
)
def test_a_name_that_its_quote_denies_is_not_borne(value: str, quote: str) -> None:
    verdict = supports(value, quote)
    assert verdict.ok is False
    assert verdict.reason is not None
    assert verdict.reason.startswith("negation")


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("Delaware", "governed by the laws of Delaware, and not by the laws of Ohio"),
        ("Delaware", "shall not, in the State of Delaware, compete with the Company"),
        ("Delaware", "not to be unreasonably withheld. The laws of Delaware apply"),
        ("Delaware", "whether or not organized under the laws of Delaware"),
        ("Delaware", "shall not be governed by the laws of any state other than Delaware"),
        ("State of Delaware", "without regard to any laws other than those of Delaware"),
        ("Delaware, USA", "the laws of Delaware, other than its rules on conflicts"),
        ("Acme Inc.", "Acme Incorporated, excluding Acme Limited"),
        ("Acme Inc.", "not later than May 1, Acme Incorporated shall pay"),
        ("Acme Inc.", "all expenses excluding taxes are paid by Acme Incorporated"),
    ],
)
def test_a_denial_of_another_thing_leaves_a_name_proved(value: str, quote: str) -> None:
    verdict = supports(value, quote)
    assert (verdict.ok, verdict.reason) == (True, None)


@pytest.mark.parametrize("text", ["not be governed ", "other than Delaware ", "Delaware, not "])
def test_a_long_quote_is_judged_in_no_time(text: str) -> None:
    started = time.process_time()
    supports("State of Delaware", text * 2_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "quote",
    [
        "Delaware law shall not apply.",
        "The laws of the State of Delaware do not apply to this Agreement.",
        "Delaware's laws are hereby excluded.",
        "The courts of Delaware shall not have any jurisdiction.",
        "The laws of Delaware are replaced by those of Utah.",
        "The laws of Utah apply in lieu of Delaware law.",
        "It is governed by the laws of Utah instead of the laws of Delaware.",
    ],
)
def test_a_law_that_is_said_not_to_apply_is_not_meant(quote: str) -> None:
    assert supports("Delaware", quote).ok is False
    assert supports("Delaware", quote, ("Delaware", "Ohio")).ok is False


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Delaware", "Delaware law and no convention shall apply; that shall not apply."),
        ("Delaware", "Delaware law applies. Delaware's conflict rules shall not apply."),
        ("Delaware", "Delaware law governs and the UN Convention shall not apply."),
        ("Delaware", "The courts of Delaware shall not have exclusive jurisdiction."),
        ("Acme", "Acme shall not apply for a patent."),
        ("Utah", "No law other than, or in lieu of, Utah law"),
    ],
)
def test_what_else_does_not_apply_denies_no_name_before_it(name: str, quote: str) -> None:
    assert supports(name, quote).ok
