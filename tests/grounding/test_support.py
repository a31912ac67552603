from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import supports

BORNE: list[tuple[Any, str]] = [
    ('the "Agent"', 'named therein, [ ] (the "Agent")'),
    ("60 days", "\u25a1 30 days \u25a0 60 days"),
    ("Beta LLC", "\u2612 Corporation \u2610 LLC\nBuyer: Beta LLC"),
    ("the Supplier shall deliver", "\u25a1 the Supplier shall deliver the Goods"),
    (-4, "2019 -4%"),
    (-500, "2019\t-500"),
    ("legal@acme.example", "e-mail:legal@acme.example."),
    ("Annually", "\u2610 Monthly \u2612 Annually"),
    ("Yes", "Renewal: [X] Yes [ ] No"),
    ("No", "Yes [ ] No [x]"),
    (("Acme Inc.", 2), "Acme Inc., priority 2"),
    (["Acme Inc.", None], "Acme Inc., priority 2"),
    (-12, "a loss of USD -12"),
    ("https://www.acme.example/", "See www.acme.example"),
    ("mailto:legal@acme.example", "write to Legal@Acme.\nexample"),
    ("monthly", "EUR 1,250 a month"),
    (1_500_000, "a cap of USD 1.5 million"),
    (Decimal("1500000.00"), "One Million Five Hundred Thousand Dollars ($1,500,000)"),
    (30, "thirty (30) days"),
    (12, "twelve per cent"),
    (0.12, "interest of 12% per annum"),
    (Decimal("0.015"), "one and one-half percent (1.5%) per month"),
    (2024, "dated 3/14/2024"),
    (date(2024, 3, 14), "this 14th day of March, 2024"),
    (date(2020, 1, 1), "this first (1st) day of January, 2020"),
    (datetime(2024, 3, 14, tzinfo=UTC), "March 14, 2024"),
    ("2024-03-14", "03/14/2024"),
    ("2024-03-14T00:00:00Z", "March 14, 2024"),
    ("2024-01-01", "from January 1 to December 31, 2024"),
    ("2024-03", "March 14, 2024"),
    ("2024", "March 14, 2024"),
    ("P2Y", "a term of twenty-four months"),
    ("P1Y6M", "one year and six months"),
    ("24 months", "two years"),
    (timedelta(days=30), "thirty (30) days"),
    (timedelta(hours=48), "48 hours"),
    ("USD 5,000", "a fee of US$5,000"),
    ("USD", "US$5,000"),
    (Decimal("1.5"), "1 \u00bd% per month"),
    (Decimal("1.5"), "1\u00bd%"),
    (Decimal("1.5"), "1 1/2% per month"),
    (Decimal("1.5"), "one and one-half percent (1 \u00bd%)"),
    (5000, "five thousand dollars ($5,000)"),
    (5000, "the rent - $5,000"),
    (500, "the annual fee ($500) is due"),
    (100, "upon one hundred (100)"),
    (30, "upon thirty (30)"),
    (5000, "10-5,000 units"),
    (30, "within (30) days"),
    ("12%", "twelve percent (12%)"),
    ("12%", "twelve (12) percent"),
    ("$5,000", "US$5,000"),
    ("$5,000", "5,000 dollars"),
    ("$5,000", "Five Thousand and No/100 Dollars"),
    ("$1,500,000", "$1.5 million"),
    ("CAD 5,000", "$5,000 CAD"),
    ("Delaware", "the laws of the State of Delaware"),
    ("State of New York", "the laws of New York"),
    ("England and Wales", "the laws of England and Wales"),
    ("John Smith", "John A. Smith"),
    (-5000, "a loss of -$5,000"),
    (-5000, "minus 5,000 dollars"),
    (12, "The fee is 12. Payment is due at once."),
    (0.5, "interest of .5% a month"),
    (Decimal("0.01"), "common stock, $.01 par value"),
    (1250, "a fee of 1 250 EUR"),
    (0.05, "five (5) percent of the fee"),
    ("P14M", "a term of one year and two months"),
    ("one year and two months", "a term of one year and two months"),
    ("P1Y", "one year and six months, and then one year"),
    ("CAD 5,000", "a fee of $5,000 Canadian"),
    ("Delaware", "the laws of Delaware, other than those of Delaware on conflicts"),
    (Decimal("3.5"), "a term of 3 and 1/2 years"),
    (3, "the third anniversary"),
    (6_000_000, "$5-6 million"),
    (2_000_000, "a cap of $2 mil."),
    ("Virginia", "the laws of Virginia, not West Virginia"),
    ("Acme, Inc.", "ACME INCORPORATED, a corporation"),
    ("Acme Limited Liability Company", "Acme LLC"),
    ("Smith & Co", "Smith and Company"),
    ("Bank of America, National Association", "BANK OF AMERICA, N.A."),
    ("Mellon Trust Company, N.A.", "Mellon Trust Company, National Association"),
    ("Soci\u00e9t\u00e9 G\u00e9n\u00e9rale", "Societe Generale shall pay"),
    ("Acme", "Acme Industries Inc."),
    ("Non-Disclosure Agreement", "this non-\ndisclosure agreement"),
    ("\u7532\u65b9\u516c\u53f8", "\u672c\u5408\u540c\u7532\u65b9\u516c\u53f8\u4e0e\u4e59\u65b9"),
    ("exclusive", "an exclusive licence, not a non-exclusive one"),
    ("A-4711", "Invoice No. A-4711"),
    ("Beta Ltd", "Neither Acme Inc. nor Beta Ltd shall be liable"),
    ("at least 30 days", "not less than thirty (30) days"),
    ("at most 2 years", "a term not exceeding 24 months"),
    ("30 days", "shall not exceed thirty days"),
    ("Series A Preferred Stock", "SERIES A PREFERRED STOCK"),
    (30, "3\u200b0 days"),
    (date(2025, 6, 30), "JU\u00adNE\u200b 30, 20\u200b25"),
]

