"""What a run is: what was asked of whom, how far it is, and what it took."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from extractor.calls.records import MICRO
from extractor.outputs.texts import as_text
from extractor.runs.reader import RunReader


def made_at(reader: RunReader) -> datetime:
    """Return when a run was begun, to the second, in UTC; the time that its exports bear."""
    (seconds,) = reader.one("SELECT made_at FROM run")
    return datetime.fromtimestamp(int(seconds), UTC)


def run_facts(reader: RunReader) -> dict[str, Any]:
    """Return facts about a run by name: its settings, counts, tokens, cost and our version."""
    counts, spent = reader.counts(), reader.spent()
    settings = {name: as_text(value) for name, value in reader.configuration.told.items()}
    return settings | {
        "begun at": made_at(reader).isoformat(),
        "folder": reader.folder,
        "files": sum(counts.files.values()),
        **{f"files {state}": counts.files[state] for state in sorted(counts.files)},
        "duplicates": counts.duplicates,
        "requests": spent.requests,
        "input tokens": spent.input_tokens,
        "output tokens": spent.output_tokens,
        "cost in USD": None if spent.unpriced else spent.cost / MICRO,
        "requests of unknown cost": spent.unpriced,
        "contract-extractor": version("contract-extractor"),
    }
