"""Which clauses an amendment deletes, and of which it only says that they are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.documents.document import Clause, Document
from extractor.sets.model import Member, cite
from extractor.sets.wording import STRUCK, sentence_at
from extractor.types import Evidence, Span

_NUMBER = r"\d+(?:\.\d+)*(?:\s?\([a-z0-9]{1,4}\))*"
_CLAUSES = (
    r"(?:section|clause|article|paragraph)s?\s+"
    rf"(?P<numbers>{_NUMBER}(?:\s*(?:,\s*and|,|and|&)\s*{_NUMBER})*)"
)
_PASSIVE = re.compile(
    rf"\b{_CLAUSES}(?:[^.;]|\bNo\.){{0,80}}?\b(?:is|are|shall be)\s+(?:hereby\s+)?"
    r"(?P<verb>deleted|removed|amended|replaced|restated|substituted|changed)\b",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\b(?P<verb>delet|remov|amend|replac|restat|substitut)(?:e|es|ing)?\s+(?:the\s+whole\s+of\s+)?"
    rf"{_CLAUSES}",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"\b(?:sentence|paragraph|part|portion|proviso|item|line|words?|phrase|reference)s?\b"
    r"[^.;]{0,60}\b(?:of|in|from)\s+(?:the\s+)?(?:section|clause|article|paragraph)s?\s+$",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(r"\b(?:replac|substitut|restat|insert|read)", re.IGNORECASE)
_ADDS = re.compile(
    r"\bby\s+(?:adding|inserting)\b|\bamended\s+to\s+(?:add|include)\b", re.IGNORECASE
)
_STRUCK = re.compile(
    r"[\"\u201c](?P<struck>[^\"\u201d]{1,300})[\"\u201d]\s+(?:is|are|shall be)\s+(?:hereby\s+)?"
    r"(?:deleted|removed|replaced|substituted)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\b(?:replac|delet|strik|substitut|remov|restat)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that an amendment deletes or changes.

    `is_deletion` is said only of a whole clause without another in its place. `struck` are the
    words that alone are taken out of it, if the amendment quotes them. `place` is the part of the
    amendment that says so, new words for the clause included.
    """

    number: str
    is_deletion: bool
    struck: tuple[str, ...]
    place: Span
    citation: Evidence


def changes(member: Member) -> Iterator[Change]:
    """Yield the clauses that an amendment deletes or changes; one for each number it names."""
    text = member.document.text
    for pattern in (_PASSIVE, _ACTIVE):
        for match in pattern.finditer(text):
            span = sentence_at(text, match.start())
            said = text[span.start : span.end]
            if _ADDS.search(said) and not _TAKES.search(said):
                continue
            place = _around(member.document, match.start()) or span
            struck = tuple(m["struck"] for how in (STRUCK, _STRUCK) for m in how.finditer(said))
            is_part = bool(struck) or _PARTLY.search(text[span.start : match.start("numbers")])
            is_deletion = (
                not is_part
                and match["verb"].lower().startswith(("delet", "remov"))
                and not _IN_PLACE.search(text, match.end(), place.end)
            )
            for number in re.findall(_NUMBER, match["numbers"]):
                citation = cite(member.document, member.name, span)
                yield Change(number, is_deletion, struck, place, citation)


def concerns(change: Change, document: Document, at: Span, made: Sequence[Change] = ()) -> bool:
    """Whether a change of a clause is one of the words at a place.

    Args:
        change: the change.
        document: the earlier document that has the words.
        at: their place.
        made: the changes that this document itself makes: a part of it that changes one clause
            stands for that clause.
    """
    spans = clause_spans(document, change.number)
    of_place = {own.place: {o.number for o in made if o.place == own.place} for own in made}
    spans += [place for place, numbers in of_place.items() if numbers == {change.number}]
    inside = any(span.start <= at.start and at.end <= span.end for span in spans)
    quoted = document.text[at.start : at.end].casefold()
    return inside and (
        not change.struck
        or any(words.casefold() in quoted or quoted in words.casefold() for words in change.struck)
    )


def clause_spans(document: Document, number: str) -> list[Span]:
    """Return where the clauses of a number stand; "7(b)" is the "(b)" inside of "7"."""
    first, *below = re.findall(r"\d+(?:\.\d+)*(?=\s*(?:\(|$))|\([a-z0-9]+\)", number)
    spans = [each.span for each in document.clauses if _bare(each) == first]
    for label in below:
        joined = [each.span for each in document.clauses if each.number == label]
        spans = [s for s in joined if any(o.start < s.start and s.end <= o.end for o in spans)]
    return spans


def _around(document: Document, at: int) -> Span | None:
    """Return the smallest clause around an offset."""
    spans = (each.span for each in document.clauses if each.span.start <= at < each.span.end)
    return min(spans, key=lambda span: span.end - span.start, default=None)


def _bare(clause: Clause) -> str:
    return "" if "(" in clause.number else re.sub(r"[^\d.]", "", clause.number).strip(".")
