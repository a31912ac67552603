"""From options to how a document is read: what commands share that read one."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.documents import Document, ReadOptions, read_document


def read_options(options: argparse.Namespace) -> ReadOptions:
    """Return how the options say to read."""
    return ReadOptions(password=options.password, ocr=options.ocr, hidden=options.hidden)


def document_of(options: argparse.Namespace) -> Document:
    """Read the document that the options name.

    Raises:
        DocumentError: as `read_document`.
    """
    how = read_options(options)
    return read_document(Path(options.file), password=how.password, ocr=how.ocr, hidden=how.hidden)
