"""`extractor locate FILE "quote"`."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.terminal import print_json, safe
from extractor.documents import read_document
from extractor.grounding import Locator


def run(options: argparse.Namespace) -> int:
    """Find a quote; with --json {status, matches: [{start, end, page, text, score}]}."""
    document = read_document(Path(options.file))
    found = Locator(document.text).locate(options.quote)
    matches = [
        {
            "start": match.start,
            "end": match.end,
            "page": document.page_at(match.start),
            "text": document.text[match.start : match.end],
            "score": round(match.score, 4),
        }
        for match in found.matches
    ]
    if options.json:
        print_json({"status": found.status, "matches": matches})
        return OK
    print(found.status)
    for match in matches:
        print(f"page {match['page']}, {match['start']}-{match['end']}: {safe(match['text'])}")
    return OK
