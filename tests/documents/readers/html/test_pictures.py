import pytest

from extractor.errors import EmptyDocumentError
from tests.documents.readers.html.reading import read


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<img src=ex101_1.jpg>", "1 picture"),
        ("<p><img src=1.jpg><p><img src=2.jpg width=600 height=800>", "2 pictures"),
        ("<div style='color:white;font-size:0'><img src=1.jpg></div>", "1 picture"),
        ("<img src=1.jpg style='width:100%'>", "1 picture"),
        ("<object data=1.svg><embed src=1.svg></object><embed src=2.pdf>", "2 pictures"),
        ("<img src='data:image/png;base64,AAAA'>", "1 picture"),
    ],
)
def test_pictures_are_told_as_left_out(html: str, told: str) -> None:
    document = read(f"<p>EXHIBIT 10.1</p>{html}")
    assert document.text == "EXHIBIT 10.1"
    assert document.warnings == (f"Left out: {told}",)


@pytest.mark.parametrize(
    "html",
    [
        "<img src=dot.gif width=1 height=1>",
        "<img src=icon.png width=16>",
        "<img src=icon.png style='height:24px'>",
        "<img src=line.gif width=600 height=2>",
        "<img src=1.jpg hidden>",
        "<div style='display:none'><img src=1.jpg></div>",
        "<div style='visibility:hidden'><img src=1.jpg></div>",
        "<img src='cid:1@mail'>",
    ],
)
def test_icons_and_what_nobody_sees_are_not_told(html: str) -> None:
    assert read(f"<p>Fee</p>{html}").warnings == ()


def test_a_page_of_nothing_but_pictures_says_so() -> None:
    with pytest.raises(EmptyDocumentError) as caught:
        read("<body><img src=1.jpg><img src=2.jpg></body>")
    assert caught.value.hint == "Left out: 2 pictures"
