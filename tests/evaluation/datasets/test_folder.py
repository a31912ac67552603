"""Labels of one's own: tables and lines beside the contracts, or a run's export put right."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import pytest
from pydantic import BaseModel

from extractor import DocumentError
from extractor.about import About, Scorer
from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.counting import count, outcomes
from extractor.evaluation.datasets import Dataset, GoldDocument, load_dataset
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scores import summary
from extractor.evaluation.scoring import score
from extractor.runs.exports import write_export
from tests.runs.exports.composed_run import composed_run, field, result


def table(folder: Path, *rows: Sequence[str]) -> Dataset:
    """Write `gold.csv`, its head first, as Excel does."""
    with (folder / "gold.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return load_dataset(folder)


def lines(folder: Path, *told: Any) -> Dataset:
    text = "\n".join(json.dumps(each) for each in told)
    (folder / "gold.jsonl").write_text(text, encoding="utf-8")
    return load_dataset(folder)


def only(dataset: Dataset) -> GoldDocument:
    (found,) = dataset.documents()
    return found


def gold(folder: Path, cells: Mapping[str, str]) -> Mapping[str, Any]:
    return only(table(folder, ("file path", *cells), ("a.pdf", *cells.values()))).gold


def test_a_row_is_a_document_and_a_column_a_field(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    found = only(
        table(
            tmp_path,
            ("file path", "term", "governing_law", "parties[0].name", "parties[1].name"),
            ("a.pdf", "P2Y", "", "Oak Row LLC", "Alma Ruiz"),
        )
    )
    assert found.gold == {
        "term": "P2Y",
        "governing_law": None,
        "parties": [{"name": "Oak Row LLC"}, {"name": "Alma Ruiz"}],
    }
    assert found.gold_status == {"term": "value", "governing_law": "absent", "parties": "value"}
    assert (found.doc_id, found.file, found.source) == ("a", "a.pdf", tmp_path.name)


@pytest.mark.parametrize(
    ("cells", "gold_of_a"),
    [
        ({"a.b.c": "x", "a.b.d": ""}, {"b": {"c": "x"}}),
        ({"a.b": "", "a.c": ""}, None),
        ({"a[0]": "", "a[1]": "x"}, ["x"]),
        ({"a[1].b": "x", "a[0].b": ""}, [{"b": "x"}]),
        ({"a[0].b[1]": "x", "a[0].c": "y"}, [{"b": ["x"], "c": "y"}]),
        ({"a": "", "a[0].b": "x"}, [{"b": "x"}]),
        ({"a": "[]", "a[0].b": ""}, []),
        ({"a": "[]", "a[0].b": "x"}, [{"b": "x"}]),
        ({"a": '["x", null, "y"]'}, ["x", "y"]),
        ({"a": '{"b": null, "c": 1}'}, {"b": None, "c": 1}),
        ({'a["late fee"]': "x"}, {"late fee": "x"}),
    ],
)
def test_paths_make_lists_and_objects_without_gaps(
    cells: dict[str, str], gold_of_a: Any, tmp_path: Path
) -> None:
    found = only(table(tmp_path, ("file path", *cells), ("a.pdf", *cells.values())))
    assert found.gold == {"a": gold_of_a}
    assert found.gold_status == {"a": "value" if gold_of_a else "absent"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("null", None),
        (" P2Y ", "P2Y"),
        ("2019", "2019"),
        ("1.10", "1.10"),
        ("1e5", "1e5"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ('"quoted"', '"quoted"'),
        ("[Company Name]", "[Company Name]"),
        ("{", "{"),
        pytest.param("[" * 100_000, "[" * 100_000, id="deep"),
        ("'=A1", "=A1"),
        ("'- 1", "- 1"),
        ("'t Hooft BV", "'t Hooft BV"),
        ("-1.50", "-1.50"),
    ],
)
def test_a_cell_is_what_a_run_or_a_spreadsheet_meant_by_it(
    cell: str, value: Any, tmp_path: Path
) -> None:
    assert gold(tmp_path, {"a": cell})["a"] == value


def test_an_empty_list_and_a_blank_are_nothing(tmp_path: Path) -> None:
    found = only(table(tmp_path, ("file path", "a", "b", "c"), ("a.pdf", "[]", " ", "")))
    assert set(found.gold_status.values()) == {"absent"}


@pytest.mark.parametrize(
    ("scorer", "given", "cell", "is_right"),
    [
        ("text", "2019", "2019", True),
        ("text", "1.10", "1.10", True),
        ("text", "1.1", "1.10", False),
        ("enum", "2019", "2019", True),
        ("enum", 3, "3", True),
        ("enum", True, "1", False),
        ("partial_date", "2019", "2019", True),
        ("number", 12.5, "12.50", True),
        ("number", "7.5", "7.50", True),
        ("number", 1234567, "1234568", False),
        ("boolean", True, "TRUE", True),
        ("duration", "P12M", "P1Y", True),
        (None, 12.5, "12.50", True),
        (None, "2019", "2019", True),
        (None, 1234567, "1234568", False),
        (None, False, "false", True),
    ],
)
def test_a_number_in_a_cell_is_the_number_and_the_text(
    scorer: Scorer | None, given: Any, cell: str, is_right: bool, tmp_path: Path
) -> None:
    asked = EVERYTHING if scorer is None else Asked.by(schema_of(scorer))
    document = only(table(tmp_path, ("file path", "value"), ("a.pdf", cell)))
    found = outcomes(count(document, {"value": given}, asked))
    assert found == {"value": "correct" if is_right else "wrong"}


def schema_of(scorer: Scorer) -> type[BaseModel]:
    class Schema(BaseModel):
        value: Annotated[Any, About("x", scorer)]

    return Schema


def test_the_export_of_a_run_is_gold_that_its_own_predictions_match(tmp_path: Path) -> None:
    values: dict[str, dict[str, Any]] = {
        "a": {
            "title": "2019",
            "version": "1.10",
            "days": 30,
            "rate": 7.0,
            "is_exclusive": True,
            "notes": "=see annex",
            "parties": [{"name": "@Home, Inc."}, {"name": "Alma Ruiz"}],
            "tags": [],
            "fee": {"amount": "5000", "currency": "USD"},
            "ended": None,
        },
        "b": {
            "version": None,
            "days": None,
            "rate": None,
            "is_exclusive": False,
            "notes": "'quoted'",
            "parties": [{"name": "Oak Row LLC"}],
            "tags": ["x", "[y]"],
            "fee": None,
            "ended": "2020-01-31",
        },
    }
    run = tmp_path / "run"
    run.mkdir()
    files = {f"{name}.pdf": result(dict(leaves(value))) for name, value in values.items()}
    with composed_run(run, files) as reader:
        write_export(reader, tmp_path / "gold.csv", "csv")
    predictions = {name: Prediction(doc_id=name, fields=each) for name, each in values.items()}
    found = score(load_dataset(tmp_path), predictions)
    assert set(found.table.documents) == {"a", "b"}
    wrong = {name: set(each.values()) for name, each in found.outcomes.items()}
    assert wrong == {name: {"correct", "true_null"} for name in values}
    assert summary(found.table).strict_accuracy == 1.0


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Return a result's fields as a run has them, an empty list as one of them."""
    parts: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        own = cast("dict[str, Any]", value)
        parts = [(f"{path}.{key}" if path else key, each) for key, each in own.items()]
    elif isinstance(value, list):
        items = cast("Sequence[Any]", value)
        parts = [(f"{path}[{number}]", each) for number, each in enumerate(items)]
    if not parts:
        return [(path, field(value))]
    return [leaf for below, each in parts for leaf in leaves(each, below)]


