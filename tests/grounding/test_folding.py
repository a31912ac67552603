import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding.folding import compatible, fold

WORDS = st.text(alphabet=st.characters(categories=["L", "N", "P", "Z", "S", "M"]), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ter-\nminate", "terminate"),
        ("non-\ncompete", "non-compete"),
        ("ter\u00ad\nminate", "terminate"),
        ("ter\ufffe\nminate", "terminate"),
        ("co\u2011\noperate", "co-operate"),
        ("zero\u200bwidth", "zero width"),
        ("\u201cEffective  Date\u201d", '"effective\ndate"'),
        ("the Supplier\u2019s", "THE SUPPLIER'S"),
        ("Agreement\u2014the", "Agreement - the"),
        ("con\ufb01dential o\ufb03ce", "confidential office"),
        ("caf\u00e9", "cafe\u0301"),
        ("\uff21\uff23\uff2d\uff25", "Acme"),
        ("Stra\u00dfe", "STRASSE"),
        ("\uff76\uff9e", "\u30ac"),
        ("30\u201360", "30 - 60"),
        ("\u7532\u65b9\n\u516c\u53f8", "\u7532\u65b9\u516c\u53f8"),
    ],
)
def test_what_means_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [("30-60", "3060"), ("10\u00b2", "102"), ("1.5", "15"), ("5%", "5"), ("not", "no")],
)
def test_what_means_something_else_folds_to_something_else(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u05b0\u05b7", "\u0301"])
def test_a_letter_with_any_number_of_marks_is_found_again(marks: str) -> None:
    letter = "a" + marks * 1000
    assert fold(f"x {letter} y").text == fold("x").text + fold(letter).text + fold("y").text
    assert compatible(f"{letter} \ufb01t").endswith(" fit")


@given(WORDS)
def test_short_texts_have_the_compatible_form_that_unicode_gives_them(text: str) -> None:
    assert compatible(text) == unicodedata.normalize("NFKC", text)


@given(WORDS)
def test_every_folded_character_knows_the_raw_one_it_comes_from(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(i, i + 1) for i in range(len(folded.text))]
    assert spans == sorted(spans, key=lambda span: span.start)
    for i, span in enumerate(spans):
        assert folded.text[i] in fold(text[span.start : span.end]).text or folded.text[i] == "-"


@given(WORDS, st.data())
def test_a_folded_range_maps_to_raw_text_that_folds_to_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    span = folded.span(start, end)
    # A raw character of which only a part was asked for is covered whole.
    assert folded.text[start:end].strip("-") in fold(text[span.start : span.end]).text
    whole = folded.span(0, len(folded.text))
    assert fold(text[whole.start : whole.end]).text == folded.text


@given(WORDS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(
    st.text(
        st.characters(min_codepoint=0xA1, max_codepoint=0x24F, categories=["L"])
        | st.characters(min_codepoint=0x370, max_codepoint=0x4FF, categories=["L"])
        | st.characters(min_codepoint=0x3041, max_codepoint=0x3096)
        | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    )
)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(text).text
