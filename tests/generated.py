"""Predictions generated from an article: right, wrong, missing, doubled and made up in every layer."""

import copy
import random
from typing import Any

from hypothesis import strategies as st

from conflictwire import model
from conflictwire.model import Prediction

Json = dict[str, Any]
LISTS = {  # the lists inside items whose order means nothing
    "entities": ("mentions",),
    "events": ("triggers", "arguments"),
    "claims": ("relations",),
    "sources": ("mentions",),
    "attributions": ("sources", "cue", "content", "asserts"),
}
FAR = {"start": 90_000, "end": 90_005, "text": None}  # overlaps nothing


def layers(record: Json) -> Json:
    """The layers of an article in JSON form, as somebody could predict them."""
    return copy.deepcopy({"id": record["id"], **{name: record[name] for name in model.LAYERS}})


def typed(built: Json) -> Prediction:
    return model.prediction_from_json(built)


def damaged(base: Json) -> st.SearchStrategy[Json]:
    """Predictions made of an article by dropping, moving, retyping, splitting, joining and inventing items."""
    return st.randoms(use_true_random=False).map(lambda rng: _damage(layers(base), rng))


def _damage(built: Json, rng: random.Random) -> Json:
    for layer in model.LAYERS:
        built[layer] = [item for item in built[layer] if rng.random() > 0.2]
    for item in built["entities"]:
        if rng.random() < 0.2:
            item["type"] = rng.choice(["person", "people", "facility"])
        item["mentions"] = [m for m in item["mentions"] if rng.random() > 0.2] or item["mentions"][:1]
        for m in item["mentions"]:
            _move(m["span"], rng)
            m["head"] = None
    _join_and_split(built["entities"], rng)
    entities = [e["id"] for e in built["entities"]] or ["nobody"]
    for item in built["events"]:
        if rng.random() < 0.2:
            item["type"] = rng.choice(["clash", "attack.bombing", "arrest"])
        for span in item["triggers"]:
            _move(span, rng, 0.1)
        item["arguments"] = [a for a in item["arguments"] if rng.random() > 0.2]
        for argument in item["arguments"]:
            if rng.random() < 0.2:
                argument["role"] = rng.choice(["victim", "perpetrator", "place"])
            if rng.random() < 0.2:
                argument["entity"], argument["mention"] = rng.choice(entities), None
    events = [e["id"] for e in built["events"]]
    for item in built["claims"]:
        _move(item["span"], rng, 0.1)
        if rng.random() < 0.2:
            item["measure"] = rng.choice(["killed", "injured", "objects"])
        if item["values"] and rng.random() < 0.2:
            item["values"] = [str(int(v) * rng.choice([0, 1, 2, 10]) + rng.choice([0, 1])) for v in item["values"]]
        if rng.random() < 0.2:
            item["bound"] = rng.choice(["none", "at_least"])
        if rng.random() < 0.2:
            item["scope"]["event"] = rng.choice([None, *events])
        if rng.random() < 0.2:
            item["as_of"] = rng.choice([None, "2024-03-03"])
        if rng.random() < 0.3:
            kind = rng.choice(["part_of", "supersedes", "conflicts_with"])
            item["relations"] = [{"type": kind, "target": rng.choice(built["claims"])["id"]}]
    sources = [s["id"] for s in built["sources"]]
    statements = [a["id"] for a in built["attributions"]]
    for item in built["attributions"]:
        for span in [*item["content"], *item["cue"], *filter(None, [item["source_span"]])]:
            _move(span, rng)
        if sources and rng.random() < 0.2:
            item["sources"] = rng.sample(sources, rng.randint(1, min(2, len(sources))))
        item["asserts"] = [a for a in item["asserts"] if rng.random() > 0.2]
        for assertion in item["asserts"]:
            if rng.random() < 0.2:
                assertion["polarity"] = rng.choice(["affirms", "denies", "doubts"])
        if rng.random() < 0.2:
            item["parent"] = rng.choice([None, *statements])  # rings of parents included
            item["parent_relation"] = "relayed_by" if item["parent"] else None
    for number in range(rng.randint(0, 2)):
        if built["claims"]:
            invented = copy.deepcopy(rng.choice(built["claims"]))
            at = rng.randrange(700)
            built["claims"].append({**invented, "id": f"n{number}", "span": {"start": at, "end": at + 3, "text": None}})
    return built


