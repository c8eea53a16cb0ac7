"""Dates as EDTF (ISO 8601-2): checked, and turned into the first and last day they may mean.

Thin over the `edtf` package, which does the parsing; knows nothing of records.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache


class DateError(ValueError):
    """The string is no EDTF date; the message says what is."""


# Nearly all dates; the parser of the others takes a hundredth of a second for each.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")


@lru_cache(maxsize=4096)
def bounds(value: str) -> tuple[date | None, date | None]:
    """First and last day that an EDTF string covers, both included; None for an open or unknown end.

    Raises:
        DateError: the string is not EDTF level 0 or 1, or an interval that ends before it begins.
    """
    if _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise _no_date(value) from error
        return day, day
    if (month := _MONTH.fullmatch(value)) and value > "0001":
        year, number = int(month[1]), int(month[2])
        return date(year, number, 1), date(year, number, monthrange(year, number)[1])
    if _YEAR.fullmatch(value) and value > "0000":
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if "/" in value:
        left, _, right = value.partition("/")
        low = None if left in ("", "..") else bounds(left)[0]
        high = None if right in ("", "..") else bounds(right)[1]
        if "/" in right or (low is None and high is None):
            raise DateError(f"{value!r} is no EDTF interval; write FIRST/LAST, with '..' for an open end")
        if low and high and low > high:
            raise DateError(f"the interval {value!r} ends before it begins")
        return low, high
    import edtf  # loaded at first use: it brings a parser generator, and is slow

    try:
        parsed = edtf.parse_edtf(value)
        first, last = parsed.lower_strict(), parsed.upper_strict()
        return date(*first[:3]), date(*last[:3])
    except Exception as error:  # the parser raises several kinds; all mean the same to a caller
        raise _no_date(value) from error


def _no_date(value: str) -> DateError:
    return DateError(f"{value!r} is no EDTF date; write 2031, 2031-03, 2031-03-02, 2029/2031 or add '~' for about")


def compatible(one: str, other: str) -> bool:
    """Whether two EDTF strings can mean the same time: their day ranges overlap."""
    low_a, high_a = bounds(one)
    low_b, high_b = bounds(other)
    return (low_a or date.min) <= (high_b or date.max) and (low_b or date.min) <= (high_a or date.max)
