"""Labelled contracts as the files that a run takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, DocumentError
from extractor.evaluation.datasets import Dataset, GoldDocument, Slice
from extractor.evaluation.runs.inputs import taken, write_inputs


def dataset(folder: Path, *documents: GoldDocument, limit: int | None = None) -> Dataset:
    def read() -> Iterator[GoldDocument]:
        yield from documents

    return Dataset("d", folder, "", read, taken=Slice(limit=limit))


def document(name: str, text: str | None = "Text.", file: str | None = None) -> GoldDocument:
    return GoldDocument(doc_id=name, gold={}, gold_status={}, text=text, file=file)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "pdf" / "b.pdf"
    path.parent.mkdir()
    path.write_bytes(b"%PDF-1.7")
    return path


def test_a_pdf_is_linked_and_a_text_is_written(tmp_path: Path, pdf: Path) -> None:
    data = dataset(tmp_path, document("a"), document("b", file="pdf/b.pdf"))
    assert write_inputs(data, tmp_path / "in", "auto") == ["a.txt", "b.pdf"]
    assert (tmp_path / "in" / "a.txt").read_text(encoding="utf-8") == "Text."
    assert (tmp_path / "in" / "b.pdf").resolve() == pdf


@pytest.mark.parametrize("name", ["NDA \u2013 Acme #3", "Socie\u0301te\u0301", "\u0915\u093f"])
def test_names_that_files_have_are_names_of_inputs(name: str, tmp_path: Path) -> None:
    assert write_inputs(dataset(tmp_path, document(name)), tmp_path / "in", "auto") == [
        f"{name}.txt"
    ]


def test_the_same_text_is_not_written_again(tmp_path: Path) -> None:
    data = dataset(tmp_path, document("a"))
    write_inputs(data, tmp_path / "in", "auto")
    before = (tmp_path / "in" / "a.txt").stat().st_mtime_ns
    write_inputs(data, tmp_path / "in", "auto")
    assert (tmp_path / "in" / "a.txt").stat().st_mtime_ns == before


def test_with_pdf_documents_without_one_are_left_out_before_they_are_counted(
    tmp_path: Path, pdf: Path
) -> None:
    assert pdf.is_file()
    data = dataset(tmp_path, document("a"), document("b", file="pdf/b.pdf"), limit=1)
    assert write_inputs(data, tmp_path / "in", "pdf") == ["b.pdf"]
    assert [each.doc_id for each in taken(data, "pdf").documents()] == ["b"]


def test_an_id_with_dots_of_its_own_is_found_again(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("Text.", encoding="utf-8")
    data = dataset(tmp_path, document("c.1", file="plain"))
    (name,) = write_inputs(data, tmp_path / "in", "auto")
    assert Path(name).stem == "c.1"


def test_what_a_link_leads_to_is_not_written_over(tmp_path: Path, pdf: Path) -> None:
    write_inputs(dataset(tmp_path, document("a", file="pdf/b.pdf")), tmp_path / "in", "auto")
    (tmp_path / "in" / "a.txt").symlink_to(pdf)
    write_inputs(dataset(tmp_path, document("a")), tmp_path / "in", "text")
    assert pdf.read_bytes() == b"%PDF-1.7"


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not an evaluation's"):
        write_inputs(dataset(tmp_path, document("a")), tmp_path / "in", "auto")
    assert (tmp_path / "in" / "a.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["../a", "a/b", ".a", "a\n", "a\x00b", "", "a" * 201])
def test_an_id_that_is_no_name_of_a_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="can't be the name of a file"):
        write_inputs(dataset(tmp_path, document(name)), tmp_path / "in", "auto")
    assert not (tmp_path / "a.txt").exists()


def test_nothing_to_extract_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no document to extract"):
        write_inputs(dataset(tmp_path, document("a")), tmp_path / "in", "pdf")
    with pytest.raises(DocumentError, match="neither text nor file"):
        write_inputs(dataset(tmp_path, document("a", text=None)), tmp_path / "in", "auto")
