"""Finding data sets: each form by what it is, each name by the settings, and nothing by chance."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from extractor import ConfigurationError, DocumentError
from extractor.config.settings import DatasetSettings
from extractor.evaluation.datasets import Slice, load_dataset

LINE: dict[str, Any] = {"doc_id": "a", "gold": {}, "gold_status": {}}
CUAD: dict[str, Any] = {"data": [{"title": "a", "paragraphs": [{"context": "", "qas": []}]}]}
CONTRACT_NLI: dict[str, Any] = {
    "labels": {},
    "documents": [{"id": 1, "text": "", "spans": [], "annotation_sets": [{"annotations": {}}]}],
}


def folder(place: Path, **files: Any) -> Path:
    """Write files, `__` in a name for a dot; what is no text is written as JSON."""
    own = place / "labels"
    own.mkdir()
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (own / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return own


@pytest.mark.parametrize(
    ("files", "name", "doc_id"),
    [
        ({"contracts__jsonl": LINE}, "", "a"),
        ({"contracts__jsonl": LINE}, "contracts.jsonl", "a"),
        ({"mine__jsonl": LINE}, "mine.jsonl", "a"),
        ({"gold__csv": "file path,term\nb.pdf,P2Y\n"}, "", "b"),
        ({"gold__csv": "file path,term\nb.pdf,P2Y\n"}, "gold.csv", "b"),
        ({"gold__jsonl": {"file": "b.pdf", "gold": {}}}, "", "b"),
        ({"gold__jsonl": {"file": "b.pdf", "gold": {}}}, "gold.jsonl", "b"),
        ({"in__tsv": "c.pdf\tterm\tText\n", "expected__tsv": "term=2_years\n"}, "", "c"),
        ({"CUAD_v1__json": CUAD}, "CUAD_v1.json", "a"),
        ({"dev__json": CONTRACT_NLI}, "dev.json", "dev-1"),
        ({"gold__jsonl": {"file": "b.pdf", "gold": {}}, "contracts__jsonl": LINE}, "", "a"),
    ],
)
def test_each_form_is_known_by_its_files(
    files: dict[str, Any], name: str, doc_id: str, tmp_path: Path
) -> None:
    found = load_dataset(folder(tmp_path, **files) / name)
    assert [each.doc_id for each in found.documents()] == [doc_id]
    assert found.name == "labels"
    assert found.folder == tmp_path / "labels"
    assert (found.version, found.licence) == (None, None)


@pytest.mark.parametrize(
    ("files", "name", "labels"),
    [
        ({"contracts__jsonl": LINE}, "", "contracts.jsonl"),
        ({"in__tsv": "c.pdf\tterm\n", "expected__tsv": "\n"}, "", "expected.tsv"),
        ({"dev__json": CONTRACT_NLI}, "dev.json", "dev.json"),
    ],
)
def test_the_hash_is_that_of_the_labels(
    files: dict[str, Any], name: str, labels: str, tmp_path: Path
) -> None:
    own = folder(tmp_path, **files)
    digest = hashlib.sha256((own / labels).read_bytes()).hexdigest()
    assert load_dataset(own / name).sha256 == digest


def test_a_name_of_the_settings_has_their_version_and_licence(tmp_path: Path) -> None:
    own = folder(tmp_path, contracts__jsonl=LINE)
    digest = load_dataset(own).sha256
    settings = DatasetSettings(path=own, version="3", licence="CC0-1.0", sha256=digest.upper())
    found = load_dataset("mine", registered={"mine": settings}, taken=Slice.of(["doc_id=b"]))
    assert (found.name, found.version, found.licence) == ("mine", "3", "CC0-1.0")
    assert found.sha256 == digest
    assert [*found.documents()] == []


def test_a_path_is_no_name_of_the_settings(tmp_path: Path) -> None:
    own = folder(tmp_path, contracts__jsonl=LINE)
    settings = DatasetSettings(path=tmp_path / "elsewhere", version="3")
    assert load_dataset(own, registered={"mine": settings}).version is None
    with pytest.raises(DocumentError, match="elsewhere' is no data set"):
        load_dataset("mine", registered={"mine": settings})


def test_labels_that_are_not_those_of_the_settings_are_refused(tmp_path: Path) -> None:
    own = folder(tmp_path, contracts__jsonl=LINE)
    settings = DatasetSettings(path=own, sha256="00" * 32)
    with pytest.raises(ConfigurationError, match="'mine' are not those of the settings") as raised:
        load_dataset("mine", registered={"mine": settings})
    assert load_dataset(own).sha256 in str(raised.value)


@pytest.mark.parametrize("name", ["", "nowhere", "notes.txt", "notes.csv"])
def test_what_is_no_data_set_is_told_with_what_would_be(name: str, tmp_path: Path) -> None:
    own = folder(tmp_path, notes__txt="", notes__csv="file path\n")
    with pytest.raises(DocumentError, match="no data set") as raised:
        load_dataset(own / name)
    assert "contracts.jsonl, gold.csv or gold.jsonl" in str(raised.value.hint)


QUESTION = {"id": "a__Insurance", "answers": [{"text": "x"}]}


BROKEN: list[Any] = [
    "{",
    pytest.param("[" * 100_000, id="deep"),
    "null",
    {"version": "1"},
    {"data": {"a": 1}},
    {"data": [{"title": "a"}]},
    {"data": [{"title": "a", "paragraphs": [{"context": "x", "qas": [QUESTION]}]}]},
    {"data": [{"title": 1, "paragraphs": [{"context": "", "qas": []}]}]},
    {"labels": [], "documents": []},
    CONTRACT_NLI | {"labels": {"nda-1": {}}},
    CONTRACT_NLI | {"documents": [{"id": 1, "text": "", "spans": [], "annotation_sets": []}]},
]


@pytest.mark.parametrize("release", BROKEN)
def test_a_broken_release_is_told_by_its_file(release: Any, tmp_path: Path) -> None:
    found = load_dataset(folder(tmp_path, test__json=release) / "test.json")
    with pytest.raises(DocumentError, match=r"labels/test\.json'"):
        list(found.documents())


@pytest.mark.parametrize("packed", [b"", b"\xfd7zXZ\x00\x00", b"a.pdf\tterm\n"])
def test_a_table_that_cannot_be_unpacked_is_told(packed: bytes, tmp_path: Path) -> None:
    own = folder(tmp_path, expected__tsv="\n")
    (own / "in.tsv.xz").write_bytes(packed)
    with pytest.raises(DocumentError, match="labels"):
        list(load_dataset(own).documents())


def test_a_file_that_goes_away_is_told(tmp_path: Path) -> None:
    own = folder(tmp_path, contracts__jsonl=LINE)
    found = load_dataset(own)
    (own / "contracts.jsonl").unlink()
    with pytest.raises(DocumentError, match="FileNotFoundError"):
        list(found.documents())
