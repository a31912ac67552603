from collections.abc import Callable

import pytest

from extractor.documents.definitions import definitions_of
from extractor.documents.document import Document

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


def test_a_definition_spans_what_defines_it(paged: MakePaged) -> None:
    text = 'Intro.\n\n"Goods" means things;\n"Price" means money.\n\nAcme (the "Seller") sells.'
    found = {d.term: text[d.span.start : d.span.end] for d in definitions_of(paged(text))}
    assert found == {
        "Goods": '"Goods" means things;',
        "Price": '"Price" means money.',
        "Seller": 'Acme (the "Seller")',
    }
