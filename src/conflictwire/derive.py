"""What is derived from a record and never annotated: voices, intervals, the names of speakers.

Shared by the views, the scorer and the pages; pure functions over typed records.
"""

from typing import Literal

from conflictwire import numerals
from conflictwire.model import Article, Attribution, Claim, Entity, Event, Prediction, Source

Voice = Literal["attributed", "unclear", "narrator"]


def interval(claim: Claim) -> numerals.Interval:
    """The numbers a claim allows."""
    return numerals.interval(claim.form, claim.bound, claim.approximation, claim.values)


def asserting(attributions: list[Attribution]) -> dict[str, list[tuple[Attribution, str]]]:
    """For each target (`c1`, `ev1`, `ev1#g1`) the statements about it with their polarity."""
    result: dict[str, list[tuple[Attribution, str]]] = {}
    for attribution in attributions:
        for assertion in attribution.asserts:
            result.setdefault(assertion.target, []).append((attribution, assertion.polarity))
    return result


def voice(claim: Claim, statements: dict[str, list[tuple[Attribution, str]]]) -> Voice:
    """Who speaks: attributed if a statement carries the claim, else unclear if flagged, else the narrator."""
    if claim.id in statements:
        return "attributed"
    return "unclear" if claim.attribution_unclear else "narrator"


def in_template(event: Event) -> bool:
    """Whether an event enters templates and tolls: actual, positive and specific (DESIGN 2)."""
    return (event.modality, event.polarity, event.genericity) == ("actual", "positive", "specific")


def source_name(source: Source, entities: dict[str, Entity]) -> str:
    """A speaker's name: its entity's, else its first mention's words, else its id."""
    if source.entity in entities:
        return entities[source.entity].name
    return next((m.text for m in source.mentions if m.text), source.id)


def layer_sizes(record: Article | Prediction) -> dict[str, int]:
    """How many items each layer has; mentions are counted too."""
    entities = record.entities or []
    return {
        "entities": len(entities),
        "mentions": sum(len(e.mentions) for e in entities),
        "events": len(record.events or []),
        "claims": len(record.claims or []),
        "sources": len(record.sources or []),
        "attributions": len(record.attributions or []),
    }
