"""Arguments in, exit code out. What a command does stands in its own module."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any, NoReturn

from extractor.cli.exits import BUG, INTERRUPTED, OK, USAGE, exit_code
from extractor.cli.terminal import print_json, safe
from extractor.errors import ExtractorError

_EVIDENCE = ("quotes", "none")
_BACKENDS = ("auto", "strict", "json", "xml", "native", "tools")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see `extractor.cli.exits`)."""
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _run(arguments: Sequence[str]) -> int:
    try:
        options = _parser().parse_args(arguments)
    except _UsageError as error:
        return _misused(error, as_json="--json" in arguments)
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="backslashreplace")  # better than not a word
    try:
        module = import_module(f"extractor.cli.{options.module}")
        code: int = module.run(options)
        sys.stdout.flush()
    except ExtractorError as error:
        return _failed(error, as_json=options.json)
    except KeyboardInterrupt:
        return _interrupted(as_json=options.json)
    except BrokenPipeError:
        raise
    except Exception as error:
        return _bug(error, as_json=options.json)
    return code


class _UsageError(Exception):
    """Arguments that no command takes; `usage` says which it does."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit, so that --json gets its object here too."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(message, self.format_usage())


def _misused(error: _UsageError, *, as_json: bool) -> int:
    if as_json:
        hint = " ".join(error.usage.split())
        print_json({"error": {"type": "UsageError", "message": str(error), "hint": hint}})
    print(f"{error.usage}{safe(error)}", file=sys.stderr)
    return USAGE


def _failed(error: ExtractorError, *, as_json: bool) -> int:
    if as_json:
        print_json({"error": error.facts()})
    print(f"{type(error).__name__}: {safe(error.message)}", file=sys.stderr)
    if error.attempts:
        cost = "an unknown amount" if error.cost_usd is None else f"${error.cost_usd:.4f}"
        tokens = f"{error.usage.input_tokens:,} in and {error.usage.output_tokens:,} out"
        print(f"Sent: {error.attempts} requests; billed: {tokens} tokens, {cost}.", file=sys.stderr)
    if error.hint:
        print(f"What to do: {safe(error.hint)}", file=sys.stderr)
    return exit_code(error)


def _interrupted(*, as_json: bool) -> int:
    message = "Interrupted; a request that was under way may be billed."
    if as_json:
        print_json({"error": {"type": "Interrupted", "message": message, "hint": None}})
    print(message, file=sys.stderr)
    return INTERRUPTED


def _bug(error: Exception, *, as_json: bool) -> int:
    if as_json:
        facts = {"type": type(error).__name__, "message": "internal error", "hint": None}
        print_json({"error": facts})
    traceback.print_exc()
    print("This is a bug in extractor; please report the lines above.", file=sys.stderr)
    return BUG


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="extractor",
        description="Legal contracts in, validated objects out, every value proved by a quote.",
        epilog="Exit codes: 0 ok, 1 bug, 2 usage, 3 configuration, 4 document failed, 5 budget, "
        "6 provider, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=version("contract-extractor"))
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    extract = _command(commands, "extract", "extract", "extract the fields of one contract")
    extract.add_argument("file", help="a PDF, a text or a Markdown file")
    _add_model_options(extract)
    extract.add_argument("--instructions", help="words of your own for the prompt, after ours")
    extract.add_argument(
        "--max-attempts", type=_count, default=4, metavar="N", help="replies that may be asked for"
    )
    extract.add_argument(
        "--max-tokens", type=_count, metavar="N", help="what the document may cost"
    )

    schema = _group(commands, "schema", "list, show and check schemas")
    _command(schema, "list", "schema", "name the installed schemas", do="list")
    show = _command(schema, "show", "schema", "show a schema's fields", do="show")
    show.add_argument("schema", metavar="SCHEMA")
    check = _command(schema, "check", "schema", "say which techniques can carry it", do="check")
    check.add_argument("schema", metavar="SCHEMA")
    _add_model_options(check, schema=False)

    prompt = _group(commands, "prompt", "see what a model would be sent")
    shown = _command(prompt, "show", "prompt", "print the messages and the wire schema")
    shown.add_argument("file", nargs="?", help="a contract to put into the prompt")
    _add_model_options(shown)
    shown.add_argument("--instructions", help="words of your own for the prompt, after ours")

    parse = _command(commands, "parse", "parse", "read a model's reply from stdin, offline")
    parse.add_argument("--backend", choices=_BACKENDS[1:], required=True)
    parse.add_argument("--schema", required=True, metavar="SCHEMA")

    locate = _command(commands, "locate", "locate", "find a quote in a contract")
    locate.add_argument("file")
    locate.add_argument("quote")

    _command(commands, "doctor", "doctor", "show keys, hosts, models and versions")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _group(commands: Any, name: str, about: str) -> Any:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(
    commands: Any, name: str, module: str, about: str, **defaults: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(module=module, **defaults)
    return parser


def _add_model_options(parser: argparse.ArgumentParser, *, schema: bool = True) -> None:
    if schema:
        parser.add_argument(
            "--schema",
            required=True,
            metavar="SCHEMA",
            help="an installed schema's name, package.module:Class or file.py:Class",
        )
    parser.add_argument(
        "--model",
        metavar="PROVIDER:NAME",
        help="such as openai:gpt-5.4-mini; default: EXTRACTOR_MODEL, else the embedded model",
    )
    parser.add_argument("--backend", choices=_BACKENDS, default="auto", help="the technique")
    parser.add_argument("--evidence", choices=_EVIDENCE, default="quotes")
    parser.add_argument("--base-url", metavar="URL", help="where the provider's requests go")
    parser.add_argument("--prompts", metavar="DIR", help="templates of your own, by name")