def test_what_a_run_tells_of_its_files_is_no_label(tmp_path: Path) -> None:
    head = ("file path", "file state", "duplicate of", "file error", "to check", "term")
    found = only(table(tmp_path, head, ("a.pdf", "done", "", "", "term (unverified)", "P2Y")))
    assert found.gold == {"term": "P2Y"}


@pytest.mark.parametrize(
    ("column", "name", "doc_id", "file"),
    [
        ("file path", "sub/acme v1.2.pdf", "acme v1.2", "sub/acme v1.2.pdf"),
        ("file path", "elsewhere/acme v1.2.pdf", "acme v1.2", None),
        ("file", "gone.pdf", "gone", None),
        ("path", "sub/acme v1.2.pdf", "acme v1.2", "sub/acme v1.2.pdf"),
        ("doc_id", "acme v1.2", "acme v1.2", "sub/acme v1.2.pdf"),
        ("doc_id", "acme v1.3", "acme v1.3", None),
        ("doc_id", "nda [signed]", "nda [signed]", "nda [signed].txt"),
        ("doc_id", "gold", "gold", None),
        ("doc_id", "/nowhere/a", "/nowhere/a", None),
    ],
)
def test_a_document_is_found_by_its_path_or_its_name(
    column: str, name: str, doc_id: str, file: str | None, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "acme v1.2.pdf").touch()
    (tmp_path / "nda [signed].txt").touch()
    found = only(table(tmp_path, (column, "term"), (name, "P2Y")))
    assert (found.doc_id, found.file) == (doc_id, file)


