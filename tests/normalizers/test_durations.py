import pytest

from extractor.normalizers import durations_in, read_iso_duration


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P30D", "upon thirty (30) days' prior notice"),
        ("P2Y", "a term of two (2) years"),
        ("P24M", "a term of two (2) years"),
        ("P1Y", "a 12-month period"),
        ("P18M", "one year and six months"),
        ("P18M", "one (1) year, six (6) months"),
        ("P2W", "fourteen days"),
        ("P14D", "two weeks"),
        ("PT48H", "forty-eight (48) hours"),
        ("P3M", "three calendar months"),
        ("P1M", "on a month-to-month basis"),
        ("P1Y", "renews from year to year"),
        ("P1Y", "for an additional year"),
        ("P1Y", "reviewed annually"),
        ("P3M", "paid Quarterly"),
    ],
)
def test_a_length_of_time_equals_its_iso_form(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) in durations_in(phrase)


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P1M", "30 days"),
        ("P10D", "ten (10) business days"),
        ("P2Y", "24 days"),
        ("P30D", "the thirtieth day"),
        ("P90D", "30 to 60 days"),
        ("P1M", "a 24-month period"),
        ("P1Y", "in the fifth year"),
    ],
)
def test_lengths_that_only_look_alike_stay_apart(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) not in durations_in(phrase)


@pytest.mark.parametrize("between", [" and ", ", ", ",", "  ,   and  "])
def test_neighbouring_lengths_are_summed(between: str) -> None:
    assert read_iso_duration("P18M") in durations_in(f"1 year{between}6 months")


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1234567890Y", "p2y", "two years", "P1M2", "PARTY"]
)
def test_what_is_no_iso_duration_is_not_read(text: str) -> None:
    assert read_iso_duration(text) is None
