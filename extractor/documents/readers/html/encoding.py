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
    (
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp874", "koi8-r", "koi8-u", "mac-roman"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
        *("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp"),
        *("iso2022_jp", "euc_kr", "cp949"),
    )
)
"""What browsers decode. Python knows more, in which a text can say to it what nobody else reads."""


def decode(data: bytes, source: str) -> tuple[str, list[str]]:
    """Decode HTML: its byte order mark decides, then see `decode_as`. Also returns warnings."""
    for mark, marked in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace"), []
    found = _DECLARED.search(data[:_HEAD])
    declared = found[1].decode("ascii", "replace") if found else None
    if declared and declared.lower().startswith("utf-16"):
        declared = "utf-8"  # it could not be read in UTF-16 (WHATWG HTML, 13.2.3.2)
    return decode_as(data, declared, source)


def decode_as(data: bytes, declared: str | None, what: str) -> tuple[str, list[str]]:
    """Decode bytes, whatever they are said to be: what is UTF-8 is never anything else by chance.

    What is neither UTF-8 nor what is declared is cp1252, and what that does not know U+FFFD.

    Args:
        data: the bytes.
        declared: the name of an encoding.
        what: is decoded, for warnings.

    Returns:
        The text, and warnings.
    """
    encoding = _known(declared)
    plain = data.isascii() or b"\x00" in data  # says nothing of UTF-8
    candidates = [encoding or "utf-8", "utf-8"]
    for used in candidates if plain else reversed(candidates):
        try:
            text = data.decode(used)
            break
        except UnicodeDecodeError:
            continue
    else:
        used, text = "cp1252", data.decode("cp1252", "replace")
    if used == encoding or (declared is None and used == "utf-8"):
        return text, []
    lacking = "in the encoding that it names" if declared else "UTF-8"
    return text, [f"{what} is not {lacking}; it was read as {used}"]


def _known(declared: str | None) -> str | None:
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    name = _AS_BROWSERS.get(name, name)
    return name if name in _SAFE else None
