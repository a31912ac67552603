"""The commands that ask no model: schema, prompt, parse, locate."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main
from extractor.plugins import schema_names

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
NDA_PDF = str(FIXTURES / "contracts" / "mutual-nda.pdf")
OPENAI = ["--model", "openai:gpt-5.4-mini"]

Capture = pytest.CaptureFixture[str]


def json_of(capsys: Capture) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Give the next command something to read."""

    def give(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return give


# --- schema ---------------------------------------------------------------------------------------


def test_schemas_are_listed_with_what_they_are_for(capsys: Capture) -> None:
    assert main(["schema", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == schema_names()
    assert main(["schema", "list", "--json"]) == 0
    schemas = json_of(capsys)
    assert schemas["nda"].startswith("The main terms of a non-disclosure agreement")


def test_a_schema_is_shown_with_its_descriptions(capsys: Capture) -> None:
    assert main(["schema", "show", "nda"]) == 0
    shown = capsys.readouterr().out
    assert '"governing_law": name of a country or state in full or null' in shown
    assert "whose law governs" in shown
    assert main(["schema", "show", "nda", "--json"]) == 0
    assert "governing_law" in json_of(capsys)["properties"]


def test_a_schema_is_checked_for_each_technique_of_a_model(capsys: Capture) -> None:
    assert main(["schema", "check", "nda", *OPENAI, "--json"]) == 0
    record = json_of(capsys)
    assert record["model"] == "openai:gpt-5.4-mini"
    assert record["backends"] == dict.fromkeys(["strict", "tools", "json", "xml"], "ok")
    assert main(["schema", "check", "nda", *OPENAI]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["strict", "ok"]


def test_a_schema_that_a_technique_cannot_carry_is_told_why(folder: Path, capsys: Capture) -> None:
    fields = "\n".join(f"    f{number}: int | str" for number in range(20))
    item = f"from pydantic import BaseModel\nclass Item(BaseModel):\n{fields}\n"
    text = f"{item}class Wide(BaseModel):\n    items: list[Item]\n"
    (folder / "wide.py").write_text(text, encoding="utf-8")
    arguments = ["schema", "check", "wide.py:Wide", "--model", "anthropic:claude-sonnet-5"]
    assert main([*arguments, "--json"]) == 0
    backends = json_of(capsys)["backends"]
    assert "limit is 16" in backends["native"]
    assert backends["xml"] == "ok"
    assert main([*arguments, "--backend", "native"]) == 3
    assert "limit is 16" in capsys.readouterr().out


def test_a_technique_that_the_model_lacks_is_told(capsys: Capture) -> None:
    assert main(["schema", "check", "nda", *OPENAI, "--backend", "native"]) == 3
    assert "does not offer" in capsys.readouterr().out


def test_templates_of_ones_own_are_checked_with_the_schema(folder: Path, capsys: Capture) -> None:
    own = folder / "own"
    own.mkdir()
    check = ["schema", "check", "nda", *OPENAI, "--prompts", "own", "--json"]
    (own / "xml.jinja").write_text("{% if %}", encoding="utf-8")
    assert main(check) == 0
    backends = json_of(capsys)["backends"]
    assert "xml.jinja" in backends.pop("xml")
    assert set(backends.values()) == {"ok"}
    (own / "reask.jinja").write_text("{{ nothing }}", encoding="utf-8")
    assert main(check) == 3
    backends = json_of(capsys)["backends"]
    assert all("reask.jinja" in backends[name] for name in ("strict", "tools", "json"))
    assert main([*check[:-3], "--prompts", "none", "--json"]) == 3
    assert "No such folder" in json_of(capsys)["error"]["message"]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("opnai:m", "no provider"),
        ("compatible:m", "base URL"),
        ("local:other", "no embedded model"),
        ("scripted:none.json", "can't be read"),
    ],
)
def test_so_is_the_models_provider(model: str, said: str, capsys: Capture) -> None:
    assert main(["schema", "check", "nda", "--model", model, "--json"]) == 3
    assert said in json_of(capsys)["error"]["message"]


def test_an_unknown_schema_is_a_configuration_error(capsys: Capture) -> None:
    for arguments in (["show", "none"], ["check", "none", *OPENAI]):
        assert main(["schema", *arguments, "--json"]) == 3
        assert json_of(capsys)["error"]["type"] == "ConfigurationError"


# --- prompt ---------------------------------------------------------------------------------------


def test_the_exact_messages_and_the_wire_schema_are_shown(capsys: Capture) -> None:
    assert main(["prompt", "show", "contract.md", "--schema", "terms.py:Terms", *OPENAI]) == 0
    shown = capsys.readouterr().out
    assert "--- system ---" in shown
    assert "governed by the laws of Ireland." in shown
    assert "--- strict: json_schema ---" in shown
    schema = json.loads(shown.partition("json_schema ---\n")[2])
    assert [*schema["properties"]] == ["law", "start"]


def test_the_same_is_had_as_json(capsys: Capture) -> None:
    arguments = ["prompt", "show", "contract.md", "--schema", "terms.py:Terms", *OPENAI]
    assert main([*arguments, "--json"]) == 0
    record = json_of(capsys)
    told = {"model", "backend", "messages", "output", "max_tokens", "reasoning_effort"}
    assert set(record) == told
    assert record["reasoning_effort"] is None
    assert [message["role"] for message in record["messages"]] == ["system", "user"]
    assert record["model"] == "openai:gpt-5.4-mini"
    assert record["output"]["name"] == "Terms"


def test_a_reasoning_effort_is_shown(capsys: Capture) -> None:
    command = ["prompt", "show", "--schema", "nda", *OPENAI, "--reasoning-effort", "low"]
    assert main(command) == 0
    assert "--- strict: json_schema; reasoning effort low ---" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json_of(capsys)["reasoning_effort"] == "low"


@pytest.mark.parametrize(
    ("backend", "kind"),
    [("strict", "json_schema"), ("tools", "tool"), ("json", "json_object"), ("xml", "text")],
)
def test_the_kind_of_output_has_a_name_of_its_own(backend: str, kind: str, capsys: Capture) -> None:
    assert main(["prompt", "show", "--schema", "nda", *OPENAI, "--backend", backend, "--json"]) == 0
    assert json_of(capsys)["output"]["type"] == kind


def test_without_a_document_a_placeholder_stands_in_its_place(capsys: Capture) -> None:
    assert main(["prompt", "show", "--schema", "nda", *OPENAI, "--backend", "xml"]) == 0
    shown = capsys.readouterr().out
    assert "(The document's text stands here.)" in shown
    assert "<governing_law>" in shown
    assert "--- xml: text ---" in shown


def test_a_contract_that_is_shown_does_not_steer_the_terminal(
    folder: Path, capsys: Capture
) -> None:
    (folder / "contract.md").write_text("law\x1b[2J of\u202e Ireland\nnext line", encoding="utf-8")
    assert main(["prompt", "show", "contract.md", "--schema", "nda", *OPENAI]) == 0
    shown = capsys.readouterr().out
    assert "Ireland\nnext line\n" in shown
    assert not set(shown) & set("\x1b\u202e")


# --- parse ----------------------------------------------------------------------------------------


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


# --- locate ---------------------------------------------------------------------------------------


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
