"""Read real PDFs and look in them for the passages that people marked as evidence.

    python -m benchmarks.pdf_corpus DATA

DATA is a folder with `contracts.jsonl` and `pdf/`. The marks were made in another text of the same
contract, so a passage counts as located if it stands in the PDF's text but for white space,
hyphenation and typography, or with the noise that `Locator` allows. Promised: every file read, with
the pages that pypdf counts, and 99 % of the passages.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf

from extractor.documents.document import Document
from extractor.documents.readers.pdf import read_pdf
from extractor.errors import DocumentError
from extractor.grounding import Locator

_PROMISED = 0.99
_PROOF = ("exact", "normalized", "elided", "fuzzy")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what was not located")
    options = parser.parse_args()
    statuses: Counter[str] = Counter()
    files = failures = 0
    for contract in _contracts(options.data / "contracts.jsonl"):
        files += 1
        document = _read(options.data / contract["pdf"])
        if document is None:
            failures += 1
            continue
        locator = Locator(document.text)
        for quote in dict.fromkeys(_evidence(contract)):
            status = locator.locate(quote).status
            statuses[status] += 1
            if options.misses and status not in _PROOF:
                print(f"  {contract['doc_id']}: {status}: {quote[:300]!r}")
    located, every = sum(statuses[status] for status in _PROOF), statuses.total()
    print(f"{files} files, {failures} not read or with other pages than pypdf counts")
    print(f"{located} of {every} passages located ({located / every:.2%}): {dict(statuses)}")
    return 0 if not failures and located >= _PROMISED * every else 1


def _contracts(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            contract: dict[str, Any] = json.loads(line)
            if contract["pdf"]:
                yield contract


def _evidence(contract: dict[str, Any]) -> Iterator[str]:
    for items in contract["evidence"].values():
        for item in items:
            yield item["text"]


def _read(path: Path) -> Document | None:
    try:
        document = read_pdf(path.read_bytes(), path.name)
    except DocumentError as error:
        print(f"  {path.name}: {error}")
        return None
    pages = len(pypdf.PdfReader(path).pages)
    if len(document.pages) != pages:
        print(f"  {path.name}: {len(document.pages)} pages, pypdf counts {pages}")
        return None
    return document


if __name__ == "__main__":
    sys.exit(main())
