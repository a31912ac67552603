"""Currencies as contracts write them, and the ISO 4217 code each form stands for.

A sign that several currencies share ("$", "¥", "kr", "Rs") stands for none of them: which dollar is
meant is for the rest of the contract to say. The codes are those of ISO 4217's list one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND "
    "TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
ISO_CODES = frozenset(_CODES.split())

_SIGNS: dict[str, str | None] = {
    "$": None, "¥": None, "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY",
    "₽": "RUB", "฿": "THB", "₫": "VND", "₦": "NGN", "₱": "PHP", "₴": "UAH", "zł": "PLN",
    "kr": None, "rs": None, "rs.": None, "sfr": "CHF", "sfr.": "CHF", "rmb": "CNY",
    "jp¥": "JPY", "cn¥": "CNY",
}  # fmt: skip
_DOLLARS: dict[str, str | None] = {
    "us": "USD", "u.s.": "USD", "usd": "USD", "c": "CAD", "ca": "CAD", "can": "CAD", "cdn": "CAD",
    "cad": "CAD", "a": "AUD", "au": "AUD", "aud": "AUD", "nz": "NZD", "nzd": "NZD", "hk": "HKD",
    "hkd": "HKD", "s": "SGD", "sg": "SGD", "sgd": "SGD", "nt": "TWD", "r": "BRL", "mx": "MXN",
}  # fmt: skip
_NATIONS: dict[str, str | None] = {
    "us": "USD", "u.s.": "USD", "united states": "USD", "american": "USD", "canadian": "CAD",
    "australian": "AUD", "new zealand": "NZD", "hong kong": "HKD", "singapore": "SGD",
}  # fmt: skip
_NAMES: dict[str, str | None] = {
    "dollar": None, "pound": None, "rupee": None, "franc": None, "euro": "EUR",
    "pound sterling": "GBP", "pounds sterling": "GBP", "british pound": "GBP",
    "swiss franc": "CHF", "indian rupee": "INR", "yen": "JPY", "japanese yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "yuan renminbi": "CNY",
}  # fmt: skip
_SHARED = {
    "$": "USD CAD AUD NZD HKD SGD TWD MXN BRL CLP COP ARS BBD BMD BND BSD BZD FJD GYD JMD KYD LRD "
    "NAD SBD SRD TTD UYU XCD",
    "¥": "JPY CNY", "pound": "GBP EGP FKP GIP LBP SDG SHP SSP SYP", "kr": "SEK NOK DKK ISK",
    "rupee": "INR LKR MUR NPR PKR SCR", "franc": "CHF BIF CDF DJF GNF KMF RWF XAF XOF XPF",
}  # fmt: skip
_ALIKE = {"dollar": "$", "rs": "rupee", "rs.": "rupee"}
_COMMON = "USD EUR GBP CHF CAD AUD NZD JPY CNY INR HKD SGD SEK NOK DKK"

_AFTER_SIGN = sorted(mark for mark in _DOLLARS if len(mark) > 1 and mark.isalpha())
"""What says which dollar behind its sign, as "$US" does; one letter may be any identifier's."""

_FORMS: dict[str, str | None] = (
    _SIGNS
    | {f"${mark}": _DOLLARS[mark] for mark in _AFTER_SIGN}
    | {f"{mark}$": code for mark, code in _DOLLARS.items()}
    | {f"{nation} dollar": code for nation, code in _NATIONS.items()}
    | _NAMES
    | {code.lower(): code for code in ISO_CODES}
)


def _any_of(forms: Sequence[str], suffix: str = "") -> str:
    ordered = sorted(forms, key=len, reverse=True)
    spaced = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in ordered)
    return f"(?:{spaced}){suffix}"


# Codes that are English words ("ALL", "TOP", "TRY") count in capitals only.
_WRITTEN = "|".join(
    (
        rf"(?i:(?<![a-z])(?:{_any_of([*_DOLLARS])})\s?\$)",
        rf"(?i:\$(?:{_any_of(_AFTER_SIGN)})(?![a-z]))",
        rf"(?i:(?<![a-z])(?:{_any_of([*_NATIONS])})\s+dollars?\b)",
        rf"(?i:(?<![a-z]){_any_of([*_NAMES], 's?')}\b)",
        rf"(?<![A-Za-z]){_any_of([*ISO_CODES])}(?![A-Za-z])",
        rf"(?i:(?<![a-z]){_any_of(_COMMON.split())}(?![a-z]))",
        rf"(?i:(?<![a-z]){_any_of([s for s in _SIGNS if s.isascii() and s != '$'])}(?![a-z]))",
        rf"(?i:{_any_of([s for s in _SIGNS if not s.isascii()])})|\$",
    )
)
CURRENCY = re.compile(_WRITTEN)
"""Matches any way of writing a currency, longest form first."""

DOLLARS_AT_END = re.compile(rf"\$(?:{_any_of(_AFTER_SIGN)})\Z", re.IGNORECASE)
"""Matches "$US" and its like at the end of a text."""

CURRENCY_BEFORE = re.compile(rf"(?:{_WRITTEN})\s?-?\Z")


_WORDS = frozenset(
    word
    for form in (*_NATIONS, *_NAMES, *_SIGNS, *map(str.lower, ISO_CODES))
    for part in re.findall("[a-z]{2,}", form)
    for word in (part, f"{part}s")
)
_LETTERS = re.compile("[a-z]+")


def may_name_currency(text: str) -> bool:
    """Whether any currency may stand in a text: told quickly, for most texts.

    >>> may_name_currency("five million Dollars"), may_name_currency("thirty (30) days")
    (True, False)
    """
    if "$" in text or not text.isascii():
        return True
    return not _WORDS.isdisjoint(_LETTERS.findall(text.lower()))


def currency_code(written: str) -> str | None:
    """Return the ISO 4217 code of a currency as written, or None where it does not say which.

    >>> currency_code("US$"), currency_code("Canadian Dollars"), currency_code("$")
    ('USD', 'CAD', None)
    """
    form = " ".join(written.lower().split()).replace(" $", "$")
    return _FORMS.get(form, _FORMS.get(form.removesuffix("s")))


def currency_meanings(written: str) -> tuple[str, ...]:
    r"""Return the ISO 4217 codes that a currency as written can stand for, the usual one first.

    >>> currency_meanings("\u20ac"), currency_meanings("\u00a5")
    (('EUR',), ('JPY', 'CNY'))
    """
    code = currency_code(written)
    if code is not None:
        return (code,)
    form = written.lower().strip()
    form = form if form in _SHARED or form in _ALIKE else form.removesuffix("s")
    return tuple(_SHARED.get(_ALIKE.get(form, form), "").split())
