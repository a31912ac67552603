"""From a text with page marks in it to a document with pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from extractor.documents.document import Attachment, Document, Hidden, Page, PageKind, has_text
from extractor.documents.invisible import hidden_warning, invisible_in, without_invisible
from extractor.documents.plain import clean
from extractor.errors import EmptyDocumentError
from extractor.plurals import counted
from extractor.types import Span

PAGE_BREAK = "\x0c"
"""Where a page ends in a text under way. XML can't hold it and in HTML it is white space."""


def document_of(
    paged: str,
    data: bytes,
    source: str,
    *,
    media_type: str,
    reader: str,
    hidden: Sequence[Hidden] = (),
    taken: bool = False,
    warnings: Iterable[str] = (),
    attachments: Sequence[Attachment] = (),
) -> Document:
    """Make a document of a text whose pages are divided by `PAGE_BREAK`, which is left out.

    Invisible marks are hidden text too.

    Args:
        paged: the text.
        data: the file.
        source: its name.
        media_type: its kind.
        reader: what read it.
        hidden: what it does not show; told in a warning.
        taken: that `hidden` is part of the text all the same.
        warnings: what else is to be known.
        attachments: files within it.

    Raises:
        EmptyDocumentError: there is nothing to see in the text.
    """
    pages: list[Page] = []
    at = 0
    texts = [clean(text) for text in paged.split(PAGE_BREAK)]
    concealed = list(hidden)
    for number, text in enumerate(texts, start=1):
        concealed += invisible_in(text, number)
    texts = texts if taken else [without_invisible(text) for text in texts]
    for number, text in enumerate(texts, start=1):
        kind: PageKind = "text" if has_text(text) else "empty"
        pages.append(Page(number, Span(at, at + len(text)), kind))
        at += len(text)
    if all(page.kind == "empty" for page in pages):
        raise EmptyDocumentError(
            f"{source} holds no text", hint="; ".join(warnings) or "There is nothing to read in it."
        )
    return Document(
        text="".join(texts),
        sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        media_type=media_type,
        pages=tuple(pages),
        warnings=(*hidden_warning(concealed, taken=taken), *warnings),
        hidden=tuple(concealed),
        attachments=tuple(attachments),
        reader=reader,
    )


_OPENS = re.compile(r"(?:US)?[$\u20ac\u00a3\u00a5]\s?\(?|\(")
_CLOSES = re.compile(r"\)\s?%?|%")
"""What stands in a cell of its own before a figure, and after it."""


def table_row(cells: Iterable[str]) -> str:
    """Join a table row's cells; signs that filings set in cells of their own go to their figures.

    >>> table_row(["Rent", "EUR 500", ""]), table_row(["Net loss", "$", "(1,250", ")"])
    ('Rent | EUR 500 |', 'Net loss | $ (1,250)')
    """
    joined: list[str] = []
    opened = False
    for cell in cells:
        if opened and cell:
            joined[-1] += f" {cell}"
        elif joined and _CLOSES.fullmatch(cell) and joined[-1][-1:].isalnum():
            joined[-1] += cell
        else:
            joined.append(cell)
        opened = _OPENS.fullmatch(cell) is not None
    return " | ".join(joined).strip(" ")


def struck_warning(passages: int) -> list[str]:
    """Tell that some of a text is struck through, if any is.

    >>> struck_warning(1), struck_warning(0)
    (['Struck through, and yet part of the text: 1 passage'], [])
    """
    told = f"Struck through, and yet part of the text: {counted(passages, 'passage')}"
    return [told] if passages else []
