import pytest

from extractor.documents.document import Document
from tests.documents.readers.docx.building import paragraph, read, run

_UNTAKEN = "Left out: other words for programs other than Word (1)"


def _hidden(document: Document) -> list[str]:
    return [piece.text for piece in document.hidden]


def _wordart(text: str, *, look: str = "", on: str = "t") -> str:
    path = f'<v:textpath on="{on}" string="{text}"/>'
    return f'<w:r><w:pict><v:shape style="{look}">{path}</v:shape></w:pict></w:r>'


def _alternatives(choice: str, fallback: str, requires: str = "w14") -> str:
    return (
        f'<w:p><mc:AlternateContent><mc:Choice Requires="{requires}">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:p>"
    )


def test_wordart_follows_its_paragraph() -> None:
    document = read(paragraph("Lease", _wordart("DRAFT&#10;only &lt;1&gt;")) + paragraph("Rent"))
    assert document.text == "Lease\nDRAFT\nonly <1>\nRent"
    assert document.hidden == ()


@pytest.mark.parametrize("look", [{"look": "visibility:hidden"}, {"on": "f"}])
def test_hidden_wordart_is_told(look: dict[str, str]) -> None:
    document = read(paragraph("Lease", _wordart("DRAFT", **look)))
    assert document.text == "Lease"
    assert _hidden(document) == ["DRAFT"]


def test_wordart_in_a_hidden_run_is_hidden() -> None:
    art = _wordart("DRAFT").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    assert _hidden(read(paragraph("Lease", art))) == ["DRAFT"]


def test_words_of_drawn_shapes_follow_their_paragraph() -> None:
    shape = (
        "<w:r><w:drawing><a:txBody><a:p><a:r><a:t>Fee </a:t></a:r><a:r><a:t>5</a:t></a:r></a:p>"
        "<a:p/><a:p><a:r><a:t>Term</a:t></a:r></a:p></a:txBody></w:drawing></w:r>"
    )
    assert read(paragraph("Plan", shape)).text == "Plan\nFee 5\nTerm"


def test_of_alternatives_the_first_with_words_is_taken() -> None:
    assert read(_alternatives("", run("The fee is due."))).text == "The fee is due."
    assert read(_alternatives(run("New words."), run("Old words."))).text == "New words."


@pytest.mark.parametrize("requires", ["foo", "w14 foo", "unbound", ""])
def test_an_alternative_that_word_would_not_take_is_not_taken(requires: str) -> None:
    body = _alternatives(run("Fee 5"), run("Fee 9"), requires).replace(
        "<w:p>", '<w:p xmlns:foo="urn:of-nobody">', 1
    )
    document = read(body)
    assert document.text == "Fee 9"
    assert document.warnings == (_UNTAKEN,)


def test_other_words_of_another_alternative_are_told() -> None:
    same = read(_alternatives(run("Fee 5"), run("Fee") + run(" 5")))
    assert (same.text, same.warnings) == ("Fee 5", ())
    other = read(_alternatives(run("Fee 5"), run("Fee 9")))
    assert (other.text, other.warnings) == ("Fee 5", (_UNTAKEN,))


def test_alternatives_none_of_which_word_takes_are_told() -> None:
    body = _alternatives(run("Fee 5"), "", "unbound").replace("<mc:Fallback></mc:Fallback>", "")
    document = read(paragraph("Plan") + body)
    assert document.text.strip() == "Plan"
    assert document.warnings == (_UNTAKEN,)


def test_many_alternatives_are_looked_at_once() -> None:
    choices = f'<mc:Choice Requires="foo">{run("Fee 5")}</mc:Choice>' * 3_000
    fallback = f"<mc:Fallback>{run('Fee 9')}</mc:Fallback>"
    document = read(f"<w:p><mc:AlternateContent>{choices}{fallback}</mc:AlternateContent></w:p>")
    assert document.text == "Fee 9"
