"""What all formats have in common: files, counts, bytes; and how each is read."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from collections import Counter, deque
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from extractor.errors import ConfigurationError, StoreError
from extractor.runs.exports import ExportFormat, read_export, write_export
from extractor.runs.reader import RunReader
from tests.runs.exports.composed_run import EVERY_OUTCOME, composed_run, field, result
from tests.runs.exports.reading import records_of, values_of

_duckdb: Any = import_module("duckdb")
_SAME = re.compile("the same as ([^;]+)")

FILES: tuple[ExportFormat, ...] = ("xlsx", "csv", "jsonl", "sqlite", "parquet")
FORMATS: tuple[ExportFormat, ...] = (*FILES, "html")


def states_in(path: Path, form: ExportFormat) -> list[tuple[str, str, str | None]]:
    """Return path, state and original of each file that an export has."""
    match form:
        case "xlsx":
            rows = values_of(path, "Values")
            return [(r["file path"], r["file state"], r["duplicate of"]) for r in rows]
        case "csv":
            records = records_of(path)
            return [(r["file path"], r["file state"], r["duplicate of"] or None) for r in records]
        case "jsonl":
            return [(row.path, row.state, row.duplicate_of) for row in read_export(path)]
        case "sqlite":
            return asked(path, "SELECT path, state, duplicate_of FROM files ORDER BY id")
        case "parquet":
            query = "SELECT file, state, any_value(duplicate_of) FROM {} GROUP BY ALL"
            found = parquet(path, f"{query} ORDER BY min(position)")
            return [(file, state, original) for file, state, original in found]
        case "html":
            lines = [[cell.xpath("string()") for cell in row] for row in lines_of(path)]
            return [(line[1], line[2], original_in(line[5])) for line in lines]


def original_in(told: str) -> str | None:
    found = _SAME.match(told)
    return found[1] if found else None


def lines_of(pages: Path) -> list[Any]:
    """Return the files' lines of an index."""
    index: Any = etree.fromstring((pages / "index.html").read_bytes(), etree.HTMLParser())
    found: list[Any] = index.xpath("//tbody/tr")
    return found


