import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from extractor.documents import read_document
from extractor.paths import Path as DataPath
from extractor.paths import format_path
from extractor.schemas import NDA, Contract

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = ("mutual-nda", "office-lease", "services-agreement")
SCHEMAS = {"nda": NDA, "contract": Contract}


def text_of(name: str) -> str:
    return read_document(FIXTURES / "contracts" / f"{name}.pdf").text


def gold_of(name: str) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((FIXTURES / "gold" / f"{name}.json").read_text("utf-8"))
    return gold


def squeezed(text: str) -> str:
    return "".join(text.split())


def leaves(value: JsonValue, path: DataPath = ()) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    elif value is not None:
        yield format_path(path)


def test_there_is_gold_for_every_contract() -> None:
    for folder, suffix in (("contracts", "md"), ("contracts", "pdf"), ("gold", "json")):
        assert sorted(path.stem for path in (FIXTURES / folder).glob(f"*.{suffix}")) == [*NAMES]


def test_the_builder_makes_the_committed_pdfs(tmp_path: Path) -> None:
    runpy.run_path(str(FIXTURES / "build.py"))["main"](tmp_path)
    for name in NAMES:
        built = read_document(tmp_path / f"{name}.pdf")
        committed = read_document(FIXTURES / "contracts" / f"{name}.pdf")
        assert (built.text, built.pages) == (committed.text, committed.pages)


@pytest.mark.parametrize("name", NAMES)
def test_gold_names_every_field_and_satisfies_its_schema(name: str) -> None:
    gold = gold_of(name)
    schema = SCHEMAS[gold["schema"]]
    assert schema.model_validate(gold["value"]).model_dump(mode="json") == gold["value"]
    assert gold["value"].keys() == {*schema.model_fields, *schema.model_computed_fields}


@pytest.mark.parametrize("name", NAMES)
def test_each_gold_value_has_a_quote_that_stands_in_the_pdf(name: str) -> None:
    gold = gold_of(name)
    computed = {"governing_law_code"}
    assert gold["evidence"].keys() == {*leaves(gold["value"])} - computed
    text = squeezed(text_of(name))
    assert [quote for quote in gold["evidence"].values() if squeezed(quote) not in text] == []


DECOYS = [
    ("mutual-nda", ["Kestrel Row Advisory LLP", "14 June 2022", "Scotland", "twelve (12) months"]),
    (
        "office-lease",
        ["Vantry Commercial", "May 5, 2021", "State of Washington", "October 1, 2024"],
    ),
    ("services-agreement", ["Brightacre", "1 June 2019", "law of Scotland", "ninety (90) days"]),
]


@pytest.mark.parametrize(("name", "decoys"), DECOYS)
def test_each_contract_holds_what_is_easily_mistaken_for_the_answer(
    name: str, decoys: list[str]
) -> None:
    text = squeezed(text_of(name))
    evidence = squeezed(" ".join(gold_of(name)["evidence"].values()))
    for decoy in map(squeezed, decoys):
        assert decoy in text
        assert decoy not in evidence


@pytest.mark.parametrize("name", NAMES)
def test_the_pdfs_are_several_pages_with_typographic_quotes(name: str) -> None:
    document = read_document(FIXTURES / "contracts" / f"{name}.pdf")
    assert len(document.pages) >= 3
    assert document.warnings == ()
    assert f"Page 2 of {len(document.pages)}" in document.text
    assert {"“", "”", "\u2019"} <= set(document.text)
