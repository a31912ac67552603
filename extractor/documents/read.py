"""Any source a caller has, into a `Document`."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from typing import Any

from extractor.choices import OcrMode
from extractor.documents import plain, sniff
from extractor.documents.document import Document, check_document, check_pages
from extractor.documents.isolation import WorkerPool, codec, shared_pool
from extractor.documents.isolation.frames import BadFrameError
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.registry import reader_entry
from extractor.documents.sources import is_path, is_text, load
from extractor.documents.structure.clauses import with_clauses_later
from extractor.errors import (
    DocumentError,
    EmptyDocumentError,
    EncryptedDocumentError,
    UnreadableDocumentError,
)

_LIMITS = Limits()


def read_document(
    source: str | os.PathLike[str] | bytes | Document,
    *,
    password: str | None = None,
    ocr: OcrMode = "auto",
    hidden: bool = False,
    limits: Limits = _LIMITS,
) -> Document:
    """Read a contract from a file, its bytes or its text.

    A `str` is a path if it names something that exists. If it only looks like one (a suffix such as
    `.pdf`, or folders and no spaces) the file is missing, and that is an error rather than a very
    short contract. Any other `str` is the contract's text. The kind of a file is told by its first
    bytes, never by its name. A pipe is read to its end, if somebody writes into it.

    Files and bytes are read in a process of their own, within `limits`.

    Args:
        source: the contract.
        password: of an encrypted file.
        ocr: `auto` recognises the text of pages that have none worth trusting, where the extra
            `ocr` or the program tesseract is installed; `off` never does.
        hidden: take text that the file holds but does not show into the document's own.
        limits: on what one file may be and take.

    Raises:
        DocumentError: no such file, it can't be opened or is none (a folder, a device), or a
            `Document` whose pages don't fit its text.
        UnreadableDocumentError: broken, or of a kind that has no reader.
        EncryptedDocumentError: no password was given, or a wrong one.
        HostileDocumentError: it is larger, or took more to read, than `limits` allow.
        EmptyDocumentError: no text in it, for instance because it is a scan.
    """
    if isinstance(source, Document):
        return check_document(source)
    given: Any = source  # callers without a type checker pass anything
    if not isinstance(given, str | os.PathLike | bytes):
        raise DocumentError(
            f"A contract is a path, bytes, a text or a Document, not {type(source).__name__}."
        )
    if isinstance(source, str) and not is_path(source):
        return with_clauses_later(plain.from_text(source, "<text>"))
    options = ReadOptions(password=password, ocr=ocr, hidden=hidden, limits=limits)
    return check_document(read_bytes(*load(source, limits), options))


async def aread_document(source: str | os.PathLike[str] | bytes | Document) -> Document:
    """Read a contract as `read_document` does, without holding up an event loop.

    What needs neither a disk nor another process is read at once, and all else in a thread.
    """
    if isinstance(source, Document) or is_text(source):
        return read_document(source)
    return await asyncio.to_thread(read_document, source)


def read_bytes(
    data: bytes, source: str, options: ReadOptions, *, pool: WorkerPool | None = None
) -> Document:
    """Read a file's bytes, as `read_document` does after it has looked at the source.

    Args:
        data: the file.
        source: what the document and errors call it.
        options: how to read it.
        pool: who reads it; by default the processes that all share.

    Raises:
        DocumentError: as `read_document`.
    """
    if not data.strip():
        raise EmptyDocumentError(f"{source} is empty ({len(data)} bytes)")
    media_type = sniff.media_type(data)
    reader = reader_entry(media_type)
    if reader is None:
        raise _without_reader(source, media_type)
    return (pool or shared_pool()).run(
        "read",
        data,
        lambda body: _checked(codec.decode(body, Document), data, source),
        source=source,
        options=options,
        arguments={"media_type": media_type, "reader": reader.value},
    )


def _checked(document: Document, data: bytes, source: str) -> Document:
    """Return what the reading process says the file is, if it can be so.

    Raises:
        BadFrameError: it is another file, or spans lie outside its text.
    """
    if document.sha256 != hashlib.sha256(data).hexdigest() or document.source != source:
        raise BadFrameError("it is of another file")
    _check_spans(document)
    return document


def _check_spans(document: Document) -> None:
    try:
        check_pages(document)
    except DocumentError as error:
        raise BadFrameError("its pages are not parts of its text") from error
    for page in document.pages:
        if any(
            not page.span.start <= w.span.start <= w.span.end <= page.span.end for w in page.words
        ):
            raise BadFrameError("its words are not on their pages")
    if any(not 0 <= c.span.start <= c.span.end <= len(document.text) for c in document.clauses):
        raise BadFrameError("its clauses are not in its text")
    for attachment in document.attachments:
        if attachment.document is not None:
            _check_spans(attachment.document)


def _without_reader(source: str, media_type: str) -> UnreadableDocumentError:
    what = sniff.NAMES[media_type]
    if media_type == sniff.ENCRYPTED_OFFICE:
        return EncryptedDocumentError(
            f"{source} is {what}",
            hint="Open it with its password and save a copy without one.",
        )
    return UnreadableDocumentError(
        f"{source} is {what}, which can't be read",
        hint=f"{_listed(readable())} can be read: {_advice(media_type)}",
    )


def readable() -> list[str]:
    """Name the kinds of files that can be read here.

    >>> "a PDF" in readable()
    True
    """
    return [name for kind, name in sniff.NAMES.items() if reader_entry(kind)]


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _advice(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "put the picture into a PDF, whose text can be recognised."
    if media_type in sniff.ARCHIVES:
        return "unpack it and read what is in it."
    return "convert the file to one of them."
