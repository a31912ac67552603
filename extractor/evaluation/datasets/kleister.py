"""Kleister-NDA as it is published: `in.tsv` and `expected.tsv` of one split, PDFs in `documents/`.

Stanislawek et al., ICDAR 2021. A line of `expected.tsv` has `key=value` pairs with underscores for
blanks; a key that is missing is one that the document does not have.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from extractor.errors import DocumentError
from extractor.evaluation.datasets.gold import GoldDocument, labelled
from extractor.normalizers import read_jurisdiction

_NAMES = {"party": "parties", "jurisdiction": "governing_law"}
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}


def kleister_input(folder: Path) -> Path | None:
    """Return the file of documents of a split of such a release; None if a folder is none."""
    if not (folder / "expected.tsv").is_file():
        return None
    files = (folder / name for name in ("in.tsv", "in.tsv.xz"))
    return next((path for path in files if path.is_file()), None)


def read_kleister(folder: Path, given: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a split, which `given` lists (see `kleister_input`).

    Raises:
        DocumentError: the two files have different numbers of lines, or a label is no pair.
    """
    top = _documents(folder)
    with (folder / "expected.tsv").open(encoding="utf-8") as lines:
        expected = [line.rstrip("\n") for line in lines]
    with _opened(given) as lines:
        rows = [_columns(line) for line in lines]
    if len(rows) != len(expected):
        raise DocumentError(
            f"{given} has {len(rows)} documents, and expected.tsv {len(expected)} lines"
        )
    for (name, keys, texts), said in zip(rows, expected, strict=True):
        gold = _gold(keys.split(), said.split(), folder)
        file = f"{top}/{name}"
        has_file = (folder / file).is_file()
        yield GoldDocument(
            doc_id=Path(name).stem,
            gold=gold,
            gold_status=labelled(gold),
            text=_unescaped(texts[-1]) if texts and not has_file else None,
            file=file if has_file else None,
            source="kleister-nda",
            contract_type="nda",
            split=folder.resolve().name,
        )


def _gold(keys: list[str], pairs: list[str], folder: Path) -> dict[str, Any]:
    said: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise DocumentError(f"{folder / 'expected.tsv'}: {pair!r} is no key=value")
        said.setdefault(key, []).append(value.replace("_", " "))
    return {_NAMES.get(key, key): _value(key, said.get(key, [])) for key in keys}


def _value(key: str, values: list[str]) -> Any:
    if key == "party":
        return [{"name": each} for each in values]
    if key == "jurisdiction":
        return [{"name": each, "code": _code(each)} for each in values]
    if not values:
        return None
    return _duration(values[0]) if key == "term" else values[0]


def _code(name: str) -> str:
    reading = read_jurisdiction(name)
    return reading.code if reading is not None and reading.code else name


def _duration(words: str) -> str:
    """Return a length in ISO 8601; what is no number and unit stays as it is."""
    match = re.fullmatch(r"(\d+) (year|month|week|day)s?", words.strip().lower())
    return f"P{match[1]}{_UNITS[match[2]]}" if match else words


def _documents(folder: Path) -> str:
    """Return where the PDFs are, as seen from a split."""
    return "documents" if (folder / "documents").is_dir() else "../documents"


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def _columns(line: str) -> tuple[str, str, list[str]]:
    """Return a document's file, its keys, and its texts."""
    name, keys, *texts = line.rstrip("\r\n").split("\t")
    return name, keys, texts


def _unescaped(text: str) -> str:
    r"""Undo the escapes of the release: `\n` for a line end, `\t` for a tab.

    >>> _unescaped("one\\ntwo")
    'one\ntwo'
    """
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\f", "\f")
