"""`extractor prompt show [FILE] --schema S`: the exact messages and wire schema, sent nowhere."""

from __future__ import annotations

import argparse

from extractor.calls.core import CallCore
from extractor.cli.exits import OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.settings import PLACEHOLDER, settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import safe_lines
from extractor.documents import read_document
from extractor.extracting.configured import extractor_from
from extractor.plugins import load_schema
from extractor.types import (
    JsonObject,
    JsonObjectOutput,
    JsonSchemaOutput,
    ModelRequest,
    OutputFormat,
    TextOutput,
    ToolOutput,
)

_OUTPUTS: dict[type[OutputFormat], str] = {
    TextOutput: "text",
    JsonObjectOutput: "json_object",
    JsonSchemaOutput: "json_schema",
    ToolOutput: "tool",
}


def run(options: argparse.Namespace, out: Output) -> int:
    """Print the first request for a document, or for a placeholder in its place."""
    source = (
        document_of(options.file, read_options(options))
        if options.file
        else read_document(PLACEHOLDER)
    )
    schema = load_schema(options.schema)
    settings = settings_for(options)
    with extractor_from(
        settings, schema, core=CallCore(), instructions=options.instructions
    ) as extractor:
        request = extractor.first_request(source)
        record = _record(request, extractor.model, extractor.estimate(source).backend)
    if options.json:
        out.write_json(record)
        return OK
    for message in request.messages:
        out.write(f"--- {message.role} ---\n{safe_lines(message.content)}\n")
    effort = f"; reasoning effort {request.reasoning_effort}" if request.reasoning_effort else ""
    out.write(f"--- {record['backend']}: {record['output']['type']}{effort} ---")
    if record["output"].get("schema"):
        out.write_json(record["output"]["schema"], indent=2)
    return OK


def _record(request: ModelRequest, model: str, backend: str) -> JsonObject:
    output: JsonObject = {"type": _OUTPUTS[type(request.output)]}
    if isinstance(request.output, JsonSchemaOutput | ToolOutput):
        output |= {"name": request.output.name, "schema": request.output.schema}
    return {
        "model": model,
        "backend": backend,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "output": output,
        "max_tokens": request.max_tokens,
        "reasoning_effort": request.reasoning_effort,
    }
