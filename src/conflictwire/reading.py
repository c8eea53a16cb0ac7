"""A text cut for reading: sentences, tokens and quotations with their offsets, and noun phrases found by word lists.

Knows letters, punctuation and the grammar words of English; knows nothing of conflict, of the layers
or of any text in particular.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from conflictwire import text as texts

MAX_QUOTATION = 2000  # code points; a quotation mark left open longer than this was no quotation

# "U.S." keeps its last point: it is part of the name.
_TOKEN = re.compile(r"\b(?:[A-Z]\.){2,}|\w+(?:(?:[-&]|'(?!s\b)|(?<=\d)[.,:/](?=\d)|(?<=\b\w)\.(?=\w\b))\w+)*|'s\b|\S")

# A digest item ends with where it was read: "... under rubble. (Halden Wire)".
_OUTLET_LINE = re.compile(r"\([A-Z][^()\n]{1,60}\)(?=\n|\Z)")

BE = frozenset("is are was were be been being am has have had having 's".split())
MODAL = frozenset("will would could can may might shall should must did do does to not n't".split())
PREPOSITIONS = frozenset(
    "of in at from on for with by near to into inside outside among between under over against after before around "
    "across along behind during since without via as about through toward towards until upon within off out up down "
    "despite amid including like than per onto beyond because due regarding following along".split()
)
CONJUNCTIONS = frozenset("and or but nor while when where if though although because whether so yet unless".split())
PRONOUNS = frozenset(
    "i you he she it we they me him us them who whom whose which that this these those there here himself herself "
    "itself themselves what someone nobody everyone anyone none".split()
)
DETERMINERS = frozenset(
    "the a an this that these those another any each every his her its their our my your some no".split()
)
ADVERBS = frozenset(
    "also later earlier then now still again already only just not never often once twice soon ago too however meanwhile "
    "recently previously repeatedly reportedly allegedly immediately separately publicly further even almost so far away "
    "together yesterday today tonight overnight badly well more most very much always ever simply flatly strongly initially "
    "finally officially clearly apparently jointly categorically personally partly fully completely heavily seriously critically "
    "fatally severely subsequently eventually quickly briefly reluctantly privately formally vehemently angrily".split()
)
# Past tenses that do not end in -ed, and the commonest finite forms that do not look like verbs.
_IRREGULAR = frozenset(
    "said says say told tells tell took takes take came comes come went goes go fled flees flee left leaves leave fell "
    "falls fall hit hits shot struck broke breaks blew began begins found finds made makes make gave gives give got kept "
    "held holds hold hid ran runs run sent sends spoke speaks stood stands sought became becomes brought brings built "
    "bought caught chose cut drove drives ate fought flew forgot grew heard hears knew knows known laid led leads lay lost "
    "loses met meets paid pays put puts read rose risen rises saw sees seen sat set sets shut slept spent stole swept swore "
    "taught thought thinks threw understood wore won wrote writes written done gone taken given shown shows become begun "
    "kills injures kidnaps abducts explodes detains seizes captures destroys announces reaches begins agrees orders detonates "
    "withdraws broken driven eaten hidden spoken stolen sworn thrown torn worn denies claims wants need needs wait want believe "
    "believes deny blame accuse suspect suspects remain remains include includes follows continue continues".split()
)
_NUMBER_WORDS = frozenset("one two three four five six seven eight nine ten eleven twelve dozen several".split())
_NO_NAMES: Mapping[int, int] = {}
FUNCTION = BE | MODAL | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS
# Words ending in -ed or -ing that are no verbs after a number or article.
_NOT_VERBAL = frozenset(
    "red hundred united armed wounded injured building meeting evening morning wedding being need seed speed breed "
    "king ring wing string spring ceiling".split()
)


class Token(NamedTuple):
    """A word, number or mark: `[start, end)` in code points, its words with quotation marks folded, and in lower case."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter or digit."""
        return self.text[:1].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence: `[start, end)`, its place among all, its tokens, and the folded text that it stands in.

    `item` numbers the items of a digest, each of which tells its own story; elsewhere it is 0.
    """

    start: int
    end: int
    index: int
    tokens: tuple[Token, ...]
    folded: str = field(repr=False)
    item: int = 0

    @cached_property
    def _ends(self) -> list[int]:
        return [t.end for t in self.tokens]

    def at(self, offset: int) -> int:
        """Index of the first token that ends after an offset (the number of tokens if none does)."""
        return bisect_right(self._ends, offset)


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: `[start, end)`, the word that heads it in lower case, and all its words."""

    start: int
    end: int
    head: str
    text: str = ""


