"""The same question is the same bytes, and a recorded extraction is done again without a POST."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
from pydantic import BaseModel

from extractor import Extractor, ScriptedProvider, extract
from extractor.backends import BACKENDS
from extractor.calls.cache.replies import CacheMode, SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.calls.ledger.attempts import open_to_read
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.ledger.stats import call_stats
from extractor.documents import read_document
from extractor.flow.extraction import extraction
from extractor.plugins import load_schema, schema_names
from extractor.prompting.prompts import Prompts
from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.providers.profiles import profile_for
from extractor.types import ModelRequest, Usage
from tests.replayed import FAIL, SCRIPTS, Script, lines, told
from tests.services_agreement import BAD_NOTICE, CONTRACT, GOOD, NOTICE_AGAIN, Consistent, Terms

ROOT = Path(__file__).parents[2]


def run_with_seed(seed: int, *arguments: str, **variables: str) -> str:
    """Run Python in a process of its own, whose sets are in an order of its own."""
    done = subprocess.run(  # noqa: S603 - this interpreter and our own code
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)} | variables,
    )
    return done.stdout


# --- the same bytes -------------------------------------------------------------------------------

BODIES = "from tests.asking.test_replay import bodies; print(bodies())"


def bodies() -> str:
    """The first POST about a document, of every shipped schema and technique, to both APIs."""
    providers: list[tuple[str, OpenAIProvider | AnthropicProvider]] = [
        ("gpt-5.4-mini", OpenAIProvider(api_key="key", base_url="https://127.0.0.1/v1")),
        ("claude-sonnet-4-6", AnthropicProvider(api_key="key", base_url="https://127.0.0.1")),
    ]
    found: dict[str, Any] = {}
    for model, provider in providers:
        for name in schema_names():
            for backend in provider.profile(model).techniques:
                schema: type[BaseModel] = load_schema(name)
                request = first_request(schema, model, provider, backend)
                found[f"{provider.name} {name} {backend}"] = provider.encode(request)
        provider.close()
    return json.dumps(found)


def first_request(
    schema: type[BaseModel], model: str, provider: Provider, backend: str
) -> ModelRequest:
    extractor = Extractor(schema, model=model, provider=provider, backend=backend)
    flow = extraction(extractor.plan, read_document(CONTRACT), Prompts(), nonce_key=b"key")
    try:
        return next(flow)
    finally:
        flow.close()


def test_the_first_post_of_every_schema_and_technique_is_the_same_in_every_process() -> None:
    here = bodies()
    asked = json.loads(here)
    assert {name.split()[2] for name in asked} == set(BACKENDS)
    assert len({json.dumps(body) for body in asked.values()}) == len(asked) >= 14
    assert [run_with_seed(seed, "-c", BODIES).strip() == here for seed in (1, 2)] == [True] * 2


def test_in_one_process_the_same_document_is_asked_in_the_same_bytes() -> None:
    requests = [
        Extractor(Terms, provider=ScriptedProvider([])).first_request(CONTRACT) for _ in range(2)
    ]
    assert requests[0] == requests[1]


# --- replayed extractions -------------------------------------------------------------------------


def test_every_kind_of_extraction_is_replayed_without_a_post_to_identical_bytes(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "replies.sqlite")
    recorded = run_with_seed(1, "-m", "tests.replayed", path, "record").splitlines()
    for line, (name, (_, script)) in zip(recorded, SCRIPTS.items(), strict=True):
        first = json.loads(line)
        assert first["posts"] == first["record"]["attempts"] == len(script)
        assert first["record"]["cost_usd"] > 0
        assert ("value" in first["record"]) == (name not in FAIL)
    for seed in (2, 3):
        replayed = run_with_seed(seed, "-m", "tests.replayed", path, "replay").splitlines()
        assert [json.loads(line)["posts"] for line in replayed] == [0] * len(SCRIPTS)
        assert [line.partition('"record"')[2] for line in replayed] == [
            line.partition('"record"')[2] for line in recorded
        ]


def test_in_record_mode_only_a_refusal_is_asked_again(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    first, again = (list(lines(path, "record")) for _ in range(2))
    assert sum(line["posts"] for line in first) == sum(len(s) for _, s in SCRIPTS.values())
    assert {line["name"]: line["posts"] for line in again if line["posts"]} == {"refused": 1}
    assert [line["record"] for line in first] == [line["record"] for line in again]


def test_a_refresh_asks_everything_again(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    first, again = (list(lines(path, mode)) for mode in ("record", "refresh"))
    assert first == again


def test_what_was_recorded_blocking_is_replayed_on_an_event_loop(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    recorded = [line["record"] for line in lines(path, "record")]
    replayed = list(lines(path, "replay", on_loop=True))
    assert [line["record"] for line in replayed] == recorded
    assert sum(line["posts"] for line in replayed) == 0


def test_a_replay_of_what_was_never_recorded_sends_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    SqliteReplyCache(path).close()
    for line in lines(path, "replay"):
        assert (line["posts"], line["record"]["type"]) == (0, "CacheMissError")
        assert line["record"]["attempts"] == 0


def test_a_replay_costs_the_ledger_nothing(tmp_path: Path) -> None:
    provider = Script([told(GOOD, Usage(1000, 50))], profile=profile_for("scripted", ""))
    modes: tuple[CacheMode, ...] = ("record", "record", "replay")
    for mode in modes:
        with (
            closing(SqliteReplyCache(tmp_path / "replies.sqlite", mode=mode)) as replies,
            closing(SqliteLedger(tmp_path / "calls.sqlite")) as ledger,
        ):
            core = CallCore(cache=replies, ledger=ledger)
            extractor = Extractor(Consistent, model="gpt-5.4-mini", provider=provider, core=core)
            assert extractor.extract(CONTRACT).cost_usd
    with open_to_read(tmp_path / "calls.sqlite") as ledger:
        (total,) = call_stats(ledger)
    assert total.calls == 1


def test_the_command_line_writes_the_same_bytes_from_a_replay(tmp_path: Path) -> None:
    (tmp_path / "contract.md").write_text(CONTRACT, encoding="utf-8")
    script = tmp_path / "script.json"
    script.write_text(json.dumps([json.dumps(BAD_NOTICE), json.dumps(NOTICE_AGAIN)]), "utf-8")
    extract = ["-m", "extractor", "extract", str(tmp_path / "contract.md"), "--json"]
    extract += ["--schema", "tests.services_agreement:Terms", "--model", f"scripted:{script}"]
    settings = {name: str(tmp_path / name) for name in ("EXTRACTOR_STORE", "XDG_CACHE_HOME")}
    recorded = run_with_seed(1, *extract, "--cache", "record", **settings)
    script.write_text("[]", "utf-8")
    replayed = run_with_seed(2, *extract, "--cache", "replay", **settings)
    assert json.loads(recorded)["attempts"] == 2
    assert replayed == recorded


DEED = "A deed made at Cork."


class Deed(BaseModel):
    town: str


def test_an_extraction_whose_schema_was_refused_is_replayed_without_the_refusal(
    tmp_path: Path,
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        form = json.loads(request.content).get("response_format", {})
        if form.get("type") == "json_schema":
            error = {"message": "Invalid schema for response_format 'Deed'"}
            return httpx2.Response(400, json={"error": error})
        message = {"content": '{"town": {"quote": "Cork", "value": "Cork"}}'}
        return httpx2.Response(
            200, json={"choices": [{"finish_reason": "stop", "message": message}]}
        )

    def extracted(mode: CacheMode, transport: httpx2.MockTransport) -> str:
        with httpx2.Client(transport=transport) as client:
            provider = OpenAIProvider(api_key="key", http_client=client)
            with closing(SqliteReplyCache(tmp_path / "replies.sqlite", mode=mode)) as replies:
                core = CallCore(cache=replies)
                result = extract(
                    "A deed made at Cork.", Deed, model="gpt-5.4", provider=provider, core=core
                )
            return f"{result.backend}: {result.value.town}"

    def refused(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request)

    assert extracted("record", httpx2.MockTransport(answer)) == "json: Cork"
    assert extracted("replay", httpx2.MockTransport(refused)) == "json: Cork"
