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
from typing import Any, cast

from extractor.evaluation.datasets import GoldDocument, GoldSpan, GoldStatus
from extractor.normalizers import read_jurisdiction

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
_STATES = ("Nevada", "Oregon", "Vermont", "Kansas", "Ohio", "Georgia", "Colorado", "Minnesota")
_YEAR = re.compile(r"(?<![\d.,$-])(19[5-9]\d|20[0-4]\d)(?![\d,]|\.\d)")
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
    changes = _Changes.of(document, chance)
    edits = [*changes.edits(document.text)]
    text, moved = _edited(document.text, edits)
    gold, statuses = _labels(document, changes, document.text)
    evidence = {
        name: [_moved(span, text, moved) for span in spans]
        for name, spans in document.evidence.items()
    }
    return document.model_copy(
        update={
            "text": text,
            "file": None,
            "gold": gold,
            "gold_status": statuses,
            "evidence": evidence,
        }
    )


@dataclass(frozen=True, slots=True)
class _Changes:
    """What becomes of a document: names and states by what they were, and the shift of years."""

    names: Mapping[str, str]
    states: Mapping[str, str]
    years: int

    @classmethod
    def of(cls, document: GoldDocument, chance: random.Random) -> _Changes:
        names: dict[str, str] = {}
        parties = _listed(document.gold.get("parties"))
        for party, new in zip(parties, chance.sample(_NAMES, len(parties)), strict=True):
            for known in _spellings(party):
                form = _FORM.search(known)
                names[known] = new + (form[0] if form else "")
        states: dict[str, str] = {}
        for law in _listed(document.gold.get("governing_law")):
            name = str(law.get("name") if isinstance(law, Mapping) else law)
            others = [each for each in _STATES if each not in (document.text or "")]
            states[name] = chance.choice(others or [each for each in _STATES if each != name])
        return cls(names, states, chance.choice(_SHIFTS))

    def edits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield what is written in place of what, from the beginning on, none over another."""
        found = [
            (match.start(), match.end(), self.names[name])
            for name in self.names
            for match in _words(name).finditer(text)
        ]
        found += [
            (match.start(), match.end(), new.upper() if match[0].isupper() else new)
            for name, new in self.states.items()
            for match in _words(name).finditer(text)
        ]
        found += [
            (match.start(), match.end(), str(int(match[0]) + self.years))
            for match in _YEAR.finditer(text)
        ]
        end = 0
        for start, stop, new in sorted(found, key=lambda edit: (edit[0], -edit[1])):
            if start >= end:
                yield start, stop, new
                end = stop

    def changes(self, text: str, name: str) -> bool:
        """Say whether a name stands in a text, so that it was changed there."""
        return _words(name).search(text) is not None


def _labels(
    document: GoldDocument, changes: _Changes, text: str
) -> tuple[dict[str, Any], dict[str, GoldStatus]]:
    gold, statuses = dict(document.gold), dict(document.gold_status)
    for name, value in document.gold.items():
        if value is None:
            continue
        if name == "parties":
            gold[name] = [_renamed(party, changes) for party in _listed(value)]
            is_whole = all(any(changes.changes(text, n) for n in _spellings(p)) for p in value)
        elif name == "governing_law":
            gold[name] = [_law(changes.states[_law_name(law)]) for law in _listed(value)]
            is_whole = all(changes.changes(text, _law_name(law)) for law in _listed(value))
        elif name.endswith("_date") and isinstance(value, str):
            gold[name] = _YEAR.sub(lambda match: str(int(match[0]) + changes.years), value)
            is_whole = gold[name] == value or value[:4] in text
        else:
            continue
        if not is_whole and statuses.get(name) in ("value", "partial"):
            statuses[name] = "unresolved"
    return gold, statuses


def _renamed(party: Any, changes: _Changes) -> dict[str, Any]:
    known = _spellings(party)
    renamed = {"name": changes.names[known[0]]}
    if len(known) > 1:
        renamed["in_text"] = changes.names[known[1]]
    return renamed


def _law(name: str) -> dict[str, Any]:
    reading = read_jurisdiction(name)
    return {"name": name, "code": reading.code if reading is not None else None}


def _law_name(law: Any) -> str:
    return str(law.get("name") if isinstance(law, Mapping) else law)


def _spellings(party: Any) -> list[str]:
    """Return how a party is named: as it is labelled, and as the contract writes it."""
    if not isinstance(party, Mapping):
        return [str(party)]
    parts = cast("Mapping[str, Any]", party)
    return [str(parts[key]) for key in ("name", "in_text") if parts.get(key)]


def _listed(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list) else []


def _words(name: str) -> re.Pattern[str]:
    """Find a name however it is broken over lines, and written in capitals or not."""
    parts = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){parts}(?!\w)", re.IGNORECASE)


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> tuple[str, list[tuple[int, int]]]:
    """Apply edits; also return from which old place on, how far words are moved."""
    parts: list[str] = []
    moved: list[tuple[int, int]] = [(0, 0)]
    at = 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
        moved.append((end, moved[-1][1] + len(new) - (end - start)))
    return "".join([*parts, text[at:]]), moved


def _moved(span: GoldSpan, text: str, moved: Sequence[tuple[int, int]]) -> GoldSpan:
    if span.start is None or span.end is None:
        return span
    start, end = (place + _shift(place, moved) for place in (span.start, span.end))
    return GoldSpan(text=text[start:end], start=start, end=end)


def _shift(place: int, moved: Sequence[tuple[int, int]]) -> int:
    return next(by for old, by in reversed(moved) if old <= place)
