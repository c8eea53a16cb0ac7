"""Coreference metrics: published and hand-worked examples, definitions spelt out, and what every metric keeps."""

import itertools
from dataclasses import astuple
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conflictwire import model, scoring
from conflictwire.corpus.drafts import place_draft
from conflictwire.formats.predictions import from_gold
from conflictwire.model import Entity, Event, Mention, Prediction, Span
from conflictwire.scoring import coreference, event_coreference
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Counts, finalise_parts, merge

NAMES = ("muc", "b3", "ceafm", "ceafe", "blanc", "lea", "conll")
METRICS = [scoring.parse(f"coref.{name}") for name in NAMES]
every_metric = pytest.mark.parametrize("metric", METRICS, ids=NAMES)


def clusters(*texts):
    """`clusters("abc", "d")` is {a, b, c} and {d}."""
    return [frozenset(text) for text in texts]


def result(name, gold, predicted):
    metric = scoring.parse(f"coref.{name}")
    return finalise_parts(metric.count(gold, predicted), metric.parts)


# ---- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "recall", "precision", "f1"),
    [
        # Links: gold 2 + 0, predicted 1 + 1; {a, b, c} and {a, b} share two mentions, so 1 link is right.
        ("muc", 1 / 2, 1 / 2, 1 / 2),
        # Recall: a and b keep 2 of 3, c 1 of 3, d all: (2/3 + 2/3 + 1/3 + 1) / 4 = 2/3; precision: a and b
        # keep all, c and d half: 3/4. F1 = 2 * 2/3 * 3/4 / (2/3 + 3/4) = 12/17.
        ("b3", 2 / 3, 3 / 4, 12 / 17),
        # {a, b, c} with {a, b} shares 2, {d} with {c, d} 1: 3 of 4 mentions.
        ("ceafm", 3 / 4, 3 / 4, 3 / 4),
        # The same alignment: 2 * 2/5 + 2 * 1/3 = 22/15, of 2 clusters on either side.
        ("ceafe", 11 / 15, 11 / 15, 11 / 15),
        # Coreference: gold ab ac bc, predicted ab cd, right ab: R 1/3, P 1/2, F1 2/5. Others: gold ad bd cd,
        # predicted ac ad bc bd, right ad bd: R 2/3, P 1/2, F1 4/7. Means: 1/2, 1/2, 17/35.
        ("blanc", 1 / 2, 1 / 2, 17 / 35),
        # Recall: {a, b, c} has one of three links: 3 * 1/3; {d} is no singleton there: 0; of 4.
        # Precision: {a, b} has its link: 2 * 1; {c, d} not: 0; of 4. F1 = 2 * 1/4 * 1/2 / (3/4) = 1/3.
        ("lea", 1 / 4, 1 / 2, 1 / 3),
        # Means of muc, b3 and ceafe.
        (
            "conll",
            (1 / 2 + 2 / 3 + 11 / 15) / 3,
            (1 / 2 + 3 / 4 + 11 / 15) / 3,
            (1 / 2 + 12 / 17 + 11 / 15) / 3,
        ),
    ],
)
def test_all_metrics_by_hand(metric, recall, precision, f1):
    found = result(metric, clusters("abc", "d"), clusters("ab", "cd"))
    assert (found.recall, found.precision, found.f1) == pytest.approx((recall, precision, f1))


def test_the_example_of_the_lea_paper():
    # Moosavi and Strube (2016), section 4: recall (3 * 1/3 + 4 * 1/6) / 7, precision (2 * 1 + 2 * 0 + 4 * 1/6) / 8.
    found = result("lea", clusters("abc", "defg"), clusters("ab", "cd", "fghi"))
    assert (found.recall, found.precision) == pytest.approx((5 / 21, 1 / 3))


