import pytest

from extractor.documents.options import ReadOptions
from extractor.documents.readers.html import read_html
from tests.documents.readers.html.reading import read

_GOOGLE = (
    "<style type='text/css'>"
    "ol.lst-a-0.start{counter-reset:ctn-a-0 0}ol.lst-a-1.start{counter-reset:ctn-a-1 0}"
    "ol.lst-a-0{list-style-type:none}ol.lst-a-1{list-style-type:none}ul.lst-b{list-style-type:none}"
    ".lst-a-0>li{counter-increment:ctn-a-0}.lst-a-1>li{counter-increment:ctn-a-1}"
    '.lst-a-0>li:before{content:"" counter(ctn-a-0,decimal) ". "}'
    '.lst-a-1>li:before{content:"" counter(ctn-a-0,decimal) "." counter(ctn-a-1,lower-latin) " "}'
    '.lst-b>li:before{content:"\\0025cf  "}</style>'
)


def test_list_items_begin_with_their_number() -> None:
    page = (
        "<ol type=a start=3><li>c</li><li><p>d</p></li><li value=7>g</li></ol>"
        "<ol style='list-style-type: upper-roman'><li>one<ul><li>in</ul></ol>"
        "<ol style='list-style:none'><li>bare</ol>"
    )
    assert read(page).text == "c. c\nd. d\ng. g\nI. one\n• in\nbare"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<ol><li><ol type=a><li>first<li>second</ol><li>last</ol>",
            "1. a. first\nb. second\n2. last",
        ),
        ("<ol style='list-style:inside decimal'><li>a</ol>", "1. a"),
        ("<ul style='list-style: outside url(x.gif) upper-roman'><li>a</ul>", "I. a"),
        ("<ol style='list-style: none outside'><li>a</ol>", "a"),
        ("<ol style='list-style: inside'><li>a</ol>", "• a"),
        ("<ol style='list-style-type: inherit'><li>a</ol>", "1. a"),
        ("<ol><li>a<li style='display:none'>x<li>b</ol>", "1. a\n2. b"),
        ("<ol><li>a<li style='visibility:hidden'>x<li>b</ol>", "1. a\n3. b"),
        ("<p>a</p><ul style='display:none'><li>x</ul>", "a"),
    ],
)
def test_lists_are_numbered_as_browsers_do(html: str, text: str) -> None:
    assert read(html).text == text


def test_a_hidden_item_that_is_taken_has_no_number() -> None:
    page = b"<ol><li>a<li hidden>x<li>b</ol>"
    assert read_html(page, "x.htm", ReadOptions(hidden=True)).text == "1. a\nx\n2. b"


def test_lists_of_google_docs_have_the_numbers_that_their_style_sheet_makes() -> None:
    document = read(
        f"{_GOOGLE}<ol class='lst-a-0 start'><li>Definitions<li>Term</ol>"
        "<ol class='lst-a-1 start'><li>Start<li>End</ol><ol class='lst-a-0'><li>Fees</ol>"
        "<ol class='lst-a-1 start'><li>Euro</ol><ul class='lst-b'><li>due"
    )
    assert document.text.split("\n") == [
        "1. Definitions",
        "2. Term",
        "2.a Start",
        "2.b End",
        "3. Fees",
        "3.a Euro",
        "● due",
    ]
    assert document.warnings == ()


def test_counters_of_nested_lists_are_written_together() -> None:
    style = (
        "ol{counter-reset:Item;list-style:none}li:before{counter-increment:item}"
        "li{counter-increment:item 0} li::before{content:counters(item,'.') ' '}"
    )
    page = "<ol><li>a<ol><li>b<li>c</ol><li>d<ol><li>e</ol></ol>"
    assert read(f"<style>{style}</style>{page}").text == "1 a\n1.1 b\n1.2 c\n2 d\n2.1 e"


def test_headings_are_numbered_too_and_hidden_ones_do_not_count() -> None:
    style = "h2{counter-increment:s} h2:before{content:'Article ' counter(s, upper-roman) '. '}"
    page = "<h2>Term</h2><h2 style='display:none'>x</h2><h2>Fee</h2>"
    assert read(f"<style>{style}</style>{page}").text == "Article I. Term\nArticle II. Fee"


@pytest.mark.parametrize(
    "rule",
    [
        "p:before{content:'x'}",
        "p:before{content:attr(title)}",
        "p:before{content:none}",
        "p:after{content:counter(a)}",
        "li:before{content:'\\f101'}",
        "p:before{content:counter(a);display:none}",
    ],
)
def test_what_else_a_style_sheet_puts_before_text_is_ornament(rule: str) -> None:
    document = read(f"<style>{rule}</style><p>Fee</p><ul style='list-style:none'><li>due</ul>")
    assert document.text == "Fee\ndue"
    assert document.warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        "counter(a, my-style)",
        "counter(a) attr(x)",
        "counters(a)",
        "counter(a) 'x" + "x" * 200 + "'",
    ],
)
def test_numbers_that_cannot_be_made_are_told(content: str) -> None:
    page = f"<style>li{{list-style:none}} li:before{{content:{content}}}</style><ol><li>a<li>b</ol>"
    document = read(page)
    assert document.text == "a\nb"
    assert document.warnings == ("Left out: 2 numbers that its style sheet makes",)


def test_counters_without_end_are_read_in_time() -> None:
    names = " ".join(f"c{number}" for number in range(2_000))
    style = f"i{{counter-reset:{names}}} i:before{{content:counters(c1,'.')}}"
    style += f"li:before{{content:{'counter(c1)' * 2_000}}} b:before{{content:{'(' * 200_000}}}"
    page = "<i>" * 1_000 + "<li>a</li>" * 5_000
    assert read(f"<style>{style}</style>{page}").text.endswith("a")
