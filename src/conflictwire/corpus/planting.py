"""Errors of the kinds that annotators make, planted in copies of articles: whether a reviewer finds them.

Each kind changes one thing of a record in JSON form and names the items by which a reviewer may report it.
What validation would refuse is not planted, because no reader would ever see it.
"""

import copy
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from conflictwire.model import Json
from conflictwire.validation import validate_record


@dataclass(frozen=True)
class Planted:
    """One error: the article, its kind, what was done, and the items (ids, or `quote:...` words) that report it."""

    article: str
    kind: str
    done: str
    items: tuple[str, ...]

    def to_json(self) -> Json:
        """The error as a row."""
        return asdict(self)


Kind = Callable[[Json, random.Random], tuple[str, list[str]] | None]
KINDS: dict[str, Kind] = {}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _kind(function: Kind) -> Kind:
    KINDS[function.__name__.strip("_").replace("_", " ")] = function
    return function


def _pick(rng: random.Random, items: Iterable[Any]) -> Any:
    """One of some items, or None where there are none."""
    listed = list(items)
    return rng.choice(listed) if listed else None


def _pairs(record: Json, layer: str, inner: str) -> list[tuple[Json, Json]]:
    return [(item, part) for item in record[layer] for part in item[inner]]


def _forget(record: Json, gone: str) -> None:
    """Takes what points to an item out of the statements."""
    for attribution in record["attributions"]:
        attribution["asserts"] = [
            a for a in attribution["asserts"] if a["target"] != gone and not a["target"].startswith(f"{gone}#")
        ]


