from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor.errors
from extractor.documents import (
    Attachment,
    Clause,
    Document,
    Hidden,
    Limits,
    Page,
    ReadOptions,
    Rect,
    Word,
)
from extractor.documents.isolation.codec import (
    decode,
    encode,
    error_of,
    error_record,
    options_of,
    options_record,
)
from extractor.documents.isolation.frames import BadFrameError
from extractor.errors import DocumentError, UnreadableDocumentError
from extractor.types import Span

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(0, 2**40)
floats = st.floats(allow_nan=False, allow_infinity=False)
spans = st.builds(Span, numbers, numbers)
rects = st.builds(Rect, numbers, floats, floats, floats, floats)
words = st.builds(Word, spans, rects, floats)
pages = st.builds(
    Page,
    numbers,
    spans,
    st.sampled_from(["text", "ocr", "mixed", "empty", "unreadable"]),
    st.none() | floats,
    st.none() | floats,
    st.none() | floats,
    st.lists(words, max_size=2).map(tuple),
)
clauses = st.builds(Clause, texts, texts, numbers, spans, st.none() | numbers)
hidden = st.builds(Hidden, texts, texts, st.none() | numbers)


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=2).map(tuple)


def documents(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    attachments = st.builds(
        Attachment, texts, texts, texts, numbers, st.none() | inner, st.none() | texts
    )
    return st.builds(
        Document,
        *(texts, texts, texts, texts),
        *(several(pages), several(texts), several(clauses), several(hidden)),
        several(attachments),
        texts,
    )


@settings(deadline=None, max_examples=150)
@given(st.recursive(documents(st.nothing()), documents, max_leaves=3))
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    assert decode(encode(document), Document) == document


@given(st.lists(st.lists(rects, max_size=3).map(tuple), max_size=3))
@settings(deadline=None)
def test_so_do_boxes(boxes: list[tuple[Rect, ...]]) -> None:
    assert decode(encode(boxes), list[tuple[Rect, ...]]) == boxes


@given(st.none() | texts, st.booleans(), numbers, floats)
@settings(deadline=None)
def test_so_do_options(password: str | None, keep: bool, size: int, seconds: float) -> None:
    limits = Limits(size=size, seconds=seconds)
    options = ReadOptions(password=password, ocr="off", hidden=keep, limits=limits)
    assert options_of(json.loads(json.dumps(options_record(options)))) == options


def a_document(**changed: Any) -> bytes:
    whole = json.loads(encode(Document("Sold.", "0", "x", "text/plain", (Page(1, Span(0, 5)),))))
    return json.dumps(whole | changed).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"[" * 100_000,
        a_document(text=1),
        a_document(pages="x"),
        a_document(pages=[{"number": "1", "span": {"start": 0, "end": 5}}]),
        a_document(pages=[{"number": 1, "span": {"start": 0, "end": 5}, "kind": "other"}]),
        a_document(pages=[{"number": 1.5, "span": {"start": 0, "end": 5}}]),
        a_document(warnings=[None]),
        a_document(attachments=[{"name": "x"}]),
    ],
)
def test_what_is_no_document_is_refused_without_a_word_of_it(data: bytes) -> None:
    with pytest.raises(BadFrameError, match="it is no Document") as caught:
        decode(data, Document)
    assert caught.value.__cause__ is None


def test_a_half_character_or_an_infinite_number_is_not_sent() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode(Hidden("\ud800", "x"))
    with pytest.raises(ValueError, match="JSON"):
        encode(Rect(1, float("inf"), 0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in vars(extractor.errors).values()
        if isinstance(kind, type) and issubclass(kind, DocumentError)
    ],
)
def test_errors_of_documents_come_back_as_what_they_were(kind: type[DocumentError]) -> None:
    error = error_of(json.loads(json.dumps(error_record(kind("broken", hint="mend it")))))
    assert (type(error), error.message, error.hint) == (kind, "broken", "mend it")


@pytest.mark.parametrize("name", ["ConfigurationError", "did_you_mean", "SystemExit", "__doc__"])
def test_no_other_class_is_made(name: str) -> None:
    error = error_of({"type": name, "message": "broken", "hint": None})
    assert type(error) is UnreadableDocumentError
