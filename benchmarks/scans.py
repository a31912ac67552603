"""How well degraded scans are read: the share of characters that come out wrong.

    python -m benchmarks.scans [--whole] [--program] [--save FOLDER]

Fifteen image-only PDFs at 200 dpi: five contracts of our own (three set in one column, two in two
columns), each clean, noisy (noise, skew, JPEG) and bad (blurred and pale besides). The truth is the
very lines that were set, headers and footers among them. The error rate is Levenshtein's distance
over the truth's length, both with white space and quotation marks folded.

With `--whole` each PDF goes through `read_document`; without, its pages go to the recognizer.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter
from rapidfuzz.distance import Levenshtein
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks.composed_contracts import contract
from extractor.documents import read_document
from extractor.documents.readers.ocr import NOT_INSTALLED, Recognizer, recognizer, text_of
from extractor.documents.readers.tesseract import Program

DPI = 200
WIDTH, HEIGHT = 595, 842
"""A4 in points."""

MARGIN, GUTTER = 62, 24
LIMITS = {1: 0.02, 2: 0.04}
"""The most of a scan's characters that may be wrong, by its number of columns."""

MAX_PAGES = 3
_CONTRACTS = Path(__file__).parent.parent / "fixtures" / "contracts"


@dataclass(frozen=True, slots=True)
class Degradation:
    """What happens to a page between the printer and the file; `noise` is in grey levels of 256."""

    name: str
    noise: float = 0
    skew: float = 0
    blur: float = 0
    contrast: float = 1
    quality: int = 95


DEGRADATIONS = (
    Degradation("clean"),
    Degradation("noisy", noise=18, skew=0.6, quality=55),
    Degradation("bad", noise=14, skew=-0.8, blur=1.1, contrast=0.7, quality=30),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """An image-only PDF and what is printed on each of its pages."""

    name: str
    kind: str
    columns: int
    pdf: bytes
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    x: float
    y: float
    font: str
    size: float
    spread: float = 0
    """Points added to each space, so that the line fills its column."""


def scans() -> Iterator[Scan]:
    """Make the fifteen scans, one at a time."""
    sources = [
        ("mutual-nda", _fixture("mutual-nda"), 1, "Times"),
        ("office-lease", _fixture("office-lease"), 1, "Helvetica"),
        ("composed-1", contract(11), 1, "Times"),
        ("services-agreement", _fixture("services-agreement"), 2, "Times"),
        ("composed-2", contract(12), 2, "Times"),
    ]
    for name, text, columns, family in sources:
        pages = list(_set(text, columns=columns, family=family))[:MAX_PAGES]
        for seed, degradation in enumerate(DEGRADATIONS):
            images = [_degraded(page, degradation, seed) for page in _pictures(pages)]
            truth = tuple("\n".join(line.text for line in page) for page in pages)
            yield Scan(
                name, degradation.name, columns, _image_only(images, degradation.quality), truth
            )


def error_rate(read: str, truth: str) -> float:
    """Return the share of the truth's characters that were read wrongly, left out or added.

    >>> error_rate("the  “Term”", 'the "Term"'), error_rate("the Tern", "the Term")
    (0.0, 0.125)
    """
    folded = _folded(truth)
    return Levenshtein.distance(_folded(read), folded) / len(folded)


def pages_as_png(pdf: bytes) -> Iterator[bytes]:
    """Render the pages at 200 dpi, as a reader of scans does."""
    # Its package has no types.
    document = importlib.import_module("pypdfium2").PdfDocument(pdf)
    try:
        for page in document:
            out = io.BytesIO()
            picture: Image.Image = page.render(scale=DPI / 72, grayscale=True).to_pil()
            picture.save(out, "PNG", compress_level=1)
            yield out.getvalue()
    finally:
        document.close()


def main(arguments: list[str]) -> int:
    """Print each scan's error rate and the worst of each kind; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--whole", action="store_true", help="through read_document")
    parser.add_argument("--program", action="store_true", help="by the program, not the library")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the scans and their text")
    options = parser.parse_args(arguments)
    engine = Program.find() if options.program else recognizer()
    if engine is None:
        print(NOT_INSTALLED)
        return 1
    print(engine.describe())
    read = _whole if options.whole else _by(engine)
    worst: dict[tuple[int, str], float] = {}
    seconds, pages = 0.0, 0
    for scan in scans():
        if options.save:
            _save(scan, options.save)
        begun = _cpu()
        text = read(scan)
        seconds, pages = seconds + _cpu() - begun, pages + len(scan.pages)
        rate = error_rate(text, "\n".join(scan.pages))
        key = (scan.columns, scan.kind)
        worst[key] = max(rate, worst.get(key, 0))
        print(f"{scan.columns} col  {scan.kind:6} {rate:.4f}  {scan.name} ({len(scan.pages)} p)")
    for (columns, kind), rate in sorted(worst.items()):
        print(f"worst of {columns} col {kind:6} {rate:.4f}  (allowed {LIMITS[columns]})")
    print(f"{seconds / pages:.2f} CPU seconds a page over {pages} pages")
    return int(any(rate > LIMITS[columns] for (columns, _), rate in worst.items()))


def _by(engine: Recognizer) -> Callable[[Scan], str]:
    def read(scan: Scan) -> str:
        return "\n".join(
            text_of(engine.recognize(png, dpi=DPI))[0] for png in pages_as_png(scan.pdf)
        )

    return read


def _whole(scan: Scan) -> str:
    return read_document(scan.pdf).text


def _cpu() -> float:
    """Return the seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _save(scan: Scan, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scan.name}-{scan.kind}.pdf"
    path.write_bytes(scan.pdf)
    path.with_suffix(".txt").write_text("\n".join(scan.pages), encoding="utf-8")


def _fixture(name: str) -> str:
    """Return a contract without its tables, whose reading order is a matter of taste."""
    text = (_CONTRACTS / f"{name}.md").read_text(encoding="utf-8")
    return "\n\n".join(block for block in text.split("\n\n") if not block.startswith("|"))


def _folded(text: str) -> str:
    quotes = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x201E: '"'}
    return " ".join(text.translate(quotes).split())


