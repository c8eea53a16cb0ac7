"""Spans and learned links made into a prediction: entities, events, figures, speakers and what they say.

Each layer is one step that takes what the steps before it found. Knows no weights and no training.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conflictwire import numerals
from conflictwire import text as texts
from conflictwire.extractors.base import Document
from conflictwire.extractors.trained import links
from conflictwire.extractors.trained.data import Labelled
from conflictwire.extractors.trained.links import NONE, Links, View
from conflictwire.model import (
    Argument,
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
from conflictwire.reading import Page

LINKED = 0.5  # how likely a link must be to be made
BELIEVING = ("believe", "think", "suspect", "fear", "thought")


@dataclass
class _Group:
    """Spans taken to be one thing, and the id it has."""

    id: str
    spans: list[Labelled] = field(default_factory=list)


def prediction(document: Document, page: Page, spans: dict[str, list[Labelled]], learned: Links) -> Prediction:
    """The prediction of a document from its spans by track."""
    return _Assembly(document, page, spans, learned).prediction()


class _Assembly:
    def __init__(self, document: Document, page: Page, spans: dict[str, list[Labelled]], learned: Links) -> None:
        self.document, self.learned = document, learned
        self.view = View(page)
        self.mentions = sorted(
            m if m.label == "pronoun" else m._replace(label=learned["entity_type"].best(links.see_type(self.view, m)))
            for m in {*spans["mention"], *spans["inner"]}
        )
        self.triggers = sorted(
            t._replace(label=learned["event_type"].best(links.see_kind_of_event(self.view, t)))
            for t in spans["trigger"]
        )
        self.figures = sorted(spans["claim"])
        self.cues = sorted(s for s in spans["speech"] if s.label == "cue")
        self.speakers = sorted(s for s in spans["speech"] if s.label == "source")
        self.contents = sorted(spans["content"])

    def prediction(self) -> Prediction:
        clusters = self._clusters()
        self.owner = {m: c.id for c in clusters for m in c.spans}
        entities = [self._entity(c) for c in clusters]
        happenings = self._happenings()
        self.event_of = {t: h.id for h in happenings for t in h.spans}
        events = [self._event(h) for h in happenings]
        claims = self._claims()
        attributions, sources = self._statements(events, claims, {e.id: e for e in entities})
        return Prediction(self.document.id, entities, events, claims, sources, attributions)

    def _span(self, at: Labelled | Span) -> Span:
        return Span(at.start, at.end, self.document.text[at.start : at.end])

    # ---- entities

    def _clusters(self) -> list[_Group]:
        clusters: list[_Group] = []
        owner: dict[Labelled, _Group] = {}
        for number, mention in enumerate(self.mentions):
            best: tuple[float, _Group] | None = None
            for back in range(1, min(links.BACK, number) + 1):
                other = self.mentions[number - back]
                chance = self.learned["antecedent"].chance(links.see_pair(self.view, other, mention, back))
                if chance > LINKED and (best is None or chance > best[0]):
                    best = chance, owner[other]
            if best is None:
                clusters.append(_Group(f"e{len(clusters) + 1}"))
            owner[mention] = best[1] if best else clusters[-1]
            owner[mention].spans.append(mention)
        return clusters

    def _entity(self, cluster: _Group) -> Entity:
        types = Counter(m.label for m in cluster.spans if m.label != "pronoun")
        mentions = []
        for m in cluster.spans:
            kind: Any = (
                "pronoun" if m.label == "pronoun" else self.learned["kind"].best(links.see_mention(self.view, m))
            )
            start, end = texts.derive_head(self.document.text, m.start, m.end, kind)
            mentions.append(Mention(self._span(m), kind, self._span(Labelled(start, end, ""))))
        names = [m.span.text or "" for m in mentions if m.kind == "name"]
        nominals = [m.span.text or "" for m in mentions if m.kind == "nominal"]
        called = max(names, key=len) if names else nominals[0] if nominals else mentions[0].span.text or ""
        kind_of: Any = types.most_common(1)[0][0] if types else "person"
        return Entity(id=cluster.id, type=kind_of, name=called.replace("\n", " "), mentions=mentions)

    # ---- events

    def _happenings(self) -> list[_Group]:
        found: list[_Group] = []
        for trigger in self.triggers:
            best: tuple[float, _Group] | None = None
            for group in found:
                for other in group.spans:
                    if other.label.split(".")[0] != trigger.label.split(".")[0]:
                        continue
                    chance = self.learned["event"].chance(links.see_triggers(self.view, other, trigger))
                    if chance > LINKED and (best is None or chance > best[0]):
                        best = chance, group
            if best is None:
                found.append(_Group(f"ev{len(found) + 1}"))
            (best[1] if best else found[-1]).spans.append(trigger)
        return found

    def _event(self, group: _Group) -> Event:
        types = Counter(t.label for t in group.spans)
        specific = [t for t in types if not t.endswith(".unspecified")] or list(types)
        type = max(specific, key=lambda t: (types[t], t))
        seen = links.see_trigger(self.view, group.spans[0])
        given: dict[str, Any] = {task: self.learned[task].best(seen) for task in ("modality", "polarity", "genericity")}
        arguments: dict[tuple[str, str], Argument] = {}
        for trigger in group.spans:
            for mention in self.mentions:
                if self.view.sentence(mention.start) != self.view.sentence(trigger.start):
                    continue
                role: Any = self.learned["role"].best(links.see_role(self.view, trigger, mention))
                key = (role, self.owner[mention])
                if role != NONE and key not in arguments:
                    arguments[key] = Argument(f"g{len(arguments) + 1}", role, key[1], self._span(mention))
        return Event(
            id=group.id,
            type=type,  # type: ignore[arg-type]
            triggers=[self._span(t) for t in group.spans],
            arguments=list(arguments.values()),
            **given,
        )

    # ---- figures

    def _claims(self) -> list[Claim]:
        claims: list[Claim] = []
        for number, figure in enumerate(self.figures):
            words = self.document.text[figure.start : figure.end]
            parsed = numerals.parse(words)
            if parsed is None:
                continue
            seen = links.see_figure(self.view, figure)
            choose: Callable[[str], Any] = lambda task: self.learned[task].best(seen)  # noqa: B023, E731 - used at once
            read = self.view.figure(figure)
            counted = read.counted if read else None
            claims.append(
                Claim(
                    id=f"c{number + 1}",
                    span=self._span(figure),
                    form=parsed.form,
                    bound=parsed.bound,
                    approximation=parsed.approximation,
                    values=list(parsed.values),
                    measure=choose("measure"),
                    measure_span=self._span(read.measure_span) if read and read.measure_span else None,
                    unit=choose("unit"),
                    counted=Counted(
                        self._span(counted) if counted else None,
                        choose("counted"),
                        choose("status"),
                        self._entity_at(counted.end) if counted else None,
                    ),
                    scope=Scope(self._event_near(figure)),
                    reading=choose("reading"),
                    stance=choose("stance"),
                    attribution_unclear=choose("unclear") == "yes",
                    relations=self._relations(figure, claims),
                )
            )
        return claims

    def _entity_at(self, end: int) -> str | None:
        """The entity of the longest mention that ends at an offset."""
        ending = [m for m in self.mentions if m.end == end]
        return self.owner[min(ending)] if ending else None

    def _event_near(self, figure: Labelled) -> str | None:
        here = self.view.sentence(figure.start)
        near = [t for t in self.triggers if -links.NEAR <= self.view.sentence(t.start) - here <= 1]
        chances = [(self.learned["scope"].chance(links.see_scope(self.view, figure, t)), t) for t in near]
        best = max(chances, default=None)
        return self.event_of[best[1]] if best and best[0] > LINKED else None

    def _relations(self, figure: Labelled, claims: list[Claim]) -> list[Relation]:
        found = []
        for claim in claims:
            earlier = Labelled(claim.span.start, claim.span.end, "claim")
            type: Any = self.learned["relation"].best(links.see_figures(self.view, earlier, figure))
            if type != NONE:
                found.append(Relation(type, claim.id))
        return found

    # ---- statements

    def _statements(
        self, events: list[Event], claims: list[Claim], entities: dict[str, Entity]
    ) -> tuple[list[Attribution], list[Source]]:
        said = {cue: self._said_by(cue) for cue in self.cues}
        sources: dict[str, Source] = {}
        attributions: list[Attribution] = []
        for cue, contents in said.items():
            if not contents:
                continue
            speaker = self._speaker(cue)
            source = self._source(speaker, sources, entities) if speaker else None
            act: Any = self.learned["act"].best(links.see_cue(self.view, cue))
            attributions.append(
                Attribution(
                    id=f"a{len(attributions) + 1}",
                    sources=[source.id] if source else [],
                    source_span=self._span(speaker) if speaker else None,
                    cue=[self._span(cue)],
                    content=[self._span(c) for c in contents],
                    mode=self._mode(contents),
                    act=act,
                    asserts=self._asserts(cue, contents, act, claims, events),
                )
            )
        return self._nested(attributions), list(sources.values())

    def _said_by(self, cue: Labelled) -> list[Labelled]:
        """The contents that a cue introduces: each content goes to its likeliest cue."""
        mine = []
        for content in self.contents:
            near = [c for c in self.cues if abs(self.view.sentence(c.start) - self.view.sentence(content.start)) <= 2]
            chances = [(self.learned["said"].chance(links.see_said(self.view, c, content)), c) for c in near]
            if chances and max(chances)[1] == cue and max(chances)[0] > LINKED / 2:
                mine.append(content)
        return mine

    def _speaker(self, cue: Labelled) -> Labelled | None:
        here = self.view.sentence(cue.start)
        near = [s for s in self.speakers if abs(self.view.sentence(s.start) - here) <= 1]
        chances = [(self.learned["speaker"].chance(links.see_speaker(self.view, cue, s)), s) for s in near]
        best = max(chances, default=None)
        return best[1] if best and best[0] > LINKED / 2 else None

    def _source(self, speaker: Labelled, sources: dict[str, Source], entities: dict[str, Entity]) -> Source:
        """The source of the words that name it: one an entity, else one a wording."""
        mention = next((m for m in self.mentions if (m.start, m.end) == (speaker.start, speaker.end)), None)
        entity = self.owner[mention] if mention else self._entity_at(speaker.end)
        key = entity or self.document.text[speaker.start : speaker.end].lower()
        span = self._span(speaker)
        if key not in sources:
            seen = links.see_source(self.view, speaker, entities[entity].type if entity else NONE)
            given: dict[str, Any] = {t: self.learned[t].best(seen) for t in ("category", "naming", "affiliation")}
            sources[key] = Source(id=f"s{len(sources) + 1}", entity=entity, mentions=[span], **given)
        elif span not in sources[key].mentions:
            sources[key].mentions.append(span)
        return sources[key]

    def _mode(self, contents: list[Labelled]) -> Any:
        quoted = sum(self.view.page.quotation_at(c.start) is not None for c in contents)
        marks = any(re.search(r"[\"“”]", self.document.text[c.start : c.end]) for c in contents)
        return "direct" if quoted == len(contents) else "mixed" if quoted or marks else "indirect"

    def _asserts(
        self, cue: Labelled, contents: list[Labelled], act: str, claims: list[Claim], events: list[Event]
    ) -> list[Assertion]:
        found = {
            claim.id: Assertion(claim.id, "denies" if act == "denial" else "affirms")
            for claim in claims
            if any(c.start <= claim.span.start and claim.span.end <= c.end for c in contents)
        }
        by_id = {e.id: e for e in events}
        word = links.cue_word(self.view, [cue])
        for content in contents:
            inside = [t for t in self.triggers if content.start <= t.start and t.end <= content.end]
            for n, trigger in enumerate(inside):
                label = self.learned["asserts"].best(links.see_assertion(self.view, content, trigger, word, n == 0))
                if label == NONE:
                    continue
                kind, _, polarity = label.partition(":")
                event = by_id[self.event_of[trigger]]
                doer = next((a for a in event.arguments if a.role in ("perpetrator", "agent")), None)
                target = f"{event.id}#{doer.id}" if kind == "argument" and doer else event.id
                if event.id not in {t.partition("#")[0] for t in found}:
                    found[target] = Assertion(target, polarity)  # type: ignore[arg-type]
        return list(found.values())

    def _nested(self, attributions: list[Attribution]) -> list[Attribution]:
        """A statement whose cue stands in another's content is inside it."""
        result = []
        for inner in attributions:
            at = inner.cue[0]
            holders = [
                o
                for o in attributions
                if o is not inner and any(c.start <= at.start and at.end <= c.end for c in o.content)
            ]
            if holders:
                outer = min(holders, key=lambda o: min(c.end - c.start for c in o.content))
                relation: Any = "embedded_in" if (at.text or "").lower().startswith(BELIEVING) else "relayed_by"
                inner = Attribution(
                    **{f: getattr(inner, f) for f in inner.__struct_fields__}
                    | {"parent": outer.id, "parent_relation": relation}
                )
            result.append(inner)
        return result
