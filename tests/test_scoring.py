"""The scorer: worked examples small enough for paper, and properties that every default metric keeps."""

import copy

import numpy as np
import pytest
from msgspec.structs import replace

from conflictwire import model, scoring
from conflictwire.formats.predictions import from_gold
from conflictwire.model import Argument, Article, Claim, Counted, Entity, Event, Mention, Prediction, Span
from conflictwire.scoring import statistics
from conflictwire.scoring.counts import Counts, finalise
from conflictwire.scoring.scores import DIAGNOSTIC
from conflictwire.scoring.statistics import Resampling


def f1(scores, metric):
    return next(s.f1 for s in scores.scores if s.metric == metric)


@pytest.fixture
def gold(worked) -> Article:
    return model.article_from_json(worked)


# ---- worked examples -----------------------------------------------------------------------------


def entity(id, type, *spans):
    return Entity(id=id, type=type, name=id, mentions=[Mention(Span(a, b)) for a, b in spans])


def scored(base, gold_layers, predicted_layers, metric):
    empty = {layer: [] for layer in model.LAYERS}
    made = replace(base, **{**empty, **gold_layers})
    return scoring.score([made], [Prediction(base.id, **{**empty, **predicted_layers})], [metric]).scores[0]


GOLD_MENTIONS = [entity("g1", "person", (0, 4), (10, 14)), entity("g2", "people", (20, 30))]
# (0, 4) exact and typed; (10, 13) overlaps; (20, 30) exact but mistyped; (50, 55) overlaps nothing.
PREDICTED_MENTIONS = [entity("p1", "person", (0, 4), (10, 13)), entity("p2", "armed_group", (20, 30), (50, 55))]


@pytest.mark.parametrize(
    ("metric", "precision", "recall"),
    [
        ("mentions.strict", 1 / 4, 1 / 3),  # (0, 4) alone
        ("mentions.partial", 2.5 / 4, 2.5 / 3),  # two exact, one half
        ("mentions.type", 2 / 4, 2 / 3),  # (0, 4) and (10, 13)
    ],
)
def test_mentions_by_hand(gold, metric, precision, recall):
    score = scored(gold, {"entities": GOLD_MENTIONS}, {"entities": PREDICTED_MENTIONS}, metric)
    assert (score.precision, score.recall) == (pytest.approx(precision), pytest.approx(recall))


# Gold clusters {A, B, C} and {D}; predicted {A, B}, {C, D}.
A, B, C, D = (0, 1), (2, 3), (4, 5), (6, 7)


@pytest.mark.parametrize(
    ("metric", "recall", "precision"),
    [
        # B3 recall: A and B keep 2 of 3, C keeps 1 of 3, D 1 of 1: (2/3 + 2/3 + 1/3 + 1) / 4 = 2/3.
        # Precision: A and B keep 2 of 2, C and D 1 of 2: (1 + 1 + 1/2 + 1/2) / 4 = 3/4.
        ("coref.b3", 2 / 3, 3 / 4),
        # LEA recall: {A,B,C} has 3 links, AB is resolved: 3 * 1/3 = 1; {D} is no singleton of the other
        # side: 0. Of 4: 1/4. Precision: {A,B} 2 * 1/1 = 2; {C,D} 0. Of 4: 1/2.
        ("coref.lea", 1 / 4, 1 / 2),
    ],
)
def test_coreference_by_hand(gold, metric, recall, precision):
    score = scored(
        gold,
        {"entities": [entity("g1", "person", A, B, C), entity("g2", "person", D)]},
        {"entities": [entity("p1", "person", A, B), entity("p2", "person", C, D)]},
        metric,
    )
    assert (score.recall, score.precision) == (pytest.approx(recall), pytest.approx(precision))


def claim(id, start, values, measure="killed", **more):
    return Claim(
        id=id, span=Span(start, start + 2), values=values, measure=measure, counted=Counted(role="victim"), **more
    )


