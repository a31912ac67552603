"""A run's results for people and programs: Excel, CSV, JSON lines, SQLite, Parquet, and HTML.

Every format has each file of the run once, whatever became of it, in the order of the input. The
same run gives the same bytes. What a contract, a model or a file's name says is text in a cell, and
nothing else: no formula, no link, no path that is written to.
"""

from __future__ import annotations

from extractor.runs.exports.base import ExportFormat, ExportSummary, format_of
from extractor.runs.exports.lines import SCHEMA_VERSION, read_export
from extractor.runs.exports.writing import write_export

__all__ = [
    "SCHEMA_VERSION",
    "ExportFormat",
    "ExportSummary",
    "format_of",
    "read_export",
    "write_export",
]
