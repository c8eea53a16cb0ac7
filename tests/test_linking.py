"""Linking: worked examples, and neleval's measures on its own format and values."""

from pathlib import Path

import pytest

from conflictwire.corpus.files import UnusableInput
from conflictwire.model import Entity, Mention, Prediction, Span
from conflictwire.scoring import linking
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Counts
from conflictwire.scoring.presets import neleval, run

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance" / "linking"


def entity(id, kb, *starts, type="person"):
    return Entity(id=id, type=type, name=id, kb=kb, mentions=[Mention(Span(s, s + 2)) for s in starts])


GOLD = [entity("g1", "kb-a", 0, 10), entity("g2", "kb-b", 20), entity("g3", None, 30, 40), entity("g4", None, 50, 60)]
# 0 right, 10 another id; 20 said to be NIL; 30 and 40 apart; 50 and 60 together but with 40; 70 is no mention.
PREDICTED = [
    entity("p1", "kb-a", 0),
    entity("p2", "kb-b", 10),
    entity("p3", None, 20, 30),
    entity("p4", None, 40, 50, 60),
    entity("p5", "kb-b", 70, type="people"),
]


def counts(metric, gold=GOLD, predicted=PREDICTED):
    return metric.counts(Aligned(Prediction("d", entities=gold), Prediction("d", entities=predicted)))


def test_in_kb_by_hand():
    found = counts(linking.InKb())
    assert found[""] == Counts(1, 3, 1, 3)  # 0 with kb-a, of 0, 10 and 20 there and 0, 10 and 70 here
    assert found["person"] == Counts(1, 3, 1, 2)
    assert found["people"] == Counts(0, 0, 0, 1)


def test_nil_by_hand():
    assert counts(linking.Nil())[""] == Counts(4, 4, 4, 5)  # 30, 40, 50, 60, and 20 too many


def test_nil_clusters_by_hand():
    # {30, 40} with {20, 30} keeps one, {50, 60} with {40, 50, 60} two.
    assert counts(linking.NilClusters())[""] == Counts(3 * SCALE, 4 * SCALE, 3 * SCALE, 5 * SCALE)


def test_two_ids_for_one_mention_cost_precision():
    hedged = [entity("a", "kb-a", 0), entity("b", "kb-b", 0)]
    assert counts(linking.InKb(), [entity("g", "kb-a", 0)], hedged)[""] == Counts(1, 1, 1, 2)


def test_a_repeated_cluster_earns_nothing():
    once = counts(linking.NilClusters(), GOLD, [entity("a", None, 30, 40)])
    twice = counts(linking.NilClusters(), GOLD, [entity("a", None, 30, 40), entity("b", None, 40, 30)])
    assert once == twice


# ---- neleval -------------------------------------------------------------------------------------

# Three documents' worth on paper: E1 twice in gold, once found with its type, once as NIL.
NEL_GOLD = """\
d1\t0\t3\tE1\t1.0\tPER
d1\t5\t8\tE1\t1.0\tPER
d1\t10\t12\tNIL1\t1.0\tORG
d2\t0\t3\tNIL1\t1.0\tORG
"""
NEL_SYSTEM = """\
d1\t0\t3\tE9\t0.2\tLOC\tE1\t0.9\tPER
d1\t5\t8\tNIL7\t1.0\tPER
d1\t10\t12\tNIL7\t1.0\tPER
d2\t0\t3\tNIL1\t1.0\tORG
d2\t9\t9\tE4
"""


def scores(tmp_path, gold, system):
    (tmp_path / "gold.tsv").write_text(gold)
    (tmp_path / "system.tsv").write_text(system)
    return {r.metric: (r.precision, r.recall) for r in run("neleval", tmp_path / "gold.tsv", tmp_path / "system.tsv")}


