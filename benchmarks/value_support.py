"""How often code agrees that a sentence bears a gold value, and refuses it another contract's.

    uv run --extra local python benchmarks/value_support.py DATA

DATA is a folder with `contracts.jsonl`. Gold parties and governing laws are looked for in their
contract, sentence by sentence. A sentence that has the name word for word should bear it. A
sentence on the governing law should not bear the law of any other contract, unless it has that
name too. Prints both shares and what fell through; exits with 1 if a wrong law was borne.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.grounding import supports

_ENDS = re.compile(r"(?<=[.;:])\s+(?=[A-Z(\"\u201c])|\n\s*\n")
_LONGEST = 600
_LAW = re.compile(r"govern|laws? of", re.IGNORECASE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    with (options.data / "contracts.jsonl").open(encoding="utf-8") as lines:
        contracts = [json.loads(line) for line in lines]
    right: Counter[str] = Counter()
    laws: list[tuple[str, str]] = []
    for contract in contracts:
        for kind, name, sentence in _stated(contract):
            verdict = supports(name, sentence)
            right[f"{verdict.status}{', open' if verdict.ok is None else ''}"] += 1
            if verdict.ok is not True:
                print(f"  not borne: {name!r}: {verdict.reason}")
            if kind == "governing_law":
                laws.append((name, sentence))
    print(f"gold values beside a sentence that has them: {_shares(right)}")
    wrong = Counter[str](
        supports(other, sentence).status
        for _, sentence in laws
        for other in {name for name, _ in laws}
        if not _has(sentence, _core(other))
    )
    print(f"other contracts' laws beside a sentence that has them not: {_shares(wrong)}")
    return 1 if wrong["found"] else 0


def _stated(contract: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and the first sentence with it, for each gold value that has one."""
    sentences = [part.strip()[:_LONGEST] for part in _ENDS.split(contract["text"])]
    for kind in ("parties", "governing_law"):
        for item in contract["gold"].get(kind) or ():
            having = [s for s in sentences if _has(s, item["name"])]
            if kind == "governing_law":
                having = [s for s in having if _LAW.search(s)]
            for sentence in having[:1]:
                yield kind, item["name"], sentence


def _core(law: str) -> str:
    """A law's own words: "the State of New York" is meant by "New York" too."""
    return re.sub(r"(?i)\b(?:the|state|commonwealth|province|laws?|of)\b", " ", law)


def _has(sentence: str, name: str) -> bool:
    return " ".join(name.casefold().split()) in " ".join(sentence.casefold().split())


def _shares(counts: Counter[str]) -> str:
    total = sum(counts.values())
    return f"{total:,}: " + ", ".join(f"{status} {n:,}" for status, n in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