@pytest.mark.parametrize(
    ("predicted", "ceafm", "ceafe"),
    [
        (("12345", "6789ABC"), 0.833, 0.733),
        (("1234589ABC", "67"), 0.583, 0.667),
        (("123456789ABC",), 0.417, 0.294),
        (tuple("123456789ABC"), 0.250, 0.178),
    ],
)
def test_the_table_of_the_ceaf_paper(predicted, ceafm, ceafe):
    # Luo (2005), systems (a) to (d) against three entities.
    gold = clusters("12345", "67", "89ABC")
    assert result("ceafm", gold, clusters(*predicted)).f1 == pytest.approx(ceafm, abs=5e-4)
    assert result("ceafe", gold, clusters(*predicted)).f1 == pytest.approx(ceafe, abs=5e-4)


# ---- 0/0 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_on_either_side_is_undefined_and_on_one_is_zero(name):
    assert result(name, [], []).f1 is None
    assert result(name, clusters("ab"), []).f1 == 0
    assert result(name, [], clusters("ab")).f1 == 0


def test_singletons_alone_have_no_link():
    singletons = clusters("a", "b")
    assert result("muc", singletons, singletons).f1 is None
    assert result("conll", singletons, singletons).f1 == 1  # of B3 and CEAFe
    assert result("blanc", singletons, singletons).f1 == 1  # of non-coreference links


def test_a_kind_of_link_that_the_prediction_alone_has_is_wrong():
    # Coreference links: gold none, predicted bc. Others: gold ab, predicted ab ac, right ab: F1 2/3.
    assert result("blanc", clusters("a", "b"), clusters("a", "bc")).f1 == pytest.approx(1 / 3)
    # Coreference links: all right. Others: gold none, predicted ac bc.
    assert result("blanc", clusters("ab"), clusters("ab", "c")).f1 == pytest.approx(1 / 2)


def test_one_mention_has_no_link_for_blanc():
    assert result("blanc", clusters("a"), clusters("a")).f1 is None


# ---- the definitions, spelt out ------------------------------------------------------------------


def clusterings(mentions=range(8)):
    """Sets of disjoint clusters of some of the mentions."""

    def build(labels):
        found = {}
        for mention, label in zip(mentions, labels, strict=True):
            if label:
                found.setdefault(label, set()).add(mention)
        return [frozenset(c) for c in found.values()]

    return st.lists(st.integers(0, 4), min_size=len(mentions), max_size=len(mentions)).map(build)


# The gold has 0 to 7, the prediction also 8 and 9, and may miss some.
pairs = st.tuples(clusterings(), clusterings(range(10)))


@given(pairs)
def test_muc_is_links_less_parts(sides):
    gold, predicted = sides

    def right(clusters, others):
        known = frozenset().union(*others)
        parts = sum(sum(bool(c & o) for o in others) + len(c - known) for c in clusters)
        return sum(map(len, clusters)) - parts

    assert coreference.muc_counts(gold, predicted).gold_credit == right(gold, predicted) * SCALE
    assert right(gold, predicted) == right(predicted, gold)


@settings(deadline=None)
@given(pairs)
def test_ceaf_is_the_best_of_all_alignments(sides):
    gold, predicted = sides
    few, many = sorted(sides, key=len)

    def best(similarity):
        return max(
            sum((similarity(a, b) for a, b in zip(few, chosen, strict=True)), Fraction(0))
            for chosen in itertools.permutations(many, len(few))
        )

    assert coreference.ceafm_counts(gold, predicted).gold_credit == best(lambda a, b: Fraction(len(a & b))) * SCALE
    dice = best(lambda a, b: Fraction(2 * len(a & b), len(a) + len(b)))
    assert coreference.ceafe_counts(gold, predicted).gold_credit == pytest.approx(float(dice) * SCALE, abs=5)


@given(pairs)
def test_blanc_counts_pairs(sides):
    def links(clusters):
        together = {frozenset(pair) for c in clusters for pair in itertools.combinations(c, 2)}
        everything = {frozenset(pair) for pair in itertools.combinations(frozenset().union(*clusters), 2)}
        return together, everything - together

    counts = coreference.blanc_counts(*sides)
    for kind, gold, predicted in zip(("coreference", "non-coreference"), *map(links, sides), strict=True):
        right = len(gold & predicted)
        assert counts[kind] == Counts(*(n * SCALE for n in (right, len(gold), right, len(predicted))))


