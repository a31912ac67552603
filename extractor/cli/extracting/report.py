"""An extraction for people: each field with its proof, and one line that counts them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.plurals import counted
from extractor.sets.model import SetExtraction
from extractor.types import Extraction, FieldResult, FieldStatus

_STYLES: Mapping[FieldStatus, str] = {
    "found": "green",
    "derived": "cyan",
    "ambiguous": "bold yellow",
    "conflict": "bold red",
    "unverified": "yellow",
    "invalid": "red",
    "unreadable": "magenta",
    "not_searched": "blue",
    "absent": "dim",
}
"""From what can be relied upon to what is not there."""

_TABLE_COLUMNS = 100
"""In fewer, the cells of a table are too narrow to be read: the fields stand one below another."""

_SHOWN = 400
"""Characters of a value or quote; --json has all of them."""


def summary(extraction: Extraction[Any]) -> str:
    """Count the fields by status, and say who was asked at what cost."""
    results = extraction.fields.values()
    given = {result.status for result in results}
    statuses = ", ".join(_counted(status, results) for status in _ORDER if status in given)
    usage = extraction.usage
    cost = "cost unknown" if extraction.cost_usd is None else f"${extraction.cost_usd:.4f}"
    return (
        f"{statuses or 'No fields'}. {safe(extraction.model)} ({extraction.backend}), "
        f"{counted(extraction.attempts, 'request')}, "
        f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens, {cost}."
    )


_ORDER: tuple[FieldStatus, ...] = (
    *_STYLES,
    *(status for status in get_args(FieldStatus) if status not in _STYLES),
)


def _counted(status: FieldStatus, results: Iterable[FieldResult]) -> str:
    """Count one status; a value that is found but not beyond doubt is no plain find."""
    notes = [result.note for result in results if result.status == status]
    noted = sum(note is not None for note in notes) if status == "found" else 0
    return f"{len(notes)} {status}" + (f" ({noted} with a note)" if noted else "")


def field_report(fields: Mapping[str, FieldResult], out: Output) -> str:
    """Write each field with its value, status, page, quote and note, as wide as `out` is."""
    width, written = out.width(), io.StringIO()
    console = Console(
        file=written, force_terminal=out.stream().isatty(), highlight=False, width=width
    )
    console.print(_table(fields, width) if width >= _TABLE_COLUMNS else _list(fields))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def set_report(extraction: SetExtraction[Any], out: Output) -> str:
    """Write what holds, what does not any more and why, and what each document was taken for."""
    lines = [field_report(extraction.fields, out)]
    for path, values in extraction.superseded.items():
        for each in values:
            by = f" by {safe(each.by)}" if each.by else ""
            value = _clipped(safe(each.result.value))
            lines.append(
                f"No longer: {safe(path)} = {value} ({safe(each.document)}), {each.why}{by}"
            )
    for member in extraction.documents:
        dated = f", {member.date.isoformat()}" if member.date else ", no date found"
        lines.append(f"Document: {safe(member.name)} ({member.role}{dated})")
    return "\n".join(lines)


def _table(fields: Mapping[str, FieldResult], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Field", overflow="fold", max_width=width // 4)
    table.add_column("Value", overflow="fold", max_width=width // 3)
    table.add_column("Status", no_wrap=True)
    table.add_column("Page", no_wrap=True)
    table.add_column("Quote", overflow="fold", ratio=1)
    for path, result in fields.items():
        about = [line for line in (_quote(result), _note(result)) if line]
        table.add_row(
            Text(safe(path)), _value(result), _status(result), _page(result), Text("\n").join(about)
        )
    return table


def _list(fields: Mapping[str, FieldResult]) -> Group:
    lines: list[RenderableType] = []
    for path, result in fields.items():
        page = _page(result)
        heading = Text(safe(path), style="bold", overflow="fold")
        heading.append("  ").append_text(_status(result)).append(f"  page {page}" if page else "")
        lines.append(heading)
        about = [line for line in (_value(result), _quote(result), _note(result)) if line]
        lines += [Padding(line, (0, 0, 0, 2)) for line in about]
    return Group(*lines)


def _status(result: FieldResult) -> Text:
    return Text(result.status, style=_STYLES.get(result.status, "bold"))


def _page(result: FieldResult) -> Text:
    page = result.evidence[0].page if result.evidence else None
    return Text(str(page or ""))


def _value(result: FieldResult) -> Text:
    return Text("" if result.value is None else _clipped(safe(result.value)), overflow="fold")


def _quote(result: FieldResult) -> Text:
    quote = f"“{_clipped(safe(result.evidence[0].quote))}”" if result.evidence else ""
    return Text(quote, overflow="fold")


def _note(result: FieldResult) -> Text:
    return Text(f"[{safe(result.note)}]" if result.note else "", style="italic", overflow="fold")


def _clipped(text: str) -> str:
    """Leave out the middle of what would fill a screen, and say how much there is."""
    if len(text) <= _SHOWN:
        return text
    return f"{text[: _SHOWN // 2]} … {text[-_SHOWN // 4 :]} ({len(text):,} characters)"
