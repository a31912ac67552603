import pytest

from extractor.documents.readers.symbols import bullet
from tests.documents.readers.docx.building import level, lists, numbered, paragraph, read, run


def _fonts(low: str, high: str | None = None) -> str:
    return f'<w:rFonts w:ascii="{low}" w:hAnsi="{low if high is None else high}"/>'


_WINGDINGS = _fonts("Wingdings")
_UNKNOWN = "Left out: symbols that Unicode does not have ({})"


@pytest.mark.parametrize(
    ("written", "look", "shown"),
    [
        ("\uf0a3", _fonts("Symbol"), "≤"),
        ("\uf0b3", '<w:rFonts w:ascii="Symbol"/>', "≥"),
        ("\xa3 3.50 \uf02b", _fonts("symbol"), "≤ 3.50 +"),
        ("abD", _fonts("Symbol"), "αβΔ"),
        ("\xfe", _WINGDINGS, "☑"),
        ("\xfe", '<w:rFonts w:ascii="Wingdings"/>', "☑"),
        ("o\uf06f\xa8\xa0x", _WINGDINGS, "□□☐\xa0☒"),
        ("a r", _fonts("Webdings"), "✓ ✗"),
        ("≤ Ж", _fonts("Symbol"), "≤ Ж"),
    ],
)
def test_text_in_a_font_of_symbols_is_the_signs_that_it_shows(
    written: str, look: str, shown: str
) -> None:
    document = read(paragraph("Ratio: ", run(written, look), " x"))
    assert document.text == f"Ratio: {shown} x"
    assert document.warnings == ()


def test_each_of_two_fonts_shows_its_own_characters() -> None:
    assert read(paragraph(run("o\xfe\uf0fe", _fonts("Wingdings", "Arial")))).text == "□þ☑"
    assert read(paragraph(run("o\xfe\uf0fe", _fonts("Arial", "Wingdings")))).text == "o☑☑"


def test_a_theme_and_a_run_of_its_own_take_the_font_of_symbols_away() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Box"><w:rPr><w:rFonts w:ascii="Wingdings" '
        'w:hAnsi="Wingdings"/></w:rPr></w:style>'
    )
    boxed = '<w:rStyle w:val="Box"/>'
    theme = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
    body = paragraph(run("o", boxed), run("o", boxed + theme), run("o", boxed + _fonts("Arial")))
    assert read(body, styles=styles).text == "□oo"


def test_symbols_that_nobody_knows_are_told_wherever_they_stand() -> None:
    document = read(
        paragraph("x ", run("\uf0fe \ue123 \ufffd"), run("Z\xd1", _fonts("Wingdings 3")))
    )
    assert document.text == "x \uf0fe \ue123 \ufffd\ufffd\ufffd"
    assert document.warnings == (_UNKNOWN.format(4),)


def test_fields_are_in_the_font_of_their_run() -> None:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end")]
    look = f"<w:rPr>{_WINGDINGS}</w:rPr>"
    symbol = "<w:instrText>SYMBOL 168</w:instrText>"
    box = f"<w:r>{look}<w:instrText>\xfe</w:instrText></w:r>"
    button = f"<w:r><w:instrText>MACROBUTTON Tick </w:instrText></w:r>{box}"
    fields = (button, f"<w:r>{look}{symbol}</w:r>")
    ended = marks[1].replace("<w:r>", f"<w:r>{look}")
    assert read(paragraph(*(f"{marks[0]}{field}{ended}" for field in fields))).text == "☑☐"


def test_a_bullet_is_a_sign_and_never_a_mark_of_a_paragraph() -> None:
    font = f"<w:rPr>{_WINGDINGS}</w:rPr></w:lvl>"
    section = level(0, "§", "bullet").replace("</w:lvl>", font)
    assert read(numbered("x"), numbering=lists(section)).text == "▪\tx"
    assert [bullet("o", "Courier New"), bullet("\uf0b7", ""), bullet("\uf0b7", "Symbol")] == [
        *("o", "•", "•"),
    ]
