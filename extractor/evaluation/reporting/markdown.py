"""The report in Markdown, for a pull request's comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gate import Check
from extractor.evaluation.reporting.record import evaluation_told, results_record
from extractor.evaluation.runs.results import Results
from extractor.outputs.texts import visible
from extractor.types import JsonObject

_OF_FIELD = ("precision", "recall", "f1")
_WHOLES = ("macro_f1", "micro_f1", "clause_f1", "choice_f1")


def markdown_report(results: Results, checks: Sequence[Check] = ()) -> str:
    """Return the tables of cells, differences and fields, and what a gate says."""
    record = results_record(results)
    cells: list[JsonObject] = record["cells"]
    parts = [f"## Evaluation: {_plain(results.dataset.name)}", _plain(evaluation_told(results))]
    parts.append(_cells(cells))
    for names, told in (("not_asked", "not in the schema"), ("not_labelled", "without a label")):
        if cells[0][names]:
            listed = ", ".join(map(_plain, cells[0][names]))
            parts.append(f"Not scored, {told}: {listed}.")
    for found in record["comparisons"]:
        parts.append(f"**{_plain(found['second'])}** against {_plain(found['first'])}:")
        parts.append("\n".join(_differences(found)))
    for cell in cells:
        parts += [f"### {_plain(cell['name'])}", *_undone(cell["run"]), _fields(cell["fields"])]
    if checks:
        parts += ["### Gate", "\n".join(_check(check) for check in checks)]
    return "\n\n".join(parts) + "\n"


def _undone(run: JsonObject) -> Iterator[str]:
    """Say of how many documents there is nothing."""
    told = [f"{count} with {_plain(kind)}" for kind, count in run["failed"].items()]
    told += [f"{run['unfinished']} not done"] if run["unfinished"] else []
    if told:
        yield f"Without a result, and counted as omitted: {', '.join(told)}."


def _cells(cells: Iterable[JsonObject]) -> str:
    rows = [
        (
            _plain(cell["name"]),
            *(_figure(cell[name]) for name in _WHOLES),
            _interval(cell["intervals"].get("macro_f1")),
            _share(cell["hallucination_rate"]),
            _share(cell["run"]["valid_rate"]["after_repair"]),
            _share(cell["run"]["proved_rate"]),
            _dollars(cell["run"]["cost_per_document_usd"]),
        )
        for cell in cells
    ]
    return _table(
        (
            *("cell", "macro-F1", "micro-F1", "clauses", "choices", "macro 95 %"),
            *("invented", "valid", "proved", "$ a document"),
        ),
        rows,
    )


def _differences(found: JsonObject) -> Iterator[str]:
    for name in _WHOLES:
        each: JsonObject | None = found.get(name)
        if each is not None:
            low, high = each["interval"]
            verdict = "significant" if each["is_significant"] else "no significant difference"
            yield (
                f"- {_plain(name)} {each['difference']:+.3f} (95 %: {low:+.3f} to {high:+.3f}, "
                f"p = {each['p_value']:.3f}): {verdict}"
            )


def _fields(fields: Iterable[JsonObject]) -> str:
    rows = [
        (
            _plain(field["field"]),
            *(_figure(field[name] if field["gold"] else None) for name in _OF_FIELD),
            _interval(field["interval"]),
            str(field["gold"]),
            _share(field["hallucination_rate"]),
        )
        for field in fields
    ]
    return _table(("field", "P", "R", "F1", "95 %", "gold", "invented"), rows)


def _check(check: Check) -> str:
    return f"- {'pass' if check.is_met else '**FAIL**'}: {_plain(check.told)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _interval(told: Sequence[float] | None) -> str:
    return "" if told is None else "{:.3f} to {:.3f}".format(*told)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4f}"


def _plain(text: str) -> str:
    r"""Write a name so that it is no markup.

    >>> _plain("a|b<c>")
    'a\\|b&lt;c&gt;'
    """
    text = visible(text)
    for mark in ("\\", "|", "*", "_", "`", "[", "]"):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())