@pytest.mark.parametrize(
    ("level", "right"),
    [(0, 3), (1, 2), (2, 1), (3, 1), (4, 0)],
)
def test_claim_levels_are_cumulative(gold, level, right):
    # Three claims found; the second has another figure; the third the same figure, another measure;
    # the first is right but for its as-of date.
    golden = [claim("c1", 0, ["14"], as_of="2024"), claim("c2", 10, ["3"]), claim("c3", 20, ["9"])]
    predicted = [claim("x", 0, ["14"]), claim("y", 10, ["4"]), claim("z", 20, ["9"], measure="injured")]
    score = scored(gold, {"claims": golden}, {"claims": predicted}, f"claims.level({level})")
    assert score.f1 == pytest.approx(right / 3)


def test_no_credit_for_a_number_that_is_merely_close(gold):
    assert (
        scored(gold, {"claims": [claim("c", 0, ["200"])]}, {"claims": [claim("x", 0, ["199"])]}, "claims.level(1)").f1
        == 0
    )


def test_triggers_by_hand(gold):
    golden = [Event(id="e1", type="clash", triggers=[Span(0, 4), Span(9, 12)])]
    predicted = [
        Event(id="x", type="clash", triggers=[Span(0, 4)]),
        Event(id="y", type="arrest", triggers=[Span(9, 12)]),
    ]
    assert scored(gold, {"events": golden}, {"events": predicted}, "events.triggers.found").f1 == 1
    assert scored(gold, {"events": golden}, {"events": predicted}, "events.triggers").f1 == pytest.approx(1 / 2)


def bombing(id, trigger, *fillers):
    arguments = [
        Argument(id=f"g{n}", role=role, entity=entity, mention=Span(*at) if at else None)
        for n, (role, entity, at) in enumerate(fillers)
    ]
    return Event(id=id, type="attack.bombing", triggers=[Span(*trigger)], arguments=arguments)


# Two bombings. The prediction has the first one's victim by another mention, its place in the wrong role,
# and gives the second one's victim to the first.
_PEOPLE = [
    entity("x", "people", (100, 104), (110, 114)),
    entity("y", "people", (120, 124)),
    entity("z", "location", (130, 134)),
]
_GOLD_EVENTS = [
    bombing("e1", (0, 4), ("victim", "x", (100, 104)), ("place", "z", (130, 134))),
    bombing("e2", (10, 14), ("victim", "y", (120, 124))),
]
_PREDICTED_EVENTS = [
    bombing("p1", (0, 4), ("victim", "x", (110, 114)), ("target", "z", (130, 134)), ("victim", "y", (120, 124))),
    bombing("p2", (10, 14)),
]


@pytest.mark.parametrize(
    ("metric", "right"),
    [
        ("events.arguments", 1),  # x by any of its mentions
        ("events.arguments(match=exact)", 0),  # x stands at another mention
        ("events.arguments(role=no)", 2),  # x, and z whatever its role
        ("events.arguments(attached=no)", 2),  # x, and y whichever bombing it belongs to
        ("events.arguments(attached=no, role=no)", 3),
        ("events.arguments(attached=no, match=exact)", 1),  # y
    ],
)
def test_arguments_by_hand(gold, metric, right):
    golden, predicted = ({"entities": _PEOPLE, "events": events} for events in (_GOLD_EVENTS, _PREDICTED_EVENTS))
    score = scored(gold, golden, predicted, metric)
    assert (score.recall, score.precision) == (pytest.approx(right / 3), pytest.approx(right / 3))


def test_realis_by_hand(gold):
    golden = [bombing("e1", (0, 4)), bombing("e2", (10, 14)), bombing("e3", (20, 24))]
    predicted = [replace(golden[0], modality="planned"), golden[1]]  # one of two aligned pairs agrees
    assert scored(gold, {"events": golden}, {"events": predicted}, "events.realis(modality)").f1 == pytest.approx(1 / 2)
    assert scored(gold, {"events": golden}, {"events": predicted}, "events.realis(polarity)").f1 == 1


