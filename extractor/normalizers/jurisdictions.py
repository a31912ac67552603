"""Places as contracts name them, and the ISO 3166 code each stands for.

The code is worked out here and never asked of a model: a name that two places have ("Georgia")
stays ambiguous until the text says which is meant ("State of Georgia").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.normalizers.places import abbreviations, place_key, places


@dataclass(frozen=True, slots=True)
class JurisdictionReading:
    """One place; `candidates` are the codes it can mean, in order of the alphabet."""

    raw: str
    candidates: tuple[str, ...]

    @property
    def code(self) -> str | None:
        """The ISO 3166-1 or -2 code, or None where several places have the name."""
        return self.candidates[0] if len(self.candidates) == 1 else None


_LONGEST = 160
"""Characters of a place's name, with all that may stand before it; more is a sentence."""

_UNKNOWN: frozenset[str] = frozenset()
_CODE = re.compile(r"[A-Z]{2,3}|[A-Z]{2}-[A-Z]{2,3}")
_LAW = re.compile(
    r"(?:the\s+)?(?:(?:internal|substantive|domestic)\s+)?(?:laws?|courts)\s+(?:of|in)\s+",
    re.IGNORECASE,
)
_LAW_AFTER = re.compile(r"\s+laws?$", re.IGNORECASE)
_STATE = re.compile(
    r"(?:the\s+)?(?:state|commonwealth|province|territory|emirate)\s+of\s+", re.IGNORECASE
)
_STATE_AFTER = re.compile(r"\s+(?:state|province)$", re.IGNORECASE)
_NATION = re.compile(r"(?:the\s+)?(?:republic|kingdom|nation|country)\s+of\s+", re.IGNORECASE)
_WITHIN = re.compile(r"(?P<part>.+?)\s*(?:,|\()\s*(?P<whole>[^,()]+?)\)?")
_BETWEEN = re.compile(r"\s*;\s*|\s*,?\s+(?:and|or)\s+")


def read_jurisdiction(text: str) -> JurisdictionReading | None:
    """Read a text that names one place and nothing else; None where it does not.

    >>> read_jurisdiction("the laws of the State of New York").code
    'US-NY'
    >>> read_jurisdiction("England and Wales").code, read_jurisdiction("Georgia").candidates
    ('GB-EAW', ('GE', 'US-GA'))
    """
    plain = " ".join(text.split()).strip(" .,")
    if len(plain) > _LONGEST:
        return None
    codes = _CODE.fullmatch(plain) and abbreviations().get(plain.rpartition("-")[2], _UNKNOWN)
    if codes and "-" in plain:
        codes &= {plain}
    codes = codes or _codes(_LAW_AFTER.sub("", _LAW.sub("", plain)))
    return JurisdictionReading(text, tuple(sorted(codes))) if codes else None


def read_jurisdictions(text: str) -> list[JurisdictionReading] | None:
    """Read a text that names one place or several; None where a part of it names none.

    >>> [place.code for place in read_jurisdictions("California; Hong Kong")]
    ['US-CA', 'HK']
    """
    whole = read_jurisdiction(text)
    if whole is not None:
        return [whole]
    parts = [read_jurisdiction(part) for part in _BETWEEN.split(text)]
    found = [part for part in parts if part is not None]
    return found if found and len(found) == len(parts) else None


def _codes(name: str) -> frozenset[str]:
    known = places().get(place_key(name), _UNKNOWN)
    if known:
        return known
    for rank, is_part in ((_STATE, True), (_NATION, False)):
        bare = rank.sub("", name, count=1)
        if bare != name and rank.match(name):
            return frozenset(code for code in _codes(bare) if ("-" in code) == is_part)
    bare = _STATE_AFTER.sub("", name)
    if bare != name:
        return frozenset(code for code in _codes(bare) if "-" in code)
    within = _WITHIN.fullmatch(name)
    if within is None:
        return _UNKNOWN
    wholes = _codes(within["whole"])
    return frozenset(code for code in _codes(within["part"]) if code.partition("-")[0] in wholes)
