import pytest

from tests.documents.readers.html.reading import read


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("<input value='EUR 9'>", "Fee EUR 9 due"),
        ("<input type=Number value=9>", "Fee 9 due"),
        ("<input type=submit value=Sign>", "Fee Sign due"),
        ("<input type=hidden value=secret>", "Fee due"),
        ("<input type=password value=secret>", "Fee due"),
        ("<input placeholder='your fee'>", "Fee due"),
        ("<input type=checkbox>", "Fee ☐ due"),
        ("<input type=checkbox value=on checked>", "Fee ☒ due"),
        ("<input type=radio>", "Fee ○ due"),
        ("<input type=radio checked>", "Fee ◉ due"),
        ("<button>Sign</button>", "Fee Sign due"),
    ],
)
def test_fields_show_what_browsers_show(field: str, text: str) -> None:
    document = read(f"<p>Fee {field} due</p>")
    assert document.text == text
    assert document.warnings == ()


def test_a_text_area_keeps_its_lines() -> None:
    assert read("<p>Fee <textarea>EUR  9\nnet</textarea> due</p>").text == "Fee\nEUR  9\nnet\ndue"


@pytest.mark.parametrize(
    ("attributes", "options", "shown", "left_out"),
    [
        ("", "<option>a<option selected>b<option>c", ["b"], "2 options"),
        ("", "<option disabled>choose<option>a", ["a"], "1 option"),
        ("", "<option selected>a<option selected>b", ["b"], "1 option"),
        ("multiple", "<option selected>a<option>b<option selected>c", ["a", "c"], "1 option"),
        ("", "<optgroup label=x><option>a</optgroup><option>b", ["a"], "1 option"),
    ],
)
def test_a_list_shows_what_was_chosen(
    attributes: str, options: str, shown: list[str], left_out: str
) -> None:
    document = read(f"<p>Term</p><select {attributes}>{options}</select><p>End</p>")
    assert document.text.split() == ["Term", *shown, "End"]
    assert document.warnings == (f"Left out: {left_out} of forms that nobody chose",)


def test_a_hidden_field_is_hidden() -> None:
    document = read("<p>Fee <input value=9 style='display:none'></p>")
    assert document.text == "Fee"
    assert [piece.text for piece in document.hidden] == ["9"]
