"""Rules about the corpus: a tiny one, clean as it is built, is broken in each way and found out at the right place."""

import copy
import json
import shutil

import pytest

from conflictwire import text as texts
from conflictwire.corpus import build
from conflictwire.model import dumps, without_text
from conflictwire.validation import validate_paths
from support import ROOT


class Tiny:
    """Two articles of one story with their passes, kb.json and ledger.json: copies of the worked article."""

    def __init__(self, worked, folder):
        self.folder = folder
        worked["annotation"]["method"] = "adjudicated"
        worked["story"] = "lantern"
        worked["entities"][0]["kb"] = "kb-soumra"
        worked["events"][0]["incident"] = "inc-lantern"
        self.worked = worked
        self.articles, self.passes = {}, {}
        self.one, self.two = self.add("one"), self.add("two")
        country = {"id": "kb-ordania", "type": "geopolitical", "subtype": "country", "name": "Ordania", "relations": []}
        soumra = {**country, "id": "kb-soumra", "subtype": "city", "name": "Soumra"}
        self.kb = {"items": [country, {**soumra, "relations": [{"type": "located_in", "target": "kb-ordania"}]}]}
        self.incident = {
            "id": "inc-lantern",
            "story": "lantern",
            "type": "attack.bombing",
            "place": "kb-soumra",
            "perpetrators": ["kb-ordania"],
            "tolls": {"killed": 17, "injured": None},
        }
        self.ledger = {"incidents": [self.incident]}

    def add(self, name, **changes):
        """Another article with its passes."""
        record = {**copy.deepcopy(self.worked), "id": name, **changes}
        self.articles[f"invented/{name}.json"] = record
        self.passes |= self.passes_of(name, record)
        return record

    def passes_of(self, name, record):
        """Two passes that differ in one thing."""
        a, b = copy.deepcopy(record), copy.deepcopy(record)
        b["claims"][4]["stance"] = "estimated"
        return {f"{name}/a.json": a, f"{name}/b.json": b}

    def stranger(self, **changes):
        """The article `other`, with the same text, of another story."""
        record = self.add("other", story="other", **changes)
        record["events"][0]["incident"] = None
        return record

    def write(self):
        """The dataset folder."""
        content = {f"articles/{k}": dumps(v) for k, v in self.articles.items()}
        content |= {f"passes/{k}": dumps(v) for k, v in self.passes.items()}
        content |= {"kb.json": json.dumps(self.kb), "ledger.json": json.dumps(self.ledger)}
        for name, words in content.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words, encoding="utf-8")
        return self.folder

    def found(self, level=5, hydrate=None):
        """All findings, but for what is not built: most tests build nothing."""
        paths = validate_paths([self.write()], level, frozenset({"build-out-of-date"}), hydrate)
        return [finding for _, found in paths for finding in found]

    def codes(self):
        return {f.code for f in self.found()}


@pytest.fixture
def tiny(worked, tmp_path):
    return Tiny(worked, tmp_path / "dataset")


def test_the_tiny_corpus_is_clean_when_built(tiny):
    build.build(tiny.write())
    assert [f for _, found in validate_paths([tiny.folder], 5) for f in found] == []


def _relate(tiny, target):
    tiny.two["claims"][3]["relations"] = [{"type": "restates", "target": target}]


def _relate_to_another_story(tiny):
    tiny.stranger()
    _relate(tiny, "other#c4")


def _narrate(tiny, killed=3):
    """In `two` the narrator counts nobody killed (c6) in an incident of which the ledger knows."""
    tiny.two["events"][1]["incident"] = "inc-2022"
    tiny.two["claims"][5]["measure"] = "killed"
    tiny.ledger["incidents"].append({"id": "inc-2022", "type": "attack.bombing", "tolls": {"killed": killed}})


def _annotate_another_text(tiny):
    record = tiny.passes["two/b.json"]
    record["text"] = record["text"].replace("SOUMRA", "SOUMRE")
    record["segments"] = texts.segment_hashes(record["text"])
    record["entities"][0]["mentions"][0]["span"]["text"] = "SOUMRE"
    record["entities"][0]["mentions"][0]["head"] = None


