"""`extractor eval DATASET --schema S`: extract it with every cell of a matrix, and score each."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from extractor.calls.metering.price_list import price_list, prices_date
from extractor.cli.evaluation.gate import gate_of
from extractor.cli.evaluation.output import finish
from extractor.cli.exits import INTERRUPTED
from extractor.cli.reading import read_options
from extractor.cli.runs.agreement import SAMPLE, confirm
from extractor.cli.runs.interrupts import terminable
from extractor.cli.runs.progress import RunProgress
from extractor.cli.runs.report import report
from extractor.cli.runs.work import work
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.config import Settings
from extractor.errors import ConfigurationError
from extractor.evaluation.asked import Asked
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.gate import require_figures
from extractor.evaluation.runs.cells import INPUTS, OpenCell, open_cell, run_folder, spent_usd
from extractor.evaluation.runs.inputs import taken, write_inputs
from extractor.evaluation.runs.manifest import Manifest, manifest_of, read_manifest
from extractor.evaluation.runs.matrix import OWN_PROMPTS, Cell, matrix
from extractor.evaluation.runs.results import read_results
from extractor.plugins import absolute_name, load_schema
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME


def run(options: argparse.Namespace, out: Output) -> int:
    """Ask what is left to ask of each cell, then score all of them; the same command goes on."""
    settings = settings_for(options)
    gate = gate_of(options)
    dataset = load_dataset(
        options.dataset,
        registered=settings.datasets,
        taken=Slice.of(options.slices, limit=options.limit),
    )
    if gate is not None:  # what is wrong with it is told before anything is sent
        asked_for = Asked.by(load_schema(options.schema))
        require_figures(gate, taken(dataset, options.form), asked_for)
    where = Path(options.out or f"{dataset.name}.eval")
    cells = _cells(options, settings)
    manifest = _manifest(options, dataset, where)
    for cell in cells:
        manifest.check(cell)
    with Progress(f"Looking at {safe(dataset.name)}"):
        names = write_inputs(dataset, where / INPUTS, options.form)
    manifest.save(where)
    asked = _Asked(options, settings, where, tuple(names))
    with terminable():
        if settings.cache.mode != "replay":  # which sends nothing
            for cell in cells:
                asked.agree(cell, is_named=len(cells) > 1)
        for cell in cells:
            if asked.work_on(cell):
                print("Stopped. The same command goes on.", file=sys.stderr)
                return INTERRUPTED
    with Progress("Scoring"):
        results = read_results(where, registered=settings.datasets)
    return finish(results, options, out, where=where)


def _cells(options: argparse.Namespace, settings: Settings) -> tuple[Cell, ...]:
    if settings.models and not options.matrix_models:
        raise ConfigurationError(
            "An evaluation asks one model a cell, and `models` names several in turn.",
            hint="Say --model, once for each.",
        )
    own = [settings.prompts] if options.matrix_prompts is None else options.matrix_prompts
    prompts = [None if each in (None, OWN_PROMPTS) else Path(each) for each in own]
    return matrix(
        options.matrix_models or [settings.model],
        options.techniques or [settings.backend],
        prompts,
        options.efforts or [settings.reasoning_effort],
    )


def _manifest(options: argparse.Namespace, dataset: Dataset, where: Path) -> Manifest:
    """Return the manifest that there is, or a new one.

    Raises:
        ConfigurationError: what is there is of something else.
    """
    now = datetime.now(UTC).date()
    made = manifest_of(
        dataset,
        absolute_name(options.schema),
        options.form,
        slices=options.slices,
        prices={"list": price_list(), "date": prices_date(now).isoformat()},
    )
    before = read_manifest(where)
    if before is None:
        return made
    if before.about != made.about:
        named = sorted(name for name in made.about if made.about[name] != before.about.get(name))
        raise ConfigurationError(
            f"The evaluation in {str(where)!r} is of something else: {', '.join(named)}.",
            hint="Use another --out. `extractor eval report` scores what is there; with "
            "--new-labels by labels that have changed.",
        )
    return before


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every cell: to be agreed to, then to be worked on."""

    options: argparse.Namespace
    settings: Settings
    where: Path
    names: tuple[str, ...]

    def agree(self, cell: Cell, *, is_named: bool) -> None:
        """Say what a cell will take, and have that agreed to before anything is sent."""
        with self._opened(cell, RunProgress()) as opened, self._reader(cell) as reader:
            left = reader.left(SAMPLE)
            if is_named and left.total:
                print(f"{safe(cell.name)}:", file=sys.stderr)
            how = read_options(self.options)
            confirm(self.options, opened.run.extractor, left, opened.folder, how)

    def work_on(self, cell: Cell) -> bool:
        """Work on a cell until nothing is left of it; say whether somebody interrupted."""
        said = RunProgress(limit=self.settings.budget.max_usd_per_run, name=safe(cell.name))
        with self._opened(cell, said) as opened, self._reader(cell) as reader:
            manifest = read_manifest(self.where)
            if manifest is not None:
                told = opened.run.journal.configuration.told
                manifest.with_cell(cell, told).save(self.where)
            runner = opened.runner(concurrency=self.options.concurrency)
            was_ended = True
            try:
                was_ended = asyncio.run(work(runner, said, reader))
                return was_ended
            finally:  # what there is by now is told, and then what ended it
                opened.run.journal.flush()
                if was_ended:
                    print(report(reader, run_folder(self.where, cell.name)), file=sys.stderr)

    def _opened(self, cell: Cell, said: RunProgress) -> AbstractContextManager[OpenCell[BaseModel]]:
        return open_cell(
            cell,
            self.settings,
            load_schema(self.options.schema),
            self.where,
            self.names,
            schema_name=self.options.schema,
            options=read_options(self.options),
            max_usd=self._left_for(cell),
            instructions=self.options.instructions,
            progress=said.waits,
        )

    def _reader(self, cell: Cell) -> closing[RunReader]:
        return closing(RunReader(run_folder(self.where, cell.name) / FILE_NAME))

    def _left_for(self, cell: Cell) -> Decimal | None:
        """Return what a cell may cost of what the whole evaluation may."""
        limit = self.settings.budget.max_usd_per_run
        if limit is None:
            return None
        others = {path.name for path in run_folder(self.where, "").glob("*")} - {cell.name}
        spent = sum((spent_usd(self.where, each) for each in others), Decimal(0))
        return max(Decimal(0), limit - spent)
