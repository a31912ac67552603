"""What a run is: what was asked of whom, how far it is, and what it took."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from extractor.runs.exports.texts import as_text
from extractor.runs.reader import RunReader

_UNKNOWN_COST = (
    "SELECT count(*) FROM documents WHERE key IN (SELECT document FROM files) "
    "AND attempts > 0 AND cost_usd IS NULL"
)


def made_at(reader: RunReader) -> datetime:
    """Return when a run was begun, to the second, in UTC; the time that its exports bear."""
    (seconds,) = reader.one("SELECT made_at FROM run")
    return datetime.fromtimestamp(int(seconds), UTC)


def run_facts(reader: RunReader) -> dict[str, Any]:
    """Return facts about a run by name: its settings, counts, tokens, cost and our version."""
    counts = reader.counts()
    settings = {name: as_text(value) for name, value in reader.configuration.told.items()}
    return settings | {
        "begun at": made_at(reader).isoformat(),
        "folder": reader.folder,
        "files": sum(counts.files.values()),
        **{f"files {state}": counts.files[state] for state in sorted(counts.files)},
        "duplicates": counts.duplicates,
        "requests": counts.attempts,
        "input tokens": counts.input_tokens,
        "output tokens": counts.output_tokens,
        "cost in USD": round(counts.cost_usd, 6),
        "documents of unknown cost": reader.one(_UNKNOWN_COST)[0],
        "contract-extractor": version("contract-extractor"),
    }
