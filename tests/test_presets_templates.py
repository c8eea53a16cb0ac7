"""Presets of templates: the public scorers' numbers, on cases worked by hand and on their own data."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare_templates import CASES, rows
from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.presets import gtt, run
from conflictwire.scoring.presets.template_files import normalise, read_extracts, read_templates

SHARED = Path(__file__).parents[2] / "shared" / "conformance"
needs_conformance = pytest.mark.skipif(not SHARED.is_dir(), reason="the conformance files are not beside this clone")
PRESETS = ("grit", "gtt", "ceaf-rme-phi3", "ceaf-rme-subset")


@pytest.fixture
def scored(tmp_path):
    """The results of a preset on two values written as JSON, by metric."""

    def run_on(preset, gold, predicted):
        files = []
        for name, value in (("gold.json", gold), ("predicted.json", predicted)):
            (tmp_path / name).write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
            files.append(tmp_path / name)
        return {r.metric: r for r in run(preset, *files)}

    return run_on


def numbers(result):
    return result.precision, result.recall, result.f1


# ---- the tools' own cases ------------------------------------------------------------------------


@needs_conformance
@pytest.mark.parametrize("number", range(7))
def test_grit_gives_its_authors_cases_exactly(scored, number):
    case = json.loads((SHARED / "role-fillers-grit.json").read_text(encoding="utf-8"))[number]
    results = scored("grit", case["gold"], case["predicted"])
    for form, expected in case["expected"].items():
        assert numbers(results[f"grit.{form}"]) == (expected["p"], expected["r"], expected["f1"])


@pytest.fixture(scope="module")
def muc4():
    return json.loads((SHARED / "templates-muc4-gtt.json").read_text(encoding="utf-8"))


@needs_conformance
def test_gtt_and_ceaf_rme_give_their_authors_numbers_on_muc4(scored, muc4):
    gold = {d["id"]: d["gold"] for d in muc4["documents"]}
    predicted = {d["id"]: {"pred_templates": d["predicted"]} for d in muc4["documents"]}
    expected = muc4["expected"]
    for preset in ("ceaf-rme-phi3", "ceaf-rme-subset"):
        want = expected[preset]
        assert numbers(scored(preset, gold, predicted)[preset]) == (want["p"], want["r"], want["f1"])
    results = scored("gtt", gold, predicted)
    assert [round(100 * x, 2) for x in numbers(results["gtt"])] == [61.69, 42.36, 50.23]
    assert round(results["gtt.incident_type"].f1, 4) == expected["gtt"]["incident_type_f1"]
    for role in ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon"):
        assert round(results[f"gtt.{role}"].f1, 4) == expected["gtt"][role]


# ---- by hand -------------------------------------------------------------------------------------


def test_grit_by_hand(scored):
    # Two predicted victims, three gold: of {a1, x} one mention is right (strict 0, prop 1/2), {c} is right.
    results = scored("grit", {"d": {"Victim": [["a1", "a2"], ["b"], ["c"]]}}, {"d": {"Victim": [["a1", "x"], ["c"]]}})
    assert numbers(results["grit.strict"]) == (1 / 2, 1 / 3, pytest.approx(2 / 5))
    assert numbers(results["grit.prop"]) == (1.5 / 2, 1.5 / 3, pytest.approx(3 / 5))
    assert numbers(results["grit.prop.Victim"]) == numbers(results["grit.prop"])


GOLD = [
    {"incident_type": "attack", "Victim": [["Ali", "he"], ["Omar"]]},
    {"incident_type": "bombing", "Weapon": [["car bomb"]]},
]
PREDICTED = [
    {"incident_type": "bombing", "Weapon": [["the car bomb"], ["truck"]]},
    {"incident_type": "attack", "Victim": [["he"]]},
    {"incident_type": "arson"},
]


@pytest.mark.parametrize(
    ("preset", "precision", "recall"),
    [
        # Two types and two fillers (he, car bomb) right; 3 types and 3 fillers predicted; 2 and 3 gold.
        ("gtt", 4 / 6, 4 / 5),
        # Mentions he and car bomb; predicted car bomb, truck, he; gold Ali, he, Omar, car bomb.
        ("ceaf-rme-phi3", 2 / 3, 2 / 4),
        # Fillers.
        ("ceaf-rme-subset", 2 / 3, 2 / 3),
    ],
)
def test_templates_by_hand(scored, preset, precision, recall):
    result = scored(preset, {"d": GOLD}, {"d": PREDICTED})[preset]
    assert numbers(result)[:2] == (pytest.approx(precision), pytest.approx(recall))


def test_mentions_are_normalised_as_the_tools_do():
    assert normalise('The  Army\'s (so-called) "camp", a base') == "armys socalled camp base"


# Where the public scorers and our defaults differ: F1 of the tool and ours, worked out by hand.
DIFFERENCES = [
    (1, 2 / 3),  # GRIT sees Victim alone: 1/1; ours 1 of 2 predicted
    (2, 1),  # 2 gold copies / 1 predicted mention
    (2 * (3 / 4) * (2 / 3) / (3 / 4 + 2 / 3), 2 / 3),  # type + 2 of 3 fillers; without the copy 2/3, 2/3
    (1, 4 / 5),  # ours: type and filler 2/2, of 3 gold slots 2
    (1 / 2, 0),  # the type alone, of 2 slots
    (1, 0),
    (1, 0),
    (1, 0),
    (0, 1),
    (2 / 3, 0),  # 1/1 and 1/2
    (4 / 3, 1),  # P 2/2, R 2/1
    (4 / 7, 1 / 2),  # P 2/3, R 1/2
    (2 / 3, 0),  # P 1/1, R 1/2
    (1 / 2, 4 / 5),  # P 2/2, R 1/3 against 2/3
    (4 / 5, 4 / 5),
    (1, 2 / 3),
]


@pytest.mark.parametrize(("case", "expected"), list(zip(CASES, DIFFERENCES, strict=True)), ids=[c.name for c in CASES])
def test_where_public_scorers_and_our_defaults_differ(case, expected):
    assert (case.public().f1, case.default().f1) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


def test_the_table_has_a_row_a_case():
    assert len(rows()) == len(CASES) + 2
    assert len({row.count("|") for row in rows()}) == 1


# ---- GTT's enumeration, without enumerating ------------------------------------------------------


def enumerated(pairs, predicted, gold, p_den, r_den):
    """The tool's search as it describes it: every mapping in order, the first of the best kept."""
    best, found = Fraction(-1), {}
    for choice in itertools.product([*range(gold), -1], repeat=predicted):
        used = [j for j in choice if j >= 0]
        if len(set(used)) < len(used):
            continue
        hits = [pairs[i, j] for i, j in enumerate(choice) if (i, j) in pairs]
        a, b = sum(x for x, _ in hits), sum(y for _, y in hits)
        f1 = Fraction(2 * a * b, a * r_den + b * p_den) if a and b else Fraction(0)
        if f1 > best:
            best, found = f1, {i: j for i, j in enumerate(choice) if (i, j) in pairs}
    return found


