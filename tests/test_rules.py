import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictwire.corpus import load
from conflictwire.extractors.base import Document
from conflictwire.extractors.rules import Rules, lexicon
from conflictwire.model import (
    Annotation,
    Article,
    Attribution,
    Entity,
    Event,
    Mention,
    Origin,
    Prediction,
    Span,
    article_from_json,
    iter_spans,
    prediction_from_json,
    to_json,
)
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


def test_the_moment_of_a_figure_is_read_where_it_is_printed():
    found = claims(
        "By Tuesday evening the clinic had received 17 bodies. Nine people died on Monday.", published="2024-03-07"
    )
    assert {k: c.as_of for k, c in found.items()} == {"17": "2024-03-05", "Nine": None}


def test_figures_of_one_count_restate_replace_and_conflict():
    found = read(
        "A bomb exploded in Soumra, killing 14 people, police said. The ministry said 11 people died in the blast. "
        "The blast killed 14 people. Police said the toll had risen to 17."
    ).claims
    texts = {c.id: c.span.text for c in found}
    relations = {(c.span.start, r.type, texts[r.target]) for c in found for r in c.relations}
    assert {(type, target) for _, type, target in relations} == {
        ("conflicts_with", "14"),
        ("restates", "14"),
        ("supersedes", "14"),
    }


def test_a_total_is_the_sum_of_what_is_listed_after_it():
    six, *addends = read("The blast killed six: two soldiers, two guards and two civilians.").claims
    assert [(r.type, r.target) for r in six.relations] == [("sum_of", c.id) for c in addends]
    assert [c.relations for c in addends] == [[], [], []]


def test_counts_of_several_periods_are_compared():
    some, nine, fifteen = read(
        "She counts some 40 attacks in 2029, only nine in 2030 and 15 this year.", published="2031-05-01"
    ).claims
    assert [(r.type, r.target) for c in (some, nine, fifteen) for r in c.relations] == [
        ("comparable_to", some.id),
        ("comparable_to", some.id),
        ("comparable_to", nine.id),
    ]
    assert [c.scope.period for c in (some, nine, fifteen)] == ["2029", "2030", "2031"]


def test_a_sentence_after_a_statement_leaves_open_whose_figure_it_is():
    found = claims("Police said a bomb killed 14 people. Thirty were wounded.")
    assert {k: c.attribution_unclear for k, c in found.items()} == {"14": False, "Thirty": True}


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


@pytest.mark.parametrize(
    ("text", "speaker", "act"),
    [
        ("A doctor who had seen the raid said 14 people died.", "A doctor", "statement"),
        ("A court was told by a farmer that 14 people had died.", "a farmer", "statement"),
        ("The head of the hospital, Dr. Mira Dask, said 14 people died.", "Mira Dask", "statement"),
        ("Mayor Pell Oram closed the schools and said 14 people died.", "Pell Oram", "statement"),
        (
            "The Marsh League issued a statement condemning the blast that killed 14 people.",
            "Marsh League",
            "statement",
        ),
        ("The deaths of 14 people have not been confirmed by the Marsh League.", "Marsh League", "statement"),
        ("Pell Oram would not discuss the 14 dead.", "Pell Oram", "declined_comment"),
    ],
)
def test_the_speaker_is_found_wherever_the_clause_puts_him(text, speaker, act):
    found = read(text)
    (statement,) = found.attributions
    assert (statement.source_span.text, statement.act) == (speaker, act)
    assert speakers(found, "14") == [speaker]


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


def test_a_denial_of_the_happening_denies_the_event_and_one_of_authorship_the_perpetrator():
    found = read("The army shelled Dellin. The army denied shelling Dellin. The army denied any role in the shelling.")
    (event,) = found.events
    happening, authorship = [a for a in found.attributions if a.act == "denial"]
    assert [(x.target, x.polarity) for x in happening.asserts] == [(event.id, "denies")]
    (argument,) = [g for g in event.arguments if g.role == "perpetrator"]
    assert [(x.target, x.polarity) for x in authorship.asserts] == [(f"{event.id}#{argument.id}", "denies")]


def test_what_happened_is_asserted_and_who_did_it_where_the_clause_says_so():
    found = read(
        "Gunmen ambushed a convoy. Police said six men died in the ambush. Pell Oram said the gunmen ambushed it."
    )
    (event,) = found.events
    argument = next(g for g in event.arguments if g.role == "perpetrator")
    died, who = found.attributions
    assert (event.id, "affirms") in [(x.target, x.polarity) for x in died.asserts]
    assert [(x.target, x.polarity) for x in who.asserts] == [(f"{event.id}#{argument.id}", "affirms")]


def test_what_could_not_be_confirmed_is_doubted():
    found = read("Rebels said 14 people died. The Marsh League could not confirm the deaths of 14 people.")
    doubt = found.attributions[-1]
    assert doubt.cue[0].text == "confirm"
    assert {x.polarity for x in doubt.asserts} == {"doubts"}


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


def test_attacks_in_two_towns_are_two_events():
    found = read("A bomb exploded in Soumra, killing two men. Another bomb exploded in Dellin.")
    assert [[t.text for t in e.triggers] for e in found.events] == [["exploded"], ["exploded"]]