class Page:
    """A text with its sentences and quotations. Offsets of `folded` are those of `text`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = texts.fold(text)
        self.sentences = _sentences(text, self.folded)
        self.quotations = _quotations(text, self.folded)
        self._starts = [s.start for s in self.sentences]
        self._outlets = _outlets(self.folded)

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds an offset, or the one before it."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def is_outlet(self, offset: int) -> bool:
        """Whether an offset lies in the bracket that closes an item of a digest."""
        return any(low <= offset < high for low, high in self._outlets)

    def quotation_at(self, offset: int) -> tuple[int, int] | None:
        """The quotation that holds an offset, marks included."""
        return next((q for q in self.quotations if q[0] <= offset < q[1]), None)


def _sentences(text: str, folded: str) -> list[Sentence]:
    found: list[Sentence] = []
    ends = [end for _, end in _outlets(folded)]
    for low, high in texts.sentences(text):
        tokens = tuple(
            Token(m.start(), m.end(), m.group(), m.group().lower()) for m in _TOKEN.finditer(folded, low, high)
        )
        if tokens:
            found.append(Sentence(tokens[0].start, tokens[-1].end, len(found), tokens, folded, bisect_right(ends, low)))
    return found


def _outlets(folded: str) -> list[tuple[int, int]]:
    """The brackets that close the items of a digest; none where fewer than two lines end so."""
    found = [m.span() for m in _OUTLET_LINE.finditer(folded)]
    return found if len(found) > 1 else []


def _quotations(text: str, folded: str) -> list[tuple[int, int]]:
    """Stretches in double quotation marks; one that is taken up again at each paragraph is one stretch."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for match in re.finditer('"', folded):
        at = match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        opens = text[at] == "“" or ((not before or before.isspace() or before in "([-–—") and not after.isspace())
        if opened is not None and at - opened > MAX_QUOTATION:
            opened = None
        if opens:
            if opened is None or before != "\n":
                opened = at
        elif opened is not None:
            found.append((opened, at + 1))
            opened = None
    return found


def is_verb(token: Token) -> bool:
    """Whether a word looks like a verb: a known irregular form, or lower case ending in -ed or -ing."""
    word = token.lower
    if word in BE or word in MODAL or word in _IRREGULAR:
        return not token.is_capital or word in BE
    return len(word) > 3 and word.endswith(("ed", "ing")) and word not in _NOT_VERBAL and token.text[0].islower()


def noun_phrase(
    sentence: Sentence,
    first: int,
    nouns: frozenset[str] = frozenset(),
    tail: tuple[str, ...] = (),
    names: Mapping[int, int] = _NO_NAMES,
) -> Phrase | None:
    """The noun phrase that begins at a token, or None where a verb, a mark or a grammar word stands.

    Args:
        sentence: where it stands.
        first: index of the token it begins at; determiners there belong to it.
        nouns: known head nouns; a participle after one of them ends the phrase.
        tail: prepositions whose phrase is taken in, as "of" in "members of the group".
        names: where known names begin and end; small words in them belong to the phrase.
    """
    tokens = sentence.tokens
    at = first
    while at < len(tokens) and tokens[at].lower in DETERMINERS:
        at += 1
    if tokens[first].lower == "that" and (at - first > 1 or (first and is_verb(tokens[first - 1]))):
        return None  # "said that the van"
    begin, headed = at, False
    while at < len(tokens):
        token = tokens[at]
        if token.start in names:
            at, headed = sentence.at(names[token.start] - 1) + 1, True
            continue
        if token.lower == "'s" and at > begin and at + 1 < len(tokens) and tokens[at + 1].is_word:
            at, headed = at + 1, False
            continue
        if not token.is_word or token.lower in FUNCTION or token.lower in DETERMINERS:
            break
        if at > begin and headed and (token.text[:1].isdigit() or token.lower in _NUMBER_WORDS):
            break  # "in response thirteen rockets"
        if is_verb(token):
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            follows = following is not None and following.is_word and not following.text[0].isdigit()
            follows = (
                follows and following is not None and following.lower not in FUNCTION | DETERMINERS | _NUMBER_WORDS
            )
            if headed or not follows or token.lower in _IRREGULAR:
                break
        headed = headed or token.lower in nouns
        at += 1
    if at == begin:
        return None
    head, end = tokens[at - 1].lower, tokens[at - 1].end
    if tail and at + 1 < len(tokens) and tokens[at].lower in tail:
        inner = noun_phrase(sentence, at + 1, nouns, ("of",), names)
        if inner is not None:
            end = inner.end
    return Phrase(tokens[first].start, end, head, sentence.folded[tokens[first].start : end])
