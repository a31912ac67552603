import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.readers.html.colours import WHITE, colour, over
from tests.documents.readers.html.reading import read

_WHITES = (
    *("white", "#fff", "#FFF", "#ffff", "#ffffff", "#ffffffff", "rgb(255,255,255)", "snow"),
    *("rgb(255 255 255)", "rgb(255 255 255 / 1)", "rgb(100%, 100%, 100%)", "#fefefe", "ivory"),
    *("rgba(255, 255, 255, .9)", "hsl(0,0%,100%)", "hsl(0deg 0% 100%)", "hsla(.5turn 9% 99% / 1)"),
    *("rgb(100% 100% 100% / 100%)", "rgba(0,0,0,.06)", "canvas"),
)


@pytest.mark.parametrize("ink", _WHITES)
def test_white_text_on_white_is_told_in_every_notation(ink: str) -> None:
    document = read(f"<p>Fee<span style='color:{ink}'> EUR 9</span></p>")
    assert document.text == "Fee"
    assert [(piece.text, piece.reason) for piece in document.hidden] == [("EUR 9", "white")]


@pytest.mark.parametrize(
    "ink",
    ["transparent", "rgba(0,0,0,0)", "rgb(0 0 0 / 0%)", "#0000", "#00000000", "hsla(0,0%,0%,0)"],
)
def test_ink_that_lets_all_through_is_told(ink: str) -> None:
    document = read(f"<p style='background:url(x.png)'>Fee<i style='color:{ink}'>EUR 9</i></p>")
    assert [(piece.text, piece.reason) for piece in document.hidden] == [("EUR 9", "invisible")]


@pytest.mark.parametrize(
    "page",
    [
        "<div style='background:#003366'><span style='color:white'>Fee</span></div>",
        "<div style='background:navy url(x.png)'><span style='color:navy'>Fee</span></div>",
        "<p style='background:linear-gradient(red, blue);color:white'>Fee</p>",
        "<p style='background-image:url(x.png);color:white'>Fee</p>",
        "<table background=x.png><tr><td style='color:white'>Fee</td></tr></table>",
        "<table bgcolor=black><tr><td><font color=#ffffff>Fee</font></td></tr></table>",
        "<p style='color:oklch(40% 0.2 20)'>Fee</p>",
        "<p style='color:var(--ink)'>Fee</p>",
        "<p style='color:#777'>Fee</p>",
        "<p style='color:rgba(0,0,0,.5)'>Fee</p>",
        "<div style='color:white'><p style='color:black'>Fee</p></div>",
    ],
)
def test_text_of_another_colour_than_its_ground_is_seen(page: str) -> None:
    document = read(page)
    assert document.text == "Fee"
    assert document.hidden == ()


@pytest.mark.parametrize(
    "page",
    [
        "<font color=white>Fee</font>",
        "<div style='color:white'><p style='color:inherit'>Fee</p></div>",
        "<p style='background:none no-repeat;color:white'>Fee</p>",
        "<div style='background:black'><p style='color:#010101'>Fee</p></div>",
        "<div style='background:#000'><p style='background:#0001;color:#000'>Fee</p></div>",
        "<div style='background:url(x)'><p style='background:teal;color:teal'>Fee</p></div>",
    ],
)
def test_text_of_the_colour_of_its_ground_is_told(page: str) -> None:
    document = read(f"<p style='color:red'>Shown</p>{page}")
    assert document.text == "Shown"
    assert [(piece.text, piece.reason) for piece in document.hidden] == [("Fee", "white")]


def test_a_page_has_an_ink_of_its_own() -> None:
    document = read("<body text=white><p>Fee</p><p style='color:red'>Shown</p></body>")
    assert document.text == "Shown"
    assert [(piece.text, piece.reason) for piece in document.hidden] == [("Fee", "white")]


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_is_one_in_every_notation(parts: tuple[int, int, int]) -> None:
    red, green, blue = parts
    same = (
        f"#{red:02x}{green:02X}{blue:02x}",
        f"#{red:02x}{green:02x}{blue:02x}ff",
        f"RGB( {red} , {green},{blue})",
        f"rgba({red} {green} {blue} / 100%)",
        f"url(x.png) no-repeat rgb({red},{green},{blue})",
    )
    assert {colour(text) for text in same} == {(red, green, blue, 1)}
    assert over((red, green, blue, 0), WHITE) == WHITE


@given(st.text("rgbahslcolortransparent#0123456789%/(), .-", max_size=40))
def test_any_text_is_a_colour_or_none(text: str) -> None:
    found = colour(text)
    assert found is None or all(0 <= part <= 255 for part in found)
