"""`extractor parse`, which reads what a model has answered."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.cli import main
from tests.cli.conftest import json_of

FIXTURES = Path(__file__).parents[3] / "fixtures"

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Give the next command something to read."""

    def give(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return give


@pytest.mark.parametrize(
    ("backend", "suffix"), [("json", "txt"), ("strict", "txt"), ("xml", "xml")]
)
def test_a_valid_reply_is_a_value_and_exit_code_0(
    stdin: Callable[[str], None], capsys: Capture, backend: str, suffix: str
) -> None:
    stdin((FIXTURES / "replies" / f"mutual-nda.{suffix}").read_text(encoding="utf-8"))
    assert main(["parse", "--backend", backend, "--schema", "nda", "--json"]) == 0
    record = json_of(capsys)
    gold = json.loads((FIXTURES / "gold" / "mutual-nda.json").read_text(encoding="utf-8"))
    assert record["value"] == gold["value"]
    assert record["errors"] == []
    assert not any(repair["lossy"] for repair in record["repairs"])


def test_a_reply_without_quotes_is_read_too(stdin: Callable[[str], None], capsys: Capture) -> None:
    stdin('```json\n{"law": "Ireland", "start": "1 April 2025"}\n```')
    assert main(["parse", "--backend", "json", "--schema", "terms.py:Terms", "--json"]) == 0
    record = json_of(capsys)
    assert record["value"] == {"law": "Ireland", "start": "2025-04-01"}
    assert {"kind", "path", "lossy"} <= set(record["repairs"][0])


def test_an_invalid_reply_is_no_value_and_exit_code_4(
    stdin: Callable[[str], None], capsys: Capture
) -> None:
    stdin('{"law": "Ireland", "start": "03/04/2025"}')
    assert main(["parse", "--backend", "json", "--schema", "terms.py:Terms", "--json"]) == 4
    record = json_of(capsys)
    assert record["value"] is None
    assert [(error["kind"], error["path"]) for error in record["errors"]] == [
        ("ambiguous_date", "start")
    ]


def test_a_schema_that_fails_to_dump_its_value_is_at_fault_and_what_was_read_is_kept(
    folder: Path, stdin: Callable[[str], None], capsys: Capture
) -> None:
    text = (folder / "terms.py").read_text(encoding="utf-8")
    text += "\n    def model_dump(self, **_):\n        raise SystemExit(0)\n"
    (folder / "terms.py").write_text(text, encoding="utf-8")
    stdin('{"law": "Ireland"}')
    assert main(["parse", "--backend", "json", "--schema", "terms.py:Terms", "--json"]) == 3
    error = json_of(capsys)["error"]
    assert (error["type"], error["partial"]) == ("ConfigurationError", {"law": "Ireland"})


@pytest.mark.parametrize("reply", ["", "I'm sorry, but no.", b"\xff\xfe\x00\x01", "[" * 100_000])
def test_what_is_no_reply_is_unreadable_and_exit_code_4(
    stdin: Callable[[str | bytes], None], capsys: Capture, reply: str | bytes
) -> None:
    for backend in ("json", "xml"):
        stdin(reply)
        assert main(["parse", "--backend", backend, "--schema", "nda", "--json"]) == 4
        record = json_of(capsys)
        assert (record["value"], record["errors"][0]["kind"]) == (None, "unreadable")


def test_people_see_the_value_on_stdout_and_the_rest_on_stderr(
    stdin: Callable[[str], None], capsys: Capture
) -> None:
    stdin('{"law": "Ireland\\u001b[2J", "mood": "\\u202e"}')
    assert main(["parse", "--backend", "json", "--schema", "terms.py:Terms"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["law"] == "Ireland\x1b[2J"
    assert "Repaired mood: unknown_key (lossy)" in shown.err
    assert not set(shown.out + shown.err) & set("\x1b\u202e")
    stdin('{"start": "soon"}')
    assert main(["parse", "--backend", "json", "--schema", "terms.py:Terms"]) == 4
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Invalid law: Field required" in shown.err


def test_parsing_works_in_a_pipe(
    command: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    arguments = ["parse", "--backend", "json", "--schema", "terms.py:Terms", "--json"]
    done = command(*arguments, input='{"law": "Ireland"}')
    assert (done.returncode, json.loads(done.stdout)["value"]["law"]) == (0, "Ireland")
