"""EDGAR's submissions: several documents in one file, between tags of its own (EDGAR Filer Manual).

Each document has lines such as `<TYPE>EX-10.1` and `<FILENAME>lease.htm` before its `<TEXT>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOCUMENT = re.compile(
    r"<DOCUMENT>\s*\n(.*?)<TEXT>(.*?)(?:</TEXT>|</DOCUMENT>|\Z)", re.DOTALL | re.IGNORECASE
)
_NAME = re.compile(r"<FILENAME>([^\r\n<]*)", re.IGNORECASE)
_TYPE = re.compile(r"<TYPE>([^\r\n<]*)", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:html|body|p|div|font|table|br)\b[^>]*>", re.IGNORECASE)
_PRINT_TAGS = re.compile(r"^[ \t]*</?(?:TABLE|CAPTION|S|C|FN|F\d+)>[^\n]*\n?", re.MULTILINE)
_PAGE = re.compile(r"^[ \t]*<PAGE>[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Filed:
    """One document of a submission: its name, and what stands between its text tags."""

    name: str
    text: str

    @property
    def is_markup(self) -> bool:
        """Whether it is HTML; the others are text as it was printed."""
        return _MARKUP.search(self.text) is not None and "<PDF>" not in self.text[:200]


def documents_in(text: str) -> list[Filed]:
    """Return the documents of a submission in their order; none if the text is no submission."""
    found: list[Filed] = []
    for item in _DOCUMENT.finditer(text):
        named = _NAME.search(item[1]) or _TYPE.search(item[1])
        name = named[1].strip() if named else ""
        found.append(Filed(name or f"document {len(found) + 1}", item[2].strip("\r\n")))
    return found


def printed(text: str, page_break: str) -> str:
    """Return an old filing's text as it was printed, with its tags resolved."""
    text = _PAGE.sub(page_break, _PRINT_TAGS.sub("", text.replace("\r\n", "\n")))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
