"""The options of the commands about one contract and a model."""

from __future__ import annotations

import argparse
from typing import Any

from extractor.cli.options import (
    BACKENDS,
    add_call_options,
    add_model_options,
    add_question_options,
    add_reading_options,
)
from extractor.cli.parser import command, group


def add_extracting(commands: Any) -> None:
    """Add `extract`, `estimate`, `prompt` and `parse`."""
    extract = command(
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

    estimate = command(
        commands, "estimate", "extracting.estimate", "say what contracts will cost; nothing is sent"
    )
    _add_document_options(estimate)

    prompt = group(commands, "prompt", "see what a model would be sent")
    shown = command(prompt, "show", "extracting.prompt", "print the messages and the wire schema")
    shown.add_argument("file", nargs="?", help="a contract to put into the prompt")
    add_reading_options(shown)
    add_model_options(shown)
    shown.add_argument("--instructions", help="words of your own for the prompt, after ours")

    parse = command(
        commands, "parse", "extracting.parse", "read a model's reply from stdin, offline"
    )
    parse.add_argument("--backend", choices=BACKENDS[1:], required=True)
    parse.add_argument("--schema", required=True, metavar="SCHEMA")


def _add_document_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a contract: PDF, Word, HTML, e-mail, text or Markdown")
    add_reading_options(parser)
    add_question_options(parser)
