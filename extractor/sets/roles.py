"""What a document of a set is, read from its title and opening."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extractor.documents.document import Document
from extractor.normalizers import DateReading, dates_in
from extractor.sets.model import Member, Role, Stated, cite
from extractor.types import Span

_TITLE = 300  # characters in which the title stands
_OPENING = 5000  # characters in which the first clause begins, at the latest
_STAMP = re.compile(
    r"\A(?:EX-|Exhibit )\d+\.\d+\Z|\A(?:execution|conformed) (?:version|copy)\Z|\Aconfidential\Z"
    r"|\Apage \d+.*\Z|\A[\d\W]*\Z",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^[ \t#]*(?:(?:section|clause|article)[ ])?(?:1|I)[.)]?(?:\.0)?[ \t]+\S"
    r"|\b(?:NOW,?[ ]THEREFORE|(?:hereby[ ])?agree(?:d)?[ ]as[ ]follows)\b",
    re.MULTILINE | re.IGNORECASE,
)
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth"
_COUNTED = {word: number for number, word in enumerate(_FIRST.split(), 1)}
_NUMBER = re.compile(
    rf"\b(?:no\.?|number|\#)\s*(?P<figure>\d{{1,2}})\b|\b(?P<word>{'|'.join(_COUNTED)})\b",
    re.IGNORECASE,
)
_RESTATED = re.compile(r"\bamend(?:ed|ment)[ ]and[ ]restate", re.IGNORECASE)
_KINDS: Sequence[tuple[Role, re.Pattern[str]]] = (
    (
        "amendment",
        re.compile(
            r"\b(?:amendment|amending|variation|modification)\b(?![ ]and[ ]restate)"
            r"|\b(?:addendum|supplement)\b(?=[ ](?:no|number|\#|to)\b)",
            re.IGNORECASE,
        ),
    ),
    ("restatement", _RESTATED),
    ("order_form", re.compile(r"\border form|statement of work|work order\b", re.IGNORECASE)),
    (
        "exhibit",
        re.compile(
            r"\A(?:exhibit|schedule|annex|appendix|attachment)\b|\baddendum\b", re.IGNORECASE
        ),
    ),
    ("base", re.compile(r"\b(?:agreement|contract|lease|licen[cs]e|deed|terms)\b", re.IGNORECASE)),
)
_OF_AN_ORDER = re.compile(r"\bto (?:the )?(?:order form|statement of work)", re.IGNORECASE)
_DATED = re.compile(
    r"\b(?:dated|made|entered into|effective|date)\b(?:[ \t]*:)?(?:\s+"
    r"(?:and entered into|as of|as|of|on|the))*\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\b(?P<det>this|the|that|an?)\s(?:[^.;]{0,80}?\s)??)?"
    r"\b(?P<noun>agreement|amendment|lease|contract|licen[cs]e|order form|statement of work)\b",
    re.IGNORECASE,
)


def member_of(document: Document, name: str, stated: Stated) -> tuple[Member, tuple[str, ...]]:
    """Work out what a document is; what the caller has stated is believed. Warnings come along."""
    text = document.text
    title = _title(text)
    begun = _BEGINS.search(text, title.end, _OPENING)
    opening = begun.start() if begun else title.end
    head = " ".join(text[title.start : title.end].split()).lstrip("# ")
    before_to = re.split(r"\s(?:to|under|of)\s(?:the\b)?", head, maxsplit=1, flags=re.IGNORECASE)[0]
    found: Role = "unknown"
    for kind, words in _KINDS:
        if words.search(before_to) or words.search(head):
            found = kind
            break
    if found == "amendment" and _OF_AN_ORDER.search(head):
        found = "unknown"  # it changes the order form, and nothing else
    role = stated.role or found
    own, dated, remarks = _date(text, name, role, Span(title.start, max(opening, title.end)))
    number = _NUMBER.search(before_to) if role == "amendment" else None
    citations = [] if stated.role else [cite(document, name, title)]
    if dated and not stated.date:
        citations.append(cite(document, name, dated))
    member = Member(
        name,
        document,
        role,
        stated.date or own,
        _counted(number),
        tuple(citations),
        opening if role == "amendment" else 0,
    )
    return member, () if stated.date else remarks


def _title(text: str) -> Span:
    """Return the first lines that say something, up to an empty line behind them."""
    start = end = None
    at = 0
    for line in text[:_TITLE].splitlines(keepends=True):
        said = line.strip().strip("#* ")
        if said and not _STAMP.match(said):
            start = at + line.index(said[0]) if start is None else start
            end = at + len(line.rstrip())
        elif start is not None:
            break
        at += len(line)
    return Span(start or 0, end or 0)


def _counted(number: re.Match[str] | None) -> int | None:
    if number is None:
        return None
    word = number["word"]
    return _COUNTED[word.lower()] if word else int(number["figure"])


def _date(
    text: str, name: str, role: Role, head: Span
) -> tuple[date | None, Span | None, tuple[str, ...]]:
    """Find the date that a document bears, apart from those of the agreements that it mentions."""
    for anchor in _DATED.finditer(text, head.start, head.end):
        reading = _date_at(text, anchor.end())
        if reading is None or not _is_own(text, anchor.start(), role):
            continue
        end = text.find(reading.raw, anchor.end()) + len(reading.raw)
        span = Span(anchor.start(), max(end, anchor.end()))
        if reading.value is None:
            return None, span, (f"{name}: its date can be read in more than one way",)
        return reading.value, span, ()
    return None, None, ()


def _date_at(text: str, at: int) -> DateReading | None:
    window = text[at : at + 50]
    readings = dates_in(window)
    if readings and window.lstrip().startswith(readings[0].raw):
        return readings[0] if readings[0].kind != "partial" else None
    return None


def _is_own(text: str, at: int, role: Role) -> bool:
    """Whether a date is that of the document itself, by the last document named before it."""
    start = max(text.rfind("\n\n", 0, at) + 1, 0)
    named = [*_NAMED.finditer(text, start, at)]
    if not named:
        return True
    last = named[-1]
    if (last["det"] or "this").lower() != "this":
        return False
    return role != "amendment" or last["noun"].lower() == "amendment" or last["det"] is not None
