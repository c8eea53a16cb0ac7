"""Agreement of two annotations: alpha by hand and beside two libraries, and what must hold of any two passes."""

import json
import random
import re
from collections.abc import Iterator

import krippendorff
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from nltk.metrics.agreement import AnnotationTask

from conflictwire import model
from conflictwire.agreement import agree, differences, nominal_alpha
from conflictwire.cli import main
from conflictwire.model import Article, Relation
from conflictwire.report import agreement as report
from conflictwire.scoring.statistics import Resampling
from support import ROOT, SHARED_TEXTS, needs_shared

FEW_ROUNDS = Resampling(rounds=50)


@pytest.fixture
def gold(worked) -> Article:
    return model.article_from_json(worked)


@pytest.fixture(scope="module")
def passes() -> tuple[list[Article], list[Article]]:
    return report.passes(ROOT / "dataset", "a"), report.passes(ROOT / "dataset", "b")


def row(agreement, layer, what, kind="field"):
    (found,) = [r for r in agreement.rows if (r.layer, r.what, r.kind) == (layer, what, kind)]
    return found


# ---- alpha ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [
        # 8 values, 5 a and 3 b; the one unit of different values puts 2 off the diagonal, of the
        # 64 - 25 - 9 = 30 that chance would: 1 - 7 * 2 / 30 = 16/30.
        ("aaab", "aabb", 16 / 30),
        # Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), A: 14 zeros, 6 ones, 4 units
        # differ: 1 - 19 * 8 / (400 - 196 - 36) = 16/168 = 0.095.
        ("0100000010", "1110010000", 16 / 168),
        # The same, B, printed there as 0.692: a 4, b 6, c 6, d 6, e 2 of 24; a-b, d-b and a-d differ:
        # 1 - 23 * 6 / (576 - 16 - 36 - 36 - 36 - 4) = 1 - 138/448.
        ("aabbdcccedda", "babbbccceddd", 1 - 138 / 448),
        ("ab", "ab", 1.0),
        # Two units that differ each time: 1 - 3 * 4 / (16 - 4 - 4) = -1/2, less than chance.
        ("ab", "ba", -0.5),
    ],
)
def test_alpha_by_hand(first, second, alpha):
    assert nominal_alpha(list(zip(first, second, strict=True))) == pytest.approx(alpha)


@pytest.mark.parametrize("pairs", [[], [("a", "a")], [("a", "a")] * 9])
def test_alpha_of_nothing_or_of_one_category_is_undefined(pairs):
    assert nominal_alpha(pairs) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40))
