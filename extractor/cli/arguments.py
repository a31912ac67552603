"""A command line read: every group of commands, with its options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import version

from extractor.cli.calls.arguments import add_calls
from extractor.cli.documents.arguments import add_documents
from extractor.cli.evaluation.arguments import add_evaluation, with_implied_command
from extractor.cli.exits import EXIT_CODES
from extractor.cli.extracting.arguments import add_extracting
from extractor.cli.parser import Parser
from extractor.cli.runs.arguments import add_runs
from extractor.cli.schemas.arguments import add_schemas
from extractor.cli.setup.arguments import add_setup

_GROUPS = (
    add_extracting,
    add_runs,
    add_documents,
    add_schemas,
    add_evaluation,
    add_calls,
    add_setup,
)
"""In the order of the help."""


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line.

    Raises:
        UsageError: no command takes these arguments.
        HelpGiven: they ask for help or the version.
    """
    options = _parser().parse_args(with_implied_command([*arguments]))
    parser: Parser = options.parser
    for name in ("file", "quote"):
        if getattr(options, name, None) == "":
            parser.error(f"the {name} is an empty text")
    if getattr(options, "more", ()) and not options.is_set:
        parser.error("several files are extracted as one contract with --set")
    return options


def _parser() -> Parser:
    parser = Parser(
        prog="extractor",
        description="Legal contracts in, validated objects out, every value proved by a quote.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=version("contract-extractor"))
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in _GROUPS:
        add(commands)
    return parser
