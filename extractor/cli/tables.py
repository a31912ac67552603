"""Tables for people: a line for each row, so that what is copied out of one is whole."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractor.cli.streams import Output
from extractor.cli.terminal import safe

_WIDTH = 100_000
"""Columns that no row takes: a terminal breaks a line itself, but leaves it one line."""


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], out: Output, *, texts: int
) -> str:
    """Lay rows out in columns; the first `texts` of them hold words, the others figures."""
    laid = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        laid.add_column(name, justify="left" if number < texts else "right")
    for row in rows:
        laid.add_row(*(Text("" if cell is None else safe(cell)) for cell in row))
    written = io.StringIO()
    terminal = out.stream().isatty()
    Console(file=written, force_terminal=terminal, highlight=False, width=_WIDTH).print(laid)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())
