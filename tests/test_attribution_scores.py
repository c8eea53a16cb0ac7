"""Attributions, claim fields and the two ends of a chain: worked examples for paper, and properties."""

import pytest
from msgspec.structs import replace

from conflictwire import model, scoring
from conflictwire.model import (
    Argument,
    Article,
    Assertion,
    Attribution,
    Claim,
    Counted,
    Entity,
    Event,
    Mention,
    Prediction,
    Relation,
    Scope,
    Source,
    Span,
)
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import finalise


@pytest.fixture
def gold(worked) -> Article:
    return model.article_from_json(worked)


def aligned(base, wanted, given):
    empty = {layer: [] for layer in model.LAYERS}
    return Aligned(replace(base, **{**empty, **wanted}), Prediction(base.id, **{**empty, **given}))


def scored(document, metric, key=""):
    found = finalise(scoring.parse(metric).counts(document)[key])
    return found.precision, found.recall


def said(id, content, cue=(), by=(), at=None, **more):
    spans = [Span(a, b) for a, b in content]
    return Attribution(
        id=id,
        content=spans,
        cue=[Span(*cue)] if cue else [],
        sources=list(by),
        source_span=Span(*at) if at else None,
        **more,
    )


def source(id, at, **more):
    return Source(id=id, category=more.pop("category", "individual"), mentions=[Span(*at)], **more)


# Gold: the officer (0-10), "said" (11-15), two spans of 30 and 10; Halden Wire (100-111) says 20 code points.
GOLD = {
    "sources": [source("s1", (0, 10)), source("s2", (100, 111), category="media_outlet")],
    "attributions": [
        said("a1", [(20, 50), (60, 70)], (11, 15), ["s1"], (0, 10)),
        said("a2", [(120, 140)], (112, 116), ["s2"], (100, 111)),
    ],
}
# Predicted: the first content in one piece with the words between, cue right, span cut short;
# the second found exactly, nobody named; a third that is not there.
PREDICTED = {
    "sources": [source("x", (4, 10)), source("y", (300, 304))],
    "attributions": [
        said("p", [(20, 70)], (11, 15), ["x"], (4, 10)),
        said("q", [(120, 140)], (112, 118)),
        said("r", [(310, 320)], (305, 309), ["y"], (300, 304)),
    ],
}


@pytest.mark.parametrize(
    ("metric", "precision", "recall"),
    [
        ("attributions.content", 1 / 3, 1 / 2),  # q alone is exact
        # p shares 40 code points of 50 and 40: F = 80/90; q is 1.
        ("attributions.content(match=overlap)", (8 / 9 + 1) / 3, (8 / 9 + 1) / 2),
        ("attributions.cue", 1 / 3, 1 / 2),  # p alone
        ("attributions.cue(match=overlap)", (1 + 8 / 10) / 3, (1 + 8 / 10) / 2),  # q: 4 of 4 and 6: F = 8/10
        ("attributions.source", 0, 0),  # q has none, so two items are predicted
        ("attributions.source(match=overlap)", (12 / 16) / 2, (12 / 16) / 2),  # 6 of 10 and 6: F = 12/16
        ("attributions.speaker", 1 / 2, 1 / 2),  # x overlaps a mention of s1; s2 is not named; y is nobody
    ],
)
def test_spans_and_speakers_by_hand(gold, metric, precision, recall):
    assert scored(aligned(gold, GOLD, PREDICTED), metric) == (pytest.approx(precision), pytest.approx(recall))


def test_speakers_are_told_apart_by_category_and_naming(gold):
    document = aligned(gold, GOLD, PREDICTED)
    assert scored(document, "attributions.speaker", "category=media_outlet") == (0, 0)
    assert scored(document, "attributions.speaker", "category=individual") == (1 / 2, 1)
    assert scored(document, "attributions.speaker", "naming=named") == (1 / 2, 1 / 2)


def relay(outlet, officer):
    """An officer told the outlet: the same cue and content in two statements."""
    return {
        "sources": [source(officer, (0, 10)), source(outlet, (16, 27), category="media_outlet")],
        "attributions": [
            said(f"{outlet}-out", [(30, 50)], (11, 15), [outlet], (16, 27)),
            said(
                f"{officer}-in", [(30, 50)], (11, 15), [officer], (0, 10),
                parent=f"{outlet}-out", parent_relation="relayed_by",
            ),
        ],
    }  # fmt: skip


def test_the_same_cue_and_content_in_two_statements_find_each_its_own(gold):
    document = aligned(gold, relay("wire", "officer"), relay("a", "b"))
    for metric in ("attributions.source", "attributions.speaker", "attributions.nesting", "attributions.chains"):
        assert scored(document, metric) == (1, 1), metric


