"""Arguments in, exit code out. What a command does stands in its own module."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from extractor.cli.arguments import parse_arguments
from extractor.cli.exits import BUG, INTERRUPTED, OK, OUTPUT, USAGE, exit_code
from extractor.cli.parser import HelpGiven, UsageError
from extractor.cli.streams import Output, OutputError, standard_streams
from extractor.cli.terminal import safe, safe_lines
from extractor.errors import ExtractorError
from extractor.paths import format_path
from extractor.plurals import counted

_TOLD = 5
"""Problems of a reply that are told to people; --json has all of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see `extractor.cli.exits`)."""
    with standard_streams() as out:
        try:
            return _run(sys.argv[1:] if arguments is None else arguments, out)
        except OutputError as error:
            if error.unread:  # by `| head`, which has seen enough
                return out.failure or OK
            print(f"OutputError: {safe(error)}", file=sys.stderr)
            return out.failure or OUTPUT


def _run(arguments: Sequence[str], out: Output) -> int:
    try:
        options = parse_arguments(arguments)
    except HelpGiven as given:
        out.write(given.text.rstrip())
        return OK
    except UsageError as error:
        return _misused(error, out if "--json" in arguments else None)
    json_out = out if options.json else None
    try:
        code: int = import_module(f"extractor.cli.{options.module}").run(options, out)
    except OutputError:
        raise
    except ExtractorError as error:
        return _failed(error, json_out)
    except KeyboardInterrupt:
        return _interrupted(json_out)
    except (Exception, SystemExit) as error:  # a schema's validator may well exit
        return _bug(error, json_out)
    return code


def _misused(error: UsageError, json_out: Output | None) -> int:
    hint = " ".join(error.usage.split())
    print(f"{error.usage}{safe(error)}", file=sys.stderr)
    print(f"What to do: `{error.command} --help` says what it takes.", file=sys.stderr)
    _write_error({"type": "UsageError", "message": str(error), "hint": hint}, json_out)
    return USAGE


def _failed(error: ExtractorError, json_out: Output | None) -> int:
    print(f"{type(error).__name__}: {safe(error.message)}", file=sys.stderr)
    for problem in error.problems[:_TOLD]:
        told = f"{format_path(problem.path)}: {problem.message}"
        print(f"The last reply: {safe(told)}", file=sys.stderr)
    if error.attempts:
        cost = "an unknown amount" if error.cost_usd is None else f"${error.cost_usd:.4f}"
        tokens = f"{error.usage.input_tokens:,} in and {error.usage.output_tokens:,} out"
        sent = counted(error.attempts, "request")
        print(f"Sent: {sent}; billed: {tokens} tokens, {cost}.", file=sys.stderr)
    if error.hint:
        print(f"What to do: {safe(error.hint)}", file=sys.stderr)
    _write_error(error.facts(), json_out)
    return exit_code(error)


def _interrupted(json_out: Output | None) -> int:
    message = "Interrupted; a request that was under way may be billed."
    print(message, file=sys.stderr)
    _write_error({"type": "Interrupted", "message": message, "hint": None}, json_out)
    return INTERRUPTED


def _bug(error: BaseException, json_out: Output | None) -> int:
    print(safe_lines(traceback.format_exc().rstrip()), file=sys.stderr)
    print("This is a bug in extractor; please report the lines above.", file=sys.stderr)
    facts = {"type": type(error).__name__, "message": "internal error", "hint": None}
    _write_error(facts, json_out)
    return BUG


def _write_error(facts: dict[str, Any], json_out: Output | None) -> None:
    """Write a failure's object; it has been told on stderr, and its exit code stands anyhow."""
    if json_out is None:
        return
    try:
        json_out.write_json({"error": facts})
    except OutputError as error:
        if not error.unread:
            print(safe(error), file=sys.stderr)