@_kind
def _mention_of_another_entity(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    found = [
        (one, mention, other)
        for one, mention in _pairs(record, "entities", "mentions")
        for other in record["entities"]
        if mention["kind"] != "name" and len(one["mentions"]) > 1 and other is not one and other["type"] == one["type"]
    ]
    if not found:
        return None
    one, mention, other = rng.choice(found)
    one["mentions"].remove(mention)
    other["mentions"] = sorted([*other["mentions"], mention], key=lambda m: (m["span"]["start"], -m["span"]["end"]))
    return f"{_words(mention['span'])} moved from {one['id']} to {other['id']}", [one["id"], other["id"]]


@_kind
def _mention_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    pair = _pick(rng, ((e, m) for e, m in _pairs(record, "entities", "mentions") if len(e["mentions"]) > 2))
    if not pair:
        return None
    pair[0]["mentions"].remove(pair[1])
    return f"{_words(pair[1]['span'])} is no mention of {pair[0]['id']} any more", [
        pair[0]["id"],
        _quote(pair[1]["span"]),
    ]


@_kind
def _entity_type_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    entity = _pick(rng, (e for e in record["entities"] if e["type"] in _NEAR_TYPES and not e["subtype"]))
    if not entity:
        return None
    was, entity["type"], entity["kb"] = entity["type"], _NEAR_TYPES[entity["type"]], None
    return f"{entity['id']} was {was}", [entity["id"]]


_NEAR_TYPES = {"people": "armed_group", "armed_group": "people", "state_force": "armed_group", "government": "people"}


@_kind
def _event_type_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    event = _pick(rng, (e for e in record["events"] if e["type"] in _NEAR_EVENTS))
    if not event:
        return None
    was, event["type"] = event["type"], _NEAR_EVENTS[event["type"]]
    return f"{event['id']} was {was}", [event["id"]]


_NEAR_EVENTS = {
    "attack.bombing": "attack.shelling", "attack.shelling": "attack.bombing", "attack.armed_assault": "attack.bombing",
    "attack.unspecified": "attack.armed_assault", "attack.airstrike": "attack.shelling", "arrest": "attack.abduction",
    "attack.abduction": "arrest", "deployment": "withdrawal", "withdrawal": "deployment", "clash": "attack.armed_assault",
}  # fmt: skip


@_kind
def _event_did_not_happen_or_did(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    event = _pick(rng, record["events"])
    if not event:
        return None
    was, event["modality"] = event["modality"], "attempted" if event["modality"] == "actual" else "actual"
    return f"{event['id']} was {was}", [event["id"]]


@_kind
def _event_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    used = {c["scope"]["event"] for c in record["claims"]} | {e["part_of"] for e in record["events"]}
    event = _pick(rng, (e for e in record["events"] if e["id"] not in used))
    if not event:
        return None
    record["events"].remove(event)
    _forget(record, event["id"])
    return f"{event['type']} is gone", [_quote(event["triggers"][0])]


@_kind
def _role_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    pair = _pick(rng, (p for p in _pairs(record, "events", "arguments") if p[1]["role"] in _NEAR_ROLES))
    if not pair:
        return None
    event, argument = pair
    was, argument["role"] = argument["role"], _NEAR_ROLES[argument["role"]]
    return f"{event['id']}#{argument['id']} was {was}", [event["id"], f"{event['id']}#{argument['id']}"]


_NEAR_ROLES = {
    "victim": "target", "target": "place", "perpetrator": "instrument", "agent": "subject", "subject": "agent",
    "origin": "destination", "destination": "origin",
}  # fmt: skip


@_kind
def _argument_of_another_entity(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    types = {e["id"]: e["type"] for e in record["entities"]}
    found = [
        (event, argument, other)
        for event, argument in _pairs(record, "events", "arguments")
        for other in types
        if types[other] == types[argument["entity"]] and other not in {a["entity"] for a in event["arguments"]}
    ]
    if not found:
        return None
    event, argument, other = rng.choice(found)
    was, argument["entity"], argument["mention"] = argument["entity"], other, None
    return f"the {argument['role']} of {event['id']} was {was}", [event["id"], f"{event['id']}#{argument['id']}"]


@_kind
def _argument_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    pair = _pick(rng, _pairs(record, "events", "arguments"))
    if not pair:
        return None
    event, argument = pair
    event["arguments"].remove(argument)
    _forget(record, f"{event['id']}#{argument['id']}")
    return f"{event['id']} has no {argument['role']} {argument['entity']} any more", [event["id"]]


@_kind
def _date_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    event = _pick(rng, (e for e in record["events"] if e["time"] and _DAY.fullmatch(e["time"]["edtf"])))
    if not event:
        return None
    was = event["time"]["edtf"]
    event["time"]["edtf"] = was[:-2] + f"{int(was[-2:]) % 27 + 1:02}"
    return f"{event['id']} was {was}", [event["id"]]


@_kind
def _claim_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    related = {r["target"] for c in record["claims"] for r in c["relations"]}
    claim = _pick(rng, (c for c in record["claims"] if c["id"] not in related))
    if not claim:
        return None
    record["claims"].remove(claim)
    _forget(record, claim["id"])
    return f"{_words(claim['span'])} is gone", [_quote(claim["span"])]


def _in_claims(name: str, change: Callable[[Json, Json], str | None]) -> None:
    """A kind that changes one field of a claim: `change(claim, record)` says what was done, or None where it cannot."""

    def plant(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
        for claim in rng.sample(record["claims"], len(record["claims"])):
            if done := change(claim, record):
                return f"{claim['id']} {done}", [claim["id"]]
        return None

    KINDS[name] = plant


def _swap(field: str, near: dict[str, str], inside: str = "") -> Callable[[Json, Json], str | None]:
    def change(claim: Json, record: Json) -> str | None:
        holder = claim[inside] if inside else claim
        if holder[field] not in near:
            return None
        was, holder[field] = holder[field], near[holder[field]]
        return f"was {was}"

    return change


_in_claims("measure wrong", _swap("measure", {
    "killed": "injured", "injured": "killed", "held": "detained", "detained": "held", "abducted": "missing",
    "participants": "membership", "membership": "participants", "attacks": "strikes",
}))  # fmt: skip
_in_claims("status wrong", _swap("status", {
    "civilian": "unknown", "unknown": "civilian", "militant": "unknown", "security_force": "militant",
}, "counted"))  # fmt: skip
_in_claims("reading wrong", _swap("reading", {
    "event_total": "period_total", "period_total": "stock", "stock": "event_total", "change": "event_total",
}))  # fmt: skip


def _another_event(claim: Json, record: Json) -> str | None:
    was = claim["scope"]["event"]
    others = [e["id"] for e in record["events"] if e["id"] != was]
    if was is None or not others:
        return None
    claim["scope"]["event"] = others[len(claim["span"]["text"] or "") % len(others)]
    return f"was of {was}"


def _no_relation(claim: Json, record: Json) -> str | None:
    if not claim["relations"]:
        return None
    gone = claim["relations"].pop()
    return f"has no {gone['type']} {gone['target']} any more"


def _other_relation(claim: Json, record: Json) -> str | None:
    near = {"supersedes": "conflicts_with", "conflicts_with": "supersedes", "restates": "part_of"}
    relation = next((r for r in claim["relations"] if r["type"] in near and "#" not in r["target"]), None)
    if relation is None:
        return None
    was, relation["type"] = relation["type"], near[relation["type"]]
    return f"{was} {relation['target']}"


_in_claims("claim of another event", _another_event)
_in_claims("relation missing", _no_relation)
_in_claims("relation wrong", _other_relation)


@_kind
def _said_by_another(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    attribution = _pick(rng, (a for a in record["attributions"] if a["sources"]))
    other = _pick(rng, (s["id"] for s in record["sources"] if attribution and s["id"] not in attribution["sources"]))
    if not other:
        return None
    was, attribution["sources"] = attribution["sources"], [other]
    return f"{attribution['id']} was said by {', '.join(was)}", [attribution["id"]]


@_kind
def _polarity_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    pair = _pick(rng, _pairs(record, "attributions", "asserts"))
    if not pair:
        return None
    attribution, said = pair
    was, said["polarity"] = said["polarity"], "affirms" if said["polarity"] == "denies" else "denies"
    return f"{attribution['id']} {was} {said['target']}", [attribution["id"], said["target"]]


@_kind
def _assertion_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    pair = _pick(rng, _pairs(record, "attributions", "asserts"))
    if not pair:
        return None
    pair[0]["asserts"].remove(pair[1])
    return f"{pair[0]['id']} asserts {pair[1]['target']} no more", [pair[0]["id"], pair[1]["target"]]


@_kind
def _attribution_missing(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    parents = {a["parent"] for a in record["attributions"]}
    attribution = _pick(rng, (a for a in record["attributions"] if a["id"] not in parents and a["cue"]))
    if not attribution:
        return None
    record["attributions"].remove(attribution)
    return f"what {attribution['sources']} said is gone", [
        _quote(attribution["cue"][0]),
        _quote(attribution["content"][0]),
    ]


@_kind
def _affiliation_wrong(record: Json, rng: random.Random) -> tuple[str, list[str]] | None:
    source = _pick(rng, record["sources"])
    if not source:
        return None
    was, source["affiliation"] = source["affiliation"], "police" if source["affiliation"] != "police" else "military"
    return f"{source['id']} was {was}", [source["id"]]


def _words(span: Json) -> str:
    return f"[{span['start']}, {span['end']})"


def _quote(span: Json) -> str:
    """How a reviewer's quotation is recognised: by where it stands, so that no words are stored."""
    return f"quote:{span['start']}-{span['end']}"


def plant(records: Iterable[Json], number: int, seed: int = 1) -> tuple[list[Json], list[Planted]]:
    """Copies of articles with errors, as many of each kind as can be, none of which validation refuses.

    Args:
        records: articles in JSON form, with their text.
        number: how many errors in all; they are spread evenly over the articles.
        seed: of the choice.
    """
    rng = random.Random(seed)
    copies = [copy.deepcopy(record) for record in records]
    planted: list[Planted] = []
    used = dict.fromkeys(KINDS, 0)
    touched: set[tuple[str, str]] = set()
    for at in range(number):
        place = at % len(copies)
        for name in sorted(KINDS, key=lambda n: (used[n], rng.random())):
            tried = json.loads(json.dumps(copies[place]))
            done = KINDS[name](tried, rng)
            id = str(tried["id"])
            if done is None or any((id, item) in touched for item in done[1]) or _refused(tried):
                continue
            copies[place], used[name] = tried, used[name] + 1
            touched |= {(id, item) for item in done[1]}
            planted.append(Planted(id, name, done[0], tuple(done[1])))
            break
    renamed = [_renumbered(record) for record in copies]
    new = {str(record["id"]): ids for record, ids in renamed}
    return [record for record, _ in renamed], [
        replace(error, items=tuple(_new_id(item, new[error.article]) for item in error.items)) for error in planted
    ]


def _renumbered(record: Json) -> tuple[Json, dict[str, str]]:
    """The record with ids in the order of its items, so that no gap tells what is missing, and the new id of each."""
    layers = {"entities": "e", "events": "ev", "claims": "c", "sources": "s", "attributions": "a"}
    ids = {item["id"]: f"{letter}{i}" for layer, letter in layers.items() for i, item in enumerate(record[layer], 1)}

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {k: walk(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v, key) for v in value]
        return _new_id(value, ids) if isinstance(value, str) and key in _REFERENCES else value

    return {k: walk(v, k) if k in layers else v for k, v in record.items()}, ids


_REFERENCES = frozenset({"id", "entity", "event", "places", "part_of", "target", "sources", "parent"})


def _new_id(item: str, ids: dict[str, str]) -> str:
    name, mark, argument = item.partition("#")
    return ids.get(name, name) + mark + argument


def _refused(record: Json) -> bool:
    return any(f.severity == "error" for f in validate_record(record))


def found(planted: Iterable[Planted], reports: Iterable[Json]) -> Iterator[tuple[Planted, bool]]:
    """Whether each error was reported: by the id of an item it touches, or by words that overlap the place.

    Args:
        planted: the errors.
        reports: a reviewer's rows: `article`, and `item` (an id) or `start` and `end` of the words.
    """
    by_article: dict[str, list[Json]] = {}
    for row in reports:
        by_article.setdefault(row["article"], []).append(row)
    for error in planted:
        rows = by_article.get(error.article, [])
        ids = {row.get("item") for row in rows}
        places = [tuple(map(int, item[6:].split("-"))) for item in error.items if item.startswith("quote:")]
        spans = [(row["start"], row["end"]) for row in rows if row.get("start") is not None]
        near = any(start < high and low < end for start, end in spans for low, high in places)
        yield error, near or any(item in ids for item in error.items)
