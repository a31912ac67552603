"""Human evidence against the wordings of our fields: what they refuse, and of what.

    uv run --extra local python -m benchmarks.wording DATA

DATA is a folder with `contracts.jsonl`. Evidence that lawyers marked for a governing law has to be
taken by `GoverningLaw`, and sentences that they marked for how long a contract runs by `Term`; of
those that they marked for restraints and duties after it, each that has a length of time and is
refused is one invention less. Exits with 1 if more than one in fifty of the former is refused.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor.about import Wording
from extractor.grounding.wording import off_topic
from extractor.normalizers import durations_in
from extractor.schemas.fields import GoverningLaw, Term
from extractor.types import Span

_MEANT = {"governing_law": ("governing_law",), "term": ("expiration_date",)}
_NOT_MEANT = ("non_compete", "no_solicit_of_employees", "no_solicit_of_customers")
_LENGTH = re.compile(
    r"(?<!successive )(?<!additional )\b(?:[\w-]+\s*\(\d+\)|\d+|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|twelve|eighteen|twenty)[- ]?\s*(?:years?|months?)\b",
    re.IGNORECASE,
)
_MOST_REFUSED = 0.02


class Terms(BaseModel):
    """The fields whose wordings are tried."""

    governing_law: GoverningLaw = None
    term: Term = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    with (options.data / "contracts.jsonl").open(encoding="utf-8") as lines:
        contracts = [json.loads(line) for line in lines]
    failed = False
    for field, labels in _MEANT.items():
        tried, refused = _tried(contracts, field, labels)
        for said in refused:
            print(f"  {field} refuses: {said}")
        print(f"{field}: {len(refused)} of {tried} that mean it are refused")
        failed |= not tried or len(refused) > _MOST_REFUSED * tried
    tried, refused = _tried(contracts, "term", _NOT_MEANT)
    print(f"term: {len(refused)} of {tried} lengths of time in restraints are refused")
    return 1 if failed else 0


def _tried(
    contracts: list[dict[str, Any]], field: str, labels: tuple[str, ...]
) -> tuple[int, list[str]]:
    """Count the places that are tried, and tell those that are refused."""
    wording = next(m for m in Terms.model_fields[field].metadata if isinstance(m, Wording))
    tried, refused = 0, list[str]()
    for contract in contracts:
        for label in labels:
            for mark in contract["evidence"].get(label, ()):
                for span in _places(field, contract["text"], mark):
                    tried += 1
                    denied = off_topic(wording, contract["text"], span)
                    if denied:
                        words = " ".join(contract["text"][span.start : span.end].split())
                        refused.append(f"{words[:80]!r}: {denied.reason}")
    return tried, refused


def _places(field: str, text: str, mark: dict[str, Any]) -> Iterator[Span]:
    """Yield what a model would quote: of a term its length, of a law the clause."""
    if field == "governing_law":
        yield Span(mark["start"], mark["end"])
        return
    for found in _LENGTH.finditer(text, mark["start"], mark["end"]):
        if durations_in(found.group()):
            yield Span(found.start(), found.end())


if __name__ == "__main__":
    sys.exit(main())
