"""Readers of quantities, names and places: pure functions that keep the raw text and never guess.

A reader takes a text that is one quantity and nothing else and answers None where it is not; the
`..._in` functions list what a passage mentions. What can be read in more than one way comes back
with all its candidates and no `value`.
"""

from extractor.normalizers.calendar_days import (
    RelativeDateReading,
    longest,
    read_relative_date,
    shifted,
    shortest,
)
from extractor.normalizers.contradictions import contradictions
from extractor.normalizers.currency import (
    CURRENCY,
    CURRENCY_BEFORE,
    ISO_CODES,
    currency_code,
    currency_meanings,
    may_name_currency,
)
from extractor.normalizers.dates import DateReading, dates_in, dates_with_years, read_date
from extractor.normalizers.durations import (
    LENGTH_WORDS,
    Duration,
    anniversaries_in,
    comes_again,
    durations_in,
    net_days_in,
    parts_of_sums,
    read_iso_duration,
    recurrences_in,
)
from extractor.normalizers.entities import without_entities
from extractor.normalizers.flags import null_alias, read_bool
from extractor.normalizers.folding import fold_text
from extractor.normalizers.jurisdictions import (
    JurisdictionReading,
    read_jurisdiction,
    read_jurisdictions,
)
from extractor.normalizers.mentions import (
    NumberMention,
    number_mentions,
    numbers_in,
    says_numbers,
)
from extractor.normalizers.money import MoneyReading, read_money
from extractor.normalizers.numbers import NumberReading, read_number
from extractor.normalizers.partial_dates import (
    PartialDateReading,
    date_bounds,
    partial_dates_in,
    read_partial_date,
)
from extractor.normalizers.parties import PartyReading, read_party, same_party
from extractor.normalizers.percents import read_percent
from extractor.normalizers.periods import DurationReading, read_duration
from extractor.normalizers.times import read_time, times_in

__all__ = [
    "CURRENCY",
    "CURRENCY_BEFORE",
    "ISO_CODES",
    "LENGTH_WORDS",
    "DateReading",
    "Duration",
    "DurationReading",
    "JurisdictionReading",
    "MoneyReading",
    "NumberMention",
    "NumberReading",
    "PartialDateReading",
    "PartyReading",
    "RelativeDateReading",
    "anniversaries_in",
    "comes_again",
    "contradictions",
    "currency_code",
    "currency_meanings",
    "date_bounds",
    "dates_in",
    "dates_with_years",
    "durations_in",
    "fold_text",
    "longest",
    "may_name_currency",
    "net_days_in",
    "null_alias",
    "number_mentions",
    "numbers_in",
    "partial_dates_in",
    "parts_of_sums",
    "read_bool",
    "read_date",
    "read_duration",
    "read_iso_duration",
    "read_jurisdiction",
    "read_jurisdictions",
    "read_money",
    "read_number",
    "read_partial_date",
    "read_party",
    "read_percent",
    "read_relative_date",
    "read_time",
    "recurrences_in",
    "same_party",
    "says_numbers",
    "shifted",
    "shortest",
    "times_in",
    "without_entities",
]
