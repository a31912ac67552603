import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sections import STYLES, compose, document, found_in, marked
from extractor.documents.document import Document
from extractor.documents.structure.clauses import clauses_of
from extractor.documents.structure.contents import without_contents
from extractor.documents.structure.numbering import labels

MakePaged = Callable[..., Document]


def outline(text: str) -> list[tuple[int, str, str]]:
    return [(c.level, c.number, c.title) for c in clauses_of(document(text))]


def test_articles_hold_sections_and_sections_hold_lists() -> None:
    text = (
        "ARTICLE I\nTERM\n\n1.1 Start. It begins now:\n(a) one; and\n(b) two.\n\n"
        "1.2 End. It ends.\n\nARTICLE II\nFEES\n\n2.1 Fees. They are due."
    )
    assert outline(text) == [
        (1, "ARTICLE I", "TERM"),
        (2, "1.1", "Start"),
        (3, "(a)", ""),
        (3, "(b)", ""),
        (2, "1.2", "End"),
        (1, "ARTICLE II", "FEES"),
        (2, "2.1", "Fees"),
    ]


def test_a_clause_spans_all_below_it_and_ends_before_the_signatures() -> None:
    text = "1. Term\n1.1 It begins.\n2. Law\nFrench law governs.\n\nIN WITNESS WHEREOF signed."
    found = {c.number: text[c.span.start : c.span.end] for c in clauses_of(document(text))}
    assert found["1."] == "1. Term\n1.1 It begins."
    assert found["2."] == "2. Law\nFrench law governs."


def test_clauses_indented_by_other_spaces_and_as_headings_of_markdown_are_found() -> None:
    text = "1. Term\nIt begins.\n\xa0\xa0(a) now; and\n\u2003(b) here.\n2. Law\nFrench."
    assert [number for _, number, _ in outline(text)] == ["1.", "(a)", "(b)", "2."]
    assert outline("# Lease\n\n## 1. Term\n\nIt begins.\n\n## 2. Law\n\nFrench.\n") == [
        (1, "1.", "Term"),
        (1, "2.", "Law"),
    ]


def test_a_list_of_exhibits_does_not_take_in_the_articles_that_follow_it() -> None:
    names = "ABCD"
    listed = "".join(f"Exhibit {name} - Form {name}\n" for name in names)
    real = "".join(f"EXHIBIT {name}\nFORM {name}\n" + "It is empty. " * 12 + "\n" for name in names)
    text = f"ARTICLE 1\nTERMS\n1.1 Exhibits.\n{listed}ARTICLE 2\nLAW\n2.1 Law. French.\n{real}"
    found = outline(text)
    assert [number for level, number, _ in found if level == 1] == [
        *("ARTICLE 1", "ARTICLE 2", "EXHIBIT A", "EXHIBIT B", "EXHIBIT C", "EXHIBIT D")
    ]


def test_a_list_of_annexes_in_front_of_the_contract_does_not_take_in_its_clauses() -> None:
    contents = (
        "1 Definitions\n2 Term\n3 Fees\nAnnex 1 Terms\nAnnex 2 Currency\nAnnex 3 Rules on Use"
    )
    body = "1. DEFINITIONS\n\nWords.\n\n2. TERM\n\nFive years.\n\n3. FEES\n\nTen.\n"
    text = f"AGREEMENT\n{'x ' * 320}\n\nTABLE OF CONTENTS\n\n{contents}\n\nThis is made.\n\n{body}"
    clauses = [(1, "1.", "DEFINITIONS"), (1, "2.", "TERM"), (1, "3.", "FEES")]
    assert outline(text) == clauses
    annex = "\nANNEX 2\n\nCurrency\n\n1. It is the euro.\n"
    assert outline(text + annex) == [*clauses, (1, "ANNEX 2", "Currency"), (2, "1.", "")]


def test_short_exhibits_behind_a_contract_without_numbers_are_parts() -> None:
    text = f"{'It is agreed. ' * 60}\n\nEXHIBIT A\nPrices\nNone.\n\nEXHIBIT B\nWork\n\n1. Scope\n"
    assert [(level, number) for level, number, _ in outline(text)] == [
        *((1, "EXHIBIT A"), (1, "EXHIBIT B"), (2, "1."))
    ]


@pytest.mark.parametrize(
    "line", ["SCHEDULE OF COMMISSIONS", "EXHIBIT TO THE LEASE", "EXHIBIT NOTE", "SCHEDULE BY MONTH"]
)
def test_a_word_of_two_letters_is_not_what_an_exhibit_is_called(line: str) -> None:
    numbers = [number for _, number, _ in outline(f"1. Term\n2. Law\n\n{line}\n\nIt is this.")]
    assert numbers == ["1.", "2."]


