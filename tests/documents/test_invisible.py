"""Invisible marks in files of all kinds but PDF."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from extractor.documents import read_document
from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.docx import read_docx
from extractor.documents.readers.eml import read_eml
from extractor.documents.readers.html import read_html
from extractor.documents.readers.plain import read_plain
from tests.documents.readers.docx.building import docx, paragraph

Read = Callable[[str, ReadOptions], Document]


def _mail(text: str, subtype: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "ann@example.com"
    mail.set_content(text, subtype=subtype)
    return mail.as_bytes()


KINDS: list[Read] = [
    lambda text, options: read_plain(text.encode(), "a.txt", options),
    lambda text, options: read_html(f"<p>{text}</p>".encode(), "a.htm", options),
    lambda text, options: read_docx(docx(paragraph(text)), "a.docx", options),
    lambda text, options: read_eml(_mail(text, "plain"), "a.eml", options),
    lambda text, options: read_eml(_mail(f"<p>{text}</p>", "html"), "a.eml", options),
]
NAMES = ["text", "html", "docx", "mail", "html_mail"]
MARKS = [
    ("\u202e", "bidi_controls"),
    ("\u2066\u2069", "bidi_controls"),
    ("\U000e0041\U000e0042", "unicode_tags"),
    ("\u200b\u200c\ufeff\u2060", "zero_width"),
]


@pytest.mark.parametrize("read", KINDS, ids=NAMES)
@pytest.mark.parametrize(("mark", "reason"), MARKS)
def test_invisible_marks_are_hidden_text(read: Read, mark: str, reason: str) -> None:
    document = read(f"The fee is 1{mark}00 euros.", ReadOptions())
    assert "The fee is 100 euros." in document.text
    assert [(piece.text, piece.reason, piece.page) for piece in document.hidden] == [
        (mark, reason, 1)
    ]
    assert f"Hidden text was left out: 1 passage ({reason})" in document.warnings


@pytest.mark.parametrize("read", KINDS, ids=NAMES)
@pytest.mark.parametrize(("mark", "reason"), MARKS)
def test_invisible_marks_stay_where_hidden_text_is_wanted(
    read: Read, mark: str, reason: str
) -> None:
    document = read(f"The fee is 1{mark}00 euros.", ReadOptions(hidden=True))
    assert f"1{mark}00" in document.text
    assert [piece.reason for piece in document.hidden] == [reason]
    assert f"Hidden text was taken into the text: 1 passage ({reason})" in document.warnings


@pytest.mark.parametrize("read", KINDS, ids=NAMES)
def test_single_marks_of_ordinary_text_are_kept(read: Read) -> None:
    document = read("and\u200b/or \u200fx\u200e", ReadOptions())
    assert "and\u200b/or \u200fx\u200e" in document.text
    assert document.hidden == ()


def test_a_text_given_as_such_keeps_its_marks_with_a_warning() -> None:
    document = read_document("The fee is 1\u202e00.")
    assert document.text == "The fee is 1\u202e00."
    assert document.warnings == ("Hidden text was taken into the text: 1 passage (bidi_controls)",)