# ---- properties of every metric ------------------------------------------------------------------


@every_metric
@given(sides=pairs)
def test_scores_lie_between_zero_and_one_and_swapping_sides_swaps_p_and_r(metric, sides):
    gold, predicted = sides
    counts, swapped = metric.count(gold, predicted), metric.count(predicted, gold)
    for key, c in counts.items():
        assert 0 <= c.gold_credit <= c.gold and 0 <= c.predicted_credit <= c.predicted
        assert swapped[key] == Counts(c.predicted_credit, c.predicted, c.gold_credit, c.gold)
    one, other = finalise_parts(counts, metric.parts), finalise_parts(swapped, metric.parts)
    assert (one.precision, one.recall, one.f1) == (other.recall, other.precision, other.f1)
    assert all(value is None or 0 <= value <= 1 for value in astuple(one))


@every_metric
@given(data=st.data())
def test_order_changes_nothing(metric, data):
    gold, predicted = data.draw(pairs)
    assert metric.count(data.draw(st.permutations(gold)), data.draw(st.permutations(predicted))) == metric.count(
        gold, predicted
    )


@every_metric
@given(gold=clusterings())
def test_a_perfect_prediction_scores_one_wherever_the_metric_is_defined(metric, gold):
    assert finalise_parts(metric.count(gold, gold), metric.parts).f1 in (None, 1)


@every_metric
@given(sides=pairs, data=st.data())
def test_what_overlaps_nothing_never_raises_an_f(metric, sides, data):
    gold, predicted = sides
    false = data.draw(st.sampled_from([{100}, {100, 101}]))
    into = data.draw(st.integers(-1, len(predicted) - 1))  # a cluster of its own, or one that is there
    more = (
        [*predicted, frozenset(false)] if into < 0 else [c | false if i == into else c for i, c in enumerate(predicted)]
    )
    without = finalise_parts(metric.count(gold, predicted), metric.parts).f1 or 0
    assert (finalise_parts(metric.count(gold, more), metric.parts).f1 or 0) <= without + 1e-12


@every_metric
@given(documents=st.lists(pairs, min_size=2, max_size=4))
def test_shards_merged_equal_the_whole_exactly(metric, documents):
    counts = [metric.count(*sides) for sides in documents]
    assert merge(counts) == merge([merge(reversed(counts[1:])), merge(counts[:1])])


@pytest.mark.parametrize("name", [n for n in NAMES if n != "blanc"])
@given(documents=st.lists(pairs, min_size=2, max_size=4))
def test_documents_side_by_side_count_as_one(name, documents):
    # Clusters of two documents share no mention; BLANC alone has links between such clusters.
    metric = scoring.parse(f"coref.{name}")
    whole = [
        [frozenset((number, m) for m in c) for number, sides in enumerate(documents) for c in sides[side]]
        for side in (0, 1)
    ]
    assert metric.count(*whole) == merge(metric.count(*sides) for sides in documents)


# ---- on documents --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def article(worked_draft, worked_skeleton):
    return model.article_from_json(place_draft(worked_draft, worked_skeleton))


def span(mention):
    return Span(2 * mention, 2 * mention + 1)


def entities(clusters, prefix="e"):
    return [
        Entity(id=f"{prefix}{i}", type="person", name="", mentions=[Mention(span(m)) for m in sorted(c)])
        for i, c in enumerate(clusters)
    ]


def on_document(article, metric, gold, predicted):
    aligned = Aligned(replace(article, entities=gold), Prediction(article.id, entities=predicted))
    return finalise_parts(metric.counts(aligned), metric.parts)


@pytest.mark.parametrize("singletons", ["keep", "drop"])
@every_metric
@settings(max_examples=25)
@given(sides=pairs)
def test_exact_copies_never_help(article, metric, singletons, sides):
    gold, predicted = sides
    chosen = type(metric)(singletons=singletons)
    once = on_document(article, chosen, entities(gold), entities(predicted))
    assert on_document(article, chosen, entities(gold), entities(predicted) + entities(predicted, "copy")) == once


