"""What statements say: the claims inside their contents, and the event or part in it that each main clause asserts.

Guidelines 5, "What `asserts` lists". Knows statements, figures and events as read; adds perpetrators that a
statement claims, denies or accuses.
"""

import re
from typing import Literal

from msgspec.structs import replace

from conflictwire.casualties import Figure
from conflictwire.extractors.rules.arguments import doer_role
from conflictwire.extractors.rules.attributions import Speakers, Statement
from conflictwire.extractors.rules.entities import Cast
from conflictwire.extractors.rules.events import CASUALTY_TRIGGERS, Happening
from conflictwire.model import Assertion, Attribution
from conflictwire.reading import BE, Page, Token, is_verb

Polarity = Literal["affirms", "denies", "doubts"]
Statements = list[tuple[Attribution, Statement]]

_AUTHORSHIP = re.compile(
    r"\b(?:responsib\w+|involve\w+|role|part|hand|behind|being|blame|accusation\w*|claim\w*|allegation\w*|charge\w*)\b"
)
_SUBORDINATE = frozenset(
    "who which whom whose when after before because if while where although though since until including unless".split()
)
_NOUN_CONTENT = frozenset("confirmed confirms confirm verified verify announced acknowledged reported".split())
_TOOK_PLACE = frozenset("took happened occurred began started".split())
_ACTORS = ("armed_group", "state_force", "government", "geopolitical", "organisation", "person", "people")


def assert_claims(statement: Statement, figures: list[Figure], ids: dict[int, str]) -> list[Assertion]:
    """The claims inside a content: no exceptions, whatever the act."""
    polarity: Polarity = "doubts" if statement.doubts else "affirms"
    if statement.act == "denial":
        polarity = "denies"
    return [
        Assertion(ids[id(f)], polarity)
        for f in figures
        if any(a <= f.start and f.end <= b for a, b in statement.contents)
    ]