def _set(text: str, *, columns: int, family: str) -> Iterator[list[_Line]]:
    """Set a contract in lines: header, the columns one after the other, footer."""
    regular, bold = (
        ("Times-Roman", "Times-Bold") if family == "Times" else (family, f"{family}-Bold")
    )
    size = 11.0 if columns == 1 else 9.5
    width = (WIDTH - 2 * MARGIN - GUTTER * (columns - 1)) / columns
    lines: list[tuple[str, str, float, float]] = []
    for block in text.strip().split("\n\n"):
        words = block.lstrip("# ").split()
        font = bold if block.startswith("#") else regular
        lines += [(*line, 0.0) for line in _wrapped(words, font, size, width)]
        lines[-1] = (*lines[-1][:3], size * 0.6)
    title, number, page = text.split("\n", 1)[0].lstrip("# "), 0, list[_Line]()
    column, y = columns, 0.0
    for line, font, spread, after in lines:
        if y < MARGIN:
            column, y = column + 1, HEIGHT - MARGIN - size
        if column >= columns:
            if page:
                yield [*page, _footer(number, regular)]
            column, number = 0, number + 1
            page = [_Line(title, MARGIN, HEIGHT - 36, regular, 9)]
        x = MARGIN + column * (width + GUTTER)
        page.append(_Line(line, x, y, font, size, spread))
        y -= size * 1.3 + after
    yield [*page, _footer(number, regular)]


def _footer(number: int, font: str) -> _Line:
    return _Line(f"Page {number}", WIDTH / 2 - 15, 34, font, 9)


def _wrapped(
    words: list[str], font: str, size: float, width: float
) -> Iterator[tuple[str, str, float]]:
    line = words[0]
    for word in words[1:]:
        if stringWidth(f"{line} {word}", font, size) > width:
            spare = width - stringWidth(line, font, size)
            yield line, font, spare / max(1, line.count(" "))
            line = word
        else:
            line = f"{line} {word}"
    yield line, font, 0.0


def _pictures(pages: list[list[_Line]]) -> Iterator[Image.Image]:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in pages:
        for line in page:
            canvas.setFont(line.font, line.size)
            canvas.drawString(line.x, line.y, line.text, wordSpace=line.spread)
        canvas.showPage()
    canvas.save()
    for png in pages_as_png(out.getvalue()):
        yield Image.open(io.BytesIO(png))


def _degraded(page: Image.Image, how: Degradation, seed: int) -> Image.Image:
    """Skew, blur, bleach and sprinkle a page; the noise is the same for the same seed."""
    page = page.rotate(how.skew, Image.Resampling.BICUBIC, fillcolor=255)
    if how.blur:
        page = page.filter(ImageFilter.GaussianBlur(how.blur))
    page = Image.eval(page, lambda level: int(255 - (255 - level) * how.contrast))
    if not how.noise:
        return page
    spread = how.noise / 74  # 74 is the deviation of evenly spread bytes
    evenly = random.Random(seed).randbytes(page.width * page.height)
    grain = Image.frombytes("L", page.size, evenly)
    grain = Image.eval(grain, lambda level: int(128 + (level - 128) * spread))
    return ImageChops.add(page, grain, offset=-128)


def _image_only(images: list[Image.Image], quality: int) -> bytes:
    """Return a PDF of JPEGs, one a page."""
    out = io.BytesIO()
    first, *others = images
    first.save(out, "PDF", resolution=DPI, quality=quality, save_all=True, append_images=others)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
