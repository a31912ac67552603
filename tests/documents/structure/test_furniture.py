from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents.chunking import chunks
from extractor.documents.document import Document, Page
from extractor.documents.structure.clauses import with_clauses
from extractor.documents.structure.furniture import body_view
from extractor.grounding import Locator
from extractor.types import Span

MakePaged = Callable[..., Document]


def test_running_heads_are_read_once_page_numbers_never_and_the_page_join_stays(
    paged: MakePaged,
) -> None:
    pages = [f"ACME SUPPLY AGREEMENT\nBody {word}\nPage {n} of 4" for n, word in WORDS]
    assert body_view(paged(*pages)).text == (
        "ACME SUPPLY AGREEMENT\nBody one\nBody two\nBody three\nBody four\n"
    )


WORDS = list(enumerate(["one", "two", "three", "four"], 1))


def test_heads_that_alternate_between_left_and_right_pages_are_read_once_each(
    paged: MakePaged,
) -> None:
    heads = ["Confidential", "ACME Limited"]
    pages = [f"{heads[n % 2]}\nThe text {'on ' * n}here.\n- {n + 1} -" for n in range(8)]
    text = body_view(paged(*pages)).text
    assert (text.count("Confidential"), text.count("ACME"), text.count("- 4 -")) == (1, 1, 0)
    assert text.startswith("Confidential\nThe text here.\nACME Limited\nThe text on here.\n")


