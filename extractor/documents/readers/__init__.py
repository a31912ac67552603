"""Readers: one for each kind of file, found by media type among the installed entry points."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from extractor.documents.document import Attachment, Document
from extractor.documents.options import ReadOptions
from extractor.documents.plain import clean
from extractor.documents.registry import Reader, reader_entry
from extractor.documents.sniff import NAMES, media_type
from extractor.errors import DocumentError, HostileDocumentError, UnreadableDocumentError

_LONGEST_NAME = 255


def reader_for(kind: str) -> Reader | None:
    """Return the reader of a media type, None if none is installed."""
    entry = reader_entry(kind)
    if entry is None:
        return None
    reader: Reader = entry.load()
    return reader


def read_bytes(data: bytes, name: str, options: ReadOptions) -> Document:
    """Read a file that stands within another one, one level deeper than `options` came.

    Raises:
        HostileDocumentError: it lies deeper than `options.limits.nesting`.
        UnreadableDocumentError: no reader for what its first bytes say it is, or it is broken.
        DocumentError: whatever else its reader finds.
    """
    nesting = options.limits.nesting - 1
    if nesting < 0:
        raise HostileDocumentError(f"{name} lies too deep within other files")
    kind = media_type(data)
    reader = reader_for(kind)
    if reader is None:
        raise UnreadableDocumentError(f"{name} is {NAMES.get(kind, kind)}, which can't be read")
    return reader(data, name, replace(options, limits=replace(options.limits, nesting=nesting)))


def attachment(data: bytes, name: str, options: ReadOptions) -> Attachment:
    """Read a file within another one; what keeps it from being read becomes its `problem`."""
    name = bare_name(name)
    document: Document | None = None
    problem: str | None = None
    try:
        document = read_bytes(data, name, options)
    except DocumentError as error:
        problem = f"{type(error).__name__}: {error.message}"
    return Attachment(
        name=name,
        media_type=media_type(data),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        document=document,
        problem=problem,
    )


def bare_name(name: str) -> str:
    r"""Return what a sender calls a file, without folders, drives and control characters.

    >>> bare_name("../../etc/a.pdf"), bare_name("C:\\temp\\b.docx"), bare_name("..")
    ('a.pdf', 'b.docx', 'unnamed')
    """
    last = clean(name).replace("\\", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    bare = "".join(c for c in last if c.isprintable()).strip()
    return bare[:_LONGEST_NAME] if bare.strip(".") else "unnamed"
