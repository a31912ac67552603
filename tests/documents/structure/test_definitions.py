from collections.abc import Callable

import pytest

from extractor.documents.document import Document
from extractor.documents.structure.definitions import definitions_of

MakePaged = Callable[..., Document]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('"Goods" means all things sold.', ["Goods"]),
        ("\u201cNet Sales\u201d shall mean the gross price less tax.", ["Net Sales"]),
        ('"Fee" has the meaning set forth in Section 2.', ["Fee"]),
        ('Acme Ltd (the "Landlord") lets the house.', ["Landlord"]),
        ('Acme Ltd (hereinafter referred to as "Acme" or the "Seller").', ["Acme", "Seller"]),
        ('Acme (collectively with its subsidiaries and units, the "Company") sells.', ["Company"]),
        ('He said "hello" to everybody.', []),
        ("\u2018Confidential Information\u2019 means all of it.", ["Confidential Information"]),
        ("Acme Ltd (the \u2018Supplier\u2019) and Bolt (\u2018Bolt\u2019).", ["Supplier", "Bolt"]),
        ("Acme Ltd (the 'Supplier') lets it.", ["Supplier"]),
        ("\u2018Driver\u2019s Licence\u2019 means a card.", ["Driver\u2019s Licence"]),
        ("The Parties' means and the Suppliers' means; the 'Fund' means both.", ["Fund"]),
        ("The Parties\u2019 duties (to the Suppliers\u2019 men) include all.", []),
        ('Acme Ltd, hereinafter called "Lessor", lets it.', ["Lessor"]),
        ("Acme, hereafter jointly\nreferred to as the \u201cSellers\u201d.", ["Sellers"]),
        ('Ada Pell, hereinafter "Pell" or the "Author".', ["Pell", "Author"]),
        ('As said hereinafter, "no" is an answer.', []),
        ('"Net Sales" shall be defined as the price.', ["Net Sales"]),
        ('"Subsidiary" of any Person means a company it controls.', ["Subsidiary"]),
    ],
)
def test_defined_terms_are_found(text: str, terms: list[str], paged: MakePaged) -> None:
    assert [definition.term for definition in definitions_of(paged(text))] == terms


def test_a_definition_ends_with_its_paragraph_where_no_blank_line_follows(paged: MakePaged) -> None:
    first = (
        '"Goods" means all of the things that the seller has sold to the buyer\nunder this deed.'
    )
    text = (
        f"{first}\nThe parties have agreed on the price of all of them before they met.\nSo be it."
    )
    (found,) = definitions_of(paged(text))
    assert text[found.span.start : found.span.end] == first


def test_a_definition_without_a_bracket_spans_the_sentence_so_far(paged: MakePaged) -> None:
    text = 'This is a deed. Acme Ltd of Hull, hereinafter called the "Lessor", lets the mill.'
    (found,) = definitions_of(paged(text))
    assert text[found.span.start : found.span.end] == (
        'Acme Ltd of Hull, hereinafter called the "Lessor"'
    )


def test_a_definition_ends_where_the_next_one_in_single_quotes_begins(paged: MakePaged) -> None:
    text = "\u2018Goods\u2019 means things;\n\u2018Price\u2019 means money."
    spans = [found.span for found in definitions_of(paged(text))]
    assert [text[span.start : span.end] for span in spans] == text.split("\n")


def test_a_definition_spans_the_list_in_it_and_ends_where_the_next_item_defines_a_term(
    paged: MakePaged,
) -> None:
    loss = "(a) \u201cLoss\u201d means:\n(i) damage;\n(ii) costs; or\n(iii) both;"
    text = f"{loss}\n(b) \u201cGain\u201d means profit.\n2.1 It is shared."
    spans = [found.span for found in definitions_of(paged(text))]
    assert [text[span.start : span.end] for span in spans] == [
        loss.removeprefix("(a) "),
        "\u201cGain\u201d means profit.",
    ]


def test_a_definition_spans_what_defines_it(paged: MakePaged) -> None:
    text = 'Intro.\n\n"Goods" means things;\n"Price" means money.\n\nAcme (the "Seller") sells.'
    found = {d.term: text[d.span.start : d.span.end] for d in definitions_of(paged(text))}
    assert found == {
        "Goods": '"Goods" means things;',
        "Price": '"Price" means money.',
        "Seller": 'Acme (the "Seller")',
    }
