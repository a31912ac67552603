"""Text for terminals."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from extractor.cli.terminal import Progress, escaped, safe, safe_lines

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@settings(deadline=None)
@given(st.text())
def test_no_text_steers_a_terminal(text: str) -> None:
    assert not any(unicodedata.category(char) in HIDDEN for char in safe(text))
    assert len(safe(text)) == len(text)
    assert safe_lines(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("text", ["R&D — “as is” €5", "合同", "naïve", "ﬁ", "🖋"])
def test_ordinary_text_stays_what_it_is(text: str) -> None:
    assert safe(text) == text


def test_what_is_replaced_can_be_seen() -> None:
    assert safe("a\x1b[31mb\u202ec") == "a\ufffd[31mb\ufffdc"
    assert safe("a\tb\r\nc") == "a b  c"
    assert safe_lines("a\r\nb") == "a \nb"


@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_the_same_for_a_reader_and_harmless_for_a_terminal(indent: int | None) -> None:
    record = {"quote": "a\x1b\x9b\u202e\U000e0041\ud800“法”\n", "list": [1, None, True]}
    out = escaped(json.dumps(record, ensure_ascii=False, indent=indent))
    assert json.loads(out) == record
    assert "“法”" in out
    assert not any(unicodedata.category(char) in HIDDEN for char in out if char != "\n")


def test_on_a_terminal_progress_stays_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress("Reading 株式会社ブライトウォーター・ホールディングス.pdf"):
        pass
    shown = capsys.readouterr().err.split("\r\x1b[K")
    assert shown[1].startswith("[   0 s] Reading 株式会社")
    assert cell_len(shown[1]) == 39


def test_progress_says_what_is_done_a_line_each_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress("Reading") as progress:
        progress.say("Asking\x1b[2J")
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("] ")[2] for line in lines] == ["Reading", "Asking\ufffd[2J"]
