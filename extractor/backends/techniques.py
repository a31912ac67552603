"""The five techniques. Three of them put the schema into the API, two into the prompt.

| name     | asks by                                             | replies in |
|----------|-----------------------------------------------------|------------|
| `strict` | OpenAI structured outputs, `json_schema` strict     | JSON       |
| `json`   | JSON mode, the schema described in the prompt       | JSON       |
| `xml`    | tags described in the prompt, no support needed     | XML        |
| `native` | Claude's `output_config` with a JSON schema         | JSON       |
| `tools`  | one tool that must be called, strict where offered  | JSON       |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.backends.json_reader import read_json
from extractor.backends.xml_reader import read_xml
from extractor.types import (
    JsonObjectOutput,
    JsonSchemaOutput,
    ModelProfile,
    OutputFormat,
    TextOutput,
    ToolOutput,
)
from extractor.wire.json_schema import wire_schema
from extractor.wire.outline import json_outline, xml_outline
from extractor.wire.reading import Reading
from extractor.wire.shape import Shape


@dataclass(frozen=True, slots=True)
class SchemaBackend:
    """The API enforces the schema: OpenAI's strict mode and Claude's native one alike."""

    name: str

    def outline(self, shape: Shape, profile: ModelProfile, /) -> str | None:
        return None if profile.shows_schema else json_outline(shape)

    def output(self, shape: Shape, profile: ModelProfile, /) -> OutputFormat:
        return JsonSchemaOutput(shape.name, wire_schema(shape, profile.rules).schema)

    def read(self, shape: Shape, text: str, /) -> Sequence[Reading]:
        return read_json(text)


@dataclass(frozen=True, slots=True)
class ToolBackend(SchemaBackend):
    """The arguments of a forced call are the answer."""

    name: str = "tools"

    def output(self, shape: Shape, profile: ModelProfile, /) -> OutputFormat:
        about = f"Record the fields of {shape.name} that were found in the document."
        return ToolOutput(shape.name, about, wire_schema(shape, profile.rules).schema)


@dataclass(frozen=True, slots=True)
class JsonBackend:
    """JSON mode: some JSON object is certain, the schema is only asked for."""

    name: str = "json"

    def outline(self, shape: Shape, profile: ModelProfile, /) -> str | None:
        return json_outline(shape)

    def output(self, shape: Shape, profile: ModelProfile, /) -> OutputFormat:
        return JsonObjectOutput()

    def read(self, shape: Shape, text: str, /) -> Sequence[Reading]:
        return read_json(text)


@dataclass(frozen=True, slots=True)
class XmlBackend:
    """Tags around free text: nothing has to be escaped, and any model can do it."""

    name: str = "xml"

    def outline(self, shape: Shape, profile: ModelProfile, /) -> str | None:
        return xml_outline(shape)

    def output(self, shape: Shape, profile: ModelProfile, /) -> OutputFormat:
        return TextOutput()

    def read(self, shape: Shape, text: str, /) -> Sequence[Reading]:
        return read_xml(text, shape)