# ---- attributed claims ---------------------------------------------------------------------------


def perfect(gold):
    return next(iter(from_gold([gold])))


def edited(gold, change):
    built = model.to_json(perfect(gold))
    change(built)
    return model.prediction_from_json(built)


def attributed(gold, prediction, metric="claims.attributed"):
    return scoring.score([gold], [prediction], [metric]).scores[0].f1


# Of the six claims of the worked article three are attributed (c1 and c2 to the ministry, c4 to the
# doctor through the agency), one is unclear (c3), two are the narrator's (c5, c6).
def test_the_floor_of_a_system_that_says_narrator_always(gold):
    assert attributed(gold, perfect(gold), "claims.attributed(floor=narrator)") == pytest.approx(3 / 6)
    silent = edited(gold, lambda p: p.update(attributions=[], sources=[]))
    assert attributed(gold, silent) == pytest.approx(3 / 6)


def test_any_of_several_gold_sources_is_right_but_naming_everybody_is_not(gold):
    def only_the_doctor(p):
        p["attributions"] = [a for a in p["attributions"] if a["id"] != "a5"]

    def everybody(p):
        for a in p["attributions"]:
            a["sources"] = [s["id"] for s in p["sources"]]

    assert attributed(gold, edited(gold, only_the_doctor)) == 1
    assert attributed(gold, edited(gold, everybody)) == pytest.approx(3 / 6)


def test_a_source_may_be_named_by_another_mention_of_the_same_entity(gold):
    def by_another_name(p):
        ministry = next(s for s in p["sources"] if s["id"] == "s1")
        ministry["mentions"] = [next(m["span"] for e in p["entities"] if e["id"] == "e8" for m in e["mentions"][1:])]

    assert attributed(gold, edited(gold, by_another_name)) == 1


def test_a_statement_without_a_source_asks_for_one_without(gold, worked):
    worked["attributions"][0]["sources"] = []
    reportedly = model.article_from_json(worked)
    assert attributed(reportedly, perfect(gold)) == pytest.approx(4 / 6)
    assert attributed(reportedly, perfect(reportedly)) == 1


# ---- counts, layers, documents -------------------------------------------------------------------


def test_zero_over_zero_is_undefined_and_one_empty_side_scores_zero():
    assert finalise(Counts()).f1 is None
    assert finalise(Counts(gold=3)).f1 == 0
    assert finalise(Counts(predicted=3)).f1 == 0


def test_a_layer_absent_everywhere_is_not_attempted(gold):
    scores = scoring.score([gold], [Prediction(gold.id, claims=gold.claims)])
    notes = {s.metric: s.note for s in scores.scores}
    assert notes["mentions.strict"] == "not attempted"
    assert f1(scores, "claims.level(1)") == 1


def test_missing_and_extra_documents_are_named_and_a_missing_one_counts_as_empty(gold):
    other = replace(gold, id="other")
    scores = scoring.score([gold, other], [perfect(gold), replace(perfect(gold), id="stray")])
    assert (scores.missing, scores.extra) == (("other",), ("stray",))
    assert f1(scores, "claims.level(0)") == pytest.approx(2 / 3)  # precision 1, recall 1/2
    assert "documents:1/2" in scores.scores[0].signature


def test_fewer_than_ten_stories_have_no_interval_and_ten_have_one(gold):
    few = [replace(gold, id=f"a{i}", story=f"s{i}") for i in range(9)]
    assert scoring.score(few, from_gold(few)).scores[0].note == "too few stories (9)"
    many = [*few, replace(gold, id="a9", story="s9")]
    assert scoring.score(many, from_gold(many)).scores[0].interval == (1.0, 1.0)


def interval(counts, how):
    return statistics.f1_intervals([counts], how)[0]


def paired_test(first, second, how):
    return statistics.paired_tests([first], [second], how)[0]


