"""What decides the answers about documents, beside the documents: enough to tell runs apart."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from extractor.about import declared
from extractor.asking.candidates import Candidate
from extractor.asking.document import Conditions
from extractor.types import JsonObject
from extractor.wire.fields_schema import FieldsJsonSchema

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def identity(candidates: Sequence[Candidate[Any]], conditions: Conditions) -> JsonObject:
    """Return it by name; schema and prompts, which are long, as hashes."""
    plan = candidates[0].plan
    return {
        "schema": plan.schema.__name__,
        "schema_sha256": _digest(plan.schema),
        "models": [each.model for each in candidates],
        "endpoints": [each.target.endpoint for each in candidates],
        "techniques": [each.plan.backend.name for each in candidates],
        "evidence": plan.evidence,
        "reasoning_effort": plan.reasoning_effort,
        "unverified": conditions.unverified,
        "second_look": conditions.second_look,
        "coverage": conditions.coverage,
        "instructions": conditions.instructions,
        "prompts_sha256": conditions.prompts.digest,
    }


def _digest(schema: type[BaseModel]) -> str:
    """Hash what a schema asks for, and what it declares for what comes after the answer."""
    asked = schema.model_json_schema(by_alias=False, schema_generator=FieldsJsonSchema)
    rules = [
        _ADDRESS.sub("", repr(rule))
        for name in ("vital", "checks", "derivations")
        for rule in declared(schema, name)
    ]
    return hashlib.sha256(json.dumps([asked, rules], default=str).encode()).hexdigest()
