"""The commands and their options, as argparse knows them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NoReturn

from extractor.cli.evaluation.arguments import add_evaluation, with_implied_command
from extractor.cli.exits import EXIT_CODES
from extractor.cli.options import (
    BACKENDS,
    add_call_options,
    add_model_options,
    add_question_options,
    add_reading_options,
    add_settings_options,
    add_waiting_options,
    count,
    dollars,
)
from extractor.cli.runs.arguments import add_looking, add_retry, add_run_options
from extractor.errors import did_you_mean


class UsageError(Exception):
    """Arguments that no command takes; `usage` says which it does."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class HelpGiven(Exception):  # noqa: N818 - no error: the help or the version was asked for
    """There is nothing to run; `text` is what was asked for."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line.

    Raises:
        UsageError: no command takes these arguments.
        HelpGiven: they ask for help or the version.
    """
    parser = _parser()
    options = parser.parse_args(with_implied_command([*arguments]))
    for name in ("file", "quote"):
        if getattr(options, name, None) == "":
            raise UsageError(f"the {name} is an empty text", parser.format_usage())
    if getattr(options, "more", ()) and not options.is_set:
        parser.error("several files are extracted as one contract with --set")
    return options


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit, so that --json gets its object here too."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.format_usage())

    def _print_message(self, message: str, file: Any = None) -> NoReturn:
        raise HelpGiven(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = list(action.choices)
            near = did_you_mean(str(value), known, among="Choose from")
            raise argparse.ArgumentError(action, f"invalid choice: {value!r}. {near}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="extractor",
        description="Legal contracts in, validated objects out, every value proved by a quote.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=version("contract-extractor"))
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_asking(commands)
    _add_offline(commands)
    add_looking(commands, _command)
    evaluation = _group(commands, "eval", "score models or predictions against gold labels")
    add_evaluation(commands, evaluation, _command)
    _add_records(commands)
    _add_setup(commands)
    return parser


def _add_asking(commands: Any) -> None:
    """Add what asks a model, or says what would be asked."""
    extract = _command(
        commands, "extract", "extracting.extract", "extract the fields of one contract"
    )
    _add_document_options(extract)
    extract.add_argument(
        "more", nargs="*", metavar="FILE", help="with --set: its amendments, exhibits, order forms"
    )
    extract.add_argument(
        "--set",
        dest="is_set",
        action="store_true",
        help="extract the files, or those attached to an e-mail, as one contract",
    )
    add_call_options(extract)

    run = _command(commands, "run", "runs.run", "extract a folder of contracts, or go on with it")
    add_run_options(run)
    add_reading_options(run)
    add_question_options(run)
    add_waiting_options(run)
    add_retry(commands, _command)

    estimate = _command(
        commands, "estimate", "extracting.estimate", "say what contracts will cost; nothing is sent"
    )
    _add_document_options(estimate)

    schema = _group(commands, "schema", "list, show, check and compare schemas")
    _command(schema, "list", "schemas.schema", "name the installed schemas", do="list")
    show = _command(schema, "show", "schemas.schema", "show a schema's fields", do="show")
    show.add_argument("schema", metavar="SCHEMA")
    docs = _command(
        schema, "docs", "schemas.schema", "describe its fields in a Markdown table", do="docs"
    )
    docs.add_argument("schema", metavar="SCHEMA")
    diff = _command(
        schema, "diff", "schemas.schema", "say what changed, and what to ask again", do="diff"
    )
    for side in ("old", "new"):
        diff.add_argument(
            side, metavar=side.upper(), help="a schema, or FILE.json written by `docs --json`"
        )
    check = _command(
        schema, "check", "schemas.schema", "say which techniques can carry it", do="check"
    )
    check.add_argument("schema", metavar="SCHEMA")
    add_model_options(check, schema=False)

    prompt = _group(commands, "prompt", "see what a model would be sent")
    shown = _command(prompt, "show", "extracting.prompt", "print the messages and the wire schema")
    shown.add_argument("file", nargs="?", help="a contract to put into the prompt")
    add_model_options(shown)
    shown.add_argument("--instructions", help="words of your own for the prompt, after ours")


def _add_offline(commands: Any) -> None:
    """Add what needs no model."""
    read = _command(
        commands, "read", "documents.read", "show a document as it is read, or list a folder"
    )
    read.epilog = "A folder that holds a file that can't be read ends with exit code 4."
    read.add_argument("file", metavar="FILE|FOLDER")
    shown = read.add_mutually_exclusive_group()
    for name, about in (
        ("pages", "a line for each page"),
        ("clauses", "the tree of its clauses"),
        ("view", "the text as a model gets it"),
    ):
        shown.add_argument(f"--{name}", dest="show", action="store_const", const=name, help=about)
    add_reading_options(read)

    parse = _command(
        commands, "parse", "extracting.parse", "read a model's reply from stdin, offline"
    )
    parse.add_argument("--backend", choices=BACKENDS[1:], required=True)
    parse.add_argument("--schema", required=True, metavar="SCHEMA")

    locate = _command(commands, "locate", "documents.locate", "find a quote in a contract")
    locate.epilog = "The exit code is 8 if the document has no such quote, or one that differs."
    locate.add_argument("file")
    locate.add_argument("quote")
    add_reading_options(locate)

    verify = _command(
        commands,
        "verify",
        "documents.verify",
        "check a result against its contract, without a model",
    )
    verify.epilog = "The exit code is 8 if the contract does not bear out what the result says."
    verify.add_argument("result", metavar="RESULT.json", help="of `extract --json`")
    verify.add_argument("file", help="the contract that was extracted")
    verify.add_argument("--schema", metavar="SCHEMA", help="if not the one that the result names")
    add_reading_options(verify)

    highlight = _command(
        commands,
        "highlight",
        "documents.highlight",
        "mark an extraction's quotes where they stand",
    )
    highlight.epilog = (
        "A page of HTML shows the fields beside the text of any document, or of a whole set; it is "
        "one file, which fetches nothing."
    )
    highlight.add_argument("files", nargs="+", metavar="file", help="what was extracted")
    highlight.add_argument("result", metavar="RESULT.json", help="of `extract --json`")
    highlight.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT.pdf|OUT.html",
        help="a copy of the PDF, or a page",
    )
    add_reading_options(highlight)


def _add_records(commands: Any) -> None:
    """Add what looks into the files that calls leave behind."""
    cache = _group(commands, "cache", "look into the reply cache, or empty it")
    stats = _command(cache, "stats", "calls.cache", "count the recorded replies", do="stats")
    clear = _command(cache, "clear", "calls.cache", "delete recorded replies", do="clear")
    clear.add_argument(
        "--older-than", type=count, metavar="DAYS", help="only those recorded longer ago"
    )
    for one in (stats, clear):
        one.add_argument(
            "--path", dest="cache_path", metavar="FILE", help="the cache, if not the configured one"
        )
        add_settings_options(one)

    stats = _command(commands, "stats", "calls.stats", "add up what calls took and cost")
    stats.add_argument("--by", choices=("model", "user", "day", "endpoint", "technique"))
    _add_store_options(stats)

    logs = _command(commands, "logs", "calls.logs", "list calls, the newest first")
    logs.add_argument("-n", type=count, default=20, metavar="N", help="how many; default: 20")
    logs.add_argument("--state", choices=("sent", "settled", "unknown", "unsent"))
    logs.add_argument("--model", metavar="[PROVIDER:]NAME")
    logs.add_argument("--user", metavar="NAME")
    logs.add_argument("--extraction", metavar="ID")
    logs.add_argument("--errors", action="store_true", help="failed calls only")
    _add_store_options(logs)

    reconcile = _command(
        commands, "reconcile", "calls.reconcile", "say what calls of unknown cost did cost"
    )
    which = reconcile.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], metavar="ID", help="as `extractor logs` shows")
    which.add_argument("--unknown-before", metavar="TIME", help="all that began before it")
    cost = reconcile.add_mutually_exclusive_group(required=True)
    cost.add_argument("--usd", type=dollars, metavar="X", help="what each of them cost")
    cost.add_argument("--usd-as-reserved", action="store_true", help="what was set aside for each")
    _add_store_options(reconcile, since=False)


