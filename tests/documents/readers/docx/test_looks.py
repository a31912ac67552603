import pytest

from tests.documents.readers.docx.building import paragraph, read, run

_UP = '<w:vertAlign w:val="superscript"/>'
_STYLES = f"""
<w:style w:type="paragraph" w:styleId="Raised"><w:rPr>{_UP}</w:rPr></w:style>
<w:style w:type="character" w:styleId="Note"><w:rPr>{_UP}</w:rPr></w:style>
<w:style w:type="character" w:styleId="OfNote"><w:basedOn w:val="Note"/></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>
"""
_STRUCK = "Struck through, and yet part of the text: {}"


@pytest.mark.parametrize(
    ("raised", "text"),
    [
        ("1", "$1,000[1]"),
        ("*", "$1,000[*]"),
        ("1, 2", "$1,000[1, 2]"),
        ("th", "$1,000th"),
        ("(1)", "$1,000(1)"),
        ("1/2", "$1,000 1/2"),
    ],
)
@pytest.mark.parametrize(
    "look",
    [
        _UP,
        '<w:rStyle w:val="Note"/>',
        '<w:rStyle w:val="OfNote"/>',
        '<w:position w:val="6"/>',
    ],
)
def test_raised_figures_are_kept_apart_from_amounts(look: str, raised: str, text: str) -> None:
    assert read(paragraph("$1,000", run(raised, look)), styles=_STYLES).text == text


@pytest.mark.parametrize(
    "look",
    [
        f'<w:rStyle w:val="Note"/>{_UP.replace("superscript", "baseline")}',
        '<w:position w:val="2"/>',
        '<w:position w:val="-6"/>',
        '<w:vertAlign w:val="subscript"/>',
    ],
)
def test_figures_on_the_line_belong_to_their_amount(look: str) -> None:
    assert read(paragraph("$1,", run("000", look)), styles=_STYLES).text == "$1,000"


def test_a_raised_figure_over_a_lowered_one_is_a_fraction() -> None:
    lowered = '<w:vertAlign w:val="subscript"/>'
    text = paragraph("5", run("1", _UP), run("/"), run("2", lowered), run("%"))
    assert read(text, styles=_STYLES).text == "5 1/2%"


def test_a_paragraph_that_its_style_raises_is_no_mark_within() -> None:
    raised = paragraph("12", "34", properties='<w:pStyle w:val="Raised"/>')
    assert read(raised, styles=_STYLES).text == "1234"
    flat = run("EUR ", _UP.replace("superscript", "baseline"))
    mixed = paragraph("12", flat, "34", properties='<w:pStyle w:val="Raised"/>')
    assert read(mixed, styles=_STYLES).text == "12EUR 34"


def test_a_mark_in_two_runs_is_one_mark() -> None:
    assert read(paragraph("10", run("1", _UP), run("2", _UP), " m")).text == "10[12] m"


def test_a_notes_mark_of_the_authors_own_is_kept_apart() -> None:
    cite = (
        f"<w:r><w:rPr>{_UP}</w:rPr>"
        '<w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>2</w:t></w:r>'
    )
    document = read(
        paragraph("$1,000", cite),
        footnotes=f'<w:footnote w:id="1">{paragraph("2 Net")}</w:footnote>',
    )
    assert document.text == "$1,000[2]\n2 Net"


@pytest.mark.parametrize(
    "look",
    [
        "<w:strike/>",
        "<w:dstrike/>",
        '<w:strike/><w:dstrike w:val="0"/>',
        '<w:rStyle w:val="Struck"/>',
    ],
)
def test_struck_text_stays_and_is_told(look: str) -> None:
    document = read(paragraph("Fee: ", run("EUR ", look), run("5", look), "EUR 9"), styles=_STYLES)
    assert document.text == "Fee: EUR 5EUR 9"
    assert document.warnings == (_STRUCK.format("1 passage"),)


@pytest.mark.parametrize(
    "look", ['<w:strike w:val="0"/>', '<w:strike w:val="false"/>', '<w:dstrike w:val="off"/>']
)
def test_text_that_is_not_struck_is_not_told(look: str) -> None:
    document = read(paragraph("Fee: ", run("EUR 5", look)))
    assert document.text == "Fee: EUR 5"
    assert document.warnings == ()


def test_each_struck_passage_counts_but_blanks_do_not() -> None:
    struck = "<w:strike/>"
    body = paragraph(run("a", struck), "b", run("c", struck), run(" ", struck))
    assert read(body + paragraph(run("d", struck))).warnings == (_STRUCK.format("3 passages"),)


def test_struck_by_paragraph_and_character_style_is_not_struck() -> None:
    toggled = run("kept", '<w:rStyle w:val="Struck"/>')
    document = read(paragraph(toggled, properties='<w:pStyle w:val="Gone"/>'), styles=_STYLES)
    assert document.warnings == ()
