"""The casualty grammar alone: text in, numeric claims out."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictwire import casualties, extractors, numerals
from conflictwire.corpus import load
from conflictwire.scoring import score
from support import SHARED_TEXTS, needs_shared


def read(text: str) -> list[tuple]:
    """Each claim as (span, values, measure, unit, counted)."""
    return [
        (text[f.start : f.end], f.values, f.measure, f.unit, f.counted.text if f.counted else None)
        for f in casualties.find(text)
    ]


def one(text: str) -> casualties.Figure:
    (figure,) = casualties.find(text)
    return figure


# --- what is a figure ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span", "form", "bound", "approximation", "values"),
    [
        ("It has between 1,500 and 2,200 fighters.", "between 1,500 and 2,200", "range", "none", "none", ("1500", "2200")),
        ("At least two dozen people were killed.", "At least two dozen", "numeral", "at_least", "none", ("24",)),
        ("Nearly 1.2 million people fled.", "Nearly 1.2 million", "numeral", "none", "nearly", ("1200000",)),
        ("One in five buildings is damaged.", "One in five", "fraction", "none", "none", ("1", "5")),
        ("A third of the patients were children.", "A third", "fraction", "none", "none", ("1", "3")),
        ("Two-thirds of the wounded were women.", "Two-thirds", "fraction", "none", "none", ("2", "3")),
        ("There were no casualties.", "no", "zero", "none", "none", ("0",)),
        ("Nobody was hurt.", "Nobody", "zero", "none", "none", ("0",)),
        ("No fewer than 12 people were hurt.", "No fewer than 12", "numeral", "at_least", "none", ("12",)),
        ("A policeman was killed.", "A", "implicit", "none", "none", ()),
        ("Dozens of villagers were wounded.", "Dozens", "vague", "none", "none", ()),
        ("Tens of thousands of people fled.", "Tens of thousands", "vague", "none", "none", ()),
        ("Thirty or so people were hurt.", "Thirty or so", "numeral", "none", "about", ("30",)),
        ("Another five people were hurt.", "Another five", "numeral", "none", "none", ("5",)),
        ("As many as 40 people died.", "As many as 40", "numeral", "up_to", "none", ("40",)),
        ("10-12 men were arrested.", "10-12", "range", "none", "none", ("10", "12")),
        ("10–12 men were arrested.", "10–12", "range", "none", "none", ("10", "12")),
        ("Four or five mortars fell.", "Four or five", "range", "none", "none", ("4", "5")),
        ("Two hundred and fifty-one people died.", "Two hundred and fifty-one", "numeral", "none", "none", ("251",)),
        ("Three million people fled.", "Three million", "numeral", "none", "none", ("3000000",)),
        ("1,50,000 people fled.", "1,50,000", "numeral", "none", "none", ("150000",)),
        ("Some 2.5 lakh people fled.", "Some 2.5 lakh", "numeral", "none", "about", ("250000",)),
        ("1.500 people fled.", "1.500", "numeral", "none", "none", ("1500",)),
        ("12 000 people fled.", "12 000", "numeral", "none", "none", ("12000",)),
    ],
)  # fmt: skip
def test_a_printed_figure_is_read_with_its_modifiers(text, span, form, bound, approximation, values):
    figure = one(text)
    assert text[figure.start : figure.end] == span
    assert (figure.form, figure.bound, figure.approximation, figure.values) == (form, bound, approximation, values)


@pytest.mark.parametrize(
    "text",
    [
        "He carried an AK-47.",
        "He is the group's seventh leader.",
        "It was the worst attack since 9/11.",
        "A 17-year-old ran away.",
        "Mira Dask, 24, lives in Soumra.",
        "She was seven.",
        "The blast came at 7:40 a.m. on 3 March 2024.",
        "It began on Sept. 14 when gunmen arrived.",
        "On March 3 and 4 it rained.",
        "Fighting went on through 2014-2016.",
        "Two hours after the raid, he left.",
        "The last two years were quiet.",
        "Several days later he left.",
        "A five-member delegation came on Route 9.",
        "Resolution 2254, which the Group of Six drafted, failed.",
        "The 509th Battalion left.",
        "One of them told the story.",
        "The two men fled.",
        "There were no reports of casualties.",
        "Captain Ivo Renn was killed.",
        "A commander, Ivo Renn, was killed.",
        "A car was destroyed.",
        "Many died, and most of them were poor.",
        "The strip[2] lies at 31°30′N.",
    ],
)
def test_what_the_guidelines_exclude_is_no_claim(text):
    assert read(text) == []


# --- what it counts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("The death toll has risen to 27.", [("27", "killed", "person")]),
        ("The blast left 14 dead and 30 wounded.", [("14", "killed", "person"), ("30", "injured", "person")]),
        ("The abduction of 19 people shook the city.", [("19", "abducted", "person")]),
        ("Dozens were taken to hospital; ten were rushed to a clinic.", [("Dozens", "injured", "person"), ("ten", "injured", "person")]),
        ("The raid ended, killing no one.", [("no one", "killed", "person")]),
        ("Three people who were hurt let go of it.", [("Three", "injured", "person")]),
        ("Two monks were reported killed.", [("Two", "killed", "person")]),
        ("One of the crew was shot dead.", [("One", "killed", "person")]),
        ("Police arrested 14 men, five of whom were released.", [("14", "detained", "person"), ("five", "released", "person")]),
        ("At least seven people are missing.", [("At least seven", "missing", "person")]),
        ("They hold 30 hostages.", [("30", "held", "person")]),
        ("Eight fighters laid low; 200 surrendered.", [("Eight", "membership", "person"), ("200", "surrendered", "person")]),
        ("Hundreds of supporters gathered.", [("Hundreds", "participants", "person")]),
        ("The Brigade has 400 members.", [("400", "membership", "person")]),
        ("Soumra is a city of two million people.", [("two million", "population", "person")]),
        ("Jets carried out 12 air strikes on Soumra.", [("12", "strikes", "event")]),
        ("She counts some 40 attacks.", [("some 40", "attacks", "event")]),
        ("More than 300 killings were recorded.", [("More than 300", "killed", "person")]),
        ("The fire gutted 25 shops and four buses.", [("25", "objects", "item"), ("four", "objects", "item")]),
        ("It cost $3.2 million.", [("$3.2 million", "money", "USD")]),
        ("About 40 percent of it burned.", [("About 40 percent", "share", "percent")]),
        ("He was held for 100 days.", [("100 days", "duration", "d")]),
        ("He was sentenced to eight years and Wreave to 14.", [("eight years", "duration", "a"), ("14", "duration", "a")]),
        ("It lies 120 km south of Corvane.", [("120 km", "distance", "km")]),
        ("They found 200 kilograms of explosive.", [("200 kilograms", "other", "kg")]),
        ("No money changed hands.", [("No", "money", "USD")]),
    ],
)  # fmt: skip
def test_the_measure_is_read_off_the_word_that_governs_the_figure(text, measures):
    assert [(span, measure, unit) for span, _, measure, unit, _ in read(text)] == measures


def test_a_part_takes_the_measure_of_its_whole():
    whole, part = casualties.find("The blast killed nearly 200 people, including 13 U.S. troops.")
    assert (part.whole, part.measure, part.values, part.counted.text) == (whole, "killed", ("13",), "U.S. troops")
    assert (part.role, part.status) == ("victim", "security_force")


def test_two_of_whom_is_a_part():
    whole, part = casualties.find("Fourteen people died, two of whom were children.")
    assert (part.whole, part.measure, part.counted.text, part.status) == (whole, "killed", "children", "civilian")


def test_an_elided_noun_is_lent_by_the_figure_before():
    assert read("It staged some 80 raids in 2021 and roughly 20 this year.") == [
        ("some 80", ("80",), "attacks", "event", "raids"),
        ("roughly 20", ("20",), "attacks", "event", "raids"),
    ]


def test_a_list_is_split_and_has_one_measure():
    found = casualties.find("Seven gunmen stormed the post; five soldiers, two guards and one civilian died.")
    assert [(f.measure, f.role, f.status) for f in found] == [
        ("participants", "perpetrator", "militant"),
        ("killed", "victim", "security_force"),
        ("killed", "victim", "unknown"),
        ("killed", "victim", "civilian"),
    ]


def test_the_grammar_needs_no_corpus_and_no_heavy_package():
    code = (
        "import sys; from conflictwire import casualties; casualties.find('Ten died.'); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'pandas', 'pyarrow', 'scipy'}), "
        "[m for m in sys.modules if m.startswith('conflictwire.') and m.split('.')[1] in "
        "('corpus', 'scoring', 'extractors', 'validation')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[] []\n"


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(
                "killed 14 1,500 to and at least two dozen no one of the people a third $ % km , . ( ) - – in five million "
                "another policeman was whom including or so 2018 March 3.500 12 000 them nobody hurt between taken rushed hospital "
                "let go lost toll death hostages by who suffered injuries one".split()
            ),
            max_size=30,
        ).map(" ".join),
    )
)
def test_any_text_gives_figures_that_lie_in_it_apart(text):
    last = 0
    for figure in casualties.find(text):
        assert last <= figure.start < figure.end <= len(text)
        last = figure.end
        numerals.interval(figure.form, figure.bound, figure.approximation, figure.values)
        for span in filter(None, (figure.counted, figure.measure_span)):
            assert 0 <= span.start < span.end <= len(text)


# --- against an outside baseline ----------------------------------------------------------------------------------

MARGIN = 0.15  # of F1
MOST = 3  # articles of each part: quantulum3 takes seconds for one


@pytest.mark.slow
@pytest.mark.parametrize("part", ["invented", pytest.param("reported", marks=needs_shared)])
def test_the_grammar_beats_quantulum3_by_a_wide_margin(part):
    texts = SHARED_TEXTS if part == "reported" else None
    gold = [a for s in ("train", "validation") for a in load.articles(s, part, texts) if a.text is not None]
    gold = sorted(gold, key=lambda a: (a.split != "validation", a.id))[:MOST]
    documents = [extractors.document(a) for a in gold]
    f1 = {}
    for name in ("rules", "quantulum3"):
        made = extractors.make(name)
        found = score(gold, [made.extract(d) for d in documents], ["claims.level(0)", "claims.level(1)"])
        f1[name] = dict(zip(found.table["metric"], found.table["f1"], strict=True))
    for metric in f1["rules"]:
        assert f1["rules"][metric] > f1["quantulum3"][metric] + MARGIN