def test_rows_that_a_spreadsheet_leaves_empty_are_none(tmp_path: Path) -> None:
    found = table(tmp_path, ("file path", "term"), ("a.pdf", "P2Y"), ("", ""), (), ("b.pdf", ""))
    assert [each.doc_id for each in found.documents()] == ["a", "b"]


@pytest.mark.parametrize("row", [("a.pdf",), ("a.pdf", "Acme", " Inc.", "P2Y")])
def test_a_row_of_another_width_is_told_by_its_line(row: tuple[str, ...], tmp_path: Path) -> None:
    found = table(tmp_path, ("file path", "party", "term"), row)
    with pytest.raises(DocumentError, match=r"gold\.csv, line 2 has more or fewer cells"):
        list(found.documents())


def test_a_column_that_is_there_twice_is_told(tmp_path: Path) -> None:
    found = table(tmp_path, ("file path", "term", "term"), ("a.pdf", "P2Y", "P3Y"))
    with pytest.raises(DocumentError, match="has two columns 'term'"):
        list(found.documents())


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    (tmp_path / "gold.csv").write_text('doc_id,party\na,"Acme\nb,Bolt\n', encoding="utf-8")
    with pytest.raises(DocumentError, match="unexpected end of data"):
        list(load_dataset(tmp_path).documents())


def test_a_row_that_names_no_document_is_told_by_its_line(tmp_path: Path) -> None:
    found = table(tmp_path, ("file path", "term"), ("a.pdf", "P2Y"), ("", "P1Y"))
    with pytest.raises(DocumentError, match=r"gold\.csv, line 3 names no document"):
        list(found.documents())


@pytest.mark.parametrize("column", ["what is this?", "", "$", "[0].name", "a..b"])
def test_a_column_that_is_no_path_is_told(column: str, tmp_path: Path) -> None:
    found = table(tmp_path, ("file path", column), ("a.pdf", "x"))
    with pytest.raises(DocumentError, match="is no path of a field"):
        list(found.documents())


@pytest.mark.parametrize("cells", [{"a": "x", "a.b": "y"}, {"a": "x", "a[0]": "y"}])
def test_a_column_in_anothers_value_is_told(cells: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"line 2: 'a.*' lies in the value of another column"):
        gold(tmp_path, cells)


def test_a_cell_that_is_too_long_is_told(tmp_path: Path) -> None:
    text = f'file path,name\na.pdf,"{"x" * 200_000}"\n'
    (tmp_path / "gold.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"line 2 .*field larger than field limit"):
        list(load_dataset(tmp_path).documents())


def test_a_line_has_gold_or_the_result_of_a_run(tmp_path: Path) -> None:
    first, second, third = lines(
        tmp_path,
        {"file": "a.pdf", "gold": {"term": "P2Y", "fee": None}},
        {"path": "sub/b.pdf", "result": {"value": {"term": "P1Y"}}, "schema_version": 1},
        {"doc_id": "c.d", "gold": {}},
    ).documents()
    assert (first.doc_id, first.gold) == ("a", {"term": "P2Y", "fee": None})
    assert first.gold_status == {"term": "value", "fee": "absent"}
    assert (second.doc_id, second.gold) == ("b", {"term": "P1Y"})
    assert third.doc_id == "c.d"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("{", "line 2 is no JSON"),
        ("[]", "line 2 is no object"),
        ('{"gold": {}}', "line 2 names no document"),
        ('{"file": "b.pdf"}', "line 2 has no `gold`"),
        ('{"file": "b.pdf", "gold": []}', "line 2 has no `gold`"),
        ('{"path": "b.pdf", "result": null, "state": "done"}', "line 2 has no `gold`"),
        pytest.param("[" * 100_000, "RecursionError", id="deep"),
    ],
)
def test_a_broken_line_is_told_by_its_number(broken: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"file": "a.pdf", "gold": {}}\n' + broken, "utf-8")
    with pytest.raises(DocumentError, match=told):
        list(load_dataset(tmp_path).documents())
