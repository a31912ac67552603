"""`extractor locate FILE "quote"`."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.documents import read_document
from extractor.grounding import Locator


def run(options: argparse.Namespace, out: Output) -> int:
    """Find a quote; with --json {status, matches: [{start, end, page, text, score}]}."""
    document = read_document(Path(options.file))
    found = Locator.of(document).locate(options.quote)
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
        out.write_json({"status": found.status, "matches": matches})
        return OK
    out.write(found.status)
    for match in matches:
        out.write(f"page {match['page']}, {match['start']}-{match['end']}: {safe(match['text'])}")
    return OK