def _tables(*stories):
    return statistics.table([{"": c} for c in stories], ("",))


def test_the_interval_covers_the_score_and_repeats_for_a_seed():
    stories = [Counts(i * 7 % 23, 23, i * 5 % 19, 31) for i in range(40)]
    low, high = interval(_tables(*stories), Resampling())
    assert low < finalise(sum(stories, Counts())).f1 < high
    assert interval(_tables(*stories), Resampling()) == (low, high)
    assert interval(_tables(*stories), Resampling(seed=7, rounds=500)) != (low, high)


def _generated(generator, stories, quality, ragged=False):
    """Counts of a system that gets each of its items right with the same chance; ragged: stories of all sizes, P not R."""
    gold = 1 + generator.poisson(7, stories) if ragged else np.full(stories, 8)
    predicted = 1 + generator.poisson(11, stories) if ragged else gold
    right = generator.binomial(np.minimum(gold, predicted), quality)
    return np.stack([right, gold, right, predicted], axis=-1)[:, None, :].astype(float)


@pytest.mark.parametrize("ragged", [False, True])
def test_under_the_null_the_paired_test_errs_as_often_as_it_says(ragged):
    """Two systems of the same quality, 400 times: p <= 0.05 in about 5 % of them, p <= 0.2 in about 20 %."""
    generator = np.random.default_rng(5)
    how = Resampling(rounds=400)

    def system(sizes):
        right = generator.binomial(np.minimum(sizes[..., 1], sizes[..., 3]).astype(int), 0.6)
        return np.stack([right, sizes[..., 1], right, sizes[..., 3]], axis=-1)

    ps = []
    for _ in range(400):
        sizes = _generated(generator, 20, 0.6, ragged)
        ps.append(paired_test(system(sizes), system(sizes), how).p)
    for level in (0.05, 0.2):
        # 400 draws: three standard deviations around what is expected.
        room = 3 * (400 * level * (1 - level)) ** 0.5
        assert abs(sum(p <= level for p in ps) - 400 * level) <= room


def test_under_the_null_a_corrected_table_errs_in_no_more_runs_than_it_says():
    """Five metrics of two systems of the same quality, 300 times: any p_holm <= 0.05 in at most about 5 % of the runs."""
    generator = np.random.default_rng(7)
    how = Resampling(rounds=400)
    wrong = 0
    for _ in range(300):
        first, second = ([_generated(generator, 20, 0.6) for _ in range(5)] for _ in range(2))
        wrong += min(statistics.holm([d.p for d in statistics.paired_tests(first, second, how)])) <= 0.05
    assert wrong <= 300 * 0.05 + 3 * (300 * 0.05 * 0.95) ** 0.5


def test_systems_that_differ_are_told_apart():
    generator = np.random.default_rng(8)
    better, worse = (_generated(generator, 40, quality) for quality in (0.8, 0.5))
    assert paired_test(better, worse, Resampling(rounds=400)).p == pytest.approx(1 / 401)


@pytest.mark.parametrize("ragged", [False, True])
def test_intervals_cover_the_true_score_about_as_often_as_they_say(ragged):
    """300 samples of 30 stories; the truth is the score of very many stories."""
    truth = float(statistics.f1(_generated(np.random.default_rng(1), 200_000, 0.6, ragged).sum(0)))
    generator = np.random.default_rng(6)
    how = Resampling(rounds=500)
    covered = 0
    for _ in range(300):
        low, high = interval(_generated(generator, 30, 0.6, ragged), how)
        covered += low <= truth <= high
    # 95 % of 300 is 285; percentile intervals of 30 stories are known to cover slightly less.
    assert 0.90 <= covered / 300 <= 0.98


