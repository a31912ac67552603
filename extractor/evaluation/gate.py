"""A gate: what scores have to be for a change to pass, in a TOML file that a CI job reads.

baseline = "accepted"              # predictions, a run's folder, or an evaluation's

[min]
macro_f1 = 0.80
"fields.term.f1" = 0.70

[max]
hallucination_rate = 0.05
cost_per_doc = 0.01                # US dollars; also as max_cost_per_doc above the tables

[max_regression]
macro_f1 = 0.02                    # against the baseline, on the same documents
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import ConfigurationError, did_you_mean
from extractor.evaluation.asked import Asked
from extractor.evaluation.comparing import Comparison
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.faults import fault
from extractor.evaluation.intervals import Difference, by_field, wholes
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scores import field_scores, summary
from extractor.evaluation.scoring import Scored, score

Limit: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Gate(BaseModel):
    """What is asked of scores.

    Attributes:
        min: the least that a figure may be, by its name.
        max: the most that it may be.
        max_regression: how much lower it may be than the baseline's, of `macro_f1`, `micro_f1`,
            `clause_f1`, `choice_f1` and `fields.NAME.f1`.
        max_cost_per_doc: US dollars for a document.
        baseline: what is compared with, below the gate's own folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: Mapping[str, Limit] = Field(default_factory=dict[str, float])
    max: Mapping[str, Limit] = Field(default_factory=dict[str, float])
    max_regression: Mapping[str, Limit] = Field(default_factory=dict[str, float])
    max_cost_per_doc: Limit | None = None
    baseline: Path | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a gate asks, and whether it is so; `told` says both in words.

    `is_doubtful` marks what is met because chance may explain that it seems not to be.
    """

    name: str
    is_met: bool
    told: str
    is_doubtful: bool = False


def load_gate(path: Path) -> Gate:
    """Read a gate; its baseline is found from its own folder.

    Raises:
        ConfigurationError: it can't be read, or says what no gate knows.
    """
    try:
        gate = Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"The gate {str(path)!r} can't be read: {error}") from error
    except ValidationError as error:
        is_bare = "fields" in error.errors(include_url=False)[0]["loc"]
        hint = 'Write a field\'s figure in quotation marks: "fields.NAME.f1".' if is_bare else None
        raise ConfigurationError(fault(f"The gate {str(path)!r}", error), hint=hint) from error
    for name in (*gate.min, *gate.max):
        if not name.startswith("fields.") and name not in _WHOLE:
            hint = did_you_mean(name, _WHOLE, among="There are fields.NAME.f1,")
            raise ConfigurationError(f"The gate {str(path)!r} asks for {name!r}.", hint=hint)
    if "\0" in str(gate.baseline):
        raise ConfigurationError(f"The gate {str(path)!r}: its baseline is no path.")
    if gate.max_regression and gate.baseline is None:
        raise ConfigurationError(f"The gate {str(path)!r} has max_regression and no baseline.")
    if not (gate.min or gate.max or gate.max_regression or gate.max_cost_per_doc is not None):
        raise ConfigurationError(f"The gate {str(path)!r} asks for nothing.")
    for name, asked in (*gate.min.items(), *gate.max.items()):
        if name != "cost_per_doc" and not 0 <= asked <= 1:
            raise ConfigurationError(
                f"The gate {str(path)!r}: {name} is from 0 to 1, not {asked:g}."
            )
    if gate.baseline is None:
        return gate
    baseline = path.parent / gate.baseline
    if not baseline.exists():  # told before an evaluation has asked and paid
        raise ConfigurationError(f"The gate {str(path)!r}: its baseline {baseline} is not there.")
    return gate.model_copy(update={"baseline": baseline})


_OF_SUMMARY = (
    *("macro_f1", "micro_f1", "clause_f1", "choice_f1", "strict_accuracy"),
    *("hallucination_rate", "omission_rate"),
)
_WHOLE = (
    *_OF_SUMMARY,
    *("evidence_f1", "evidence_found_rate", "anls", "valid_rate", "cost_per_doc"),
)
"""The figures of a whole that a gate can ask for."""


def gate_figures(
    scored: Scored, *, cost_per_doc: float | None = None, valid_rate: float | None = None
) -> dict[str, float | None]:
    """Return every figure that a gate can ask for, by its name; None where it is not known."""
    whole = summary(scored.table)
    figures: dict[str, float | None] = {name: getattr(whole, name) for name in _OF_SUMMARY}
    figures |= {
        "evidence_f1": scored.quotes.f1,
        "evidence_found_rate": scored.quotes.found_rate,
        "anls": scored.anls,
        "valid_rate": valid_rate,
        "cost_per_doc": cost_per_doc,
    }
    for field in field_scores(scored.table):
        for figure in ("precision", "recall", "f1", "f2"):
            known = getattr(field, figure) if field.gold else None
            figures[f"fields.{field.field}.{figure}"] = known
        figures[f"fields.{field.field}.hallucination_rate"] = field.hallucination_rate
    return figures


def require_figures(gate: Gate, dataset: Dataset, asked: Asked) -> None:
    """Refuse a gate that asks for figures which a data set's labels don't give.

    Of which fields there are figures does not depend on the answers: this is known before anybody
    is asked, and paid.

    Raises:
        ConfigurationError: it asks for such a figure.
        DocumentError: the data set is broken.
    """
    empty = {each.doc_id: Prediction(doc_id=each.doc_id, fields={}) for each in dataset.documents()}
    if not empty:  # which is told by who wants documents
        return
    scored = score(dataset, empty, asked=asked)
    figures = gate_figures(scored)
    for name in (*gate.min, *gate.max):
        _figure(figures, name)
    compared = {*wholes(scored.table), *(_f1(name) for name, *_ in by_field(scored.table))}
    for name in gate.max_regression:
        _require_compared(name, compared)


def checks(
    gate: Gate, figures: Mapping[str, float | None], comparison: Comparison | None = None
) -> Iterator[Check]:
    """Check what a gate asks.

    A regression fails the gate if the figure fell by more than is allowed and chance does not
    explain that it fell (p below 0.05, as `compare` tells it). What fell by as much by what may be
    chance passes, and the check says so.

    Args:
        gate: what is asked.
        figures: see `gate_figures`.
        comparison: with the baseline, the baseline first.

    Raises:
        ConfigurationError: the gate asks for a figure that there is none of.
    """
    for name, least in gate.min.items():
        got = _figure(figures, name)
        yield _check(name, got, got is not None and got >= least, f"at least {least:g}")
    most = dict(gate.max)
    if gate.max_cost_per_doc is not None:
        most["cost_per_doc"] = min(gate.max_cost_per_doc, most.get("cost_per_doc", math.inf))
    for name, limit in most.items():
        got = _figure(figures, name)
        yield _check(name, got, got is not None and got <= limit, f"at most {limit:g}")
    for name, allowed in gate.max_regression.items():
        yield _regression(name, allowed, _difference(comparison, name))


def _figure(figures: Mapping[str, float | None], name: str) -> float | None:
    if name not in figures:
        raise ConfigurationError(
            f"A gate asks for {name!r}, which is no figure of this evaluation.",
            hint=_near(name, figures),
        )
    return figures[name]


def _near(name: str, known: Iterable[str]) -> str:
    """Name the figures that are like one; of many fields not all."""
    near = get_close_matches(name, [*known], n=5)
    return f"Did you mean {' or '.join(near)}?" if near else "Look into the scores as --json."


def _check(name: str, got: float | None, is_met: bool, wanted: str) -> Check:
    told = "not known" if got is None else f"{got:.4g}"
    return Check(name, is_met, f"{name} is {told}, {wanted} is asked for")


def _difference(comparison: Comparison | None, name: str) -> Difference:
    known: dict[str, Difference] = {}
    if comparison is not None:
        known = dict(comparison.wholes)
        known |= {
            _f1(each.field): each.difference
            for each in comparison.fields
            if each.difference is not None
        }
    _require_compared(name, known)
    return known[name]


def _f1(field: str) -> str:
    return f"fields.{field}.f1"


def _require_compared(name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ConfigurationError(
            f"A gate allows a regression of {name!r}, which is not compared with a baseline.",
            hint=_near(name, known),
        )


def _regression(name: str, allowed: float, found: Difference) -> Check:
    at = found.interval
    fell = at.value < -allowed
    is_met = not (fell and found.is_significant)
    told = (
        f"{name} against the baseline: {at.value:+.4f} (95 %: {at.low:+.4f} to {at.high:+.4f}, "
        f"p = {found.p_value:.3f}), a fall of {allowed:g} is allowed"
    )
    may = "; it fell by more, which may be chance" if fell and is_met else ""
    return Check(f"regression of {name}", is_met, f"{told}{may}", is_doubtful=bool(may))
