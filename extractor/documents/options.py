"""How a document is to be read, as a caller says it."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.choices import OcrMode

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may be and take; past any of them it is given up.

    Attributes:
        size: bytes of the file.
        pages: of a PDF.
        unpacked: bytes of all that a container (DOCX, PDF streams, attachments) unpacks to.
        entries: members of a ZIP container.
        ratio: unpacked bytes for each packed one of a member.
        depth: of XML elements.
        nesting: of files within files: attachments of attachments.
        memory: bytes of address space that the reading process may use.
        seconds: that it may take by the clock, besides `seconds_per_page`.
        seconds_per_page: for each page; OCR is the slow part.
    """

    size: int = 100 * MEGABYTE
    pages: int = 5_000
    unpacked: int = 300 * MEGABYTE
    entries: int = 5_000
    ratio: int = 200
    depth: int = 200
    nesting: int = 8
    memory: int = 1_024 * MEGABYTE
    seconds: float = 60.0
    seconds_per_page: float = 3.0


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    Attributes:
        password: of an encrypted file.
        ocr: `auto` recognises the text of pages that have none worth trusting, where the extra
            `ocr` or the program tesseract is installed; `off` never does.
        hidden: take text that the file holds but does not show into the document's own.
        limits: on what one file may be and take.
    """

    password: str | None = None
    ocr: OcrMode = "auto"
    hidden: bool = False
    limits: Limits = Limits()