@pytest.mark.parametrize("number", ["EXHIBIT NO. 4", "Schedule No. 4", "ANNEX AB", 'EXHIBIT "B"'])
def test_an_exhibit_is_called_by_a_number_or_letters(number: str) -> None:
    found = outline(f"1. Term\n2. Law\n\n{number}\n\nIt is this.")
    assert found[2][:2] == (1, number)


def test_sections_of_an_article_are_not_given_up_for_a_longer_list_within_them() -> None:
    lists = "".join(f"{n}) Item {n}.\n" for n in range(1, 9))
    text = f"ARTICLE 8 - USE\n8.01 Title. It stays.\n8.02 Grant. It is:\n{lists}ARTICLE 9 - LAW\n"
    assert [n for level, n, _ in outline(text) if level == 2] == ["8.01", "8.02"]


def test_an_article_in_capitals_is_no_reference_whatever_stands_before_it() -> None:
    text = "ARTICLE 1\nTERM\n1.1 [***]. 1.2\nARTICLE 2\nLAW\n2.1 French.\n"
    assert [n for level, n, _ in outline(text) if level == 1] == ["ARTICLE 1", "ARTICLE 2"]


def test_a_number_and_its_heading_may_touch() -> None:
    text = "2. BOARDS.\n2.1Joint Board.\n(a)Members. Four.\n2.2Other Boards. None.\n3. END.\nNow."
    assert outline(text) == [
        (1, "2.", "BOARDS"),
        (2, "2.1", "Joint Board"),
        (3, "(a)", "Members"),
        (2, "2.2", "Other Boards"),
        (1, "3.", "END"),
    ]


def test_clauses_of_a_figure_and_a_letter_stand_below_the_figure() -> None:
    text = "1. GRANT.\n1.A. TERM.\nTen years.\n1.B. AREA.\nHull.\n2. FEES.\n2.A. FIRST FEE.\nNone."
    assert [(level, number) for level, number, _ in outline(text)] == [
        *((1, "1."), (2, "1.A."), (2, "1.B."), (1, "2."), (2, "2.A."))
    ]


def test_an_article_may_be_parted_from_its_heading_by_a_semicolon() -> None:
    text = (
        "ARTICLE 1; SERVICES\n1.01 Work. He works.\nARTICLE 2; FEES\n2.01 Pay. None.\n"
        "It survives under\nArticle 1; Article 2 does not."
    )
    assert [number for _, number, _ in outline(text)] == ["ARTICLE 1", "1.01", "ARTICLE 2", "2.01"]


def test_a_lettered_list_goes_on_behind_the_figures_within_one_of_its_items() -> None:
    text = (
        "Section 1. Duties.\n(a) It pays.\n(b) It keeps:\n1. books;\n2. files; and\n3. lists.\n"
        "(c) It reports.\nSection 2. Law.\n1. It is French.\n2. It is old.\n"
    )
    assert [(level, number) for level, number, _ in outline(text)] == [
        *((1, "Section 1"), (2, "(a)"), (2, "(b)"), (3, "1."), (3, "2."), (3, "3."), (2, "(c)")),
        *((1, "Section 2"), (2, "1."), (2, "2.")),
    ]


def test_numbers_in_a_row_without_words_are_no_clauses() -> None:
    text = "1.\n2.\n2.1\n2.2\nThis Agreement is made.\n(a)\n(b)\nWe agree.\n3. Law.\nFrench."
    assert outline(text) == []


def test_numbers_above_the_first_of_a_kind_below_them_are_clauses() -> None:
    text = "1.\nTerm\n2.\n2.1\nThe fee.\n(a)\n(i) One.\n(ii) Two.\n(b)\nThree.\n3.\nLaw"
    assert [number for _, number, _ in outline(text)] == [
        *("1.", "2.", "2.1", "(a)", "(i)", "(ii)", "(b)", "3.")
    ]
    items = "".join(f"({letter}) it.\n" for letter in "abcdefg")
    assert (3, "(i)", "") in outline(f"1. Uses.\n{items}(h)\n(i) one;\n(ii) two.")


def test_a_number_of_thousands_of_digits_is_none() -> None:
    text = f"Section {'9' * 5000} Foo\nSection {'1.' * 20}{'9' * 4400}\n1. Term\n2. Law\n"
    assert [number for _, number, _ in outline(text)] == ["1.", "2."]


def test_parents_enclose_their_clauses() -> None:
    clauses = clauses_of(document(compose(random.Random(3), STYLES[0]).text))  # noqa: S311 - no secret
    inner = [clause for clause in clauses if clause.parent is not None]
    assert len(inner) > 10
    for clause in inner:
        parent = clauses[clause.parent or 0]
        assert parent.span.start < clause.span.start
        assert clause.span.end <= parent.span.end
        assert parent.level == clause.level - 1


