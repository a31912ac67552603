import pytest

from extractor.grounding import Locator
from extractor.types import EvidenceStatus

BEFORE = "The parties have agreed to all that follows in this document.\n"
AFTER = "\nThis document is governed by the laws of the State of New York."


def status(sentence: str, quote: str) -> EvidenceStatus:
    return Locator(BEFORE + sentence + AFTER).locate(quote).status


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Liability is limited to USD 5 million.", "Liability is limited to USD -5 million"),
        ("Liability is limited to USD -5 million.", "Liability is limited to USD 5 million"),
        ("Liability is limited to $5 million.", "Liability is limited to -$5 million"),
        ("The rate is 3.5% per annum.", "The rate is -3.5% per annum"),
        ("The rate is 3.5% per annum.", "-3.5% per annum"),
        ("The Base Rate + 2% applies.", "The Base Rate - 2% applies"),
        ("The Base Rate + 2% applies.", "The Base Rate -2% applies"),
        ("The Base Rate + 2% applies.", "The Base Rate \u00b1 2% applies"),
        ("The Base Rate + 2% applies.", "The Base Rate 2% applies"),
        ("The fee of the month is: (500) dollars.", "The fee of the month is: -500 dollars"),
        ("Liability is limited to USD 5 million.", "Liability is limited to minus USD 5 million"),
        ("The Base Rate plus 2% applies.", "The Base Rate minus 2% applies"),
    ],
)
def test_a_figure_with_another_sign_is_altered(sentence: str, quote: str) -> None:
    assert status(sentence, quote) == "altered"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Payment due within 10-15 days.", "Payment due within 1015 days"),
        ("Payment due within 10-15 days.", "Payment due within 10/15 days"),
        ("Payment due within 10-15 days.", "Payment due within 10 15 days"),
        ("A cap from $10-$15 per item applies.", "A cap from $10 $15 per item applies"),
        ("Ratio 1/2 of shares; area 10 m2.", "Ratio 12 of shares; area 10 m2"),
    ],
)
def test_a_range_or_fraction_without_its_mark_is_altered(sentence: str, quote: str) -> None:
    assert status(sentence, quote) == "altered"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Section 3.1(a) applies.", "Section 3.1(b) applies"),
        ("Section 3.1(ii) applies.", "Section 3.1(iii) applies"),
        ("The rate is 3.5% per annum.", "The rate is 3.5% per mensem"),
    ],
)
def test_another_label_or_period_is_altered(sentence: str, quote: str) -> None:
    assert status(sentence, quote) == "altered"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Payment due within 10 \u2013 15 days.", "Payment due within 10-15 days"),
        ("Payment due within 10-\n15 days.", "Payment due within 10-15 days"),
        ("Payment due within 10\ufffe\n15 days.", "Payment due within 10-15 days"),
        ("Paymcnt due within 10-15 days.", "Payment due within 10 to 15 days"),
        ("A fee of EUR 5-million is due.", "A fee of EUR 5 million is due"),
        ("A fee of EUR 5 million is due.", "A fee of EUR 5-million is due"),
        (
            "The fees are:\n-5 dollars a day\n-8 dollars a night",
            "fees are: 5 dollars a day 8 dollars",
        ),
        ("The fees are:\n-5 dollars a day\n-8 dollars a night", "fees are: -5 dollars a day -8"),
        (
            "The fees are:\n- 5 dollars a day\n- 8 dollars",
            "The fees are: 5 dollars a day, 8 dollars",
        ),
        ("The fee \u2013 500 dollars \u2013 is due.", "The fee -500 dollars- is due"),
        ("The fee \u2014500 dollars\u2014 is due.", "The fee - 500 dollars - is due"),
        ("The COVID-19 rules and ISO 9001 apply.", "The COVID 19 rules and ISO-9001 apply"),
        ("A rate of \u22123.5% per annum applies.", "A rate of -3.5% per annum applies"),
        ("A rate from 10% -15% applies.", "A rate from 10%-15% applies"),
        ("The fee is due under Section 3.1(i).", "The fcc is due under Section 3.1(l)"),
        ("The parties shall (a) pay and (b) deliver.", "The parties shall pay and deliver"),
    ],
)
def test_dashes_and_noise_that_change_no_figure_are_accepted(sentence: str, quote: str) -> None:
    assert status(sentence, quote) not in ("altered", "missing")


def test_an_ellipsis_may_not_join_a_bare_verb_to_another_sentence() -> None:
    text = (
        "The Landlord may terminate this lease. The Tenant pays the rent. The rent is low. "
        "The Tenant keeps the rooms clean. Each party may disclose the lease to its lawyers."
    )
    assert status(text, "The Landlord may terminate ... disclose") == "altered"
    assert status(text, "The Landlord may terminate ... its lawyers") == "altered"
    assert status(text, "The Landlord may terminate ... lease") == "elided"
    assert status(text, "The Landlord may terminate ... Each party may disclose") == "elided"
