"""Measure the reading of PDFs: pages a CPU second against pypdf's, and memory on a long file.

    python -m benchmarks.pdf_speed DATA

DATA is a folder with `pdf/`. Ours is all that `read_pdf` does: text, offsets, hidden text,
coverage, warnings; pypdf's is `extract_text` of the same pages; pdfium's its bare text. Then the
same files through `read_document`, whose reading process finds the clauses too: its processor time
and this one's, with the start of the process. The long file of 300 pages is made on the fly and
read in a process of its own. Promised: 8 times pypdf, and 200 MB.
"""

from __future__ import annotations

import argparse
import gc
import io
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdf
from reportlab.pdfgen.canvas import Canvas

from extractor.documents import read_document
from extractor.documents.isolation import shared_pool
from extractor.documents.readers.pdf import read_pdf

_pdfium: Any = import_module("pypdfium2")  # it has no types

_RATIO = 8
_MEGABYTES = 200
_LINES = 52


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _one(options.data.read_bytes())
    paths = sorted((options.data / "pdf").glob("*.pdf"))
    pages, ours, bare, other = _against_others(paths)
    ratio = other / ours
    print(
        f"{pages} pages: {pages / ours:.0f} a CPU second, pypdf {pages / other:.0f}: "
        f"{ratio:.1f} times (bare pdfium {other / bare:.1f})"
    )
    whole = _through_process(paths)
    print(f"with clauses, through the reading process: {pages / whole:.0f} a CPU second")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        path.write_bytes(_long_file())
        command = [sys.executable, "-m", "benchmarks.pdf_speed", str(path), "--one"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"a file of 300 pages: peak {done.stdout.strip()} MB")
    return 0 if ratio >= _RATIO and float(done.stdout) <= _MEGABYTES else 1


def _against_others(paths: list[Path]) -> tuple[int, float, float, float]:
    """Return the pages and the seconds of ours, pdfium and pypdf; in turn: machines vary."""
    pages, ours, bare, other = 0, 0.0, 0.0, 0.0
    for path in paths:
        data = path.read_bytes()
        gc.collect()  # what pypdf left of the last file is not for ours to clear away
        began = time.process_time()
        pages += len(read_pdf(data, "measured").pages)
        ours += (read := time.process_time()) - began
        _bare(data)
        bare += (between := time.process_time()) - read
        for page in pypdf.PdfReader(io.BytesIO(data)).pages:
            page.extract_text()
        other += time.process_time() - between
    return pages, ours, bare, other


def _bare(data: bytes) -> None:
    document = _pdfium.PdfDocument(data)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def _through_process(paths: list[Path]) -> float:
    """Return the seconds that `read_document` takes of this process and the one that reads."""
    began = _both_processes()
    for path in paths:
        read_document(path)
    shared_pool().close()  # only an ended process tells its time
    return _both_processes() - began


def _both_processes() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _one(data: bytes) -> int:
    read_pdf(data, "measured")
    print(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000))
    return 0


def _long_file() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(300):
        for line in range(_LINES):
            words = f"{page}.{line} The Supplier shall deliver part {page * line} to the Customer."
            canvas.drawString(60, 780 - 14 * line, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
