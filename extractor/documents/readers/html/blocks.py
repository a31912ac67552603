"""Which elements are lines of their own."""

from __future__ import annotations

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.css import Declarations

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p"),
        *("page", "pre", "section", "summary", "table", "tbody", "td", "text", "tfoot", "th"),
        *("textarea", "thead", "tr", "ul"),
    )
)
_AS_BLOCK = frozenset(("block", "flow-root", "flex", "grid", "list-item"))


def is_block(element: Element, style: Declarations) -> bool:
    """Say whether an element begins a line, and ends one."""
    display = style.get("display", "")
    return element.tag in _BLOCKS or display in _AS_BLOCK or display.startswith("table")
