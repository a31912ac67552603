"""The options of the commands about a document, and what was found in it."""

from __future__ import annotations

from typing import Any

from extractor.cli.options import add_reading_options
from extractor.cli.parser import command


def add_documents(commands: Any) -> None:
    """Add `read`, `locate`, `verify` and `highlight`."""
    read = command(
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

    locate = command(commands, "locate", "documents.locate", "find a quote in a contract")
    locate.epilog = "The exit code is 8 if the document has no such quote, or one that differs."
    locate.add_argument("file")
    locate.add_argument("quote")
    add_reading_options(locate)

    verify = command(
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

    highlight = command(
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
        "-o", "--output", required=True, metavar="OUT", help="a .pdf (a copy), or a .html (a page)"
    )
    add_reading_options(highlight)
