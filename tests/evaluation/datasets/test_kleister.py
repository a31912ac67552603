"""Kleister's release: two tables with a line a document, and PDFs where they are."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from extractor import DocumentError
from extractor.evaluation.datasets import GoldDocument, load_dataset
from extractor.evaluation.datasets.kleister import kleister_input

KEYS = "effective_date jurisdiction party term"
FULL = "effective_date=2014-05-08 jurisdiction=New_York party=X_Inc. party=Y_and_Z_LLC term=2_years"


def split(folder: Path, *documents: tuple[str, str], packed: bool = False) -> Path:
    """Write a split of these file names and labels; each text says whose it is."""
    given = "".join(
        f"{name}\t{KEYS}\tocr of {name}\tThe\\ntext\\tof {name}\\f\n" for name, _ in documents
    )
    own = folder / "dev-0"
    own.mkdir()
    if packed:
        with lzma.open(own / "in.tsv.xz", "wt", encoding="utf-8") as lines:
            lines.write(given)
    else:
        (own / "in.tsv").write_text(given, encoding="utf-8")
    labels = "".join(f"{said}\n" for _, said in documents)
    (own / "expected.tsv").write_text(labels, encoding="utf-8")
    return own


def only(folder: Path) -> GoldDocument:
    (found,) = load_dataset(folder).documents()
    return found


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_has_a_value_for_each_key(packed: bool, tmp_path: Path) -> None:
    found = only(split(tmp_path, ("a.pdf", FULL), packed=packed))
    assert found.gold == {
        "effective_date": "2014-05-08",
        "governing_law": [{"name": "New York", "code": "US-NY"}],
        "parties": [{"name": "X Inc."}, {"name": "Y and Z LLC"}],
        "term": "P2Y",
    }
    assert set(found.gold_status.values()) == {"value"}
    assert (found.doc_id, found.split, found.source) == ("a", "dev-0", "kleister-nda")


def test_a_key_without_a_value_is_absent(tmp_path: Path) -> None:
    folder = split(tmp_path, ("a.pdf", "party=X_Inc."), ("b.pdf", ""))
    first, second = load_dataset(folder).documents()
    assert first.gold_status == {
        "effective_date": "absent",
        "governing_law": "absent",
        "parties": "value",
        "term": "absent",
    }
    assert set(second.gold_status.values()) == {"absent"}


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("1_year", "P1Y"),
        ("18_months", "P18M"),
        ("6_Weeks", "P6W"),
        ("30_days", "P30D"),
        ("two_years", "two years"),
    ],
)
def test_a_term_is_a_length_where_it_is_a_number_and_a_unit(
    words: str, term: str, tmp_path: Path
) -> None:
    assert only(split(tmp_path, ("a.pdf", f"term={words}"))).gold["term"] == term


def test_a_law_that_nobody_knows_is_its_own_code(tmp_path: Path) -> None:
    found = only(split(tmp_path, ("a.pdf", "jurisdiction=Ruritania")))
    assert found.gold["governing_law"] == [{"name": "Ruritania", "code": "Ruritania"}]


def test_the_last_text_stands_for_a_document_without_a_pdf(tmp_path: Path) -> None:
    found = only(split(tmp_path, ("a.pdf", FULL)))
    assert (found.text, found.file) == ("The\ntext\tof a.pdf\f", None)


@pytest.mark.parametrize("place", ["documents", "dev-0/documents"])
def test_a_pdf_is_found_from_wherever_the_split_is_named(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split(tmp_path, ("a.pdf", FULL))
    (tmp_path / place).mkdir()
    pdf = tmp_path / place / "a.pdf"
    pdf.touch()
    for here, name in (
        (tmp_path, "dev-0"),
        (tmp_path / "dev-0", "."),
        (Path("/"), tmp_path / "dev-0"),
    ):
        monkeypatch.chdir(here)
        dataset = load_dataset(name)
        (found,) = dataset.documents()
        assert found.file is not None
        assert (dataset.folder / found.file).resolve() == pdf.resolve()
        assert (found.text, found.split, dataset.name) == (None, "dev-0", "dev-0")


def test_a_line_may_be_as_long_as_a_contract_and_have_quotes(tmp_path: Path) -> None:
    folder = split(tmp_path, ("a.pdf", FULL))
    text = 'The "Recipient\r shall ' * 20_000
    (folder / "in.tsv").write_text(f"a.pdf\t{KEYS}\t{text}\n", encoding="utf-8", newline="")
    assert only(folder).text == text


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (f"{FULL}\n{FULL}\n", "has 1 documents, and expected.tsv 2 lines"),
        ("", "has 1 documents, and expected.tsv 0 lines"),
        ("party\n", "'party' is no key=value"),
    ],
)
def test_labels_that_do_not_fit_are_told(labels: str, told: str, tmp_path: Path) -> None:
    folder = split(tmp_path, ("a.pdf", FULL))
    (folder / "expected.tsv").write_text(labels, encoding="utf-8")
    with pytest.raises(DocumentError, match=told):
        only(folder)


@pytest.mark.parametrize("name", ["expected.tsv", "in.tsv"])
def test_a_split_has_both_tables(name: str, tmp_path: Path) -> None:
    folder = split(tmp_path, ("a.pdf", FULL))
    assert kleister_input(folder)
    (folder / name).unlink()
    assert not kleister_input(folder)
