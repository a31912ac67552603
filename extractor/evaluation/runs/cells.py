"""Opening a cell's run: its journal, with the data set's documents in it, and who extracts them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Generic

from extractor.calls.records import MICRO
from extractor.config import Settings
from extractor.documents.options import ReadOptions
from extractor.evaluation.runs.matrix import Cell
from extractor.providers import Progress, silent
from extractor.runs.documents import Documents
from extractor.runs.opening import OpenRun, open_run
from extractor.runs.reader import RunReader
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME
from extractor.types import T

CELLS = "cells"
"""The folder of an evaluation that its cells' runs are in."""

INPUTS = "documents"
"""The folder that the data set's contracts are in, as the runs take them."""


@dataclass(frozen=True, slots=True)
class OpenCell(Generic[T]):
    """A cell whose documents can be extracted."""

    cell: Cell
    run: OpenRun[T]
    folder: Path
    schema_name: str
    options: ReadOptions

    def runner(self, *, concurrency: int) -> Runner[T]:
        """Return who works on what is left; nothing is taken over from other runs.

        Answers of another run would have no cost and no time here.
        """
        documents = Documents(
            self.run.journal,
            self.run.extractor,
            folder=self.folder,
            schema=self.schema_name,
            options=self.options,
        )
        return Runner(documents, concurrency=concurrency)


def run_folder(out: Path, cell: str) -> Path:
    """Return the folder of a cell's run."""
    return out / CELLS / cell


@contextmanager
def open_cell(
    cell: Cell,
    settings: Settings,
    schema: type[T],
    out: Path,
    names: Sequence[str],
    *,
    schema_name: str,
    options: ReadOptions,
    max_usd: Decimal | None = None,
    instructions: str | None = None,
    progress: Progress = silent,
) -> Generator[OpenCell[T]]:
    """Open a cell's run, with all documents registered.

    Args:
        cell: which.
        settings: what all cells share.
        schema: the Pydantic model to fill.
        out: the evaluation's folder.
        names: the documents' files in its folder of inputs.
        schema_name: as it was given, for the results.
        options: how files are read.
        max_usd: that this cell may cost; what others have spent is not in it.
        instructions: words of your own for the prompt, after ours.
        progress: is told what is being done and what is waited for.

    Raises:
        ConfigurationError: settings that can't be kept.
        StoreError: the run's file can't be used.
    """
    own = cell.settings(settings)
    if max_usd is not None:
        budget = own.budget.model_copy(update={"max_usd_per_run": max_usd})
        own = own.model_copy(update={"budget": budget})
    inputs = out / INPUTS
    with open_run(
        own,
        schema,
        run_folder(out, cell.name),
        reading={"ocr": options.ocr, "hidden": options.hidden},
        instructions=instructions,
        progress=progress,
    ) as opened:
        opened.journal.check()
        opened.journal.put_into_force(opened.asked())
        opened.journal.register(inputs.resolve(), names)
        yield OpenCell(cell, opened, inputs.resolve(), schema_name, options)


def spent_usd(out: Path, cell: str) -> Decimal:
    """Return what a cell has cost so far, with what is set aside for requests in doubt."""
    path = run_folder(out, cell) / FILE_NAME
    if not path.is_file():
        return Decimal(0)
    with closing(RunReader(path)) as reader:
        spent = reader.spent()
    return Decimal(spent.cost + spent.set_aside) / MICRO
