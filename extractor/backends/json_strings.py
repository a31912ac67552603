"""A quoted text of JSON as models write it: where it ends, what is escaped in it and what is not.

Every look ahead or back is bounded, so that a reply is read in time proportional to its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from extractor.backends import json_syntax as syntax
from extractor.types import Repair

_CHUNK: Final = {
    quote: re.compile(rf"[^{quote}\\\x00-\x1f]*+") for quote in syntax.CLOSING_QUOTE.values()
}
_TRIPLES: Final = ('"""', "'''")
_SHOWN = 80
"""Characters of skipped text that a repair shows."""


class Quoted(NamedTuple):
    """A text, where it ends, whether anything ended it, and what was made of how it was written.

    The repairs have no paths; each kind comes once.
    """

    value: str
    end: int
    is_closed: bool = True
    notes: tuple[Repair, ...] = ()


def read_key(text: str, start: int, closing: str) -> Quoted:
    """Read a key, which ends at the first quote, from its opening quote on."""
    return _read(text, start, closing, lambda pos: ("end", pos))


def read_string(
    text: str, start: int, closing: str, ends: Callable[[int], bool], *, in_object: bool
) -> Quoted:
    """Read a value from its opening quote on; `ends` says whether JSON goes on behind a quote."""
    within = 0

    def sense(pos: int) -> tuple[str, int]:
        nonlocal within
        is_last = within % 2 == 1 and text.startswith(closing, pos) and ends(pos + 1)
        if not is_last and ends(pos):
            return "end", pos
        if closing == '"':
            if joint := _JOINT.match(text, pos):
                return "joint", joint.end()
            if in_object and (stop := _member_break(text, start + 1, pos - 1)):
                return "key", stop
        within += 1
        return "part", pos

    return _tripled(text, start) or _read(text, start, closing, sense)


def _read(text: str, start: int, closing: str, sense: Callable[[int], tuple[str, int]]) -> Quoted:
    """Read a text; `sense` says what a quote within is, and where to go on behind it.

    It is the `end` of its text, the `joint` of two parts of it, the beginning of the next `key`
    (its own end is missing then), or a `part` of it.
    """
    pieces, pos, notes = list[str](), start + 1, dict[str, Repair]()
    while True:
        end = syntax.end_of(_CHUNK[closing], text, pos)
        pieces.append(text[pos:end])
        if end >= len(text):
            return Quoted("".join(pieces), end, is_closed=False, notes=tuple(notes.values()))
        kind, char, pos = None, text[end], end + 1
        if char == closing:
            meant, pos = sense(pos)
            if meant in ("end", "key"):
                value = "".join(pieces)
                if meant == "key":
                    value, note = _unclosed(value[: pos - end])
                    notes[note.kind] = note
                return Quoted(value, pos, notes=tuple(notes.values()))
            kind = "joined_text" if meant == "joint" else "unescaped_quote"
            char = "" if meant == "joint" else char
        elif char == "\\":
            char, pos, kind = unescape(text, end)
        else:
            kind = "control_character"
        pieces.append(char)
        if kind:
            notes.setdefault(kind, Repair(kind, lossy=kind in _LOSSY))


def _tripled(text: str, start: int) -> Quoted | None:
    """Read a text within three quotes, as Python has it; None if there is none."""
    marks = text[start : start + 3]
    end = text.find(marks, start + 3) if marks in _TRIPLES else -1
    if end < 0:
        return None
    return Quoted(unescape_all(text[start + 3 : end]), end + 3, notes=(Repair("quote_style"),))


def _unclosed(text: str) -> tuple[str, Repair]:
    """Take a text whose closing quote is missing, or has a remark behind it."""
    inside, _, remark = text.rpartition('"')
    if text.count('"') % 2:
        return inside, Repair("skipped_text", lossy=True, detail=remark.strip()[:_SHOWN])
    is_other = "\u201d" in text and "\u201c" not in text  # closed, in another style
    return text.removesuffix("\u201d") if is_other else text, Repair("missing_quote")


_JOINT = re.compile(r'\s{0,100}\+\s{0,100}"')
"""Between the parts of one text: `"one " + "two"`."""
_MEMBER_AFTER = re.compile(rf'"[\w .$-]{{1,60}}+"\s*+[:=\uff1a]>?\s*+{syntax.COMPLETE}')
_BREAK = re.compile(r"(?:\s?\}){0,20}\s?[,;|\uff0c\n]\s{0,50}\Z")


def _member_break(text: str, start: int, quote: int) -> int | None:
    """Tell where a text from `start` on ends if the `quote` within it opens the next key.

    Its own closing quote is missing then: `"Acme Inc., "law": "Texas"`. None if it opens none.
    """
    if not _MEMBER_AFTER.match(text, quote):
        return None
    end = _BREAK.search(text, max(start, quote - 101), quote)
    return end and end.start()


_LOSSY: Final = frozenset({"incomplete_escape", "lone_surrogate", "nul_character"})
_ESCAPES = {
    '"': '"', "'": "'", "\\": "\\", "/": "/",
    "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_UNICODE = re.compile(
    r"\\u(?:(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<code>[0-9a-fA-F]{4}))"
)


def unescape(text: str, pos: int) -> tuple[str, int, str | None]:
    r"""Read the escape at `pos`.

    Returns:
        What it stands for, where it ends, and the kind of repair it took, if any. What is no
        escape (`\x`, `\$`) stays as it is written.
    """
    follower = text[pos + 1 : pos + 2]
    if _CUT_ESCAPE.match(text, pos):
        return "", len(text), "incomplete_escape"
    if follower in _ESCAPES:
        return _ESCAPES[follower], pos + 2, "escaped_apostrophe" if follower == "'" else None
    match = _UNICODE.match(text, pos)
    if match is None:
        return "\\" + follower, pos + 2, "bad_escape"
    if match["high"]:
        pair = bytes.fromhex(match["high"] + match["low"])
        return pair.decode("utf-16-be"), match.end(), None
    code = int(match["code"], 16)
    if code == 0:
        return "", match.end(), "nul_character"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd", match.end(), "lone_surrogate"
    return chr(code), match.end(), None


def unescape_all(text: str) -> str:
    """Undo one layer of escapes in the whole of a text."""
    pieces, pos = list[str](), 0
    while (escape := text.find("\\", pos)) >= 0:
        piece, end, _ = unescape(text, escape)
        pieces += text[pos:escape], piece
        pos = end
    return "".join((*pieces, text[pos:]))
