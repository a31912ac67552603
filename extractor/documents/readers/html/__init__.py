"""HTML as browsers show it: contracts exported from a browser or filed with EDGAR."""

from __future__ import annotations

import re

from lxml import etree

from extractor.documents.document import Attachment, Document, Hidden
from extractor.documents.options import ReadOptions
from extractor.documents.readers import attachment
from extractor.documents.readers.elements import LIMIT_PASSED, Element
from extractor.documents.readers.html.css import StyleSheet
from extractor.documents.readers.html.edgar import (
    Filed,
    documents_in,
    has_printed_table,
    is_markup,
    printed,
    without_table_tags,
)
from extractor.documents.readers.html.encoding import decode
from extractor.documents.readers.html.media import for_screen
from extractor.documents.readers.html.page import PageReader
from extractor.documents.readers.paged import PAGE_BREAK, document_of
from extractor.documents.sniff import HTML
from extractor.errors import HostileDocumentError, UnreadableDocumentError

_PAGE_RULES = re.compile(
    r"(?:page-)?break-(?:before|after)\s*:\s*(?:always|page|left|right)", re.IGNORECASE
)
_NAMED = 5
"""Documents of a submission that a warning names."""

_UNSAFE = re.compile(r"[\x00\x0c]")
_ENDS = re.compile(r"</(?:html|body)(?:\s[^<>]*)?>", re.IGNORECASE)
"""Browsers show what follows these; lxml drops it, sometimes. Both infer them where they miss."""


def read_html(data: bytes, source: str, options: ReadOptions) -> Document:
    """Read an HTML file, or the first document of an EDGAR submission.

    Blocks are lines, rows of tables too, their cells joined by " | "; columns that are blank in
    all rows are spacers and left out. List items begin with their number. Pages end where a style
    says so; in a file without such styles, at every `<hr>`. A submission's other documents are
    attachments. Old ones are text as it was printed, with its pages.

    Raises:
        HostileDocumentError: its elements lie deeper than 2,048, lxml's limit.
        UnreadableDocumentError: lxml can't parse it.
        EmptyDocumentError: there is no text to see in it.
    """
    text, warnings = decode(data, source)
    filed = documents_in(text)
    others: list[Attachment] = []
    if filed:
        first, *rest = filed
        others = [attachment(_bytes(item), item.name, options) for item in rest]
        if rest:
            others_named = ", ".join(item.name for item in rest[:_NAMED])
            warnings.append(
                f"It is a submission of {len(filed)} documents; the first, {first.name}, was read, "
                f"the others are attached: {others_named}{', ...' if len(rest) > _NAMED else ''}"
            )
        text = first.text
    hidden: list[Hidden] = []
    if not is_markup(text) and (filed or has_printed_table(text)):
        marked = printed(text, PAGE_BREAK)
    else:
        marked, hidden, told = _shown(text, source, options)
        warnings += told
    return document_of(
        marked,
        data,
        source,
        media_type=HTML,
        reader=f"html (lxml {etree.__version__})",
        hidden=hidden,
        taken=options.hidden,
        warnings=warnings,
        attachments=others,
    )


def _shown(text: str, source: str, options: ReadOptions) -> tuple[str, list[Hidden], list[str]]:
    """Return what a page shows, with page marks, what it hides, and warnings."""
    if has_printed_table(text):
        text = without_table_tags(text)
    root = _tree(_ENDS.sub("", _UNSAFE.sub(" ", text)).encode("utf-8", "replace"), source)
    if root is None:
        return "", [], []
    styles = (element for element in root.iter("style") if for_screen(element.get("media", "")))
    sheet = StyleSheet([element.text or "" for element in styles])
    reading = PageReader(
        sheet, hidden=options.hidden, breaks_by_rule=_PAGE_RULES.search(text) is None
    )
    lines = reading.read(root)
    return "\n".join(lines), reading.hidden, reading.warnings()


def _tree(data: bytes, source: str) -> Element | None:
    """Parse a page; one without any element or text has no root."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocumentError(f"{source} can't be read as HTML") from error
    if any(entry.type_name == LIMIT_PASSED for entry in parser.error_log):
        raise HostileDocumentError(f"{source} has elements nested more than 2,048 deep")
    return root


def _bytes(item: Filed) -> bytes:
    """Return a document of a submission as a file; what was printed keeps the tags of its pages."""
    return (item.text if is_markup(item.text) else item.whole).encode("utf-8", "replace")