def _stand_off(record):
    return {**without_text(record), "part": "reported"}


def test_only_level_5_on_a_dataset_folder_looks_at_the_corpus(tiny):
    tiny.two["split"] = "test"
    assert tiny.found(level=4) == []
    assert [f for _, found in validate_paths([tiny.folder / "articles"], 5) for f in found] == []


def test_an_article_that_fails_a_lower_level_is_left_out_of_level_5(tiny):
    tiny.two.update(split="test")
    tiny.two["claims"][0]["values"] = ["15"]
    tiny.one["claims"][3]["relations"] = [{"type": "restates", "target": "two#c4"}]  # nobody can say what is in it
    assert tiny.codes() == {"figure-differs"}


def test_a_pass_that_fails_a_lower_level_is_not_missing(tiny):
    tiny.passes["two/b.json"]["claims"][0]["values"] = ["15"]
    assert tiny.codes() == {"figure-differs"}


def test_what_is_built_is_found_out_of_date_once_with_a_count(tiny):
    build.build(tiny.write())
    tiny.two["claims"][0]["stance"] = "estimated"
    found = [f for _, found in validate_paths([tiny.write()], 5) for f in found]
    assert [(f.code, f.file) for f in found] == [("build-out-of-date", str(tiny.folder))]
    assert "train.parquet" in found[0].message


def test_a_table_or_card_that_cannot_be_read_is_a_finding(tiny):
    build.build(tiny.write())
    (tiny.folder / "README.md").write_bytes(b"\xff")
    (found,) = [f for _, found in validate_paths([tiny.folder], 5) for f in found]
    assert (found.code, found.severity) == ("build-out-of-date", "error")
    (tiny.folder / "README.md").unlink()
    build.build(tiny.folder)
    (tiny.folder / "data" / "claims" / "train.parquet").write_bytes(b"PAR1")
    (found,) = [f for _, found in validate_paths([tiny.folder], 5) for f in found]
    assert found.code == "build-out-of-date"


@pytest.mark.parametrize("words", [b"", b"[]", b'{"items": 3}', b'{"items": [{"id": "x"}]}', b"\xff"])
def test_a_hostile_knowledge_base_is_one_finding(tiny, words):
    tiny.write()
    (tiny.folder / "kb.json").write_bytes(words)
    found = [f for _, found in validate_paths([tiny.folder], 5, frozenset({"build-out-of-date"})) for f in found]
    assert [(f.code, f.file) for f in found] == [("kb-unusable", str(tiny.folder / "kb.json"))]


def test_without_kb_and_ledger_there_are_no_items_and_no_incidents(tiny):
    tiny.write()
    (tiny.folder / "kb.json").unlink()
    (tiny.folder / "ledger.json").unlink()
    found = [f for _, found in validate_paths([tiny.folder], 5, frozenset({"build-out-of-date"})) for f in found]
    assert {f.code for f in found} == {"kb-unknown", "incident-unknown"}


def test_an_incident_of_a_reported_article_needs_no_ledger(tiny):
    tiny.two["events"][1]["incident"] = "inc-x"
    tiny.articles["invented/two.json"] = _stand_off(tiny.two)
    assert tiny.codes() == set()


def test_a_hydrated_article_is_compared_by_its_words(tiny):
    """Half of `other` is in `one`, though no segment is: its line breaks differ."""
    other = tiny.stranger(split="test")
    text = other["text"].replace("\n", " ", 3)
    other.update(text=text, segments=texts.segment_hashes(text))
    tiny.passes |= tiny.passes_of("other", other)
    assert tiny.codes() == {"near-duplicate"}
    tiny.articles["invented/other.json"] = _stand_off(other)
    assert tiny.codes() == set()  # three of seven segments are equal, and they are the short ones
    found = tiny.found(hydrate=lambda record: other if record["id"] == "other" else record)
    assert {f.code for f in found} == {"near-duplicate"}


