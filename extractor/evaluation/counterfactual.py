"""A data set's contracts with other parties, years and states, which no model has read before.

The benchmarks' contracts are public, and models have seen them, perhaps with their labels. In a
copy the parties have other names, all years are shifted by the same number, and the governing law
is another state's. A model that answers from memory is wrong there; one that reads is not.

Only what can be changed everywhere is: a label whose words are not found is no longer scored.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from extractor.evaluation.datasets import GoldDocument, GoldSpan, GoldStatus
from extractor.normalizers import dates_in, read_jurisdiction
from extractor.normalizers.adjectives import ADJECTIVES

_FIRST = (
    *("Alder", "Brackwater", "Corvane", "Dunmere", "Eastlock", "Farrowgate", "Greyholm"),
    *("Hollin", "Ironvale", "Kestrel", "Larkspur", "Merrow", "Norwick", "Ottergate", "Pellworth"),
    *("Quarrow", "Ravensby", "Saltmarsh", "Thornbury", "Umberleigh", "Vantor", "Wexcombe"),
)
_SECOND = (
    *("Biologics", "Freight", "Holdings", "Instruments", "Laboratories", "Logistics", "Mining"),
    *("Optics", "Partners", "Publishing", "Resources", "Software", "Steel", "Textiles", "Trading"),
)
_NAMES = tuple(f"{first} {second}" for first in _FIRST for second in _SECOND)
_FORM = re.compile(
    r",? +(inc|incorporated|corp|corporation|company|co|llc|l\.l\.c|ltd|limited|lp|l\.p|llp|plc"
    r"|gmbh|ag|sa|s\.a|nv|n\.v|bv|b\.v|n\.a)\.?$",
    re.IGNORECASE,
)
_STATES = ("Nevada", "Oregon", "Vermont", "Kansas", "Ohio", "Montana", "Colorado", "Minnesota")

# No amount, no length of time (P2000D), and no decimal unless it is a date such as 01.02.2019.
_YEAR = re.compile(
    r"(?<![\dP$€£])(?<![$€£] )(?:(?<!\d\.)|(?<=\.\d\.)|(?<=\.\d\d\.))"
    r"(19[5-9]\d|20[0-7]\d)(?!\d|[.,]\d)"
)
_SHORT_YEAR = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/(\d\d)(?![\d/])")
_SHORTEST = 3
"""Characters of a name that can be told from other words."""

_SHIFTS = (4, 8, 12, -4, -8)
"""Years: of multiples of four no 29 February is lost."""


def counterfactual(document: GoldDocument, *, seed: int = 0) -> GoldDocument | None:
    """Return a copy with other names, years and states; None of a document that has no text.

    The labels say what the copy says, and the places of the marked words are the copy's. The same
    seed gives the same copy.
    """
    if document.text is None:
        return None
    chance = random.Random(f"{seed}:{document.doc_id}")  # noqa: S311 - nothing depends on secrecy
    changes = _Changes.of(document, document.text, chance)
    edits, changed = changes.edits(document.text)
    text = _edited(document.text, edits)
    statuses: dict[str, GoldStatus] = {
        name: status
        if status not in ("value", "partial")
        or (
            changes.reaches(document.gold.get(name), changed)
            and not _is_left(document.gold.get(name), text)
        )
        else "unresolved"
        for name, status in document.gold_status.items()
    }
    evidence = {
        name: [_moved(span, text, edits, changes) for span in spans]
        for name, spans in document.evidence.items()
    }
    return document.model_copy(
        update={
            "text": text,
            "file": None,
            "gold": {name: changes.label(value) for name, value in document.gold.items()},
            "gold_status": statuses,
            "evidence": evidence,
        }
    )


@dataclass(frozen=True, slots=True)
class _Edit:
    """What is written in place of what; `of` is the name, state or year that stood there."""

    start: int
    end: int
    new: str
    of: str


@dataclass(frozen=True, slots=True)
class _Changes:
    """What becomes of a document: names and states by what they were, and the shift of years."""

    names: Mapping[str, str]
    states: Mapping[str, str]
    years: int

    @classmethod
    def of(cls, document: GoldDocument, text: str, chance: random.Random) -> _Changes:
        names: dict[str, str] = {}
        parties = [
            known for each in _listed(document.gold.get("parties")) if (known := _spellings(each))
        ]
        free = [name for name in _NAMES if name not in text]
        for known, new in zip(parties, chance.sample(free, len(free)), strict=False):
            for name in known:
                if len(_key(name)) < _SHORTEST:  # "A (the seller)": it would be every "a"
                    continue
                form = _FORM.search(name)
                names[_key(name)] = new + (form[0] if form else "")
        named = map(_spellings, _listed(document.gold.get("governing_law")))
        laws = list(dict.fromkeys(_key(known[0]) for known in named if known))
        codes = {_code(law) for law in laws}
        other = [state for state in _STATES if _code(state) not in codes]
        unsaid = [state for state in other if not _words(state).search(text)]
        pool = unsaid if len(unsaid) >= len(laws) else other
        states = dict(zip(laws, chance.sample(pool, len(pool)), strict=False))
        return cls(names, states, chance.choice(_SHIFTS))

    def edits(self, text: str) -> tuple[list[_Edit], set[str]]:
        """Return what is written in place of what, from the beginning on, none over another.

        Also return which names, states and years are there, and leave no part behind.
        """
        kept: list[_Edit] = []
        torn: set[str] = set()
        for edit in sorted(self._found(text), key=lambda edit: (edit.start, -edit.end)):
            if not kept or edit.start >= kept[-1].end:
                kept.append(edit)
            elif edit.end > kept[-1].end:
                torn.add(edit.of)
        return kept, {edit.of for edit in kept} - torn

    def _found(self, text: str) -> Iterator[_Edit]:
        for name, new in self.names.items():
            for match in _words(name).finditer(text):
                yield _Edit(*match.span(), new, name)
        for name, new in self.states.items():
            for match in _words(name).finditer(text):
                yield _Edit(*match.span(), new.upper() if match[0].isupper() else new, name)
        for match in _YEAR.finditer(text):
            yield _Edit(*match.span(), str(int(match[0]) + self.years), match[0])
        for match in _SHORT_YEAR.finditer(text):
            year = int(match[1]) + (2000 if int(match[1]) < 50 else 1900)
            yield _Edit(*match.span(1), f"{(year + self.years) % 100:02}", str(year))

    def label(self, value: Any) -> Any:
        """Return a label as the copy has it."""
        if isinstance(value, list):
            return [self.label(each) for each in cast("Sequence[Any]", value)]
        if isinstance(value, Mapping):
            parts = cast("Mapping[str, Any]", value)
            changed = {key: self.label(part) for key, part in parts.items()}
            if "code" in parts:
                is_same = changed.get("name") == parts.get("name")
                changed["code"] = parts["code"] if is_same else _code(str(changed["name"]))
            return changed
        return value if _number(value) is not None else self.written(value)

    def written(self, value: Any) -> Any:
        """Return a text as the copy has it; what is no text stays."""
        return _edited(value, self.edits(value)[0]) if isinstance(value, str) else value

    def reaches(self, value: Any, changed: set[str]) -> bool:
        """Say whether all that is changed in a label was changed in the document too.

        Of a party's names one is enough. A number that could be one of the years is left alone in
        labels and not in the document, so it must not be there.
        """
        if isinstance(value, list):
            return all(self.reaches(each, changed) for each in cast("Sequence[Any]", value))
        if known := {_key(name) for name in _spellings(value)} & self.names.keys():
            return not known.isdisjoint(changed)
        if isinstance(value, Mapping):
            parts = cast("Mapping[str, Any]", value)
            return all(self.reaches(part, changed) for part in parts.values())
        if (number := _number(value)) is not None:
            return all(number != int(year) for year in changed if year.isdecimal())
        return not isinstance(value, str) or {edit.of for edit in self.edits(value)[0]} <= changed


def _is_left(value: Any, copy: str) -> bool:
    """Whether a copy still says what a label was, in words that are not written anew.

    A date whose year is in words or has two digits, a law by its adjective or its initials.
    """
    if isinstance(value, list):
        return any(_is_left(each, copy) for each in cast("Sequence[Any]", value))
    if isinstance(value, Mapping) and "code" in value:
        told = cast("Mapping[str, Any]", value)
        law = str(told.get("name") or "")
        named = set(law.lower().split())
        other = [word for word, place in ADJECTIVES.items() if named & {*place.split()}]
        initials = [rf"{word[0]}\." for word in law.split()]
        short = rf"(?<!\w){' ?'.join(initials)}" if len(initials) > 1 else r"(?!)"
        letters = str(told["code"]).rpartition("-")[2]
        short += rf"|\b{re.escape(letters)}\s+(?:[Ss]tate\s+)?[Ll]aws?\b"
        return any(_words(word).search(copy) for word in other) or bool(re.search(short, copy))
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return day is not None and any(day in reading.candidates for reading in dates_in(copy))


def _spellings(value: Any) -> list[str]:
    """Return how a party or law is named: as it is labelled, and as the contract writes it."""
    named: Sequence[Any] = [value]
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, Any]", value)
        named = [parts.get("name"), parts.get("in_text")]
    return [each for each in named if isinstance(each, str) and re.search(r"\w", each)]


def _key(name: str) -> str:
    return " ".join(name.lower().split())


def _code(name: str) -> str | None:
    reading = read_jurisdiction(name)
    return reading.code if reading is not None else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _listed(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list) else [value]


def _words(name: str) -> re.Pattern[str]:
    """Find a name however it is broken over lines, in capitals or not, with its commas or not."""
    parts = r",?\s+".join(re.escape(part.rstrip(",")) for part in name.split())
    return re.compile(rf"(?<!\w){parts}(?!\w)", re.IGNORECASE)


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


def _moved(span: GoldSpan, text: str, edits: Sequence[_Edit], changes: _Changes) -> GoldSpan:
    if span.start is None or span.end is None:
        return span.model_copy(update={"text": changes.written(span.text)})
    start, end = _place(span.start, edits, is_end=False), _place(span.end, edits, is_end=True)
    return GoldSpan(text=text[start:end], start=start, end=end)


def _place(place: int, edits: Sequence[_Edit], *, is_end: bool) -> int:
    """Return where a place is in the copy; of one within a name, where that begins or ends."""
    moved = 0
    for edit in edits:
        if edit.start >= place:
            break
        longer = len(edit.new) - (edit.end - edit.start)
        if place < edit.end:
            return edit.end + moved + longer if is_end else edit.start + moved
        moved += longer
    return place + moved
