import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictwire.extractors.base import Document
from conflictwire.extractors.rules import Rules
from conflictwire.extractors.rules.lexicon import Lexicon, learn
from conflictwire.model import Prediction, article_from_json, iter_spans, prediction_from_json, to_json
from conflictwire.scoring import score

RULES = Rules()


def read(text: str, published: str | None = None) -> Prediction:
    return RULES.extract(Document("d", text, published=published))


def claims(text: str, **more) -> dict:
    return {c.span.text: c for c in read(text, **more).claims}


def speakers(prediction: Prediction, figure: str) -> list[str]:
    """The names or first words of those who say a figure, innermost last."""
    claim = next(c for c in prediction.claims if c.span.text == figure)
    by_id = {s.id: s for s in prediction.sources}
    saying = [a for a in prediction.attributions if claim.id in {x.target for x in a.asserts}]
    return [by_id[s].mentions[0].text for a in saying for s in a.sources]


# --- figures ------------------------------------------------------------------------------------------------------


def test_a_range_of_fighters_is_a_membership():
    (claim,) = read("The brigade has between 1,500 and 2,200 fighters.").claims
    assert (claim.span.text, claim.form, claim.values) == ("between 1,500 and 2,200", "range", ["1500", "2200"])
    assert (claim.measure, claim.unit, claim.counted.role, claim.reading) == ("membership", "person", "member", "stock")
    assert claim.counted.span.text == "fighters"


def test_an_elided_noun_takes_measure_and_noun_from_the_clause_before():
    found = claims("The group staged some 200 attacks in 2018 and roughly 50 so far this year.", published="2019-05-01")
    assert list(found) == ["some 200", "roughly 50"]
    second = found["roughly 50"]
    assert (second.measure, second.unit, second.counted.span.text) == ("attacks", "event", "attacks")
    assert [c.scope.period for c in found.values()] == ["2018", "2019"]
    assert [c.approximation for c in found.values()] == ["about", "about"]


def test_a_bound_and_number_words_are_one_figure():
    (claim,) = read("At least two dozen people were killed.").claims
    assert (claim.span.text, claim.bound, claim.values) == ("At least two dozen", "at_least", ["24"])
    assert (claim.measure, claim.measure_span.text, claim.counted.role) == ("killed", "killed", "victim")


def test_a_contained_figure_takes_the_measure_of_the_whole():
    found = claims("The blast killed nearly 200 people, including 13 Ordanian troops.")
    part = found["13"]
    assert (part.measure, part.counted.status, part.counted.span.text) == (
        "killed",
        "security_force",
        "Ordanian troops",
    )
    assert [(r.type, r.target) for r in part.relations] == [("part_of", found["nearly 200"].id)]


def test_an_article_counts_where_somebody_indefinite_is_harmed():
    (claim,) = read("A policeman was killed.").claims
    assert (claim.span.text, claim.form, claim.values, claim.measure) == ("A", "implicit", [], "killed")
    assert claim.counted.span.text == "policeman"


def test_another_counts_in_an_elided_clause():
    found = read("A policeman was killed and another abducted.").claims
    assert [(c.span.text, c.measure) for c in found] == [("A", "killed"), ("another", "abducted")]


def test_no_casualties_is_zero():
    (claim,) = read("There were no casualties.").claims
    assert (claim.span.text, claim.form, claim.values, claim.measure) == ("no", "zero", ["0"], "casualties")


def test_a_magnitude_is_written_out():
    (claim,) = read("The war has displaced nearly 1.2 million people.").claims
    assert (claim.span.text, claim.values, claim.approximation) == ("nearly 1.2 million", ["1200000"], "nearly")
    assert claim.measure == "displaced"


def test_one_in_five_is_a_share():
    (claim,) = read("One in five buildings is damaged.").claims
    assert (claim.form, claim.values, claim.measure) == ("fraction", ["1", "5"], "share")


def test_a_list_is_split_and_has_one_measure():
    found = claims("The attackers killed two soldiers, three guards and four civilians.")
    assert {k: (c.measure, c.counted.status) for k, c in found.items()} == {
        "two": ("killed", "security_force"),
        "three": ("killed", "unknown"),
        "four": ("killed", "civilian"),
    }


def test_money_percent_and_lasting_time_have_their_units():
    found = claims("They paid $3.2 million, or 40 percent of the sum, after he was held for 100 days.")
    assert {k: (c.measure, c.unit, c.values) for k, c in found.items()} == {
        "$3.2 million": ("money", "USD", ["3200000"]),
        "40 percent": ("share", "percent", ["40"]),
        "100 days": ("duration", "d", ["100"]),
    }


