"""Span sets, and the mention and linking metrics that count from spans: worked examples, and what all must keep."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conflictwire.model import Entity, Mention, Prediction, Span
from conflictwire.scoring import linking, mentions, spans
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, finalise, merge
from conflictwire.scoring.registry import parse, text_form

METRICS = [
    mentions.Strict(),
    mentions.Exact(),
    mentions.Partial(),
    mentions.Type(),
    mentions.Head(),
    mentions.Iou(),
    linking.InKb(),
    linking.Nil(),
    linking.NilClusters(),
]
LENGTH = 40


def entity(id, *found, type="person", kb=None):
    """An entity; a mention is `(start, end)` or `(start, end, head start, head end)`."""
    made = [Mention(Span(*f[:2]), head=Span(*f[2:]) if f[2:] else None) for f in found]
    return Entity(id=id, type=type, name=id, kb=kb, mentions=made)


def counts(metric, gold, predicted) -> Breakdown:
    return metric.counts(Aligned(Prediction("d", entities=gold), Prediction("d", entities=predicted)))


# ---- span sets -----------------------------------------------------------------------------------


def test_ranges_that_overlap_or_touch_are_one():
    assert spans.joined([(8, 9), (0, 3), (2, 4), (4, 6), (7, 7)]) == ((0, 6), (8, 9))
    assert spans.size(((0, 4), (8, 9))) == 5


def test_credit_between_span_sets_by_hand():
    # Gold covers 0-9 and 20-23 (14 code points), predicted 5-20 (16): they share 5-9 and 20, 6 in all.
    gold, predicted = ((0, 10), (20, 24)), ((5, 21),)
    assert spans.shared(gold, predicted) == 6
    assert spans.agreement(gold, predicted) == round(Fraction(2 * 6, 14 + 16) * SCALE)
    assert spans.intersection_over_union(gold, predicted) == round(Fraction(6, 14 + 16 - 6) * SCALE)


@pytest.mark.parametrize(("gold", "predicted", "iou"), [((), (), SCALE), (((0, 2),), (), 0), ((), ((0, 2),), 0)])
def test_empty_span_sets_agree_with_each_other_only(gold, predicted, iou):
    assert spans.intersection_over_union(gold, predicted) == iou
    assert spans.agreement(gold, predicted) == 0  # two empty ones are no item of any metric


ranges = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, 9)).map(lambda r: (r[0], r[0] + r[1])), max_size=4)


@settings(max_examples=50, deadline=None)
@given(ranges, ranges)
def test_span_sets_are_sets_of_code_points(first, second):
    def points(ranges):
        return {p for start, end in ranges for p in range(start, end)}

    a, b = points(first), points(second)
    first, second = spans.joined(first), spans.joined(second)
    assert spans.size(first) == len(a)
    assert spans.shared(first, second) == spans.shared(second, first) == len(a & b)
    assert (first == second) == (a == b) == (spans.intersection_over_union(first, second) == SCALE)
    assert spans.agreement(first, second) == (round(Fraction(2 * len(a & b), len(a) + len(b)) * SCALE) if a or b else 0)


# ---- worked examples -----------------------------------------------------------------------------

# "the ministry spokesman" (head 13-22), "dozens of officials" (head 30-36 by the rule, 40-49 in gold), "Soumra".
GOLD = [entity("g1", (0, 22, 13, 22)), entity("g2", (30, 49, 40, 49), type="people"), entity("g3", (60, 66))]
# "spokesman", without a head; "dozens of officials" with the other head; "in Soumra", without a head.
PREDICTED = [entity("p1", (13, 22)), entity("p2", (30, 49, 30, 36), type="person"), entity("p3", (57, 66))]


def test_exact_by_hand():
    found = counts(mentions.Exact(), GOLD, PREDICTED)
    assert found[""] == Counts(1, 3, 1, 3)  # 30-49, whatever its type
    assert (found["people"], found["person"]) == (Counts(1, 1), Counts(0, 2, 1, 3))


def test_head_by_hand():
    # 13-22 covers the head and stays inside; 30-36 is another head; 57-66 goes beyond the gold span.
    assert counts(mentions.Head(), GOLD, PREDICTED)[""] == Counts(1, 3, 1, 3)


@pytest.mark.parametrize(
    ("predicted", "right"),
    [
        ((0, 22), True),  # the whole span, no head
        ((4, 22, 13, 22), True),  # determiner left out
        ((0, 31, 13, 22), True),  # goes too far, but the head is right
        ((0, 31), False),  # goes too far, and has no head
        ((0, 12), False),  # misses the head
        ((0, 22, 0, 12), False),  # another head
    ],
)
def test_heads_match_when_each_lies_inside_the_other_span(predicted, right):
    gold = [entity("g", (0, 22, 13, 22))]
    assert counts(mentions.Head(), gold, [entity("p", predicted)])[""].gold_credit == right


def test_one_span_around_everything_has_no_head():
    assert counts(mentions.Head(), GOLD, [entity("p", (0, 90))])[""].predicted_credit == 0


def test_iou_by_hand():
    # 9 of 22 code points, 19 of 19, 6 of 9; each rounded once to fixed point.
    credit = round(Fraction(9, 22) * SCALE) + SCALE + round(Fraction(6, 9) * SCALE)
    assert counts(mentions.Iou(), GOLD, PREDICTED)[""] == Counts(credit, 3 * SCALE, credit, 3 * SCALE)


@pytest.mark.parametrize("metric", METRICS, ids=text_form)
def test_the_text_of_a_metric_parses_back(metric):
    assert parse(text_form(metric)) == metric


# ---- properties ----------------------------------------------------------------------------------


@st.composite
def mention(draw):
    start = draw(st.integers(0, LENGTH))
    end = start + draw(st.integers(1, 6))
    if draw(st.booleans()):
        return (start, end)
    head = draw(st.integers(start, end - 1))
    return (start, end, head, draw(st.integers(head + 1, end)))


@st.composite
def layer(draw, most=6):
    """Entities with nested, crossing and shared mentions, linked or not."""
    return [
        entity(
            f"e{number}",
            *draw(st.lists(mention(), min_size=1, max_size=4)),
            type=draw(st.sampled_from(["person", "people", "facility"])),
            kb=draw(st.sampled_from([None, "kb-a", "kb-b"])),
        )
        for number in range(draw(st.integers(0, most)))
    ]


@st.composite
def pair(draw):
    """A gold layer and a prediction that keeps some of it, changes some and invents some."""
    gold = draw(layer())
    predicted = []
    for e in gold:
        fate = draw(st.sampled_from(["keep", "drop", "retype", "relink", "move", "split"]))
        if fate == "keep":
            predicted.append(e)
        elif fate == "retype":
            predicted.append(replace(e, type="facility"))
        elif fate == "relink":
            predicted.append(replace(e, kb=draw(st.sampled_from([None, "kb-a"]))))
        elif fate == "move":
            moved = [Mention(Span(m.span.start, m.span.end + 1)) for m in e.mentions]
            predicted.append(replace(e, mentions=moved))
        elif fate == "split":
            predicted += [
                replace(e, id=f"{e.id}-{n}", name=f"{e.id}-{n}", mentions=[m]) for n, m in enumerate(e.mentions)
            ]
    invented = [replace(e, id=f"x{e.id}", name=f"x{e.id}") for e in draw(layer(3))]
    return gold, predicted + invented


def f1(breakdown) -> float:
    return finalise(breakdown[""]).f1 or 0.0


@settings(max_examples=50, deadline=None)
@given(pair())
def test_scores_lie_between_zero_and_one_and_parts_add_up(case):
    for metric in METRICS:
        found = counts(metric, *case)
        for part in found.values():
            assert 0 <= part.gold_credit <= part.gold
            assert 0 <= part.predicted_credit <= part.predicted
            assert all(v is None or 0 <= v <= 1 for v in vars(finalise(part)).values())
        if len(found) > 1:
            assert sum((part for key, part in found.items() if key), Counts()) == found[""]


@settings(max_examples=50, deadline=None)
@given(layer())
def test_a_perfect_prediction_scores_one_wherever_the_metric_is_defined(gold):
    for metric in METRICS:
        assert finalise(counts(metric, gold, gold)[""]).f1 in (None, 1), text_form(metric)


@settings(max_examples=50, deadline=None)
@given(pair(), st.randoms(use_true_random=False))
def test_order_changes_nothing(case, rng):
    def shuffled(entities):
        mixed = [replace(e, mentions=rng.sample(e.mentions, len(e.mentions))) for e in entities]
        return rng.sample(mixed, len(mixed))

    for metric in METRICS:
        assert counts(metric, *map(shuffled, case)) == counts(metric, *case), text_form(metric)


@settings(max_examples=50, deadline=None)
@given(pair(), st.data())
def test_exact_copies_never_help(case, data):
    gold, predicted = case
    copied = data.draw(st.lists(st.sampled_from(predicted), max_size=4)) if predicted else []
    repeated = [*predicted, *(replace(e, id=f"c{n}") for n, e in enumerate(copied))]
    stuttering = [replace(e, mentions=e.mentions * 2) for e in predicted]
    for metric in METRICS:
        once = f1(counts(metric, gold, predicted))
        assert f1(counts(metric, gold, repeated)) <= once, text_form(metric)
        assert f1(counts(metric, gold, stuttering)) <= once, text_form(metric)


@settings(max_examples=50, deadline=None)
@given(pair(), st.sampled_from([None, "kb-a"]))
def test_what_overlaps_nothing_never_raises_an_f(case, kb):
    gold, predicted = case
    far = entity("far", (9000, 9005), (9010, 9011), kb=kb)
    for metric in METRICS:
        assert f1(counts(metric, gold, [*predicted, far])) <= f1(counts(metric, gold, predicted)), text_form(metric)


@settings(max_examples=50, deadline=None)
@given(st.lists(pair(), min_size=1, max_size=4))
def test_shards_merged_equal_the_whole_exactly(cases):
    for metric in METRICS:
        parts = [counts(metric, *case) for case in cases]
        assert merge(parts) == merge([merge(parts[:1]), merge(reversed(parts[1:]))])


@settings(max_examples=50, deadline=None)
@given(pair())
def test_exact_is_never_above_the_softer_matches_nor_strict_above_exact(case):
    by_name = {m.name: finalise(counts(m, *case)[""]).f1 or 0 for m in METRICS}
    assert by_name["mentions.strict"] <= by_name["mentions.exact"] <= by_name["mentions.iou"] + 1e-12
    assert by_name["mentions.exact"] <= by_name["mentions.partial"]


@pytest.mark.parametrize("metric", [mentions.Head(), linking.InKb(), linking.Nil()], ids=text_form)
def test_entities_that_differ_in_head_or_link_alone_are_no_copies(metric):
    gold = [entity("g", (0, 9, 0, 3), kb="kb-a")]
    twins = [
        replace(entity("p1", (0, 9, 0, 3), kb="kb-a"), name="x"),
        replace(entity("p2", (0, 9, 5, 9), kb=None), name="x"),
    ]
    assert counts(metric, gold, twins) == counts(metric, gold, twins[::-1])
