"""Put real contracts through `extractor extract` and check what comes back.

    uv run --extra local python benchmarks/real_contracts.py DATA --limit 10

DATA is a folder with `contracts.jsonl` and `pdf/`. The shortest contracts that have a PDF are
taken, each through the command line as its user would. A run fails if a process crashes, or if a
value is called `found` without a quote that stands in the document at the offsets given. Where gold
has parties, dates, law or term they are shown beside the answers, which is no evaluation.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extractor import read_document

_PROOF = {"exact", "normalized", "elided", "fuzzy"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--schema", default="nda")
    parser.add_argument("--model")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--source", default="kleister-nda")
    options = parser.parse_args()
    with (options.data / "contracts.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    contracts = [c for c in every if c["pdf"] and c["source"] == options.source]
    failures = 0
    for contract in sorted(contracts, key=lambda c: c["n_chars"])[: options.limit]:
        failures += not _one(contract, options)
    print(f"{failures} of {options.limit} failed")
    return 1 if failures else 0


def _one(contract: dict[str, Any], options: argparse.Namespace) -> bool:
    path = options.data / contract["pdf"]
    command = [sys.executable, "-m", "extractor", "extract", str(path), "--json"]
    command += ["--schema", options.schema, "--backend", options.backend]
    command += ["--model", options.model] if options.model else []
    began = time.monotonic()
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    try:
        record: dict[str, Any] = json.loads(run.stdout)
    except json.JSONDecodeError:
        print(f"{path.name}: no JSON, exit {run.returncode}\n{run.stderr[-800:]}")
        return False
    if "error" in record:
        error = f"{record['error']['type']}: {record['error']['message'][:120]}"
        print(f"{path.name}: {seconds:.0f} s, exit {run.returncode}, {error}")
        return run.returncode in {4, 5, 6} and "Traceback" not in run.stderr
    lies = _unproved(record, read_document(path).text)
    statuses = [field["status"] for field in record["fields"].values()]
    counts = ", ".join(f"{statuses.count(s)} {s}" for s in dict.fromkeys(statuses))
    print(f"{path.name}: {contract['n_chars']:,} characters, {seconds:.0f} s, {counts}")
    print(f"  {record['attempts']} requests; {_beside_gold(contract['gold'], record['value'])}")
    if lies:
        print(f"  NOT PROVED: {lies}")
    sys.stdout.flush()
    return run.returncode == 0 and not lies


def _unproved(record: dict[str, Any], text: str) -> list[str]:
    """Name the fields that are called found, but whose quotes are not where they are said to be."""
    found = {p: f for p, f in record["fields"].items() if f["status"] == "found"}
    return [path for path, field in found.items() if not any(map(_stands(text), field["evidence"]))]


def _stands(text: str) -> Callable[[dict[str, Any]], bool]:
    def check(evidence: dict[str, Any]) -> bool:
        if evidence["status"] not in _PROOF:
            return False
        passage, quote = _letters(text[evidence["start"] : evidence["end"]]), evidence["quote"]
        whole = evidence["status"] in {"exact", "normalized"}
        return passage == _letters(quote) if whole else passage[:4] == _letters(quote)[:4]

    return check


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _beside_gold(gold: dict[str, Any], value: dict[str, Any]) -> str:
    names = _names(value.get("parties"))
    wanted, laws = _names(gold.get("parties")), _names(gold.get("governing_law"))
    notes = [f"parties {names} (gold {wanted})", f"law {value.get('governing_law')} (gold {laws})"]
    notes += [f"{f} {value.get(f)} (gold {gold.get(f)})" for f in ("effective_date", "term")]
    return "; ".join(notes)


def _names(items: list[dict[str, str]] | None) -> list[str]:
    return [item["name"] for item in items or ()]


if __name__ == "__main__":
    sys.exit(main())
