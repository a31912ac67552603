"""Gates: what they ask for, what a fall below the baseline is worth, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import ConfigurationError
from extractor.evaluation.comparing import compare
from extractor.evaluation.counting import Counts, Row
from extractor.evaluation.gate import Gate, checks, load_gate
from extractor.evaluation.scores import Table

FIGURES = {"macro_f1": 0.8, "hallucination_rate": 0.1, "cost_per_doc": None, "anls": 0.9}


def run(right: int, of: int) -> Table:
    """A run in which the first `right` of so many documents are right."""
    return Table.of({f"{n:03}": {Row("term"): Counts(int(n < right), 1, 1)} for n in range(of)})


def test_what_is_at_its_limit_passes() -> None:
    gate = Gate(min={"macro_f1": 0.8}, max={"hallucination_rate": 0.1})
    assert [check.is_met for check in checks(gate, FIGURES)] == [True, True]


def test_what_is_beyond_its_limit_fails_and_says_both_figures() -> None:
    low, high = checks(Gate(min={"macro_f1": 0.81}, max={"hallucination_rate": 0.09}), FIGURES)
    assert (low.is_met, high.is_met) == (False, False)
    assert low.told == "macro_f1 is 0.8, at least 0.81 is asked for"


def test_a_cost_that_nobody_knows_passes_no_limit_on_it() -> None:
    (check,) = checks(Gate(max_cost_per_doc=1.0), FIGURES)
    assert not check.is_met
    assert "cost_per_doc is not known" in check.told


def test_a_great_fall_fails() -> None:
    compared = compare(run(90, 100), run(60, 100))
    (check,) = checks(Gate(max_regression={"macro_f1": 0.05}), FIGURES, compared)
    assert not check.is_met
    assert "-0.3000" in check.told


def test_a_fall_that_may_be_chance_passes_and_is_told() -> None:
    compared = compare(run(5, 6), run(4, 6))
    (check,) = checks(Gate(max_regression={"macro_f1": 0.05}), FIGURES, compared)
    assert check.is_met
    assert "may be chance" in check.told


def test_of_two_limits_on_the_cost_the_lower_one_counts() -> None:
    gate = Gate(max={"cost_per_doc": 0.01}, max_cost_per_doc=1.0)
    (check,) = checks(gate, FIGURES | {"cost_per_doc": 0.5})
    assert not check.is_met


def test_what_falls_in_all_of_five_documents_may_still_be_chance() -> None:
    compared = compare(run(5, 5), run(0, 5))
    (check,) = checks(Gate(max_regression={"macro_f1": 0.05}), FIGURES, compared)
    assert (check.is_met, check.is_doubtful) == (True, True)


def test_a_fall_within_what_is_allowed_passes() -> None:
    compared = compare(run(90, 100), run(80, 100))
    (check,) = checks(Gate(max_regression={"fields.term.f1": 0.2}), FIGURES, compared)
    assert check.is_met


def test_an_unknown_figure_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigurationError, match="macro_F1") as caught:
        list(checks(Gate(min={"macro_F1": 0.5}), FIGURES))
    assert "macro_f1" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("min = 3", "min"),
        ("[least]\nmacro_f1 = 1", "least"),
        ("[max_regression]\nmacro_f1 = 0.1", "no baseline"),
        ("[min\n", "can't be read"),
        ("[max]\nmacro_f1 = nan", "finite"),
        ("[min]\nmacro_f1 = true", "valid number"),
        ('baseline = "nowhere"\n[max_regression]\nmacro_f1 = 0.1', "nowhere is not there"),
        ('baseline = "a\\u0000b"\n[min]\nmacro_f1 = 0.5', "no path"),
        ("", "asks for nothing"),
        ("[min]\nmacro_f1 = 90", "from 0 to 1, not 90"),
    ],
)
def test_what_is_no_gate_is_refused(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=told):
        load_gate(path)


def test_a_fields_figure_without_quotation_marks_is_told_to_have_them(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("[min]\nfields.term.f1 = 0.7\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"min\.fields") as caught:
        load_gate(path)
    assert '"fields.NAME.f1"' in str(caught.value.hint)


def test_a_baseline_is_found_from_the_gates_own_folder(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    (tmp_path / "accepted.jsonl").touch()
    path.write_text('baseline = "accepted.jsonl"\n[max_regression]\nmacro_f1 = 0.1\n')
    assert load_gate(path).baseline == tmp_path / "accepted.jsonl"
