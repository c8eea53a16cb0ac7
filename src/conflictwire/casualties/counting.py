"""What a figure counts: its noun, its unit, and the word nearby that says its measure.

A figure is read inside its clause: the casualty verb whose subject or object it is, or the noun that
announces it; where noun or verb is elided, the figure before lends its own (guidelines 3). Knows nothing
of events or of who says a figure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from conflictwire import numerals
from conflictwire.casualties.expressions import UNIT, Printed
from conflictwire.casualties.vocabulary import (
    ANNOUNCING,
    ATTACKERS,
    BODIES,
    CALENDAR,
    COUNTED_MEASURE,
    EVENT_NOUNS,
    FORCES,
    GOODS,
    INHABITANTS,
    MEASURES,
    MEMBERS,
    MILITANTS,
    NOMINALISED,
    REPORTING,
    SENDING,
    SENT,
    STATUS,
    SUBJECT,
    TAKING_PART,
    TRANSITIVE,
    WATCHING,
)
from conflictwire.model import Approximation, Bound, EntityType, Form, Measure, Span
from conflictwire.reading import (
    ADVERBS,
    BE,
    DETERMINERS,
    FUNCTION,
    MODAL,
    PREPOSITIONS,
    Page,
    Phrase,
    Sentence,
    Token,
    is_verb,
    noun_phrase,
)

CountedRole = Literal["victim", "perpetrator", "member", "bystander", "unspecified"]
CountedStatus = Literal["civilian", "security_force", "militant", "mixed", "unknown"]

HARMED: frozenset[Measure] = frozenset(("killed", "injured", "casualties", "missing", "abducted", "held", "detained", "displaced", "released",
                                        "surrendered"))  # fmt: skip
REACH = 14  # tokens within which a figure and the word that says its measure stand
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY",
             "yuan": "CNY", "rouble": "RUB", "ruble": "RUB", "shekel": "ILS", "riyal": "SAR", "dirham": "AED", "rand": "ZAR",
             "naira": "NGN", "franc": "CHF", "shilling": "KES", "lira": "TRY", "dinar": "IQD", "rupee": "INR"}  # fmt: skip
_UCUM: dict[str, tuple[Measure, str]] = {
    "km2": ("area", "km2"), "square kilomet": ("area", "km2"), "square mile": ("area", "[smi_us]"), "hectare": ("area", "har"),
    "acre": ("area", "[acr_us]"), "km": ("distance", "km"), "kilomet": ("distance", "km"), "mi": ("distance", "[mi_i]"),
    "met": ("distance", "m"), "feet": ("distance", "[ft_i]"), "foot": ("distance", "[ft_i]"), "yard": ("distance", "[yd_i]"),
    "kg": ("other", "kg"), "kilo": ("other", "kg"), "pound": ("other", "[lb_av]"), "ton": ("other", "t"), "lit": ("other", "L"),
    "second": ("duration", "s"), "minute": ("duration", "min"), "hour": ("duration", "h"), "day": ("duration", "d"),
    "night": ("duration", "d"), "week": ("duration", "wk"), "month": ("duration", "mo"), "year": ("duration", "a"),
    "decade": ("duration", "10.a"),
}  # fmt: skip
# "minutes" must not be read as miles.
_PREFIXES = sorted(_UCUM, key=len, reverse=True)
_PERIODS = frozenset("day week month year night morning evening afternoon weekend hour".split())
_SKIPPED = frozenset("of the these those her his its their our my other more additional".split())
_PLAIN = frozenset("dead wounded injured missing hurt".split())
_CONTAINED = re.compile(
    r"(?:\bincluding|\bincluded|\bincludes|\bbut for|\bexcept for|\bapart from|\bamong (?:them|whom|those killed|the (?:dead|victims|wounded|injured))(?: were| was)?|"
    r"\bof (?:whom|which|them))(?: at least)?(?: those of)?[\s,]*(?:the bodies of )?\Z",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|,? and|,? or|,? as well as|,? plus|,? along with)\s*(?:and )?\Z", re.IGNORECASE)
_HOSPITAL = frozenset("hospital hospitals clinic clinics".split())
_MOVED = frozenset("taken rushed admitted brought transferred evacuated".split())
_HARMING: dict[str, Measure] = {
    "killing": "killed", "killed": "killed", "injuring": "injured", "injured": "injured", "wounding": "injured", "wounded": "injured",
    "held": "held", "holding": "held",
}  # fmt: skip
# What may stand between a verb and its counted object: "killed, along with Captain Renn, two guards".
_PASSED = frozenset("of along with including like".split())
_RISING = frozenset("rose risen rise rising climbed raised stood stands stand reached reaches passed put bringing brought exceeded at exceeds topped "
                    "jumped grew taking took".split())  # fmt: skip
Governor = tuple[Measure, Token]


@dataclass
class Figure:
    """A numeric claim of a text: the figure as printed and what it counts. Offsets are code points, half-open."""

    start: int
    end: int
    parsed: numerals.Expression
    sentence: Sentence = field(repr=False)
    noun: Phrase | None = None
    measure: Measure = "other"
    measure_token: Token | None = field(default=None, repr=False)
    unit: str = "person"
    whole: "Figure | None" = field(default=None, repr=False)  # the figure that contains this one
    borrowed: bool = False  # noun and measure are elided here, and taken from the figure before
    governed_after: bool = field(default=False, repr=False)
    weak: bool = field(default=False, repr=False)

    @property
    def form(self) -> Form:
        """Numeral, range, vague, fraction, implicit or zero."""
        return self.parsed.form

    @property
    def bound(self) -> Bound:
        """The bound that the words of the figure print."""
        return self.parsed.bound

    @property
    def approximation(self) -> Approximation:
        """The approximation that the words of the figure print."""
        return self.parsed.approximation

    @property
    def values(self) -> tuple[str, ...]:
        """The values as decimal strings."""
        return self.parsed.values

    @property
    def measure_span(self) -> Span | None:
        """The word that says the measure."""
        token = self.measure_token
        return Span(token.start, token.end, token.text) if token else None

    @property
    def counted(self) -> Span | None:
        """The counted noun phrase, without the number."""
        return Span(self.noun.start, self.noun.end, self.noun.text) if self.noun else None

    @property
    def is_attackers(self) -> bool:
        """Whether the counted are named as those who attack."""
        return self.noun is not None and self.noun.head in ATTACKERS

    @property
    def role(self) -> CountedRole:
        """What part the counted play, as far as the clause tells."""
        if self.unit != "person":
            return "unspecified"
        if self.measure in HARMED:
            return "perpetrator" if self.is_attackers and self.measure in ("killed", "injured") else "victim"
        if self.measure == "membership":
            return "member"
        if self.measure == "participants":
            watching = {t.lower for t in self.sentence.tokens if t.start > self.start} & WATCHING
            attacking = self.noun is not None and self.noun.head in MILITANTS
            return "perpetrator" if self.is_attackers or attacking else "bystander" if watching else "unspecified"
        return "unspecified"

    @property
    def status(self) -> CountedStatus:
        """Civilian, security force, militant or mixed, where the counted words print it."""
        words = re.findall(r"[\w-]+", self.noun.text.lower()) if self.noun else []
        found = {STATUS[w] for w in words if w in STATUS}
        return "mixed" if len(found) > 1 else found.pop() if found else "unknown"  # type: ignore[return-value]


class Counting:
    """Reads what the figures of one page count."""

    def __init__(self, page: Page, heads: Mapping[str, EntityType]) -> None:
        self._page = page
        self._heads = heads
        self._nouns = frozenset(heads) | EVENT_NOUNS.keys() | GOODS

    def figures(self, printed: list[Printed]) -> list[Figure]:
        """The figures with what they count; those that count nothing are left out."""
        kept: list[Figure] = []
        for one in printed:
            figure = Figure(one.start, one.end, one.parsed, one.sentence, weak=one.weak)
            if self._read(figure, kept):
                kept.append(figure)
        _share_measures(self._page, kept)
        kept = [f for f in kept if not f.weak or _stands(self._page, f, kept)]
        kept += [f for f in self._articles() if not any(f.start < k.end and k.start < f.end for k in kept)]
        kept.sort(key=lambda f: f.start)
        _find_wholes(self._page, kept)
        return kept

    # --- the noun -------------------------------------------------------------------------------------------------

    def _read(self, figure: Figure, earlier: list[Figure]) -> bool:
        """Reads unit, noun and measure; False where the figure counts nothing."""
        if figure.form == "zero":
            return self._read_zero(figure)
        if self._read_unit(figure):
            return True
        sentence, tokens = figure.sentence, figure.sentence.tokens
        at = sentence.at(figure.end)
        while at < len(tokens) and tokens[at].lower in _SKIPPED:
            at += 1
        if at < len(tokens) and tokens[at].lower in ("them", "us", "whom", "which"):
            figure.noun = self._complement(sentence, at + 1) or self._noun_before(figure)
        elif at < len(tokens) and tokens[at].lower in _PLAIN and not self._heads_phrase(sentence, at):
            figure.noun = None  # "23 dead": the word beside it says the measure
        elif at < len(tokens) and tokens[at].lower == "others":
            figure.noun = self._phrase(sentence, at, at + 1)
        else:
            figure.noun = self._counted(sentence, at)
        if figure.noun is not None:
            figure.unit = self._unit_of(figure.noun.head)
        if figure.form == "fraction":
            figure.measure = "share"
            return True
        return self._read_measure(figure, earlier)

    def _heads_phrase(self, sentence: Sentence, at: int) -> bool:
        phrase = noun_phrase(sentence, at, self._nouns)
        return phrase is not None and phrase.head not in _PLAIN and self._heads.get(phrase.head) is not None

    def _read_unit(self, figure: Figure) -> bool:
        """Unit and measure of money, percentages, lengths, weights and times."""
        words = self._page.folded[figure.start : figure.end].lower()
        unit = UNIT.search(words)
        money = next((c for sign, c in _CURRENCY.items() if sign in words), None)
        if unit and unit["measure"]:
            money = None
        if money:
            figure.unit, figure.measure = money, "money"
            return True
        if unit is None:
            return False
        if unit["percent"]:
            figure.unit, figure.measure = "percent", "share"
        else:
            key = unit["measure"] or unit["time"]
            if key == "mi" or key.startswith("mile"):
                found = _UCUM["mi"]
            else:
                found = next(_UCUM[p] for p in _PREFIXES if p != "mi" and key.startswith(p))
            figure.measure, figure.unit = found
        sentence = figure.sentence
        at = sentence.at(figure.end)
        if at < len(sentence.tokens) and sentence.tokens[at].lower == "of":
            figure.noun = self._counted(sentence, at + 1)
        return True

    def _counted(self, sentence: Sentence, at: int) -> Phrase | None:
        tokens = sentence.tokens
        if at >= len(tokens) or (
            tokens[at].lower in MEASURES
            and not (tokens[at].lower in self._nouns or tokens[at].lower in COUNTED_MEASURE)
        ):
            return None
        phrase = noun_phrase(sentence, at, self._nouns, ("of", "from"))
        if phrase is None or phrase.head in CALENDAR:
            return None
        if phrase.head in _PERIODS and tokens[at].lower in ("this", "last", "the", "next"):
            return None
        return self._with_modifiers(sentence, self._with_second(sentence, phrase))

    def _with_second(self, sentence: Sentence, phrase: Phrase) -> Phrase:
        """ "Members and supporters": a second bare noun of the same kind is counted with the first."""
        at = sentence.at(phrase.end)
        if at + 1 >= len(sentence.tokens) or sentence.tokens[at].lower != "and":
            return phrase
        other = noun_phrase(sentence, at + 1, self._nouns)
        kind = self._heads.get(phrase.head)
        if other is None or kind is None or self._heads.get(other.head) != kind or not other.head.endswith(("s", "en")):
            return phrase
        if sentence.tokens[at + 1].lower in DETERMINERS or numerals.parse(sentence.tokens[at + 1].text) is not None:
            return phrase
        return Phrase(phrase.start, other.end, phrase.head, self._page.folded[phrase.start : other.end])

    def _with_modifiers(self, sentence: Sentence, phrase: Phrase) -> Phrase:
        """A counted phrase with the "by", "on", "with" phrases that belong to a noun of its kind."""
        tails = ("by", "on", "against") if phrase.head in EVENT_NOUNS else ("with",)
        at = sentence.at(phrase.end)
        while at + 1 < len(sentence.tokens) and sentence.tokens[at].lower in tails:
            inner = noun_phrase(sentence, at + 1, self._nouns, ("of", "in"))
            if inner is None:
                break
            phrase = Phrase(phrase.start, inner.end, phrase.head, self._page.folded[phrase.start : inner.end])
            at = sentence.at(phrase.end)
        return phrase

    def _phrase(self, sentence: Sentence, first: int, end: int) -> Phrase:
        start, stop = sentence.tokens[first].start, sentence.tokens[end - 1].end
        return Phrase(start, stop, sentence.tokens[end - 1].lower, self._page.folded[start:stop])

    def _complement(self, sentence: Sentence, at: int) -> Phrase | None:
        """The noun of "seven of them children" and "two of whom were children"."""
        if at < len(sentence.tokens) and sentence.tokens[at].lower in ("was", "were", "are", "is"):
            at += 1
        phrase = noun_phrase(sentence, at, self._nouns, ("of", "from")) if at < len(sentence.tokens) else None
        return phrase if phrase is not None and self._heads.get(phrase.head) in ("person", "people") else None

    def _noun_before(self, figure: Figure) -> Phrase | None:
        """The noun of "rifles, about 60 of them" and of "14 men, five of whom were released"."""
        match = re.search(r"\b([\w-]+),? \Z", self._page.folded[figure.sentence.start : figure.start])
        if match is None or match[1].lower() not in self._heads or match[1].lower() in _PLAIN:
            return None
        start = figure.sentence.start + match.start()
        return Phrase(start, start + len(match[1]), match[1].lower(), match[1])

    def _unit_of(self, head: str) -> str:
        if head in EVENT_NOUNS:
            return "event"
        if head in COUNTED_MEASURE:
            return "person"
        kind = self._heads.get(head) or self._heads.get(head.removesuffix("s"))
        if kind in ("people", "person") or head.endswith(("men", "women", "ians", "ists")):
            return "person"
        if head in GOODS or kind is not None:
            return "item"
        if head.endswith(("ers", "ors")) and not head.endswith(
            ("sters", "centers", "numbers", "letters", "orders", "papers")
        ):
            return "person"
        return "item" if head.endswith("s") else "person"

    # --- the measure ----------------------------------------------------------------------------------------------

    def _read_measure(self, figure: Figure, earlier: list[Figure]) -> bool:
        """The measure: by what the noun is, else by the word that governs it, else by the figure before."""
        head = figure.noun.head if figure.noun else None
        if head in EVENT_NOUNS:
            figure.measure, figure.unit = EVENT_NOUNS[head], "event"
            return True
        if figure.unit == "item":
            known = self._heads.get(head or "") in ("materiel", "facility") or head in GOODS
            figure.measure = "objects" if known else "other"
            return True
        found = self._governing_directly(figure) or self._governing_after(figure) or self._governing_before(figure)
        if found is not None:
            figure.measure, figure.measure_token = found
            figure.governed_after = found[1].start > figure.start
            if head == "lives":
                figure.measure = "killed"
            return True
        if head is None:
            return self._borrow(figure, earlier)
        figure.measure, figure.measure_token = self._by_noun(figure, head)
        return True

    def _by_noun(self, figure: Figure, head: str) -> tuple[Measure, Token | None]:
        """The measure of persons whom no casualty word governs."""
        if head in COUNTED_MEASURE:
            if head == "lives":
                return "killed", self._token_before(figure)
            return COUNTED_MEASURE[head], None
        lead = self._page.folded[figure.sentence.start : figure.start]
        if re.search(r"\b(?:city|town|village|country|nation|population|people|home) (?:of|to) \Z", lead):
            return "population", None
        if head in INHABITANTS:
            return "population", None
        sent = self._token_before(figure)
        if sent is not None and sent.lower == "by" and self._part_before(figure, 2) in TAKING_PART:
            return "participants", None
        if sent is not None and sent.lower == "of" and self._part_before(figure, 2) in BODIES:
            return "membership", None
        verb = self._main_verb(figure)
        if verb is not None and verb.lower in TAKING_PART:
            return "participants", verb
        if sent is not None and sent.lower in SENDING:
            return "participants", sent
        if head in MEMBERS:
            return "membership", None
        if figure.noun and re.match(r"members? of\b", figure.noun.text, re.IGNORECASE):
            return "membership", None
        if (
            head in FORCES
            and sent is not None
            and sent.lower in ("has", "have", "had", "with", "commands", "numbering")
        ):
            return "membership", None
        if head in ATTACKERS or head in SENT:
            return "participants", None
        return "other", None

    def _token_before(self, figure: Figure) -> Token | None:
        at = figure.sentence.at(figure.start) - 1
        return figure.sentence.tokens[at] if at >= 0 else None

    def _part_before(self, figure: Figure, back: int) -> str:
        at = figure.sentence.at(figure.start) - back
        return figure.sentence.tokens[at].lower if at >= 0 else ""

    def _main_verb(self, figure: Figure) -> Token | None:
        """The first verb after the counted noun that is no auxiliary and no report."""
        tokens = figure.sentence.tokens
        at = figure.sentence.at((figure.noun.end if figure.noun else figure.end) - 1) + 1
        for token in tokens[at : at + REACH]:
            if token.text in (";", ":", ".", '"') or token.lower in ("and", "but", "while", "by"):
                return None
            if token.lower in TAKING_PART or (is_verb(token) and token.lower not in BE | MODAL | REPORTING):
                return token
        return None

    def _governing_directly(self, figure: Figure) -> Governor | None:
        """The transitive verb that stands right before a figure: "killing nine"."""
        token = self._token_before(figure)
        if token is None or token.lower not in TRANSITIVE or token.end + 1 < figure.start:
            return None
        at = figure.sentence.at(token.start)
        passive = at and figure.sentence.tokens[at - 1].lower in ("was", "were", "been", "being")
        return None if passive else (TRANSITIVE[token.lower], token)

    def _governing_after(self, figure: Figure) -> Governor | None:
        """The casualty word whose subject the figure is, or that stands beside it: "six people were killed", "23 dead"."""
        tokens = figure.sentence.tokens
        end = figure.noun.end if figure.noun and figure.noun.end >= figure.end else figure.end
        first = self._after_appositive(figure, figure.sentence.at(end - 1) + 1)
        passive = False
        for step, i in enumerate(range(first, min(first + REACH, len(tokens)))):
            token, word = tokens[i], tokens[i].lower
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if token.text == "," and not (following and following.lower in ("who", "whom")):
                break
            if (token.text in (";", ":", ".", '"') and step) or word in ("and", "or", "but", "while", "as", "when", "after", "that",
                                                                      "which", "by", "since", "from"):  # fmt: skip
                break
            if word == "let":
                return ("released", token) if following and following.lower == "go" else None
            if passive and word in _MOVED and any(t.lower in _HOSPITAL for t in tokens[i + 1 : i + 6]):
                return "injured", token
            passive = passive or word in BE
            if word in SUBJECT:
                return SUBJECT[word], token
            if word in TRANSITIVE and word != "lost":
                own = passive or following is None or not _begins_object(following)
                return (TRANSITIVE[word], token) if own else None  # else its object is counted
            if word in ANNOUNCING:
                beside = step == 0 and word not in NOMINALISED
                return (ANNOUNCING[word], token) if beside or word in ("injuries", "wounds") else None
            verbal = is_verb(token) and word not in BE and word not in MODAL
            if verbal and word not in REPORTING and not (passive and step < 3) and not word.endswith("ing"):
                break
        return None

    def _after_appositive(self, figure: Figure, at: int) -> int:
        """The token after an appositive between commas, as in "Two men, brothers from Dellin, were killed"."""
        tokens = figure.sentence.tokens
        if (
            at + 1 < len(tokens)
            and tokens[at].text == ","
            and tokens[at + 1].lower not in ("who", "whom", "whose", "and")
        ):
            for i in range(at + 1, min(at + 20, len(tokens) - 1)):
                if tokens[i].text == "," and tokens[i + 1].lower in BE | TRANSITIVE.keys() | SUBJECT.keys():
                    return i + 1
        return at

    def _governing_before(self, figure: Figure) -> Governor | None:
        """The casualty word whose object the figure is, or the noun that announces it: "killing nine", "a toll of 27"."""
        tokens = figure.sentence.tokens
        first = figure.sentence.at(figure.start)
        for step, i in enumerate(range(first - 1, max(-1, first - 1 - REACH), -1)):
            token, word = tokens[i], tokens[i].lower
            if (
                token.text in (";", ":", ".", '"')
                or (token.text == "," and step)
                or word in ("by", "when", "while", "who", "but", "that")
            ):
                return None
            if step == 0 and (word in _PLAIN or word == "hostages"):
                return MEASURES[word], token  # "Dead: 14"
            if word in ANNOUNCING and (word not in NOMINALISED | TRANSITIVE.keys() or tokens[i + 1].lower == "of"):
                return ANNOUNCING[word], token
            if word in TRANSITIVE:
                passive = step > 0 and i > 0 and tokens[i - 1].lower in ("was", "were", "been", "being")
                passed = {t.lower for t in tokens[i + 1 : first]} & PREPOSITIONS - _PASSED
                return None if passive or passed else (TRANSITIVE[word], token)
            if is_verb(token) and word not in BE | MODAL and word not in _RISING:
                return None
        return None

    def _borrow(self, figure: Figure, earlier: list[Figure]) -> bool:
        """Takes measure and noun of an elided clause from the figure before: "some 80 raids in 2021, roughly 20 this year"."""
        if self._part_before(figure, 1) == "of" and self._part_before(figure, 2) in BODIES:
            figure.measure = "membership"
            return True
        donor = next((f for f in reversed(earlier) if f.form != "zero" or f.unit == "event"), None)
        near = (
            donor is not None
            and figure.sentence.index - donor.sentence.index <= 1
            and figure.sentence.item == donor.sentence.item
        )
        if donor is None or not near or donor.form == "fraction":
            figure.measure = "other"
            return not figure.weak
        figure.measure, figure.measure_token, figure.unit = donor.measure, donor.measure_token, donor.unit
        figure.noun, figure.borrowed = donor.noun, True
        return True

    def _read_zero(self, figure: Figure) -> bool:
        """Whether "no" counts: persons harmed, attacks, strikes or money, and not "no reports of casualties"."""
        words = self._page.folded[figure.start : figure.end].lower()
        tokens = figure.sentence.tokens
        at = figure.sentence.at(figure.end)
        if re.search(r"cent|penny|dollar|euro", words) or (
            at < len(tokens) and tokens[at].lower in ("money", "ransom")
        ):
            figure.measure, figure.unit = "money", "USD"
            return True
        noun = self._counted(figure.sentence, at) if words in ("no", "without") or words.endswith("single") else None
        head = noun.head if noun else ""
        if EVENT_NOUNS.get(head) in ("attacks", "strikes"):
            figure.measure, figure.unit, figure.noun = EVENT_NOUNS[head], "event", noun
            return True
        if head in COUNTED_MEASURE or head in ("casualty", "death", "injury", "fatality"):
            token = figure.sentence.tokens[figure.sentence.at(noun.end - 1)] if noun else None
            figure.measure = COUNTED_MEASURE.get(head) or MEASURES.get(head, "injured")
            figure.measure_token = token
            return True
        person = self._heads.get(head) in ("person", "people")
        if words == "without" or (words in ("no",) and not person):
            return False
        start = figure.sentence.at(noun.end - 1) + 1 if noun else at
        for token in tokens[start : start + 10]:
            if token.lower in MEASURES and token.lower not in ("taken", "treated", "remains", "release"):
                figure.measure, figure.measure_token, figure.noun = MEASURES[token.lower], token, noun
                return True
            if not token.is_word or token.lower in ("who", "that", "claimed", "said", "claim"):
                break
        for token in tokens[max(0, at - 6) : at]:
            if token.lower in _HARMING:
                figure.measure, figure.measure_token, figure.noun = _HARMING[token.lower], token, noun
                return True
        return False

    # --- articles that count --------------------------------------------------------------------------------------

    def _articles(self) -> list[Figure]:
        """Implicit figures: an indefinite single person killed, hurt, taken or arrested."""
        found = []
        for sentence in self._page.sentences:
            for i, token in enumerate(sentence.tokens):
                if token.lower in ("a", "an", "another"):
                    figure = self._article(sentence, i)
                    if figure is not None:
                        found.append(figure)
        return found

    def _article(self, sentence: Sentence, i: int) -> Figure | None:
        tokens, token = sentence.tokens, sentence.tokens[i]
        phrase = noun_phrase(sentence, i, self._nouns, ("of", "from"))
        alone = token.lower == "another" and (
            phrase is None or phrase.head in MEASURES or phrase.head == "one" or self._heads.get(phrase.head) is None
        )
        if not alone and (phrase is None or self._heads.get(phrase.head) != "person"):
            return None
        end = token.end
        if alone and i + 1 < len(tokens) and tokens[i + 1].lower == "one":
            end = tokens[i + 1].end
        noun = None
        if phrase is not None and not alone and i + 1 < len(tokens):
            start = tokens[i + 1].start
            if start >= phrase.end:
                return None
            noun = Phrase(start, phrase.end, phrase.head, self._page.folded[start : phrase.end])
        figure = Figure(token.start, end, numerals.Expression("implicit"), sentence, noun)
        governing = self._patient(figure)
        if governing is None or (alone and not self._follows_person(figure)):
            return None
        figure.measure, figure.measure_token = MEASURES[governing.lower], governing
        return figure

    def _follows_person(self, figure: Figure) -> bool:
        """Whether a person or figure stands before in the sentence, to which "another" adds one."""
        before = figure.sentence.tokens[: figure.sentence.at(figure.start)]
        return any(self._heads.get(t.lower) in ("person", "people") or t.text[:1].isdigit() for t in before)

    def _patient(self, figure: Figure) -> Token | None:
        """The casualty word of which an indefinite person is the patient: after a passive, or before a direct object."""
        tokens = figure.sentence.tokens
        first = figure.sentence.at(figure.start)
        before = tokens[first - 1] if first else None
        if before is not None and before.lower in TRANSITIVE and before.lower not in ("let", "lost"):
            return None if first > 1 and tokens[first - 2].lower in ("was", "were", "been") else before
        if before is not None and (before.lower in PREPOSITIONS - {"including"} or before.lower in ("said", "as")):
            return None
        at = figure.sentence.at((figure.noun.end if figure.noun else figure.end) - 1) + 1
        if figure.noun and at + 1 < len(tokens) and tokens[at].text == "," and tokens[at + 1].is_capital:
            return None  # "a commander, Ivo Renn, was killed": a named person
        at = self._after_appositive(figure, at) if figure.noun else at
        passive = False
        for step, token in enumerate(tokens[at : at + 7]):
            word = token.lower
            if word in BE:
                passive = True
            elif word == "suffered":
                return next((t for t in tokens[at + step : at + step + 5] if t.lower in ("injuries", "wounds")), None)
            elif (word in SUBJECT and (passive or word in ("died", "perished")) and SUBJECT[word] != "held") or (
                word in TRANSITIVE and word != "lost" and (passive or (step == 0 and figure.noun is None))
            ):
                return token
            elif (
                not token.is_word
                or word in ("who", "that", "and", "which", "said", "by", "with", "in", "of")
                or (is_verb(token) and word not in BE | MODAL | REPORTING and not passive)
            ):
                return None
        return None


def _begins_object(token: Token) -> bool:
    return (
        token.lower in DETERMINERS
        or token.text[:1].isdigit()
        or token.is_capital
        or numerals.parse(token.text) is not None
        or (
            token.is_word
            and token.lower not in FUNCTION
            and token.lower not in ADVERBS
            and not is_verb(token)
            and token.lower not in CALENDAR
        )
    )


def _stands(page: Page, figure: Figure, kept: list[Figure]) -> bool:
    """Whether "one" or a number that may only point back is a figure: a casualty word governs it, or it stands in a list."""
    new = HARMED - {"displaced", "held"}  # "the two men fled" tells nothing new
    if figure.measure in new and figure.measure_token is not None and not figure.borrowed:
        modifier = figure.noun is not None and figure.measure_token.start < figure.noun.end
        return not modifier or figure.measure_token.start < figure.start
    if page.folded[figure.start : figure.end].lower() != "one":
        return False
    before, after = page.folded[figure.sentence.start : figure.start], page.folded[figure.end : figure.sentence.end]
    if (
        figure.noun is not None
        and figure.unit == "person"
        and _CONTAINED.search(before)
        and not after.startswith(" of")
    ):
        return True
    if re.match(r" of (?:them|whom) (?:badly|seriously|critically|severely|fatally)\b", after):
        return True
    return any(_listed(page, a, figure) or _listed(page, figure, a) for a in kept if a is not figure)


def _listed(page: Page, a: Figure, b: Figure) -> bool:
    end = a.noun.end if a.noun and not a.borrowed and a.noun.end > a.end else a.end
    return a.sentence is b.sentence and end <= b.start and bool(_LIST.fullmatch(page.folded[end : b.start]))


def _share_measures(page: Page, figures: list[Figure]) -> None:
    """A list has one measure: "60 children and 19 women were among the dead", "killed two guards and two civilians"."""
    pairs = list(pairwise(figures))
    for giver, taker in [*pairs, *((b, a) for a, b in reversed(pairs))]:
        low, high = sorted((giver, taker), key=lambda f: f.start)
        if (
            giver.measure_token is not None
            and taker.measure_token is None
            and taker.unit == giver.unit == "person"
            and taker.measure in ("other", "membership", "participants")
            and _listed(page, low, high)
        ):
            taker.measure, taker.measure_token = giver.measure, giver.measure_token


def _find_wholes(page: Page, figures: list[Figure]) -> None:
    """Contained figures: "including 13 troops", "of whom two", "seven of them children"; they take the whole's measure."""
    previous: Figure | None = None
    for figure in figures:
        before = page.folded[figure.sentence.start : figure.start]
        inside = bool(_CONTAINED.search(before)) or bool(
            re.match(
                r"\s+of (?:them|whom|the (?:dead|victims|wounded|injured))\b", page.folded[figure.end : figure.end + 20]
            )
        )
        if previous is not None and figure.unit == previous.unit == "person" and figure.form != "zero":
            near = previous.sentence is figure.sentence
            listed = near and previous.whole is not None and _listed(page, previous, figure)
            if listed or (inside and figure.sentence.index - previous.sentence.index <= 1):
                whole = previous.whole if listed else previous
                if whole is not None and (near or figure.measure_token is None or figure.measure == whole.measure):
                    figure.whole = whole
                    if not figure.governed_after or figure.measure not in HARMED:
                        figure.measure, figure.measure_token = (
                            whole.measure,
                            figure.measure_token or whole.measure_token,
                        )
        previous = figure
