from decimal import Decimal
from typing import Any

import pytest

from extractor.grounding import Locator, supports
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
        ("Liability is limited to USD 5 million.", "Liability is limited to USD - 5 million"),
        ("Liability is limited to USD 5 million.", "Liability is limited to USD-5 million"),
        ("Liability is limited to USD-5 million.", "Liability is limited to USD 5 million"),
        ("Fees and expenses\nUSD - 5 million in all", "Fees and expenses USD 5 million in all"),
        ("Net loss $ (500) for the year", "Net loss $ 500 for the year"),
    ],
)
def test_a_figure_with_another_sign_is_altered(sentence: str, quote: str) -> None:
    assert status(sentence, quote) == "altered"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The balance is -500 dollars at closing.", "500 dollars at closing"),
        ("The balance is -500 dollars at closing.", "500 dollars"),
        ("The balance is \u2212500 dollars at closing.", "500 dollars"),
        ("The balance is -$500 at closing.", "$500 at closing"),
        ("The balance is -$500 at closing.", "500 at closing"),
        ("The balance is $-500 at closing.", "500 at closing"),
        ("The balance is -USD 500 at closing.", "USD 500 at closing"),
        ("The balance is minus 500 dollars now.", "500 dollars now"),
        ("The balance is -500 dollars at closing.", "500 dollars ... closing"),
        ("The balance is -500 dollars at closing.", "500 dollrs at closing"),
        ("Net loss (1,500) (300)", "1,500"),
        ("Net loss (1,500) (300)", "Net loss (1,500"),
        ("Net loss ($500)", "$500"),
        ("Net loss $(12.5 million)", "12.5 million"),
        ("Net loss ($12.5 million)", "$12.5 million"),
        ("Net loss (1 250)", "1 250"),
        ("Net loss (1,250)[1]", "1,250"),
        ("| Net loss | (1,250) | 300 |", "1,250"),
        ("Net loss (1,250) (a)", "1,250"),
        ("Net loss (1,250) USD", "1,250"),
        ("Change of the margin (125) bps", "125"),
        ("Net loss (1,250)*", "1,250"),
        ("Net loss (1,250), (1,100)", "1,250"),
        ("Net loss $ (500) for the year", "500"),
        ("Net margin (5.2)% 3.1%", "5.2"),
        ("Net loss 2019 (1,500)", "1,500)"),
    ],
)
def test_a_quote_without_the_minus_or_brackets_of_its_figure_is_altered(
    sentence: str, quote: str
) -> None:
    assert status(sentence, quote) == "altered"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Notice is due within thirty (30) days.", "30"),
        ("Notice is due within one hundred (100)\nDays after", "100"),
        ("The cap of One Million Dollars ($1,000,000)\n(the Cap)", "$1,000,000"),
        ("The cap of five hundred USD (500) applies", "500"),
        ("The annual fee ($500) is due in May.", "$500"),
        ("The annual fee ($500)\nis due in May.", "$500"),
        ("The annual fee (USD 500) \u2013 due in May", "USD 500"),
        ("It lasts from 2019-2020 onwards.", "2020 onwards"),
        ("Payment due within 10-15 days.", "15 days"),
        ("The COVID-19 rules apply.", "19 rules apply"),
        ("The fees are:\n- 500 dollars a day", "500 dollars a day"),
        ("The fees are:\n-500 dollars a day", "500 dollars a day"),
        ("The fee \u2013 500 dollars \u2013 is due.", "500 dollars"),
        ("The fee \u2014500 dollars\u2014 is due.", "500 dollars"),
        ("It lasts 5 million USD - 3 year term", "3 year term"),
        ("See Section 409(112)\nThe Act", "112"),
        ("These apply:\n(12)\nThe Act (2019)\nThe", "2019"),
        ("Call (212) 555-0100 at noon", "212"),
        ("Call (212)  555-0100 at noon", "212"),
        ("as set out in Section 4.2. -12-\nNext", "12"),
        ("The Base Rate + 2% applies.", "2% applies"),
        ("-500 dollars are due. The fee is 300 dollars.", "300 dollars"),
    ],
)
def test_marks_that_make_no_figure_negative_may_be_left_out(sentence: str, quote: str) -> None:
    assert status(sentence, quote) == "exact"


def test_a_sign_at_the_very_beginning_of_a_text_may_be_a_bullet() -> None:
    assert Locator("-500 dollars are due to each party.").locate("500 dollars").status == "exact"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("It begins on 01/02/2024 at noon.", "It begins on 01-02-2024 at noon"),
        ("It begins on 2024-02-01 at noon.", "It begins on 2024.02.01 at noon"),
        ("Call +1 (212) 555-0100 at noon.", "Call 1 (212) 555-0100 at noon"),
    ],
)
def test_days_and_telephone_numbers_may_be_written_otherwise(sentence: str, quote: str) -> None:
    assert status(sentence, quote) in ("normalized", "fuzzy")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("It begins on 01/02/2024 at noon.", "It begins on 02-01-2024 at noon"),
        ("It begins on 01/02/2024 at noon.", "It begins on 01-02-2025 at noon"),
        ("Call +1 (212) 555-0100 at noon.", "Call +1 (212) 555-0101 at noon"),
    ],
)
def test_but_not_with_other_digits(sentence: str, quote: str) -> None:
    assert status(sentence, quote) in ("altered", "missing")


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


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (12_500_000, "the Purchase Price ($12,500,000)"),
        ("$12,500", "the Deposit ($12,500)"),
        (500, "the annual fee (USD 500)\nBase rent is extra"),
        (
            Decimal("1234.56"),
            "One Thousand Two Hundred Thirty-Four and 56/100 Dollars ($1,234.56)",
        ),
        (1234, "One Thousand Two Hundred Thirty-Four and no/100 Dollars ($1,234)"),
    ],
)
def test_brackets_that_tell_how_much_a_thing_is_make_no_loss(value: Any, quote: str) -> None:
    assert supports(value, quote).ok


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (1234, "Net loss (1,234)  (2,345)"),
        (2345, "Net loss (1,234)  (2,345)"),
        (500, "a reduction of the Purchase Price ($500)"),
        (500, "the loss of the amount ($500)"),
        (500, "the change in the fair value ($500)"),
        (12_500, "the Deposit (12,500)"),
        (12_500, "the Deposit ($12,500) ($13,000)"),
        (12_500, "Deposit ($12,500)"),
        (1234, "Balance at the end of the year ($1,234)"),
    ],
)
def test_brackets_of_accounts_may_make_one(value: Any, quote: str) -> None:
    assert supports(value, quote).status == "ambiguous"
