"""Where the layers of one article meet: figures, events and statements become records that refer to each other.

Knows what each layer found, and the guidelines' rules that tie one layer to another; reads no words
but through them.
"""

import re
from typing import Literal

from msgspec.structs import replace

from conflictwire.casualties import Figure
from conflictwire.casualties.vocabulary import ATTACKERS
from conflictwire.extractors.rules import events as ev
from conflictwire.extractors.rules.attributions import Speakers, Statement, nested
from conflictwire.extractors.rules.entities import Cast, Name
from conflictwire.extractors.rules.lexicon import Lexicon
from conflictwire.model import (
    Assertion,
    Attribution,
    Claim,
    Counted,
    EntityType,
    Prediction,
    Relation,
    Scope,
    Span,
)
from conflictwire.reading import Page

_OTHER_READING = frozenset("share money duration area distance other".split())
_STOCK = frozenset("membership population held".split())
_VICTIMS = frozenset("killed injured casualties missing abducted held detained displaced released surrendered".split())
_ESTIMATED = re.compile(r"\b(?:estimate[sd]?|believed|thought|feared|likely|probably|possibly)\b")
_PROJECTED = re.compile(r"\b(?:expected to|projected to|will|would|could reach)\b")
_REPLACED = re.compile(r"\b(?:rose|risen|raised|revised|updated|climbed|corrected)\b")


