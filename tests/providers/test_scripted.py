from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError, RateLimitError
from extractor.providers.base import Provider
from extractor.providers.profiles import profile_for
from extractor.providers.scripted import ScriptedProvider
from extractor.types import (
    Message,
    ModelRequest,
    ModelResponse,
    StopReason,
    TextOutput,
    Usage,
)


def request(text: str = "What law governs?") -> ModelRequest:
    return ModelRequest("m", (Message("user", text),), TextOutput(), 100)


def test_replies_come_in_order_and_requests_are_remembered() -> None:
    provider = ScriptedProvider(["one", "two"])
    first, second = request("a"), request("b")
    assert [provider.send(first).text, provider.send(second).text] == ["one", "two"]
    assert provider.requests == [first, second]


def test_blocking_and_asynchronous_calls_share_one_script() -> None:
    provider = ScriptedProvider(["one", "two"])
    assert provider.send(request()).text == "one"
    assert asyncio.run(provider.asend(request())).text == "two"


def test_a_response_is_returned_as_it_is() -> None:
    reply = ModelResponse("x", Usage(7, 3), StopReason.LENGTH, model="other", refusal="no")
    assert ScriptedProvider([reply]).send(request()) == reply


def test_an_object_is_replied_as_json() -> None:
    provider = ScriptedProvider([{"law": "Éire", "signed": date(2024, 5, 1)}])
    assert provider.send(request()).text == '{"law":"Éire","signed":"2024-05-01"}'


@pytest.mark.parametrize("reply", [None, 3, b"{}", ["a", "b"]])
def test_what_is_no_reply_is_named_when_its_turn_comes(reply: Any) -> None:
    provider = ScriptedProvider(["fine", reply])
    provider.send(request())
    with pytest.raises(ConfigurationError, match="Reply 2 of the script is of the type"):
        provider.send(request())


def test_an_exception_is_raised() -> None:
    provider = ScriptedProvider([RateLimitError("slow down", retry_after=2), "then"])
    with pytest.raises(RateLimitError) as caught:
        provider.send(request())
    assert caught.value.retry_after == 2
    assert provider.send(request()).text == "then"


def test_a_function_answers_the_request() -> None:
    provider = ScriptedProvider([lambda asked: asked.messages[0].content.upper()])
    assert provider.send(request("abc")).text == "ABC"


def test_a_text_is_billed_by_its_length() -> None:
    response = ScriptedProvider(["x" * 40]).send(request("y" * 80))
    assert response.usage == Usage(20, 10)
    assert response.model == "m"


def test_even_the_shortest_exchange_is_billed() -> None:
    assert ScriptedProvider([""]).send(request("")).usage == Usage(1, 1)


@pytest.mark.parametrize("one", ["only", {"law": "Ireland"}, ModelResponse("only")])
def test_a_single_reply_is_no_script_of_its_letters_or_names(one: Any) -> None:
    with pytest.raises(ConfigurationError, match="replies is a single reply"):
        ScriptedProvider(one)


def test_running_out_of_replies_says_so() -> None:
    provider = ScriptedProvider(["only"])
    provider.send(request())
    with pytest.raises(ConfigurationError, match="no reply left for request 2"):
        provider.send(request())


def test_threads_get_every_reply_once() -> None:
    provider = ScriptedProvider(str(n) for n in range(200))
    with ThreadPoolExecutor(8) as pool:
        texts = [r.text for r in pool.map(provider.send, [request()] * 200)]
    assert sorted(map(int, texts)) == list(range(200))


def test_a_script_may_never_end() -> None:
    provider = ScriptedProvider(repeat("again"))
    assert {provider.send(request()).text for _ in range(5)} == {"again"}


def test_a_caller_can_give_it_the_profile_of_any_model() -> None:
    profile = profile_for("openai", "gpt-4o")
    assert ScriptedProvider([], profile=profile).profile("m") is profile


def test_it_is_a_provider_that_sends_nothing_anywhere() -> None:
    provider: Provider = ScriptedProvider([])
    assert (provider.name, provider.base_url) == ("scripted", None)
    provider.close()


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("s.json", '["a", {"text": "b"}]', ["a", "b"]),
        ("s.jsonl", '"a"\n\n{"text": "b"}\n', ["a", "b"]),
        ("s.txt", "{\n}\n", ["{\n}\n"]),
        ("s.xml", "\ufeff<contract/>", ["<contract/>"]),
    ],
)
def test_scripts_are_read_from_files(
    tmp_path: Path, name: str, content: str, texts: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    provider = ScriptedProvider.from_file(path)
    assert [provider.send(request()).text for _ in texts] == texts
    with pytest.raises(ConfigurationError):
        provider.send(request())


def test_a_script_says_how_a_reply_ended_and_what_it_cost(tmp_path: Path) -> None:
    item = {
        "text": "half",
        "stop_reason": "length",
        "refusal": "no",
        "usage": {"input_tokens": 5, "output_tokens": 6, "reasoning_tokens": 2},
    }
    path = tmp_path / "s.json"
    path.write_text(json.dumps([item]), encoding="utf-8")
    response = ScriptedProvider.from_file(path).send(request())
    assert response.stop_reason is StopReason.LENGTH
    assert response.usage == Usage(5, 6, reasoning_tokens=2)
    assert response.refusal == "no"


@pytest.mark.parametrize(
    "content", ["{}", "[1]", '[{"text": "x", "stop": "end"}]', '[{"stop_reason": "end"}]', "["]
)
def test_a_broken_script_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="can't be read"):
        ScriptedProvider.from_file(path)


@pytest.mark.parametrize("name", ["none.json", "", "nul\0.json"])
def test_a_script_that_can_not_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="can't be read"):
        ScriptedProvider.from_file(f"{tmp_path}/{name}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script.jsonl", '{"law": "Ireland"}\n"second"\n'),
        ("script.json", '[{"law": "Ireland"}, "second"]'),
    ],
)
def test_a_script_may_hold_the_objects_to_be_replied(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    provider = ScriptedProvider.from_file(path)
    assert json.loads(provider.send(request()).text) == {"law": "Ireland"}
    assert provider.send(request()).text == "second"
