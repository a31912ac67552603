"""`extractor schema list|show|check|docs|diff`."""

from __future__ import annotations

import argparse
import inspect
from contextlib import closing

from pydantic import BaseModel

from extractor.calls.core import CallCore
from extractor.cli.exits import CONFIGURATION, OK
from extractor.cli.schemas.diff import diff
from extractor.cli.schemas.fields import as_markdown, field_rows, rows_as_json
from extractor.cli.settings import PLACEHOLDER, settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import safe, safe_lines
from extractor.config import Settings
from extractor.documents import read_document
from extractor.errors import ConfigurationError
from extractor.extracting.configured import extractor_from
from extractor.plugins import load_schema, schema_names
from extractor.prompting.prompts import Prompts
from extractor.providers import provider_from, split_model
from extractor.wire.compile import compile_schema
from extractor.wire.outline import json_outline


def run(options: argparse.Namespace, out: Output) -> int:
    """Run one of the five."""
    if options.do == "list":
        return _list(out, as_json=options.json)
    if options.do == "diff":
        return diff(options.old, options.new, out, as_json=options.json)
    schema = load_schema(options.schema)
    if options.do == "show":
        return _show(schema, out, as_json=options.json)
    if options.do == "docs":
        return _docs(options.schema, schema, out, as_json=options.json)
    return _check(schema, settings_for(options), out, as_json=options.json)


def _list(out: Output, *, as_json: bool) -> int:
    schemas = {name: _described(load_schema(name)).partition("\n")[0] for name in schema_names()}
    if as_json:
        out.write_json(schemas)
    else:
        for name, about in schemas.items():
            out.write(f"{name:12} {safe(about)}")
    return OK


def _described(schema: type[BaseModel]) -> str:
    """Return a schema's own docstring; `inspect.getdoc` would give Pydantic's for want of one."""
    return inspect.cleandoc(vars(schema).get("__doc__") or "")


def _show(schema: type[BaseModel], out: Output, *, as_json: bool) -> int:
    shape = compile_schema(schema)
    if as_json:
        out.write_json(schema.model_json_schema(by_alias=False))
    else:
        out.write(safe_lines(json_outline(shape)))
    return OK


def _docs(name: str, schema: type[BaseModel], out: Output, *, as_json: bool) -> int:
    rows, described = field_rows(schema), _described(schema)
    if as_json:
        out.write_json({"schema": name, "description": described, "fields": rows_as_json(rows)})
    else:
        about = (described, "") if described else ()
        out.write(safe_lines("\n".join((f"# {name}", "", *about, *as_markdown(rows)))))
    return OK


def _check(schema: type[BaseModel], settings: Settings, out: Output, *, as_json: bool) -> int:
    """Try the schema on each technique of a model, as `extract` would, without sending anything.

    What no technique could mend (the schema itself, the provider, the folder of templates) ends
    the check as it would end an extraction.
    """
    compile_schema(schema, quotes=settings.evidence != "none")
    Prompts(settings.prompts)
    model = settings.chain[0]
    with closing(provider_from(settings, model)) as provider:
        techniques = provider.profile(split_model(model)[1]).techniques
    wanted = techniques if settings.backend == "auto" else (settings.backend,)
    verdicts = {name: _verdict(schema, settings, name) for name in wanted}
    code = OK if "ok" in verdicts.values() else CONFIGURATION
    out.ends_with(code)
    if as_json:
        out.write_json({"model": model, "backends": verdicts})
    else:
        for name, verdict in verdicts.items():
            out.write(f"{name:8} {safe(verdict)}")
    return code


def _verdict(schema: type[BaseModel], settings: Settings, backend: str) -> str:
    try:
        asked = settings.model_copy(update={"backend": backend})
        with extractor_from(asked, schema, core=CallCore()) as extractor:
            extractor.first_request(read_document(PLACEHOLDER))
    except ConfigurationError as error:
        return error.message
    return "ok"
