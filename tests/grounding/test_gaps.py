"""What an ellipsis may step over."""

import pytest

from extractor.grounding import Locator

JOINED = "words: the ellipsis joins the parts of two sentences"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The fee is due at once. The deposit is $500 a year.", "The fee is ... $500 a year"),
        ("The fee is due at once; the deposit is $500 a year.", "The fee is ... $500 a year"),
        (
            "The cap is $5; provided that $900 is the cap for fraud.",
            "The cap is ... $900 is the cap",
        ),
        ("1. Term: endless and free\n2. Notice period: 30 days", "1. Term: ... period: 30 days"),
        ("The term is unlimited (or so). 4.1 Notice is 30 days.", "The term is ... 30 days"),
        ("The Supplier is Acme Inc. Customer is Beta Inc. today.", "The Supplier is ... Beta Inc."),
        ("| Setting up | $100 |\n| Support at night | $200 |", "Setting up ... at night | $200"),
        (
            "It is governed by the laws of Ohio. Venue. The courts of Utah have jurisdiction.",
            "It is governed by ... Utah have jurisdiction",
        ),
    ],
)
def test_no_part_goes_on_with_what_another_sentence_began(text: str, quote: str) -> None:
    found = Locator(text).locate(quote)
    assert (found.status, found.note) == ("altered", JOINED)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The fee, due at once, is $500 a year.", "The fee ... is $500 a year"),
        ("The fee is due. It is low. The deposit is $500.", "The fee is due. ... deposit is $500"),
        ("The fee is due at once. (b) The deposit is $500.", "The fee is ... The deposit is $500"),
        ("Notice goes to:\n(a) the Buyer; and\n(b) the Seller.", "Notice goes to ... the Seller"),
        ("It shall:\n1. Deliver goods.\n2. Pay all fees.", "It shall ... Pay all fees"),
        ("It shall (a) deliver. (b) The fees it shall pay.", "It shall ... fees it shall pay"),
        ("It shall deliver goods; insure them; pay all fees.", "It shall deliver ... pay all fees"),
        ("Sold to Acme Inc. Delaware, and Mr. Jones, its agent.", "Sold to Acme ... its agent"),
        ("As of No. 5 of J. R. Smith it has paid the fees.", "As of No. 5 ... paid the fees"),
        ("| Price a year |\n|---|\n| Support | $200 |", "Price a year ... Support | $200"),
    ],
)
def test_what_belongs_together_may_be_quoted_in_parts(text: str, quote: str) -> None:
    assert Locator(text).locate(quote).status == "elided"
