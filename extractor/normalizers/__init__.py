"""Readers of quantities: pure functions that keep the raw text and never guess.

A reader takes a text that is one quantity and nothing else and answers None where it is not; the
`..._in` functions list what a passage mentions. What can be read in more than one way comes back
with all its candidates and no `value`.
"""

from extractor.normalizers.currency import (
    CURRENCY,
    CURRENCY_BEFORE,
    ISO_CODES,
    currency_code,
    currency_meanings,
)
from extractor.normalizers.dates import DateReading, dates_in, read_date
from extractor.normalizers.durations import Duration, durations_in, parts_of_sums, read_iso_duration
from extractor.normalizers.flags import null_alias, read_bool
from extractor.normalizers.mentions import NumberMention, number_mentions, numbers_in
from extractor.normalizers.money import MoneyReading, read_money
from extractor.normalizers.numbers import NumberReading, read_number

__all__ = [
    "CURRENCY",
    "CURRENCY_BEFORE",
    "ISO_CODES",
    "DateReading",
    "Duration",
    "MoneyReading",
    "NumberMention",
    "NumberReading",
    "currency_code",
    "currency_meanings",
    "dates_in",
    "durations_in",
    "null_alias",
    "number_mentions",
    "numbers_in",
    "parts_of_sums",
    "read_bool",
    "read_date",
    "read_iso_duration",
    "read_money",
    "read_number",
]
