"""The patterns of JSON as models write it, and the questions the scanner asks about what follows.

Each pattern looks ahead no further than the next quote, comma or a fixed number of characters, so
that a reply is read in time proportional to its length, hostile ones too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

SPACE: Final = re.compile(r"\s*+")
COMMENT: Final = re.compile(r"//[^\n]*+|/\*.*?(?:\*/|\Z)|#(?=\s)[^\n]*+", re.DOTALL)
COMMAS: Final = re.compile(r",(?:\s*+,)*+")
ARROW: Final = re.compile(r"=>?|\uff1a")
"""What other languages write between a key and its value."""
FOREIGN_COMMAS: Final = ";|\uff0c"
CLOSERS: Final = {closer: re.compile(rf"\{closer}++") for closer in "}])"}
_JUNK_WORD = r"[^\s\"'\u201c{}\[\](),:]++"
JUNK: Final = re.compile(rf"{_JUNK_WORD}|[\[(]++|:++|\{{++|.", re.DOTALL)
JUNK_BEFORE_KEY: Final = re.compile(rf"{_JUNK_WORD}|(?:[{{\[(:]\s*+)++|.", re.DOTALL)
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
ACCOUNTING_NUMBER: Final = re.compile(
    r"\([^\W\d_]{0,3}\s?[$\u20ac\u00a3\u00a5]?\s?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\)"
)
BARE_KEY: Final = re.compile(r"([\w$][\w$.-]{0,99}+(?: [\w$.-]{1,99}+){0,9}+)\s*+:")
QUOTED_KEY: Final = re.compile(r"""["'\u201c]([\w .$-]{1,60}+)["'\u201d]\s*+:""")
BARE_KEY_CUT: Final = re.compile(r"[\w$][\w$. -]{0,99}+\Z")

CLOSING_BRACKET: Final = {"{": "}", "[": "]", "(": ")"}
CLOSING_QUOTE: Final = {
    '"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb",
}  # fmt: skip

JSON_LITERALS: Final = frozenset({"true", "false", "null"})
LITERALS: Final[dict[str, bool | None]] = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
    "undefined": None,
}
MAX_PLAIN_SCALAR: Final = 200
"""An unquoted scalar longer than this is rather prose."""


def end_of(pattern: re.Pattern[str], text: str, pos: int) -> int:
    """Return where `pattern` ends that starts at `pos`, or `pos` if it does not match there."""
    match = pattern.match(text, pos)
    return match.end() if match else pos


# --- what may follow -----------------------------------------------------------------------------

_COMMENTS = r"//[^\n]{0,200}+(?=\n|\Z)|/\*(?s:.{0,200}?)\*/"
# A hundred spaces and comments are more than stand anywhere, and few enough to go over again at
# every quote between them. The same holds of two hundred escapes in a key.
_GAP = rf"""(?:\s++|{_COMMENTS}|#\s[^"'\n]{{0,200}}+\n){{0,100}}+"""
_GAP_AFTER_COMMA = rf"(?:\s++|{_COMMENTS}|#\s[^\n]{{0,200}}+\n){{0,100}}+"
_LITERAL = r"(?:true|false|null|True|False|None|undefined)\b"
_OTHER_KEY = (
    r"""(?:"[\w .$-]{1,60}+"|'[\w .$-]{1,60}+'|\u201c[\w .$-]{1,60}+\u201d)\s*+[:=\uff1a]"""
)
_PLAIN_SCALAR = rf"(?:-?[0-9][0-9.eE+-]*+|{_LITERAL})"
COMPLETE: Final = (
    r"""(?:"(?s:[^"\\]++|\\.)*+(?:"\s*+[,;}]|\Z)|'(?s:[^'\\]++|\\.|\b'\b)*+(?:'\s*+[,;}]|\Z)"""
    rf"""|[{{\[]|{_PLAIN_SCALAR}\s*+(?:[,}}]|\Z)|\Z)"""
)
_BARE_KEY = rf"[A-Za-z_$][\w$]{{0,60}}+\s*+:\s*+{COMPLETE}"
_KEY_WITHOUT_COLON = rf'"[A-Za-z_][\w-]{{0,60}}+"\s*+(?:[{{\[]|{_PLAIN_SCALAR}\s*+[,}}\]])'


_ELLIPSIS = r"(?:\.{3}|\u2026)\s*+[,}\]]"


