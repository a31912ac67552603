"""Texts made to do harm in spreadsheets, and file names made to be written to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.hostile_cells import HOSTILE, exported, seen_by_openpyxl
from extractor.runs.exports import ExportFormat, write_export
from extractor.runs.exports.defusing import defused
from tests.runs.exports.composed_run import composed_run, field, result
from tests.runs.exports.reading import records_of

SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
FORMATS: tuple[ExportFormat, ...] = ("xlsx", "csv", "jsonl", "sqlite", "parquet")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_sixty_hostile_texts_are_texts_and_nothing_else(tmp_path: Path, form: ExportFormat) -> None:
    verdict = seen_by_openpyxl(exported(tmp_path, form))

    assert len(set(HOSTILE)) == 60
    assert verdict.is_harmless, verdict


def test_raw_leaves_formulas_as_they_are(tmp_path: Path) -> None:
    with composed_run(tmp_path / "run", {"a.pdf": result({"term": field("=1+1")})}) as reader:
        summary = write_export(reader, tmp_path / "out.csv", "csv", raw=True)

    assert records_of(tmp_path / "out.csv")[0]["term"] == "=1+1"
    assert not (tmp_path / "out.csv.defused.json").exists()
    assert summary.notes == ()


def test_the_sidecar_says_which_cells_were_changed(tmp_path: Path) -> None:
    fields = {"a": field("ACME"), "b": field("=1+1"), "c": field(-5), "d": field("-5.0")}
    with composed_run(tmp_path / "run", {"@a.pdf": result(fields)}) as reader:
        summary = write_export(reader, tmp_path / "out.csv", "csv")

    (record,) = records_of(tmp_path / "out.csv")
    assert [record[name] for name in "abcd"] == ["ACME", "'=1+1", "-5", "-5.0"]
    assert json.loads((tmp_path / "out.csv.defused.json").read_text()) == {
        "schema_version": 1,
        "prefix": "'",
        "cells": [
            {"record": 1, "column": 0, "name": "file path"},
            {"record": 1, "column": 6, "name": "b"},
        ],
    }
    assert summary.notes[0].endswith(": 2.")


def test_a_sidecar_of_before_goes_when_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "out.csv.defused.json").write_text("{}")

    with composed_run(tmp_path / "run", {"a.pdf": result({"term": field("ACME")})}) as reader:
        write_export(reader, tmp_path / "out.csv", "csv")

    assert not (tmp_path / "out.csv.defused.json").exists()


@given(st.text(alphabet=st.sampled_from(f"{SIGNS} \"'\ufeff\u200b\xa01a,;")))
def test_a_defused_text_begins_with_no_sign_and_can_be_had_back(text: str) -> None:
    made = defused(text)

    assert text in (made, made.removeprefix("'"))
    if made == text and (bare := text.lstrip(" \"'\ufeff\u200b\xa0")):
        assert bare[0] not in SIGNS or float(text) is not None  # which raises where it is none


@pytest.mark.parametrize("form", FORMATS)
def test_no_path_of_a_run_is_written_to(tmp_path: Path, form: ExportFormat) -> None:
    tricks = (
        "../../evil",
        "/etc/evil",
        "C:\\evil",
        "CON",
        "a" * 300,
        ".",
        "é",
        "e\u0301",
        "A",
        "a",
    )
    place = tmp_path / "deep" / "out"
    place.mkdir(parents=True)
    with composed_run(
        tmp_path / "run", {t: result({"term": field("x")}) for t in tricks}
    ) as reader:
        before = {path for path in tmp_path.rglob("*") if "run" not in path.parts}
        summary = write_export(reader, place / "results", form)

    after = {path for path in tmp_path.rglob("*") if "run" not in path.relative_to(tmp_path).parts}
    assert summary.files == len(tricks)
    assert after - before == {place / "results"}