def test_neleval_by_hand(tmp_path):
    found = scores(tmp_path, NEL_GOLD, NEL_SYSTEM)
    assert found["strong_mention_match"] == (4 / 5, 4 / 4)
    assert found["strong_typed_mention_match"] == (3 / 5, 3 / 4)  # all but 10-12
    assert found["strong_link_match"] == (1 / 2, 1 / 2)  # the best candidate of 0-3 is E1
    assert found["strong_nil_match"] == (2 / 3, 2 / 2)
    assert found["strong_all_match"] == (3 / 5, 3 / 4)
    assert found["entity_match"] == (1 / 2, 1 / 1)  # d1 E1; d2 E4 is made up
    # Clusters, across documents: {a b}, {c d} against {a}, {b c}, {d}, {e}.
    assert found["mention_ceaf"] == (2 / 5, 2 / 4)
    assert found["entity_ceaf"] == (pytest.approx(4 / 3 / 4), pytest.approx(4 / 3 / 2))  # {a b}-{a}, {c d}-{d}
    assert found["b_cubed"] == (pytest.approx((1 + 1 / 2 + 1 / 2 + 1) / 5), pytest.approx(4 / 2 / 4))
    assert found["muc"] == (0, 0) == found["pairwise"]


def test_neleval_puts_all_mentions_without_an_id_into_one_cluster(tmp_path):
    # That is neleval's way and not ours: two mentions that nobody says are the same.
    found = scores(tmp_path, "d\t0\t1\nd\t5\t6\n", "d\t0\t1\tNIL1\nd\t5\t6\tNIL2\n")
    assert found["mention_ceaf"] == (1 / 2, 1 / 2)
    assert found["strong_nil_match"] == (1, 1)


def test_neleval_with_nothing_on_either_side(tmp_path):
    assert set(scores(tmp_path, "", "").values()) == {(0, 0)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("d\t0", "line 2: 2 columns, expected document, start, end"),
        ("d\tx\t1", "line 2: start is 'x', expected a whole number"),
        ("d\t5\t4", "line 2: start 5 lies after end 4"),
        ("d\t0\t1\tE1\thigh\tPER", "line 2: score is 'high'"),
        ("d\t0\t1\tE1\t1.0\tPER\tE2", "line 2: 4 columns after the span"),
        ("d\t0\t0\tE1", "line 2: the span of line 1 again"),
        (b"\xff\t0\t1", "line 2: not UTF-8"),
    ],
)
def test_a_malformed_neleval_file_is_named_with_its_line(tmp_path, line, said):
    path = tmp_path / "system.tsv"
    path.write_bytes(b"d\t0\t0\tE1\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
    with pytest.raises(UnusableInput, match=said):
        neleval.read(path)
    with pytest.raises(UnusableInput, match="gone"):
        neleval.read(tmp_path / "gone.tsv")


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance files are not beside this clone")
def test_neleval_gives_every_published_value():
    header, *rows = (CONFORMANCE / "link_expected_neleval.tsv").read_text().splitlines()
    assert header.split("\t") == ["ptp", "fp", "rtp", "fn", "precis", "recall", "fscore", "measure"]
    gold, system = CONFORMANCE / "link_gold.tsv", CONFORMANCE / "link_sys.tsv"
    results = {r.metric: (r.precision, r.recall, r.f1) for r in run("neleval", gold, system)}
    counted = neleval.contingency(neleval.read(gold), neleval.read(system))
    assert len(rows) == len(results) == 19
    for row in rows:
        *values, measure = row.split("\t")
        c = counted[measure]
        exact = (c.predicted_credit, c.predicted - c.predicted_credit, c.gold_credit, c.gold - c.gold_credit)
        ours = (*(n / SCALE for n in exact), *results[measure])
        assert [round(v, 3) for v in ours] == [float(v) for v in values], measure


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance files are not beside this clone")
def test_our_metrics_agree_with_neleval_where_the_definitions_do():
    def records(path):
        documents = {}
        for a in neleval.read(path):
            key = a.entity, a.type
            mentions = documents.setdefault(a.document, {}).setdefault(key, [])
            mentions.append(Mention(Span(a.start, a.end + 1)))
            documents[a.document][key] = mentions
        return {
            d: Prediction(d, entities=[
                Entity(id=f"e{n}", type=type, name=f"e{n}", kb=None if id.startswith("NIL") else id, mentions=m)
                for n, ((id, type), m) in enumerate(entities.items())
            ])
            for d, entities in documents.items()
        }  # fmt: skip

    gold, system = records(CONFORMANCE / "link_gold.tsv"), records(CONFORMANCE / "link_sys.tsv")
    for metric, expected in ((linking.InKb(), (594, 69, 171)), (linking.Nil(), (380, 159, 105))):
        total = sum((metric.counts(Aligned(g, system.get(d)))[""] for d, g in gold.items()), Counts())
        right = total.predicted_credit
        assert right == total.gold_credit
        assert (right, total.predicted - right, total.gold - right) == expected
