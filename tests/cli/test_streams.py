"""Stdin, stdout and stderr that are closed, full or without a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

EXTRACTOR = str(Path(sys.executable).with_name("extractor"))
TERMS = ["extract", "contract.md", "--schema", "terms.py:Terms", "--model", "scripted:script.json"]

Done: TypeAlias = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
def answer(script: Callable[..., str], good: Any) -> None:
    """What the scripted model says."""
    script(good)


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def run(*arguments: str, closed: int | None = None, **streams: Any) -> Done:
    """Run the command line with streams of one's own, one of them closed."""

    def close() -> None:
        if closed is not None:
            os.close(closed)

    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(  # noqa: S603 - our own program
        [EXTRACTOR, *arguments],
        **pipes | streams,
        env=dict(os.environ),  # as Python sees it: readline sets COLUMNS behind its back
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        preexec_fn=close,
    )


def full(*arguments: str, stream: str) -> Done:
    with Path("/dev/full").open("w", encoding="utf-8") as disk:
        streams: dict[str, Any] = {stream: disk}
        return run(*arguments, **streams)


# --- stdout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["schema", "show", "nda"], 0),
        (["schema", "show", "nda", "--json"], 0),
        (["prompt", "show", "contract.md", "--schema", "nda", "--model", "openai:m"], 0),
        (TERMS, 0),
        ([*TERMS, "--json"], 0),
        (["--help"], 0),
        (["extract", "none.pdf", "--schema", "nda", "--json"], 4),
        (["extract", "contract.md", "--schema", "none", "--json"], 3),
        (["extract", "--json"], 2),
        (["schema", "check", "nda", "--model", "openai:m", "--backend", "native", "--json"], 3),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_failure_and_hides_none(
    arguments: list[str], code: int, unread: int
) -> None:
    done = run(*arguments, stdout=unread)
    assert done.returncode == code
    for word in ("Traceback", "Exception ignored", "BrokenPipe", "OutputError", "can't be written"):
        assert word not in done.stderr


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_disk_is_told_and_so_is_what_was_billed(options: list[str]) -> None:
    done = full(*TERMS, *options, stream="stdout")
    assert done.returncode == 9
    assert "OutputError: The result can't be written: No space left on device." in done.stderr
    assert "1 request, " in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", [["schema", "show", "nda"], ["--help"], ["doctor"]])
def test_so_it_is_by_every_command(arguments: list[str]) -> None:
    done = full(*arguments, stream="stdout")
    assert done.returncode == 9
    assert done.stderr.startswith("OutputError: ")


def test_a_failure_keeps_its_exit_code_when_the_disk_is_full() -> None:
    done = full("extract", "none.pdf", "--schema", "nda", "--json", stream="stdout")
    assert done.returncode == 4
    assert "No such file" in done.stderr
    assert "can't be written" in done.stderr


def test_an_invalid_reply_stays_one_when_nobody_reads_so(unread: int) -> None:
    arguments = ["parse", "--backend", "json", "--schema", "nda", "--json"]
    done = run(*arguments, stdout=unread, stdin=subprocess.DEVNULL)
    assert done.returncode == 4


def test_with_a_closed_stdout_nothing_is_asked_for() -> None:
    done = run(*TERMS, "--json", closed=1)
    assert done.returncode == 9
    assert "stdout is closed" in done.stderr
    assert "Asking" not in done.stderr


def test_a_closed_stdout_leaves_other_failures_what_they_are() -> None:
    assert run("extract", "none.pdf", "--schema", "nda", "--json", closed=1).returncode == 4
    assert run("extract", "--json", closed=1).returncode == 2
    assert run("--version", closed=1).returncode == 9


# --- stderr ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["unread", "full", "closed"])
def test_without_stderr_the_result_is_the_same_and_so_is_the_exit_code(
    how: str, unread: int
) -> None:
    def go(*arguments: str) -> Done:
        if how == "full":
            return full(*arguments, stream="stderr")
        return run(*arguments, closed=2) if how == "closed" else run(*arguments, stderr=unread)

    done = go(*TERMS, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["value"]["law"] == "Ireland"
    assert go(*TERMS).stdout.startswith("Field")
    done = go("extract", "none.pdf", "--schema", "nda", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["type"]) == (4, "DocumentError")
    assert go("extract").returncode == 2


def test_a_schema_that_prints_does_not_mind_either(folder: Path, unread: int) -> None:
    noisy(folder)
    assert run(*TERMS, "--json", stderr=unread).returncode == 0
    assert run(*TERMS, "--json", closed=2).returncode == 0


# --- stdin ----------------------------------------------------------------------------------------


def test_a_closed_stdin_matters_only_to_who_reads_it(folder: Path) -> None:
    assert run(*TERMS, "--json", closed=0).returncode == 0
    parse = ["parse", "--backend", "json", "--schema", "nda", "--json"]
    done = run(*parse, closed=0)
    assert done.returncode == 4
    assert "Stdin is closed" in json.loads(done.stdout)["error"]["message"]
    with (folder / "written").open("w", encoding="utf-8") as one_way:
        done = run(*parse, stdin=one_way)
    assert done.returncode == 4
    assert "Stdin can't be read" in json.loads(done.stdout)["error"]["message"]


# --- what others print ----------------------------------------------------------------------------


def noisy(folder: Path) -> None:
    """Let the schema print when it is imported and when it validates."""
    text = (folder / "terms.py").read_text(encoding="utf-8")
    text = f"import sys\nprint('imported')\nsys.stdout.flush()\n{text}"
    text += """
    def model_post_init(self, context):
        print("validated", sys.stdout.encoding)
"""
    (folder / "terms.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [TERMS, ["schema", "check", "terms.py:Terms", "--model", "openai:m"], ["extract", "none.pdf"]],
)
def test_a_schema_that_prints_does_not_get_between_the_result_and_its_reader(
    folder: Path, arguments: list[str]
) -> None:
    noisy(folder)
    schema = ["--schema", "terms.py:Terms"] if arguments[-1] == "none.pdf" else []
    done = run(*arguments, *schema, "--json")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)
    assert "imported" in done.stderr
    assert ("validated" in done.stderr) is (arguments == TERMS)


@pytest.mark.parametrize("ending", ["sys.exit(0)", "raise SystemExit('done')", "1 / 0", "exit()"])
def test_a_schema_that_ends_or_raises_when_imported_is_a_configuration_error(
    folder: Path, ending: str
) -> None:
    (folder / "terms.py").write_text(f"import sys\nprint('x')\n{ending}\n", encoding="utf-8")
    done = run(*TERMS, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["type"] == "ConfigurationError"
