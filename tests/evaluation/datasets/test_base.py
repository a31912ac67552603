"""Data sets: which of their documents are taken, each once, and none read in vain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import ConfigurationError, DocumentError
from extractor.evaluation.datasets import Dataset, GoldDocument, Slice


def document(doc_id: str, **said: Any) -> GoldDocument:
    return GoldDocument(doc_id=doc_id, gold={}, gold_status={}, **said)


def dataset(*documents: GoldDocument, taken: Slice | None = None) -> Dataset:
    return Dataset("d", Path("d"), "00", lambda: iter(documents), taken=taken or Slice())


def names(found: Dataset) -> list[str]:
    return [each.doc_id for each in found.documents()]


@pytest.mark.parametrize(
    ("word", "shortest", "longest"),
    [("length=5-9", 5, 9), ("length=-9", 0, 9), ("length=5-", 5, None), ("length=0-0", 0, 0)],
)
def test_a_length_may_be_open_on_either_side(word: str, shortest: int, longest: int | None) -> None:
    found = Slice.of([word])
    assert (found.shortest, found.longest) == (shortest, longest)


@pytest.mark.parametrize(
    "word", ["length=", "length=9", "length=-", "length=a-b", "length=1-2-3", "length=1.5-2"]
)
def test_what_is_no_length_is_told(word: str) -> None:
    with pytest.raises(ConfigurationError, match="no length, such as length=0-20000"):
        Slice.of([word])


@pytest.mark.parametrize("word", ["sources=a", "source", "source=", "=a", ""])
def test_what_is_no_slice_is_told_with_those_that_there_are(word: str) -> None:
    with pytest.raises(ConfigurationError, match="no slice: NAME=VALUE") as raised:
        Slice.of([word])
    assert "source" in str(raised.value.hint)


def test_a_name_that_is_said_twice_takes_either_value() -> None:
    found = Slice.of(["type=nda,lease", "type=msa", "split=test"], limit=3)
    assert found.wanted == {"type": {"nda", "lease", "msa"}, "split": {"test"}}
    assert found.limit == 3


def test_every_name_has_to_fit() -> None:
    wanted = Slice.of(["source=cuad", "type=nda,lease", "split=test", "doc_id=a,b"])
    fitting = {"source": "cuad", "contract_type": "lease", "split": "test"}
    assert wanted.takes(document("a", **fitting))
    assert not wanted.takes(document("c", **fitting))
    for name in fitting:
        assert not wanted.takes(document("a", **fitting | {name: None}))
        assert not wanted.takes(document("a", **fitting | {name: "other"}))


@given(st.integers(0, 9), st.integers(0, 9), st.text(max_size=12))
def test_the_ends_of_a_length_belong_to_it(low: int, high: int, text: str) -> None:
    found = Slice.of([f"length={low}-{high}"])
    assert found.takes(document("a", text=text)) == (low <= len(text) <= high)


def test_a_document_without_a_text_has_no_length_to_fit() -> None:
    assert not Slice.of(["length=0-9"]).takes(document("a"))
    assert not Slice.of(["length=5-"]).takes(document("a"))
    assert Slice.of(["length=0-"]).takes(document("a"))


@pytest.mark.parametrize(("limit", "taken"), [(None, "abc"), (0, ""), (2, "ab"), (9, "abc")])
def test_a_limit_takes_the_first(limit: int | None, taken: str) -> None:
    found = dataset(*map(document, "abc"), taken=Slice.of([], limit=limit))
    assert names(found) == [*taken]


def test_a_limit_counts_those_that_fit() -> None:
    kinds = {"a": "nda", "b": "lease", "c": "nda", "d": "nda"}
    documents = [document(name, contract_type=kind) for name, kind in kinds.items()]
    assert names(dataset(*documents, taken=Slice.of(["type=nda"], limit=2))) == ["a", "c"]


def test_nothing_is_read_beyond_a_limit() -> None:
    def read() -> Iterator[GoldDocument]:
        yield document("a")
        raise DocumentError("the second line is broken")

    assert names(Dataset("d", Path("d"), "00", read, taken=Slice(limit=1))) == ["a"]
    with pytest.raises(DocumentError, match="second line"):
        names(Dataset("d", Path("d"), "00", read, taken=Slice(limit=2)))


def test_two_documents_of_one_name_are_told() -> None:
    with pytest.raises(DocumentError, match="'a' twice"):
        names(dataset(*map(document, "aba")))
    again = document("a", source="other")
    with pytest.raises(DocumentError, match="'a' twice"):
        names(dataset(document("a", source="ours"), again, taken=Slice.of(["source=ours"])))


def test_documents_can_be_read_again() -> None:
    found = dataset(*map(document, "ab"))
    assert names(found) == names(found) == ["a", "b"]


def test_the_folder_is_where_the_labels_are(tmp_path: Path) -> None:
    labels = tmp_path / "contracts.jsonl"
    labels.touch()
    assert Dataset("d", labels, "00", lambda: iter(())).folder == tmp_path
    assert Dataset("d", tmp_path, "00", lambda: iter(())).folder == tmp_path