credits = st.tuples(st.integers(1, 6), st.integers(1, 6))


@settings(max_examples=150, deadline=None)
@given(
    pairs=st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 3)), credits, min_size=1),
    extra=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_the_mapping_is_the_one_that_enumeration_ends_with(pairs, extra):
    # Credits are drawn freely, so that most and best pull apart more than any templates could make them.
    p_den, r_den = 18 + extra[0], 24 + extra[1]
    found = gtt.mapping(pairs, 3, 4, p_den, r_den)
    assert {i: j for i, j in found.items() if (i, j) in pairs} == enumerated(pairs, 3, 4, p_den, r_den)


@pytest.mark.parametrize("number", [7, 14, 28])
def test_the_mapping_costs_polynomially_many_assignments(number, monkeypatch):
    calls = []
    solve = gtt.linear_sum_assignment
    monkeypatch.setattr(
        gtt, "linear_sum_assignment", lambda w, maximize: calls.append(1) or solve(w, maximize=maximize)
    )
    pairs = {(i, j): (1 + (i * j) % 3,) * 2 for i in range(number) for j in range(number)}
    gtt.mapping(pairs, number, number, 4 * number, 4 * number)
    assert len(calls) <= 3 * (1 + number * (number + 1))


# ---- files ---------------------------------------------------------------------------------------

TEMPLATE = {"incident_type": "attack", "Victim": [[["the mayor", 12], ["she", 40]]]}


@pytest.mark.parametrize(
    "written",
    [
        {"30001": [TEMPLATE]},
        {"30001": {"templates": [TEMPLATE]}},
        [{"docid": "TST3-MUC4-0001", "templates": [TEMPLATE]}],
        json.dumps({"docid": "TST3-MUC4-0001", "doctext": "x", "templates": [TEMPLATE]}),  # one line of GTT's gold
        '{"TST3-MUC4-0001": []}\n' + json.dumps({"TST3-MUC4-0001": [TEMPLATE]}) + "\n",  # IterX, a line a type
        json.dumps({"id": "30001", "templates": [TEMPLATE]}) + "\n" + json.dumps({"id": "2", "templates": []}),
    ],
)
def test_what_the_tools_write_is_read(tmp_path, written):
    path = tmp_path / "f.json"
    path.write_text(written if isinstance(written, str) else json.dumps(written), encoding="utf-8")
    (found,) = read_templates(path, "gold")["30001"]
    assert (found.type, found.roles) == ("attack", {"Victim": [["mayor", "she"]]})


