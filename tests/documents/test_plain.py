import codecs
import random
import zlib

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


@pytest.mark.parametrize(
    ("data", "text", "lost"),
    [
        ("The “Fee” of ".encode() + b"Soci\xe9t\xe9", "The “Fee” of Soci\ufffdt\ufffd", 2),
        (codecs.BOM_UTF8 + b"Caf\xe9 Ltd", "Caf\ufffd Ltd", 1),
        ("合同由甲方签署".encode()[:-1], "合同由甲方签\ufffd", 1),
        ("“A\ufffdB” ".encode() + b"\xe9 ", "“A\ufffdB” \ufffd ", 1),
    ],
)
def test_a_stray_byte_does_not_make_utf8_anything_else(data: bytes, text: str, lost: int) -> None:
    document = read_document(data)
    assert document.text == text
    characters = "1 character" if lost == 1 else f"{lost} characters"
    assert document.warnings == (f"<bytes> is UTF-8, but for {characters} that could not be read",)


@pytest.mark.parametrize("text", ["Le prêt à taux fixe, où ça", "La Société est gérée ainsi."])
def test_what_an_old_mac_wrote_is_read_as_far_as_cp1252_goes(text: str) -> None:
    document = read_document(text.encode("mac-roman") * 3)
    assert "".join(filter(str.isascii, document.text)) == "".join(filter(str.isascii, text)) * 3
    assert "was read as cp1252" in document.warnings[0]


def test_upper_case_in_french_quotation_marks_does_not_make_cp1252_utf8() -> None:
    assert read_document("«CAFÉ»".encode("cp1252")).text == "«CAFÉ»"


def test_a_byte_that_cp1252_does_not_know_is_replaced_and_said_to_be() -> None:
    document = read_document(b"The fee is \x81.")
    assert document.text == "The fee is \ufffd."
    assert document.warnings == (
        "<bytes> is not UTF-8; it was read as cp1252, but for 1 character that could not be read",
    )


@pytest.mark.parametrize(
    "data",
    [
        random.Random(1).randbytes(20_000),  # noqa: S311 - no secret
        random.Random(2).randbytes(20_000).replace(b"\x00", b""),  # noqa: S311
        zlib.compress(b"The fee is due. " * 1_000),
        "これは契約書です。甲と乙は合意する。".encode("shift-jis"),
        b"\x81\x8d",
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match="<bytes> is no text") as caught:
        read_document(data)
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