def _key(opening: str, closing: str) -> str:
    """A key in the same quotes as the string before it; cut off, if the text ends in it."""
    same = rf"{opening}(?s:[^{closing}\\]++|\\.){{0,200}}+(?:{closing}\s*+[:=\uff1a]|\Z)"
    return rf"(?:{same}|{_OTHER_KEY}|{_BARE_KEY}|{_KEY_WITHOUT_COLON})"


def _member_goes_on(opening: str, closing: str) -> re.Pattern[str]:
    key = _key(opening, closing)
    return re.compile(
        rf"{_GAP}(?:\Z|```|,{_GAP_AFTER_COMMA}(?:[,}}]|\Z|{key}|{_ELLIPSIS})"
        rf"|[{FOREIGN_COMMAS}]{_GAP_AFTER_COMMA}{key}|{key}|(?P<closer>[}}\])]))"
    )


def _item_goes_on(opening: str, closing: str) -> re.Pattern[str]:
    """In a list, a string may follow whose own inner quotes are not escaped either: its first
    inner quote then stands after a space or at its beginning, whereas a word's closing quote does
    not.
    """
    inside = rf"(?s:[^{closing}\\]++|\\.|\b'\b)*+"  # an apostrophe ends no text
    text = (
        rf"{opening}(?:{inside}(?:(?<=[\s(\[]){closing}|{closing}{_GAP}[,\])}}]|\Z)"
        rf"|{closing}(?=[^\s,\]}}]))"
    )
    value = rf"(?:[{{\[,\])]|\Z|{text}|{_ELLIPSIS}|{_PLAIN_SCALAR}\s*+(?:[,\])]|\Z))"
    # A whole text, on a line of its own or beside another, is the next item: a comma is missing.
    below = rf"[^\S\n]{{0,100}}\n\s{{0,100}}{opening}{inside}{closing}\s*+[,\]\n]"
    beside = rf"[\s;]{{1,100}}+{opening}{inside}{closing}(?=\s*+[,;\]]|\s++{opening})"
    return re.compile(
        rf"{below}|{beside}|{_GAP}(?:\Z|```|[,\uff0c]{_GAP_AFTER_COMMA}{value}|(?P<closer>[}}\])]))"
    )


_MEMBER_GOES_ON = {c: _member_goes_on(o, c) for o, c in CLOSING_QUOTE.items()}
_ITEM_GOES_ON = {c: _item_goes_on(o, c) for o, c in CLOSING_QUOTE.items()}
_STRUCTURE = re.compile(r"[^\S\n]*+(?:[,;|}\])\n\"{\[]|//|/\*|```|\Z)")


def json_goes_on(
    text: str, pos: int, closing_quote: str, *, in_object: bool
) -> re.Match[str] | None:
    """Tell whether JSON goes on at `pos`, right after a quote within a string value.

    Returns:
        None if the quote belongs to the string; else a match whose group `closer` is the closing
        bracket that follows, if one does.
    """
    patterns = _MEMBER_GOES_ON if in_object else _ITEM_GOES_ON
    return patterns[closing_quote].match(text, pos)


_MEMBER = re.compile(r'\s*+,\s*+"[^"\\]{1,60}+"\s*+:')


def member_follows(text: str, pos: int) -> bool:
    """Whether a comma and another member follow, so that a bracket here ends no object."""
    return _MEMBER.match(text, pos) is not None


def is_structural(text: str, pos: int) -> bool:
    """Whether what follows a closing bracket looks like JSON or a new line rather than prose."""
    return _STRUCTURE.match(text, pos) is not None


def is_opened_before(text: str, pos: int, bracket: str) -> bool:
    """Whether the words shortly before `pos` hold the bracket's other half, as in `{"a"}`."""
    opening = {"}": "{", "]": "[", ")": "("}[bracket]
    nearby = text[max(0, pos - 200) : pos]
    return nearby.rfind(opening) > nearby.rfind(bracket)


# --- unquoted scalars ----------------------------------------------------------------------------