NOT_BORNE: list[tuple[Any, str]] = [
    ("Series A Preferred Stock", "Series B Preferred Stock"),
    ("Party A", "Party B (Carrier): Acme Ltd."),
    ("Q1 2024", "Q2 2024"),
    ("A. Smith", "B. Smith"),
    (3060, "30\u00ad60 days"),
    ("This lease permits Tenant to sublet", "Nothing in this lease permits Tenant to sublet"),
    ("The parties may assign", "None of the parties may assign"),
    ("may Tenant sublet", "Under no circumstances may Tenant sublet"),
    ("Monthly", "\u2610 Monthly \u2612 Annually"),
    ("No", "Renewal: [X] Yes [ ] No"),
    ("Yes", "Yes [ ] No [x]"),
    (("Zeta Corp", 2), "Acme Inc., priority 2"),
    (["Acme Inc.", 99], "Acme Inc., priority 2"),
    (-12, "10-12 units"),
    (-12, "10 - 12 units"),
    ("https://evil.example/other", "See https://acme.example/path."),
    ("legal@acme.exampel", "write to legal@acme.example"),
    ("legal@acme.example", "write to paralegal@acme.example"),
    ("https://acme.example", "https://acme.example.phish.example"),
    ("none may leave", "In no\nevent none may leave"),
    ("monthly", "payable semi-monthly"),
    ("Monthly", "payable semi-monthly"),
    ("Delaware", "the courts other than those of Delaware"),
    ("State of Delaware", "any law other than the State of Delaware"),
    (date(2024, 5, 1), "due on May 1 1, 2024"),
    (5, "interest of .5% a month"),
    (3.2, "a price of $3.2  million"),
    (5, "five and one-quarter percent"),
    (3, "a term of 3 and 1/2 years"),
    (3, "one-third of the votes"),
    (1, "common stock, $.01 par value"),
    (1, "1/4 of 1% a month"),
    (1, "one-half of 1%"),
    (1, "one (1) million dollars"),
    (12_500_000, "a margin of $(12.5) million"),
    (2, "two-thirds of the votes"),
    (60, "thirty (30) days"),
    (5, "no figure at all"),
    (Decimal("1.5"), "USD 1.5 million"),
    (10, "on page 110"),
    (date(2024, 3, 15), "March 14, 2024"),
    (date(2020, 1, 1), "this first (2nd) day of January, 2020"),
    ("2024-03-14", "March 2024"),
    ("2024-03-14", "March 14"),
    ("2024-03-14", "the date first written above"),
    ("2024-04", "March 14, 2024"),
    ("P30D", "one month"),
    ("P2Y", "the term of this Agreement"),
    ("90 days", "sixty (60) days"),
    (timedelta(days=30), "sixty days"),
    ("$6,000", "US$5,000"),
    ("EUR", "US$5,000"),
    ("EUR 5,000", "US$5,000"),
    ("1.5", "$1.5 million"),
    ("Delaware", "the laws of the State of New York"),
    ("Acme Corp.", "Beta Corporation"),
    ("mutual", "each party shall"),
    ("IBM", "Bean Ltd"),
    ("acme", "Bean Ltd"),
    ("germany", "Bean Ltd"),
    ("new york", "Bean Ltd"),
    ("party", "Aduro Biotech, Inc."),
    ("USA", "740 Heinz Avenue, Berkeley, CA"),
    ("Either side can walk away", "upon ninety (90) days' notice"),
    ("New Jersey", "the laws of the State of New York"),
    ("the State of New York", "the laws of Japan"),
    ("eBay Inc.", "eToys Inc."),
    ("Virginia", "the laws of West Virginia"),
    ("Indiana", "Indian law"),
    ("Acme Globex Holdings, Inc.", "Acme Holdings, Inc."),
    ("Acme Holdings", "Acme Globex Holdings, Inc."),
    ("Acme Holdings LLC", "Acme Ltd"),
    ("Acme LLC", "Acme Corporation"),
    ("Acme Corporation", "Acme Inc., a Delaware corporation"),
    ("John Smith", "John Doe and Mary Smith"),
    ("It is liable", "It is not liable"),
    ("No renewal without notice", "It renews of its own upon notice"),
    ("The Supplier may terminate", "the Supplier shall terminate"),
    (Decimal(-5000), "a fee of $5,000"),
    ("EUR", "a fee of five thousand"),
    ("Section 5", "see Section 5.1"),
    ("Acme Inc.", "Acme Industries Inc."),
    ("Acme Inc.", "ACME INDUSTRIES INC. SHALL PAY"),
    ("Acme LLC", "Acme Capital Partners LLC"),
    ("Acme LLC", "Acme & Sons LLC"),
    ("$5,000", "\u20ac5,000"),
    ("$5,000", "5,000 euros"),
    ("$5,000", "5,000 shares"),
    ("\u00a55,000", "$5,000"),
    ("$5,000 per month", "\u20ac5,000 per month"),
    ("$5,000 per month", "$6,000 per month"),
    ("EUR", "$5,000"),
    ("5%", "5 dollars"),
    ("5%", "five (5) days"),
    (1, "1 \u00bd% per month"),
    (1, "1 1/2% per month"),
    (2, "2 1/2 years"),
    (2, "2 1/3 years"),
    (5000, "a balance of -$5,000"),
    (1, "no one may assign it to one another"),
    (12, "12/05/2024"),
    (5, "12/05/24"),
    (3, "2024-03-14"),
    ("exclusive", "a non-exclusive licence"),
    ("exclusive", "This is no exclusive licence"),
    ("transferable", "a non-\ntransferable licence"),
    ("transferable", "The licence shall not be transferable"),
    ("Delaware", "not Delaware"),
    ("Delaware", "and not the laws of Delaware"),
    ("John Smith", "signed by John Smithson"),
    ("at least 30 days", "at most 30 days"),
    ("at least 30 days", "not more than thirty (30) days"),
    ("no later than 30 days", "at least 30 days"),
    ("30 days before the end", "within 30 days after the end"),
    ("It may end on 30 days' notice", "It may not end on 30 days' notice"),
    ("It may not end on 30 days' notice", "It may end on 30 days' notice"),
    ("Either party may terminate on 60 days' notice", "upon ninety (90) days' notice"),
    ("The fee was raised on March 1, 2023 by the parties", "raised on March 1, 2024"),
]

