"""What the model says, right or spoiled, and the body that it comes in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from benchmarks.peers.mock.answers import answer, facts_of, spans
from benchmarks.peers.mock.asked import Asked
from extractor.types import JsonObject

NO_DATE = "on or about the first of the month"
NO_TYPE: JsonObject = {"unexpected": ["object"]}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in text; `is_cut` says that the model ran out of room and said so."""

    text: str
    is_cut: bool = False

    @property
    def output_tokens(self) -> int:
        return max(1, len(self.text) // 4)


def reply(asked: Asked, fault: str = "") -> Reply:
    """Answer a question, spoiled as a fault has it."""
    if asked.schema is not None:
        value = answer(asked.schema, asked.document)
    elif '"extractions"' in asked.prompt:  # langextract shows its form in the prompt
        value = spans(facts_of(asked.document))
    else:
        value = dict(facts_of(asked.document))
    text = json.dumps(spoiled(value, fault), ensure_ascii=False)
    return Reply(_garbled(text, fault), is_cut=fault == "truncated")


def spoiled(value: JsonObject, fault: str) -> JsonObject:
    """Leave well-formed JSON with wrong content; what a value is quoted from stays as it is."""
    if not value:
        return value
    wrong = dict(value)
    if "extractions" in wrong and fault in ("bad_date", "bad_type", "missing_field"):
        return {"extractions": [{"effective_date": NO_TYPE}]}
    first, last = next(iter(wrong)), next(reversed(wrong))
    match fault:
        case "bad_date":
            date = "effective_date" if "effective_date" in wrong else first
            wrong[date] = _with_value(wrong[date], NO_DATE)
        case "bad_type":
            wrong[first] = _with_value(wrong[first], NO_TYPE)
        case "missing_field":
            del wrong[last]
        case _:
            pass
    return wrong


def _with_value(cited: Any, value: Any) -> Any:
    """Put a value in place of another, or of that which stands beside its quote."""
    if isinstance(cited, dict) and "quote" in cited:
        return {**cast("JsonObject", cited), "value": value}
    return value


def _garbled(text: str, fault: str) -> str:
    match fault:
        case "truncated" | "truncated_silent":
            return text[: int(len(text) * 0.6)]
        case "fenced":
            return f"```json\n{text}\n```"
        case "preamble":
            return (
                f"Here is the extracted information you asked for:\n\n{text}\n\n"
                "Let me know if you need more."
            )
        case _:
            return text


def completion(asked: Asked, said: Reply) -> bytes:
    """Write a reply as the API does."""
    message: JsonObject = {"role": "assistant", "content": said.text, "refusal": None}
    stop = "stop"
    if asked.tool:
        call = {"name": asked.tool, "arguments": said.text}
        message["content"] = None
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
        stop = "tool_calls"
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": asked.model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "length" if said.is_cut else stop,
                "logprobs": None,
            }
        ],
        "usage": {
            "prompt_tokens": asked.input_tokens,
            "completion_tokens": said.output_tokens,
            "total_tokens": asked.input_tokens + said.output_tokens,
        },
    }
    return json.dumps(body, ensure_ascii=False).encode()
