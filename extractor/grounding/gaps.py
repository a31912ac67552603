"""What an ellipsis may stand for: no negation, and not the end of what it goes on with.

"The fee is ... $500" of "The fee is due at once. The deposit is $500." has the words of the
contract and says what it does not. So a part that begins within a sentence has to be of the
sentence that the part before it leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.grounding.guards import critical_words, negations_at_ends
from extractor.normalizers.legal_forms import LEGAL_FORMS
from extractor.types import Span

_HIDDEN = 40
"""Characters of a gap so short that a "not" anywhere in it counts."""
_BARE = 3
"""Words of a part below which it says nothing on its own."""
_REACH = 40
"""Characters before a gap that may hold the end of a sentence, or lead in a list."""
_END = re.compile(
    r"[.!?][\"'\u2019\u201d)\]]*\s+"
    r"(?=[\"'\u2018\u201c(\[]*(?P<next>[A-Z]\w*(?:\s+[a-z])?)|\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-Z])"
    r"|;\s+(?:(?:and|or|but)\s+)?(?=(?i:provided|the|this|such|each|either|neither|any|no)\b|[A-Z])"
    r"|\n\s*(?=\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-Z])"
    r"|\|[ \t]*\n[ \t]*(?=\|)"
)
"""The end of a sentence, of a clause with a subject of its own behind it, of a table's row."""
_NO_STOP = re.compile(
    r"(?:\b(?:[Nn]os?|Secs?|Arts?|Mr|Mrs|Ms|Dr|St|vs?|cf|[A-Za-z])|(?:\A|\n)\s*[\d.]{1,8})\Z"
)
"""How a text ends before the full stop of an abbreviation, or of a clause's number."""
_LAST_WORD = re.compile(r"([^\W\d_]+)\Z")
_LEADS_IN = re.compile(r":\s*(?:\n|\Z|\(?\w{1,4}[.)]\s)|\((?:a|i|1)\)\s")
_CLOSING = " \t\r\n.;!?)\"'\u201d\u2019"
_RULE = "---"
"""A line of a table, below its head: the rows there are what the head speaks of."""
_OPENS = re.compile(
    r"\W*(?:\(?[a-z\d]{1,4}[.)]\s|\d[\d.]*\s)?\W*(?:(?:the|an?|and|but|or|that)\s+)*",
    re.IGNORECASE,
)
"""What may stand between the beginning of a sentence and of a part: a label, an article."""


def gap_note(text: str, gap: Span, following: str) -> str | None:
    """Say what an ellipsis may not stand for, where it does.

    Args:
        text: where the quote was found.
        gap: what the ellipsis stands for.
        following: the part of the quote behind it.
    """
    left_out = text[gap.start : gap.end]
    hidden = (
        critical_words(left_out, {"negation"})
        if len(left_out) <= _HIDDEN
        else negations_at_ends(left_out)
    )
    if hidden:
        return f"negation: the ellipsis stands for {' '.join(hidden)!r}"
    if _RULE in left_out:
        return None
    start = max(0, gap.start - _REACH)
    around = text[start : gap.end + _REACH]
    ends = [Span(start + end.start, start + end.end) for end in _ends(around)]
    ends = [end for end in ends if gap.start < end.end <= gap.end]
    if _is_bare(following) and len(ends) > 1:
        return "words: the ellipsis joins a word or two to another sentence"
    if ends and _joins_sentences(text, gap, ends):
        return "words: the ellipsis joins the parts of two sentences"
    return None


def _joins_sentences(text: str, gap: Span, ends: Sequence[Span]) -> bool:
    """Whether a gap begins within one sentence and ends within another one.

    A list goes on over the ends of its items.
    """
    first, last = ends[0], ends[-1]
    if _OPENS.fullmatch(text, last.end, gap.end):
        return False
    is_left_open = bool(text[gap.start : first.start].strip(_CLOSING))
    leads_in = _LEADS_IN.search(text, max(0, gap.start - _REACH), first.end)
    return is_left_open and not leads_in


def _ends(text: str) -> Iterator[Span]:
    """Yield the ends of sentences, but for the full stops of initials and "Inc."."""
    for match in _END.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        if text[match.start()] != "." or not _NO_STOP.search(before):
            word = _LAST_WORD.search(before)
            is_form = word is not None and word.group().casefold() in LEGAL_FORMS
            if not is_form or text[match.start()] != "." or " " in (match["next"] or ""):
                yield Span(*match.span())


def _is_bare(part: str) -> bool:
    return len(re.findall(r"\w+", part)) < _BARE