def test_what_stands_in_the_head_of_each_page_alone_is_in_a_window(paged: MakePaged) -> None:
    sentence = "The parties agree on this matter in good faith and perform it well. "
    head = "Supply Contract SC-4711 (Acme Inc. / Bolt LLC)"
    made = paged(*(f"{head}\n{n}. Clause Title\n{sentence * 12}" for n in range(1, 6)))
    view = body_view(made)
    assert view.text.startswith(f"{head}\n1. Clause Title\n")
    assert view.text.count("SC-4711") == 1
    windows = chunks(with_clauses(made), budget=400, count=lambda text: len(text) // 4)
    own = [view.from_raw(window.span) for window in windows]
    shown = [view.text[span.start : span.end] for span in own]
    assert ["SC-4711" in text for text in shown] == [True, *[False] * (len(windows) - 1)]


FOOT = "Supply Contract SC-4711"


@pytest.mark.parametrize(
    ("breaks", "page_with_the_foot"),
    [
        ((False, False, False), 0),
        ((True, False, False), 1),
        ((True, True, False), 2),
        ((True, True, True), 3),
    ],
)
def test_a_foot_is_read_where_no_sentence_goes_on_over_the_page_and_quotes_step_over_the_others(
    breaks: tuple[bool, ...], page_with_the_foot: int, paged: MakePaged
) -> None:
    names = ["Buyer", "Seller", "Carrier", "Bank"]
    pages = [f"The {name} pays for the goods of this contract." for name in names]
    for n, is_broken in enumerate(breaks):
        pages[n] += f"\n{names[n]}s keep safe all goods" if is_broken else ""
        pages[n + 1] = ("that are theirs.\n" if is_broken else "") + pages[n + 1]
    made = paged(*(f"{page}\n{FOOT}" for page in pages))
    text = body_view(made).text
    assert text.count(FOOT) == 1
    assert text[: text.index(FOOT)].count("pays") == page_with_the_foot + 1
    locator = Locator.of(made)
    for name, is_broken in zip(names, breaks, strict=False):
        if is_broken:
            found = locator.locate(f"{name}s keep safe all goods that are theirs.")
            assert found.status == "normalized"
    assert locator.locate(FOOT).status == "exact"


def test_a_foot_that_breaks_a_sentence_on_each_page_is_read_on_the_first_that_has_it(
    paged: MakePaged,
) -> None:
    pages = [f"of page {word} on and on and on\n{FOOT}" for _, word in WORDS]
    text = body_view(paged(*pages, "until the end")).text
    assert text.startswith(f"of page one on and on and on\n{FOOT}\nof page two")
    assert text.count(FOOT) == 1


def test_a_head_that_the_title_has_said_before_is_not_read_again(paged: MakePaged) -> None:
    title = "SUPPLY AGREEMENT\nbetween Acme and Bolt.\nSUPPLY AGREEMENT"
    pages = [f"SUPPLY AGREEMENT\nText {word} of a page." for _, word in WORDS]
    assert body_view(paged(title, *pages)).text == (
        f"{title}\n" + "\n".join(f"Text {word} of a page." for _, word in WORDS)
    )


def test_a_line_that_a_page_has_again_in_its_middle_stays(paged: MakePaged) -> None:
    pages = [f"For and on behalf of\nFirm {n}\nFor and on behalf of\nBank {n}" for n in range(5)]
    assert body_view(paged(*pages)).text.count("For and on behalf of") == 10


def test_a_legend_of_redactions_is_read_once(paged: MakePaged) -> None:
    legend = "***** Portions of this exhibit have been omitted and filed apart"
    pages = [f"The price of part {word} is *****.\n{legend}" for word in "abcde"]
    text = body_view(paged(*pages)).text
    assert text.count("omitted") == 1
    assert text.startswith(f"The price of part a is *****.\n{legend}")


def test_a_row_of_a_table_at_the_edge_of_many_pages_stays(paged: MakePaged) -> None:
    pages = [
        f"Header Ltd\nItem {7 * n} USD {350 * n}\ntext {n}\nItem {7 * n + 3} 12" for n in range(9)
    ]
    text = body_view(paged(*pages)).text
    assert text.count("Item") == 18
    assert text.count("Header") == 1


@pytest.mark.parametrize("line", ["and", "The Buyer may not assign it", "Unless agreed otherwise"])
def test_a_repeated_line_that_carries_the_sense_stays(line: str, paged: MakePaged) -> None:
    pages = [f"Text {word} of a page\n{line}" for _, word in WORDS]
    assert body_view(paged(*pages)).text.count(line) == 4


@pytest.mark.parametrize(
    "line",
    ["Purchase Price: USD 5,000", "Widget Inc. USD 500", "Depot 0 | Rent", "The Licensee agrees."],
)
def test_a_repeated_amount_row_or_sentence_stays(line: str, paged: MakePaged) -> None:
    pages = [f"{line}\nText {word} of a page" for _, word in WORDS]
    assert body_view(paged(*pages)).text.count(line) == 4


def test_a_page_is_never_left_out_as_a_whole(paged: MakePaged) -> None:
    pages = ["Licence granted to Acme\nAll Fees Paid\n"] * 4
    assert body_view(paged(*pages)).text.count("Licence granted") == 4


def test_a_signature_block_stays(paged: MakePaged) -> None:
    pages = [f"Signed on page {word}\nTitle: Director" for _, word in WORDS]
    assert body_view(paged(*pages)).text.count("Title: Director") == 4


@pytest.mark.parametrize(
    "term",
    ["Year {n}", "Product {n} 100", "Annex {n}", "Lot {n} of 6", "Contract Year {n}", "1{n} 200"],
)
@pytest.mark.parametrize("at_the_foot", [True, False])
def test_a_term_that_counts_with_the_pages_stays(
    term: str, at_the_foot: bool, paged: MakePaged
) -> None:
    pages = [(f"Contract Year\nText {word} of a page", term.format(n=n)) for n, word in WORDS]
    texts = ["\n".join(parts if at_the_foot else parts[::-1]) for parts in pages]
    text = body_view(paged(*texts)).text
    assert all(term.format(n=n) in text for n, _ in WORDS)


@pytest.mark.parametrize(
    ("foot", "kept"),
    [
        ("Signature page of the lease - {n}", 1),
        ("Beta GmbH, Page {n}", 1),
        ("{n} Page", 0),
        ("{n} | Page", 0),
        ("page {n}/9", 0),
        ("-{n}-", 0),
        ("[ {n} ]", 0),
    ],
)
def test_a_page_number_is_left_out_and_the_words_around_it_are_read_once(
    foot: str, kept: int, paged: MakePaged
) -> None:
    feet = [foot.format(n=n + 6) for n, _ in WORDS]
    pages = [f"Text {word} of a page\n{line}" for (_, word), line in zip(WORDS, feet, strict=True)]
    title = "LEASE OF THE MILL\nmade in June"
    read = [
        f"Text {word} of a page\n" + f"{line}\n" * (i < kept)
        for i, ((_, word), line) in enumerate(zip(WORDS, feet, strict=True))
    ]
    assert body_view(paged(title, *pages)).text == f"{title}\n" + "".join(read)


@pytest.mark.parametrize("figure", ["100", "0"])
def test_a_lone_figure_that_stays_the_same_is_no_page_number(figure: str, paged: MakePaged) -> None:
    pages = [f"Text {word} of a page\n{figure}" for _, word in WORDS]
    assert body_view(paged(*pages)).text.count(figure) == 4


def test_roman_page_numbers_are_left_out(paged: MakePaged) -> None:
    pages = [f"Text {word} of a page\n- {'i' * n} -" for n, word in WORDS[:3]]
    assert "ii" not in body_view(paged(*pages)).text


def test_a_stamp_that_is_the_same_everywhere_is_read_once(paged: MakePaged) -> None:
    stamp = "Source: ACME INC, 10-K, 3/1/2019"
    pages = [f"Text {word} of a page\n{stamp}" for _, word in WORDS]
    assert body_view(paged(*pages)).text.count("ACME") == 1


def test_clause_numbers_alone_on_their_lines_stay(paged: MakePaged) -> None:
    clauses = "".join(f"{n}\nTerm {n}\n{'It is agreed so. ' * 50}\n" for n in range(1, 9))
    assert body_view(paged(clauses)).text == clauses


def test_page_numbers_of_an_earlier_print_within_a_page_are_left_out(paged: MakePaged) -> None:
    text = "\n".join(f"{'words of a clause ' * 60}\n{n}" for n in (7, 8, 9))
    assert "\n8\n" not in body_view(paged(text)).text
    assert "within\n30\ndays" in body_view(paged("within\n30\ndays")).text


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("this agree-\nment and agreement", "this agreement and agreement"),
        ("a non-\nexclusive right", "a non-exclusive right"),
        ("the long-\nterm plan, long or term", "the long-term plan, long or term"),
        ("obli\ufffe\ngation and obli\u00adgation", "obligation and obligation"),
        ("obli\u2010\ngation", "obligation"),
        ("Messrs Smith-\nJones", "Messrs Smith-Jones"),
        ("2020-\n2021", "2020-\n2021"),
        ("co-operate; to co-\noperate", "co-operate; to co-operate"),
        ("on a day-by-\nday basis", "on a day-by-day basis"),
        ("not face-\nto-face", "not face-to-face"),
        ("all market-\nfacing offers", "all market-facing offers"),
        ("un-\nrelated and non-com-\npeting", "unrelated and non-com-peting"),
    ],
)
def test_line_end_hyphens_go_where_the_word_is_one(text: str, body: str, paged: MakePaged) -> None:
    assert body_view(paged(text)).text == body


def test_a_word_broken_over_a_page_is_joined(paged: MakePaged) -> None:
    pages = [f"ACME LTD\nIn {word} it is said\nPage {n}" for n, word in WORDS]
    pages += ["ACME LTD\nthat the obli-\nPage 5", "ACME LTD\ngation ends\nPage 6"]
    assert "the obligation ends" in body_view(paged(*pages)).text


LINES = st.lists(st.sampled_from(["Head 1", "Head 2", "3", "and", "a b-", "c", "", "\u00ad"]))


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_every_character_of_the_view_is_one_of_the_text(pages: list[list[str]]) -> None:
    texts = ["\n".join(lines) for lines in pages]
    spans: list[Page] = []
    at = 0
    for number, text in enumerate(texts, 1):
        spans.append(Page(number, Span(at, at + len(text))))
        at += len(text) + 1
    document = Document("\n".join(texts), "0", "s", "text/plain", tuple(spans))
    view = body_view(document)
    for at, character in enumerate(view.text):
        raw = view.to_raw(Span(at, at + 1))
        assert document.text[raw.start : raw.end] == character
