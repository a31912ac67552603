"""Text recognised in pictures: the table, the text made of it, and both engines on real pages."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from benchmarks.composed_contracts import contract
from benchmarks.scans import error_rate
from extractor.documents.readers import tesseract
from extractor.documents.readers.ocr import RecognizedWord, Recognizer, recognizer, text_of
from extractor.errors import UnreadableDocumentError
from extractor.types import Span

HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def word(text: str, line: int = 0, block: int = 0) -> RecognizedWord:
    return RecognizedWord(text, 0, 0, 9, 9, 0.9, line, block)


def page(*columns: list[str]) -> bytes:
    """Draw columns of lines side by side, black on white, as 200 dpi would have them."""
    picture = Image.new("L", (1000, 600), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(30)
    for number, lines in enumerate(columns):
        for row, line in enumerate(lines):
            draw.text((60 + 480 * number, 60 + 45 * row), line, 0, font)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(params=[tesseract.Library, tesseract.Program], ids=["library", "program"])
def engine(request: pytest.FixtureRequest) -> Recognizer:
    find: Callable[[], Recognizer | None] = request.param.find
    found = find()
    if found is None:
        pytest.skip(f"tesseract's {request.node.callspec.id} is not installed")
    return found


def test_a_table_s_words_have_boxes_confidence_and_a_place() -> None:
    rows = [
        HEADER,
        "4\t1\t1\t1\t1\t0\t10\t20\t90\t12\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t40\t12\t96.5\tThe",
        "5\t1\t1\t1\t1\t2\t60\t20\t40\t12\t41\tLandlord",
        "5\t1\t1\t1\t2\t1\t10\t40\t40\t12\t101\tshall",
        "5\t1\t1\t2\t1\t1\t10\t70\t40\t12\t-3\tpay",
        "5\t1\t2\t1\t1\t1\t10\t90\t40\t12\t95\t ",
        "",
    ]
    words = list(tesseract.words_of("\n".join(rows)))
    assert words == [
        RecognizedWord("The", 10, 20, 50, 32, 0.965, 0, 0),
        RecognizedWord("Landlord", 60, 20, 100, 32, 0.41, 0, 0),
        RecognizedWord("shall", 10, 40, 50, 52, 1.0, 1, 0),
        RecognizedWord("pay", 10, 70, 50, 82, 0.0, 2, 1),
    ]


def test_half_a_character_in_a_table_becomes_one_that_can_be_encoded() -> None:
    (found,) = tesseract.words_of("5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t90\ta\ud800b")
    assert found.text == "a\ufffdb"


def test_words_lines_and_blocks_are_parted_by_a_space_a_break_and_a_blank_line() -> None:
    text, spans = text_of([word("1."), word("Rent"), word("is", 1), word("due", 2, 1)])
    assert text == "1. Rent\nis\n\ndue"
    assert spans == [Span(0, 2), Span(3, 7), Span(8, 10), Span(12, 15)]
    assert text_of([]) == ("", [])


@given(st.lists(st.tuples(st.text("abc1.§", min_size=1), st.integers(0, 2), st.integers(0, 2))))
@settings(deadline=None)
def test_each_span_holds_its_word(parts: list[tuple[str, int, int]]) -> None:
    words = [word(*part) for part in parts]
    text, spans = text_of(words)
    assert [text[span.start : span.end] for span in spans] == [word.text for word in words]


def test_a_word_s_repr_keeps_its_text_to_itself() -> None:
    assert "Landlord" not in repr(word("Landlord"))


def test_what_is_printed_is_read_with_boxes_around_it(engine: Recognizer) -> None:
    words = engine.recognize(page(["The Tenant shall pay", "$4,500 each month."]), dpi=200)
    assert text_of(words)[0] == "The Tenant shall pay\n$4,500 each month."
    first, amount = words[0], next(word for word in words if word.text == "$4,500")
    assert 50 <= first.left <= 70
    assert 60 <= first.top < first.bottom <= 105
    assert 55 <= amount.left < amount.right < 200
    assert amount.top > first.bottom - 10
    assert all(word.confidence > 0.5 for word in words)


def test_one_column_is_read_to_its_end_before_the_next(engine: Recognizer) -> None:
    prose = contract(3).split("\n\n")[3].split()
    lines = [" ".join(prose[at : at + 3])[:24] for at in range(0, 30, 3)]
    text, _ = text_of(engine.recognize(page(lines[:5], lines[5:]), dpi=200))
    assert error_rate(text, "\n".join(lines)) < 0.05


def test_an_empty_page_has_no_words(engine: Recognizer) -> None:
    assert engine.recognize(page([]), dpi=200) == []


def test_a_page_after_another_has_only_its_own_words(engine: Recognizer) -> None:
    engine.recognize(page(["Lease of the first floor"]), dpi=200)
    assert text_of(engine.recognize(page(["Schedule of fees"]), dpi=200))[0] == "Schedule of fees"


@pytest.mark.parametrize("image", [b"", b"%PDF-1.7", page(["Rent"])[:200]])
def test_what_is_no_picture_is_a_typed_error(engine: Recognizer, image: bytes) -> None:
    with pytest.raises(UnreadableDocumentError):
        engine.recognize(image, dpi=200)


def test_a_page_that_takes_too_long_is_given_up(
    engine: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract, "PAGE_SECONDS", 0.001)
    with pytest.raises(UnreadableDocumentError, match="took more than"):
        engine.recognize(page([contract(5)[:40]] * 12), dpi=200)


def test_the_engine_says_its_name_and_version(engine: Recognizer) -> None:
    assert "tesseract " in engine.describe()
    assert any(character.isdigit() for character in engine.describe())


def test_data_that_is_broken_is_a_typed_error(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    (tmp_path / "eng.traineddata").write_bytes(b"rubbish")
    with pytest.raises(UnreadableDocumentError, match="can't load"):
        tesseract.Library(tmp_path).recognize(page(["Rent"]), dpi=200)


def test_the_library_comes_first_then_the_program_then_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engines = [tesseract.Library(Path()), tesseract.Program("tesseract", "tesseract 5")]

    def chosen() -> Recognizer | None:
        recognizer.cache_clear()
        return recognizer()

    monkeypatch.setattr(tesseract.Library, "find", lambda: engines[0])
    monkeypatch.setattr(tesseract.Program, "find", lambda: engines[1])
    try:
        assert chosen() is engines[0]
        monkeypatch.setattr(tesseract.Library, "find", lambda: None)
        assert chosen() is engines[1]
        monkeypatch.setattr(tesseract.Program, "find", lambda: None)
        assert chosen() is None
    finally:
        recognizer.cache_clear()


@pytest.mark.parametrize("languages", ["deu\nosd", "eng\nosd"])
def test_a_program_without_english_data_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str
) -> None:
    script = tmp_path / "tesseract"
    script.write_text(
        f'#!/bin/sh\n[ $1 = --version ] && echo tesseract 9.9 || echo "{languages}"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert shutil.which("tesseract") == str(script)
    found = tesseract.Program.find()
    assert (found.describe() if found else None) == (
        "tesseract 9.9" if "eng" in languages else None
    )
