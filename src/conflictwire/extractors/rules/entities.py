"""Entities: names with their types, the nominals and pronouns that other layers ask for, and who is who.

`find_names` reads names off the page; `Cast` holds the entities of one article while the layers are
built. Knows nothing of events, claims or statements.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from conflictwire.casualties.vocabulary import CALENDAR, HEADS, NUMBERED
from conflictwire.extractors.rules.lexicon import (
    COUNTRIES,
    NAME_STARTS,
    NAME_TAILS,
    TITLES,
    Lexicon,
)
from conflictwire.model import Entity, EntityType, Mention, Span
from conflictwire.reading import (
    ADVERBS,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION,
    MODAL,
    PREPOSITIONS,
    PRONOUNS,
    Page,
    Phrase,
    Sentence,
    Token,
    is_verb,
    noun_phrase,
)

LONGEST = 300  # code points; no mention is longer
Kind = tuple[EntityType, str | None]

_PARTICLES = frozenset("al el bin ben ibn de la van von der du da di".split())
_NEVER_NAMES = (
    DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | MODAL | ADVERBS | CALENDAR
    | frozenset("am pm islam islamic islamist islamists muslim muslims christian christians english arabic god allah "
                "image photo file map location war terrorism utc gmt mr mrs ms".split())
)  # fmt: skip
_COMPOUNDS = frozenset(
    "based led claimed run backed mediated controlled held born released owned made style era linked".split()
)
# "SOUMRA, March 3 (Halden Wire) --" and "SOUMRA (Halden Wire) --".
_DATELINE = re.compile(r"[A-Z][A-Z .'-]+[A-Z](?:,[^.\n]{0,40})?(?:\([^()\n]{0,40}\)|\s)\s*-")
_DEMONYM = re.compile(r"(?:ian|ani|ese|ish|ean)\Z")
_DESCRIBED = frozenset(("people", "person", "state_force", "government", "armed_group", "organisation"))
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\Z")
_BODIES = ("armed_group", "state_force", "government", "geopolitical", "facility", "organisation")
_ALONE = frozenset("army police military navy government parliament cabinet authorities".split())
_FIRST_PERSON = frozenset("i my me we our us".split())
_GROUPS = ("armed_group", "state_force", "government", "organisation", "people", "geopolitical")
_PRONOUN_TYPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("he", "she", "his", "him", "her"), ("person",)),
    **dict.fromkeys(("they", "their", "them"), ("people", "armed_group")),
    **dict.fromkeys(("it", "its"), ("armed_group", "organisation", "government", "state_force", "geopolitical")),
}
_COMPOUND_NOUNS = frozenset("province district region city town village state hospital hotel airport prison mosque barracks school station agency "
                            "newspaper brigade group militia party university camp".split())  # fmt: skip
# Prepositions whose phrase belongs to a noun of a type, "of" apart.
_TAILS: dict[str, tuple[str, ...]] = {
    "facility": ("in", "at", "behind", "near"),
    "location": ("in", "near"),
    "organisation": ("in", "at"),
    "materiel": ("in",),
    "people": ("from",),
    "person": ("for", "from", "at"),
}
_COMPASS = frozenset("southern northern eastern western central".split())
_LOCATIVE = frozenset("in at near from to around outside inside across toward towards into".split())


@dataclass(frozen=True)
class Name:
    """A printed name and what it names."""

    start: int
    end: int
    text: str
    kind: Kind
    sure: bool = True  # the type is from a list, the name's own words or a telling neighbour, not a guess


def find_names(page: Page, lexicon: Lexicon) -> list[Name]:
    """The names of a text, left to right, none inside another."""
    inside = _mid_sentence_capitals(page)
    listed = _listed_names(page, lexicon)
    first = [name for sentence in page.sentences for name in _names_of(page, sentence, lexicon, inside, listed)]
    # Second look: a name that is part of a longer one of the article is of its type.
    persons = {w for n in first if n.kind[0] == "person" and " " in n.text for w in (n.text.split()[-1],)}
    bodies = {n.text.split()[-1]: n.kind for n in first if n.kind[0] != "person" and " " in n.text}
    sure = {n.text: n.kind for n in reversed(first) if n.sure}
    names = []
    for name in first:
        kind = name.kind if name.sure else sure.get(name.text, name.kind)
        if " " not in name.text and name.text not in lexicon.names:
            if name.text in persons:
                kind = ("person", None)
            elif name.text in bodies and not (name.sure and name.kind[0] == "geopolitical"):
                kind = bodies[name.text]
        names.append(Name(name.start, name.end, name.text, kind))
    return names


def _listed_names(page: Page, lexicon: Lexicon) -> dict[int, Name]:
    """Names of several words that a list knows, by where they begin; the longest at each place."""
    found: dict[int, Name] = {}
    for words, kind in lexicon.names.items():
        if " " not in words:
            continue
        plain = words.replace("’", "'")
        at = page.folded.find(plain)
        while at >= 0:
            end = at + len(plain)
            known = found.get(at)
            if (
                not page.folded[end : end + 1].isalnum()
                and not page.folded[at - 1 : at].isalnum()
                and (known is None or known.end < end)
            ):
                found[at] = Name(at, end, page.text[at:end], kind)
            at = page.folded.find(plain, end)
    return found


def _mid_sentence_capitals(page: Page) -> set[str]:
    """Words that are printed with a capital elsewhere than at the beginning of a sentence or quotation."""
    return {
        token.text
        for sentence in page.sentences
        for before, token in zip(sentence.tokens, sentence.tokens[1:], strict=False)
        if token.is_capital and before.is_word
    }


def _names_of(
    page: Page, sentence: Sentence, lexicon: Lexicon, inside: set[str], listed: dict[int, Name]
) -> Iterator[Name]:
    tokens = sentence.tokens
    at = 0
    while at < len(tokens):
        name = listed.get(tokens[at].start)
        if name is not None:
            yield name
            at = max(at + 1, sentence.at(name.end))
            continue
        part = _known_part(page, tokens[at], lexicon)
        if part is not None:
            yield part
            at += 1
            continue
        end = _run(tokens, at)
        end = next((i for i in range(at + 1, end) if tokens[i].start in listed), end)
        if end == at:
            at += 1
            continue
        yield from _parts(page, sentence, at, end, lexicon, inside)
        at = end


def _known_part(page: Page, token: Token, lexicon: Lexicon) -> Name | None:
    """The name in "Ordanian-led" or "RHB-claimed", if a list knows it."""
    first, hyphen, last = token.text.rpartition("-")
    kind = lexicon.names.get(first) if hyphen and last in _COMPOUNDS else None
    return (
        Name(token.start, token.start + len(first), page.text[token.start : token.start + len(first)], kind)
        if kind
        else None
    )


def _names_word(token: Token) -> bool:
    if not token.is_word or token.lower in _NEVER_NAMES:
        return False
    if "-" in token.text and token.text.rsplit("-", 1)[1].islower() and token.text.rsplit("-", 1)[1] in _COMPOUNDS:
        return False
    return (
        token.is_capital
        or (token.text.startswith("al-") and token.text[3:4].isupper())
        or bool(_ORDINAL.match(token.text))
    )


def _run(tokens: tuple[Token, ...], at: int) -> int:
    """End of the run of name words that begins at a token; `at` itself if none begins there."""
    if not _names_word(tokens[at]):
        return at
    end = at + 1
    while end < len(tokens):
        here, after = tokens[end], tokens[end + 1] if end + 1 < len(tokens) else None
        if _names_word(here):
            end += 1
        elif here.text == "'s":
            break
        elif (
            after
            and _names_word(after)
            and (
                (here.lower in _PARTICLES and here.text[0].islower())
                or (here.lower == "of" and _heads_institution(tokens[end - 1]))
                or (here.text == "'" and _heads_institution(after))
                or (here.text == "." and (tokens[end - 1].lower in TITLES or len(tokens[end - 1].text) == 1))
            )
        ):
            end += 2
        elif here.text.isdigit() and tokens[end - 1].lower in NUMBERED:
            return end + 1
        else:
            break
    return end if not (_ORDINAL.match(tokens[at].text) and end == at + 1) else at


def _heads_institution(token: Token) -> bool:
    word = token.lower
    return (
        word in NAME_TAILS or word in NAME_STARTS or word in ("state", "bank", "house", "union", "republic", "church")
    )


def _parts(page: Page, sentence: Sentence, at: int, end: int, lexicon: Lexicon, inside: set[str]) -> Iterator[Name]:
    """The names in a run of capitals: titles dropped, a leading nationality apart, a person after a title."""
    tokens = sentence.tokens

    def name(low: int, high: int, kind: Kind) -> Name:
        return Name(tokens[low].start, tokens[high - 1].end, page.text[tokens[low].start : tokens[high - 1].end], kind)

    whole = page.text[tokens[at].start : tokens[end - 1].end]
    known = _known(whole, lexicon)
    if known:
        yield name(at, end, known)
        return
    last = tokens[end - 1].lower
    institution = last in NAME_TAILS or tokens[at].lower in NAME_STARTS or any(t.lower == "of" for t in tokens[at:end])
    title = max((i for i in range(at, end) if tokens[i].lower in TITLES or tokens[i].text == "."), default=None)
    if title is not None and not institution:
        yield from (name(i, i + 1, k) for i in range(at, title) for k in [_known(tokens[i].text, lexicon)] if k)
        if title + 1 < end:
            yield name(
                title + 1,
                end,
                _known(page.text[tokens[title + 1].start : tokens[end - 1].end], lexicon) or ("person", None),
            )
        return
    if end - at > 1 and not institution:
        lead = _known(tokens[at].text, lexicon)
        if lead and lead[0] == "geopolitical" and not _known(whole, lexicon):
            yield name(at, at + 1, lead)
            yield from _parts(page, sentence, at + 1, end, lexicon, inside)
            return
    starts_sentence = at == 0 or (not tokens[at - 1].is_word and tokens[at - 1].text not in (",", "(", "'s"))
    if end - at == 1 and starts_sentence and not (whole in inside or (whole.isupper() and len(whole) > 1)):
        return
    kind = _kind(sentence, at, end)
    closing = end < len(tokens) and at > 0 and tokens[at - 1].text in ("(", ",") and tokens[end].text in (")", ",")
    if closing and page.is_outlet(tokens[at].start):
        kind = ("organisation", "media")
    if kind is not None:
        yield name(at, end, kind)
        return
    guess = _guess(sentence, at, end)
    if guess is not None:
        yield Name(tokens[at].start, tokens[end - 1].end, whole, guess, sure=False)


def _known(words: str, lexicon: Lexicon) -> Kind | None:
    found = lexicon.names.get(words) or lexicon.names.get(words.replace("’", "'"))
    if found is None and words.isupper() and len(words) > 4:
        found = lexicon.names.get(words.title())
    if found is None and " " not in words:
        found = next((lexicon.names[s] for s in _nations(words) if s in lexicon.names), None)
        found = found if found and found[0] == "geopolitical" else None
    return found


def _nations(adjective: str) -> Iterator[str]:
    """Names of which a word may be the adjective: "Ordanian" of "Ordania", "Yedrini" of "Yedrin"."""
    for ending in ("n", "an", "ian", "i", "is", "ns", "ans", "ians", "ese"):
        if adjective.endswith(ending):
            stem = adjective[: -len(ending)]
            if len(stem) > 2:
                yield stem
                yield stem + "a"
    if adjective in COUNTRIES:
        yield COUNTRIES[adjective]


def _kind(sentence: Sentence, at: int, end: int) -> Kind | None:
    """The type of a name that no list knows, from its own words and its neighbours."""
    tokens = sentence.tokens
    before = tokens[at - 1] if at else None
    after = tokens[end] if end < len(tokens) else None
    last = tokens[end - 1].lower
    first = tokens[at].lower
    if at == 0 and _DATELINE.match(sentence.folded, sentence.start, sentence.end):
        return ("geopolitical", "city")
    if (
        end - at == 1
        and after is not None
        and _DEMONYM.search(tokens[at].text)
        and HEADS.get(after.lower) in _DESCRIBED
    ):
        return ("geopolitical", "country")
    if last in NAME_TAILS:
        kind = NAME_TAILS[last]
        if last == "brigade" and _ORDINAL.match(tokens[at].text):
            return ("state_force", None)
        return kind
    if first in NAME_STARTS:
        return NAME_STARTS[first]
    if after is not None and after.lower in ("province", "district", "region", "valley"):
        return ("geopolitical", "region")
    if (
        before is not None
        and before.lower == "of"
        and at > 1
        and tokens[at - 2].lower in ("city", "town", "village", "port")
    ):
        return ("geopolitical", "city")
    if before is not None and (before.lower in _LOCATIVE or before.lower in _COMPASS) and end - at == 1:
        return ("geopolitical", "city")
    return None


def _guess(sentence: Sentence, at: int, end: int) -> Kind | None:
    """The likeliest type of a name whose words and neighbours say nothing; None where it is likely no name."""
    tokens = sentence.tokens
    before = tokens[at - 1] if at else None
    after = tokens[end] if end < len(tokens) else None
    if tokens[at].lower == "operation":
        return None  # named operations are no entities
    if end - at > 1:
        if before is not None and before.lower in ("the", "militant", "group"):
            return ("organisation", "other")
        return ("person", None)
    text = tokens[at].text
    if any(c.isdigit() for c in text):
        return None
    if after is not None and HEADS.get(after.lower) == "materiel":
        return None
    if text.isupper() and len(text) > 1:
        return ("organisation", "other")
    if before is not None and before.lower == "the":
        return ("organisation", "other") if after is None or not after.is_word or is_verb(after) else None
    if after is not None and (is_verb(after) or after.text in (",", "'s", ".")):
        return ("person", None)
    if before is not None and before.is_word and before.text[0].islower() and before.lower in TITLES:
        return ("person", None)
    return ("geopolitical", None) if before is not None and before.lower == "of" else ("person", None)


@dataclass
class _Draft:
    id: str
    type: EntityType
    subtype: str | None
    name: str
    aliases: list[str] = field(default_factory=list)
    mentions: dict[tuple[int, int], str] = field(default_factory=dict)


class Cast:
    """The entities of one article while they are gathered: at most one entity a span."""

    def __init__(self, page: Page, lexicon: Lexicon) -> None:
        self._page = page
        self._lexicon = lexicon
        self._drafts: dict[str, _Draft] = {}
        self._at: dict[tuple[int, int], str] = {}
        self._sorted: list[tuple[int, int, str]] = []  # what `_at` holds, by offset
        self._names: dict[int, int] = {}  # where names begin and end
        self._speakers: list[tuple[int, int, str]] = []

    def add_names(self, names: list[Name]) -> None:
        """Takes the names in: the same name, a surname, a short form or a bracketed acronym is the same entity."""
        known: dict[str, str] = {}
        previous: Name | None = None
        for name in names:
            id = next((known[key] for key in _keys(name) if key in known), None)
            if previous is not None and self._page.folded[previous.end : name.start] == " (" and name.text.isupper():
                id = self._at.get((previous.start, previous.end), id)
            if id is None:
                id = self._new(name.kind[0], name.kind[1], name.text)
            draft = self._drafts[id]
            self._put(draft, name.start, name.end, "name")
            self._names[name.start] = name.end
            if len(name.text) > len(draft.name) and not name.text.isupper():
                draft.name, old = name.text, draft.name
                _alias(draft, old)
            elif name.text != draft.name:
                _alias(draft, name.text)
            for key in (*_keys(name), *_short_forms(name)):
                known.setdefault(key, id)
            previous = name

    def nominal(self, start: int, end: int, type: EntityType, head: str, definite: bool = False) -> str:
        """The entity of a noun phrase: the one already at that span, the antecedent of a definite, or a new one."""
        if (start, end) in self._at:
            return self._at[start, end]
        id = self._antecedent(start, type, head) if definite else None
        if id is None:
            id = self._new(type, None, self._page.text[start:end])
        self._put(self._drafts[id], start, end, "nominal")
        return id

    def pronoun(self, start: int, end: int, id: str) -> None:
        """Makes a pronoun a mention of an entity, unless the span is taken."""
        if (start, end) not in self._at:
            self._put(self._drafts[id], start, end, "pronoun")

    def appositive(self, start: int, end: int, id: str) -> None:
        """Makes a noun phrase a mention of an entity, unless the span is taken."""
        if (start, end) not in self._at:
            self._put(self._drafts[id], start, end, "nominal")

    def add_bodies(self, lexicon: Lexicon) -> None:
        """Takes in nominals of bodies that stand by themselves ("the army") or refer back to a name ("the city")."""
        for sentence in self._page.sentences:
            tokens = sentence.tokens
            for i, token in enumerate(tokens):
                kind = lexicon.heads.get(token.lower)
                if kind not in _BODIES or (token.start, token.end) in self._at or (token.is_capital and i):
                    continue
                following = tokens[i + 1] if i + 1 < len(tokens) else None
                if (
                    following is not None
                    and following.is_word
                    and not (is_verb(following) or following.lower in FUNCTION)
                ):
                    continue
                first = i
                while first and i - first < 4 and tokens[first - 1].is_word and tokens[first].lower not in DETERMINERS:
                    if tokens[first - 1].lower in PREPOSITIONS | CONJUNCTIONS | PRONOUNS - DETERMINERS or is_verb(
                        tokens[first - 1]
                    ):
                        break
                    first -= 1
                start, definite = tokens[first].start, tokens[first].lower == "the"
                if any(low <= start and token.end <= high for low, high in self._overlapping(start, token.end)):
                    continue
                referent = self._antecedent(start, kind, token.lower) if definite else None
                alone = token.lower in _ALONE and (definite or first == i)
                if referent is not None or alone:
                    self.nominal(start, token.end, kind, token.lower, definite or alone)

    def add_compounds(self, lexicon: Lexicon) -> None:
        """Takes in "Nangarhar province", "the Soroka hospital": a name with its own noun is one entity with the name."""
        for (start, end), id in list(self._at.items()):
            draft = self._drafts[id]
            if draft.mentions[start, end] != "name":
                continue
            sentence = self._page.sentence_at(start)
            first, after = sentence.at(start), sentence.at(end - 1) + 1
            tokens = sentence.tokens
            if after >= len(tokens) or lexicon.heads.get(tokens[after].lower) != draft.type or tokens[after].is_capital:
                continue
            if tokens[after].lower not in _COMPOUND_NOUNS:
                continue
            begin = tokens[first - 1].start if first and tokens[first - 1].lower == "the" else start
            if (begin, tokens[after].end) not in self._at:
                self._put(draft, begin, tokens[after].end, "nominal")

    def add_definites(self, lexicon: Lexicon) -> None:
        """Takes in "the driver", "the van" where such a one is an entity already, named by the same head before."""
        for sentence in self._page.sentences:
            for i, token in enumerate(sentence.tokens):
                if token.lower not in ("the", "this", "that"):
                    continue
                phrase = self.phrase(sentence, i, tails=False)
                kind = lexicon.kind(phrase.head) if phrase is not None else None
                if phrase is None or kind is None or self.heading(phrase) is not None:
                    continue
                crossed = self._overlapping(phrase.start, phrase.end)
                known = self._antecedent(phrase.start, kind, phrase.head)
                if known is not None and not any(
                    not (phrase.start <= low and high < phrase.end) for low, high in crossed
                ):
                    self._put(self._drafts[known], phrase.start, phrase.end, "nominal")

    def phrase(self, sentence: Sentence, at: int, tails: bool = True) -> Phrase | None:
        """The noun phrase or pronoun that begins at a token; names in it are whole.

        Args:
            sentence: where it stands.
            at: index of its first token.
            tails: whether prepositional phrases that belong to a noun of its kind are taken in.
        """
        token = sentence.tokens[at]
        if token.lower in _PRONOUN_TYPES or token.lower in _FIRST_PERSON:
            return Phrase(token.start, token.end, token.lower, token.text)
        nouns = self._lexicon.nouns
        found = noun_phrase(sentence, at, nouns, names=self._names)
        while found is not None and tails:
            after = sentence.at(found.end - 1) + 1
            kind = self._lexicon.kind(found.head)
            wanted = ("of", *_TAILS.get(kind or "", ()))
            if after + 1 >= len(sentence.tokens) or sentence.tokens[after].lower not in wanted:
                break
            inner = noun_phrase(sentence, after + 1, nouns, ("of",), names=self._names)
            if (
                inner is None
                or sentence.tokens[after + 1].lower in CALENDAR
                or sentence.tokens[after + 1].text.isdigit()
            ):
                break
            found = Phrase(found.start, inner.end, found.head, self._page.folded[found.start : inner.end])
        return found

    def heading(self, phrase: Phrase) -> tuple[int, int, str] | None:
        """The mention that a phrase is or ends in: the name of "the Red Heron Brigade", "14 people" of "the 14 people"."""
        inside = self.within(phrase.start, phrase.end)
        whole = next((m for m in inside if m[:2] == (phrase.start, phrase.end)), None)
        if whole is not None:
            return whole
        head = re.search(rf"{re.escape(phrase.head)}(?!\w)", phrase.text.lower())
        ends = {phrase.end, phrase.start + head.end()} if head else {phrase.end}
        if any(w in phrase.text.lower().split() for w in ("of", "in", "at", "for")):
            ends.discard(phrase.end)
        return next((m for m in inside if m[1] in ends), None)

    def add_appositives(self, lexicon: Lexicon) -> None:
        """Takes in "Mira Dask, a spokeswoman for the ministry," and "the mayor, Pell Oram," as one person each."""
        for (start, end), id in list(self._at.items()):
            draft = self._drafts[id]
            if draft.type != "person" or draft.mentions[start, end] != "name":
                continue
            sentence = self._page.sentence_at(start)
            at = sentence.at(end - 1) + 1
            if at + 1 < len(sentence.tokens) and sentence.tokens[at].text == ",":
                phrase = noun_phrase(sentence, at + 1, lexicon.nouns, ("of", "for", "at", "in"))
                described = sentence.tokens[at + 1].lower in ("a", "an", "the")
                if phrase is not None and (described or lexicon.heads.get(phrase.head) == "person"):
                    self.appositive(phrase.start, phrase.end, id)
            first = sentence.at(start)
            if first > 1 and sentence.tokens[first - 1].text == ",":
                for begin in range(first - 2, max(-1, first - 12), -1):
                    if sentence.tokens[begin].lower in ("the", "its", "his", "her"):
                        phrase = noun_phrase(sentence, begin, lexicon.nouns, ("of", "for", "at", "in"))
                        if (
                            phrase is not None
                            and phrase.end == sentence.tokens[first - 2].end
                            and lexicon.heads.get(phrase.head) == "person"
                        ):
                            self.appositive(phrase.start, phrase.end, id)

    def quote(self, speakers: list[tuple[int, int, str]]) -> None:
        """Tells who speaks in which stretch of quoted words, as `(start, end, entity)`."""
        self._speakers = speakers

    def add_pronouns(self) -> None:
        """Resolves all pronouns that can be."""
        for sentence in self._page.sentences:
            for i in range(len(sentence.tokens)):
                self.resolve(sentence, i)

    def resolve(self, sentence: Sentence, i: int) -> str | None:
        """The entity of a pronoun: the speaker inside a quotation, else the last that fits in two sentences."""
        token = sentence.tokens[i]
        word = token.lower
        if word not in _PRONOUN_TYPES and word not in _FIRST_PERSON:
            return None
        known = self._at.get((token.start, token.end))
        if known is not None:
            return known
        found: str | None = None
        if word in _FIRST_PERSON:
            own = next((id for low, high, id in self._speakers if low <= token.start < high), None)
            wanted = ("person",) if word in ("i", "my", "me") else _GROUPS
            if own is not None and word not in ("i", "my", "me"):
                own = self.spoken_for(token.start, own)
            if own is not None and self._drafts[own].type in wanted and (word != "i" or token.text == "I"):
                found = own
        elif word != "it" or _refers(sentence, i):
            since = self._page.sentences[max(0, sentence.index - 1)].start
            found = self.last(token.start, _PRONOUN_TYPES[word], since)
        if found is not None:
            self.pronoun(token.start, token.end, found)
        return found

    def spoken_for(self, start: int, entity: str) -> str:
        """The body that a spokesperson speaks for, if one is mentioned before; else the speaker."""
        draft = self._drafts[entity]
        words = " ".join(
            self._page.folded[max(0, a - 30) : b] for (a, b), kind in draft.mentions.items() if kind != "pronoun"
        )
        sentence = self._page.sentence_at(start)
        if draft.type != "person" or "spokes" not in words + self._page.folded[start : sentence.end].lower():
            return entity
        since = self._page.sentences[max(0, sentence.index - 1)].start
        return self.last(start, ("armed_group", "state_force", "government", "organisation"), since) or entity

    def at(self, start: int, end: int) -> str | None:
        """The entity that has a mention at exactly this span."""
        return self._at.get((start, end))

    def within(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Mentions inside a stretch: `(start, end, entity)`, left to right, longer ones first."""
        low, high = bisect_left(self._sorted, (start,)), bisect_left(self._sorted, (end,))
        return sorted((m for m in self._sorted[low:high] if m[1] <= end), key=lambda m: (m[0], -m[1]))

    def type_of(self, id: str) -> EntityType:
        """The type of an entity."""
        return self._drafts[id].type

    def subtype_of(self, id: str) -> str | None:
        """The subtype of an entity."""
        return self._drafts[id].subtype

    def name_of(self, id: str) -> str:
        """The fullest name of an entity, or the words of its first mention."""
        return self._drafts[id].name

    def mentions_of(self, id: str) -> list[tuple[int, int]]:
        """The spans of an entity's mentions, left to right."""
        return sorted(self._drafts[id].mentions)

    def is_named(self, id: str) -> bool:
        """Whether a name of the entity is printed."""
        return "name" in self._drafts[id].mentions.values()

    def last(self, before: int, types: tuple[str, ...], since: int = 0) -> str | None:
        """The entity of one of these types that is mentioned last before an offset and not before another."""
        for start, end, id in self._backwards(before):
            if start < since:
                return None
            if end <= before and self._drafts[id].type in types:
                return id
        return None

    def _backwards(self, before: int) -> Iterator[tuple[int, int, str]]:
        """Mentions that begin before an offset, the last first."""
        at = bisect_left(self._sorted, (before,))
        while at:
            at -= 1
            yield self._sorted[at]

    def _overlapping(self, start: int, end: int) -> list[tuple[int, int]]:
        """Spans of mentions that overlap a stretch, of those that begin in it or up to `LONGEST` before."""
        low, high = bisect_left(self._sorted, (start - LONGEST,)), bisect_left(self._sorted, (end,))
        return [(s, e) for s, e, _ in self._sorted[low:high] if e > start]

    def records(self) -> list[Entity]:
        """The entities as records, in the order of their first mentions."""
        text = self._page.text
        made = []
        for draft in self._drafts.values():
            mentions = [
                Mention(Span(s, e, text[s:e]), kind)  # type: ignore[arg-type]
                for (s, e), kind in sorted(draft.mentions.items())
            ]
            made.append(
                Entity(
                    id=draft.id,
                    type=draft.type,
                    subtype=draft.subtype,  # type: ignore[arg-type]
                    name=draft.name,
                    aliases=draft.aliases,
                    mentions=mentions,
                )
            )
        return sorted(made, key=lambda e: (e.mentions[0].span.start, e.mentions[0].span.end))

    def _new(self, type: EntityType, subtype: str | None, name: str) -> str:
        id = f"e{len(self._drafts) + 1}"
        self._drafts[id] = _Draft(id, type, subtype, name)
        return id

    def _put(self, draft: _Draft, start: int, end: int, kind: str) -> None:
        draft.mentions[start, end] = kind
        insort(self._sorted, (start, end, draft.id))
        self._at[start, end] = draft.id

    def _title(self, start: int) -> str:
        """The word before a name, in lower case: "judge" of "Judge Mirel Cassow"."""
        return self._page.folded[max(0, start - 20) : start].rstrip(" .").rpartition(" ")[2].lower()

    def _antecedent(self, start: int, type: EntityType, head: str) -> str | None:
        """The last entity before an offset that "the <head>" may refer to: of its type, and printed with its head."""
        for low, high, id in self._backwards(start):
            draft = self._drafts[id]
            if high > start or draft.type != type:
                continue
            named = draft.mentions[low, high] == "name"
            titled = named and type == "person" and self._title(low) == head
            if (
                titled
                or (named and draft.subtype in _NAMED_BY.get(head, ()))
                or self._page.folded[low:high].lower().split()[-1:] == [head]
            ):
                return id
        return None