def _add_setup(commands: Any) -> None:
    """Add what sets up a folder, and says how this installation is set up."""
    init = _command(
        commands, "init", "setup.init", "write settings, a schema and a contract to try"
    )
    init.add_argument("folder", nargs="?", default=".", metavar="DIR", help="default: this one")

    config = _group(commands, "config", "see what is set, and where")
    settings = _command(config, "show", "setup.config", "print every setting and its value")
    settings.add_argument("--origin", action="store_true", help="and where each comes from")
    add_settings_options(settings)

    doctor = _command(
        commands, "doctor", "setup.doctor", "show keys, hosts, prices, store and versions"
    )
    doctor.add_argument(
        "--online", action="store_true", help="also ask each host, without a key, for its clock"
    )
    add_settings_options(doctor)


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


def _add_document_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a contract: PDF, Word, HTML, e-mail, text or Markdown")
    add_reading_options(parser)
    add_question_options(parser)


def _add_store_options(parser: argparse.ArgumentParser, *, since: bool = True) -> None:
    if since:
        parser.add_argument(
            "--since", metavar="TIME", help="2026-11-01 or 2026-11-01T09:30, in the ledger's zone"
        )
    parser.add_argument("--store", metavar="FILE", help="the ledger, if not the configured one")
    add_settings_options(parser)
