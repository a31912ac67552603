"""The real server: both SDKs get an answer from it, and it never outlives its parent."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import anthropic
import httpx2
import openai
import pytest

from extractor.errors import ConfigurationError
from extractor.providers.local import LocalServer
from extractor.providers.local import server as server_module
from extractor.providers.local.server import (
    close_shared_server,
    default_threads,
    shared_server,
)

QUESTION = "This Agreement is governed by the laws of Ohio. Which law governs? One word."


def small_server(weights: Path) -> LocalServer:
    return LocalServer(weights, name="small", context=512)


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def test_the_openai_sdk_gets_a_reply_of_the_wanted_schema(local_server: LocalServer) -> None:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"law": {"enum": ["Ohio", "Texas"]}},
        "required": ["law"],
        "additionalProperties": False,
    }
    with openai.OpenAI(base_url=f"{local_server.url}/v1", api_key="none") as client:
        reply = client.chat.completions.create(
            model="qwen2.5-coder-1.5b",
            messages=[{"role": "user", "content": QUESTION}],
            max_tokens=20,
            temperature=0,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "law", "strict": True, "schema": schema},
            },
        )
    content = reply.choices[0].message.content
    assert content is not None
    assert content.replace(" ", "").replace("\n", "") == '{"law":"Ohio"}'
    assert reply.model == "qwen2.5-coder-1.5b"


def test_the_anthropic_sdk_gets_a_reply(local_server: LocalServer) -> None:
    with anthropic.Anthropic(base_url=local_server.url, api_key="none") as client:
        reply = client.messages.create(
            model="qwen2.5-coder-1.5b",
            max_tokens=8,
            messages=[{"role": "user", "content": QUESTION}],
            extra_body={"temperature": 0},
        )
    block = reply.content[0]
    assert block.type == "text"
    assert "Ohio" in block.text
    assert reply.usage.input_tokens > 0


def test_pages_in_a_browser_and_other_users_are_shown_nothing(local_server: LocalServer) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    listed = httpx2.get(f"{local_server.url}/v1/models", headers=origin)
    assert listed.headers.get("access-control-allow-origin", "") == ""
    assert httpx2.get(f"{local_server.url}/slots").status_code == 501


def test_the_server_is_silent_and_ends_with_its_context(
    local_weights: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with small_server(local_weights) as server:
        assert server.alive
        assert answers(server.url)
    assert not server.alive
    assert not answers(server.url)
    assert capfd.readouterr() == ("", "")


def test_the_server_dies_with_a_parent_that_is_killed(local_weights: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from extractor.providers.local import *\n"
        "server = LocalServer(Path(sys.argv[1]), name='small', context=512)\n"
        "print(server.url, flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script, str(local_weights)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        lived = answers(url)
        parent.kill()
    deadline = time.monotonic() + 60
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert lived
    assert not answers(url)


def test_a_file_that_is_no_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"junk")
    with pytest.raises(ConfigurationError, match=r"did not start: .*failed to load model"):
        LocalServer(junk, name="junk")


def test_a_start_that_takes_too_long_is_given_up(local_weights: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"not ready after 0\.001 s"):
        LocalServer(local_weights, name="small", timeout=0.001)


def test_a_missing_runtime_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_found(_name: str) -> None: ...

    monkeypatch.setattr(importlib.util, "find_spec", not_found)
    with pytest.raises(ConfigurationError) as caught:
        LocalServer(tmp_path / "any.gguf", name="any")
    assert caught.value.hint is not None
    assert "contract-extractor[local]" in caught.value.hint


def test_a_process_has_one_server_and_gets_another_when_it_has_died(
    local_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_shared", {})
    first = shared_server(lambda: small_server(local_weights))
    assert shared_server(lambda: small_server(local_weights)) is first
    first.close()
    assert "ended with status" in first.last_words()
    second = shared_server(lambda: small_server(local_weights))
    assert second is not first
    assert second.alive
    close_shared_server()
    assert not second.alive


def test_a_forked_child_leaves_its_parents_server_alone(
    local_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_shared", {os.getpid() + 1: local_server})
    close_shared_server()
    assert local_server.alive


def test_the_number_of_threads_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXTRACTOR_LOCAL_THREADS", raising=False)
    assert 1 <= default_threads() <= 4
    monkeypatch.setenv("EXTRACTOR_LOCAL_THREADS", "7")
    assert default_threads() == 7


@pytest.mark.parametrize("wanted", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(
    wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_LOCAL_THREADS", wanted)
    with pytest.raises(ConfigurationError, match="no number of threads"):
        default_threads()