# Nouns by which a named entity may be taken up again, and the subtypes that they fit.
_NAMED_BY: dict[str, tuple[str | None, ...]] = {
    "group": (None,), "organisation": ("ngo", "intergovernmental", "other", "think_tank"), "charity": ("ngo",), "agency": ("media", "ngo"),
    "company": ("company",), "firm": ("company",), "newspaper": ("media",), "broadcaster": ("media",), "party": ("party",),
    "city": ("city",), "town": ("city",), "village": ("city",), "province": ("region",), "region": ("region",), "district": ("region",),
    "country": ("country",), "nation": ("country",),
}  # fmt: skip


def _refers(sentence: Sentence, i: int) -> bool:
    """Whether "it" refers to something: not in "it rained", "it was the worst", "it is likely that"."""
    after = [t.lower for t in sentence.tokens[i + 1 : i + 4]]
    if not after or after[0] in ("took", "takes", "rained", "seems", "appears", "emerged", "became"):
        return False
    if after[0] in ("is", "was", "'s"):
        return len(after) > 1 and after[1].endswith("ed") and "that" not in after
    return True


def _alias(draft: _Draft, name: str) -> None:
    if name not in draft.aliases and name != draft.name and not (name.isupper() and name.title() == draft.name):
        draft.aliases.append(name)


def _keys(name: Name) -> Iterator[str]:
    """What identifies a printed name inside an article."""
    text = name.text.replace("’", "'")
    plain = text.title() if text.isupper() and len(text) > 4 else text
    yield plain
    if name.kind[0] == "geopolitical":
        yield from _nations(plain)


def _short_forms(name: Name) -> Iterator[str]:
    """Shorter names by which an article may take this one up again."""
    words = name.text.split()
    if len(words) > 1:
        if (
            name.kind[0] == "person"
            or name.kind[0] in ("armed_group", "state_force")
            or name.kind[1] in ("think_tank", "ngo")
        ):
            yield words[-1]
        initials = "".join(w[0] for w in words if w[0].isupper())
        if len(initials) > 2:
            yield initials
