"""The conversation that every system which takes one is given."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.schema import SYSTEM, Contract


def messages(document: str, system: str = SYSTEM) -> list[Any]:
    """Ask for one document's facts; the type is what each SDK makes of it."""
    return [{"role": "system", "content": system}, {"role": "user", "content": document}]


def strict_format() -> dict[str, Any]:
    """Return the schema as OpenAI's strict response format."""
    schema = Contract.model_json_schema() | {"additionalProperties": False}
    inner = {"name": "Contract", "strict": True, "schema": schema}
    return {"type": "json_schema", "json_schema": inner}
