"""The report of an extraction, as an analyst reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from rich.cells import cell_len

from extractor.cli import main
from extractor.cli.extracting.report import field_report, summary
from extractor.cli.streams import Output
from extractor.types import (
    Evidence,
    EvidenceStatus,
    Extraction,
    FieldResult,
    FieldStatus,
    Span,
    Usage,
)

WIDTHS = (40, 60, 80, 99, 100, 120, 200)
LONG = "the Receiving Party shall " + "keep it secret and " * 100 + "return it"


class Empty(BaseModel):
    pass


def quoted(quote: str, page: int = 3, status: EvidenceStatus = "exact") -> tuple[Evidence, ...]:
    return (Evidence(quote, status, Span(0, 1), page, 1.0),)


FIELDS: dict[str, FieldResult] = {
    "parties[0].name": FieldResult(
        "found",
        "株式会社ブライトウォーター",
        None,
        quoted("株式会社ブライトウォーター(以下「甲」という。)は"),
    ),
    "confidentiality.exceptions[12].description_of_the_exception": FieldResult(
        "found", LONG, None, quoted(LONG, 12)
    ),
    "links": FieldResult("found", "https://example.com/" + "a" * 150, None, quoted("b" * 150)),
    "law": FieldResult("found", "Ireland 🖋", None, quoted("Irish law 🖋"), "code can't judge it"),
    "term": FieldResult("unverified", "2 years", None, quoted("two"), "number: the quote has 3"),
    "fee": FieldResult("ambiguous", Decimal(5000), None, quoted("$5,000"), "two fees are stated"),
    "cap": FieldResult("conflict", Decimal(5000), None, quoted("$5,000"), "page 9 says $6,000"),
    "end": FieldResult("derived", "2027-01-01", None, quoted("two years"), "start and term"),
    "start": FieldResult("invalid", "soon", None, (), "is no date"),
    "annex": FieldResult("not_searched", None, None, (), "pages 4-6 were not read"),
    "scan": FieldResult("unreadable", None, None, (), "has no text layer"),
    "deposit": FieldResult("absent"),
}


def extraction(fields: dict[str, FieldResult]) -> Extraction[Empty]:
    return Extraction(
        Empty(), fields, "scripted:x", "strict", 1, (), Usage(), Decimal(0), (), coverage=1.0
    )


def reported(fields: dict[str, FieldResult], width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    return field_report(fields, Output(sys.stdout))


def unfolded(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_or_ends_in_blanks(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = reported(FIELDS, width, monkeypatch).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_in_a_narrow_terminal_each_field_stands_by_itself_and_nothing_is_lost(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reported(FIELDS, width, monkeypatch)
    law = report[report.index("law ") : report.index("term ")]
    assert law.splitlines() == [
        "law  found  page 3",
        "  Ireland 🖋",
        "  “Irish law 🖋”",
        "  [code can't judge it]",
    ]
    flat = unfolded(report)
    for path, result in FIELDS.items():
        assert path + result.status in flat
        assert unfolded(f"[{result.note}]") in flat or result.note is None
    assert "https://example.com/" + "a" * 150 in flat
    assert "株式会社ブライトウォーター(以下「甲」という。)は" in flat


@pytest.mark.parametrize("width", [100, 120, 200])
def test_in_a_wide_one_there_is_a_table_whose_columns_stay_apart(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reported(FIELDS, width, monkeypatch)
    head, *lines = report.splitlines()
    status, page = head.index("Status"), head.index("Page")
    for path in ("law", "term", "fee", "cap", "end", "start", "annex", "scan", "deposit"):
        line = next(line for line in lines if line.startswith(f"{path} "))
        cells = line if path != "law" else line.replace("🖋", "x" * cell_len("🖋"))
        assert cells[status:page].strip() == FIELDS[path].status
    for result in FIELDS.values():
        assert result.note is None or unfolded(result.note)[:8] in unfolded(report)


def test_a_value_that_would_fill_a_screen_is_shown_with_its_ends_and_its_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = " ".join(reported({"secrecy": FieldResult("found", LONG)}, 80, monkeypatch).split())
    assert "the Receiving Party shall keep" in report
    assert f"return it ({len(LONG):,} characters)" in report
    assert len(report) < 500


def test_sixty_fields_are_sixty_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"f{i}": FieldResult("found", i, i, quoted(f"figure {i}")) for i in range(60)}
    assert reported(many, 120, monkeypatch).count("\n") == 60
    assert reported(many, 40, monkeypatch).count("\n") == 3 * 60 - 1


def test_every_status_is_counted_in_the_summary_and_a_doubtful_find_is_told_apart() -> None:
    assert summary(extraction(FIELDS)).startswith(
        "4 found (1 with a note), 1 derived, 1 ambiguous, 1 conflict, 1 unverified, 1 invalid, "
        "1 unreadable, 1 not_searched, 1 absent. scripted:x (strict), 1 request, "
    )
    for status in get_args(FieldStatus):
        assert summary(extraction({"a": FieldResult(status)})).startswith(f"1 {status}. ")
    assert summary(extraction({})).startswith("No fields. ")


def test_statuses_differ_in_colour_too_where_there_is_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    leader, follower = os.openpty()
    with os.fdopen(follower, "w", encoding="utf-8") as terminal:
        report = field_report({s: FieldResult(s) for s in get_args(FieldStatus)}, Output(terminal))
    os.close(leader)
    styled = {line.partition("m")[0] for line in report.split("\x1b[") if "m" in line} - {"0", "1"}
    assert len(styled) == len(get_args(FieldStatus))


def test_the_command_heeds_the_width_of_the_terminal(
    script: Callable[..., str],
    good: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    arguments = ["extract", "contract.md", "--schema", "terms.py:Terms", "--model", script(good)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "law  found  page 1",
        "  Ireland",
        "  “governed by the laws of Ireland”",
        "start  found  page 1",
        "  2025-04-01",
        "  “takes effect on 1 April 2025”",
    ]
