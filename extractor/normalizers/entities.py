"""Characters that a text writes as HTML does: `&amp;` for an ampersand."""

from __future__ import annotations

import html
import re
from html.entities import html5

_REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,31};)|#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});)")


def without_entities(text: str) -> str:
    """Return a text with the characters that its entities stand for.

    Only those that exist and end in a semicolon count, and each once.

    >>> without_entities("Smith &amp; Co&#46;"), without_entities("AT&T; R&D")
    ('Smith & Co.', 'AT&T; R&D')
    """
    return _REFERENCE.sub(_character, text) if "&" in text and ";" in text else text


def _character(reference: re.Match[str]) -> str:
    if reference[1] and reference[1] not in html5:
        return reference[0]
    decoded = html.unescape(reference[0])
    return reference[0] if decoded in ("", "\ufffd") else decoded