@pytest.mark.parametrize(
    "line",
    ["1.5 million units", "Section 2.1 hereof", "30 days later", "(b) above", "2.1(b), but not so"],
)
def test_a_number_that_only_begins_a_line_is_no_clause(line: str) -> None:
    text = f"1. Term\n\nIt ends as said in\n{line} and so on.\n\n2. Law\n\nFrench law."
    assert [number for _, number, _ in outline(text)] == ["1.", "2."]


def test_the_letter_i_and_the_roman_one_are_told_apart() -> None:
    letters = "\n".join(f"({c}) item {c};" for c in "abcdefghij")
    assert {level for level, _, _ in outline(f"1. List\n{letters}\n2. End")[1:-1]} == {2}
    nested = "1. List\n(a) first:\n(i) one;\n(ii) two;\n(b) second.\n2. End"
    assert [level for level, _, _ in outline(nested)] == [1, 2, 3, 3, 2, 1]


def test_a_table_of_contents_has_no_clauses() -> None:
    text = (
        "TABLE OF CONTENTS\n\n1. Term ..... 1\n2. Law ...... 2\nExhibit A Prices 3\n\n"
        "The parties agree:\n\n1. Term\n\nOne year.\n\n2. Law\n\nFrench.\n\nEXHIBIT A\n\nPrices"
    )
    assert [number for _, number, _ in outline(text)] == ["1.", "2.", "EXHIBIT A"]


def test_an_exhibit_numbers_anew_and_the_filing_s_own_label_is_none() -> None:
    text = (
        "Exhibit 10.1\n\nAGREEMENT\n\n1. Term\n\nOne year.\n\n2. Law\n\nFrench.\n\n"
        "Schedule 1 - Services\n\n1. Scope\n\nAll of it.\n\n2. Time\n\nSoon."
    )
    assert [(level, number) for level, number, _ in outline(text)] == [
        (1, "1."),
        (1, "2."),
        (1, "Schedule 1"),
        (2, "1."),
        (2, "2."),
    ]


def test_offsets_are_of_the_raw_text_whatever_stands_between_pages(paged: MakePaged) -> None:
    pages = [f"ACME LTD\n{n}. Title\nText of {n}.\nPage {n} of 5" for n in range(1, 6)]
    made = paged(*pages)
    starts = [made.text[c.span.start :][:8] for c in clauses_of(made)]
    assert starts == [f"{n}. Title" for n in range(1, 6)]


@pytest.mark.parametrize(
    "title",
    [
        "AMENDMENT NO. 2 TO THE SUPPLY AGREEMENT",
        "FIRST AMENDMENT",
        "Second Amendment to Supply Agreement",
        "SERVICE AGREEMENT",
    ],
)
def test_an_agreement_that_follows_another_is_a_part_of_its_own(title: str) -> None:
    text = (
        "SUPPLY AGREEMENT\n\n1. Term\n\nOne year.\n\n2. Law\n\nFrench.\n\nBy: A. Bell\n\n"
        f"{title}\n\nThe parties agree:\n\n1. Price\n\nIt is ten.\n\n2. Rest\n\nAs it was."
    )
    assert outline(text) == [
        (1, "1.", "Term"),
        (1, "2.", "Law"),
        (1, "", title),
        (2, "1.", "Price"),
        (2, "2.", "Rest"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "SIGNATURE PAGE TO THE SUPPLY AGREEMENT",
        "THIS AGREEMENT IS MADE IN TWO COPIES",
        "EXHIBIT A\nFORM OF SALE AGREEMENT",
    ],
)
def test_not_every_line_that_names_an_agreement_begins_one(line: str) -> None:
    text = f"1. Term\nOne year.\n2. Law\nFrench.\n{line}\n1. Form\nIt is this.\n2. End\nNow."
    assert ("", line) not in [(number, title) for _, number, title in outline(text)]
    assert not any(title.endswith("SALE AGREEMENT") and not n for _, n, title in outline(text))


@pytest.mark.parametrize("number", ["", "\n{}"])
def test_a_table_of_contents_without_leaders_has_no_clauses(number: str) -> None:
    names = ["Rent", "Term", "Law"]
    listed = [f"{n}. {name}{number.format(n + 2)}" for n, name in enumerate(names, 1)]
    body = [f"{n}. {name}\n\nThe {name.lower()} is agreed." for n, name in enumerate(names, 1)]
    text = "\n".join(["CONTENTS", "", *listed, "", *body])
    assert outline(text) == [(1, f"{n}.", name) for n, name in enumerate(names, 1)]


def test_an_exhibits_title_is_not_its_first_clause() -> None:
    assert outline("1. Term\nOne year.\n\nEXHIBIT B\n\n1. Other.")[1:] == [
        (1, "EXHIBIT B", ""),
        (2, "1.", "Other"),
    ]