def test_a_vague_word_has_no_values():
    (claim,) = read("Dozens of villagers were wounded.").claims
    assert (claim.span.text, claim.form, claim.values, claim.measure) == ("Dozens", "vague", [], "injured")


def test_over_is_no_bound_after_a_verb_that_it_belongs_to():
    assert list(claims("The owner handed over $600,000.")) == ["$600,000"]
    assert list(claims("It cost over $600,000.")) == ["over $600,000"]


def test_inhabitants_are_a_population():
    assert claims("Soumra is a city of two million people.")["two million"].measure == "population"


@pytest.mark.parametrize(
    "text",
    [
        "He carried an AK-47.",
        "He was the group's seventh leader.",
        "It was the worst attack since 9/11.",
        "A 17-year-old ran away.",
        "Mira Dask, 24, lives in Soumra.",
        "The blast hit at 7:40 a.m. on 3 March 2024.",
        "Two hours after the raid, he left.",
        "F-16 jets crossed the border.",
        "A five-member delegation arrived on Route 9.",
        "One of them told the story.",
        "There were no reports of casualties.",
        "The 509th Battalion left in 2018.",
        "Captain Ivo Renn was killed.",
    ],
)
def test_dates_ages_ordinals_and_names_are_no_claims(text):
    assert read(text).claims == []


# --- who says so --------------------------------------------------------------------------------------------------


def test_a_quoted_statement_has_its_speaker():
    found = read('"We counted 14 dead," said Pell Oram, the mayor of Soumra.')
    (statement,) = found.attributions
    assert (statement.mode, [c.text for c in statement.content]) == ("direct", ['"We counted 14 dead,"'])
    assert speakers(found, "14") == ["Pell Oram"]
    assert found.sources[0].category == "individual"


def test_according_to_names_the_speaker():
    found = read("Six people died in the raid, according to the interior ministry.")
    (statement,) = found.attributions
    assert (statement.cue[0].text, statement.content[0].text) == ("according to", "Six people died in the raid")
    assert speakers(found, "Six") == ["the interior ministry"]
    assert found.sources[0].affiliation == "government"


def test_a_relayed_statement_has_the_outlet_and_the_speaker():
    found = read("A doctor told the Halden Times that the toll had risen to 17.")
    outer, inner = found.attributions
    assert speakers(found, "17") == ["Halden Times", "A doctor"]
    assert (inner.parent, inner.parent_relation) == (outer.id, "relayed_by")
    assert {s.category for s in found.sources} == {"media_outlet", "individual"}


def test_a_statement_at_the_end_of_the_sentence():
    found = read("A car bomb exploded in Soumra, killing at least 14 people, the Ordanian interior ministry said.")
    assert speakers(found, "at least 14") == ["the Ordanian interior ministry"]


def test_a_dateline_is_outside_the_content():
    found = read("SOUMRA, March 3 (Halden Wire) -- Six people died, police said.")
    assert [c.text for a in found.attributions for c in a.content] == ["Six people died"]
    assert [c.span.text for c in found.claims] == ["Six"]


def test_a_clause_after_the_cue_is_no_speaker():
    found = read("Pell Oram, the mayor of Soumra, said that the army had killed 14 people.")
    assert speakers(found, "14") == ["Pell Oram"]


def test_an_appositive_stands_between_speaker_and_cue():
    found = read("Mira Dask, a spokeswoman for the army, said 11 people had died.")
    assert speakers(found, "11") == ["Mira Dask"]
    assert found.sources[0].affiliation == "military"


def test_a_pronoun_goes_to_the_last_speaker():
    found = read("Pell Oram said five men had died. He later said 30 people were missing.")
    assert len(found.sources) == 1
    assert [m.text for m in found.sources[0].mentions] == ["Pell Oram", "He"]
    assert speakers(found, "30") == ["Pell Oram"]


def test_an_interrupted_quotation_is_one_statement_of_two_spans():
    (statement,) = read('"We left," Pell Oram said, "at dawn."').attributions
    assert [c.text for c in statement.content] == ['"We left,"', '"at dawn."']


def test_what_stands_outside_the_content_is_the_narrators():
    found = read("Pell Oram said nine people died. The blast also wrecked four houses.")
    assert speakers(found, "four") == []


def test_reportedly_has_no_source():
    (statement,) = read("Oram was reportedly among the dead.").attributions
    assert (statement.sources, statement.source_span, statement.cue[0].text) == ([], None, "reportedly")


