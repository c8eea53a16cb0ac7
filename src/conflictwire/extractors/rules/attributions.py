"""Statements and their speakers: cue verbs, what is said, who says it, and which speakers are one source.

`find_statements` reads statements off the page; `Speakers` makes sources of them. Knows nothing of
what a content asserts: claims and events are tied to statements where the layers meet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from conflictwire.casualties.vocabulary import CALENDAR
from conflictwire.extractors.rules.entities import Cast, Name
from conflictwire.extractors.rules.lexicon import (
    FIGURE_CUES,
    MIND,
    NO_SOURCE,
    OUTLET_WORDS,
    PASSIVE_CUES,
    TITLES,
    Lexicon,
)
from conflictwire.model import Source, Span
from conflictwire.reading import (
    ADVERBS,
    BE,
    DETERMINERS,
    MODAL,
    PREPOSITIONS,
    Page,
    Sentence,
    is_verb,
    noun_phrase,
)

_OBJECTS = frozenset("him her them us me you".split())
_SPEAKING_PRONOUNS = frozenset("he she it they i we".split())
_DOCUMENTS = frozenset("investigation inquiry banner banners sign review analysis report reports statement list note indictment decree document letter communique communiqué study survey poll "
                       "website post records".split())  # fmt: skip
_NOUN_CUES = frozenset("reports claims estimates states demands report counts".split())
_WITHHELD = frozenset("say discuss comment name elaborate specify identify".split())
_CONFIRMING = frozenset("confirm verify corroborate".split())
_WHOLE = frozenset("otherwise so no yes nothing".split())  # contents of one word
_FIGURE_WORDS = frozenset("toll figure number count estimate total".split())
_BREAKS = frozenset("that who which when while but as if because where after before until since although whom".split())
_SPEAKER_TYPES = (
    "person",
    "people",
    "armed_group",
    "state_force",
    "government",
    "organisation",
    "geopolitical",
    "facility",
)
_MANNER = re.compile(
    r"\s*(?:(?:,\s*)?(?:on|late|early|last|this|earlier|yesterday|today|later)?\s*(?:on\s+)?"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|afterwards|earlier|later|again|night|week)\b"
    r"|\s*under questioning\b|\s*(?:in|on|through|via|at|by)\s+(?:an?\s|the\s|its\s|his\s|her\s|their\s)?\s*(?:\w+\s+){0,2}(?:statement|website|interview|report|briefing|"
    r"news conference|press conference|telephone|phone|landing|spokes\w+)\b(?:\s+(?:published|sent|posted|released)\s+\w+)?)",
    re.IGNORECASE,
)


@dataclass
class Statement:
    """One statement: the speaker's words, the cue, the stretches of content, the act, and what holds it."""

    sentence: Sentence
    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    contents: list[tuple[int, int]]
    act: str = "statement"
    outlet: tuple[int, int] | None = None  # a news outlet that was told
    mind: bool = False
    speakers: list[tuple[int, int]] = field(default_factory=list)  # each of "a mayor and a doctor"
    doubts: bool = False  # "could not confirm": what is said stays open


