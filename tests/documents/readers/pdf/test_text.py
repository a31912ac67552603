from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents.readers.pdf import engine, read_pdf
from extractor.documents.readers.pdf.text import Edit, PageText
from extractor.types import Span

RAW = st.text(
    st.sampled_from("abc \r\n\x00\ufffe\ud800\u200b\u202e\U000e0041\U0001f600"), max_size=60
)


@st.composite
def page_texts(draw: st.DrawFn) -> PageText:
    raw = draw(RAW)
    cuts = sorted(draw(st.lists(st.integers(0, len(raw)), unique=True, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    left_out = tuple((Span(start, end), "white") for start, end in pairs)
    places = draw(st.lists(st.integers(0, len(raw)), unique=True, max_size=2).map(sorted))
    raised = tuple(
        Edit(at, at + 1, f"[{raw[at]}]") for at in places if at < len(raw) and raw[at] in "abc"
    )
    return PageText(raw, left_out, raised)


@settings(deadline=None)
@given(page_texts())
def test_every_character_leads_back_to_the_one_it_stands_for(page: PageText) -> None:
    for at, character in enumerate(page.text):
        raw = page.to_raw(Span(at, at + 1))
        assert not any(s.start < raw.end and raw.start < s.end for s, _ in page.left_out)
        stands_for = page.raw[raw.start : raw.end]
        if character in "[]":
            assert stands_for in ("a", "b", "c")
        else:
            assert stands_for == character or stands_for in ("\r\n", "\r", "\ufffe", "\ud800")


@settings(deadline=None)
@given(page_texts())
def test_a_text_can_be_encoded_and_is_its_edits_whichever_way_it_was_made(page: PageText) -> None:
    page.text.encode()
    parts: list[str] = []
    at = 0
    for edit in page.edits:
        parts += page.raw[at : edit.start], edit.text
        at = edit.end
    assert page.text == "".join([*parts, page.raw[at:]])


def test_what_is_left_out_stays_so_though_it_reaches_into_a_raised_mark() -> None:
    page = PageText("5123", ((Span(2, 4), "white"),), (Edit(1, 3, "[12]"),))
    assert page.text == "51"
    assert [part.text for part in page.hidden(1)] == ["23"]


def test_a_semicolon_is_one_though_its_font_calls_it_a_greek_question_mark(
    raw_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    greek = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <3b> <037e> endbfchar"
    data = raw_pdf(b"BT /F1 12 Tf 72 700 Td (now; or) Tj ET", to_unicode=greek)
    assert read_pdf(data, "a.pdf").text == "now; or"
    monkeypatch.setattr(engine, "opened", _refuse)
    assert read_pdf(data, "a.pdf").text.strip() == "now; or"


def _refuse(*_: object) -> None:
    raise engine.EngineRefusalError("refused")
