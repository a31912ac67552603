"""From options to how a document is read: what commands share that read one."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from extractor.cli.streams import read_stdin
from extractor.cli.terminal import safe
from extractor.documents import Document, ReadOptions, read_document

_PASSWORD = "EXTRACTOR_PASSWORD"  # noqa: S105 - its name


def read_options(options: argparse.Namespace) -> ReadOptions:
    """Return how the options say to read; asks for the password if it is to be asked for.

    Raises:
        DocumentError: the password was to come from stdin, which is closed or can't be read.
    """
    return ReadOptions(
        password=password_of(options.password), ocr=options.ocr, hidden=options.hidden
    )


def password_of(given: str | None) -> str | None:
    """Return the password of encrypted files, asked for if it is to be; None where nobody has one.

    Raises:
        DocumentError: it was to come from stdin, which is closed or can't be read.
    """
    return _asked_for() if given == "-" else given or os.environ.get(_PASSWORD)


def document_of(file: str, how: ReadOptions) -> Document:
    """Read a document, as a command line names it.

    Raises:
        DocumentError: as `read_document`.
    """
    return read_document(Path(file), password=how.password, ocr=how.ocr, hidden=how.hidden)


def tell_left_out(links: Iterable[str]) -> None:
    """Name on stderr the links to folders that are not followed."""
    for path in links:
        print(f"Left out, as a link to a folder: {safe(path)}", file=sys.stderr)


def _asked_for() -> str:
    """Ask on a terminal for the password, which is not shown; otherwise read stdin's first line."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("Password of the file: ", stream=sys.stderr)
    first, _, _ = read_stdin().partition(b"\n")
    return first.removesuffix(b"\r").decode(errors="replace")
