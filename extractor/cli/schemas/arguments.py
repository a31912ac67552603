"""The options of the commands about schemas."""

from __future__ import annotations

from typing import Any

from extractor.cli.options import add_model_options
from extractor.cli.parser import command, group


def add_schemas(commands: Any) -> None:
    """Add `schema` and what it can do."""
    schema = group(commands, "schema", "list, show, check and compare schemas")
    command(schema, "list", "schemas.schema", "name the installed schemas", do="list")
    show = command(schema, "show", "schemas.schema", "show a schema's fields", do="show")
    show.add_argument("schema", metavar="SCHEMA")
    docs = command(
        schema, "docs", "schemas.schema", "describe its fields in a Markdown table", do="docs"
    )
    docs.add_argument("schema", metavar="SCHEMA")
    diff = command(
        schema, "diff", "schemas.schema", "say what changed, and what to ask again", do="diff"
    )
    for side in ("old", "new"):
        diff.add_argument(
            side, metavar=side.upper(), help="a schema, or FILE.json written by `docs --json`"
        )
    check = command(
        schema, "check", "schemas.schema", "say which techniques can carry it", do="check"
    )
    check.add_argument("schema", metavar="SCHEMA")
    add_model_options(check, schema=False)