_PLAIN = re.compile(r"[^,;|\uff0c}\])\"'\n/#{\[(]*+")
_KEY = _key('"', '"')
_NEXT_KEY = re.compile(_KEY)
_FOREIGN_COMMA = re.compile(rf"[{FOREIGN_COMMAS}]{_GAP_AFTER_COMMA}{_KEY}")
_NEXT_MEMBER = re.compile(rf",(?:[^\S\n]*+\n|{_GAP_AFTER_COMMA}(?:[,}}]|\Z|{_KEY}))")
_GROUP = re.compile(r",[0-9]{3}(?![0-9])")
_AMOUNT = (
    r"[1-9][0-9]{0,2}(?P<groups>(?:,[0-9]{3}(?![0-9])){1,6}+)(?!,[0-9]{3}(?![0-9]))(?:\.[0-9]+)?"
)
_CURRENCY = r"(?P<currency>(?:[A-Z]{1,3}\s?)?[$\u20ac\u00a3\u00a5]\s?|[A-Z]{3}\s)?"
_AMOUNT_IN_LIST = re.compile(rf"[-+]?{_CURRENCY}{_AMOUNT}")
_FLAT_LIST = re.compile(r"\[([0-9.,\s]*+)\]")
_AMOUNTS = re.compile(
    r"\s*[0-9]{1,3}(?:,[0-9]{3})*+(?:\.[0-9]+)?(?:,\s+[0-9]{1,3}(?:,[0-9]{3})*+(?:\.[0-9]+)?)*\s*"
)


def holds_amounts(text: str, start: int) -> bool:
    """Whether the list at `start` is one of numbers such as `1,000`, and not JSON as it is."""
    flat = _FLAT_LIST.match(text, start)
    return flat is not None and ",0" in flat[1] and _AMOUNTS.fullmatch(flat[1]) is not None


def _amount_end(text: str, start: int, *, expected: bool) -> int:
    """Return where a list's item such as `1,000` ends, or `start` if there is none.

    `1,000` can't be two JSON numbers, and `$1,234` none; `1,234` is only one if that is `expected`.
    """
    amount = _AMOUNT_IN_LIST.match(text, start)
    if amount and (expected or amount["currency"] or ",0" in amount["groups"]):
        return amount.end()
    return start


def scalar_end(
    text: str, start: int, *, in_object: bool, amounts: bool, is_open: Callable[[str], bool]
) -> int:
    """Return where the unquoted scalar at `start` ends.

    As a member's value (`in_object`) it may have commas inside, as an item only within a number
    (see `holds_amounts`). `is_open` tells whether a closing bracket closes anything.
    """
    if text[start] in ":\\":
        return start
    pos = end_of(ACCOUNTING_NUMBER, text, start)
    if not in_object and pos == start:
        pos = _amount_end(text, start, expected=amounts)
    opened: list[str] = []
    while (pos := end_of(_PLAIN, text, pos)) < len(text):
        char = text[pos]
        if char in CLOSING_BRACKET:
            opened.append(CLOSING_BRACKET[char])
        elif opened and char == opened[-1]:
            opened.pop()
        elif _ends_scalar(text, start, pos, in_object=in_object, is_open=is_open):
            return pos
        pos += 1
    return pos


_AT_END = re.compile(r'"\s*+[,}]')


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether the text is a JSON number or a literal."""
    raw = text[start:end].rstrip() if end - start <= MAX_PLAIN_SCALAR else ""
    return raw in LITERALS or NUMBER.fullmatch(raw) is not None


def _ends_scalar(
    text: str, start: int, pos: int, *, in_object: bool, is_open: Callable[[str], bool]
) -> bool:
    match text[pos]:
        case "\n":
            return True
        case "}" | "]" | ")" as bracket:
            return is_open(bracket) or _is_plain(text, start, pos)
        case ",":
            return not in_object or _comma_ends(text, start, pos)
        case ";" | "|" | "\uff0c":
            return in_object and ends_member(text, pos)
        case "/" | "#":
            return _starts_comment(text, start, pos)
        case '"' if in_object and _AT_END.match(text, pos):
            return False  # its opening one is missing
        case '"' | "'" if in_object:  # the comma before the next member is missing
            return _NEXT_KEY.match(text, pos) is not None
        case '"' | "'":
            return pos > start and text[pos - 1].isspace()
        case _:
            return False


def _comma_ends(text: str, start: int, comma: int) -> bool:
    if _is_plain(text, start, comma) and not _GROUP.match(text, comma):
        return True
    return _NEXT_MEMBER.match(text, comma) is not None


def ends_member(text: str, pos: int) -> bool:
    """Whether a semicolon, a bar or a Chinese comma at `pos` stands for a comma: a key follows."""
    return _FOREIGN_COMMA.match(text, pos) is not None


def _starts_comment(text: str, start: int, pos: int) -> bool:
    spaced = pos > start and text[pos - 1].isspace()
    return text.startswith("/*", pos) or (spaced and text.startswith(("//", "# "), pos))