def asked(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def parquet(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(_duckdb.connect()) as database:
        rows: list[tuple[Any, ...]] = database.execute(query.format(f"'{path}'")).fetchall()
        return rows


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_every_file_once(
    reader: RunReader, tmp_path: Path, form: ExportFormat
) -> None:
    summary = write_export(reader, tmp_path / f"out.{form}", form)

    assert states_in(tmp_path / f"out.{form}", form) == [
        ("a/lease.pdf", "done", None),
        ("a/copy.pdf", "done", "a/lease.pdf"),
        ("b.pdf", "done", None),
        ("broken.pdf", "failed", None),
        ("refused.pdf", "failed", None),
        ("empty.pdf", "done", None),
        ("later.pdf", "planned", None),
    ]
    assert summary.files == 7


def test_the_same_run_gives_the_same_bytes(reader: RunReader, tmp_path: Path) -> None:
    for form in FILES:
        write_export(reader, tmp_path / f"first.{form}", form)
    time.sleep(2.1)  # the times in a zip archive are of two seconds
    with closing(RunReader(reader.path)) as again:
        for form in FILES:
            write_export(again, tmp_path / f"second.{form}", form)

    for form in FILES:
        first, second = (tmp_path / f"{name}.{form}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes(), form


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_without_files_is_exported(tmp_path: Path, form: ExportFormat) -> None:
    to = tmp_path / f"out.{form}"
    with composed_run(tmp_path / "run", {}) as reader:
        summary = write_export(reader, to, form)

    assert summary.files == 0
    assert states_in(to, form) == []


def test_lines_are_read_back_equal(tmp_path: Path) -> None:
    text = "\N{GRINNING FACE} \ud83d \x00 \u2028 \x85 \r\n é \ufffe"
    odd = result({f'terms["{text}"]': field(text, quote=text)}, warnings=(text,))
    to = tmp_path / "out.jsonl"
    with composed_run(tmp_path / "run", {**EVERY_OUTCOME, f"{text}.pdf": odd}) as reader:
        write_export(reader, to, "jsonl")

        assert [*read_export(to)] == [*reader.rows()]

    lines = to.read_bytes().removesuffix(b"\n").split(b"\n")
    assert [json.loads(line)["schema_version"] for line in lines] == [1] * 8


def test_what_is_no_export_is_refused_when_read(reader: RunReader, tmp_path: Path) -> None:
    to = tmp_path / "out.jsonl"
    write_export(reader, to, "jsonl")
    first = to.read_text(encoding="utf-8").partition("\n")[0]

    def raised(text: bytes) -> str:
        to.write_bytes(text)
        with pytest.raises(StoreError) as caught:
            deque(read_export(to))
        return caught.value.message

    assert "Line 2" in raised(first.encode() + b"\n" + first.encode()[:99])
    assert "Line 1" in raised(b"[1]")
    assert "version 2" in raised(first.replace(': 1, "pos', ': 2, "pos').encode())
    assert "lacks position" in raised(b'{"schema_version": 1}')
    assert "can't be read" in raised(b"\xff\xfe")
    with pytest.raises(ConfigurationError):
        deque(read_export(tmp_path / "none.jsonl"))


def test_the_database_keeps_types_and_evidence(tmp_path: Path) -> None:
    values = ["007", 5, 1.5, True, None, ["a"], 2**70, float("nan"), "a\x00b"]
    fields = {f"f{n}": field(value, quote="q") for n, value in enumerate(values)}
    to = tmp_path / "out.sqlite"
    with composed_run(tmp_path / "run", {"a.pdf": result(fields)}) as reader:
        write_export(reader, to, "sqlite")

    query = "SELECT value, kind FROM field_values ORDER BY position"
    assert asked(to, query) == [
        *(("007", "string"), (5, "integer"), (1.5, "number"), (1, "boolean"), (None, "null")),
        *(('["a"]', "array"), (str(2**70), "integer"), ("NaN", "number"), ("a\x00b", "string")),
    ]
    assert asked(to, "SELECT count(*), min(quote), min(page) FROM evidence") == [(9, "q", 2)]


def test_the_database_is_one_plain_file_that_holds_together(
    reader: RunReader, tmp_path: Path
) -> None:
    write_export(reader, tmp_path / "out.sqlite", "sqlite")

    assert asked(tmp_path / "out.sqlite", "PRAGMA journal_mode") == [("delete",)]
    assert asked(tmp_path / "out.sqlite", "PRAGMA page_size") == [(4096,)]
    assert asked(tmp_path / "out.sqlite", "PRAGMA foreign_key_check") == []
    assert asked(tmp_path / "out.sqlite", "PRAGMA integrity_check") == [("ok",)]
    assert asked(tmp_path / "out.sqlite", "SELECT value FROM run WHERE name = 'files'") == [(7,)]
    assert {path.name for path in tmp_path.iterdir()} == {"run", "out.sqlite"}


def test_the_wide_view_has_a_column_for_each_field(tmp_path: Path) -> None:
    odd = {"file": field("x"), 'a["\x00\ud83d"]': field("y"), 'it\'s "it"': field(3)}
    to = tmp_path / "out.sqlite"
    with composed_run(tmp_path / "run", {"a.pdf": result(odd), "b.pdf": None}) as reader:
        write_export(reader, to, "sqlite")

    assert asked(to, "SELECT * FROM wide") == [
        ("a.pdf", "done", None, None, None, "x", "y", 3),
        ("b.pdf", "planned", None, None, None, None, None, None),
    ]


@pytest.mark.parametrize(("fields", "has_view"), [(1_995, True), (1_996, False)])
def test_the_wide_view_is_left_out_where_sqlite_takes_no_more_columns(
    tmp_path: Path, fields: int, has_view: bool
) -> None:
    wide = result({f"f{number}": field(number) for number in range(fields)})
    to = tmp_path / "out.sqlite"
    with composed_run(tmp_path / "run", {"a.pdf": wide}) as reader:
        summary = write_export(reader, to, "sqlite")

    views = asked(to, "SELECT name FROM sqlite_schema WHERE type = 'view'")
    assert views == [("wide",)] * has_view
    assert len(summary.notes) == (not has_view)
    if has_view:
        assert asked(to, "SELECT * FROM wide")[0][-1] == fields - 1


def test_parquet_has_a_row_for_each_field_and_each_file_without(
    reader: RunReader, tmp_path: Path
) -> None:
    summary = write_export(reader, tmp_path / "out.parquet", "parquet")

    rows = parquet(tmp_path / "out.parquet", "SELECT file, field, kind, value, quote FROM {}")
    assert summary.rows == len(rows) == 4 + 4 + 5 + 4
    assert ("a/copy.pdf", "rent", "number", "1500.5", "1.500,5") in rows
    assert ("later.pdf", None, None, None, None) in rows
    assert Counter(file for file, *_ in rows)["empty.pdf"] == 1


def test_parquet_says_which_extra_it_needs(
    reader: RunReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(ConfigurationError) as caught:
        write_export(reader, tmp_path / "out.parquet", "parquet")

    assert "contract-extractor[parquet]" in str(caught.value.hint)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_of_one_moment(
    reader: RunReader, tmp_path: Path, form: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = RunReader.rows
    passes: list[int] = []

    def rows_while_others_write(self: RunReader) -> Any:
        for row in rows(self):
            yield row
            with closing(sqlite3.connect(self.path)) as other, other:
                other.execute("INSERT OR IGNORE INTO files (path, scan) VALUES ('new.pdf', 1)")
        passes.append(1)

    monkeypatch.setattr(RunReader, "rows", rows_while_others_write)
    summary = write_export(reader, tmp_path / "out", form)

    assert summary.files == 7
    assert reader.counts().files["planned"] == 2
    assert passes


def test_rows_are_never_changed_by_an_export(reader: RunReader, tmp_path: Path) -> None:
    before = [replace(row) for row in reader.rows()]

    for form in FORMATS:
        write_export(reader, tmp_path / f"out.{form}", form)

    assert [*reader.rows()] == before
