"""The text of files that pdfium refuses, through pypdf, which mends more and is slower."""

from __future__ import annotations

from importlib.metadata import version

import pypdf
from pypdf.errors import FileNotDecryptedError, LimitReachedError, WrongPasswordError

from extractor.documents.document import PageKind, has_text
from extractor.documents.options import ReadOptions
from extractor.documents.plain import clean
from extractor.documents.readers.pdf.engine import EngineRefusalError, refused_password
from extractor.documents.readers.pdf.page import ReadPage
from extractor.documents.readers.pdf.remarks import pypdf_remarks, summed_up
from extractor.documents.readers.pdf.structure import Structure, open_pypdf, too_many_pages
from extractor.documents.readers.pdf.text import with_semicolons
from extractor.errors import DocumentError, HostileDocumentError, UnreadableDocumentError


def reader_name() -> str:
    """Name the engine and its version, for `Document.reader`."""
    return f"pypdf {version('pypdf')}"


def read_pages(
    data: bytes, source: str, options: ReadOptions, refusal: EngineRefusalError
) -> tuple[list[ReadPage], Structure]:
    """Read the pages' texts with pypdf; hidden text is not told from shown.

    On broken files pypdf raises not only its own errors but whatever its code runs into (KeyError,
    RecursionError, struct.error, ...), hence the broad except.

    Raises:
        UnreadableDocumentError: pypdf can't read it either; or one of its subclasses.
    """
    with pypdf_remarks() as remarks:
        try:
            pages = _pages(data, source, options)
        except DocumentError:
            raise
        except (FileNotDecryptedError, WrongPasswordError) as error:
            raise refused_password(source, options.password) from error
        except LimitReachedError as error:
            raise HostileDocumentError(
                f"{source} would unpack to more than its reader allows: {error}"
            ) from error
        except Exception as error:
            raise UnreadableDocumentError(
                f"{source} is a broken PDF: {type(error).__name__}: {clean(str(error))[:200]}",
                hint="Open it in a PDF reader and print it to a new PDF.",
            ) from error
    warning = (
        f"it is broken ({refusal}) and was mended: text may be missing, hidden text is not told"
    )
    return pages, Structure((warning, *summed_up(remarks)))


def _pages(data: bytes, source: str, options: ReadOptions) -> list[ReadPage]:
    reader = open_pypdf(data, options)
    if len(reader.pages) > options.limits.pages:
        raise too_many_pages(source, len(reader.pages), options.limits)
    return [_read(page) for page in reader.pages]


def _read(page: pypdf.PageObject) -> ReadPage:
    text = with_semicolons(clean(page.extract_text()))
    kind: PageKind = "text"
    remarks: tuple[str, ...] = ()
    if not has_text(text):
        kind = "empty" if page.get_contents() is None else "unreadable"
        remarks = ("blank" if kind == "empty" else "no text layer; what it shows was not read",)
    left, bottom, right, top = map(float, page.mediabox)
    return ReadPage(text, kind, right - left, top - bottom, remarks=remarks)
