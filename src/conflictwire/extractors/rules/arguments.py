"""Who takes part in an event: subjects, objects and prepositional phrases around its triggers, read as roles.

A noun phrase that fills a role becomes a mention, and an entity of its own unless it names or takes up
one that is known; the ontology says which types may fill which role. Knows the clause around a trigger
and nothing of how events are told apart.
"""

from collections.abc import Iterator

from conflictwire.casualties import Figure
from conflictwire.casualties.vocabulary import ATTACKERS, MEASURES, TRANSITIVE
from conflictwire.extractors.rules.entities import Cast
from conflictwire.extractors.rules.events import CASUALTY_TRIGGERS, Happening, Trigger
from conflictwire.extractors.rules.lexicon import Lexicon
from conflictwire.model import EntityType, Role
from conflictwire.reading import (
    ADVERBS,
    BE,
    DETERMINERS,
    MODAL,
    PREPOSITIONS,
    Page,
    Phrase,
    Sentence,
    Token,
    is_verb,
)
from conflictwire.schemas import permitted_roles

_DOER: dict[str, Role] = {
    "clash": "participant", "meeting": "participant", "agreement": "participant", "protest": "participant",
    "surrender": "subject", "defection": "subject", "displacement": "subject", "leadership_change": "subject",
    "formation": "agent", "accident": "subject",
}  # fmt: skip
_PATIENT: dict[str, Role] = {
    "arrest": "subject", "trial": "subject", "release": "subject", "deployment": "subject", "withdrawal": "subject",
    "evacuation": "subject", "displacement": "subject", "seizure": "target", "operation": "target", "sanction": "target",
    "aid": "recipient", "investigation": "subject", "leadership_change": "subject", "formation": "subject", "clash": "participant",
    "meeting": "participant", "accident": "subject",
}  # fmt: skip
_ACTORS = frozenset(("person", "people", "armed_group", "state_force", "government", "organisation", "geopolitical"))
_PLACES = frozenset(("geopolitical", "location", "facility"))
_LIGHT = frozenset(
    "carried carry carries carrying launched launch launches launching staged stage staging conducted conducting conduct "
    "mounted made make makes making committed perpetrated began begin opened held holding ordered planned led leading waged "
    "executed signed reached agreed unleashed executed attempted plotted undertook imposed delivered provided sent".split()
)
_INTRANSITIVE = frozenset(
    "exploded explode blew died dies went detonated collapsed crashed surrendered defected fled withdrew retreated resigned "
    "protested rallied marched clashed overturned capsized sank drowned perished".split()
)
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_WHERE = frozenset("in at near outside inside around across along on into within behind outside under".split())
_ENDS = frozenset((";", ":", '"', "."))
REACH = 16  # tokens after a trigger in which its prepositional phrases stand
Filler = tuple[int, int, str]  # start, end, entity


def put(happening: Happening, role: Role, entity: str, kind: EntityType, mention: tuple[int, int] | None) -> None:
    """Adds an argument, once for each role, if the ontology permits it."""
    if kind in permitted_roles()[happening.type].get(role, ()):
        known = happening.arguments.get((role, entity))
        happening.arguments[role, entity] = known or mention


def doer_role(type: str) -> Role:
    """The role of whoever carries out an event of a type."""
    return "perpetrator" if type.startswith("attack.") else _DOER.get(type, "agent")


def patient_role(type: str) -> Role:
    """The role of whoever an event of a type is done to."""
    return "victim" if type.startswith("attack.") else _PATIENT.get(type, "target")


