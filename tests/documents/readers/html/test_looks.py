import pytest

from tests.documents.readers.html.reading import read

_STRUCK = "Struck through, and yet part of the text: {}"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Rent is $1,000<sup>1</sup> per month</p>", "Rent is $1,000[1] per month"),
        ("<p>10<sup>2</sup></p>", "10[2]"),
        ("<p>the Fee<sup>*</sup></p>", "the Fee[*]"),
        ("<p>the 1<sup>st</sup> day</p>", "the 1st day"),
        ("<p><sup>1</sup> Without tax</p>", "1 Without tax"),
        ("<p>1<sup>1</sup>/<sub>2</sub> days</p>", "1 1/2 days"),
        ("<p>$1,000<span style='vertical-align:super'>1</span></p>", "$1,000[1]"),
        ("<p>$1,000<font style='vertical-align: 4pt'>1</font></p>", "$1,000[1]"),
        ("<p>$1,000<font style='position:relative;top:-3pt'>1</font></p>", "$1,000[1]"),
        ("<p>$1,000<span style='position:relative;bottom:.4em'>1</span></p>", "$1,000[1]"),
        ("<style>.n{vertical-align:super}</style><p>$5<a class=n>1</a></p>", "$5[1]"),
        ("<p>$5<span style='vertical-align:super'><sup>1</sup></span></p>", "$5[1]"),
        ("<p>$5<sup style='font-size:85%; vertical-align:top'>1</sup></p>", "$5[1]"),
        ("<p>$5<font style='font-size:75%; vertical-align:top'>1</font></p>", "$5[1]"),
        ("<p>$5,<font style='font-size:12pt; vertical-align:top'>000</font></p>", "$5,000"),
        ("<p>$5[<sup>1</sup>]</p>", "$5[1]"),
        ("<p>$1,<sup style='vertical-align:baseline'>000</sup></p>", "$1,000"),
        ("<p>$1,<span style='position:relative;top:-1px'>000</span></p>", "$1,000"),
        ("<p>$1,<span style='vertical-align:sub'>000</span></p>", "$1,000"),
        ("<table><tr><td>a</td><td style='vertical-align:super'>5</td></tr></table>", "a | 5"),
    ],
)
def test_raised_figures_are_kept_apart_from_amounts(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    ("html", "passages"),
    [
        ("Fee <del>EUR 5</del> EUR 9", "1 passage"),
        ("<s>a</s> b <strike>c</strike>", "2 passages"),
        ("<s>a <b>b</b></s><s>c</s>", "1 passage"),
        ("<span style='text-decoration: underline line-through red'>a</span>", "1 passage"),
        ("<span style='text-decoration-line:line-through'>a</span>", "1 passage"),
        ("<style>.x{text-decoration:line-through}</style><i class=x><b>a</b></i>", "1 passage"),
        ("<del><p>a</p><p>b</p></del>", "2 passages"),
    ],
)
def test_struck_text_stays_and_is_told(html: str, passages: str) -> None:
    document = read(f"<div>{html}</div>")
    assert "a" in document.text or document.text == "Fee EUR 5 EUR 9"
    assert document.warnings == (_STRUCK.format(passages),)


@pytest.mark.parametrize(
    "html", ["<u>a</u>", "<s> </s>a", "<i style='text-decoration:underline'>a</i>", "<ins>a</ins>"]
)
def test_text_that_is_not_struck_is_not_told(html: str) -> None:
    document = read(f"<p>{html}</p>")
    assert document.text == "a"
    assert document.warnings == ()
