"""Replies that stop, decline or fail on the way: each is an error of its own, with its bill."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from extractor import (
    ExtractionError,
    ParseError,
    RateLimitError,
    RefusalError,
    RetryPolicy,
    SchemaMismatchError,
    ScriptedProvider,
    TruncatedError,
    extract,
)
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import JsonObject

LEASE = "Lease between Ada Byron and Charles Babbage. It has four rooms."


class Lease(BaseModel):
    tenant: str | None = None
    rooms: int | None = None


class Lessor(BaseModel):
    name: str


class Server:
    """Answers each POST with the next body, and remembers what was asked."""

    def __init__(self, *bodies: JsonObject, status: int = 200) -> None:
        self.asked: list[Any] = []
        self._bodies = iter(bodies)
        self._status = status
        self.client = httpx2.Client(transport=httpx2.MockTransport(self._answer))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        return httpx2.Response(self._status, json=next(self._bodies))


def completion(content: str, finish_reason: str = "stop") -> JsonObject:
    """A reply of OpenAI's, 100 tokens in and 10 out."""
    return {
        "id": "chatcmpl-1",
        "model": "gpt-5.4",
        "choices": [{"finish_reason": finish_reason, "message": {"content": content}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10},
    }


def message(text: str, stop_reason: str) -> JsonObject:
    """A reply of Claude's, 100 tokens in and 10 out."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "usage": {"input_tokens": 100, "output_tokens": 10},
    }


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "ANTHROPIC_"))]:
        monkeypatch.delenv(name)
    return iter(())


def of_openai(server: Server, schema: type[BaseModel] = Lessor, **options: Any) -> Any:
    provider = OpenAIProvider(api_key="sk-test-0123456789", http_client=server.client)
    return extract(LEASE, schema, provider=provider, model="gpt-5.4", evidence="none", **options)


def of_claude(server: Server, schema: type[BaseModel] = Lessor, **options: Any) -> Any:
    provider = AnthropicProvider(api_key="sk-ant-test-0123456789", http_client=server.client)
    return extract(
        LEASE, schema, provider=provider, model="claude-opus-5", evidence="none", **options
    )


def test_a_reply_cut_off_by_openai_is_given_more_room_and_never_taken_for_bad_json() -> None:
    """stop-001: each request has more room than the one before, and each is billed."""
    server = Server(*repeat(completion('{"name": "Ada By', "length"), 3))

    with pytest.raises(ExtractionError) as caught:
        of_openai(server, max_attempts=3)

    assert isinstance(caught.value.__cause__, TruncatedError)
    first, second, third = (asked["max_completion_tokens"] for asked in server.asked)
    assert first < second < third
    assert (caught.value.attempts, caught.value.usage.total_tokens) == (3, 330)


def test_a_reply_cut_off_by_claude_is_the_same() -> None:
    """stop-002: more room brings the answer, and the first attempt is on the bill."""
    server = Server(message('{"name":', "max_tokens"), message('{"name": "Ada Byron"}', "end_turn"))

    found = of_claude(server)

    assert found.value == Lessor(name="Ada Byron")
    assert server.asked[0]["max_tokens"] < server.asked[1]["max_tokens"]
    assert server.asked[0]["messages"] == server.asked[1]["messages"]
    assert (found.attempts, found.usage.total_tokens) == (2, 220)
    assert "more_room" in {repair.kind for repair in found.repairs}


def called(stop_reason: str, **given: Any) -> JsonObject:
    """A reply of Claude's that calls the tool."""
    call = {"type": "tool_use", "id": "t", "name": "Lessor", "input": given}
    return message("", stop_reason) | {"content": [call]}


def test_a_tools_input_that_claude_was_cut_off_in_is_never_taken_for_whole() -> None:
    """The API hands over what came of it, closed."""
    server = Server(called("max_tokens", name="Ada"), called("tool_use", name="Ada Byron"))

    found = of_claude(server, backend="tools")

    assert found.value == Lessor(name="Ada Byron")
    assert server.asked[0]["max_tokens"] < server.asked[1]["max_tokens"]


def test_a_tools_input_that_the_most_room_cuts_off_is_a_truncated_error() -> None:
    server = Server(*repeat(called("max_tokens", name="Ada"), 4))

    with pytest.raises(TruncatedError) as caught:
        of_claude(server, backend="tools")

    assert [(p.kind, p.path) for p in caught.value.problems] == [("truncated", ("name",))]
    assert (caught.value.attempts, caught.value.partial) == (4, {"name": "Ada"})


def test_optional_fields_of_a_tools_input_that_was_cut_off_are_said_to_be() -> None:
    class Lease(BaseModel):
        name: str
        rooms: int | None = None
        rent: int | None = None

    server = Server(*repeat(called("max_tokens", name="Ada Byron", rooms=1), 4))

    found = of_claude(server, Lease, backend="tools")

    assert found.value == Lease(name="Ada Byron")
    assert found.fields["rooms"].status == "invalid"
    assert "middle of this value" in str(found.fields["rooms"].note)
    given_up = {repair.path for repair in found.repairs if repair.kind == "given_up"}
    assert given_up == {("rooms",), ("rent",)}


def test_a_text_that_is_whole_is_taken_though_the_room_ends_with_it() -> None:
    answer = '{"name": "Ada Byron"}'

    of_one = of_openai(Server(completion(answer, "length")))
    of_other = of_claude(Server(message(answer, "max_tokens")))

    assert of_one.value == of_other.value == Lessor(name="Ada Byron")
    assert (of_one.attempts, of_other.attempts) == (1, 1)


def test_a_refusal_is_an_error_of_its_own_with_its_bill() -> None:
    """stop-004."""
    with pytest.raises(RefusalError) as caught:
        of_claude(Server(message("I can't help with that.", "refusal")))

    assert (caught.value.attempts, caught.value.usage.total_tokens) == (1, 110)


@pytest.mark.parametrize("backend", ["strict", "json", "xml"])
@pytest.mark.parametrize("reply", ["I'm sorry, but I can't help with that.", "", "null", "[]"])
def test_prose_in_place_of_an_answer_is_never_an_object_full_of_nulls(
    backend: str, reply: str
) -> None:
    """stop-005: though every field is optional."""
    with pytest.raises(ExtractionError) as caught:
        extract(LEASE, Lease, provider=ScriptedProvider(repeat(reply)), backend=backend)

    assert isinstance(caught.value.__cause__, ParseError)
    assert caught.value.attempts == 4


def test_a_reply_that_does_not_fit_the_schema_is_billed_all_the_same() -> None:
    """stop-007: in the error, and in the result of the attempt that does fit."""
    wrong, right = completion('{"rooms": "some"}'), completion('{"rooms": 4, "tenant": null}')

    with pytest.raises(ExtractionError) as caught:
        of_openai(Server(*repeat(wrong, 2)), Lease, max_attempts=2)
    assert isinstance(caught.value.__cause__, SchemaMismatchError)
    assert (caught.value.attempts, caught.value.usage.total_tokens) == (2, 220)

    found = of_openai(Server(wrong, right), Lease)
    assert (found.value.rooms, found.attempts, found.usage.total_tokens) == (4, 2, 220)


def test_a_provider_that_only_says_too_many_requests_is_an_error_and_no_empty_contract() -> None:
    """stop-008."""
    server = Server(*repeat({"error": {"message": "Too many requests"}}, 3), status=429)

    with pytest.raises(RateLimitError) as caught:
        of_openai(server, Lease, retry=RetryPolicy(attempts=3, initial=0, longest=0))

    assert (len(server.asked), caught.value.attempts) == (3, 3)
    assert caught.value.usage.total_tokens == 0
