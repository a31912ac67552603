"""Measure the reading of PDFs: pages a CPU second against pypdf's, and memory on a long file.

    python -m benchmarks.pdf_speed DATA

DATA is a folder with `pdf/`. Ours is all that `read_pdf` does: text, offsets, hidden text,
coverage, warnings; pypdf's is `extract_text` of the same pages. The long file of 300 pages is made
on the fly and read in a process of its own. Promised: 8 times pypdf, and 200 MB.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdf
from reportlab.pdfgen.canvas import Canvas

from extractor.documents.readers.pdf import read_pdf

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
    pages, ours, other = _against_pypdf(sorted((options.data / "pdf").glob("*.pdf")))
    ratio = other / ours
    print(
        f"{pages} pages: {pages / ours:.0f} a CPU second, pypdf {pages / other:.0f}: "
        f"{ratio:.1f} times"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        path.write_bytes(_long_file())
        command = [sys.executable, "-m", "benchmarks.pdf_speed", str(path), "--one"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"a file of 300 pages: peak {done.stdout.strip()} MB")
    return 0 if ratio >= _RATIO and float(done.stdout) <= _MEGABYTES else 1


def _against_pypdf(paths: list[Path]) -> tuple[int, float, float]:
    """Return the pages, and the seconds of both: file by file in turn, as the machine varies."""
    pages, ours, other = 0, 0.0, 0.0
    for path in paths:
        data = path.read_bytes()
        began = time.process_time()
        pages += len(read_pdf(data, "measured").pages)
        between = time.process_time()
        for page in pypdf.PdfReader(io.BytesIO(data)).pages:
            page.extract_text()
        ours += between - began
        other += time.process_time() - between
    return pages, ours, other


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
