import pytest

from tests.documents.readers.html.reading import read

_CSS = (
    "/* x */ .a{display:none} span.b.c{color:white} #d{visibility:hidden} p .in{display:none}"
    "@media screen { .never { display: none } } @media print { p { display: none } }"
)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("style='display:none'", "styled"),
        ("style='DISPLAY : None !important'", "styled"),
        ("style='visibility:hidden'", "invisible"),
        ("style='visibility: collapse'", "invisible"),
        ("style='opacity:0'", "styled"),
        ("style='opacity:.04'", "styled"),
        ("style='opacity: 1e-9'", "styled"),
        ("style='opacity:1%'", "styled"),
        ("style='filter:blur(2px) opacity(0)'", "styled"),
        ("style='content-visibility:hidden'", "styled"),
        ("hidden", "styled"),
        ("style='font-size:0'", "tiny"),
        ("style='font-size:1px'", "tiny"),
        ("style='font-size:1.9pt'", "tiny"),
        ("style='font-size:10%'", "tiny"),
        ("style='font:1px Arial'", "tiny"),
        ("style='font-size:12pt;font:0/0 a'", "tiny"),
        ("style='position:absolute;left:-9999px'", "off_page"),
        ("style='position:fixed;top:-300em'", "off_page"),
        ("style='position:absolute;left:99999px'", "off_page"),
        ("style='position:absolute;left:-100vw'", "off_page"),
        ("style='position:absolute;inset:0 0 0 -9999px'", "off_page"),
        ("style='margin-left:-9999px'", "off_page"),
        ("style='margin:0 0 0 -9999px'", "off_page"),
        ("style='display:block;text-indent:-9999px'", "off_page"),
        ("style='display:block;transform:translate(-9999px, 0)'", "off_page"),
        ("style='display:block;transform:translateY(-9999px)'", "off_page"),
        ("style='display:block;translate:-9999px'", "off_page"),
        ("style='display:block;transform:scale(0)'", "styled"),
        ("style='display:block;transform:rotate(9deg) scaleX(.01)'", "styled"),
        ("style='display:block;transform:matrix(0,0,0,0,0,0)'", "styled"),
        ("style='display:block;scale:0'", "styled"),
        ("style='position:absolute;clip:rect(0,0,0,0)'", "styled"),
        ("style='position:absolute;clip:rect(1px 1px 1px 1px)'", "styled"),
        ("style='clip-path:inset(50%)'", "styled"),
        ("style='clip-path:inset(0 100% 0 0 round 2px)'", "styled"),
        ("style='clip-path:circle(0)'", "styled"),
        ("style='clip-path:polygon(0 0, 0 0, 0 0)'", "styled"),
        ("style='display:block;height:0;overflow:hidden'", "styled"),
        ("style='display:block;max-height:0;overflow:hidden'", "styled"),
        ("style='display:inline-block;width:0;overflow:clip'", "styled"),
        ("style='position:absolute;width:1px;height:1px;overflow:hidden'", "styled"),
        ("class='a'", "styled"),
        ("class='b c'", "white"),
        ("id='d'", "invisible"),
        ("class='in'", "styled"),
    ],
)
def test_hidden_elements_are_kept_apart(attributes: str, reason: str) -> None:
    document = read(f"<style>{_CSS}</style><p>Fee<span {attributes}> EUR <i>9</i></span>!</p>")
    assert document.text.replace("\n", "") == "Fee!"
    assert [(piece.text, piece.reason) for piece in document.hidden] == [("EUR 9", reason)]
    assert document.warnings == (f"Hidden text was left out: 1 passage ({reason})",)


@pytest.mark.parametrize(
    "style",
    [
        "opacity:.5",
        "opacity:inherit",
        "transform:scale(0)",  # a part of a line has no box
        "transform:matrix(0,1,-1,0,0,0)",
        "display:block;transform:matrix(0,1,-1,0,0,0)",
        "display:block;transform:translate(-50%, -50%)",
        "text-indent:-9999px",
        "display:block;text-indent:-36pt",
        "height:0;overflow:hidden",
        "display:block;height:0",
        "display:block;height:0;overflow:hidden;padding-bottom:50%",
        "display:block;height:0;overflow:hidden;min-height:20px",
        "display:block;width:1%;overflow:hidden",
        "clip:rect(0,0,0,0)",  # holds out of the flow only
        "position:absolute;clip:rect(auto,auto,auto,auto)",
        "position:absolute;clip:rect(0,100px,20px,0)",
        "clip-path:inset(5px)",
        "clip-path:inset(0 0 40% 40%)",
        "clip-path:circle(50%)",
        "clip-path:polygon(0 0, 100% 0, 100% 100%)",
        "position:absolute;top:90000px",
        "left:-9999px",
        "margin:0 auto",
        "visibility:inherit",
        "font-size:2pt",
        "font:bold 700 12px/1.2 Arial",
        "display:none!ie",
        "opacity:1e99999",
    ],
)
def test_what_only_looks_like_hiding_hides_nothing(style: str) -> None:
    document = read(f"<p>Fee <span style='{style}'>EUR 9</span></p>")
    assert document.text.split() == ["Fee", "EUR", "9"]
    assert document.hidden == ()


@pytest.mark.parametrize(
    "page",
    [
        "<div style='visibility:hidden'><p style='visibility:visible'>Fee</p></div>",
        "<div style='font-size:0'><p style='font-size:10pt'>Fee</p></div>",
        "<style>.x{display:none} p.x{display:block}</style><p class=x>Fee</p>",
        "<p hidden style='display:block'>Fee</p>",
        "<dialog open>Fee</dialog>",
        "<table><tr style='height:0;overflow:hidden'><td>Fee</td></tr></table>",
        "<style>p{display:block!important}</style><p style='display:none'>Fee</p>",
        "<style>p{display:none!important}</style><p style='display:block!important'>Fee</p>",
    ],
)
def test_what_can_be_seen_is_text(page: str) -> None:
    document = read(page)
    assert document.text == "Fee"
    assert document.hidden == ()


@pytest.mark.parametrize(
    "page",
    [
        "<style>.x{display:none!important} #y{display:block}</style><p class=x id=y>Fee</p>",
        "<style>i{display:none!important}</style><i style='display:block'>Fee</i>",
        "<div style='visibility:hidden'><p style='visibility:inherit'>Fee</p></div>",
        "<div style='opacity:0'><p style='opacity:1'>Fee</p></div>",
        "<noscript>Fee</noscript>",
        "<dialog>Fee</dialog>",
        "<template><p>Fee</p></template>",
        "<video><p>Fee</p></video>",
    ],
)
def test_what_nobody_sees_is_told(page: str) -> None:
    document = read(f"<p>Shown</p>{page}")
    assert document.text == "Shown"
    assert [piece.text for piece in document.hidden] == ["Fee"]


def test_a_rule_for_what_is_directly_within_another_element_holds_no_deeper() -> None:
    style = "<style>div>p{display:none} .a > .b i{display:none}</style>"
    page = (
        "<div><p>x</p><section><p>Fee</p></section></div><p class=a><b class=b>is<i>x</i></b></p>"
    )
    assert (
        read(f"{style}{page}<p class=a><u><b class=b><i>due</i></b></u></p>").text == "Fee\nis\ndue"
    )


def test_styles_without_end_are_read_in_time() -> None:
    values = "a" * 300_000, " " * 300_000, "a(" * 100_000, "1" * 300_000
    page = "".join(
        f"<p style='clip-path:{value};color:{value};opacity:{value}'>Fee</p>" for value in values
    )
    assert read(page).text.count("Fee") == len(values)