@every_metric
@settings(max_examples=25)
@given(sides=pairs)
def test_singletons_dropped_are_singletons_that_were_not_there(article, metric, sides):
    dropped = on_document(article, type(metric)(singletons="drop"), *map(entities, sides))
    without = [[c for c in side if len(c) > 1] for side in sides]
    assert dropped == on_document(article, metric, *map(entities, without))


@pytest.mark.parametrize(
    ("name", "rise"), [("b3", True), ("ceafm", True), ("ceafe", True), ("conll", True), ("muc", False), ("lea", False)]
)
def test_with_singletons_dropped_a_false_mention_may_lift_one_over_the_bar(article, name, rise):
    # Gold {0, 1}. Of the prediction {0} nothing is left; of {0, 50} all is, and 0 is in the gold.
    metric = scoring.parse(f"coref.{name}(singletons=drop)")
    before = on_document(article, metric, entities([{0, 1}]), entities([{0}])).f1
    after = on_document(article, metric, entities([{0, 1}]), entities([{0, 50}])).f1
    assert before == 0
    assert (after > 0) is rise


def test_event_coreference_counts_triggers_as_mentions(article):
    # Gold {0, 1, 2}, {3}; predicted {0, 1}, {2, 3}: the example of the top, whatever the types.
    def events(clusters, type):
        return [Event(id=f"{type}{i}", type=type, triggers=list(map(span, c))) for i, c in enumerate(clusters)]

    gold = replace(article, events=events([(0, 1, 2), (3,)], "clash"))
    prediction = Prediction(article.id, events=events([(3, 2), (1, 0)], "arrest"))
    lea, conll = scoring.score([gold], [prediction], ["events.coref.lea", "events.coref.conll"]).scores
    assert (lea.recall, lea.precision) == pytest.approx((1 / 4, 1 / 2))
    assert conll.f1 == pytest.approx((1 / 2 + 12 / 17 + 11 / 15) / 3)
    assert (lea.gold, lea.predicted) == (4, 4)


def test_a_trigger_of_two_events_stands_alone():
    prediction = Prediction(
        "x",
        events=[
            Event(id="b", type="arrest", triggers=[span(1), span(2)]),
            Event(id="a", type="clash", triggers=[span(0), span(1)]),
        ],
    )
    side = event_coreference.Side(prediction, "x")
    assert event_coreference.event_clusters(side) == [{(0, 1)}, {(2, 3)}, {(4, 5)}]


def test_means_over_parts_have_scores_intervals_and_tables_of_their_parts(article):
    articles = [replace(article, id=f"a{i}", story=f"s{i}") for i in range(10)]
    names = [f"coref.{name}" for name in NAMES] + ["events.coref.lea", "events.coref.conll"]
    scores = scoring.score(articles, from_gold(articles), names)
    assert [(s.metric, s.f1, s.interval) for s in scores.scores] == [(name, 1, (1, 1)) for name in names]
    by_type = scores.by("type")
    assert set(by_type[by_type.metric == "coref.conll"].type) == {"muc", "b3", "ceafe"}


def test_incidents_are_clusters_across_the_articles_of_a_story(article):
    """Two articles of one story tell of incident x, the second also of y; the prediction ties x to y instead."""

    def of(name, *incidents):
        return [
            Event(id=f"e{n}", type="clash", triggers=[Span(10 * n, 10 * n + 4)], incident=i)
            for n, i in enumerate(incidents)
        ]

    first, second = (
        replace(article, id="a1", story="s", events=of("a1", "x")),
        replace(article, id="a2", story="s", events=of("a2", "x", "y")),
    )
    right = [Prediction("a1", events=of("a1", "p")), Prediction("a2", events=of("a2", "p", "q"))]
    wrong = [Prediction("a1", events=of("a1", "p")), Prediction("a2", events=of("a2", "q", "q"))]
    score = lambda given: scoring.score([first, second], given, ["incidents.lea"]).scores[0]  # noqa: E731
    assert (score(right).f1, score(right).gold) == (1, 3)
    # Gold {x1, x2}, {y}: the pair has no link resolved and y is no singleton of the prediction: 0 of 3.
    assert score(wrong).f1 == 0
