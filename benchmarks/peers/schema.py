"""The one extraction that every system is asked for."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

MODEL = "gpt-4o"
SYSTEM = (
    "You extract structured facts from legal contracts. Answer only from the contract's text. "
    "Dates are ISO 8601."
)
FIELDS = (
    "Return a JSON object with the fields parties (list of party names), effective_date (ISO 8601 "
    "date), termination_clause (string), key_obligations (list of strings), governing_law "
    "(string). Return only the JSON object."
)
"""What a system that enforces no schema is told of it."""


class Contract(BaseModel):
    """What is asked of each contract."""

    parties: list[str]
    effective_date: date
    termination_clause: str
    key_obligations: list[str]
    governing_law: str
