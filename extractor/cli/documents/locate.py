"""`extractor locate FILE "quote"`."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import NOT_FOUND, OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.documents import rects
from extractor.documents.sniff import PDF
from extractor.grounding import Locator
from extractor.outputs.document import rect_record
from extractor.types import JsonObject, Span


def run(options: argparse.Namespace, out: Output) -> int:
    """Find a quote; with --json {status, matches: [{start, end, page, text, score, rects}]}.

    `rects` are its boxes on the pages, of a PDF only. A quote that the document does not have, or
    not without a difference that matters, ends with an exit code of its own.
    """
    how = read_options(options)
    document = document_of(options.file, how)
    found = Locator.of(document).locate(options.quote)
    matches: list[JsonObject] = [
        {
            "start": match.start,
            "end": match.end,
            "page": document.page_at(match.start),
            "text": document.text[match.start : match.end],
            "score": round(match.score, 4),
        }
        for match in found.matches
    ]
    code = NOT_FOUND if found.status in ("missing", "altered") else OK
    out.ends_with(code)
    if options.json:
        if document.media_type == PDF:
            spans = [Span(match.start, match.end) for match in found.matches]
            boxes = rects(Path(options.file), document, spans, options=how)
            for match, own in zip(matches, boxes, strict=True):
                match["rects"] = [rect_record(rect) for rect in own]
        out.write_json({"status": found.status, "matches": matches})
        return code
    out.write(found.status)
    for match in matches:
        out.write(f"page {match['page']}, {match['start']}-{match['end']}: {safe(match['text'])}")
    return code
