"""Any source a caller has, into a `Document`."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from extractor.documents import plain
from extractor.documents.document import Document, check_document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.plain import read_plain
from extractor.errors import DocumentError, EmptyDocumentError, UnreadableDocumentError

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file (DOC, XLS, MSG)"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
)
_ZIP_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (b"word/document.xml", "a Word file (DOCX)"),
    (b"xl/workbook.xml", "an Excel file (XLSX)"),
    (b"ppt/presentation.xml", "a PowerPoint file (PPTX)"),
    (b"opendocument.text", "an OpenDocument text (ODT)"),
)
_PDF_HEAD = 1024
"""A PDF's header may follow this many bytes of junk (ISO 32000, implementation notes)."""

_LONGEST_PATH = 4096
_SUFFIXES = (
    *(".pdf", ".txt", ".text", ".md", ".markdown", ".docx", ".doc", ".odt", ".rtf"),
    *(".html", ".htm", ".eml", ".msg"),
)
"""What people name contracts: such a string was meant as a path."""


def read_document(source: str | os.PathLike[str] | bytes | Document) -> Document:
    """Read a contract from a file, its bytes or its text.

    A `str` is a path if it names something that exists. If it only looks like one (a suffix such as
    `.pdf`, or folders and no spaces) the file is missing, and that is an error rather than a very
    short contract. Any other `str` is the contract's text. The kind of a file is told by its first
    bytes, never by its name.

    A pipe is read to its end, if somebody writes into it.

    Raises:
        DocumentError: no such file, it can't be opened or is none (a folder, a device), or a
            `Document` whose pages don't fit its text.
        UnreadableDocumentError: broken, encrypted, or of a kind that has no reader.
        EmptyDocumentError: no text in it, for instance because it is a scan.
    """
    if isinstance(source, Document):
        return check_document(source)
    if isinstance(source, bytes):
        return _read_bytes(source, "<bytes>")
    given: Any = source  # callers without a type checker pass anything
    if not isinstance(given, str | os.PathLike):
        raise DocumentError(
            f"A contract is a path, bytes, a text or a Document, not {type(source).__name__}."
        )
    if isinstance(source, str) and not _is_path(source):
        return plain.from_text(source, "<text>")
    return _read_bytes(*_load(Path(source)))


def _is_path(text: str) -> bool:
    if "\n" in text or not 0 < len(text) < _LONGEST_PATH:
        return False
    try:
        if Path(text).exists():
            return True
    except (OSError, ValueError):
        pass  # too long a name or a NUL in it: no file has such a name
    separated = "/" in text or "\\" in text
    spaced = any(character.isspace() for character in text)
    return text.lower().endswith(_SUFFIXES) or (separated and not spaced)


def _load(path: Path) -> tuple[bytes, str]:
    try:
        return _contents(path), plain.clean(path.name)
    except FileNotFoundError as error:
        raise DocumentError(
            f"No such file: {str(path)!r}",
            hint="A string is taken as the contract's text if it does not look like a path.",
        ) from error
    except IsADirectoryError as error:
        raise DocumentError(f"{str(path)!r} is a folder, not a file") from error
    except (OSError, ValueError) as error:
        raise DocumentError(f"{str(path)!r} can't be opened: {error}") from error


def _contents(path: Path) -> bytes:
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode):
        return _piped(path)
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DocumentError(f"{str(path)!r} is a device or a socket, not a file")
    return path.read_bytes()


def _piped(path: Path) -> bytes:
    """Read a pipe such as a shell's `<(...)`, without waiting for a writer that may never come."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as pipe:
        begun = pipe.read(1)  # None: somebody writes, but has not yet; empty: nobody does
        if begun == b"":
            raise DocumentError(f"{str(path)!r} is a pipe that nobody writes into")
        os.set_blocking(pipe.fileno(), True)
        return (begun or b"") + pipe.read()


def _read_bytes(data: bytes, source: str) -> Document:
    if not data.strip():
        raise EmptyDocumentError(f"{source} is empty ({len(data)} bytes)")
    kind = _foreign_kind(data)
    if kind is None and b"%PDF-" in data[: _PDF_HEAD + 5]:
        from extractor.documents import pdf

        return pdf.read_pdf(data, source)
    kind = kind or plain.markup_kind(data)
    if kind:
        raise UnreadableDocumentError(
            f"{source} is {kind}, which can't be read",
            hint="PDF and plain text (txt, md) can be read: convert the file to one of them.",
        )
    return read_plain(data, source, ReadOptions())


def _foreign_kind(data: bytes) -> str | None:
    """Name the kind of a file that is certainly neither PDF nor text."""
    kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
    if kind == "a ZIP archive":
        return next((name for member, name in _ZIP_MEMBERS if member in data), kind)
    return kind
