"""Quotes of documents whose pages are known."""

import random

from benchmarks.composer import compose
from benchmarks.quotes import Tally, measure
from extractor.documents.document import Document, Page
from extractor.grounding import Locator
from extractor.types import Span

PAGES = (
    "ACME FRAMEWORK\nThe Buyer shall pay for all lots of cotton that are carri-\nPage 1 of 3",
    "ACME FRAMEWORK\ned to Osaka at the risk of the Seller within thirty\nPage 2 of 3",
    "ACME FRAMEWORK\n(30) days of their arrival.\nPage 3 of 3",
)


def document(pages: tuple[str, ...] = PAGES) -> Document:
    spans: list[Page] = []
    at = 0
    for number, text in enumerate(pages, 1):
        spans.append(Page(number, Span(at, at + len(text))))
        at += len(text) + 1
    return Document("\n".join(pages), "0" * 64, "paged", "application/pdf", tuple(spans))


def test_a_quote_goes_on_over_a_page_in_the_middle_of_a_word() -> None:
    made = document()
    found = Locator.of(made).locate("lots of cotton that are carried to Osaka")
    assert found.status == "normalized"
    [match] = found.matches
    passage = made.text[match.start : match.end]
    assert passage.startswith("lots of cotton")
    assert passage.endswith("ed to Osaka")


def test_a_quote_over_three_pages_is_found_with_noise() -> None:
    made = document()
    quote = (
        "lots of coton that are carried to Osaka at the rlsk of the Seller within thirty (30) days"
    )
    [match] = Locator.of(made).locate(quote).matches
    assert made.text[match.start : match.end].endswith("(30) days")


def test_a_running_head_itself_is_found_on_each_page() -> None:
    found = Locator.of(document()).locate("ACME FRAMEWORK")
    assert (found.status, len(found.matches)) == ("exact", 3)


def test_a_changed_figure_over_a_page_is_noticed() -> None:
    found = Locator.of(document()).locate("at the risk of the Seller within sixty (30) days")
    assert found.status == "altered"


def test_a_not_at_the_end_of_the_page_before_is_seen() -> None:
    made = document(
        (
            "ACME FRAMEWORK\nThe Buyer shall pay at once. The Seller shall not\nPage 1 of 3",
            "ACME FRAMEWORK\nbe liable for the cotton.\nPage 2 of 3",
            "ACME FRAMEWORK\nIt must not\nbe liable for more.\nPage 3 of 3",
        )
    )
    locator = Locator.of(made)
    found = locator.locate("be liable for the cotton")
    assert (found.status, found.note) == ("altered", "negation: the quote begins after 'not'")
    assert locator.locate("The Seller shall not be liable for the cotton").status == "normalized"
    assert len(locator.locate("ACME FRAMEWORK").matches) == 3


def test_another_sentence_of_the_same_form_is_not_accepted() -> None:
    text = "The Carrier repairs the steel beams at its own cost in the order of their arrival."
    quote = "The Carrier repairs the test reports at its own cost in the order of their arrival."
    locator = Locator(f"{text} The test reports are long. The reports of a test.")
    assert locator.locate(quote).status == "altered"


def test_quotes_of_a_composed_contract_are_located() -> None:
    rng, tally = random.Random(12), Tally()  # noqa: S311 - no secret
    measure(compose(rng, pages=40), rng, tally, shown=False)
    assert tally.hits.total() >= 0.975 * tally.quotes.total()
    assert tally.altered.keys() <= {"altered", "missing"}
    assert tally.accepted <= 1
