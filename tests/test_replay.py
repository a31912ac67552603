"""The same question is the same bytes, and a recorded extraction is done again without a POST."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import CacheMissError, Extractor, ScriptedProvider
from extractor.backends import BACKENDS
from extractor.calls.cache import SqliteReplyCache
from extractor.documents import read_document
from extractor.flow import extraction
from extractor.plugins import load_schema, schema_names
from extractor.prompting import Prompts
from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import ModelRequest
from tests.replayed import SCRIPTS, extracted, lines
from tests.services_agreement import CONTRACT, GOOD, Terms

ROOT = Path(__file__).parent.parent


def run_with_seed(seed: int, *arguments: str) -> str:
    """Run Python in a process of its own, whose sets are in an order of its own."""
    done = subprocess.run(  # noqa: S603 - this interpreter and our own code
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
    )
    return done.stdout


# --- the same bytes -------------------------------------------------------------------------------

BODIES = "from tests.test_replay import bodies; print(bodies())"


def bodies() -> str:
    """The first POST about a document, of every shipped schema and technique, to both APIs."""
    providers: list[tuple[str, Provider]] = [
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
    assert [run_with_seed(seed, "-c", BODIES).strip() == here for seed in (1, 2, 3)] == [True] * 3


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
    for line, (_, script) in zip(recorded, SCRIPTS.values(), strict=True):
        first = json.loads(line)
        assert first["posts"] == first["record"]["attempts"] == len(script)
        assert first["record"]["cost_usd"] > 0
    for seed in (2, 3):
        replayed = run_with_seed(seed, "-m", "tests.replayed", path, "replay").splitlines()
        assert [json.loads(line)["posts"] for line in replayed] == [0] * len(SCRIPTS)
        assert [line.partition('"record"')[2] for line in replayed] == [
            line.partition('"record"')[2] for line in recorded
        ]


def test_what_is_recorded_is_not_asked_again_in_record_mode_either(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    first, again = (list(lines(path, "record")) for _ in range(2))
    assert sum(line["posts"] for line in first) == sum(len(s) for _, s in SCRIPTS.values())
    assert sum(line["posts"] for line in again) == 0
    assert [line["record"] for line in first] == [line["record"] for line in again]


def test_a_refresh_asks_everything_again(tmp_path: Path) -> None:
    path = str(tmp_path / "replies.sqlite")
    first, again = (list(lines(path, mode)) for mode in ("record", "refresh"))
    assert first == again


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_replay_of_what_was_never_recorded_sends_nothing(name: str, tmp_path: Path) -> None:
    SqliteReplyCache(tmp_path / "replies.sqlite").close()
    replies = SqliteReplyCache(tmp_path / "replies.sqlite", mode="replay")
    provider = ScriptedProvider([json.dumps(GOOD)])
    with pytest.raises(CacheMissError):
        extracted(CONTRACT, replies, provider, SCRIPTS[name][0])
    replies.close()
    assert provider.requests == []
