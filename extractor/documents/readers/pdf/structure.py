"""What pypdf finds around the text: attachments, form values, the pages of a broken stream.

pypdf is asked only where the bytes name such a thing: on some files it takes longer for its first
look than pdfium for all the text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdf
from pypdf.errors import WrongPasswordError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from extractor.documents.document import Attachment
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.plain import clean
from extractor.documents.readers import attachment
from extractor.documents.readers.pdf.remarks import pypdf_remarks, summed_up
from extractor.documents.readers.pdf.streams import Streams
from extractor.errors import HostileDocumentError

_OBJECTS = 5_000  # of one page that are followed
_NOT_SHARED = frozenset({"/Parent", "/Annots", "/B", "/StructParents"})
_IGNORED = {
    "JavaScript": "it holds JavaScript, which is ignored",
    "Launch": "it asks to start a program or open a file, which is ignored",
    "XFA": "it holds an XFA form, of which only what its pages show was read",
}


@dataclass(frozen=True, slots=True)
class Structure:
    """What surrounds the text; `damaged` are the pages that a broken stream belongs to."""

    warnings: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    form_values: tuple[str, ...] = field(default=(), repr=False)
    damaged: frozenset[int] = frozenset()


def structure(data: bytes, streams: Streams, pages: int, options: ReadOptions) -> Structure:
    """Read what `streams` says there is to read around a file's `pages`.

    Where pypdf can't, a warning says what was not looked at. If streams are broken, every page then
    counts as damaged: nobody knows which are whole.
    """
    ignored = [_IGNORED[name] for name in sorted(streams.features & _IGNORED.keys())]
    wanted = {"EmbeddedFile", "EmbeddedFiles", "AcroForm", "Encrypt"} & streams.features
    if not (wanted or streams.damaged):
        return Structure(tuple(ignored))
    with pypdf_remarks() as remarks:
        try:
            found = _structure(data, streams, options)
        except Exception as error:  # a broken file makes pypdf run into anything
            reason = f"{type(error).__name__}: {clean(str(error))[:200]}"
            warning = f"attachments, form values and broken parts were not looked at ({reason})"
            damaged = frozenset(range(1, pages + 1)) if streams.damaged else frozenset[int]()
            return Structure((*ignored, *summed_up(remarks), warning), damaged=damaged)
    return Structure(
        (*ignored, *summed_up(remarks), *found.warnings),
        found.attachments,
        found.form_values,
        found.damaged,
    )


def _structure(data: bytes, streams: Streams, options: ReadOptions) -> Structure:
    reader = open_pypdf(data, options)
    damaged, rest = _damaged_pages(reader, streams.damaged)
    warnings: list[str] = []
    if rest:
        warnings.append(
            f"{rest} broken part{'s' * (rest > 1)} could be tied to no page: text may be missing"
        )
    with pypdf.apply_configuration(zlib_maximum_output_length=_most_unpacked(options.limits)):
        attachments = tuple(_attachments(reader, options))
        values = tuple(_form_values(reader))
    return Structure(tuple(warnings), attachments, values, damaged)


def open_pypdf(data: bytes, options: ReadOptions) -> pypdf.PdfReader:
    """Open a file with pypdf, whose exceptions on a broken one may be any."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(options.password or ""):
        raise WrongPasswordError("wrong password")
    return reader


def too_many_pages(source: str, pages: int, limits: Limits) -> HostileDocumentError:
    """Say that a file has more pages than are allowed."""
    return HostileDocumentError(
        f"{source} has {pages:,} pages; {limits.pages:,} are allowed",
        hint="Raise Limits.pages if it is sound, or cut the file in parts.",
    )


def _most_unpacked(limits: Limits) -> int:
    return min(limits.unpacked, 75_000_000)  # pypdf's own limit


def _attachments(reader: pypdf.PdfReader, options: ReadOptions) -> Iterator[Attachment]:
    for embedded in reader.attachment_list:
        yield attachment(embedded.content, embedded.alternative_name or embedded.name, options)


def _form_values(reader: pypdf.PdfReader) -> Iterator[str]:
    """Yield the values of text fields and choices."""
    for properties in (reader.get_fields() or {}).values():
        value = properties.get("/V")
        if properties.get("/FT") in ("/Tx", "/Ch") and isinstance(value, str) and value.strip():
            yield clean(value)


def _damaged_pages(reader: pypdf.PdfReader, damaged: frozenset[int]) -> tuple[frozenset[int], int]:
    """Return the pages that use broken streams, and how many of these no page uses."""
    if not damaged:
        return frozenset(), 0
    pages: set[int] = set()
    tied: set[int] = set()
    for number, page in enumerate(reader.pages, 1):
        used = _used(page) & damaged
        if used:
            pages.add(number)
            tied |= used
    return frozenset(pages), len(damaged - tied)


def _used(page: pypdf.PageObject) -> set[int]:
    """Return the numbers of the objects that a page refers to, with what they refer to."""
    used: set[int] = set()
    waiting: list[object] = [page]
    while waiting and len(used) < _OBJECTS:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in used:
                continue
            used.add(item.idnum)
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            waiting += [item.raw_get(key) for key in item if key not in _NOT_SHARED]
        elif isinstance(item, ArrayObject):
            waiting += list(item)
    return used
