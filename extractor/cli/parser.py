"""How a command is told to argparse, and what becomes of arguments that it can't read."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from extractor.errors import did_you_mean


class UsageError(Exception):
    """Arguments that no command takes; `usage` says which it does, `command` what was called."""

    def __init__(self, message: str, parser: argparse.ArgumentParser) -> None:
        super().__init__(message)
        self.usage = parser.format_usage()
        self.command = parser.prog


class HelpGiven(Exception):  # noqa: N818 - no error: the help or the version was asked for
    """There is nothing to run; `text` is what was asked for."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit, so that --json gets its object here too."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self)

    def _print_message(self, message: str, file: Any = None) -> NoReturn:
        raise HelpGiven(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = list(action.choices)
            near = did_you_mean(str(value), known, among="Choose from")
            raise argparse.ArgumentError(action, f"invalid choice: {value!r}. {near}")


def group(commands: Any, name: str, about: str) -> Any:
    """Add a word that commands stand behind, and return where they are added."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    return parser.add_subparsers(metavar="COMMAND", required=True)


def command(
    commands: Any, name: str, module: str, about: str, **defaults: Any
) -> argparse.ArgumentParser:
    """Add a command that the `run` of a module below `extractor.cli` carries out.

    Args:
        commands: where it is added.
        name: its word.
        module: such as `runs.status`; it is loaded when the command is called.
        about: what it does, for the help.
        defaults: what its options have besides.
    """
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(module=module, parser=parser, **defaults)
    return parser