class Draft:
    """One article's layers while they are tied together."""

    def __init__(
        self,
        page: Page,
        lexicon: Lexicon,
        names: list[Name],
        figures: list[Figure],
        happenings: list[ev.Happening],
        statements: list[Statement],
        published: str | None,
    ) -> None:
        self._page = page
        self._lexicon = lexicon
        self._figures = figures
        self._happenings = happenings
        self._statements = statements
        self._published = published
        self._cast = Cast(page, lexicon)
        self._cast.add_names(names)
        self._speakers = Speakers(page, self._cast, lexicon)
        self._claim_ids = {id(f): f"c{i}" for i, f in enumerate(figures, 1)}

    def prediction(self, id: str) -> Prediction:
        """The five layers as records."""
        events = [ev.event_of(f, self._happenings) for f in self._figures]
        counted = [self._counted_entity(f, e) for f, e in zip(self._figures, events, strict=True)]
        attributions = self._attributions()
        self._cast.add_bodies(self._lexicon)
        told = {t.sentence.index for h in self._happenings if h.is_harmful() for t in h.triggers}
        self._cast.add_things([self._page.sentences[i] for i in sorted(told)], self._lexicon, ATTACKERS)
        self._cast.add_appositives(self._lexicon)
        self._cast.add_pronouns(self._quoting_speakers(attributions))
        ev.add_arguments(self._page, self._cast, self._happenings, self._lexicon)
        self._claim_responsibility(attributions)
        claims = [self._claim(f, e, c) for f, e, c in zip(self._figures, events, counted, strict=True)]
        self._relate(claims)
        return Prediction(
            id,
            entities=self._cast.records(),
            events=[ev.event_record(self._page, h) for h in self._happenings],
            claims=claims,
            sources=self._speakers.records(),
            attributions=[a for a, _ in attributions],
        )

    # --- claims ---------------------------------------------------------------------------------------------------

    def _counted_entity(self, figure: Figure, happening: ev.Happening | None) -> str | None:
        """The entity that a figure counts, made a mention and an argument of the figure's event."""
        if figure.borrowed or figure.form == "zero" or figure.unit not in ("person", "item"):
            return None
        noun = figure.noun
        head = noun.head if noun else ""
        kind: EntityType
        if figure.unit == "item":
            kind = self._lexicon.heads.get(head, "materiel")
            if kind not in ("materiel", "facility") or figure.measure not in ("objects",):
                return None
        elif figure.measure in ("population", "share"):
            return None
        else:
            single = figure.form == "implicit" or figure.parsed.values == ("1",)
            kind = "person" if single else "people"
        if noun is None and (figure.measure_token is None or figure.measure_token.start < figure.start):
            return None
        if noun is None and figure.form == "implicit":
            return None
        start = self._number_start(figure) if noun is None or noun.start >= figure.end else noun.start
        end = noun.end if noun is not None else self._adjective_end(figure)
        if end <= start:
            return None
        entity = self._cast.nominal(start, end, kind, head)
        if happening is not None:
            ev.put_victims(happening, figure, entity, (start, end), figure.is_attackers)
        return entity

    def _adjective_end(self, figure: Figure) -> int:
        """Where "23 dead" or "620 wounded" ends: at the word beside the number that stands for the noun."""
        match = re.match(r" (?:dead|wounded|injured|missing)\b", self._page.folded[figure.end :][:10])
        return figure.end + match.end() if match else figure.end

    def _number_start(self, figure: Figure) -> int:
        """Where a counted mention begins: at the number, bounds left out; whole for vague and implicit ones."""
        words = self._page.folded[figure.start : figure.end]
        if figure.form in ("vague", "implicit", "fraction"):
            return figure.start
        match = re.match(
            r"(?:(?:at least|at most|no (?:fewer|more|less) than|(?:well )?(?:more|fewer|less) than|up to|as many as|over|under|"
            r"about|around|some|roughly|approximately|an estimated|estimated|nearly|almost|close to|between|just|only)\s+)+",
            words,
            re.IGNORECASE,
        )
        return figure.start + (match.end() if match and match.end() < len(words) else 0)

    def _claim(self, figure: Figure, happening: ev.Happening | None, entity: str | None) -> Claim:
        text = self._page.text
        measure = figure.measure
        token = figure.measure_token
        noun = figure.noun
        period = None
        if happening is None and measure in ("attacks", "strikes", *_VICTIMS):
            period = ev.period_after(self._page, figure, self._published)
        reading = "other"
        if measure in _STOCK:
            reading = "stock"
        elif measure not in _OTHER_READING:
            reading = (
                "event_total"
                if happening
                else "period_total"
                if period or measure in ("attacks", "strikes")
                else "other"
            )
        role = figure.role
        if measure == "participants" and happening is not None and happening.type.startswith("attack."):
            role = "perpetrator" if role == "unspecified" else role
        clause = self._page.folded[figure.sentence.start : figure.sentence.end].lower()
        stance = "projected" if _PROJECTED.search(clause[: figure.start - figure.sentence.start][-30:]) else "asserted"
        if stance == "asserted" and _ESTIMATED.search(clause):
            stance = "estimated"
        relations = []
        if figure.whole is not None and id(figure.whole) in self._claim_ids:
            relations.append(Relation("part_of", self._claim_ids[id(figure.whole)]))
        return Claim(
            id=self._claim_ids[id(figure)],
            span=Span(figure.start, figure.end, text[figure.start : figure.end]),
            form=figure.parsed.form,
            bound=figure.parsed.bound,
            approximation=figure.parsed.approximation,
            values=list(figure.parsed.values),
            measure=measure,
            measure_span=Span(token.start, token.end, text[token.start : token.end]) if token else None,
            unit=figure.unit,
            counted=Counted(
                span=Span(noun.start, noun.end, text[noun.start : noun.end]) if noun else None,
                role=role,
                status=figure.status,
                entity=entity,
            ),
            scope=Scope(event=happening.id if happening else None, period=period),
            reading=reading,  # type: ignore[arg-type]
            stance=stance,  # type: ignore[arg-type]
            relations=relations,
        )

    def _relate(self, claims: list[Claim]) -> None:
        """Restatements: the same count of the same event again; replacements where the words say so."""
        first: dict[tuple[object, ...], Claim] = {}
        for i, claim in enumerate(claims):
            if claim.scope.event is None or claim.relations or claim.measure not in _VICTIMS or not claim.values:
                continue
            about = (claim.scope.event, claim.measure)
            same = first.get((*about, *claim.values))
            if same is not None:
                claims[i] = _with_relation(claim, Relation("restates", same.id))
                continue
            sentence = self._page.sentence_at(claim.span.start)
            replaced = _REPLACED.search(self._page.folded[sentence.start : sentence.end].lower())
            earlier = first.get(about)
            if earlier is not None and replaced:
                claims[i] = _with_relation(claim, Relation("supersedes", earlier.id))
            first.setdefault(about, claim)
            first[(*about, *claim.values)] = claim

    # --- statements -----------------------------------------------------------------------------------------------

    def _attributions(self) -> list[tuple[Attribution, Statement]]:
        made: list[tuple[Attribution, Statement]] = []
        ids: dict[int, str] = {}
        for i, statement in enumerate(self._statements):
            sources = [
                s
                for span in statement.speakers or filter(None, [statement.speaker])
                for s in [self._speakers.source(*span)]
                if s
            ]
            if statement.speaker is not None and not sources:
                continue
            asserts = self._asserted(statement)
            relay: str | None = None
            if statement.outlet is not None:
                outlet = self._speakers.source(*statement.outlet)
                if outlet is not None:
                    relay = f"a{len(made) + 1}"
                    made.append(
                        (self._record(relay, [outlet], statement.outlet, statement, asserts, None, None), statement)
                    )
            id = f"a{len(made) + 1}"
            ids[i] = relay or id
            record = self._record(
                id, sources, statement.speaker, statement, asserts, relay, "relayed_by" if relay else None
            )
            made.append((record, statement))
        return self._with_parents(made, ids)

    def _quoting_speakers(self, attributions: list[tuple[Attribution, Statement]]) -> list[tuple[int, int, str]]:
        """Contents that hold a speaker's own words: `(start, end, entity of the speaker)`."""
        return [
            (a, b, entity)
            for record, statement in attributions
            if record.mode != "indirect" and record.sources
            for entity in [self._speakers.entity_of(record.sources[0])]
            if entity is not None
            for a, b in statement.contents
        ]

    def _with_parents(
        self, made: list[tuple[Attribution, Statement]], ids: dict[int, str]
    ) -> list[tuple[Attribution, Statement]]:
        parents = {
            ids[i]: (ids[j], self._statements[i].mind) for i, j in nested(self._statements) if i in ids and j in ids
        }
        result = []
        for record, statement in made:
            found = parents.get(record.id)
            if found is not None and record.parent is None:
                record = _with_parent(record, found[0], "embedded_in" if found[1] else "relayed_by")
            result.append((record, statement))
        return result

    def _record(
        self,
        id: str,
        sources: list[str],
        speaker: tuple[int, int] | None,
        statement: Statement,
        asserts: list[Assertion],
        parent: str | None,
        relation: str | None,
    ) -> Attribution:
        text = self._page.text
        return Attribution(
            id=id,
            sources=list(dict.fromkeys(sources)),
            source_span=Span(speaker[0], speaker[1], text[speaker[0] : speaker[1]]) if speaker and sources else None,
            cue=[Span(statement.cue[0], statement.cue[1], text[statement.cue[0] : statement.cue[1]])],
            content=[Span(a, b, text[a:b]) for a, b in statement.contents],
            mode=self._mode(statement),  # type: ignore[arg-type]
            act=statement.act,  # type: ignore[arg-type]
            parent=parent,
            parent_relation=relation,  # type: ignore[arg-type]
            asserts=asserts,
        )

    def _mode(self, statement: Statement) -> str:
        quoted = [any(a < high and low < b for low, high in self._page.quotations) for a, b in statement.contents]
        whole = [any(low <= a and b <= high for low, high in self._page.quotations) for a, b in statement.contents]
        return "direct" if all(whole) else "mixed" if any(quoted) else "indirect"

    def _asserted(self, statement: Statement) -> list[Assertion]:
        """Every claim inside the content; for plain statements the event that its first clause tells."""
        polarity = "denies" if statement.act == "denial" else "affirms"
        found = [
            Assertion(self._claim_ids[id(f)], polarity)  # type: ignore[arg-type]
            for f in self._figures
            if any(a <= f.start and f.end <= b for a, b in statement.contents)
        ]
        if statement.act == "statement" and statement.contents:
            told = self._told_event(*statement.contents[0])
            if told is not None:
                found.append(Assertion(told))
        return found

    def _told_event(self, start: int, end: int) -> str | None:
        clause = re.split(r"[,;]| who | which | that | when | after ", self._page.folded[start:end])[0]
        for happening in self._happenings:
            if happening.first.modality != "actual" or happening.first.polarity != "positive":
                continue
            for trigger in happening.triggers:
                words = self._page.folded[trigger.start : trigger.end].lower()
                if start <= trigger.start < start + len(clause) and words.endswith(("ed", "up", "died", "took")):
                    return happening.id
        return None

    def _claim_responsibility(self, attributions: list[tuple[Attribution, Statement]]) -> None:
        """Perpetrators who claim, deny or are accused: arguments that the statement affirms or denies."""
        for i, (record, statement) in enumerate(attributions):
            if record.act not in ("responsibility_claim", "denial", "accusation") or not statement.contents:
                continue
            happening = self._meant(statement)
            entity = self._accused(record, statement)
            if happening is None or entity is None or not happening.type.startswith("attack."):
                continue
            happening.arguments.setdefault(("perpetrator", entity), None)
            number = list(happening.arguments).index(("perpetrator", entity)) + 1
            polarity = "denies" if record.act == "denial" else "affirms"
            target = Assertion(f"{happening.id}#g{number}", polarity)  # type: ignore[arg-type]
            attributions[i] = (_with_assertion(record, target), statement)

    def _meant(self, statement: Statement) -> ev.Happening | None:
        """The attack that a claim of responsibility, a denial or an accusation is about."""
        attacks = [h for h in self._happenings if h.type.startswith("attack.") and h.first.modality == "actual"]
        inside = [h for h in attacks for t in h.triggers if any(a <= t.start < b for a, b in statement.contents)]
        before = [(t.start, h.id, h) for h in attacks for t in h.triggers if t.start < statement.cue[0]]
        return inside[0] if inside else max(before, key=lambda b: b[:2])[2] if before else None

    def _accused(self, record: Attribution, statement: Statement) -> str | None:
        actors = ("armed_group", "state_force", "government", "geopolitical", "organisation", "person", "people")
        if record.act == "accusation":
            inside = [m for a, b in statement.contents for m in self._cast.within(a, b)]
            return next((id for _, _, id in inside if self._cast.type_of(id) in actors), None)
        if record.source_span is None:
            return None
        return self._speakers.entity_of(record.sources[0]) if record.sources else None


def _with_relation(claim: Claim, relation: Relation) -> Claim:
    return replace(claim, relations=[*claim.relations, relation])


def _with_parent(record: Attribution, parent: str, relation: Literal["embedded_in", "relayed_by"]) -> Attribution:
    return replace(record, parent=parent, parent_relation=relation)


def _with_assertion(record: Attribution, assertion: Assertion) -> Attribution:
    return replace(record, asserts=[*record.asserts, assertion])
