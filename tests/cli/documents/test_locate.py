"""`extractor locate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.cli import main
from tests.cli.conftest import json_of

FIXTURES = Path(__file__).parents[3] / "fixtures"
NDA_PDF = str(FIXTURES / "contracts" / "mutual-nda.pdf")

Capture = pytest.CaptureFixture[str]


def test_a_quote_is_located_with_its_page_and_boxes(capsys: Capture) -> None:
    pytest.importorskip("extractor.documents.readers.pdf")
    assert main(["locate", NDA_PDF, "governed by the laws of Ireland", "--json"]) == 0
    record = json_of(capsys)
    assert record["status"] in {"exact", "normalized"}
    (match,) = record["matches"]
    assert set(match) == {"start", "end", "page", "text", "score", "rects"}
    assert {rect["page"] for rect in match["rects"]} == {3}
    assert match["page"] == 3
    assert "".join(match["text"].split()) == "governedbythelawsofIreland"


def test_people_see_where_it_is(capsys: Capture) -> None:
    assert main(["locate", "contract.md", "takes effect on 1 April 2025"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "exact",
        "page 1, 35-63: takes effect on 1 April 2025",
    ]


def test_a_quote_that_is_nowhere_is_missing(capsys: Capture) -> None:
    assert main(["locate", "contract.md", "the moon is made of cheese", "--json"]) == 8
    assert json_of(capsys) == {"status": "missing", "matches": []}


def test_so_is_not_found_one_that_the_document_has_otherwise(capsys: Capture) -> None:
    assert main(["locate", "contract.md", "takes effect on 2 April 2025"]) == 8
    assert capsys.readouterr().out.startswith("altered\n")


def test_a_document_that_is_not_there_is_exit_code_4(capsys: Capture) -> None:
    assert main(["locate", "none.pdf", "x", "--json"]) == 4
    assert json_of(capsys)["error"]["type"] == "DocumentError"
