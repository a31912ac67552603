"""`extractor schema list|show|check`."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator

from pydantic import BaseModel

from extractor.backends import BACKENDS
from extractor.cli.exits import CONFIGURATION, OK
from extractor.cli.terminal import print_json, safe, safe_lines
from extractor.config import model_or_default
from extractor.errors import ConfigurationError
from extractor.plugins import load_schema, schema_names
from extractor.providers import profile_for, split_model
from extractor.types import JsonObject
from extractor.wire.compile import compile_schema
from extractor.wire.outline import json_outline


def run(options: argparse.Namespace) -> int:
    """Run one of the three."""
    if options.do == "list":
        return _list(as_json=options.json)
    schema = load_schema(options.schema)
    if options.do == "show":
        return _show(schema, as_json=options.json)
    return _check(schema, options)


def _list(*, as_json: bool) -> int:
    schemas = {name: _about(load_schema(name)) for name in schema_names()}
    if as_json:
        print_json(schemas)
    else:
        for name, about in schemas.items():
            print(f"{name:12} {safe(about)}")
    return OK


def _about(schema: type[BaseModel]) -> str:
    return (inspect.getdoc(schema) or "").partition("\n")[0]


def _show(schema: type[BaseModel], *, as_json: bool) -> int:
    shape = compile_schema(schema)
    if as_json:
        print_json(schema.model_json_schema(by_alias=False))
    else:
        print(safe_lines(json_outline(shape)))
    return OK


def _check(schema: type[BaseModel], options: argparse.Namespace) -> int:
    """Try the schema on each technique of a model, as `extract` would, without sending anything."""
    provider, model = split_model(model_or_default(options.model))
    profile = profile_for(provider, model)
    shape = compile_schema(schema, quotes=options.evidence == "quotes")
    wanted = profile.techniques if options.backend == "auto" else (options.backend,)
    verdicts: JsonObject = {}
    for name in wanted:
        if name not in profile.techniques:
            verdicts[name] = f"{provider}:{model} does not offer it"
            continue
        try:
            BACKENDS[name].output(shape, profile)
            verdicts[name] = "ok"
        except ConfigurationError as error:
            verdicts[name] = error.message
    if options.json:
        print_json({"model": f"{provider}:{model}", "backends": verdicts})
    else:
        print("\n".join(_lines(verdicts)))
    return OK if "ok" in verdicts.values() else CONFIGURATION


def _lines(verdicts: JsonObject) -> Iterator[str]:
    for name, verdict in verdicts.items():
        yield f"{name:8} {safe(verdict)}"
