"""Excel: typed cells, long texts, the sheets, and Excel's limits."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError
from extractor.runs.exports import workbook, write_export
from extractor.runs.exports.cells import ENDING, typed
from extractor.runs.reader import RunReader
from tests.runs.exports.composed_run import Outcome, composed_run, field, result
from tests.runs.exports.reading import cells_of, values_of


def exported(folder: Path, files: dict[str, Outcome]) -> Path:
    to = folder / "out.xlsx"
    with composed_run(folder / "run", files) as reader:
        write_export(reader, to, "xlsx")
    return to


@pytest.mark.parametrize(
    ("value", "cell", "kind"),
    [
        ("2024-02-29", datetime(2024, 2, 29), "d"),  # noqa: DTZ001 - Excel knows no time zones
        ("1900-03-01", datetime(1900, 3, 1), "d"),  # noqa: DTZ001
        ("1900-02-28", "1900-02-28", "s"),
        ("2023-02-29", "2023-02-29", "s"),
        ("20240229", "20240229", "s"),
        ("٢٠٢٤-02-28", "٢٠٢٤-02-28", "s"),
        ("007", "007", "s"),
        ("1500.00", "1500.00", "s"),
        ("1e5", "1e5", "s"),
        (True, True, "b"),
        (0, 0, "n"),
        (1500.5, 1500.5, "n"),
        (999_999_999_999_999, 999_999_999_999_999, "n"),
        (1_234_567_890_123_456, "1234567890123456", "s"),
        (0.1 + 0.2, "0.30000000000000004", "s"),
        (float("inf"), "Infinity", "s"),
        ([1, "é"], '[1, "é"]', "s"),
    ],
)
def test_a_cell_has_the_type_that_loses_nothing(
    tmp_path: Path, value: Any, cell: Any, kind: str
) -> None:
    to = exported(tmp_path, {"a.pdf": result({"term": field(value)})})

    found = cells_of(to, "Values")[1][5]

    assert (found.value, found.data_type) == (cell, kind)


@pytest.mark.parametrize("text", ["x" * 32_768, "\N{GRINNING FACE}" * 20_000, "\x00" * 40_000])
def test_a_long_text_is_cut_visibly_and_never_blank(tmp_path: Path, text: str) -> None:
    to = exported(tmp_path, {"a.pdf": result({"term": field(text, quote=text, note=text)})})

    (row,), (proof,) = values_of(to, "Values"), values_of(to, "Evidence")

    for cell in (row["term"], proof["value"], proof["quote"], proof["note"]):
        assert cell.endswith(ENDING)
        assert 32_766 <= len(cell.encode("utf-16-le")) // 2 <= 32_767


def test_a_text_that_just_fits_is_whole() -> None:
    assert typed("x" * 32_767) == "x" * 32_767


def test_the_quote_is_a_comment_of_bounded_length(tmp_path: Path) -> None:
    fields = {"a": field("A", quote="the Tenant"), "b": field("B", quote="q" * 9_000)}
    to = exported(tmp_path, {"a.pdf": result(fields)})

    short, long = cells_of(to, "Values")[1][5:]

    assert short.comment.text == "the Tenant"
    assert len(long.comment.text) == 1_000
    assert long.comment.text.endswith("see Evidence")


def test_what_has_to_be_looked_at_is_named_and_marked(reader: RunReader, tmp_path: Path) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    head, row, *_ = cells_of(tmp_path / "out.xlsx", "Values")
    by_name = {name.value: cell for name, cell in zip(head, row, strict=True)}

    assert by_name["to check"].value == "rent (ambiguous)"
    assert by_name["rent"].fill.fgColor.rgb == "FFFFEB9C"
    assert by_name["tenant"].fill.fill_type is None


def test_items_of_a_list_stand_beside_each_other(reader: RunReader, tmp_path: Path) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    names = [cell.value for cell in cells_of(tmp_path / "out.xlsx", "Values")[0]]

    assert names[5:] == ["tenant", "parties[0].name", "parties[1].name", "start", "rent"]


def test_problems_has_failures_fields_and_warnings(reader: RunReader, tmp_path: Path) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    told = values_of(tmp_path / "out.xlsx", "Problems")

    lines = [(row["file path"], row["about"], row["status"], row["message"]) for row in told]
    assert lines == [
        ("a/lease.pdf", "field", "ambiguous", "two readings"),
        ("a/lease.pdf", "warning", None, "Page 3 is a scan."),
        ("a/copy.pdf", "field", "ambiguous", "two readings"),
        ("a/copy.pdf", "warning", None, "Page 3 is a scan."),
        ("b.pdf", "field", "unreadable", "page 2 could not be read"),
        ("broken.pdf", "file", "UnreadableDocumentError", "It is no PDF."),
        ("refused.pdf", "file", "ExtractorError", "Attempts are used up."),
    ]
    assert told[5]["what to do"] == "Look at it."


def test_evidence_has_a_row_for_each_place_and_each_field_without(
    reader: RunReader, tmp_path: Path
) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    rows = [r for r in values_of(tmp_path / "out.xlsx", "Evidence") if r["file path"] == "b.pdf"]
    tenants = [r for r in values_of(tmp_path / "out.xlsx", "Evidence") if r["field"] == "tenant"]

    assert ("ACME Corp.", "ACME  Corp.") in [(row["quote"], row["text"]) for row in tenants]
    assert [(row["field"], row["quote"]) for row in rows] == [
        ("tenant", None),
        ("parties[0].name", None),
        ("parties[1].name", None),
        ("start", None),
        ("rent", "1500.00"),
    ]
    assert len(tenants) == 5
    assert (tenants[0]["page"], tenants[0]["start"], tenants[0]["end"]) == (2, 7, 29)


def test_run_says_what_was_asked_and_what_it_took(reader: RunReader, tmp_path: Path) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    told = {row["fact"]: row["value"] for row in values_of(tmp_path / "out.xlsx", "Run")}

    assert told["schema"] == "Lease"
    assert told["models"] == '["scripted:model"]'
    assert (told["files"], told["files failed"], told["duplicates"]) == (7, 2, 1)
    assert (told["requests"], told["input tokens"], told["cost in USD"]) == (4, 400, 0.04)


def test_the_head_stays_in_sight_and_filters(reader: RunReader, tmp_path: Path) -> None:
    write_export(reader, tmp_path / "out.xlsx", "xlsx")

    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        values = book.read("xl/worksheets/sheet1.xml").decode()

    assert 'topLeftCell="B2"' in values
    assert '<autoFilter ref="A1:J8"/>' in values


def test_fields_past_the_last_column_are_told(tmp_path: Path) -> None:
    fields = {f"f{number}": field(number) for number in range(16_382)}

    with composed_run(tmp_path / "run", {"a.pdf": result(fields)}) as reader:
        summary = write_export(reader, tmp_path / "out.xlsx", "xlsx")

    (note,) = summary.notes
    assert "3 fields" in note
    assert "'f16379'" in note
    assert values_of(tmp_path / "out.xlsx", "Run")[-1]["value"] == note


def test_too_many_rows_are_refused_before_anything_is_written(
    reader: RunReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 15)  # Evidence has 15, its head not counted

    with pytest.raises(ConfigurationError, match="Evidence would have 15 rows") as caught:
        write_export(reader, tmp_path / "out.xlsx", "xlsx")

    assert "csv or sqlite" in str(caught.value.hint)
    assert [*tmp_path.glob("*.xlsx")] == []


def test_only_so_many_quotes_become_comments(
    reader: RunReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_MOST_COMMENTS", 2)

    summary = write_export(reader, tmp_path / "out.xlsx", "xlsx")

    cells = [cell for row in cells_of(tmp_path / "out.xlsx", "Values") for cell in row]
    assert sum(cell.comment is not None for cell in cells) == 2
    assert "first 2 quotes" in summary.notes[0]
