"""`extractor eval copy DATASET -o DIR`: a data set that no model can have read before."""

from __future__ import annotations

import argparse

from extractor.cli.exits import OK
from extractor.cli.settings import datasets_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.errors import ConfigurationError, DocumentError, StoreError
from extractor.evaluation.counterfactual import counterfactual
from extractor.evaluation.datasets import Slice, load_dataset
from extractor.evaluation.datasets.lines import FILE_NAME
from extractor.plurals import counted
from extractor.runs.exports.placing import placing


def run(options: argparse.Namespace, out: Output) -> int:
    """Write the copies as `contracts.jsonl`; those that have no text are left out, and told."""
    dataset = load_dataset(
        options.dataset,
        registered=datasets_for(),
        taken=Slice.of(options.slices, limit=options.limit),
    )
    target = options.output / FILE_NAME
    if target.exists():
        raise ConfigurationError(
            f"{str(target)!r} is there already.", hint="Name another folder, or move it away."
        )
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{options.output} can't be made: {error.strerror or error}") from error
    counts = {"copied": 0, "left_out": 0, "labels_dropped": 0}
    with Progress(f"Copying {safe(dataset.name)}"), placing(target) as folder:
        with (folder / target.name).open("w", encoding="utf-8") as lines:
            for document in dataset.documents():
                copy = counterfactual(document, seed=options.seed)
                if copy is None:
                    counts["left_out"] += 1
                    continue
                counts["copied"] += 1
                counts["labels_dropped"] += sum(
                    copy.gold_status[name] != status
                    for name, status in document.gold_status.items()
                )
                lines.write(copy.model_dump_json() + "\n")
        if not counts["copied"]:
            raise DocumentError(
                f"No document of {dataset.name!r} has a text to be changed",
                hint="Only data sets whose labels have the texts beside them can be copied.",
            )
    if options.json:
        out.write_json({"path": str(target), "seed": options.seed, **counts})
    else:
        out.write(
            f"{safe(target)}: {counted(counts['copied'], 'document')}; "
            f"{counted(counts['left_out'], 'has', 'have')} no text; not scored, as their words "
            f"were not found: {counted(counts['labels_dropped'], 'label')}."
        )
    return OK
