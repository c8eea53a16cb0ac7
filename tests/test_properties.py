"""What every metric promises, whoever wrote it: generated predictions, each metric of the registry.

The default metrics keep all promises of DESIGN 5. Those conditional on alignment (accuracies of fields, tolls,
rates) say so and are held to range, order, additivity and the perfect prediction alone.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conflictwire import model, scoring
from conflictwire.formats.predictions import from_gold
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.claim_fields import FIELDS
from conflictwire.scoring.closeness import WAYS
from conflictwire.scoring.counts import finalise_parts, merge
from conflictwire.scoring.events import REALIS
from conflictwire.scoring.registry import METRICS, StoryMetric
from conflictwire.scoring.scores import DIAGNOSTIC
from conflictwire.scoring.tolls.policies import POLICIES
from generated import damaged, doubled, layers, renamed, shuffled, typed, with_the_made_up

STRICT = [
    scoring.parse(m)
    for m in dict.fromkeys(
        (
            *scoring.DEFAULT,
            *(f"mentions.{m}" for m in ("exact", "head", "iou")),
            *(f"coref.{m}" for m in ("muc", "ceafm", "ceafe", "blanc")),
            *(f"linking.{m}" for m in ("in_kb", "nil", "nil_clusters")),
            *(f"events.arguments({p})" for p in ("attached=no", "role=no", "match=exact", "match=head")),
            *("events.coref.lea", "events.coref.conll", "incidents.lea"),
            *("templates.ree", "templates.ree(form=prop)", "templates.gtt", "templates.merged"),
            *("templates.rme", "templates.rme(form=subset)"),
            *(f"attributions.{part}" for part in ("source", "cue", "content", "chains")),
            "claims.source(which=immediate)",
        )
    )
]
_TOLLS = ("exact", "within", "answered", "log_error", "tenfold")
CONDITIONAL = [
    scoring.parse(m)
    for m in (
        *(m for m in DIAGNOSTIC if m != "incidents.lea"),
        *(f"toll.{m}(policy={p})" for m in _TOLLS for p in POLICIES if p != "latest"),
        *(f"timeline.exact(policy={p})" for p in POLICIES if p != "latest"),
        *(f"claims.field({field})" for field in FIELDS),
        *(f"events.realis({field})" for field in REALIS),
        *(f"claims.close(by={way})" for way in WAYS if way != "distance"),
        "claims.close",
    )
]
some = settings(max_examples=30, deadline=None)


def f1(metric, gold, built):
    return finalise_parts(metric.counts(Aligned(gold, typed(built))), metric.parts).f1 or 0


def test_every_registered_metric_is_held_to_its_promises():
    assert {m.name for m in (*STRICT, *CONDITIONAL)} == set(METRICS)


@pytest.mark.parametrize("metric", [*STRICT, *CONDITIONAL], ids=scoring.text_form)
def test_the_text_of_a_metric_parses_back(metric):
    assert scoring.parse(scoring.text_form(metric)) == metric


@some
@given(data=st.data())
def test_scores_lie_between_zero_and_one(base, data):
    gold = model.article_from_json(base)
    aligned = Aligned(gold, typed(data.draw(damaged(base))))
    for metric in (*STRICT, *CONDITIONAL):
        result = finalise_parts(metric.counts(aligned), metric.parts)
        for value in (result.precision, result.recall, result.f1):
            # A mean error in log units is no ratio; it is not negative either.
            most = float("inf") if metric.name == "toll.log_error" else 1
            assert value is None or 0 <= value <= most, scoring.text_form(metric)


@some
@given(data=st.data())
def test_neither_order_nor_ids_change_a_count(base, data):
    gold = model.article_from_json(base)
    built = data.draw(damaged(base))
    aligned = Aligned(gold, typed(built))
    others = [
        Aligned(gold, typed(other))
        for other in (shuffled(built, data.draw(st.randoms(use_true_random=False))), renamed(built))
    ]
    for metric in (*STRICT, *CONDITIONAL):
        counts = metric.counts(aligned)
        assert [metric.counts(other) for other in others] == [counts, counts], scoring.text_form(metric)


@some
@given(data=st.data())
def test_exact_copies_never_help(base, data):
    gold = model.article_from_json(base)
    built = data.draw(damaged(base))
    twice = doubled(built)
    for metric in STRICT:
        assert f1(metric, gold, twice) <= f1(metric, gold, built) + 1e-12, scoring.text_form(metric)


@some
@given(data=st.data())
def test_what_overlaps_nothing_never_raises_an_f(base, data):
    gold = model.article_from_json(base)
    built = data.draw(damaged(base))
    more = with_the_made_up(built)
    for metric in STRICT:
        assert f1(metric, gold, more) <= f1(metric, gold, built) + 1e-12, scoring.text_form(metric)


def test_a_perfect_prediction_is_perfect_whatever_its_ids_and_order(base):
    gold = model.article_from_json(base)
    aligned = Aligned(gold, typed(renamed(layers(base))))
    defined = set()
    for metric in (*STRICT, *CONDITIONAL):
        found = finalise_parts(metric.counts(aligned), metric.parts).f1
        if found is not None and "floor" not in scoring.text_form(metric):
            assert found == (0 if metric.lower_is_better else 1), scoring.text_form(metric)
            defined.add(metric.name)
    assert len(defined) > 30


@some
@given(data=st.data())
def test_a_missing_document_counts_as_empty_and_is_reported(base, data):
    articles = [replace(model.article_from_json(base), id=id, story=id) for id in ("a", "b")]
    one = {**data.draw(damaged(base)), "id": "a"}
    nothing = {**{name: [] for name in model.LAYERS}, "id": "b"}
    metrics = [*STRICT, *CONDITIONAL]
    absent = scoring.score(articles, [typed(one)], metrics)
    empty = scoring.score(articles, [typed(one), typed(nothing)], metrics)
    assert (absent.missing, empty.missing) == (("b",), ())
    assert absent.counts == empty.counts
    assert absent.story_counts == empty.story_counts
    assert all("documents:1/2" in s.signature for s in absent.scores)


@some
@given(data=st.data())
def test_shards_merged_equal_the_whole_exactly(base, data):
    """Five documents in three stories, scored together and story by story, the shards merged in another order."""
    gold = model.article_from_json(base)
    articles = [replace(gold, id=f"d{n}", story=f"s{n // 2}") for n in range(5)]
    predicted = {a.id: typed({**data.draw(damaged(base)), "id": a.id}) for a in articles}
    for metric in (*STRICT, *CONDITIONAL):

        def counted(stories, metric=metric):
            chosen = [a for a in articles if a.story in stories]
            scores = scoring.score(chosen, [predicted[a.id] for a in chosen], [metric])
            return scores.totals[scoring.text_form(metric)]

        whole = counted({"s0", "s1", "s2"})
        shards = [counted({story}) for story in ("s2", "s0", "s1")]
        assert merge([merge(shards[:2]), shards[2]]) == whole, scoring.text_form(metric)
        if not isinstance(metric, StoryMetric):
            documents = [metric.counts(Aligned(a, predicted[a.id])) for a in reversed(articles)]
            assert merge(documents) == whole, scoring.text_form(metric)


def test_the_hash_of_the_gold_does_not_depend_on_whose_words_are_at_hand(base):
    gold = model.article_from_json(base)
    bare = model.article_from_json(model.without_text(base))
    other = replace(gold, claims=gold.claims[1:])
    hashes = [scoring.score([a], from_gold([a]), ["claims.level(0)"]).gold_hash for a in (gold, bare, other)]
    assert hashes[0] == hashes[1] != hashes[2]
