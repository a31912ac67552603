"""The places whose law contracts choose, with their ISO 3166 codes.

Countries have codes of ISO 3166-1. Of parts of countries only those count that have a private law
of their own (the United States, Canada, Australia, the United Kingdom, two of the Emirates), with
codes of ISO 3166-2: a county of the same name elsewhere makes no name ambiguous.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol, cast

from extractor.normalizers.adjectives import ADJECTIVES
from extractor.normalizers.folding import folded_words

_SMALL = frozenset(["a", "an", "and", "the", "of", "in"])
_NO_STATE = frozenset({"Outlying area"})
"""Puerto Rico and Guam have a country's code as well, which is the one that is used."""

_OTHER_NAMES = {
    "US": "USA, America", "GB": "UK, Great Britain, Britain", "AE": "UAE", "RU": "Russia",
    "TR": "Turkey", "KR": "Republic of Korea", "CN": "PRC, Mainland China", "MO": "Macau",
    "CI": "Ivory Coast", "NL": "Holland, The Netherlands", "VN": "Vietnam", "IE": "Eire",
    "HK": "Hong Kong SAR", "VG": "British Virgin Islands, BVI", "CZ": "Czech Republic",
    "GB-EAW": "England and Wales", "GB-WLS": "Wales", "US-DC": "Washington DC",
    "AE-DU": "Dubai", "AE-AZ": "Abu Dhabi",
}  # fmt: skip
_GB_NATIONS = frozenset({"GB-ENG", "GB-NIR", "GB-SCT"})
_FEDERATIONS = frozenset({"US", "CA", "AU"})


class _Subdivision(Protocol):
    """What `pycountry` says of a part of a country; it names no types itself."""

    code: str
    country_code: str
    name: str
    type: str


def place_key(name: str) -> str:
    """Reduce a place's name to the words that count."""
    return " ".join(word for word in folded_words(name) if word not in _SMALL)


@lru_cache(maxsize=1)
def places() -> Mapping[str, frozenset[str]]:
    """Return the codes that each name can mean, by its key; made on first use.

    The names are those of `pycountry`, whose data is Debian's iso-codes. Adjectives are among them:
    "english" is the law of England and Wales.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in _names():
        found[place_key(name)].add(code)
    for adjective, words in ADJECTIVES.items():
        found[adjective] |= found.get(words, set())
    return {key: frozenset(codes) for key, codes in found.items() if key and codes}


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, frozenset[str]]:
    """Return the codes that two or three capitals can mean: of a country, or of one of its states.

    "CA" is Canada and California.
    """
    import pycountry

    found: dict[str, set[str]] = defaultdict(set)
    for country in pycountry.countries:
        found[country.alpha_2].add(country.alpha_2)
        found[country.alpha_3].add(country.alpha_2)
    for codes in places().values():
        for code in codes:
            found[code.rpartition("-")[2]].add(code)
    return {letters: frozenset(codes) for letters, codes in found.items()}


def _names() -> Iterator[tuple[str, str]]:
    """Yield each code with each of its names."""
    import pycountry  # half of a second on a cold disk: only for who needs a code

    for country in pycountry.countries:
        for kind in ("name", "common_name", "official_name"):
            if name := getattr(country, kind, None):
                yield country.alpha_2, name
                last, comma, first = name.partition(", ")
                if comma:  # "Korea, Republic of"
                    yield country.alpha_2, f"{first} {last}"
    for part in cast("Iterable[_Subdivision]", pycountry.subdivisions):
        is_state = part.country_code in _FEDERATIONS and part.type not in _NO_STATE
        if is_state or part.code in _GB_NATIONS:
            yield part.code, part.name
    for code, names in _OTHER_NAMES.items():
        for name in names.split(", "):
            yield code, name
