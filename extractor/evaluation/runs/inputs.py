"""A data set's contracts as files that a run can take: links to PDFs, and texts written out."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from extractor.errors import ConfigurationError, DocumentError, StoreError
from extractor.evaluation.datasets import Dataset, GoldDocument

Form: TypeAlias = Literal["auto", "pdf", "text"]

_OURS = ".inputs"
"""Marks a folder whose files may be replaced: they are links and copies of ours."""

_LONGEST = 200
"""Bytes of an id, so that a file can be named by it."""

_ODD = re.compile(r"[/\\\x00-\x1f\x7f\ud800-\udfff]")


def write_inputs(dataset: Dataset, folder: Path, form: Form) -> list[str]:
    """Put the contracts of a data set into a folder, and return their names there, in order.

    A file is named by its document's id. Documents that have no PDF are left out with `pdf`.

    Raises:
        ConfigurationError: the folder is somebody else's.
        DocumentError: a document has neither text nor file, or an id that is no name for a file.
        StoreError: one can't be written.
    """
    mark = folder / _OURS
    try:
        if folder.is_dir() and any(folder.iterdir()) and not mark.is_file():
            raise ConfigurationError(
                f"{str(folder)!r} holds files that are not an evaluation's.",
                hint="Use another --out: one of its own.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
        names = [*_written(dataset, folder, form)]
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror or error}") from error
    if not names:
        raise DocumentError(
            f"The data set {dataset.name!r} has no document to extract",
            hint="Look at --slice, --limit and --from.",
        )
    return names


def taken(dataset: Dataset, form: str) -> Dataset:
    """Return the data set without the documents that `write_inputs` leaves out."""
    if form != "pdf":
        return dataset

    def with_files() -> Iterator[GoldDocument]:
        return (document for document in dataset.read() if document.file is not None)

    return replace(dataset, read=with_files)


def _written(dataset: Dataset, folder: Path, form: Form) -> Iterator[str]:
    for document in taken(dataset, form).documents():
        name = document.doc_id
        is_odd = not name or name.startswith(".") or len(name.encode(errors="replace")) > _LONGEST
        if is_odd or _ODD.search(name):
            raise DocumentError(
                f"{name[:80]!r} can't be the name of a file",
                hint="Documents are written to files that are named by their ids: change the id.",
            )
        source = _source(dataset, document)
        if form != "text" and source is not None:
            file = f"{name}{source.suffix or '.txt'}"  # an id may have dots of its own
            _link(source, folder / file)
        else:
            file = f"{name}.txt"
            _write(_text_of(dataset, document), folder / file)
        yield file


def _source(dataset: Dataset, document: GoldDocument) -> Path | None:
    if document.file is None:
        return None
    try:
        return (dataset.folder / document.file).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise DocumentError(
            f"The document {document.doc_id!r} has a file of no use: {error}"
        ) from error


def _link(source: Path, target: Path) -> None:
    if target.is_symlink() and target.readlink() == source:
        return
    with contextlib.suppress(FileNotFoundError):
        target.unlink()
    target.symlink_to(source)


def _text_of(dataset: Dataset, document: GoldDocument) -> bytes:
    if document.text is None:
        what = "no text" if document.file else "neither text nor file"
        told = f"The document {document.doc_id!r} has {what}"
        raise DocumentError(told, hint="; ".join(dataset.notes()) or None)
    return document.text.encode("utf-8", "surrogatepass")


def _write(data: bytes, target: Path) -> None:
    if target.is_symlink():  # of another time: what it leads to is not ours
        target.unlink()
    if not target.is_file() or target.read_bytes() != data:  # its time tells whether it changed
        target.write_bytes(data)
