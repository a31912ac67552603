"""What the documents themselves say of which words hold: precedence and mere mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.sets.model import Member, Role, cite
from extractor.types import Evidence, Span

_END = re.compile(
    r"(?<!\bNo)(?<!\bInc)(?<!\bLtd)(?<!\bCorp)(?<!\bCo)(?<!\bSec)(?<!\bArt)"
    r"[.;]\s+(?=[A-Z(\"\u201c\d])|\n[ \t\r]*\n"
)
_CONFLICT = re.compile(
    r"\b(?:conflicts?|inconsisten(?:t|cy|cies)|discrepanc(?:y|ies))\b", re.IGNORECASE
)
_PREVAILS = re.compile(
    r"\b(?P<winner>order forms?|statements? of work|agreement)\b(?:[^.;,]{0,40})\b"
    r"(?:shall|will)?\s*(?:prevails?|controls?|governs?|take(?:s)? precedence)\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:unless|except|only|solely|with respect to|as to|insofar|other than|not)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"\bthis\s+(?:\w+\s+)?(?:amendment|addendum|variation)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:amend(?:s|ed)\b|replac|delet|substitut|insert|extend|increas|reduc|chang|shall read"
    r"|instead|in place)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:agreement|lease|contract)\b[^.;]{0,60}\bdated\b", re.IGNORECASE)
STRUCK = re.compile(
    r"(?:delet|strik|replac)(?:e|es|ed|ing)\s+(?:the\s+)?(?:words?|phrase|reference to|figure)\s+"
    r"[\"\u201c](?P<struck>[^\"\u201d]{1,300})[\"\u201d]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Precedence:
    """Which kind of document prevails where they conflict.

    `is_limited` marks words that make it depend on something: code can't judge what.
    """

    winner: Role
    is_limited: bool
    citation: Evidence


def precedences(member: Member) -> Iterator[Precedence]:
    """Yield what a document says of who prevails in case of conflict."""
    text = member.document.text
    seen: set[Span] = set()
    for match in _CONFLICT.finditer(text):
        span = sentence_at(text, match.start())
        said = text[span.start : span.end]
        found = _PREVAILS.search(said, match.end() - span.start) or _PREVAILS.search(said)
        if found is None or span in seen:
            continue
        seen.add(span)
        winner: Role = "base" if found["winner"].lower() == "agreement" else "order_form"
        is_limited = _LIMITED.search(said) is not None
        yield Precedence(winner, is_limited, cite(member.document, member.name, span))


def mention(member: Member, evidence: Evidence) -> str | None:
    """Say why a passage of an amendment changes nothing; None if it may well do.

    Its title, parties and recitals describe, as do words about itself ("this Amendment takes
    effect on ...") and about the agreement that it amends ("the Agreement dated ..., governed by
    ..."); and what it strikes out is what held before.
    """
    if member.role != "amendment" or evidence.span is None:
        return None
    text, at = member.document.text, evidence.span
    if at.start < member.opening:
        return "its title, parties and recitals only describe"
    if any(m.start("struck") <= at.start < m.end("struck") for m in STRUCK.finditer(text)):
        return "these are the words that it strikes out"
    span = sentence_at(text, at.start)
    said = text[span.start : span.end]
    if _CHANGES.search(said):
        return None
    if _ITSELF.search(said) and not re.search(
        r"\bthe\s+(?:agreement|lease)\b", said, re.IGNORECASE
    ):
        return "it says so of itself"
    return "it only describes the agreement" if _OTHER.search(said) else None


def sentence_at(text: str, at: int) -> Span:
    """Return the sentence around an offset: up to a stop with a capital behind it, or a gap."""
    floor = start = max(0, at - 2000)
    for match in _END.finditer(text, floor, at + 1):
        if match.end() <= at:
            start = match.end()
    after = _END.search(text, at)
    end = after.start() + (text[after.start()] in ".;") if after else len(text)
    return Span(start, max(end, at))
