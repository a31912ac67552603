"""The cells of a matrix, and the settings under which each is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.config import Settings
from extractor.errors import ConfigurationError
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.runs.manifest import manifest_of
from extractor.evaluation.runs.matrix import matrix

MODELS = ("openai:gpt-5.4-mini", "local:default")


def test_there_is_a_cell_for_each_combination_in_the_order_given() -> None:
    cells = matrix(MODELS, ("strict", "xml"), (None, Path("mine")))
    assert len(cells) == 8
    assert [cell.name for cell in cells[:3]] == [
        "openai-gpt-5.4-mini.strict",
        "openai-gpt-5.4-mini.strict.mine",
        "openai-gpt-5.4-mini.xml",
    ]


def test_a_cell_asks_its_own_model_and_no_other() -> None:
    (cell,) = matrix(["local:default"], ["json"], [None])
    common = Settings(models=("openai:a", "openai:b"), prompts=Path("others"), max_attempts=2)
    own = cell.settings(common)
    assert (own.chain, own.backend, own.prompts) == (("local:default",), "json", None)
    assert own.max_attempts == 2


def test_efforts_are_a_side_of_the_matrix_and_named_where_one_is_asked_for() -> None:
    cells = matrix(["openai:m"], ["strict"], [None, Path("mine")], ["low", None])
    assert [cell.name for cell in cells] == [
        "openai-m.strict.low-effort",
        "openai-m.strict.low-effort.mine",
        "openai-m.strict",
        "openai-m.strict.mine",
    ]
    common = Settings(reasoning_effort="high")
    assert [cell.settings(common).reasoning_effort for cell in cells] == ["low", "low", None, None]


def test_names_are_safe_in_paths() -> None:
    (cell,) = matrix(["compatible:../org/model:7b"], ["xml"], [Path("a b/ü")])
    assert "/" not in cell.name
    assert not cell.name.startswith(".")


def test_a_cell_takes_the_place_of_no_other_one_of_its_name(tmp_path: Path) -> None:
    dataset = Dataset("d", tmp_path, "00", lambda: iter(()))
    begun = manifest_of(dataset, "nda", "auto", slices=[], prices={})
    (one,) = matrix(["local:default"], ["json"], [tmp_path / "a" / "p"])
    (other,) = matrix(["local:default"], ["json"], [tmp_path / "b" / "p"])
    manifest = begun.with_cell(one, {})
    manifest.check(one)
    with pytest.raises(ConfigurationError, match=r"another cell 'local-default\.json\.p'"):
        manifest.check(other)


def test_two_cells_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"'local-default\.json\.p'"):
        matrix(["local:default"], ["json"], [Path("a/p"), Path("b/p")])
