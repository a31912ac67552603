import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import read_document
from extractor.documents.plain import clean
from extractor.errors import UnreadableDocumentError

TEXT = "Clause 1: the “Fee” is €500.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_a_byte_order_mark(data: bytes) -> None:
    document = read_document(data)
    assert document.text == TEXT
    assert document.warnings == ()


def test_what_is_not_utf8_is_read_as_cp1252_and_said_so() -> None:
    document = read_document(TEXT.encode("cp1252"))
    assert document.text == TEXT
    assert document.warnings == ("<bytes> is not UTF-8; it was read as cp1252",)


def test_bytes_that_cp1252_does_not_know_are_no_text() -> None:
    with pytest.raises(UnreadableDocumentError, match="<bytes> is no text") as caught:
        read_document(b"The fee is \x81.")
    assert "cp1252" in str(caught.value.hint)


def test_line_ends_form_feeds_and_tabs_are_kept_as_they_are() -> None:
    text = "one\r\ntwo\x0cthree\tfour\n"
    assert read_document(text.encode()).text == text


def test_a_return_alone_ends_a_line_as_it_did_on_old_macs() -> None:
    text = "one\rtwo\r\rthree\r\n"
    assert read_document(text.encode()).text == "one\ntwo\n\nthree\r\n"


def test_nuls_go_and_lone_surrogates_are_replaced() -> None:
    assert clean("a\x00b\ud83dc\udc00") == "ab\ufffdc\ufffd"


def test_a_split_surrogate_pair_is_joined() -> None:
    assert clean("\ud83d\ude00") == "\U0001f600"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_sound_text_is_left_alone(text: str) -> None:
    assert clean(text) == text
