"""Finding a data set: by a name from the settings, or by its path; what it is, is looked up."""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from extractor.config.settings import DatasetSettings
from extractor.errors import ConfigurationError, DocumentError
from extractor.evaluation.datasets.base import EVERYTHING, Dataset, Slice, digest_of
from extractor.evaluation.datasets.contract_nli import contract_nli
from extractor.evaluation.datasets.cuad import cuad
from extractor.evaluation.datasets.folder import NAMES as FOLDER_NAMES
from extractor.evaluation.datasets.folder import folder_notes, read_folder
from extractor.evaluation.datasets.gold import GoldDocument
from extractor.evaluation.datasets.kleister import kleister_input, read_kleister
from extractor.evaluation.datasets.lines import FILE_NAME, read_lines

R = TypeVar("R")
Reader = Callable[[], Iterator[GoldDocument]]


def load_dataset(
    name: str | Path,
    *,
    registered: Mapping[str, DatasetSettings] | None = None,
    taken: Slice = EVERYTHING,
) -> Dataset:
    """Find a data set.

    Args:
        name: one of the settings', or a path: a folder with `contracts.jsonl`, `gold.csv` or
            `gold.jsonl`, a split of Kleister's release, or a JSON file of CUAD's or ContractNLI's.
        registered: the data sets in the settings.
        taken: which of its documents.

    Raises:
        DocumentError: there is none, or it has none of these forms.
        ConfigurationError: its labels are not those whose hash the settings have.
    """
    known = (registered or {}).get(str(name))
    path = known.path if known else Path(name)
    labels, read = _found(path)
    file = path if kleister_input(path) else labels
    try:
        digest = digest_of(labels)
    except OSError as error:
        raise DocumentError(f"{labels.name} can't be opened: {error}") from error
    if known and known.sha256 and known.sha256.lower() != digest:
        raise ConfigurationError(
            f"The labels of {str(name)!r} are not those of the settings: their hash is {digest}.",
            hint="Name the new sha256 and version in [datasets], or get the old files back.",
        )
    return Dataset(
        name=str(name) if known else labels.parent.resolve().name,
        file=file,
        sha256=digest,
        read=_guarded(read, path),
        version=known.version if known else None,
        licence=known.licence if known else None,
        taken=taken,
        notes=_guarded(partial(folder_notes, labels), path) if _is_folders(labels) else tuple,
    )


def _is_folders(labels: Path) -> bool:
    return labels.name in FOLDER_NAMES


def _found(path: Path) -> tuple[Path, Reader]:
    """Return the file that a data set's labels are in, and what reads its documents."""
    if path.is_dir():
        if (path / FILE_NAME).is_file():
            return _found(path / FILE_NAME)
        if (given := kleister_input(path)) is not None:
            return path / "expected.tsv", partial(read_kleister, path, given)
        for name in FOLDER_NAMES:
            if (path / name).is_file():
                return path / name, partial(read_folder, path / name)
    elif path.is_file() and _is_folders(path):
        return path, partial(read_folder, path)
    elif path.is_file() and path.suffix == ".jsonl":
        return path, partial(read_lines, path)
    elif path.is_file() and path.suffix == ".json":
        return path, partial(_release, path)
    raise DocumentError(
        f"{str(path)!r} is no data set",
        hint=f"Give a folder with {FILE_NAME}, {' or '.join(FOLDER_NAMES)}; a split of Kleister's; "
        "or a JSON file of CUAD's or ContractNLI's.",
    )


def _release(path: Path) -> Iterator[GoldDocument]:
    told: Any = json.loads(path.read_text(encoding="utf-8"))
    data = cast("dict[str, Any]", told if isinstance(told, dict) else {})
    if {"documents", "labels"} <= data.keys():
        return contract_nli(data, path)
    if "data" in data:
        return cuad(data, path)
    raise DocumentError(f"{str(path)!r} is neither CUAD's release nor ContractNLI's")


_BROKEN = (
    *(LookupError, TypeError, AttributeError, ValueError, RecursionError),
    *(OSError, EOFError, csv.Error, lzma.LZMAError),
)


def _guarded(read: Callable[[], Iterator[R]], path: Path) -> Callable[[], Iterator[R]]:
    """Tell what is not as its format says by the file's name."""

    def guarded() -> Iterator[R]:
        try:
            yield from read()
        except _BROKEN as error:
            raise DocumentError(
                f"{str(path)!r} is not what its form promises: {type(error).__name__}: {error}"
            ) from error

    return guarded
