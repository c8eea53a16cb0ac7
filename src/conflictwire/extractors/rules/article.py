"""Where the layers of one article meet: figures, events and statements become records that refer to each other.

Knows what each layer found, and the guidelines' rules that tie one layer to another; reads no words
but through them.
"""

import re
from typing import Literal

from msgspec.structs import replace

from conflictwire.casualties import Figure
from conflictwire.extractors.rules import events as ev
from conflictwire.extractors.rules.arguments import Roles, put_victims
from conflictwire.extractors.rules.assertions import Assertions, Statements, assert_claims
from conflictwire.extractors.rules.attributions import Speakers, Statement, nested
from conflictwire.extractors.rules.entities import Cast, Name
from conflictwire.extractors.rules.lexicon import Lexicon
from conflictwire.extractors.rules.relations import Relations
from conflictwire.extractors.rules.times import Calendar
from conflictwire.model import (
    Assertion,
    Attribution,
    Claim,
    Counted,
    EntityType,
    Prediction,
    Scope,
    Span,
)
from conflictwire.reading import Page

_OTHER_READING = frozenset("share money duration area distance other".split())
_STOCK = frozenset("membership population held".split())
_VICTIMS = frozenset("killed injured casualties missing abducted held detained displaced released surrendered".split())
_ESTIMATED = re.compile(r"\b(?:estimate[sd]?|believed|thought|feared|likely|probably|possibly)\b")
_PROJECTED = re.compile(r"\b(?:expected to|projected to|will|would|could reach)\b")


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
        calendar: Calendar,
    ) -> None:
        self._page = page
        self._lexicon = lexicon
        self._figures = figures
        self._happenings = happenings
        self._statements = statements
        self._calendar = calendar
        self._cast = Cast(page, lexicon)
        self._cast.add_names(names)
        self._speakers = Speakers(page, self._cast, lexicon)
        self._claim_ids = {id(f): f"c{i}" for i, f in enumerate(figures, 1)}

    def prediction(self, id: str) -> Prediction:
        """The five layers as records."""
        events = ev.events_of(self._figures, self._happenings)
        counted = [self._counted_entity(f, e) for f, e in zip(self._figures, events, strict=True)]
        self._cast.add_compounds(self._lexicon)
        self._cast.add_bodies(self._lexicon)  # before anybody speaks: "the army" is one, speaking or not
        attributions = self._attributions()
        self._cast.quote(self._quoting_speakers(attributions))
        self._cast.add_appositives(self._lexicon)
        Roles(self._page, self._cast, self._lexicon).add(self._happenings)
        self._cast.add_definites(self._lexicon)
        self._cast.add_pronouns()
        told = list(zip(self._figures, events, strict=True))
        tied = Assertions(self._page, self._cast, self._speakers, self._happenings, told)
        attributions = tied.complete(attributions)
        claims = [self._claim(f, e, c) for f, e, c in zip(self._figures, events, counted, strict=True)]
        claims = Relations(self._page, self._figures, claims, self._said_by(attributions)).related()
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
            known = self._lexicon.heads.get(head)
            if known not in ("materiel", "facility") or figure.measure != "objects":
                return None
            kind = known
        elif figure.measure in ("population", "share") or head in ("deaths", "injuries", "killings", "casualties"):
            return None
        else:
            single = figure.form == "implicit" or figure.parsed.values == ("1",)
            kind = "person" if single else "people"
        picked = re.match(r" of (?:them|us)\b", self._page.folded[figure.end : figure.end + 8])
        if noun is None and not picked and (figure.measure_token is None or figure.measure_token.start < figure.start):
            return None
        if noun is None and figure.form == "implicit":
            return None
        if picked:  # "seven of them children": the mention is "seven of them"
            noun = None
        start = self._number_start(figure) if noun is None or noun.start >= figure.end else noun.start
        end = noun.end if noun is not None else self._adjective_end(figure)
        end = figure.end + picked.end() if picked else end
        if end <= start:
            return None
        entity = self._cast.nominal(start, end, kind, head)
        if happening is not None:
            put_victims(happening, figure, entity, kind, (start, end))
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
        if happening is not None and happening.first.generic:
            happening = None  # its figures count a period
        period = None
        if happening is None and measure in ("attacks", "strikes", "participants", *_VICTIMS):
            period = self._calendar.period_after(figure.end, figure.sentence.end)
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
            as_of=self._calendar.as_of(figure.sentence, figure.start, figure.end),
            attribution_unclear=self._is_unclear(figure, happening),
            scope=Scope(event=happening.id if happening else None, period=period),
            reading=reading,  # type: ignore[arg-type]
            stance=stance,  # type: ignore[arg-type]
        )

    def _said_by(self, attributions: Statements) -> dict[str, frozenset[str]]:
        """For each claim the sources that say it themselves; those who only pass it on are left out."""
        said: dict[str, frozenset[str]] = {}
        for record, _ in attributions:  # outer statements come before the inner ones that they hold
            for assertion in record.asserts:
                said[assertion.target] = frozenset(record.sources)
        return said

    def _is_unclear(self, figure: Figure, happening: ev.Happening | None) -> bool:
        """Whether the text leaves open that the sentence goes on with what was said in the one before it."""
        sentence = figure.sentence
        if happening is None or sentence.index == 0 or any(s.sentence is sentence for s in self._statements):
            return False
        if self._calendar.as_of(sentence, figure.start, figure.end):
            return False  # a time of its own marks it as the narrator's
        if any(a <= figure.start < b for s in self._statements for a, b in s.contents):
            return False
        before = self._page.sentences[sentence.index - 1]
        held = [
            s
            for s in self._statements
            if s.sentence is before and s.act == "statement" and not s.mind
            for a, b in s.contents
            if (b >= before.end - 2 or s.cue[0] >= b) and self._page.quotation_at(b - 1) is None
        ]
        same = any(t.sentence is before for t in happening.triggers) or any(
            f.sentence is before and f.measure in _VICTIMS for f in self._figures
        )
        return bool(held) and same

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
            asserts = assert_claims(statement, self._figures, self._claim_ids)
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


def _with_parent(record: Attribution, parent: str, relation: Literal["embedded_in", "relayed_by"]) -> Attribution:
    return replace(record, parent=parent, parent_relation=relation)