def test_a_lone_statement_goes_to_the_one_whose_speaker_it_names(gold):
    one = relay("a", "b")
    one["attributions"] = [replace(one["attributions"][1], parent=None, parent_relation=None)]
    document = aligned(gold, relay("wire", "officer"), one)
    assert scored(document, "attributions.speaker") == (1, 1 / 2)
    assert scored(document, "attributions.nesting") == (0, 0)


def test_a_chain_is_right_only_as_a_whole(gold):
    # Both nesting edges are there; the outermost speaker is another, so the chain is not.
    other = relay("a", "b")
    other["sources"][1] = source("a", (200, 210))
    document = aligned(gold, relay("wire", "officer"), other)
    assert scored(document, "attributions.nesting") == (1, 1)
    assert scored(document, "attributions.chains") == (0, 0)


def test_a_cycle_of_parents_is_no_chain_and_ends(gold):
    ring = relay("a", "b")
    ring["attributions"][0] = replace(ring["attributions"][0], parent="b-in", parent_relation="relayed_by")
    document = aligned(gold, relay("wire", "officer"), ring)
    assert scored(document, "attributions.nesting") == (1 / 2, 1)  # the edge that is right, and one made up
    assert scored(document, "attributions.chains") == (0, 0)


def claim(id, start, values=("14",), **more):
    more.setdefault("counted", Counted(role="victim"))
    return Claim(id=id, span=Span(start, start + 2), values=list(values), measure=more.pop("measure", "killed"), **more)


def bombing(id, argument, entity):
    return Event(
        id=id,
        type="attack.bombing",
        triggers=[Span(400, 408)],
        arguments=[Argument(argument, "perpetrator", entity)],
    )


def test_asserted_targets_and_polarities_by_hand(gold):
    herons = [Entity(id="h", type="armed_group", name="Herons", mentions=[Mention(Span(420, 426))])]
    wanted = {
        "entities": herons,
        "events": [bombing("ev", "g", "h")],
        "claims": [claim("c1", 20), claim("c2", 30)],
        "attributions": [
            said("a", [(20, 50)], asserts=[Assertion("c1"), Assertion("c2", "denies"), Assertion("ev#g")])
        ],
    }
    given = {
        "entities": herons,
        "events": [bombing("e", "z", "h")],
        "claims": [claim("x", 20), claim("y", 30)],
        # c1 and the perpetrator are right; y is affirmed, not denied; the event itself is not asserted in the gold.
        "attributions": [
            said("p", [(20, 50)], asserts=[Assertion("x"), Assertion("y"), Assertion("e#z"), Assertion("e")])
        ],
    }
    document = aligned(gold, wanted, given)
    assert scored(document, "attributions.asserts") == (2 / 4, 2 / 3)
    assert scored(document, "attributions.asserts", "target=argument") == (1, 1)
    assert scored(document, "attributions.asserts", "polarity=denies") == (0, 0)


def test_what_is_asserted_twice_counts_once(gold):
    wanted = {"claims": [claim("c", 20)], "attributions": [said("a", [(20, 50)], asserts=[Assertion("c")])]}
    given = {"claims": [claim("c", 20)], "attributions": [said("a", [(20, 50)], asserts=[Assertion("c")] * 3)]}
    assert scored(aligned(gold, wanted, given), "attributions.asserts") == (1, 1)


# ---- claims ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "right"),
    # Two aligned pairs; the second differs in bound, status, as-of date and reading. The third claim is missing.
    [("form", 1), ("bound", 1 / 2), ("status", 1 / 2), ("as_of", 1 / 2), ("reading", 1 / 2), ("event", 1 / 2), ("voice", 1)],
)  # fmt: skip
def test_fields_are_accuracies_on_aligned_pairs(gold, field, right):
    event = Event(id="ev", type="clash", triggers=[Span(400, 405)])
    wanted = {
        "events": [event],
        "claims": [claim("c1", 0, scope=Scope(event="ev")), claim("c2", 10, scope=Scope(event="ev")), claim("c3", 20)],
    }
    other = claim(
        "y", 10, bound="at_least", as_of="2024", reading="stock", counted=Counted(role="victim", status="civilian")
    )
    given = {"events": [replace(event, id="e")], "claims": [claim("x", 0, scope=Scope(event="e")), other]}
    document = aligned(gold, wanted, given)
    assert scored(document, f"claims.field({field})") == (right, right)
    assert scoring.parse(f"claims.field({field})").counts(document)[""].gold == 2


