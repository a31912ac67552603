"""Words that were broken at the end of a line, told from compounds with a hyphen of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from extractor.types import Span

_BREAK = re.compile(
    r"(?<=[^\W\d_])(?:[-\u2010][ \t]*[\n\f][ \t]*|[\u00ad\ufffe][ \t]*(?:[\n\f][ \t]*)?)"
    r"(?=[^\W\d_])"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HEAD = re.compile(r"[^\W\d_]+\Z")
_TAIL = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40
_OPENS_COMPOUND = re.compile(
    "non|self|cross|quasi|ex|well|third|first|second|long|short|so|all|co|pre|post|sub|anti|multi"
    "|semi|then|year|half"
)
_LEAST_HEAD = 4
_ENDS_COMPOUND = re.compile(
    "based|facing|delivered|owned|controlled|related|specific|driven|oriented|compliant|funded"
    "|approved|licensed|branded|sized|bearing|exempt"
)


def line_end_hyphens(text: str) -> Iterator[Span]:
    """Yield what to leave out at each line-end hyphen: all of it, or only the line break.

    A hyphen goes where the word is one ("agree-", "ment"), and stays where it is a compound's own
    ("non-", "exclusive").
    """
    found = list(_BREAK.finditer(text))
    if not found:
        return
    words = Counter(word.casefold() for word in _WORD.findall(_BREAK.sub("\n", text)))
    words.subtract(half.casefold() for match in found for half in _halves(text, match))
    for match in found:
        is_soft = match.group()[0] != "-"
        joined = is_soft or _is_one_word(text, match, words)
        yield Span(match.start() + (0 if joined else 1), match.end())


def _is_one_word(text: str, match: re.Match[str], words: Mapping[str, int]) -> bool:
    """Tell a word that was broken at a line's end from a compound with a hyphen of its own."""
    head, tail = _halves(text, match)
    one, other = head.casefold(), tail.casefold()
    whole, compound = words.get(one + other, 0), words.get(f"{one}-{other}", 0)
    if whole or compound:
        return whole > compound
    if tail[:1].isupper() and not head.isupper():
        return False
    if _is_hyphen(text, match.start() - len(head) - 1) or _is_hyphen(text, match.end() + len(tail)):
        return False  # "day-by-", "day"
    ends_one = len(one) >= _LEAST_HEAD and _ENDS_COMPOUND.fullmatch(other)
    both_known = words.get(one, 0) > 0 and words.get(other, 0) > 0
    return not (_OPENS_COMPOUND.fullmatch(one) or ends_one or both_known)


def _is_hyphen(text: str, at: int) -> bool:
    return at >= 0 and text[at : at + 1] in ("-", "\u2010") and text[at + 1 : at + 2].isalpha()


def _halves(text: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the letters on both sides of a line-end hyphen."""
    head = _HEAD.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    tail = _TAIL.match(text, match.end(), match.end() + _LONGEST_WORD)
    return (head[0] if head else ""), (tail[0] if tail else "")
