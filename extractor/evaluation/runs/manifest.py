"""What an evaluation was of, kept beside its runs: enough to tell figures apart that differ."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.choices import BackendName, ReasoningEffort
from extractor.errors import ConfigurationError
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.runs.matrix import Cell
from extractor.runs.exports.placing import placing
from extractor.types import JsonObject

FILE_NAME = "evaluation.json"


class DatasetRecord(BaseModel):
    """A data set, and which of its documents were taken."""

    model_config = ConfigDict(frozen=True)

    name: str
    file: str
    sha256: str
    version: str | None = None
    licence: str | None = None
    slices: tuple[str, ...] = ()
    limit: int | None = Field(default=None, ge=1)


class CellRecord(BaseModel):
    """A cell, and what decided its answers (see `Extractor.configuration`)."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=r"^\w[\w.-]*$")
    model: str
    technique: BackendName
    prompts: str | None = None
    effort: ReasoningEffort | None = None
    configuration: JsonObject = {}


class Manifest(BaseModel):
    """What an evaluation was of.

    Attributes:
        package: our version.
        dataset: what was asked about.
        schema_name: as it was given.
        form: what of a document is read: its "pdf", its "text", or "auto": the PDF if there is one.
        prices: the price list, and the date of its newest price.
        cells: the combinations.
    """

    model_config = ConfigDict(frozen=True)

    package: str
    dataset: DatasetRecord
    schema_name: str
    form: str
    prices: JsonObject
    cells: tuple[CellRecord, ...] = ()

    @property
    def about(self) -> JsonObject:
        """What must be the same for somebody to go on with it: all but the cells and prices."""
        told = self.model_dump(mode="json", exclude={"cells", "prices", "package"})
        dataset: JsonObject = told.pop("dataset")
        return dataset | told

    def check(self, cell: Cell) -> None:
        """Refuse a cell whose name another one has.

        Raises:
            ConfigurationError: it would be asked in place of that one.
        """
        for each in self.cells:
            prompts = None if cell.prompts is None else str(cell.prompts.resolve())
            if each.name == cell.name and (each.model, each.prompts) != (cell.model, prompts):
                raise ConfigurationError(
                    f"This evaluation has another cell {cell.name!r}: of {each.model}, prompts "
                    f"{each.prompts or 'our own'}.",
                    hint="Give the folder of prompts another name, or use another --out.",
                )

    def with_cell(self, cell: Cell, configuration: JsonObject) -> Manifest:
        """Return it with a cell that was added, or whose configuration is known now."""
        record = CellRecord(
            name=cell.name,
            model=cell.model,
            technique=cell.technique,
            prompts=None if cell.prompts is None else str(cell.prompts.resolve()),
            effort=cell.effort,
            configuration=configuration,
        )
        cells = {each.name: each for each in self.cells} | {cell.name: record}
        return self.model_copy(update={"cells": (*cells.values(),)})

    def save(self, folder: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            StoreError: it can't be written.
        """
        target = folder / FILE_NAME
        with placing(target) as part:
            (part / FILE_NAME).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def manifest_of(
    dataset: Dataset, schema: str, form: str, *, slices: list[str], prices: JsonObject
) -> Manifest:
    """Return the manifest of an evaluation that has no cells yet."""
    return Manifest(
        package=version("contract-extractor"),
        dataset=DatasetRecord(
            name=dataset.name,
            file=str(dataset.file.resolve()),
            sha256=dataset.sha256,
            version=dataset.version,
            licence=dataset.licence,
            slices=tuple(slices),
            limit=dataset.taken.limit,
        ),
        schema_name=schema,
        form=form,
        prices=prices,
    )


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of an evaluation; None where there is none.

    Raises:
        ConfigurationError: what is there is no manifest.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigurationError(f"{path} is no manifest of an evaluation") from error