def test_an_article_that_shares_a_sentence_is_no_near_duplicate(tiny):
    """Of the about 100 five-word sequences of `one` the last sentence has 6."""
    other = tiny.stranger(split="test")
    text = "Nothing of all this was known in the capital.\n" + other["text"].split("\n")[-1]
    other.update(
        text=text,
        segments=texts.segment_hashes(text),
        **{layer: [] for layer in ("entities", "events", "claims", "sources", "attributions")},
    )
    for side in "ab":
        tiny.passes[f"other/{side}.json"] = copy.deepcopy(other)
    found = {f.code for f in tiny.found()}
    assert "near-duplicate" not in found


def _quote(tiny):
    tiny.two["attributions"][1]["asserts"].append({"target": "c6", "polarity": "denies"})


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.ledger["incidents"][1]["tolls"].update(killed=0),  # agrees
        lambda t: t.ledger["incidents"][1]["tolls"].update(killed=None),  # not known
        _quote,
        lambda t: t.two["claims"][5].update(as_of="2023-01-01"),
        lambda t: t.two["claims"][5].update(stance="estimated"),
        lambda t: t.two["claims"][5]["counted"].update(status="civilian"),  # others may have died
        lambda t: t.two["claims"][5]["counted"].update(role="perpetrator"),
        lambda t: t.two["claims"][5].update(relations=[{"type": "part_of", "target": "c1"}]),
        lambda t: t.two["claims"][4].update(relations=[{"type": "supersedes", "target": "c6"}]),
        lambda t: t.one["claims"][4].update(relations=[{"type": "conflicts_with", "target": "two#c6"}]),
        lambda t: t.two["events"][1].update(modality="attempted"),
        lambda t: t.two["events"][0].update(incident="inc-2022"),  # told as two events
    ],
)
def test_a_toll_that_something_explains_is_not_held_against_the_ledger(tiny, change):
    _narrate(tiny)
    change(tiny)
    assert "ledger-toll" not in tiny.codes()


def test_a_toll_above_the_ledgers_is_found_even_of_some_people(tiny):
    """One guard is more than nobody, whoever else died."""
    tiny.incident["tolls"]["killed"] = 0
    tiny.two["claims"][2].update(measure="killed", attribution_unclear=False)
    assert [f.path for f in tiny.found() if f.code == "ledger-toll"] == ["claims[2]"]


def test_parts_of_an_incident_may_be_of_other_types(tiny):
    tiny.incident["type"] = "clash"
    for article in (tiny.one, tiny.two):
        article["events"][1].update(incident="inc-lantern", type="clash", arguments=[])
    assert "ledger-type" not in tiny.codes()


def test_a_dataset_folder_may_be_empty_or_lack_everything(tmp_path):
    (tmp_path / "articles").mkdir()
    assert [f.code for _, found in validate_paths([tmp_path], 5) for f in found] == ["unreadable-file"]


def test_articles_in_json_lines_are_found_by_line(tiny):
    tiny.two["split"] = "test"
    tiny.write()
    shutil.rmtree(tiny.folder / "articles" / "invented")
    path = tiny.folder / "articles" / "all.jsonl"
    path.write_text(json.dumps(tiny.one) + "\n\n" + json.dumps(tiny.two) + "\n", encoding="utf-8")
    found = [f for _, found in validate_paths([tiny.folder], 5, frozenset({"build-out-of-date"})) for f in found]
    assert [(f.code, f.file, f.line) for f in found] == [("story-split", str(path), 3)]


def test_the_corpus_has_no_errors_at_level_5():
    """What is built is `test_build`'s to check."""
    found = [f for _, found in validate_paths([ROOT / "dataset"], 5, frozenset({"build-out-of-date"})) for f in found]
    assert [f for f in found if f.level == 5 and f.severity == "error"] == []


def test_what_is_wrong_in_a_pass_is_a_warning_and_in_the_gold_an_error(tiny):
    tiny.passes["two/b.json"]["claims"][0]["values"] = ["15"]
    tiny.two["claims"][0]["values"] = ["15"]
    found = [f for _, found in validate_paths([tiny.write()], 5) for f in found if f.code == "figure-differs"]
    assert {("passes" in f.file, f.severity) for f in found} == {(True, "warning"), (False, "error")}