def test_relations_by_hand(gold):
    # c2 part_of c1, c3 conflicts_with c1, and one to another article, which is not scored.
    wanted = [
        claim("c1", 0),
        claim("c2", 10, relations=[Relation("part_of", "c1")]),
        claim("c3", 20, relations=[Relation("conflicts_with", "c1"), Relation("supersedes", "other#c9")]),
    ]
    # The part points the wrong way; the conflict is written from the other end, which says the same;
    # an edge to nowhere is made up.
    given = [
        claim("x", 0, relations=[Relation("part_of", "y"), Relation("conflicts_with", "z")]),
        claim("y", 10, relations=[Relation("restates", "nobody")]),
        claim("z", 20),
    ]
    assert scored(aligned(gold, {"claims": wanted}, {"claims": given}), "claims.relations") == (1 / 3, 1 / 2)


@pytest.mark.parametrize(
    ("by", "each"),
    [
        # 199 for 200: 200/201. At least 9 for 12: low 10/13, high only one has, 0. Fewer than 9 for 9: the same ends.
        # Two of three numbers for a range.
        ("distance", (200 / 201, (10 / 13 + 0) / 2, (0 + 1) / 2, (1 + 21 / 31) / 2)),
        # No number; 12 is at least 9; 9 is not less than 9; 10 to 20 and 10 to 30.
        ("overlap", (0, 1, 0, 1)),
        # None of two, none of two, the 9, the 10 of four numbers.
        ("numerals", (0, 0, 1, 2 / 4)),
    ],
)
def test_closeness_by_hand(gold, by, each):
    ranges = [claim(id, 30, values, form="range") for id, values in (("c4", ["10", "20"]), ("z", ["10", "30"]))]
    wanted = [claim("c1", 0, ["200"]), claim("c2", 10, ["12"]), claim("c3", 20, ["9"]), ranges[0]]
    given = [
        claim("x", 0, ["199"]),
        claim("y", 10, ["9"], bound="at_least"),
        claim("w", 20, ["9"], bound="less_than"),
        ranges[1],
    ]
    expected = pytest.approx(sum(each) / 4)
    assert scored(aligned(gold, {"claims": wanted}, {"claims": given}), f"claims.close(by={by})") == (
        expected,
        expected,
    )


def relayed_claim(outlet, officer, outer=True, inner=True):
    layers = relay(outlet, officer)
    layers["attributions"] = [replace(a, asserts=[Assertion("c")]) for a in layers["attributions"]]
    if not outer:
        layers["attributions"] = [replace(layers["attributions"][1], parent=None, parent_relation=None)]
    if not inner:
        layers["attributions"] = layers["attributions"][:1]
    return {**layers, "claims": [claim("c", 32)]}


@pytest.mark.parametrize(
    ("outer", "inner", "immediate", "ultimate"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1)],
)
def test_the_immediate_and_the_ultimate_source(gold, outer, inner, immediate, ultimate):
    document = aligned(gold, relayed_claim("wire", "officer"), relayed_claim("a", "b", outer, inner))
    assert scored(document, "claims.source(which=immediate)") == (immediate, immediate)
    assert scored(document, "claims.source(which=ultimate)") == (ultimate, ultimate)
    assert scored(document, "claims.attributed") == (1, 1)  # the headline takes either


def test_words_in_the_wrong_mouth_are_not_words_left_to_the_narrator(gold):
    # Three attributed claims found: one said by the right man, one by another, one by the narrator.
    wanted = {
        "sources": [source("s", (0, 10)), source("t", (80, 90))],
        "claims": [claim("c1", 20), claim("c2", 30), claim("c3", 40)],
        "attributions": [said("a", [(20, 50)], by=["s"], asserts=[Assertion("c1"), Assertion("c2"), Assertion("c3")])],
    }
    given = {
        **wanted,
        "attributions": [
            said("a", [(20, 22)], by=["s"], asserts=[Assertion("c1")]),
            said("b", [(30, 32)], by=["t"], asserts=[Assertion("c2")]),
        ],
    }
    assert scored(aligned(gold, wanted, given), "claims.wrong_source") == (1 / 3, 1 / 3)
    assert scored(aligned(gold, wanted, wanted), "claims.wrong_source") == (0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attributions.cue(match=half)", "match is one of exact, overlap"),
        ("claims.field(colour)", "field is one of form"),
        ("claims.source(which=last)", "which is one of immediate, ultimate"),
    ],
)
def test_a_wrong_parameter_says_what_would_be_right(text, said):
    with pytest.raises(scoring.MetricError, match=said):
        scoring.parse(text)
