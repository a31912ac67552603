"""What a POST asks: of which contract, by which schema, in which form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from benchmarks.peers import contracts
from extractor.types import JsonObject

Json: TypeAlias = "str | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        model: who is asked.
        document: the contract's number; 0 where none is shown.
        prompt: all that is said.
        schema: what the answer is to look like, if that is not only in the prompt.
        tool: the name of the tool that is to be called, if there is one.
        input_tokens: what is billed for the question, at four characters a token.
    """

    model: str
    document: int
    prompt: str
    schema: JsonObject | None
    tool: str
    input_tokens: int


def read(body: bytes) -> Asked:
    """Read the body of a POST.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it is no request of this API.
    """
    sent: JsonObject = json.loads(body)
    turns: list[JsonObject] = sent["messages"]
    prompt = "\n".join(_text(turn["content"]) for turn in turns if turn.get("content"))
    form = sent.get("tools") or sent.get("response_format")
    characters = _characters(cast("Json", turns)) + (len(json.dumps(form)) if form else 0)
    schema, tool = _wanted(sent)
    return Asked(
        model=sent["model"],
        document=contracts.number_in(prompt),
        prompt=prompt,
        schema=schema,
        tool=tool,
        input_tokens=max(1, characters // 4),
    )


def _wanted(sent: JsonObject) -> tuple[JsonObject | None, str]:
    form: JsonObject = sent.get("response_format") or {}
    if form.get("type") == "json_schema":
        return form["json_schema"]["schema"], ""
    if tools := sent.get("tools"):
        return tools[0]["function"]["parameters"], tools[0]["function"]["name"]
    return None, ""


def _text(content: str | Sequence[JsonObject]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def _characters(value: Json) -> int:
    """Count the characters of a conversation, whatever its parts are called."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(_characters(part) for part in value)
    if isinstance(value, dict):
        return sum(_characters(part) for name, part in value.items() if name != "type")
    return 0