def test_metrics_scored_together_have_the_intervals_and_tests_they_have_alone():
    generator = np.random.default_rng(9)
    first, second = ([_generated(generator, n, 0.6, True) for n in (12, 30, 12)] for _ in range(2))
    how = Resampling(rounds=300)
    assert statistics.f1_intervals(first, how) == [interval(t, how) for t in first]
    same = [0, 2]  # paired tests are of one set of stories
    together = statistics.paired_tests([first[i] for i in same], [second[i] for i in same], how)
    assert together == [paired_test(first[i], second[i], how) for i in same]


def test_the_smallest_p_is_bounded_by_the_number_of_stories():
    better, worse = _tables(*[Counts(4, 4, 4, 4)] * 3), _tables(*[Counts(0, 4, 0, 4)] * 3)
    found = paired_test(better, worse, Resampling())
    assert found.smallest_p == 0.25  # 2 of 2**3 arrangements are as extreme as the one seen
    assert found.p == pytest.approx(0.25, abs=0.02)


def test_holm_by_hand():
    # Ordered 0.01 * 3, 0.02 * 2, 0.5 * 1, each at least the one before.
    assert statistics.holm([0.5, 0.01, 0.02]) == [0.5, 0.03, 0.04]


def test_a_system_compared_with_itself_does_not_differ(gold):
    many = [replace(gold, id=f"a{i}", story=f"s{i}") for i in range(10)]
    scores = scoring.score(many, from_gold(many))
    frame = scores.compare(scores)
    assert set(frame.p) == {1.0}
    with pytest.raises(ValueError, match="same gold"):
        scores.compare(scoring.score(many[:9], from_gold(many[:9])))


def test_breakdowns_add_up(gold):
    scores = scoring.score([gold], from_gold([gold]))
    by_type = scores.by("type")
    rows = by_type[by_type.metric == "mentions.strict"]
    assert rows.gold.sum() == next(s.gold for s in scores.scores if s.metric == "mentions.strict")
    assert set(scores.by("part").part) == {"invented"}
    with pytest.raises(ValueError, match="no breakdown by 'colour'"):
        scores.by("colour")


@pytest.mark.parametrize(
    "text", [*scoring.DEFAULT, *DIAGNOSTIC, "coref.lea(singletons=drop)", "events.arguments(attached=no, match=head)"]
)
def test_the_text_of_a_metric_parses_back(text):
    assert scoring.text_form(scoring.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coref.leo", "did you mean coref.lea"),
        ("claims.level(9)", "level is one of"),
        ("coref.b3(x=1)", "no parameter 'x'"),
        ("claims.level", "level"),
    ],
)
def test_a_wrong_metric_says_what_would_be_right(text, said):
    with pytest.raises(scoring.MetricError, match=said.replace("(", r"\(")):
        scoring.parse(text)


# ---- copies --------------------------------------------------------------------------------------


def test_a_false_mention_beside_a_shared_one_never_helps(gold):
    """Gold {0, 1}; predicted {0} and {0, 1}, then with a false mention in the first: no more than before."""
    golden = {"entities": [entity("g", "person", A, B)]}
    before = scored(gold, golden, {"entities": [entity("p", "person", A), entity("q", "person", A, B)]}, "coref.lea").f1
    after = scored(
        gold, golden, {"entities": [entity("p", "person", A, (90, 91)), entity("q", "person", A, B)]}, "coref.lea"
    ).f1
    assert after <= before


def test_which_of_two_copies_a_statement_names_does_not_matter(gold):
    """A claim and its copy; the statement names the one or the other, in either order of the file."""
    base = model.to_json(perfect(gold))
    results = []
    for named in ("c1", "copy"):
        for reverse in (False, True):
            built = copy.deepcopy(base)
            built["claims"].append({**copy.deepcopy(built["claims"][0]), "id": "copy"})
            for a in built["attributions"]:
                for x in a["asserts"]:
                    x["target"] = named if x["target"] == "c1" else x["target"]
            built["claims"] = built["claims"][::-1] if reverse else built["claims"]
            results.append(attributed(gold, model.prediction_from_json(built)))
    assert results == [1, 1, 1, 1]