def test_grits_own_files_are_read(tmp_path):
    (tmp_path / "g").write_text(
        json.dumps({"docid": "TST1-MUC3-0002", "extracts": {"Victim": [[["The Mayor", 3]], []]}})
    )
    (tmp_path / "p").write_text(json.dumps({"10002": {"pred_extracts": {"Victim": [["mayor"]]}, "gold_extracts": {}}}))
    assert read_extracts(tmp_path / "g", "gold") == read_extracts(tmp_path / "p", "predicted")


def test_gold_templates_told_twice_are_read_once(tmp_path):
    (tmp_path / "f").write_text(json.dumps({"d": [TEMPLATE, TEMPLATE]}))
    assert len(read_templates(tmp_path / "f", "gold")["d"]) == 1
    assert len(read_templates(tmp_path / "f", "predicted")["d"]) == 2


def test_a_predicted_type_that_is_no_string_is_an_attack_to_gtt_and_nothing_to_iterx(scored):
    gold, predicted = {"d": [TEMPLATE]}, {"d": [{**TEMPLATE, "incident_type": []}]}
    assert scored("gtt", gold, predicted)["gtt"].f1 == 1
    assert scored("ceaf-rme-phi3", gold, predicted)["ceaf-rme-phi3"].f1 == 0


def test_iterx_takes_missing_documents_as_empty_and_counts_extra_ones(scored):
    result = scored("ceaf-rme-subset", {"d1": [TEMPLATE], "d2": [TEMPLATE]}, {"d1": [TEMPLATE], "d3": [TEMPLATE]})
    assert numbers(result["ceaf-rme-subset"]) == (1 / 2, 1 / 2, 1 / 2)


@pytest.mark.parametrize(
    ("preset", "gold", "predicted", "said"),
    [
        ("gtt", {"d7": [TEMPLATE]}, {}, "no document 'd7'"),
        ("grit", {"d7": {}}, {"d8": {}}, "no document 'd7'"),
        ("gtt", {"d7": [{"Victim": []}]}, {"d7": []}, "document 'd7': template 1 has no `incident_type`"),
        ("gtt", {"d7": [{"incident_type": 3}]}, {"d7": []}, "document 'd7': template 1: `incident_type` is not"),
        ("gtt", {"d7": "x"}, {"d7": []}, "document 'd7': expected a list of templates"),
        ("gtt", {"d7": [{**TEMPLATE, "Victim": ["mayor"]}]}, {"d7": []}, "document 'd7', role 'Victim': a role holds"),
        ("gtt", {"d7": [{**TEMPLATE, "Victim": [[7]]}]}, {"d7": []}, "document 'd7', role 'Victim': a role holds"),
        ("grit", {"d7": [TEMPLATE]}, {"d7": {}}, "document 'd7': expected an object of roles"),
        ("grit", {"d7": {"Victim": []}}, {"d7": {"Victim": [[]]}}, "document 'd7': a predicted entity has no mention"),
        ("gtt", [{"docid": "d7"}], {"d7": []}, "document 'd7' has none of gold_templates, templates"),
        ("gtt", [{"docid": "d7", "templates": []}] * 2, {"d7": []}, "document 'd7' stands twice"),
        ("grit", '{"d7": {}}\n{"d7": {}}', {"d7": {}}, "document 'd7' stands twice"),
        ("gtt", [7], {}, "document 1: expected an object"),
    ],
)
def test_malformed_files_are_refused_and_the_document_named(scored, preset, gold, predicted, said):
    with pytest.raises(UnusableInput) as refused:
        scored(preset, gold, predicted)
    assert said in str(refused.value)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(
    "written", ["", "{", "[", "nonsense", '{"a": 1}\n{', "\x00", '"x"', "null", "[[]]", '{"a": NaN}', "}{", '1, "b": 2']
)
def test_nothing_but_unusable_input_is_raised(scored, preset, written):
    with pytest.raises(UnusableInput):
        scored(preset, written, {})


@pytest.mark.parametrize("preset", PRESETS)
def test_a_file_that_is_not_there_is_unusable(preset, tmp_path):
    with pytest.raises(UnusableInput, match="nowhere"):
        run(preset, tmp_path / "nowhere.json", tmp_path / "nowhere.json")
