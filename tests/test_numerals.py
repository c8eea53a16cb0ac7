import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conflictwire import numerals


@pytest.mark.parametrize(
    ("words", "form", "values", "bound", "approximation"),
    [
        ("between 1,500 and 2,200", "range", ("1500", "2200"), "none", "none"),
        ("some 200", "numeral", ("200",), "none", "about"),
        ("roughly 50", "numeral", ("50",), "none", "about"),
        ("at least two dozen", "numeral", ("24",), "at_least", "none"),
        ("13", "numeral", ("13",), "none", "none"),
        ("nearly 1.2 million", "numeral", ("1200000",), "none", "nearly"),
        ("one in five", "fraction", ("1", "5"), "none", "none"),
        ("three boats in four", "fraction", ("3", "4"), "none", "none"),
        ("six, it may be seven", "range", ("6", "7"), "none", "none"),
        ("about an hour and 10 minutes", "numeral", ("70",), "none", "about"),
        ("two years and three months", "numeral", ("27",), "none", "none"),
        ("nearly a decade", "numeral", ("10",), "none", "nearly"),
        ("80 cents", "numeral", ("0.8",), "none", "none"),
        ("two-thirds", "fraction", ("2", "3"), "none", "none"),
        ("half a million", "numeral", ("500000",), "none", "none"),
        ("1 to 2 million", "range", ("1000000", "2000000"), "none", "none"),
        ("four or five", "range", ("4", "5"), "none", "none"),
        ("just over 40", "numeral", ("40",), "none", "just_over"),
        ("as many as 40", "numeral", ("40",), "up_to", "none"),
        ("no more than 200", "numeral", ("200",), "up_to", "none"),
        ("between fifty-five and sixty", "range", ("55", "60"), "none", "none"),
        ("nearly an hour and a half", "numeral", ("1.5",), "none", "nearly"),
        ("six and a half", "numeral", ("6.5",), "none", "none"),
        ("1½", "numeral", ("1.5",), "none", "none"),
        ("half an hour", "fraction", ("1", "2"), "none", "none"),
        ("two thousand and five", "numeral", ("2005",), "none", "none"),
        ("nothing", "zero", ("0",), "none", "none"),
        ("closer to 350", "numeral", ("350",), "none", "nearly"),
        ("no fewer than 12", "numeral", ("12",), "at_least", "none"),
        ("two hundred and fifty-one", "numeral", ("251",), "none", "none"),
        ("tens of thousands", "vague", (), "none", "none"),
        ("dozens", "vague", (), "none", "none"),
        ("no", "zero", ("0",), "none", "none"),
        ("a", "implicit", (), "none", "none"),
        ("another five", "numeral", ("5",), "none", "none"),
        ("120km", "numeral", ("120",), "none", "none"),
        ("$3.2 million", "numeral", ("3200000",), "none", "none"),
    ],
)
def test_printed_figures_are_read(words, form, values, bound, approximation):
    parsed = numerals.parse(words)
    assert parsed is not None
    assert (parsed.form, parsed.values, parsed.bound, parsed.approximation) == (form, values, bound, approximation)


@pytest.mark.parametrize("words", ["the 22nd", "the twenty-second", "9B", "fighters", "soon"])
def test_words_without_a_figure_are_not_read_as_one(words):
    parsed = numerals.parse(words)
    assert parsed is None or parsed.form == "implicit"


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_digits_are_read_back(value):
    (found,) = numerals.numbers(f"some {value:,} people")
    assert found.value == value


_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _spell(n: int) -> str:
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10 - 2] + (f"-{_ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{_ONES[n // 100]} hundred" + (f" and {_spell(n % 100)}" if n % 100 else "")
    return f"{_spell(n // 1000)} thousand" + (
        f" {_spell(n % 1000)}" if n % 1000 >= 100 else f" and {_spell(n % 1000)}" if n % 1000 else ""
    )


@given(st.integers(min_value=0, max_value=999_999))
def test_spelled_numbers_are_read_back(value):
    (found,) = numerals.numbers(f"{_spell(value)} people")
    assert found.value == value


@pytest.mark.parametrize(
    ("form", "bound", "approximation", "values", "low", "high"),
    [
        ("numeral", "at_least", "none", ["5"], 5, None),
        ("numeral", "less_than", "none", ["5"], None, 5),
        ("numeral", "none", "nearly", ["200"], None, 200),
        ("range", "none", "none", ["3", "4"], 3, 4),
        ("fraction", "none", "none", ["1", "3"], Fraction(1, 3), Fraction(1, 3)),
        ("implicit", "none", "none", [], 1, 1),
        ("vague", "none", "none", [], None, None),
        ("zero", "none", "none", ["0"], 0, 0),
    ],
)
def test_intervals_are_derived_from_what_is_printed(form, bound, approximation, values, low, high):
    found = numerals.interval(form, bound, approximation, values)
    assert (found.low, found.high) == (low, high)


def test_more_than_excludes_its_number_and_at_least_includes_it():
    assert numerals.interval("numeral", "more_than", "none", ["5"]).low_included is False
    assert numerals.interval("numeral", "at_least", "none", ["5"]).low_included is True


@given(st.from_regex(re.compile(numerals.MODIFIER, re.ASCII), fullmatch=True))
def test_modifiers_begin_and_end_with_the_listed_words(modifier):
    words = modifier.lower().split(" ")
    assert words[0] in numerals.MODIFIER_BEGINS
    assert words[-1] in numerals.MODIFIER_ENDS


WORDS = st.sampled_from("a an half hour year and lakhs 1.500 one ten sixteen dozen pair score hundred thousand million and , - . 3 1,500 22nd "
                        "twenty-second İ money 9B 4k often seven".split())  # fmt: skip


@given(st.lists(st.tuples(WORDS, st.sampled_from([" ", "-", "", "\n"])), max_size=12))
@example([("a", " "), ("year", " "), ("and", " "), ("a", " "), ("half", "")])
def test_numbers_are_found_where_one_pattern_would_find_them(parts):
    text = "".join(word + gap for word, gap in parts)
    for shown in (text, text.upper()):
        tried = [m.span() for m in numerals._matches(shown)]
        assert tried == [m.span() for m in numerals._NUMBER.finditer(shown)]
