"""EDGAR's submissions: several documents in one file, between tags of its own (EDGAR Filer Manual).

Each document has lines such as `<TYPE>EX-10.1` and `<FILENAME>lease.htm` before its `<TEXT>`. Old
ones are text as it was printed, with tags only where pages begin and around tables: `<CAPTION>`
before a table's head, and a line of `<S>` and `<C>` that tells where its columns begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOCUMENT = re.compile(
    r"<DOCUMENT>[^\S\n]*\n((?:(?!<DOCUMENT>).)*?)<TEXT>(.*?)(?:</TEXT>|</DOCUMENT>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"<FILENAME>([^\r\n<]*)", re.IGNORECASE)
_TYPE = re.compile(r"<TYPE>([^\r\n<]*)", re.IGNORECASE)
_PAGE_OF_HTML = re.compile(r"<(?:html|body)\b[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<t[rd]\b[^<>]*>", re.IGNORECASE)
_PRINTED_TABLE = re.compile(r"<TABLE>\s*<(?:CAPTION|S)>", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|font|br|t[rd])\b[^<>]*>", re.IGNORECASE)
_OF_TABLE = r"</?(?:TABLE|CAPTION|S|C|FN)>"
_TAGS_ALONE = re.compile(rf"^[ \t]*(?:{_OF_TABLE}[ \t]*)+\r?\n", re.MULTILINE | re.IGNORECASE)
_TAGS = re.compile(_OF_TABLE, re.IGNORECASE)
_NOTE = re.compile(r"<F(\d{1,3})>", re.IGNORECASE)
_PAGE = re.compile(r"^[ \t]*<PAGE>[^\n]*\n?", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filed:
    """One document of a submission: its name, what stands between its text tags, and all of it."""

    name: str
    text: str
    whole: str


def is_markup(text: str) -> bool:
    """Say whether a document is HTML, not text as it was printed: both have `<TABLE>`.

    >>> is_markup("<TABLE><TR><TD>Rent"), is_markup("<TABLE><CAPTION> Rent <S> <C> $5 </TABLE>")
    (True, False)
    """
    if "<PDF>" in text[:200]:
        return False
    if _PAGE_OF_HTML.search(text):
        return True
    return not has_printed_table(text) and _MARKUP.search(text) is not None


def has_printed_table(text: str) -> bool:
    """Say whether a text has tables whose columns are held by spaces; some pages have, in `<pre>`.

    >>> has_printed_table("<TABLE> <S> <C>"), has_printed_table("<table><caption>A</caption><tr>")
    (True, False)
    """
    return _PRINTED_TABLE.search(text) is not None and _ROW.search(text) is None


def documents_in(text: str) -> list[Filed]:
    """Return the documents of a submission in their order; none if the text is no submission."""
    found: list[Filed] = []
    for item in _DOCUMENT.finditer(text):
        named = _NAME.search(item[1]) or _TYPE.search(item[1])
        name = named[1].strip() if named else ""
        found.append(Filed(name or f"document {len(found) + 1}", item[2].strip("\r\n"), item[0]))
    return found


def printed(text: str, page_break: str) -> str:
    """Return an old filing's text as it was printed, with its tags resolved."""
    before, *pages = _PAGE.split(without_table_tags(text.replace("\r\n", "\n")))
    text = page_break.join([before, *pages] if before.strip() else pages)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text.strip("\n")


def without_table_tags(text: str) -> str:
    r"""Return a text without the tags of its printed tables, the marks of notes in brackets.

    >>> without_table_tags("<TABLE>\n<CAPTION> Year  Rent\n<S>    <C>\n1998   $5<F1>\n</TABLE>\n")
    ' Year  Rent\n1998   $5[1]\n'
    """
    return _NOTE.sub(r"[\1]", _TAGS.sub("", _TAGS_ALONE.sub("", text)))