OPEN: list[tuple[Any, str]] = [
    ("Either party may terminate on 90 days' notice", "upon ninety (90) days' notice"),
    ("payable monthly by bank transfer", "Rent is EUR 1,250 a month"),
    ((True, None), "may terminate"),
    ((), "Acme Inc."),
    ((30, "DAY"), "30 days"),
    ((3, "years"), "three-year term"),
    ("$5,000", "a fee of $5,000 Canadian"),
    ("$5,000", "a fee of $5,000 (CAD)"),
    ("P1Y", "a term of one year and two months"),
    ("two months", "a term of one year and two months"),
    (250, "a fee of 1 250 EUR"),
    (5_000_000, "$5-6 million"),
    (5, "between $5 and $6 million"),
    (12_500_000, "a net loss of ($12.5 million)"),
    (True, "the Supplier may terminate"),
    (None, "anything"),
    ("", "anything"),
    ([], "anything"),
    ("USD", "$5,000"),
    ("USD 5,000", "$5,000"),
    ("$5,000", "C$5,000"),
    (5000, "minus 5000"),
    (5000, "($5,000)"),
    (1500, "Net loss (1,500)"),
    (1500, "Net loss $ (1,500) for the year"),
    (5_000_000, "limited to USD - 5 million"),
    (500, "limited to USD-500"),
    ("$5,000", "5,000 shares at $10 each"),
    ("5%", "5 of the 20% held"),
    ("Either Party may assign it", "Either Party may, if it gives notice, assign it"),
    (24, "two (2) years"),
    (1000, "EUR 1.000"),
    (-1000, "(1,000)"),
    (-1000, "a loss of ($1,000)"),
    (12, "12. Notices shall be given in writing"),
    (5, "as set out in Section 5"),
    (1_000_000, "One Million Dollars ($1,500,000)"),
    ("P60D", "sixty (90) days"),
    ("2024-02-01", "01/02/2024"),
    ("01/02/2024", "February 1, 2024"),
    ("1.000", "one thousand"),
    ("P10D", "ten (10) business days"),
    ("P1D", "24 hours"),
    ("48 hours", "two days"),
    (timedelta(days=365), "one year"),
    ("England and Wales", "English law"),
    ("United States", "U.S. federal law"),
    ("Scotland", "Scots law"),
    ("sixty_days", "within sixty days"),
    ("Either party walks away", "Either party may terminate this Agreement"),
    ("International Business Machines", "IBM shall"),
    ("Acme LLC", "Acme shall pay"),
    ("Acme LLC", "paid by Acme. The Company shall refund it"),
    ("Acme LLC", "ACME SHALL PAY"),
    ("Acme LLC", "Acme, Beta and Gamma LLC"),
    ("The Company", "Acme Ltd"),
]


