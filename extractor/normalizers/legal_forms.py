"""Legal forms of companies, and the words that say nothing in a name.

A form maps to one word for all its spellings: two names with different words name two companies.
"""

from __future__ import annotations

import re

LEGAL_FORMS = {
    "inc": "incorporated", "incorporated": "incorporated", "corp": "corporation",
    "corporation": "corporation", "co": "company", "company": "company", "ltd": "limited",
    "limited": "limited", "llc": "llc", "lp": "lp", "llp": "llp", "plc": "plc", "gmbh": "gmbh",
    "ag": "ag", "sa": "sa", "nv": "nv", "bv": "bv", "pty": "pty", "sarl": "sarl", "spa": "spa",
    "se": "se", "ab": "ab", "oy": "oy", "kg": "kg", "srl": "srl", "sas": "sas", "pte": "pte",
    "bhd": "bhd", "pllc": "pllc", "na": "na",
}  # fmt: skip

SPELT_OUT = {
    "limited liability company": "llc",
    "limited partnership": "lp",
    "public limited company": "plc",
    "national association": "na",
}

SPELT = re.compile("|".join(form.replace(" ", r"\s+") for form in SPELT_OUT), re.IGNORECASE)


def with_short_forms(text: str) -> str:
    """Write a legal form that is spelt out as its letters: "limited liability company" as "llc"."""
    return SPELT.sub(lambda spelt: SPELT_OUT[" ".join(spelt.group().lower().split())], text)