class Roles:
    """Reads the arguments of the events of one page."""

    def __init__(self, page: Page, cast: Cast, lexicon: Lexicon) -> None:
        self._page = page
        self._cast = cast
        self._lexicon = lexicon

    def add(self, happenings: list[Happening]) -> None:
        """Adds arguments around every trigger, and around casualty words that stand beside one."""
        for happening in happenings:
            for trigger in happening.triggers:
                self._read(happening, trigger.sentence, trigger.start, trigger.end)
                for token in self._casualty_words(trigger, happenings):
                    self._read(happening, trigger.sentence, token.start, token.end)
        for happening in happenings:
            self._drop_doubles(happening)

    def _casualty_words(self, trigger: Trigger, happenings: list[Happening]) -> Iterator[Token]:
        """Casualty words of a harmful trigger's sentence that are no triggers: "the blast killed Captain Renn"."""
        harmful = [t for h in happenings if h.is_harmful() for t in h.triggers if t.sentence is trigger.sentence]
        if not harmful or trigger is not harmful[0]:
            return
        taken = {t.start for h in happenings for t in h.triggers}
        for token in trigger.sentence.tokens:
            if token.lower in CASUALTY_TRIGGERS and token.start not in taken:
                yield token

    def _drop_doubles(self, happening: Happening) -> None:
        """Harmed persons are victims only; attackers perpetrators only; a larger place follows from a smaller one."""
        arguments = happening.arguments
        for role, entity in list(arguments):
            if (role == "target" and (("victim", entity) in arguments or ("perpetrator", entity) in arguments)) or (
                role == "victim" and ("perpetrator", entity) in arguments
            ):
                del arguments[role, entity]
        places = [key for key in arguments if key[0] == "place"]
        for key in places[1:]:
            del arguments[key]

    # --- one trigger ----------------------------------------------------------------------------------------------

    def _read(self, happening: Happening, sentence: Sentence, start: int, end: int) -> None:
        tokens = sentence.tokens
        at, after = sentence.at(start), sentence.at(end)
        word = tokens[at].lower
        verbal = (is_verb(tokens[at]) or word in TRANSITIVE) and not self._is_noun(sentence, at, after)
        if verbal:
            self._verb(happening, sentence, at, after)
        else:
            self._noun(happening, sentence, at, after)
        self._phrases(happening, sentence, at, after, verbal)

    def _is_noun(self, sentence: Sentence, at: int, after: int) -> bool:
        """Whether a word in -ing or -ed is a noun: "the shelling of", "a killing"."""
        tokens = sentence.tokens
        determined = at > 0 and (tokens[at - 1].lower in DETERMINERS or tokens[at - 1].lower in ("of", "'s"))
        return determined or (tokens[at].lower.endswith("ing") and after < len(tokens) and tokens[after].lower == "of")

    def _verb(self, happening: Happening, sentence: Sentence, at: int, after: int) -> None:
        tokens = sentence.tokens
        attack = happening.type.startswith("attack.")
        doer, patient = doer_role(happening.type), patient_role(happening.type)
        harming = not attack or tokens[at].lower in MEASURES or tokens[at].lower in ("shot", "beaten", "raped")
        following = tokens[after] if after < len(tokens) else None
        auxiliaries = self._auxiliaries(sentence, at)
        participle = tokens[at].lower.endswith("ed") or tokens[at].lower in (
            "shot",
            "taken",
            "hit",
            "struck",
            "held",
            "beaten",
        )
        closed = (
            following is None or not following.is_word or following.lower in PREPOSITIONS or following.lower in ADVERBS
        )
        reduced = participle and not auxiliaries and at > 0 and closed and self._ends_phrase(sentence, at - 1)
        passive = bool(auxiliaries & {"was", "were", "been", "being", "be", "is", "are", "got"}) or (
            reduced and tokens[at].lower not in _INTRANSITIVE
        )
        for subject in self._subjects(sentence, at):
            kind = self._cast.type_of(subject[2])
            if passive and not tokens[at].lower.endswith("ing"):
                role = patient if not attack or (harming and kind in ("person", "people")) else "target"
                put(happening, role, subject[2], kind, subject[:2])
            elif kind == "materiel":
                put(happening, "instrument" if attack else "subject", subject[2], kind, subject[:2])
            elif tokens[at].lower in _INTRANSITIVE and attack:
                if kind in ("person", "people") and tokens[at].lower in ("died", "dies", "drowned", "perished"):
                    put(happening, "victim", subject[2], kind, subject[:2])
            elif kind in _ACTORS:
                put(happening, doer, subject[2], kind, subject[:2])
        if passive or tokens[at].lower in _INTRANSITIVE:
            return
        for thing in self._objects(sentence, after):
            kind = self._cast.type_of(thing[2])
            harmed = harming and kind in ("person", "people")
            instrument = (
                attack
                and kind == "materiel"
                and tokens[at].lower in ("planted", "fired", "launched", "detonated", "parked")
            )
            role = "instrument" if instrument else patient if harmed or not attack else "target"
            put(happening, role, thing[2], kind, thing[:2])

    def _noun(self, happening: Happening, sentence: Sentence, at: int, after: int) -> None:
        """Doers of a noun: a nation or owner before it, or the subject of the light verb that governs it."""
        tokens = sentence.tokens
        first = at
        while (
            first
            and tokens[first - 1].is_word
            and not (
                tokens[first - 1].lower in PREPOSITIONS
                or tokens[first - 1].lower in DETERMINERS
                or is_verb(tokens[first - 1])
            )
        ):
            first -= 1
        for low, high, id in self._cast.within(tokens[first].start, tokens[at].start) if first < at else []:
            kind = self._cast.type_of(id)
            if kind in _ACTORS and kind not in ("person", "people"):
                put(happening, doer_role(happening.type), id, kind, (low, high))
        while first and tokens[first - 1].lower in DETERMINERS:
            first -= 1
        if first and tokens[first - 1].lower in _LIGHT:
            for subject in self._subjects(sentence, first - 1):
                kind = self._cast.type_of(subject[2])
                if kind in _ACTORS and not self._auxiliaries(sentence, first - 1) & {"was", "were", "been"}:
                    put(happening, doer_role(happening.type), subject[2], kind, subject[:2])

    def _phrases(self, happening: Happening, sentence: Sentence, at: int, after: int, verbal: bool) -> None:
        """By, with, against, in, from, to: the prepositional phrases after a trigger, as far as its clause goes."""
        tokens = sentence.tokens
        attack = happening.type.startswith("attack.")
        for i in range(after, min(after + REACH, len(tokens) - 1)):
            word = tokens[i].lower
            if tokens[i].text in _ENDS or word in ("while", "but", "when", "after", "before", "because", "if", "said"):
                break
            if i > after and is_verb(tokens[i]) and word not in BE and tokens[i - 1].text in (",", "and"):
                break
            if i > after and (word in MODAL or word in ("was", "were", "has", "have", "had")):
                break
            if word not in PREPOSITIONS:
                continue
            filler = self._filler(sentence, i + 1)
            if filler is None:
                continue
            kind = self._cast.type_of(filler[2])
            adjacent = i == after
            if word == "by" and kind in _ACTORS and (adjacent or i - after < 8):
                put(happening, doer_role(happening.type), filler[2], kind, filler[:2])
            elif word == "with" and kind == "materiel":
                put(happening, "instrument", filler[2], kind, filler[:2])
            elif word == "with" and happening.type in ("clash", "meeting", "agreement"):
                put(happening, "participant", filler[2], kind, filler[:2])
            elif word == "between" and happening.type in ("clash", "meeting", "agreement"):
                put(happening, "participant", filler[2], kind, filler[:2])
                for other in self._coordinated(sentence, filler[1], bare=False):
                    put(happening, "participant", other[2], self._cast.type_of(other[2]), other[:2])
            elif word in ("on", "against", "of", "at", "targeting") and adjacent and not verbal:
                role: Role = patient_role(happening.type)
                if attack and (kind not in ("person", "people") or word != "of"):
                    role = "target"
                put(happening, role, filler[2], kind, filler[:2])
            elif word == "from" and kind in _PLACES:
                put(happening, "origin", filler[2], kind, filler[:2])
            elif word in ("to", "into", "toward", "towards") and kind in _PLACES:
                put(happening, "destination", filler[2], kind, filler[:2])
            elif word in _WHERE and kind in _PLACES:
                put(happening, "place", filler[2], kind, filler[:2])

    # --- the clause -----------------------------------------------------------------------------------------------

    def _auxiliaries(self, sentence: Sentence, at: int) -> set[str]:
        found = set()
        i = at - 1
        while i >= 0 and sentence.tokens[i].lower in BE | MODAL | ADVERBS:
            found.add(sentence.tokens[i].lower)
            i -= 1
        return found

    def _ends_phrase(self, sentence: Sentence, at: int) -> bool:
        token = sentence.tokens[at]
        return (
            token.is_word and token.lower not in PREPOSITIONS and token.lower not in BE | MODAL and not is_verb(token)
        )

    def _subjects(self, sentence: Sentence, verb: int, depth: int = 0) -> list[Filler]:
        """The subjects of a verb: before its auxiliaries, the antecedent of a relative, or that of the verb before."""
        tokens = sentence.tokens
        i = verb - 1
        while i >= 0 and tokens[i].lower in BE | MODAL | ADVERBS:
            i -= 1
        if i < 0 or depth > 3:
            return []
        if tokens[i].lower in _RELATIVE:
            i -= 1
            i -= i >= 0 and tokens[i].text == ","
        elif tokens[i].lower in ("and", "or", ",", "to", "then") or (tokens[i].lower == "in" and verb - i == 1):
            before = self._verb_before(sentence, i)
            return self._subjects(sentence, before, depth + 1) if before is not None else []
        if i >= 0 and tokens[i].text == ",":
            opening = next((k for k in range(i - 1, max(-1, i - 25), -1) if tokens[k].text == ","), None)
            if opening is None:
                return []
            i = opening - 1
        if i < 0:
            return []
        filler = self._ending(sentence, i)
        if filler is None:
            return []
        found = [filler]
        first = sentence.at(filler[0])
        if first > 1 and tokens[first - 1].lower == "and":
            other = self._ending(sentence, first - 2)
            found += [other] if other is not None else []
        return found

    def _verb_before(self, sentence: Sentence, at: int) -> int | None:
        return next(
            (
                k
                for k in range(at - 1, max(-1, at - 20), -1)
                if is_verb(sentence.tokens[k]) and sentence.tokens[k].lower not in BE
            ),
            None,
        )

    def _ending(self, sentence: Sentence, last: int) -> Filler | None:
        """The filler whose words, prepositional phrases included, end at a token."""
        tokens = sentence.tokens
        if last < 0 or not tokens[last].is_word:
            return None
        for first in range(max(0, last - 14), last + 1):
            if (
                first
                and tokens[first - 1].is_word
                and (
                    tokens[first].lower not in DETERMINERS
                    and not tokens[first].text[:1].isdigit()
                    and tokens[first - 1].lower not in PREPOSITIONS
                    and not is_verb(tokens[first - 1])
                    and tokens[first - 1].lower not in ("and", "that", "while", "when", "after", "but")
                )
            ):
                continue  # inside a phrase
            phrase = self._phrase(sentence, first)
            if phrase is not None and phrase.end == tokens[last].end:
                filler = self._mention(sentence, phrase)
                if filler is not None:
                    return filler
        return None

    def _objects(self, sentence: Sentence, at: int) -> list[Filler]:
        tokens = sentence.tokens
        while (
            at < len(tokens) and tokens[at].lower in ADVERBS | {"at", "least"} and tokens[at].lower not in ("on", "in")
        ):
            at += 1
        first = self._filler(sentence, at)
        return [first, *self._coordinated(sentence, first[1])] if first else []

    def _coordinated(self, sentence: Sentence, end: int, bare: bool = True) -> Iterator[Filler]:
        """What is joined to a phrase by "and" or commas; after an object, only what is no subject of its own."""
        tokens = sentence.tokens
        at = sentence.at(end)
        while at + 1 < len(tokens) and tokens[at].lower in ("and", ",", "or"):
            at += 1
            at += tokens[at].lower == "and"
            found = self._filler(sentence, at) if at < len(tokens) else None
            if found is None:
                return
            at = sentence.at(found[1])
            if bare and at < len(tokens) and (is_verb(tokens[at]) or tokens[at].lower in BE | MODAL):
                return
            yield found

    def _filler(self, sentence: Sentence, at: int) -> Filler | None:
        """The filler that begins at a token."""
        if at >= len(sentence.tokens):
            return None
        phrase = self._phrase(sentence, at)
        return self._mention(sentence, phrase) if phrase is not None else None

    def _phrase(self, sentence: Sentence, at: int) -> Phrase | None:
        return self._cast.phrase(sentence, at)

    def _mention(self, sentence: Sentence, phrase: Phrase) -> Filler | None:
        """The mention that a phrase is: one that is known there, a pronoun's, or a new one if its head has a type."""
        known = self._cast.heading(phrase)
        if known is not None:
            return known
        pronoun = self._cast.resolve(sentence, sentence.at(phrase.start))
        if pronoun is not None:
            return phrase.start, phrase.end, pronoun
        lower = phrase.text.lower()
        kind = self._lexicon.kind(phrase.head)
        if kind is None and phrase.head in ATTACKERS:
            kind = "people"
        if kind is None:
            return None
        definite = lower.startswith(("the ", "its ", "their ", "his ", "her ", "that ", "this "))
        return phrase.start, phrase.end, self._cast.nominal(phrase.start, phrase.end, kind, phrase.head, definite)


def put_victims(happening: Happening, figure: Figure, entity: str, kind: EntityType, mention: tuple[int, int]) -> None:
    """Makes a counted group an argument of the event that carries its figure."""
    attack = happening.type.startswith("attack.")
    if figure.measure in ("killed", "injured", "casualties", "missing", "abducted", "held"):
        if happening.is_harmful():
            put(happening, "perpetrator" if figure.is_attackers and attack else "victim", entity, kind, mention)
    elif figure.measure == "participants":
        if attack:
            put(happening, "perpetrator", entity, kind, mention)
        else:
            put(happening, doer_role(happening.type), entity, kind, mention)
    elif figure.measure == "objects":
        role: Role = "target" if attack else "subject" if happening.type == "aid" else patient_role(happening.type)
        put(happening, role, entity, kind, mention)
    else:
        put(happening, "subject", entity, kind, mention)
