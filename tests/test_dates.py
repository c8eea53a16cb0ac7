from datetime import date

import pytest

from conflictwire import dates


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2031", date(2031, 1, 1), date(2031, 12, 31)),
        ("2031-03", date(2031, 3, 1), date(2031, 3, 31)),
        ("2031-03-02", date(2031, 3, 2), date(2031, 3, 2)),
        ("2031-03~", date(2031, 3, 1), date(2031, 3, 31)),
        ("2029/2031", date(2029, 1, 1), date(2031, 12, 31)),
        ("2031-03-02/..", date(2031, 3, 2), None),
        ("203X", date(2030, 1, 1), date(2039, 12, 31)),
    ],
)
def test_an_edtf_string_covers_its_days(value, low, high):
    assert dates.bounds(value) == (low, high)


@pytest.mark.parametrize("value", ["2031-02-30", "2031-13", "last week", "2031/2029", "../.."])
def test_what_is_no_date_is_refused_with_an_example_of_one(value):
    with pytest.raises(dates.DateError):
        dates.bounds(value)


def test_dates_are_compatible_when_their_days_overlap():
    assert dates.compatible("2031-03", "2031-03-02")
    assert not dates.compatible("2031-03", "2031-04-02")


@pytest.mark.parametrize(
    "value", ["2024", "2024-02", "2023-02", "1999-12", "0001", "0001-01", "9999", "9999-12", "0000"]
)
def test_plain_months_and_years_are_what_the_parser_says(value):
    import edtf

    try:
        parsed = edtf.parse_edtf(value)
        expected = date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])
    except ValueError:
        with pytest.raises(dates.DateError):
            dates.bounds(value)
    else:
        assert dates.bounds(value) == expected
