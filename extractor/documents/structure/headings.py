"""Headings: the words behind a clause's number, and lines that head a clause without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from extractor.documents.structure.numbering import Label

_TITLE_WORDS = 14
_BODY = 60  # characters before a heading in capitals that is not the contract's own title
_PARAGRAPH = 60  # characters of the line behind a heading, at least
_FEWEST = 3  # headings in title case that make a style

_OPENINGS = frozenset({"RECITALS", "BACKGROUND", "WITNESSETH", "W I T N E S S E T H", "PREAMBLE"})
"""Headings in capitals that stand before the first number."""

_CAPITALS = re.compile(r"^[ \t]*(?P<title>[A-Z][A-Z &,/'\u2019\-]{3,69}):?[ \t]*$", re.MULTILINE)
_TITLE_CASE = re.compile(r"^[ \t]*(?P<title>[A-Z][A-Za-z &,/'\u2019\-]{3,59})[ \t]*$", re.MULTILINE)
_RUN_IN = re.compile(r"(?P<title>[^.:\n]{2,110})(?:[.:](?=\s|$)|[ \t]+[-\u2013\u2014][ \t])")
_TITLED_BELOW = frozenset({"article", "section", "exhibit", "decimal"})
_AROUND = " \t.:)|-\u2013\u2014"  # between a number and its title
_GAP = 200  # characters of white space to a title below its number
_NUMBERED = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|\([a-z\d]{1,3}\))\s")
_GOES_ON = re.compile(r"\n[ \t]*[a-z]+[ ,]")
_LISTED = re.compile(r"\.{4}|\s\d+\.\d+\s")
_SENTENCE = re.compile(r"\b(?:means?|shall|will|may|must|has|have|is|are|agrees?)\b|\A[\"\u201c]")
_STOP = re.compile(r"[a-z]\.\s+\S")
_OPEN_END = re.compile("a|an|and|as|at|by|for|from|of|or|the|to|upon|with|its|under|than")
_SMALL = re.compile(
    "a|an|and|as|at|by|for|from|in|into|of|on|or|per|the|to|"
    "upon|via|with|within|not|no|non|its|under|between|during|after|before|other|than|etc"
)


def title_of(text: str, label: Label) -> str:
    """Return the heading after a number, "" where a sentence begins there.

    It is a line of its own, or runs in: then it ends at a stop, a colon or a dash. Its words are
    capitalised but for the small ones.
    """
    if label.kind in {"heading", "agreement"}:
        return label.number
    end = _end_of_line(text, label.rest)
    words = text[label.rest : end].lstrip(_AROUND)
    if label.kind in _TITLED_BELOW and not words:
        start = end + len(text[end : end + _GAP]) - len(text[end : end + _GAP].lstrip())
        end = _end_of_line(text, start)
        words = "" if _NUMBERED.match(text, start, end) else text[start:end]
    found = _RUN_IN.match(words)
    if found and _is_title(found["title"], whole=False):
        return " ".join(found["title"].split())
    goes_on = not words.isupper() and _GOES_ON.match(text, end)
    return (
        "" if goes_on or not _is_title(words, whole=True) else " ".join(words.strip(" .:").split())
    )


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _is_title(words: str, *, whole: bool) -> bool:
    """Whether words are a heading: few, and capitalised but for the small ones."""
    found = re.findall(r"[^\W\d_][\w'\u2019]*", words)
    if not 0 < len(found) <= _TITLE_WORDS or words.rstrip()[-1:] in ",;":
        return False
    if not found[0][0].isupper() or _SENTENCE.search(words) or _LISTED.search(words):
        return False
    if whole and (_STOP.search(words) or _OPEN_END.fullmatch(words.rsplit(maxsplit=1)[-1])):
        return False
    if whole and words.rstrip().endswith(".") and len(found) > 8:
        return False
    plain = [word for word in found if not _SMALL.fullmatch(word.lower())]
    capitals = sum(word[0].isupper() for word in plain)
    return capitals >= 0.7 * len(plain) if len(plain) > 2 or whole else bool(plain)


def openings(text: str, start: int, stop: int) -> list[Label]:
    """Return the headings before a first number, such as "RECITALS"."""
    found = [each for each in _in_capitals(text, start, stop) if each.number in _OPENINGS]
    return _once(found)


def headings(text: str, start: int, stop: int) -> list[Label]:
    """Return the headings of a part that has no numbers: in capitals, else in title case."""
    found = [
        label
        for label in _in_capitals(text, start, stop)
        if label.number in _OPENINGS or _stands_alone(text, label, start)
    ]
    found = _once(found)
    if len(found) > 1 or any(label.number in _OPENINGS for label in found):
        return found
    found = _once(list(_in_title_case(text, start, stop)))
    return found if len(found) >= _FEWEST else []


def _in_capitals(text: str, start: int, stop: int) -> Iterator[Label]:
    for match in _CAPITALS.finditer(text, start, stop):
        yield _heading(match)


def _in_title_case(text: str, start: int, stop: int) -> Iterator[Label]:
    """Yield short lines between a finished paragraph and another one that begins a sentence."""
    for match in _TITLE_CASE.finditer(text, start, stop):
        before = text[max(start, match.start() - 80) : match.start()].rstrip()
        after = text[match.end() : match.end() + 200].lstrip().partition("\n")[0]
        if (
            before[-1:] in {".", ";", ":"}
            and len(after) >= _PARAGRAPH
            and after[0].isupper()
            and _is_title(match["title"], whole=True)
        ):
            yield _heading(match)


def _heading(match: re.Match[str]) -> Label:
    at = match.start("title")
    return Label("heading", at, " ".join(match["title"].split()), (), at, "heading")


def _once(found: list[Label]) -> list[Label]:
    """Leave out what is said more than once, as a running head is."""
    times = Counter(label.number for label in found)
    return [label for label in found if times[label.number] == 1]


def _stands_alone(text: str, heading: Label, start: int) -> bool:
    """Whether a line in capitals is a heading: not the title, not part of a block of them."""
    end = text.find("\n", heading.start)
    before = text[max(start, heading.start - 400) : heading.start].strip()
    after = text[end : end + 200].strip().partition("\n")[0] if end >= 0 else ""
    previous = before.rpartition("\n")[2]
    return (
        len(before) > _BODY and not previous.isupper() and not after.isupper() and len(after) > 40
    )