def _move(span: Json, rng: random.Random, chance: float = 0.2) -> None:
    if rng.random() < chance:
        span["end"] = max(span["start"] + 1, span["end"] + rng.choice([-3, -1, 1, 40]))
        span["text"] = None


def _join_and_split(entities: list[Json], rng: random.Random) -> None:
    if len(entities) > 1 and rng.random() < 0.3:
        joined = entities.pop(rng.randrange(len(entities)))
        entities[0]["mentions"] = entities[0]["mentions"] + joined["mentions"]
    for entity in list(entities):
        if len(entity["mentions"]) > 1 and rng.random() < 0.2:
            entities.append({**copy.deepcopy(entity), "id": f"{entity['id']}-rest", "mentions": entity["mentions"][1:]})
            entity["mentions"] = entity["mentions"][:1]


def shuffled(built: Json, rng: random.Random) -> Json:
    """The same prediction in another order."""
    other = copy.deepcopy(built)
    for layer, lists in LISTS.items():
        rng.shuffle(other[layer])
        for item in other[layer]:
            for name in lists:
                rng.shuffle(item[name])
    return other


def renamed(built: Json) -> Json:
    """The same prediction with other ids, references following."""
    other = copy.deepcopy(built)
    for layer in model.LAYERS:
        for item in other[layer]:
            item["id"] = f"x-{item['id']}"

    def new(name: str | None) -> str | None:
        return name and "#".join(f"x-{piece}" for piece in name.split("#"))

    for event in other["events"]:
        event["part_of"] = new(event["part_of"])
        for argument in event["arguments"]:
            argument["id"], argument["entity"] = new(argument["id"]), new(argument["entity"])
    for claim in other["claims"]:
        claim["counted"]["entity"] = new(claim["counted"]["entity"])
        claim["scope"]["event"] = new(claim["scope"]["event"])
        claim["scope"]["places"] = [new(p) for p in claim["scope"]["places"]]
        for relation in claim["relations"]:
            relation["target"] = new(relation["target"])
    for source in other["sources"]:
        source["entity"] = new(source["entity"])
    for attribution in other["attributions"]:
        attribution["sources"] = [new(s) for s in attribution["sources"]]
        attribution["parent"] = new(attribution["parent"])
        for assertion in attribution["asserts"]:
            assertion["target"] = new(assertion["target"])
    return other


def doubled(built: Json) -> Json:
    """Every item twice, the copy under another id."""
    other = copy.deepcopy(built)
    for layer in model.LAYERS:
        other[layer] += [{**copy.deepcopy(item), "id": f"copy-{item['id']}"} for item in built[layer]]
    return other


def with_the_made_up(built: Json) -> Json:
    """One more item in each layer, far from the text, the items referring to each other."""
    other = copy.deepcopy(built)
    entity = {"id": "far", "type": "person", "name": "x", "mentions": [{"span": FAR, "kind": "name", "head": None}]}
    argument = {"id": "g", "role": "victim", "entity": "far", "mention": FAR}
    claim = {"id": "far-c", "span": FAR, "form": "numeral", "values": ["14"], "measure": "killed"}
    source = {"id": "far-s", "category": "individual", "entity": "far", "mentions": [FAR]}
    said = {"target": "far-c", "polarity": "affirms"}
    other["entities"].append(entity)
    other["events"].append({"id": "far-e", "type": "attack.bombing", "triggers": [FAR], "arguments": [argument]})
    other["claims"].append({**claim, "scope": {"event": "far-e"}})
    other["sources"].append(source)
    other["attributions"].append({"id": "far-a", "sources": ["far-s"], "content": [FAR], "asserts": [said]})
    return other