class StatementFinder:
    """Finds the statements of one page."""

    def __init__(self, page: Page, names: list[Name], lexicon: Lexicon) -> None:
        self._page = page
        self._lexicon = lexicon
        self._by_start = {n.start: n for n in names}
        self._by_end = {n.end: n for n in names}
        self._names = names

    def find(self) -> list[Statement]:
        """All statements, in the order of their cues."""
        found: list[Statement] = []
        for sentence in self._page.sentences:
            here: list[Statement] = []
            for i, token in enumerate(sentence.tokens):
                made = self._statement(sentence, i, here)
                if made is not None and token.is_word:
                    here.append(made)
            found += here
            self._take_in_quotations(sentence, here, found)
        return [s for s in found if s.contents]

    # --- one cue --------------------------------------------------------------------------------------------------

    def _statement(self, sentence: Sentence, i: int, here: list[Statement]) -> Statement | None:
        tokens = sentence.tokens
        token = tokens[i]
        word = token.lower
        if self._page.quotation_at(token.start) is not None and word not in MIND:
            return None
        if word == "according" and i + 1 < len(tokens) and tokens[i + 1].lower == "to":
            return self._according(sentence, i)
        if word in NO_SOURCE:
            rest = [(sentence.start, token.start), (token.end, sentence.end)]
            return Statement(sentence, (token.start, token.end), None, self._trimmed(rest))
        act = self._act(sentence, i)
        if act is None:
            return None
        previous = tokens[i - 1] if i else None
        if word in _NOUN_CUES and (
            previous is None
            or previous.lower in DETERMINERS
            or previous.lower in ("conflicting", "according", "of")
            or "according" in (t.lower for t in tokens[max(0, i - 5) : i])
        ):
            return None
        if word in PASSIVE_CUES and i + 1 < len(tokens) and tokens[i + 1].lower == "to" and word != "said":
            return self._passive(sentence, i)
        if word in ("suspected", "accused") and i + 1 < len(tokens) and tokens[i + 1].lower == "of":
            return None  # "the men suspected of the attack"
        auxiliaries = self._auxiliaries(sentence, i)
        if BE & auxiliaries and not {"has", "have", "had"} >= (BE & auxiliaries):
            by = self._by(sentence, i)
            return by or (self._passive(sentence, i) if word in PASSIVE_CUES else None)
        if word == "claimed" and any(t.lower in ("lives", "life") for t in tokens[i + 1 : i + 7]):
            return None
        return self._active(sentence, i, act, here)

    def _act(self, sentence: Sentence, i: int) -> str | None:
        """What a cue does; None where a word is none: "put the toll at" is one, "put out" is not."""
        tokens, word = sentence.tokens, sentence.tokens[i].lower
        if word not in self._lexicon.cues and word not in _WITHHELD | _CONFIRMING | FIGURE_CUES:
            return None
        before = [t.lower for t in tokens[max(0, i - 3) : i]]
        if word in _WITHHELD and "not" in before and {"would", "will", "could", "did"} & set(before):
            return "declined_comment" if "would" in before or "will" in before else None
        if word in _CONFIRMING and ("not" in before or "independently" in before):
            return "statement"
        if word in FIGURE_CUES and i + 2 < len(tokens) and tokens[i + 2].lower in _FIGURE_WORDS | {"death"}:
            return "statement"
        return self._lexicon.cues.get(word)

    def _auxiliaries(self, sentence: Sentence, i: int) -> set[str]:
        found = set()
        at = i - 1
        while at >= 0 and (sentence.tokens[at].lower in BE | MODAL | ADVERBS):
            found.add(sentence.tokens[at].lower)
            at -= 1
        return found

    def _according(self, sentence: Sentence, i: int) -> Statement | None:
        tokens = sentence.tokens
        if i + 2 >= len(tokens):
            return None
        speaker = self._speaker_from(sentence, i + 2)
        if speaker is None:
            return None
        cue = (tokens[i].start, tokens[i + 1].end)
        text = self._page.folded
        if text[sentence.start : cue[0]].strip(" \"'("):
            left = self._left(sentence, tokens[i].start)
            rest: list[tuple[int, int]] = [left]
            tail = re.match(r"[^,;]*[:]\s*", text[speaker[1] : sentence.end])  # "..., according to X: 61 last year"
            if tail:
                rest.append((speaker[1] + tail.end(), sentence.end))
            return Statement(sentence, cue, speaker, self._trimmed(rest))
        comma = text.find(",", speaker[1], sentence.end)
        start = comma + 1 if comma >= 0 else speaker[1]
        return Statement(sentence, cue, speaker, self._trimmed([(start, sentence.end)]))

    def _passive(self, sentence: Sentence, i: int) -> Statement:
        tokens = sentence.tokens
        at = i
        while at and tokens[at - 1].lower in BE | MODAL | ADVERBS:
            at -= 1
        cue = (tokens[i].start, tokens[i].end)
        if at and tokens[at - 1].lower == "it":
            start = tokens[i].end
            if i + 1 < len(tokens) and tokens[i + 1].lower == "that":
                start = tokens[i + 1].end
            return Statement(sentence, cue, None, self._trimmed([(start, sentence.end)]))
        begin = at
        while (
            begin
            and tokens[begin - 1].is_word
            and not is_verb(tokens[begin - 1])
            and tokens[begin - 1].lower not in _BREAKS
        ):
            begin -= 1
        if begin < at and tokens[begin].lower == "and":  # "ten are missing and believed to be dead"
            verb = next((k for k in range(begin) if is_verb(tokens[k])), None)
            begin, at = (0, verb) if verb else (begin + 1, at)
        spans = [(tokens[begin].start, tokens[at].start), (tokens[i].end, sentence.end)]
        return Statement(sentence, cue, None, self._trimmed(spans), mind=tokens[i].lower in MIND)

    def _by(self, sentence: Sentence, i: int) -> Statement | None:
        """ "A court was told by a man that", "has not been confirmed by the League": the speaker stands after "by"."""
        tokens, text = sentence.tokens, self._page.folded
        if tokens[i].lower not in ("told", "confirmed", "verified", "denied", "reported", "claimed", "condemned"):
            return None
        by = next((k for k in range(i + 1, min(i + 6, len(tokens))) if tokens[k].lower == "by"), None)
        speaker = self._speaker_from(sentence, by + 1) if by is not None else None
        if by is None or speaker is None:
            return None
        doubts = "not" in self._auxiliaries(sentence, i)
        act = "statement" if doubts else self._lexicon.cues.get(tokens[i].lower, "statement")
        after = re.match(r"\s+(?:that|to)\s+(?=\w)", text[speaker[1] : sentence.end])
        at = i
        while at and tokens[at - 1].lower in BE | MODAL | ADVERBS:
            at -= 1
        spans = [(sentence.start, tokens[at].start)]
        if after:
            spans = [(speaker[1] + (after.end() if "that" in after.group() else 1), sentence.end)]
        cue = (tokens[i].start, tokens[i].end)
        return Statement(sentence, cue, speaker, self._trimmed(spans), act, speakers=[speaker], doubts=doubts)

    def _active(self, sentence: Sentence, i: int, act: str, here: list[Statement]) -> Statement | None:
        tokens = sentence.tokens
        token = tokens[i]
        word = token.lower
        cue = (token.start, token.end)
        previous = tokens[i - 1] if i else None
        gerund = word.endswith("ing")
        boundary: int | None = None
        speaker: tuple[int, int] | None = None
        inverted = previous is not None and previous.text in (",", '"') and not gerund and word not in ("told", "tells")
        after = i + 1
        if inverted:
            speaker = self._inverted_speaker(sentence, i + 1)
            if speaker is not None:
                boundary, after = token.start, self._after_appositives(sentence, sentence.at(speaker[1]))
        if speaker is None:
            subject = self._subject(sentence, i)
            if subject is not None and gerund and self._is_document(subject[0]):  # "issued a statement condemning"
                issued = sentence.at(subject[0][0]) - 1
                subject = (
                    self._subject(sentence, issued) if issued > 0 and is_verb(tokens[issued]) else None
                ) or subject
            if subject is not None:
                speaker, boundary = subject[0], subject[1]
            elif here and here[-1].speaker is not None:
                speaker, boundary = here[-1].speaker, None
            elif gerund or (previous is not None and previous.lower == "and"):
                verb = next((k for k in range(i - 1, 0, -1) if is_verb(tokens[k]) and tokens[k].lower not in BE), None)
                subject = self._subject(sentence, verb) if verb is not None else None
                if subject is None:
                    return None
                speaker = subject[0]
            else:
                return None
        if word == "read" and speaker is not None and not self._is_document(speaker):
            return None
        outlet = None
        if word in ("told", "tells", "telling") and after == i + 1:
            outlet, after = self._hearer(sentence, after)
        right = self._right(sentence, after, act)
        interrupts = boundary is not None and self._ends_content(sentence, boundary)
        left = self._left(sentence, boundary) if boundary is not None and interrupts else None
        if left is not None and (inverted or right is None or self._stops(sentence, after)):
            spans = [left, right] if right is not None and self._resumes(sentence, after) else [left]
        elif right is not None:
            spans = [right]
        else:
            spans = []
        contents = self._trimmed(spans)
        if any(low <= cue[0] < high for low, high in contents):
            return None
        if act in ("responsibility_claim",) and not self._of_responsibility(contents):
            act = "statement"
        doubts = word in (*_CONFIRMING, "doubted", "doubts", "questioned")
        return Statement(sentence, cue, speaker, contents, act, outlet, word in MIND, self._each(speaker), doubts)

    def _inverted_speaker(self, sentence: Sentence, at: int) -> tuple[int, int] | None:
        """The speaker after a cue, "said the mayor"; None where a clause begins there: "said the mayor had fled"."""
        tokens = sentence.tokens
        if at >= len(tokens) or tokens[at].text[:1].isdigit() or tokens[at].lower == "that":
            return None
        speaker = self._speaker_from(sentence, at)
        if speaker is None:
            return None
        after = sentence.at(speaker[1])
        while after < len(tokens) and tokens[after].lower in ADVERBS:
            after += 1
        ends = after >= len(tokens) or not tokens[after].is_word
        if tokens[at].lower in _SPEAKING_PRONOUNS:
            opens = after < len(tokens) and any(q[0] == tokens[after].start for q in self._page.quotations)
            return speaker if ends and not opens else None
        return speaker if ends or not is_verb(tokens[after]) else None

    def _is_document(self, speaker: tuple[int, int]) -> bool:
        words = re.findall(r"\w+", self._page.folded[speaker[0] : speaker[1]].lower())
        return bool(words) and words[-1] in _DOCUMENTS

    def _of_responsibility(self, contents: list[tuple[int, int]]) -> bool:
        words = " ".join(self._page.folded[a:b] for a, b in contents).lower()[:60]
        return "responsibility" in words or bool(
            re.match(
                r"(?:the |that |an? |this )?(?:\w+ )?(?:attack|bombing|blast|killing|one\b|abduction|raid|assault)",
                words,
            )
        )

    # --- content --------------------------------------------------------------------------------------------------

    def _ends_content(self, sentence: Sentence, boundary: int) -> bool:
        before = self._page.folded[sentence.start : boundary].rstrip()
        return len(before) > 2 and before[-1] in ",\"'"

    def _left(self, sentence: Sentence, boundary: int) -> tuple[int, int]:
        start = sentence.start
        quotation = self._page.quotation_at(start)
        return (quotation[0] if quotation and quotation[1] <= boundary + 1 else start, boundary)

    def _stops(self, sentence: Sentence, after: int) -> bool:
        """Whether a comma or the end follows the cue, so that what was said stands before it."""
        rest = self._page.folded[sentence.tokens[after - 1].end : sentence.end]
        manner = _MANNER.match(rest)
        return bool(re.match(r"\s*(?:[,.]|\Z)", rest[manner.end() :] if manner else rest))

    def _resumes(self, sentence: Sentence, after: int) -> bool:
        """Whether the content goes on after a cue between commas."""
        tokens = sentence.tokens
        rest = self._page.folded[tokens[after - 1].end : sentence.end]
        manner = _MANNER.match(rest)
        rest = rest[manner.end() :] if manner else rest
        return bool(re.match(r"\s*[,.]\s*\S", rest)) and not re.match(
            r"\s*,\s*(?:his|her|its|their|\w+ing|who|which)\b", rest
        )

    def _right(self, sentence: Sentence, after: int, act: str) -> tuple[int, int] | None:
        """The content after a cue: time and manner of speaking and "that" are left out."""
        text = self._page.folded
        start = sentence.tokens[after - 1].end if after else sentence.start
        while True:
            manner = _MANNER.match(text[start : sentence.end])
            if manner is None or manner.end() == 0:
                break
            start += manner.end()
        opening = re.match(
            r"(?:\s*[,:])?\s*(?:that\b(?! \w+\W*\Z)|whether\b|of (?=\w+ing\b))?[\s,:]*", text[start : sentence.end]
        )
        start += opening.end() if opening else 0
        end = sentence.end
        quotation = self._page.quotation_at(start)
        if quotation is not None and quotation[1] > end:
            end = quotation[1]
        ends = r";|, according to\b"
        if act in ("responsibility_claim", "accusation", "denial"):
            ends += r"|, (?:in )?which\b|, known as\b|, \w+ing\b|, but\b|, amid\b|, and (?:said|added)\b"
        stop = re.search(ends, text[start:end])
        if stop and self._page.quotation_at(start + stop.start()) is None:
            end = start + stop.start()
        words = re.findall(r"\w+", text[start:end])
        if not words or (
            len(words) == 1 and act == "statement" and text[start] != '"' and words[0].lower not in _WHOLE
        ):
            return None
        return start, end

    def _trimmed(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Spans without outer spaces, and without a final mark that closes no quotation."""
        kept = []
        text = self._page.folded
        for start, end in spans:
            while start < end and (text[start].isspace() or text[start] in ",;:-."):
                start += 1
            while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:.-"):
                end -= 1
            if end > start and text[start:end].strip("\"' "):
                kept.append((start, end))
        return kept

    def _take_in_quotations(self, sentence: Sentence, here: list[Statement], found: list[Statement]) -> None:
        """Quotations without a cue of their own go on with the statement directly before."""
        for low, high in self._page.quotations:
            if not sentence.start <= low < sentence.end or len(re.findall(r"\w+", self._page.text[low:high])) < 3:
                continue
            if any(a < high and low < b for s in found for a, b in s.contents):
                continue
            last = found[-1] if found else None
            begins = low - sentence.start <= 1
            if last is None or not begins or sentence.index - self._last_sentence(last) > 1 or here:
                continue
            quoted = any('"' in self._page.folded[a:b] for a, b in last.contents)
            if quoted or not last.contents:
                last.contents.append((low, high))

    def _last_sentence(self, statement: Statement) -> int:
        ends = [b - 1 for _, b in statement.contents]
        return max([statement.sentence.index, *(self._page.sentence_at(e).index for e in ends)])

    # --- speakers -------------------------------------------------------------------------------------------------

    def _hearer(self, sentence: Sentence, at: int) -> tuple[tuple[int, int] | None, int]:
        """A news outlet that was told something, and the token after whoever was told."""
        tokens = sentence.tokens
        if at >= len(tokens):
            return None, at
        begin = at + 1 if tokens[at].lower == "the" and at + 1 < len(tokens) else at
        name = self._by_start.get(tokens[begin].start)
        if name is not None:
            outlet = (name.start, name.end) if name.kind[1] == "media" else None
            return outlet, sentence.at(name.end)
        if tokens[at].lower in ("him", "her", "them", "us", "me", "it", "you") or tokens[at].lower in OUTLET_WORDS:
            return None, at + 1
        phrase = noun_phrase(sentence, at, self._lexicon.nouns)
        if phrase is not None and self._lexicon.heads.get(phrase.head) in _SPEAKER_TYPES:
            return None, sentence.at(phrase.end)
        return None, at

    def _speaker_from(self, sentence: Sentence, at: int) -> tuple[int, int] | None:
        """The speaker whose words begin at a token: a name, else a noun phrase, else a pronoun."""
        tokens = sentence.tokens
        if at >= len(tokens):
            return None
        if tokens[at].lower in _SPEAKING_PRONOUNS:
            return tokens[at].start, tokens[at].end
        name = self._by_start.get(tokens[at].start)
        after = sentence.at(name.end) if name is not None else at
        ends = after >= len(tokens) or not tokens[after].is_word or tokens[after].lower in PREPOSITIONS
        if name is not None and ends:
            return name.start, name.end
        phrase = noun_phrase(sentence, at, self._lexicon.nouns, ("of", "at", "in", "for", "with", "from"))
        if phrase is None:
            return None
        span = self._shortest(phrase.start, phrase.end)
        if span is None:
            return None
        if self._by_start.get(span[0]) is None:
            following = re.match(r",\s+", self._page.folded[phrase.end : sentence.end])
            named = self._by_start.get(phrase.end + following.end()) if following else None
            if named is not None and named.kind[0] == "person" and self._lexicon.heads.get(phrase.head) == "person":
                return named.start, named.end
        return span

    def _after_appositives(self, sentence: Sentence, at: int) -> int:
        """The token where content may go on after "said Ordane, director of the hospital"."""
        tokens = sentence.tokens
        for i in range(at, len(tokens)):
            if tokens[i].text == '"':
                return i
        return len(tokens)

    def _subject(self, sentence: Sentence, i: int) -> tuple[tuple[int, int], int] | None:
        """The speaker before a cue, and where its clause begins (an offset)."""
        tokens = sentence.tokens
        at = i - 1
        while at >= 0 and tokens[at].lower in BE | MODAL | ADVERBS and tokens[at].lower != "'s":
            at -= 1
        at = self._before_time(sentence, at)
        if at >= 0 and tokens[at].text in (",", ")"):
            at = self._before_appositive(sentence, at)
        at = self._before_relative(sentence, at)
        if at < 0 or tokens[at].lower in ("and", "but", "or"):
            return None  # the subject is that of the verb before
        last = at
        named = self._by_end.get(tokens[last].end)
        if named is not None and named.kind[0] == "person":
            lead = tokens[sentence.at(named.start) - 1].lower if sentence.at(named.start) else ""
            if lead not in PREPOSITIONS and lead not in ("'s", "and"):
                return (named.start, named.end), self._clause_start(sentence, named.start)
        if tokens[last].lower in _SPEAKING_PRONOUNS:
            return (tokens[last].start, tokens[last].end), tokens[last].start
        while at >= 0:
            token = tokens[at]
            name = self._by_end.get(token.end)
            if name is not None:
                at = sentence.at(name.start) - 1
                continue
            if token.text == "." and at and tokens[at - 1].lower in TITLES | {"u.s"}:
                at -= 1
                continue
            if token.lower != "'s" and (
                not token.is_word
                or token.lower in _BREAKS
                or (is_verb(token) and token.text[0].islower() and at != last)
            ):
                break
            at -= 1
        verb = at if at >= 0 and is_verb(tokens[at]) else None
        first = at + 1
        while first <= last and tokens[first].lower in ADVERBS | {"and", "but", "or", "yet", "so"}:
            first += 1
        while first <= last and tokens[first].lower in PREPOSITIONS:
            phrase = noun_phrase(sentence, first + 1, self._lexicon.nouns)
            if phrase is not None and sentence.at(phrase.end) <= last:
                first = sentence.at(phrase.end)
            elif tokens[first].lower == "with":
                first += 1
            elif verb is not None and tokens[verb].lower.endswith("ing"):  # "a man speaking for the group"
                return self._before_participle(sentence, verb)
            else:
                return None
        if first > last:
            return None
        first = max([first, *(k for k in range(first + 1, last + 1)
                              if tokens[k].lower in DETERMINERS and tokens[k - 1].lower in _OBJECTS)])  # fmt: skip
        if tokens[first].lower in ("no", "nobody", "none", "few"):
            return None
        span = self._shortest(tokens[first].start, tokens[last].end)
        if span is None or not any(span == (n.start, n.end) for n in self._names):
            span = self._named_after(sentence, last, i) or span
        return (span, tokens[first].start) if span is not None else None

    def _clause_start(self, sentence: Sentence, start: int) -> int:
        """Where the words before a name begin that go with it: its title and article."""
        tokens = sentence.tokens
        first = sentence.at(start)
        while first and (tokens[first - 1].lower in TITLES | DETERMINERS or tokens[first - 1].text == "."):
            first -= 1
        return tokens[first].start

    def _before_relative(self, sentence: Sentence, at: int) -> int:
        """The token before "who": of "a man who said", and of "a man who saw the raid said"."""
        tokens = sentence.tokens
        while at > 0 and tokens[at].lower in ("there", "here"):
            at -= 1
        for k in range(at, max(0, at - 16), -1):
            if tokens[k].text in (",", ";", '"', ":"):
                return at
            if tokens[k].lower == "who" and (k == at or is_verb(tokens[k + 1]) or tokens[k + 1].lower in BE | MODAL):
                return k - 1
        return at

    def _named_after(self, sentence: Sentence, last: int, cue: int) -> tuple[int, int] | None:
        """The person's name of "the mayor, Ludine Varo, thought"."""
        tokens = sentence.tokens
        if last + 1 < cue and tokens[last + 1].text == ",":
            at = last + 2
            while at < cue and (tokens[at].lower in TITLES or tokens[at].text == "."):
                at += 1
            name = self._by_start.get(tokens[at].start) if at < cue else None
            if name is not None and name.kind[0] == "person":
                return name.start, name.end
        return None

    def _before_participle(self, sentence: Sentence, verb: int) -> tuple[tuple[int, int], int] | None:
        tokens = sentence.tokens
        for first in range(verb - 1, max(-1, verb - 6), -1):
            if tokens[first].lower in DETERMINERS:
                span = self._shortest(tokens[first].start, tokens[verb - 1].end)
                return (span, tokens[first].start) if span is not None else None
        return None

    def _before_time(self, sentence: Sentence, at: int) -> int:
        tokens = sentence.tokens
        if at >= 1 and tokens[at].lower in CALENDAR:
            return at - 2 if tokens[at - 1].lower in ("on", "last", "late", "early") else at - 1
        return at

    def _before_appositive(self, sentence: Sentence, comma: int) -> int:
        """The token before a stretch between commas or brackets that ends at a token."""
        tokens = sentence.tokens
        opening = "(" if tokens[comma].text == ")" else ","
        for at in range(comma - 1, max(-1, comma - 30), -1):
            if tokens[at].text != opening:
                continue
            if at and (
                tokens[at - 1].text.isdigit()
                or (tokens[at + 1].lower in ("who", "which", "whose") and tokens[at - 1].text.isdigit())
            ):
                continue
            return at - 1 if at and tokens[at - 1].is_word else -1
        return -1

    def _shortest(self, start: int, end: int) -> tuple[int, int] | None:
        """The mention that a speaker's words hold: the name if it is the head, else the phrase; None if nobody speaks."""
        text = self._page.folded
        name = self._by_end.get(end) or self._by_end.get(end - 2 if text[end - 2 : end] == "'s" else -1)
        if name is not None and name.start >= start:
            lead = text[start : name.start].lower().split()
            if name.kind[0] == "person" and not ({"for", "of", "by", "to", "with"} & set(lead)):
                return name.start, name.end
            if not (set(lead) & (PREPOSITIONS | {"and"})) and not any(w.endswith("'s") for w in lead):
                return name.start, name.end
        first = next((n for n in self._names if n.start >= start and n.end <= end), None)
        if (
            first is not None
            and text[start : first.start].strip().lower() in ("", "the")
            and re.match(r" (?:of|in|for|from|at)\b", text[first.end : end])
        ):
            return first.start, first.end
        words = re.findall(r"[\w'-]+", text[start:end].lower())
        if not words:
            return None
        cut = next((k for k, w in enumerate(words) if w in PREPOSITIONS and k), len(words))
        head = words[cut - 1]
        known = self._lexicon.kind(head) in _SPEAKER_TYPES or head in _DOCUMENTS or head in ("one", "others")
        return (start, end) if known else None

    def _each(self, speaker: tuple[int, int] | None) -> list[tuple[int, int]]:
        """The speakers of "two officers and an administrator", each by itself."""
        if speaker is None:
            return []
        start, end = speaker
        parts = []
        for match in re.finditer(r"\s+and\s+", self._page.folded[start:end]):
            parts.append((start, speaker[0] + match.start()))
            start = speaker[0] + match.end()
        spans = [found for part in [*parts, (start, end)] for found in [self._shortest(*part)] if found is not None]
        return spans if len(spans) == len(parts) + 1 else [speaker]


# --- who they are -------------------------------------------------------------------------------------------------

_CATEGORY = {
    "person": "individual",
    "people": "group",
    "armed_group": "organisation",
    "state_force": "organisation",
    "government": "organisation",
    "geopolitical": "organisation",
    "facility": "organisation",
    "organisation": "organisation",
}
_AFFILIATION: list[tuple[str, str]] = [
    ("police", r"police\w*|constable|detectives?|inspector|superintendent"),
    ("military", r"army|military|soldiers?|navy|naval|troops|coalition|nato|idf|air force|forces|general|colonel|marines?"),
    ("medical", r"doctors?|hospital|nurses?|medics?|surgeons?|medical|health workers?|clinic"),
    ("witness_or_victim", r"witness(?:es)?|eyewitness(?:es)?|residents?|villagers?|survivors?|relatives?|neighbou?rs?|passengers?|"
     r"shopkeepers?|father|mother|brother|sister|son|daughter|mourners?"),
    ("media", r"newspaper|broadcaster|news agency|journalists?|reporters?|website"),
    ("government", r"minist\w+|government|mayor|governor|president\w*|officials?|prosecutor\w*|judge|spokes\w+ for the govern\w+|"
     r"ambassador|envoy|parliament|authorit\w+|embassy"),
    ("academic", r"professors?|university|researchers?|academics?"),
    ("ngo", r"charity|aid workers?|human rights|activists?|relief"),
    ("armed_group", r"rebels?|militants?|militia|insurgents?|brigade|gang|fighters?|commander"),
    ("company", r"company|firm|owner|manager"),
    ("party", r"party|politicians?"),
]  # fmt: skip
_UNIQUE = frozenset("police ministry government army military council cabinet court parliament company".split())


class Speakers:
    """The sources of one article: one for each speaker, whatever the words for it."""

    def __init__(self, page: Page, cast: Cast, lexicon: Lexicon) -> None:
        self._page = page
        self._cast = cast
        self._lexicon = lexicon
        self._sources: dict[str, tuple[str, str, str, str | None]] = {}
        self._mentions: dict[str, list[tuple[int, int]]] = {}
        self._keys: dict[str, str] = {}
        self._order: list[str] = []

    def source(self, start: int, end: int) -> str | None:
        """The id of the source whose words these are; None for a pronoun that refers to nobody here."""
        words = self._page.folded[start:end]
        lower = words.lower()
        if lower in _SPEAKING_PRONOUNS:
            found = self._antecedent(start, lower)
            if found is None:
                return None
            entity = self._sources[found][3] if found in self._sources else None
            if entity is not None:
                self._cast.pronoun(start, end, entity)
            return self._mentioned(found, start, end)
        head = self._head(lower)
        if head in _DOCUMENTS and self._cast.at(start, end) is None:
            naming = "anonymous" if head == "reports" else "role_only"
            category = "dataset_or_poll" if head in ("poll", "survey") else "document"
            return self._mentioned(
                self._make(f"document:{lower}", category, naming, self._affiliation(lower), None), start, end
            )
        entity = self._cast.at(start, end)
        if entity is None:
            kind = self._lexicon.kind(head) or ("people" if head.endswith("s") else "person")
            definite = lower.startswith(("the ", "its ", "his ", "her ", "their ")) or head in _UNIQUE
            entity = self._cast.nominal(start, end, kind, head, definite)
        type = self._cast.type_of(entity)
        named = self._cast.is_named(entity)
        media = self._cast.subtype_of(entity) == "media"
        category = "media_outlet" if media else _CATEGORY.get(type, "organisation")
        definite = lower.startswith(("the ", "its ")) or head in _UNIQUE
        naming = "named" if named else "role_only" if definite else "anonymous"
        return self._mentioned(
            self._make(f"entity:{entity}", category, naming, self._by_entity(entity, lower), entity), start, end
        )

    def entity_of(self, id: str) -> str | None:
        """The entity of a source."""
        return self._sources[id][3]

    def records(self) -> list[Source]:
        """The sources as records, in the order in which they first speak."""
        text = self._page.text
        made = []
        for id in self._order:
            category, naming, affiliation, entity = self._sources[id]
            spans = [Span(a, b, text[a:b]) for a, b in sorted(set(self._mentions[id]))]
            made.append(
                Source(id=id, category=category, naming=naming, affiliation=affiliation, entity=entity, mentions=spans)  # type: ignore[arg-type]
            )
        return made

    def _make(self, key: str, category: str, naming: str, affiliation: str, entity: str | None) -> str:
        if key not in self._keys:
            id = f"s{len(self._keys) + 1}"
            self._keys[key] = id
            self._sources[id] = (category, naming, affiliation, entity)
            self._mentions[id] = []
        return self._keys[key]

    def _mentioned(self, id: str, start: int, end: int) -> str:
        self._mentions[id].append((start, end))
        if id not in self._order:
            self._order.append(id)
        return id

    def _antecedent(self, start: int, pronoun: str) -> str | None:
        wanted = {
            "he": ("individual",), "she": ("individual",), "i": ("individual",), "it": ("organisation", "document", "media_outlet"),
            "they": ("group", "organisation"), "we": ("group", "organisation"),
        }[pronoun]  # fmt: skip
        types = {
            "he": ("person",), "she": ("person",), "i": ("person",), "it": ("armed_group", "state_force", "government", "organisation"),
            "they": ("people", "armed_group", "organisation"), "we": ("people", "armed_group", "organisation"),
        }[pronoun]  # fmt: skip
        spoken = [
            (a, id) for id in self._order for a, _ in self._mentions[id] if a < start and self._sources[id][0] in wanted
        ]
        near = self._page.sentences[max(0, self._page.sentence_at(start).index - 1)].start
        fresh = self._cast.last(start, types, near)
        if spoken and (max(spoken)[0] >= near or fresh is None):
            return max(spoken)[1]
        if fresh is None:
            return None
        category = "individual" if types == ("person",) else _CATEGORY[self._cast.type_of(fresh)]
        naming = "named" if self._cast.is_named(fresh) else "anonymous"
        return self._make(f"entity:{fresh}", category, naming, self._by_entity(fresh, ""), fresh)

    def _head(self, lower: str) -> str:
        words = re.findall(r"[\w'-]+", lower)
        cut = next((k for k, w in enumerate(words) if w in PREPOSITIONS and k), len(words))
        return words[cut - 1] if words else ""

    def _by_entity(self, entity: str, words: str) -> str:
        type, subtype = self._cast.type_of(entity), self._cast.subtype_of(entity)
        by_subtype = {"media": "media", "intergovernmental": "intergovernmental", "ngo": "ngo", "think_tank": "think_tank",
                      "company": "company", "party": "party"}  # fmt: skip
        if subtype in by_subtype:
            return by_subtype[subtype]
        if type == "armed_group":
            return "armed_group"
        if type in ("government", "geopolitical"):
            return "government"
        around = ""
        if type == "person":
            low, high = self._cast.mentions_of(entity)[0]
            sentence = self._page.sentence_at(low)
            before = self._page.folded[max(sentence.start, low - 40) : low]
            after = re.match(r",\s[^,.]*", self._page.folded[high : sentence.end])
            around = re.split(r"[,.;]", before)[-1] + " " + (after.group() if after else "")
        return self._affiliation(f"{words} {self._cast.name_of(entity)} {around}".lower())

    def _affiliation(self, words: str) -> str:
        found = [
            (m.start(), name) for name, pattern in _AFFILIATION for m in [re.search(rf"\b(?:{pattern})\b", words)] if m
        ]
        return min(found)[1] if found else "unknown"


def nested(statements: list[Statement]) -> Iterator[tuple[int, int]]:
    """Pairs `(inner, outer)` of statements: the smallest content that holds the inner's cue and content."""
    for i, inner in enumerate(statements):
        holders = [
            (high - low, j)
            for j, outer in enumerate(statements)
            if j != i
            for low, high in outer.contents
            if low <= inner.cue[0] < high and all(low <= a and b <= high for a, b in inner.contents)
        ]
        if holders:
            yield i, min(holders)[1]
