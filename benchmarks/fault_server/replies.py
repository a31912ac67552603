"""The bodies of both APIs: replies, right or spoiled on purpose, and errors."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, cast

from benchmarks.fault_server.asked import Api, Asked
from benchmarks.fault_server.contracts import answer, quotes
from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model says: `text` is the answer, in the form that was asked for.

    `stop` is why it stopped, in OpenAI's words; `refusal` what it says instead of an answer.
    """

    text: str
    stop: str = "stop"
    refusal: str | None = None

    @property
    def output_tokens(self) -> int:
        return max(1, len(self.text) // 4)


def right(asked: Asked) -> Reply:
    """Answer what was asked from the contract's own words."""
    return Reply(_written(asked, answer(asked.number)))


def invalid(asked: Asked) -> Reply:
    """Answer in the right form, but with a date and a number that are none."""
    return Reply(
        _written(asked, answer(asked.number) | {"signed": "when it suits", "notice_days": "many"})
    )


def cut_off(asked: Asked) -> Reply:
    """Run out of room in the middle of the answer."""
    whole = right(asked).text
    return Reply(whole[: len(whole) * 3 // 5], "length")


def fenced(asked: Asked) -> Reply:
    """Talk around a right answer; a tool call can't, and stays as it is."""
    whole = right(asked)
    if asked.form == "tool":
        return whole
    return replace(
        whole, text=f"Here it is:\n\n```{asked.form}\n{whole.text}\n```\n\nAnything else?"
    )


def body(asked: Asked, reply: Reply) -> bytes:
    """Write a reply as the API that was asked does."""
    made = _message(asked, reply) if asked.api == "anthropic" else _completion(asked, reply)
    return json.dumps(made, ensure_ascii=False).encode()


def error_body(api: Api, kind: str, message: str, *, code: str | None = None) -> bytes:
    """Write an error as each API does; `code` says more exactly what it is."""
    if api == "anthropic":
        error: JsonObject = {"type": kind, "message": message}
        if code is not None:
            error["details"] = {"error_code": code}
        return json.dumps({"type": "error", "error": error, "request_id": "req_1"}).encode()
    return json.dumps(
        {"error": {"message": message, "type": kind, "param": None, "code": code}}
    ).encode()


def _written(asked: Asked, facts: JsonObject) -> str:
    borne = quotes(asked.number)

    def cited(field: str) -> Any:
        value = facts[field]
        return {"quote": borne[field], "value": value} if asked.quoted else value

    wanted = {field: cited(field) for field in asked.fields}
    if asked.form == "xml":
        return _element(asked.name, wanted)
    return json.dumps(wanted, ensure_ascii=False)


def _element(tag: str, value: Any) -> str:
    if isinstance(value, dict):
        inside = cast("JsonObject", value)
        return f"<{tag}>{''.join(_element(*item) for item in inside.items())}</{tag}>"
    return f"<{tag}>{value}</{tag}>"


def _completion(asked: Asked, reply: Reply) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    stop = reply.stop
    if asked.form == "tool" and reply.text:
        call = {"name": asked.name, "arguments": reply.text}
        message |= {
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        }
        stop = "tool_calls" if stop == "stop" else stop
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "finish_reason": stop, "logprobs": None}],
        "usage": {
            "prompt_tokens": asked.input_tokens,
            "completion_tokens": reply.output_tokens,
            "total_tokens": asked.input_tokens + reply.output_tokens,
        },
    }


_CLAUDE_STOPS = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}


def _message(asked: Asked, reply: Reply) -> JsonObject:
    stop = _CLAUDE_STOPS.get(reply.stop, reply.stop)
    content: list[JsonObject] = [{"type": "text", "text": reply.text}] if reply.text else []
    if asked.form == "tool" and reply.text:
        try:
            given = json.loads(reply.text)
        except ValueError:  # this API shows what there was of a call that was cut off
            given = {}
        content = [{"type": "tool_use", "id": "toolu_1", "name": asked.name, "input": given}]
        stop = "tool_use" if stop == "end_turn" else stop
    details = None
    if reply.refusal is not None:
        stop, details = "refusal", {"type": "refusal", "explanation": reply.refusal}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "stop_details": details,
        "usage": {"input_tokens": asked.input_tokens, "output_tokens": reply.output_tokens},
    }
