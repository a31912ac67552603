"""What a POST asks, whichever of the two APIs it came by."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from benchmarks.fault_server.contracts import Terms, number_in
from extractor.types import JsonObject

Api: TypeAlias = Literal["openai", "anthropic"]
Form: TypeAlias = Literal["json", "tool", "xml"]

PATHS: dict[str, Api] = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}

_CLOSING_TAG = re.compile(r"^</(\w+)>$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: of which contract, for which fields, in which form, with quotes or without.

    `name` is the tool's name, or that of the root element; `input_tokens` is a fourth of what was
    sent.
    """

    api: Api
    model: str
    number: int
    form: Form
    fields: tuple[str, ...]
    quoted: bool
    name: str
    input_tokens: int


def read(api: Api, body: bytes) -> Asked:
    """Read the body of a POST.

    Raises:
        ValueError: it is no request of this API.
    """
    sent: JsonObject = json.loads(body)
    users = [said for said in sent["messages"] if said["role"] == "user"]
    text = "\n".join(_text(said["content"]) for said in users)
    form, name, fields, quoted = _wanted(api, sent, text)
    return Asked(
        api=api,
        model=sent["model"],
        number=number_in(text),
        form=form,
        fields=tuple(f for f in Terms.model_fields if f in fields),
        quoted=quoted,
        name=name,
        input_tokens=max(1, len(body) // 4),
    )


def _wanted(api: Api, sent: JsonObject, text: str) -> tuple[Form, str, Sequence[str], bool]:
    if tools := sent.get("tools"):
        tool = tools[0] if api == "anthropic" else tools[0]["function"]
        given = cast("JsonObject", tool.get("input_schema") or tool["parameters"])
        return "tool", tool["name"], list(given["properties"]), _has_quotes(given)
    if schema := _schema(api, sent):
        return "json", "", list(schema["properties"]), _has_quotes(schema)
    if sent.get("response_format"):  # JSON mode: the form is in the prompt
        return "json", "", re.findall(r'"(\w+)":', text), '"quote"' in text
    tags = re.findall(r"<(\w+)>", text)
    roots = _CLOSING_TAG.findall(text)
    return "xml", roots[-1] if roots else "Terms", tags, "quote" in tags


def _schema(api: Api, sent: JsonObject) -> JsonObject | None:
    if api == "anthropic":
        found = sent.get("output_config", {}).get("format", {}).get("schema")
    else:
        found = sent.get("response_format", {}).get("json_schema", {}).get("schema")
    return cast("JsonObject | None", found)


def _text(content: str | list[JsonObject]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(block.get("text", "") for block in content)


def _has_quotes(schema: JsonObject) -> bool:
    return '"quote"' in json.dumps(schema)
