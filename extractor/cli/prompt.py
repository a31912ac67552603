"""`extractor prompt show [FILE] --schema S`: the exact messages and wire schema, sent nowhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.terminal import print_json, safe_lines
from extractor.documents import read_document
from extractor.extracting import Extractor
from extractor.plugins import load_schema
from extractor.types import JsonObject, JsonSchemaOutput, ModelRequest, ToolOutput

_PLACEHOLDER = "(The document's text stands here.)"


def run(options: argparse.Namespace) -> int:
    """Print the first request for a document, or for a placeholder in its place."""
    source = read_document(Path(options.file)) if options.file else read_document(_PLACEHOLDER)
    with Extractor(
        load_schema(options.schema),
        model=options.model,
        backend=options.backend,
        evidence=options.evidence,
        base_url=options.base_url,
        prompts=options.prompts,
        instructions=options.instructions,
    ) as extractor:
        request = extractor.first_request(source)
        record = _record(request, extractor.plan.backend.name)
    if options.json:
        print_json(record)
        return OK
    for message in request.messages:
        print(f"--- {message.role} ---\n{safe_lines(message.content)}\n")
    print(f"--- {extractor.plan.backend.name}: {record['output']['type']} ---")
    if record["output"].get("schema"):
        print_json(record["output"]["schema"], indent=2)
    return OK


def _record(request: ModelRequest, backend: str) -> JsonObject:
    output: JsonObject = {"type": type(request.output).__name__}
    if isinstance(request.output, JsonSchemaOutput | ToolOutput):
        output |= {"name": request.output.name, "schema": request.output.schema}
    return {
        "model": request.model,
        "backend": backend,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "output": output,
        "max_tokens": request.max_tokens,
    }
