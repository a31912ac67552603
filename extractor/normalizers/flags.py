"""Yes, no, and the many ways of writing nothing."""

from __future__ import annotations

import re
from typing import Literal

_BOOLS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_ABSENT = frozenset(
    {"", "-", "--", "---", "null", "none", "n/a", "n.a.", "na", "not applicable", "not present"}
    | {"not included", "not found", "none found", "absent", "undefined", '""', "''"}
    | {"no value", "empty string", "not in document", "not in the document"}
)
_UNSPECIFIED = frozenset(
    {"tbd", "tbc", "to be determined", "to be confirmed", "to be agreed", "undetermined", "unknown"}
    | {"unspecified", "not specified", "none specified", "not stated", "none stated", "?"}
    | {"not mentioned", "not provided", "none provided", "not available", "not disclosed", "blank"}
    | {"not given", "not defined", "left blank", "no information", "no information provided"}
    | {"not addressed", "silent", "empty", "tba", "to be advised", "to be announced", "insert"}
    | {"redacted", "[redacted]", "***", "cannot be determined", "cannot determine", "not known"}
    | {"information not available", "information not provided", "not determinable"}
)
_DOCUMENT = r"(?:document|contract|agreement|text)"
_HERE = re.compile(rf" (?:in|by) (?:the|this) {_DOCUMENT}\Z")
_SAYS_NOTHING = re.compile(
    rf"(?:the|this) {_DOCUMENT} (?:does not (?:specify|state|mention)(?: [\w ]{{1,60}})?"
    r"|does not (?:say|provide)(?: (?:it|this))?|is silent)"
    r"|no [\w ]{1,60} (?:specified|stated|mentioned)"
)
_ADVERB = re.compile(r"\b(?:clearly|explicitly|expressly|specifically) ")
_TWO_WORDS = re.compile(r"([^()]+) \(([^()]+)\)")
_BLANK = re.compile(r"[.\s]*+_[_.\s]*+|[●•\s]++")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")


def read_bool(text: str) -> bool | None:
    """Read a plain yes or no; None for a sentence, whose sense is not for a pattern to settle.

    >>> read_bool("Yes."), read_bool("FALSE"), read_bool("The answer is true or false")
    (True, False, None)
    """
    return _BOOLS.get(text.strip().rstrip(".!").lower())


def null_alias(text: str) -> Literal["absent", "unspecified"] | None:
    """Tell whether a text only says that there is no value; None if it is a value.

    `absent`: there is none ("N/A", "null", "-"). `unspecified`: the contract leaves it open or does
    not say ("TBD", "not specified", "____"). "nil" is neither: of an amount it means zero.

    >>> null_alias("N/A"), null_alias("[TBD]"), null_alias("Delaware")
    ('absent', 'unspecified', None)
    """
    plain = text.translate(_DASHES).strip()
    if len(plain) > 2 and plain[0] + plain[-1] in ("[]", "()", "<>", '""', "''"):
        plain = plain[1:-1].removesuffix("/")
    plain = " ".join(plain.lower().replace(" / ", "/").split())
    if said_twice := _TWO_WORDS.fullmatch(plain.rstrip(".")):
        first, second = map(null_alias, said_twice.groups())
        return first if second else None
    plain = re.sub(r"(?<=[a-z])_(?=[a-z])", " ", plain)
    words = _ADVERB.sub("", _HERE.sub("", plain.rstrip(".")))
    if not _ABSENT.isdisjoint((plain, plain.rstrip("."), words)):
        return "absent"
    if words in _UNSPECIFIED or _SAYS_NOTHING.fullmatch(words) or _BLANK.fullmatch(plain):
        return "unspecified"
    return None