@pytest.mark.parametrize(("value", "quote"), BORNE)
def test_a_quote_bears_the_value_that_is_derivable_from_it(value: Any, quote: str) -> None:
    verdict = supports(value, quote)
    assert (verdict.ok, verdict.reason) == (True, None)


@pytest.mark.parametrize(("value", "quote"), NOT_BORNE)
def test_a_quote_that_speaks_of_something_else_bears_nothing(value: Any, quote: str) -> None:
    verdict = supports(value, quote)
    assert verdict.ok is False
    assert verdict.reason


@pytest.mark.parametrize(("value", "quote"), OPEN)
def test_what_is_no_matter_of_words_or_has_two_readings_is_left_open(
    value: Any, quote: str
) -> None:
    verdict = supports(value, quote)
    assert verdict.ok is None
    assert verdict.reason


@pytest.mark.parametrize(
    ("value", "quote", "status"),
    [
        ("exclusive", "an exclusive licence", "found"),
        ("non_exclusive", "a non-exclusive licence", "found"),
        ("exclusive", "a non-exclusive licence", "unverified"),
        ("sole", "an exclusive licence", "unverified"),
        ("sole", "a licence that is not exclusive", "found"),
        ("sole", "a sole and exclusive licence", "ambiguous"),
        ("sole", "a licence for nobody else", "found"),
    ],
)
def test_a_quote_that_names_another_allowed_value_speaks_against_this_one(
    value: str, quote: str, status: str
) -> None:
    allowed = ("exclusive", "non_exclusive", "sole")
    assert supports(value, quote, allowed).status == status


def test_an_allowed_word_that_the_quote_negates_is_not_borne() -> None:
    allowed = ("permitted", "prohibited")
    assert supports("permitted", "Subletting is not permitted.", allowed).ok is False
    assert supports("permitted", "Subletting is permitted.", allowed).ok is True
    assert supports("exclusive", "a non-exclusive licence", ("exclusive", "sole")).ok is False


def test_a_quote_with_only_another_allowed_value_does_not_bear_this_one() -> None:
    states = ("new_york", "delaware", "other")
    assert supports("new_york", "the laws of the State of Delaware", states).ok is False
    assert supports("new_york", "the laws of New York or Delaware", states).status == "ambiguous"
    assert supports("new_york", "no other law applies", states).status == "found"
    parties = ("either_party", "mutual", "company", "customer")
    quote = "either the Company or the Customer"
    assert supports("either_party", quote, parties).status == "ambiguous"
    assert supports("mutual", quote, parties).status == "ambiguous"


@pytest.mark.parametrize(
    "value",
    [10**5000, Decimal("1e999999999"), Decimal("sNaN"), float("inf"), float("nan")],
    ids="abcde",
)
def test_a_number_that_nobody_would_write_is_not_borne(value: Any) -> None:
    assert supports(value, "nine trillion (12%) months, 1 year").ok is False


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_figure_bears_its_own_number_and_no_other(number: int, other: int) -> None:
    quote = f"The fee is USD {number:,} in all."
    assert supports(number, quote).ok is True
    assert supports(other, quote).ok is (number == other)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_a_date_bears_its_own_day_and_no_other(day: date, other: date) -> None:
    quote = f"signed on {day:%B} {day.day}, {day.year} in Paris"
    assert supports(day, quote).ok is True
    assert supports(other.isoformat(), quote).ok is (day == other)


@given(st.text(), st.text())
def test_no_text_makes_the_judgement_fail(value: str, quote: str) -> None:
    verdict = supports(value, quote)
    assert (verdict.reason is None) == (verdict.ok is True)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("a monthly fee of 500 pln", "a monthly fee of 500 EUR"),
        ("500 Rub per month", "500 EUR per month"),
        ("pays 5 mxn", "pays 5 EUR"),
        ("5% of revenue", "5 of revenue"),
        ("five per cent", "five dollars"),
    ],
)
def test_another_unit_speaks_against_a_value_however_it_is_spelt(value: str, quote: str) -> None:
    assert supports(value, quote).status == "unverified"


def test_a_letter_with_a_mark_is_another_letter() -> None:
    assert supports("n", "n\u0308").status == "unverified"
