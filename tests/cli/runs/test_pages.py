"""`extractor export --format html`: each contract of a run beside what was found in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from extractor.cli import main
from tests.cli.runs.conftest import told

EXPORT = ("export", "out", "--format", "html", "-o")


@pytest.fixture
def exported(command: list[str], folder: Path) -> Path:
    """The folder of contracts: one is there twice, and one can't be read."""
    shutil.copy(folder / "001.txt", folder / "copy.txt")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    main([*command, "--yes"])
    return folder


def page_of(path: Path) -> Any:
    return etree.fromstring(path.read_text(encoding="utf-8"), etree.HTMLParser())


def rows_of(index: Path) -> list[list[str]]:
    return [
        [" ".join(cell.xpath("string()").split()) for cell in row]
        for row in page_of(index).xpath("//tbody/tr")
    ]


def test_the_index_leads_to_a_page_for_each_contract(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = told(capsys, *EXPORT, "pages")
    assert summary == {"path": "pages", "format": "html", "files": 14, "rows": 12, "notes": []}
    links = page_of(Path("pages/index.html")).xpath("//tbody//a")
    assert [link.text for link in links] == sorted(
        path.name for path in exported.iterdir() if path.name != "broken.pdf"
    )
    assert {link.get("href") for link in links} | {"index.html"} == {
        path.name for path in Path("pages").iterdir()
    }
    page = page_of(Path("pages", links[0].get("href")))
    text = "".join(page.xpath('//div[@class="text"]//text()[not(parent::a[@class="ref"])]'))
    assert text.strip() == (exported / "001.txt").read_text(encoding="utf-8").strip()
    assert len(page.xpath("//mark")) >= 3


def test_a_copy_shares_its_page_and_a_failure_has_its_reason(exported: Path) -> None:
    assert exported.is_dir()
    main([*EXPORT, "pages"])
    rows = {row[1]: row for row in rows_of(Path("pages/index.html"))}
    assert rows["copy.txt"][-1] == "the same as 001.txt"
    assert rows["broken.pdf"][2] == "failed"
    assert "UnreadableDocumentError" in rows["broken.pdf"][-1]


def test_a_file_that_was_changed_or_is_gone_has_no_page_and_is_told(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (exported / "002.txt").write_text("Another text.", encoding="utf-8")
    (exported / "003.txt").unlink()
    summary = told(capsys, *EXPORT, "pages")
    assert summary["rows"] == 10
    assert summary["notes"] == ["2 files can't be read again as the run read them: see the index."]
    rows = {row[1]: row[-1] for row in rows_of(Path("pages/index.html"))}
    assert "is about another file" in rows["002.txt"]
    assert "003.txt" in rows["003.txt"]


def test_a_folder_that_holds_something_is_left_alone(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in exported.iterdir()}
    assert main([*EXPORT, str(exported)]) == 3
    assert "there already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in exported.iterdir()} == before
    Path("empty").mkdir()
    assert main([*EXPORT, "empty"]) == 0
    assert Path("empty/index.html").is_file()