def test_alpha_is_that_of_nltk_and_krippendorff(pairs):
    ours = nominal_alpha(pairs)
    if ours is None:
        return  # both libraries raise or divide by zero there
    task = AnnotationTask([(who, unit, pair[who]) for unit, pair in enumerate(pairs) for who in (0, 1)])
    assert ours == pytest.approx(task.alpha())
    data = list(zip(*pairs, strict=True))
    assert ours == pytest.approx(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
    assert ours == nominal_alpha([(y, x) for x, y in pairs])
    assert ours <= 1


# ---- two annotations by hand ---------------------------------------------------------------------


def test_fields_are_compared_on_aligned_items(gold):
    first, *others = gold.claims
    changed = replace(first, measure="injured", as_of="2024-03-02")
    found = agree([gold], [replace(gold, claims=[changed, *others])])
    measure = row(found, "claims", "measure")
    n = len(gold.claims)
    assert (measure.first, measure.second, measure.compared, measure.matched) == (n, n, n, 1.0)
    assert measure.value == pytest.approx((n - 1) / n)
    assert measure.alpha == nominal_alpha([(c.measure, c.measure) for c in others] + [(first.measure, "injured")])
    assert row(found, "claims", "values").value == 1.0
    assert row(found, "claims", "values").alpha is None
    as_of = row(found, "claims", "as_of, where given")
    assert as_of.compared == sum(c.as_of is not None for c in gold.claims) + (first.as_of is None)
    assert as_of.value == pytest.approx((as_of.compared - 1) / as_of.compared)


def test_an_item_without_a_partner_lowers_f1_and_the_share_aligned_but_no_field(gold):
    found = agree([gold], [replace(gold, claims=gold.claims[1:])])
    n = len(gold.claims)
    spans = row(found, "claims", "claims", "same span")
    assert (spans.first, spans.second) == (n, n - 1)
    assert spans.value == pytest.approx(2 * (n - 1) / (2 * n - 1))
    measure = row(found, "claims", "measure")
    assert (measure.compared, measure.value) == (n - 1, 1.0)
    assert measure.matched == pytest.approx(2 * (n - 1) / (2 * n - 1))


def test_a_span_of_other_offsets_overlaps_but_is_not_the_same(gold):
    first, *others = gold.claims
    span = replace(first.span, end=first.span.end - 1)
    found = agree([gold], [replace(gold, claims=[replace(first, span=span), *others])])
    n = len(gold.claims)
    assert row(found, "claims", "claims", "same span").value == pytest.approx((n - 1) / n)
    assert row(found, "claims", "claims", "overlapping span").value == 1.0


def test_items_go_by_their_partners_not_by_their_ids(gold):
    record = model.to_json(gold)
    layers = json.dumps({layer: record[layer] for layer in model.LAYERS})
    # e1 becomes e98, ev2#g1 becomes ev97#g98: other ids, in another order.
    renamed = re.sub(r'(?<=["#])(e|ev|c|s|a|g)(\d+)(?=["#])', lambda m: f"{m[1]}{99 - int(m[2])}", layers)
    other = model.article_from_json({**record, **json.loads(renamed)})
    assert not {c.id for c in other.claims} & {c.id for c in gold.claims}
    found = agree([gold], [other])
    assert_perfect(found)


def test_one_category_is_said_to_be_one_and_not_agreement(gold):
    claims = [replace(c, stance="asserted") for c in gold.claims]
    stance = row(agree([replace(gold, claims=claims)], [replace(gold, claims=claims)]), "claims", "stance")
    assert (stance.value, stance.alpha, stance.alpha_note) == (1.0, None, "one category only (asserted)")


def test_where_nobody_has_an_item_nothing_is_agreed_on(gold):
    bare = replace(gold, claims=[], attributions=[])
    found = agree([bare], [bare])
    for kind, what in (("field", "measure"), ("same span", "claims"), ("link", "relations")):
        nothing = row(found, "claims", what, kind)
        assert (nothing.value, nothing.alpha, nothing.note) == (None, None, "nothing to compare")


def test_where_only_one_has_items_agreement_is_none_at_all(gold):
    found = agree([gold], [replace(gold, claims=[])])
    assert row(found, "claims", "claims", "overlapping span").value == 0.0
    measure = row(found, "claims", "measure")
    assert (measure.value, measure.matched, measure.note) == (None, 0.0, "nothing to compare")


# ---- intervals -----------------------------------------------------------------------------------


def copies(article: Article, number: int) -> Iterator[Article]:
    for k in range(number):
        yield replace(article, id=f"{article.id}-{k}")


def test_fewer_than_ten_articles_have_no_interval(gold):
    found = agree(copies(gold, 9), copies(gold, 9))
    assert all(r.interval is None for r in found.rows)
    assert row(found, "claims", "measure").note == "too few articles (9)"
    assert row(agree(copies(gold, 10), copies(gold, 10)), "claims", "measure").interval == (1.0, 1.0)


def test_an_alpha_that_hangs_on_one_article_has_no_interval(gold):
    plain = replace(gold, claims=[replace(c, stance="asserted") for c in gold.claims])
    other, *others = copies(plain, 10)
    first, *rest = other.claims
    articles = [replace(other, claims=[replace(first, stance="projected"), *rest]), *others]
    stance = row(agree(articles, articles), "claims", "stance")
    # The one article is missing from about (9/10)**10 = 35 % of draws.
    assert (stance.value, stance.alpha, stance.interval, stance.alpha_interval) == (1.0, 1.0, (1.0, 1.0), None)
    assert stance.alpha_note.startswith("undefined in 3")


def test_intervals_hold_the_value_and_do_not_change_from_run_to_run(passes):
    found = agree(*passes, FEW_ROUNDS)
    assert found == agree(*passes, FEW_ROUNDS)
    for r in found.rows:
        for value, interval in ((r.value, r.interval), (r.alpha, r.alpha_interval)):
            assert interval is None or interval[0] - 1e-9 <= value <= interval[1] + 1e-9, r


# ---- any two passes ------------------------------------------------------------------------------


def assert_perfect(found):
    assert found.disagreements == ()
    for r in found.rows:
        assert r.value in (None, pytest.approx(1.0)), r
        assert r.alpha in (None, pytest.approx(1.0)), r
        assert r.matched in (None, 1.0), r
        assert r.value is not None or r.note == "nothing to compare"


def test_a_pass_agrees_with_itself_wherever_that_is_defined(passes):
    for articles in passes:
        found = agree(articles, articles, FEW_ROUNDS)
        assert_perfect(found)
        assert all(r.value == pytest.approx(1.0) for r in found.rows)


def worsened(article: Article, seed: int) -> Article:
    """The article with items left out, spans moved and fields changed, as a careless annotator would have it."""
    chance = random.Random(seed)

    def some(items):
        return [x for x in items if chance.random() < 0.9]

    def moved(span):
        return replace(span, end=span.end - 1) if chance.random() < 0.1 and span.end - span.start > 1 else span

    claims = [
        replace(
            c,
            span=moved(c.span),
            measure=chance.choice([c.measure, "other"]),
            values=chance.choice([c.values, ["7"]]),
            relations=some(c.relations),
        )
        for c in some(article.claims)
    ]
    entities = [
        replace(e, mentions=[replace(m, span=moved(m.span)) for m in some(e.mentions)], type=chance.choice([e.type, "people"]))
        for e in article.entities
    ]  # fmt: skip
    events = [
        replace(e, arguments=some(e.arguments), type=chance.choice([e.type, "clash"]), triggers=some(e.triggers))
        for e in article.events
    ]
    attributions = [
        replace(a, content=[moved(s) for s in a.content], cue=some(a.cue), sources=some(a.sources))
        for a in some(article.attributions)
    ]
    return replace(article, claims=claims, entities=entities, events=events, attributions=attributions)


@pytest.mark.parametrize("seed", range(4))
def test_passes_may_change_places(passes, seed):
    chosen = slice(seed, None, 4)
    first = [worsened(a, seed) for a in passes[0][chosen]]
    second = [worsened(a, seed + 100) for a in passes[1][chosen]]
    there, back = agree(first, second, FEW_ROUNDS), agree(second, first, FEW_ROUNDS)
    for x, y in zip(there.rows, back.rows, strict=True):
        assert (x.first, x.second, x.compared, x.matched) == (y.second, y.first, y.compared, y.matched)
        assert x.value == pytest.approx(y.value)
        assert x.alpha == pytest.approx(y.alpha)
        assert x.interval == pytest.approx(y.interval)
        assert x.value is None or 0 <= x.value <= 1 + 1e-12
        assert x.matched is None or 0 <= x.matched <= 1


def shuffled(article: Article, seed: int) -> Article:
    chance = random.Random(seed)

    def mixed(items):
        return chance.sample(items, len(items))

    return replace(
        article,
        entities=[replace(e, mentions=mixed(e.mentions)) for e in mixed(article.entities)],
        events=[replace(e, triggers=mixed(e.triggers), arguments=mixed(e.arguments)) for e in mixed(article.events)],
        claims=[replace(c, relations=mixed(c.relations)) for c in mixed(article.claims)],
        sources=[replace(s, mentions=mixed(s.mentions)) for s in mixed(article.sources)],
        attributions=[
            replace(a, content=mixed(a.content), cue=mixed(a.cue), sources=mixed(a.sources), asserts=mixed(a.asserts))
            for a in mixed(article.attributions)
        ],
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_articles_and_items_changes_nothing(passes, seed):
    chosen = [p[seed::3] for p in passes]
    first, second = ([shuffled(a, seed) for a in reversed(p)] for p in chosen)
    ordered, mixed = agree(*chosen, FEW_ROUNDS), agree(first, second, FEW_ROUNDS)
    assert mixed.rows == ordered.rows
    counts = [{(d.layer, d.kind): d.count for d in found.disagreements} for found in (ordered, mixed)]
    assert counts[0] == counts[1]


def test_passes_that_cannot_be_compared_are_refused(gold):
    with pytest.raises(ValueError, match="no article in common"):
        agree([gold], [replace(gold, id="another")])
    with pytest.raises(ValueError, match="worked twice"):
        agree([gold, replace(gold, claims=[])], [gold])
    with pytest.raises(ValueError, match="different texts"):
        agree([gold], [replace(gold, segments=gold.segments[1:])])


def test_articles_of_one_pass_alone_are_named_and_left_out(gold):
    found = agree([gold, replace(gold, id="another")], [gold])
    assert (found.articles, found.alone) == (("worked",), ("another",))
    assert row(found, "claims", "measure").first == len(gold.claims)


def test_of_three_passes_every_pair_counts(gold):
    """In one pass c1 is injured: of three pairs two differ there; 18 compared, 16 equal."""
    other = replace(gold, claims=[replace(gold.claims[0], measure="injured"), *gold.claims[1:]])
    assert len(gold.claims) == 6
    found = agree([gold], [other], FEW_ROUNDS, further=[[gold]])
    measure = row(found, "claims", "measure")
    assert (measure.compared, measure.first, measure.value) == (18, 18, pytest.approx(16 / 18))
    assert found.passes == 3
    assert "|pass 3:" in found.signature
    (kind,) = [d for d in found.disagreements if d.kind == "measure"]
    assert (kind.count, kind.articles) == (2, 1)


def test_an_article_counts_where_any_two_of_the_passes_have_it(gold):
    another = replace(gold, id="another")
    found = agree([gold], [another], FEW_ROUNDS, further=[[another], [replace(gold, id="alone")]])
    assert (found.articles, found.alone) == (("another",), ("alone", "worked"))


def test_an_empty_third_pass_changes_no_figure(passes):
    two, three = agree(*passes, FEW_ROUNDS), agree(*passes, FEW_ROUNDS, further=[[]])
    assert (two.rows, two.disagreements) == (three.rows, three.disagreements)


# ---- differences ---------------------------------------------------------------------------------


def test_disagreements_come_most_frequent_first_with_examples_from_different_articles(gold):
    def changed(article, number):
        return replace(
            article, claims=[replace(c, unit="item") for c in article.claims[:number]] + article.claims[number:]
        )

    first = list(copies(gold, 3))
    second = [changed(a, n) for a, n in zip(first, (2, 1, 1), strict=True)]
    second[2] = replace(second[2], attributions=[replace(a, mode="mixed") for a in second[2].attributions[:1]] + second[2].attributions[1:])  # fmt: skip
    unit, mode = agree(first, second).disagreements
    assert (unit.layer, unit.kind, unit.count, unit.articles) == ("claims", "unit", 4, 3)
    assert [id for id, _ in unit.examples] == ["worked-0", "worked-1", "worked-2"]
    assert (mode.kind, mode.count) == ("mode", 1)


def test_a_relation_that_holds_from_either_end_is_no_difference_and_others_are(gold):
    one, two, *others = sorted(gold.claims, key=lambda c: c.span.start)

    def related(type, forward):
        x, y = (one, two) if forward else (two, one)
        linked = [replace(x, relations=[Relation(type, y.id)]), replace(y, relations=[])]
        return replace(gold, claims=[*linked, *(replace(c, relations=[]) for c in others)])

    assert differences(related("conflicts_with", True), related("conflicts_with", False)) == []
    assert len(differences(related("supersedes", True), related("supersedes", False))) == 2


def test_a_relation_to_another_article_is_the_same_as_itself(gold):
    first, *others = gold.claims
    linked = replace(gold, claims=[replace(first, relations=[Relation("supersedes", "earlier#c3")]), *others])
    assert differences(linked, linked) == []
    assert len(differences(linked, replace(gold, claims=[replace(first, relations=[]), *others]))) == 1


# ---- what is shown -------------------------------------------------------------------------------


def run(*words, code=0):
    result = CliRunner().invoke(main, ["agree", *(str(w) for w in words)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_the_stored_passes_are_compared_by_name(passes):
    shown = run("a", "b").stdout
    assert f"{len(passes[0])} articles annotated twice" in shown
    assert "signature: agreement|conflictwire:" in shown
    for kind in agree(*passes, FEW_ROUNDS).disagreements:
        assert kind.kind in shown


def test_agreement_as_json_has_every_row_and_its_signature(passes):
    made = json.loads(run("a", "b", "--json").stdout)
    assert made == json.loads(json.dumps(agree(*passes).to_json()))
    assert made["signature"].endswith(f"articles:{len(passes[0])}|rounds:1000|seed:20310902")
    assert {"layer", "what", "value", "interval", "alpha", "matched", "note"} <= made["rows"][0].keys()


def test_files_and_folders_are_passes_too(tmp_path, worked):
    file, folder = tmp_path / "worked.json", tmp_path / "second"
    folder.mkdir()
    file.write_text(json.dumps(worked), encoding="utf-8")
    (folder / "worked.json").write_text(json.dumps(worked), encoding="utf-8")
    (folder / "more.json").write_text(json.dumps({**worked, "id": "more"}), encoding="utf-8")
    shown = run(file, folder)
    assert "too few articles (1)" in shown.stdout
    assert "in one pass only, left out: more" in shown.stderr


def test_the_command_takes_any_number_of_passes(tmp_path, worked):
    files = [tmp_path / f"{name}.json" for name in "xyz"]
    for file in files:
        file.write_text(json.dumps(worked), encoding="utf-8")
    assert "1 article in at least two of 3 passes" in run(*files).stdout
    assert "name two or more" in run(files[0], code=2).output


def test_what_is_no_pass_is_unusable(tmp_path, worked):
    file = tmp_path / "worked.json"
    file.write_text(json.dumps(worked), encoding="utf-8")
    run("a", tmp_path / "missing.json", code=2)
    assert "no article in common" in run("a", file, code=2).output
    assert "twice" in run("a", ROOT / "dataset" / "passes", code=2).output
    run("a", "no-such-pass", code=2)


@needs_shared
def test_with_texts_the_places_of_a_reported_article_have_their_words():
    id = "upi-2021-09-17-isis-k"
    sides = [[a for a in report.read(name, SHARED_TEXTS / "upi") if a.id == id] for name in "ab"]
    places = [d.where for kind in agree(*sides).disagreements for _, d in kind.examples]
    assert places
    assert not any(place.startswith("[") or " [" in place for place in places)


def test_the_card_has_every_row_and_no_words_of_an_article(passes, tmp_path):
    card = report.table(ROOT / "dataset")
    found = agree(*passes)
    for r in found.rows:
        assert r.what in card
    assert "›" not in card
    assert report.table(tmp_path) == "No passes are stored here."