def test_clauses_in_the_rows_of_a_table_have_their_titles() -> None:
    text = "1. | Term | One year.\n2. | Rent. $ 1,000\n3. | Law | Ireland."
    assert [number for _, number, _ in outline(text)] == ["1.", "2.", "3."]
    assert not any("|" in title[:2] for _, _, title in outline(text))


def test_the_title_behind_a_table_of_contents_is_the_contracts_own() -> None:
    terms = ["1. Confidentiality", "2. Governing Law"]
    listed = "Page 1. Term 1\n\n" + "".join(f"{term} 1\n" for term in terms)
    body = "".join(f"{term}\n\nIt is agreed.\n\n" for term in terms)
    text = f"{listed}\nSUPPLY AGREEMENT\n\n{body}"
    assert all(title != "SUPPLY AGREEMENT" for _, _, title in outline(text))


@pytest.mark.parametrize(
    "numbers",
    [
        ["Article One", "Article Two", "Article Twenty"][:2],
        ["SECTION ONE", "SECTION TWO", "SECTION THREE"],
        ["First:", "Second:", "Third:"],
        ["FIRST.", "SECOND.", "THIRD."],
    ],
)
def test_numbers_in_words_count(numbers: list[str]) -> None:
    text = "".join(f"{number} The Goods\nThey are sold.\n\n" for number in numbers)
    assert outline(text) == [(1, number, "The Goods") for number in numbers]


def test_headings_in_title_case_that_repeat_a_style_are_found() -> None:
    body = (
        "The Seller sells and delivers the goods to the Buyer at the mill on the first of May.\n\n"
    )
    names = ["Sale of Goods", "Price and Payment", "Governing Law"]
    text = f"Supply Contract\n\n{body}" + "".join(f"{name}\n\n{body}" for name in names)
    assert outline(text) == [(1, "", name) for name in names]
    assert outline(f"{body}{names[0]}\n\n{body}{names[1]}\n\n{body}") == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Term; Renewal. It lasts a year.", "Term; Renewal"),
        ("The Seller Company\nmust deliver.", ""),
        ("Goods and Services and\nthe Price", ""),
        ("Sale of Goods\n\nThe Seller sells.", "Sale of Goods"),
        ("\n\nLaw; Courts. French law applies.", "Law; Courts"),
        ("The Seller may sell Goods", ""),
        ("Supply 1 1.2 Price 1", ""),
    ],
)
def test_the_beginning_of_a_sentence_is_no_title(line: str, title: str) -> None:
    assert outline(f"1. {line}\n\n2. End\n\nIt ends.")[0] == (1, "1.", title)


def test_tables_of_contents_over_and_over_take_a_bounded_number_of_steps() -> None:
    def steps(times: int) -> int:
        text = (
            "CONTENTS\n" * times
            + "".join(f"{n}. Confidentiality\n" for n in range(1, 1 + times)) * 2
        )
        count = 0

        def tracer(*_: object) -> None:
            nonlocal count
            count += 1

        found = list(labels(text))
        sys.setprofile(tracer)
        try:
            kept = without_contents(text, found)
        finally:
            sys.setprofile(None)
        assert len(kept) == times
        return count

    assert steps(800) < 5 * steps(200)


@pytest.mark.parametrize("style", range(len(STYLES)))
def test_the_clauses_of_composed_contracts_are_found(style: int) -> None:
    true = found = right = 0
    for seed in range(4):
        contract = compose(random.Random(seed), STYLES[style])  # noqa: S311 - no secret
        want, have = set(contract.headings), set(found_in(contract.text))
        true, found, right = true + len(want), found + len(have), right + len(want & have)
    assert right >= 0.97 * max(true, found)


@settings(deadline=None)
@given(st.text(alphabet="1a.()iAI \n\u00a7XSection"))
def test_any_text_has_clauses_in_order_within_it(text: str) -> None:
    clauses = clauses_of(document(text))
    starts = [clause.span.start for clause in clauses]
    assert starts == sorted(set(starts))
    assert all(0 <= c.span.start < c.span.end <= len(text) for c in clauses)


@pytest.mark.skipif("EXTRACTOR_CONTRACTS" not in os.environ, reason="needs the real contracts")
def test_the_headings_that_were_marked_by_hand_are_found() -> None:
    assert marked(Path(os.environ["EXTRACTOR_CONTRACTS"]))


def test_marks_hold_offsets_and_numbers_only() -> None:
    marks = json.loads(Path(__file__).with_name("heading_marks.json").read_text(encoding="utf-8"))
    assert len(marks) == 5
    for entry in marks.values():
        assert set(entry) == {"text_sha256", "headings"}
        assert all(isinstance(at, int) and len(number) < 20 for at, number in entry["headings"])