class Assertions:
    """Ties the statements of one article to its events, once their arguments are known."""

    def __init__(
        self,
        page: Page,
        cast: Cast,
        speakers: Speakers,
        happenings: list[Happening],
        figures: list[tuple[Figure, Happening | None]],
    ) -> None:
        self._page = page
        self._cast = cast
        self._speakers = speakers
        self._happenings = happenings
        self._triggers = {t.start: h for h in happenings for t in h.triggers}
        self._measured = {f.measure_token.start: h for f, h in figures if f.measure_token is not None and h is not None}

    def complete(self, attributions: Statements) -> Statements:
        """The attributions with what they assert of events and of who carried them out."""
        return [(replace(r, asserts=[*r.asserts, *self._of(r, s)]), s) for r, s in attributions]

    def _of(self, record: Attribution, statement: Statement) -> list[Assertion]:
        if not statement.contents or record.act in ("threat", "declined_comment"):
            return []
        if record.act in ("responsibility_claim", "accusation"):
            return self._authorship(record, statement, "affirms")
        if record.act == "denial":
            words = self._page.folded[statement.contents[0][0] : statement.contents[0][1]].lower()
            told = [] if _AUTHORSHIP.search(words) else self._told(statement, "denies")
            return told or self._authorship(record, statement, "denies")
        return self._told(statement, "doubts" if statement.doubts else "affirms")

    # --- what happened --------------------------------------------------------------------------------------------

    def _told(self, statement: Statement, polarity: Polarity) -> list[Assertion]:
        """For each main clause of the contents one assertion at most: the doer in it, else the event."""
        found: dict[str, Assertion] = {}
        cue = self._page.folded[statement.cue[0] : statement.cue[1]].lower()
        for start, end in statement.contents:
            for clause in self._main_clauses(start, end):
                target = self._clause_target(clause, polarity, noun=cue in _NOUN_CONTENT or polarity == "denies")
                if target is not None:
                    found.setdefault(target, Assertion(target, polarity))
        return list(found.values())

    def _main_clauses(self, start: int, end: int) -> list[list[Token]]:
        """The tokens of a stretch by main clause; what is subordinate is left out."""
        clauses: list[list[Token]] = []
        at = self._page.sentence_at(start).index
        while at < len(self._page.sentences) and self._page.sentences[at].start < end:
            clause: list[Token] = []
            out = False
            tokens = [t for t in self._page.sentences[at].tokens if start <= t.start < end]
            for i, token in enumerate(tokens):
                if token.lower in _SUBORDINATE or (
                    token.lower == "that" and i and i + 1 < len(tokens) and is_verb(tokens[i + 1])
                ):
                    out = True
                elif token.text in (";", ".") or token.lower in ("and", "but"):
                    clauses.append(clause)
                    clause, out = [], False
                elif token.text == "," and out:
                    out = False
                elif not out:
                    clause.append(token)
            clauses.append(clause)
            at += 1
        return [c for c in clauses if c]

    def _clause_target(self, clause: list[Token], polarity: Polarity, noun: bool) -> str | None:
        """What a clause says of an event: its doer, if it is the subject or stands after "by"; else that it happened."""
        for i, token in enumerate(clause):
            happening = self._triggers.get(token.start)
            if happening is None and (token.lower in CASUALTY_TRIGGERS or token.start in self._measured):
                happening = self._measured.get(token.start) or self._harmful_beside(token)
            if (
                happening is None
                or (happening.first.modality not in ("actual", "attempted"))
                or happening.first.polarity != "positive"
            ):
                continue
            verbal = is_verb(token) or token.lower in ("dead", "killed", "hit", "shot")
            after = {t.lower for t in clause[i + 1 : i + 4]}
            if not verbal and not noun and not after & _TOOK_PLACE and not self._carried_out(clause, i):
                continue
            doer = self._doer(happening, clause, i, verbal)
            return doer or happening.id
        return None

    def _carried_out(self, clause: list[Token], i: int) -> bool:
        before = [t.lower for t in clause[max(0, i - 6) : i]]
        return bool(
            {"carried", "behind", "involved", "launched", "staged", "ordered", "planned", "conducted"} & set(before)
        ) or [t.lower for t in clause[i + 1 : i + 4]][:3] == ["was", "carried", "out"]

    def _harmful_beside(self, token: Token) -> Happening | None:
        sentence = self._page.sentence_at(token.start)
        near = [
            (abs(t.start - token.start), h.id, h)
            for h in self._happenings
            if h.is_harmful()
            for t in h.triggers
            if t.sentence is sentence
        ]
        return min(near, key=lambda n: n[:2])[2] if near else None

    def _doer(self, happening: Happening, clause: list[Token], i: int, verbal: bool) -> str | None:
        role = doer_role(happening.type)
        passive = i > 0 and any(t.lower in BE for t in clause[max(0, i - 3) : i])
        by = next((t.start for t in clause[i:] if t.lower == "by"), None)
        for number, ((argument, entity), _) in enumerate(happening.arguments.items(), 1):
            if argument != role:
                continue
            for low, _high in self._cast.mentions_of(entity):
                before = clause[0].start <= low < clause[i].start and not passive
                after = by is not None and by < low <= clause[-1].start
                if before or after:
                    return f"{happening.id}#g{number}"
        return None

    # --- who did it -----------------------------------------------------------------------------------------------

    def _authorship(self, record: Attribution, statement: Statement, polarity: Polarity) -> list[Assertion]:
        """Perpetrators who claim, deny or are accused: arguments that the statement affirms or denies."""
        happening = self._meant(statement)
        entity = self._accused(record, statement)
        if happening is None or entity is None:
            return []
        happening.arguments.setdefault(("perpetrator", entity), None)
        number = list(happening.arguments).index(("perpetrator", entity)) + 1
        return [Assertion(f"{happening.id}#g{number}", polarity)]

    def _meant(self, statement: Statement) -> Happening | None:
        """The attack that a claim of responsibility, a denial or an accusation is about."""
        attacks = [
            h for h in self._happenings if h.type.startswith("attack.") and h.first.modality in ("actual", "attempted")
        ]
        inside = [h for h in attacks for t in h.triggers if any(a <= t.start < b for a, b in statement.contents)]
        before = [(t.start, h.id, h) for h in attacks for t in h.triggers if t.start < statement.cue[0]]
        return inside[0] if inside else max(before, key=lambda b: b[:2])[2] if before else None

    def _accused(self, record: Attribution, statement: Statement) -> str | None:
        if record.act == "accusation":
            inside = [m for a, b in statement.contents for m in self._cast.within(a, b)]
            return next((id for _, _, id in inside if self._cast.type_of(id) in _ACTORS), None)
        if record.source_span is None or not record.sources:
            return None
        entity = self._speakers.entity_of(record.sources[0])
        return self._cast.spoken_for(record.source_span.start, entity) if entity else None
