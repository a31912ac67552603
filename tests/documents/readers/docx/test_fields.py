from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.document import Document
from tests.documents.readers.docx.building import paragraph, read, run

_CODE = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_BEGIN, _SEPARATE, _END = (_CODE.format(kind) for kind in ("begin", "separate", "end"))
_ENDLESS = "Shown as text: 1 field without an end"


def _instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def _hidden(document: Document) -> list[tuple[str, str]]:
    return [(piece.text, piece.reason) for piece in document.hidden]


def test_only_the_results_of_fields_are_text() -> None:
    inner = f"{_BEGIN}{_instruction('PAGE')}{_SEPARATE}{run('3')}{_END}"
    outer = f"{_BEGIN}{_instruction('IF ')}{inner}{_SEPARATE}{run('yes')}{_END}"
    simple = f'<w:fldSimple w:instr="REF x">{run(" and 2.1")}</w:fldSimple>'
    document = read(paragraph(outer, simple))
    assert document.text == "yes and 2.1"
    assert document.hidden == ()


def test_results_within_an_instruction_are_nothing_that_is_hidden() -> None:
    simple = f'<w:fldSimple w:instr="MERGEFIELD Sex">{run("F")}</w:fldSimple>'
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r>'
    )
    code = f"{_BEGIN}{_instruction('IF ')}{simple}{box}{_instruction('FORMCHECKBOX')}{_END}"
    document = read(paragraph(code, _SEPARATE, run("she"), _END, " pays"))
    assert document.text == "she pays"
    assert document.hidden == ()


def test_a_field_without_its_end_hides_nothing_that_follows() -> None:
    document = read(
        paragraph("Fee ", _BEGIN, _instruction("REF x"), "EUR 5") + paragraph("Term: one year")
    )
    assert document.text == "Fee EUR 5\nTerm: one year"
    assert document.hidden == ()
    assert document.warnings == (_ENDLESS,)


def test_a_field_whose_end_was_deleted_hides_nothing_that_follows() -> None:
    deleted = f"<w:del>{_END}</w:del>"
    document = read(paragraph("Fee ", _BEGIN, "EUR ", _SEPARATE, "5", deleted) + paragraph("Term"))
    assert document.text == "Fee EUR 5\nTerm"
    assert _ENDLESS in document.warnings


def test_a_field_without_its_end_leaves_the_one_within_it_as_it_is() -> None:
    document = read(
        paragraph(_BEGIN, _BEGIN, "code ", _SEPARATE, "shown", _END) + paragraph("after")
    )
    assert document.text == "shown\nafter"
    assert _hidden(document) == [("code", "invisible")]
    assert document.warnings[1:] == (_ENDLESS,)


def _within_instructions(marks: list[str]) -> set[int]:
    """Return the places, counted from 0, in results of fields that are in another's instruction."""
    ends: dict[int, int] = {}
    begun: list[int] = []
    for at, mark in enumerate(marks):
        if mark == _BEGIN:
            begun.append(at)
        elif mark == _END and begun:
            ends[begun.pop()] = at
    silent: set[int] = set()
    for place in range(len(marks) + 1):
        open_fields: list[bool] = []  # whether the instruction of each is under way
        for at, mark in enumerate(marks[:place]):
            if mark == _BEGIN:
                open_fields.append(at in ends)
            elif mark == _SEPARATE and open_fields:
                open_fields[-1] = False
            elif mark == _END and open_fields:
                open_fields.pop()
        if any(open_fields) and not open_fields[-1]:
            silent.add(place)
    return silent


@given(st.lists(st.sampled_from((_BEGIN, _SEPARATE, _END)), max_size=12))
def test_no_word_between_marks_is_lost_but_results_within_instructions(marks: list[str]) -> None:
    words = [f"w{at}." for at in range(len(marks) + 1)]
    silent = _within_instructions(marks)
    pairs = zip(words, [*marks, ""], strict=True)
    document = read("".join(paragraph(run(word) + mark) for word, mark in pairs) + paragraph("end"))
    told = document.text + "".join(piece.text for piece in document.hidden)
    assert [told.count(word) for word in words] == [
        0 if at in silent else 1 for at in range(len(words))
    ]
    assert document.text.endswith("end")


def test_a_text_box_has_fields_of_its_own() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(_BEGIN, 'box')}</w:txbxContent></w:pict></w:r>"
    document = read(paragraph(_BEGIN, "code", box, _END, "after"))
    assert document.text == "after\nbox"
    assert _hidden(document) == [("code", "invisible")]
    assert document.warnings[1:] == (_ENDLESS,)


def test_a_field_that_ends_may_hide_paragraphs() -> None:
    document = read(
        paragraph("Fee ", _BEGIN, "one") + paragraph("two", _SEPARATE, "EUR 5", _END, ".")
    )
    assert document.text == "Fee \nEUR 5."
    assert _hidden(document) == [("one", "invisible"), ("two", "invisible")]


def test_an_end_without_a_field_is_nothing() -> None:
    document = read(paragraph("Fee", _SEPARATE, _END, " EUR 5"))
    assert document.text == "Fee EUR 5"
    assert document.warnings == ()
