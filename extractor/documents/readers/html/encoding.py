"""The encoding of an HTML file (WHATWG HTML, "determining the character encoding", shortened)."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""Browsers read these as what Windows wrote, and so does everybody's text."""

_SAFE = frozenset(
    ("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "utf-8", "utf-16", "iso8859-2", "iso8859-15")
)


def decode(data: bytes, source: str) -> tuple[str, list[str]]:
    """Decode HTML: its byte order mark decides, then what it declares, UTF-8, and cp1252.

    Bytes that even cp1252 does not know become U+FFFD. Returns the text and warnings.
    """
    for mark, marked in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace"), []
    declared = _declared(data)
    for encoding in (declared, "utf-8") if declared else ("utf-8",):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace"), [f"{source} is not UTF-8; it was read as cp1252"]


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD])
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii", "replace")).name
    except LookupError:
        return None
    name = _AS_BROWSERS.get(name, name)
    return name if name in _SAFE and name != "utf-16" else None