def test_acts_are_read_off_the_cue():
    text = (
        "The Red Heron Brigade claimed responsibility for the blast. Pell Oram accused the Marsh Front of the attack. "
        "The Marsh Front denied any role. A spokesman declined to comment."
    )
    found = read(text)
    assert [a.act for a in found.attributions] == [
        "responsibility_claim",
        "accusation",
        "denial",
        "declined_comment",
    ]
    polarities = [x.polarity for a in found.attributions for x in a.asserts if "#" in x.target]
    assert polarities == ["affirms", "affirms", "denies"]


# --- entities and events ------------------------------------------------------------------------------------------


def test_names_have_types_titles_are_left_out_and_short_forms_corefer():
    found = read(
        "Ordanian President Pell Oram met the Red Heron Brigade (RHB) in Soumra. Oram blamed the RHB for the war."
    )
    types = {e.name: (e.type, [m.span.text for m in e.mentions if m.kind == "name"]) for e in found.entities}
    assert types["Pell Oram"] == ("person", ["Pell Oram", "Oram"])
    assert types["Red Heron Brigade"] == ("armed_group", ["Red Heron Brigade", "RHB", "RHB"])
    assert types["Soumra"][0] == "geopolitical"


def test_triggers_of_one_occasion_are_one_event_of_the_most_specific_type():
    found = read("A suicide bombing shook Soumra. The blast killed nine people. The attack came at dawn.")
    (event,) = found.events
    assert (event.type, [t.text for t in event.triggers]) == (
        "attack.suicide_bombing",
        ["suicide bombing", "blast", "attack"],
    )
    assert found.claims[0].scope.event == event.id


def test_casualty_words_are_triggers_only_without_another():
    assert [t.text for e in read("Two monks were killed in Dellin.").events for t in e.triggers] == ["killed"]
    assert [t.text for e in read("The blast killed two monks.").events for t in e.triggers] == ["blast"]


def test_modality_follows_simple_cues():
    assert [e.modality for e in read("The Brigade could attack. Police foiled an ambush.").events] == [
        "hypothetical",
        "attempted",
    ]


def test_victims_are_arguments_of_the_event():
    found = read("Gunmen shot nine traders in Soumra on Tuesday.", published="2024-03-07")
    (event,) = found.events
    names = {e.id: e.name for e in found.entities}
    assert {(a.role, names[a.entity]) for a in event.arguments} == {
        ("perpetrator", "Gunmen"),
        ("victim", "nine traders"),
        ("place", "Soumra"),
    }
    assert event.time.edtf == "2024-03-05"


# --- learning, and the whole --------------------------------------------------------------------------------------


def test_words_that_train_annotates_often_are_learned_and_rare_ones_are_not(worked):
    lexicon = Lexicon(triggers={}, cues={})
    learn(lexicon, [article_from_json(worked)])
    assert lexicon.cues == {"said": "statement", "told": "statement"}
    assert lexicon.triggers == {}  # each trigger word of the small article stands there once or is a name's


def test_the_worked_article_is_read_well(worked):
    gold = article_from_json(worked)
    found = RULES.extract(Document(gold.id, gold.text, gold.title, gold.published))
    table = score([gold], [found]).table.set_index("metric")
    assert table.loc["claims.level(2)", "f1"] == 1.0
    assert table.loc["claims.attributed", "f1"] == 1.0
    assert table.loc["mentions.strict", "f1"] > 0.7


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    *'said told "“” , . ; — - $ % the a 14 killed 1,500 and to of that according he it Oram Red Brigade'.split(),
                    "at least",
                    "two dozen",
                    "\n",
                    "on Monday",
                    "(RHB)",
                    "one in five",
                    "no",
                    "another",
                    "9/11",
                    "was",
                    "3 May",
                ]
            ),
            max_size=40,
        ).map(" ".join),
    )
)
def test_any_text_gives_a_sound_prediction(text):
    found = to_json(read(text, published="2024-03-03"))
    for _, container, key in iter_spans(found):
        span = container[key]
        assert 0 <= span["start"] < span["end"] <= len(text)
        assert text[span["start"] : span["end"]] == span["text"]
    assert prediction_from_json(found)
    ids = {i["id"] for layer in ("entities", "events", "claims", "sources", "attributions") for i in found[layer]}
    arguments = {f"{e['id']}#{g['id']}" for e in found["events"] for g in e["arguments"]}
    assert {x["target"] for a in found["attributions"] for x in a["asserts"]} <= ids | arguments
    assert {a["parent"] for a in found["attributions"]} <= ids | {None}
    assert json.dumps(found) == json.dumps(to_json(read(text, published="2024-03-03")))


def test_nothing_gives_nothing():
    found = read("")
    assert [found.entities, found.events, found.claims, found.sources, found.attributions] == [[], [], [], [], []]