def test_items_of_a_digest_tell_their_own_events_and_outlets_in_brackets_say_nothing():
    found = read(
        "A bomb kills 14 people in Soumra. (Halden Wire)\n"
        "Gunmen open fire in Dellin and injure three people. The attack lasts an hour. (Marsh News)"
    )
    first, *others = found.events
    assert {c.span.text: c.scope.event for c in found.claims}["14"] == first.id
    assert all(t.start > found.claims[0].span.end for e in others for t in e.triggers)
    assert {e.name for e in found.entities if e.subtype == "media"} == {"Halden Wire", "Marsh News"}
    assert found.attributions == []


def test_what_a_speaker_negates_is_no_negative_event_but_what_the_narrator_does():
    assert [e.polarity for e in read("The army said it did not shell Dellin. No attack took place.").events] == [
        "negative"
    ]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Soldiers raided a warehouse in Soumra.", {("agent", "Soldiers"), ("target", "a warehouse in Soumra"), ("place", "Soumra")}),
        ("Two men were arrested by police in Soumra.", {("subject", "Two men"), ("agent", "police"), ("place", "Soumra")}),
        ("The shelling of Soumra by the army went on.", {("target", "Soumra"), ("perpetrator", "the army")}),
        ("Militants launched an attack on a barracks in Soumra with mortars.",
         {("perpetrator", "Militants"), ("target", "a barracks in Soumra"), ("place", "Soumra"), ("instrument", "mortars")}),
        ("A truck bomb exploded outside a mosque in Soumra.", {("instrument", "A truck bomb"), ("place", "a mosque in Soumra")}),
        ("The gang released four women.", {("agent", "The gang"), ("subject", "four women")}),
        ("Clashes between the army and the Red Heron Brigade broke out in Soumra.",
         {("participant", "the army"), ("participant", "Red Heron Brigade"), ("place", "Soumra")}),
    ],
)  # fmt: skip
def test_roles_are_read_off_the_clause(text, roles):
    found = read(text)
    words = {g.id: text[g.mention.start : g.mention.end] for e in found.events for g in e.arguments}
    assert {(g.role, words[g.id]) for e in found.events for g in e.arguments} == roles


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


def small(text: str, triggers: list[tuple[str, str]] = (), cues: list[str] = (), nominals: list[tuple[str, str]] = ()):
    """A training article: each trigger, cue and nominal (word or phrase, type) is its first place not yet used."""
    used: dict[str, int] = {}

    def span(words: str) -> Span:
        start = text.index(words, used.get(words, 0))
        used[words] = start + 1
        return Span(start, start + len(words), words)

    return Article(
        id="small", part="invented", split="train", story="s", genre="flash", title=None, published=None, publisher=None,
        byline=None, dateline=None, language="en", url=None, license="CC-BY-4.0", attribution=None,
        origin=Origin("embedded"), text=text, segments=[],
        entities=[
            Entity(id=f"e{i}", type=kind, name=words, mentions=[Mention(span(words), "nominal")])
            for i, (words, kind) in enumerate(nominals)
        ],
        events=[Event(id=f"ev{i}", type=kind, triggers=[span(words)]) for i, (words, kind) in enumerate(triggers)],
        claims=[], sources=[],
        attributions=[Attribution(id=f"a{i}", cue=[span(words)], content=[Span(0, 1)]) for i, words in enumerate(cues)],
        annotation=Annotation("0.3", ["a"], "single", "2026-01-01"),
    )  # fmt: skip


def test_words_are_learned_that_are_annotated_twice_and_in_most_places():
    found = lexicon.learn(
        [
            small(
                "They sprayed it. He sprayed us. They mumbled, he mumbled. A yurt and the yurt. We glared, glared, glared, glared.",
                triggers=[("sprayed", "attack.shelling")] * 2 + [("glared", "protest")] * 2,
                cues=["mumbled"] * 2,
                nominals=[("A yurt", "facility"), ("the yurt", "facility")],
            )
        ]
    )
    assert (found.triggers, found.cues, found.heads) == (  # "glared": twice of four times is too seldom
        {"sprayed": "attack.shelling"},
        {"mumbled": "statement"},
        {"yurt": "facility"},
    )


def test_seed_words_that_are_hardly_ever_annotated_are_dropped():
    found = lexicon.learn([small("A raid, a raid, a raid, a raid. One coup, one coup.")])
    assert found.not_triggers == ["raid"]  # four times and never; "coup" stands there too seldom to tell


def test_seed_words_keep_their_meaning():
    words = lexicon.Lexicon(triggers={"raid": "operation"}, cues={"said": "statement"})
    lexicon.apply(
        words,
        lexicon.Learned([], {"raid": "attack.bombing", "sprayed": "attack.shelling"}, {}, {}, [], ["said"]),
    )
    assert (words.triggers, words.cues) == ({"raid": "operation", "sprayed": "attack.shelling"}, {})


def test_the_committed_lexicon_was_learned_from_train_articles_alone():
    learned = msgspec.json.decode(lexicon.LEARNED.read_bytes(), type=lexicon.Learned)
    assert learned.articles
    assert set(learned.articles) <= {a.id for a in load.articles("train")}


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
