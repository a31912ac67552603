import pytest

from tests.documents.readers.html.reading import read


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<FONT FACE=Symbol>&#163;</FONT> 3.50:1.00", "≤ 3.50:1.00"),
        ("<font face='SymbolMT, serif'>&#179;</font> 3.50", "≥ 3.50"),
        (
            "<i style='font-family:Wingdings'>&#254;</i> Yes <font face=Wingdings>&#168;</font> No",
            "☑ Yes ☐ No",
        ),
        ("<i style='font:10pt/1.2 \"Wingdings 2\"'>R</i> Yes", "☑ Yes"),
        ("<i style='font-family:Wingdings'>&#61607;</i> due", "▪ due"),
        ("<i style='font-family:Wingdings'>&#159;</i> due", "• due"),
        ("<i style='font-family:Wingdings'>Ÿ</i> due", "• due"),
        ("<style>.s{font-family:'Symbol'}</style><b class=s><i>&#163;</i></b> 5", "≤ 5"),
        (
            "<b style='font-family:Symbol'>·<i style='font:7pt \"Times Roman\"'> £</i></b> 5",
            "• £ 5",
        ),
        ("<b style='font-family:Symbol'>&#163;<i style='font-family:inherit'>&#179;", "≤≥"),
    ],
)
def test_signs_of_symbol_fonts_are_what_they_show(html: str, text: str) -> None:
    assert read(f"<p>{html}</p>").text == text


@pytest.mark.parametrize(
    "html",
    [
        "£ 5",
        "<i style='font-family:Arial, Symbol'>£ 5</i>",
        "<i style='font-family:\"Segoe UI Symbol\"'>£ 5</i>",
        "<b style='font-family:Symbol'><i style='font:9pt Arial'>£ 5</i></b>",
        "<b style='font-family:Symbol'>£ 5 per share</b>",
        "<i style='font-family:Webdings'>£ 5</i>",
    ],
)
def test_words_and_signs_of_other_fonts_stay(html: str) -> None:
    assert read(f"<p>{html}</p>").text.startswith("£ 5")


def test_a_sign_that_is_not_known_stays() -> None:
    assert read("<p>Fee <i style='font-family:Symbol'>5 ! &#8364;</i></p>").text == "Fee 5 ! €"
