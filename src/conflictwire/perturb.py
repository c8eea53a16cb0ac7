"""Copies of articles with something changed and the gold carried along: they tell reading from recall.

A system that read the article reads its copy as well; one that remembers it, or leans on one way of
writing, does worse. Each kind changes one thing: `figures` the numbers, `spelled` how they are
written, `names` who and where, `attributions` the order of speaker and statement. Knows texts, spans
and claims; nothing of scores.
"""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conflictwire import numerals
from conflictwire import text as texts
from conflictwire.model import Article, Json, article_from_json, iter_spans, to_json

FACTORS = (2, 3, 4, 6, 7)
MOST_IN_WORDS = 12  # above it a newspaper prints digits, except where a sentence begins


@dataclass(frozen=True)
class Piece:
    """A stretch `[start, end)` of the old text; in the new one it reads `text`, or as before where that is None."""

    start: int
    end: int
    text: str | None = None


class _Torn(Exception):
    """A span would be torn apart: its stretches do not stand together in the new text."""


def rebuilt(record: Json, pieces: list[Piece]) -> Json:
    """A copy of an article in JSON form whose text is made of `pieces`, in their order, all spans carried along.

    Raises:
        _Torn: a span begins or ends inside a rewritten stretch, or its pieces no longer stand together.
    """
    copy: Json = json.loads(json.dumps(record))
    old: str = record["text"]
    words = [old[p.start : p.end] if p.text is None else p.text for p in pieces]
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    by_start = sorted((p.start, p.end, i) for i, p in enumerate(pieces) if p.end > p.start)
    new = "".join(words)
    for path, container, key in iter_spans(copy):
        try:
            start, end = _carried(container[key], pieces, by_start, offsets)
        except _Torn:
            if not path.endswith(".head"):
                raise
            span = container["span"]  # which stands before its head, and is carried already
            start, end = texts.derive_head(new, span["start"], span["end"], container["kind"])
        container[key] = {"start": start, "end": end, "text": new[start:end]}
    copy["text"] = new
    copy["segments"] = texts.segment_hashes(new)
    if copy["title"] == old.split("\n")[0]:
        copy["title"] = new.split("\n")[0]
    return copy


def _carried(
    span: Json, pieces: list[Piece], by_start: list[tuple[int, int, int]], offsets: list[int]
) -> tuple[int, int]:
    """Where a span stands in the new text; `by_start` are the pieces by their old places, `offsets` the new ones."""
    covered = [row for row in by_start if row[0] < span["end"] and span["start"] < row[1]]
    order = [i for _, _, i in covered]
    if order != sorted(order) or any(pieces[i].text for i in range(order[0], order[-1]) if i not in order):
        raise _Torn
    first, last = pieces[order[0]], pieces[order[-1]]
    begins_inside = first.text is not None and span["start"] != first.start
    if begins_inside or (last.text is not None and span["end"] != last.end):
        raise _Torn
    start = offsets[order[0]] + span["start"] - first.start
    end = offsets[order[-1] + 1] if last.text is not None else offsets[order[-1]] + span["end"] - last.start
    return start, end


def _with_edits(record: Json, edits: Iterable[Piece]) -> Json:
    """`rebuilt` with stretches rewritten in place."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda e: e.start):
        pieces += [Piece(at, edit.start), edit]
        at = edit.end
    return rebuilt(record, [*pieces, Piece(at, len(record["text"]))])


def _at_sentence_start(text: str, at: int) -> bool:
    return bool(re.search(r"(?:\A|\n|[.!?][”\"']? |[-–—] )\Z", text[max(0, at - 4) : at]))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


# ---- figures ------------------------------------------------------------------------------------------


def figures(article: Article, seed: int = 0) -> Article:
    """Every figure multiplied by one whole number a story, so that sums, parts and order stay true.

    Left alone: ones and noughts (their nouns are singular), shares, fractions, vague and implicit figures, and all
    figures that a relation ties to one that cannot be changed.
    """
    factor = _random(seed, article.story).choice(FACTORS)
    record = to_json(article)
    edits: list[Piece] = []
    changed_values: set[Decimal] = set()
    for group in _related(record["claims"]):
        changed = [(claim, _multiplied(record["text"], claim, factor)) for claim in group]
        sums = any(r["type"] == "sum_of" for claim in group for r in claim["relations"])
        if any(new is None for _, new in changed) or (sums and any(not new for claim, new in changed)):
            continue
        for claim, new in changed:
            edits += new or []
            if new:
                changed_values.update(map(Decimal, claim["values"]))
                claim["values"] = [numerals.decimal_string(Decimal(v) * factor) for v in claim["values"]]
    edits += _pointing_back(record, changed_values, factor)
    return article_from_json(_with_edits(record, _once(edits)))


def _pointing_back(record: Json, values: set[Decimal], factor: int) -> Iterator[Piece]:
    """Numbers that are no claims because they only point back to one ("the 23", "the two men")."""
    text: str = record["text"]
    taken = [(c["span"]["start"], c["span"]["end"]) for c in record["claims"]]
    for number in numerals.numbers(text):
        pointing = re.search(
            r"\b(?:the|these|those|all|other)\s\Z", text[max(0, number.start - 8) : number.start], re.I
        )
        free = not any(start < number.end and number.start < end for start, end in taken)
        if pointing and free and number.value in values:
            yield Piece(number.start, number.end, _times(text, number, factor))


def _once(edits: list[Piece]) -> list[Piece]:
    return sorted(set(edits), key=lambda e: e.start)


def _related(claims: list[Json]) -> Iterator[list[Json]]:
    """The claims in groups that relations tie together."""
    group = {c["id"]: {c["id"]} for c in claims}
    for claim in claims:
        for relation in claim["relations"]:
            if relation["target"] in group:
                both = group[claim["id"]] | group[relation["target"]]
                for member in both:
                    group[member] = both
    seen: set[str] = set()
    for claim in claims:
        if claim["id"] not in seen:
            seen |= group[claim["id"]]
            yield [c for c in claims if c["id"] in group[claim["id"]]]


def _multiplied(text: str, claim: Json, factor: int) -> list[Piece] | None:
    """The edits that multiply a figure; none for one that stays; None for one that cannot be changed."""
    if claim["form"] not in ("numeral", "range"):
        return [] if claim["form"] in ("vague", "implicit", "zero") else None
    if claim["measure"] == "share":
        return None
    if all(Decimal(v) in (0, 1) for v in claim["values"]):
        return []
    start, words = claim["span"]["start"], claim["span"]["text"]
    found = list(numerals.numbers(words))[: len(claim["values"])]
    found = [numerals.Number(start + n.start, start + n.end, n.value) for n in found]
    edits = [Piece(n.start, n.end, _times(text, n, factor)) for n in found]
    rest = words
    for number, edit in zip(reversed(found), reversed(edits), strict=True):
        rest = rest[: number.start - start] + (edit.text or "") + rest[number.end - start :]
    read = numerals.parse(rest)
    wanted = tuple(numerals.decimal_string(Decimal(v) * factor) for v in claim["values"])
    same = read and (read.values, read.form, read.bound, read.approximation) == (
        wanted,
        claim["form"],
        claim["bound"],
        claim["approximation"],
    )
    return edits if same else None


def _times(text: str, number: numerals.Number, factor: int) -> str:
    """A number multiplied, in the manner in which it is printed: digits, digits and a scale, or words."""
    printed = text[number.start : number.end]
    digits = re.match(r"[\d.,]*\d", printed)
    if digits:
        leading = Decimal(digits.group().replace(",", "")) * factor
        return f"{leading.normalize():,f}" + printed[digits.end() :]
    product = number.value * factor
    first = _at_sentence_start(text, number.start)
    if product != int(product) or product >= 1000 or (product > MOST_IN_WORDS and not first):
        return f"{product.normalize():,f}"
    words = numerals.spelled(int(product))
    return _capital(words) if printed[:1].isupper() else words


# ---- spelled ------------------------------------------------------------------------------------------

_BARE = re.compile(r"(?<![$€£\d.,])\d{1,2}(?![\d%]|[.,]\d)")
_NOT_SPELLED = ("money", "share", "distance", "area")


def spelled(article: Article, seed: int = 0) -> Article:
    """Figures below a hundred that are printed in digits, in words."""
    record = to_json(article)
    edits = []
    for claim in record["claims"]:
        if claim["form"] not in ("numeral", "range") or claim["measure"] in _NOT_SPELLED:
            continue
        start, words = claim["span"]["start"], claim["span"]["text"]
        new = [
            Piece(start + m.start(), start + m.end(), numerals.spelled(int(m.group()))) for m in _BARE.finditer(words)
        ]
        rest = _BARE.sub(lambda m: numerals.spelled(int(m.group())), words)
        if numerals.parse(rest) == numerals.parse(words):
            edits += [
                Piece(e.start, e.end, _capital(e.text or "")) if _at_sentence_start(record["text"], e.start) else e
                for e in new
            ]
    return article_from_json(_with_edits(record, _once(edits)))


# ---- names --------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that say what a thing is rather than which one: they stay.
_GENERIC = frozenset(
    "academy agency air airport alliance army assembly assize association authority bank banner barracks base battalion bay border "
    "bridge brigade brotherhood bureau camp canal capital centre center central channel church city civil coalition coast college "
    "command commission committee company congress corps council court creek cross culture defence defense democratic department "
    "directorate district east eastern embassy federal federation ferry fleet force forces foreign ford forest fort forum foundation "
    "front gate gazette general government governorate group guard gulf harbour harbor head health high hill hospital hotel house "
    "human initiative institute intelligence interior international island islands islamic joint justice lake league ledger liberation "
    "line lines market marine marines mayor media medical military mine ministry mirror mission mosque mount mountain movement museum "
    "national nations naval navy network new news north northern observatory office old operation order organisation organization "
    "parliament party pass patrol peace people point police port post presidency president press prison province public quay radio "
    "railway red regiment region register relief republic resistance revolutionary rights river road saint school sea security senate "
    "service services society south southern special square staff state states station strait street supreme task the times tower town "
    "transport tribunal troops tunnel union united university upper village watch water west western white world".split()
)
_ONSETS = "b br d dr f g gr h k kr l m n p r s st t tr v w z".split()
_VOWELS = "a e i o u ai ea ou".split()
_CODAS = "l n r s m nd rk sh st th ll rn".split()


def names(article: Article, seed: int = 0) -> Article:
    """Each proper name replaced by an invented one, everywhere in the article, its generic words kept.

    One word becomes one word, so that "Hessa Marune" and "Marune" stay one person, and a word that
    begins with another ("Ordanian", "Ordania") keeps its ending. The knowledge base knows nobody of them.
    """
    record = to_json(article)
    text: str = record["text"]
    common = {w.lower() for w in _WORD.findall(text) if w.islower()} | _GENERIC
    called = [
        name
        for e in record["entities"]
        if any(m["kind"] == "name" for m in e["mentions"])
        for name in (e["name"], *e["aliases"], *(m["span"]["text"] for m in e["mentions"] if m["kind"] == "name"))
    ]
    proper = {w.lower() for name in called for w in _WORD.findall(name) if w[0].isupper()} - common
    renamed = _renamed(proper, _random(seed, article.story))

    def changed(words: str) -> str:
        return _WORD.sub(lambda m: _in_case_of(m.group(), renamed.get(m.group().lower())), words)

    edits = [
        Piece(m.start(), m.end(), _in_case_of(m.group(), renamed[m.group().lower()]))
        for m in _WORD.finditer(text)
        if m.group().lower() in renamed and m.group()[0].isupper()
    ]
    for entity in record["entities"]:
        entity.update(name=changed(entity["name"]), aliases=[changed(a) for a in entity["aliases"]], kb=None)
    return article_from_json(_with_edits(record, edits))


def _renamed(words: set[str], choice: random.Random) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for word in sorted(words, key=lambda w: (len(w), w)):
        stem = next((s for s in renamed if len(s) >= 4 and word.startswith(s) and len(word) - len(s) <= 5), None)
        if stem:
            renamed[word] = renamed[stem] + word[len(stem) :]
            continue
        while word not in renamed:
            parts = (_ONSETS, _VOWELS, _CODAS, _VOWELS, _CODAS) if len(word) > 4 else (_ONSETS, _VOWELS, _CODAS)
            made = "".join(choice.choice(part) for part in parts)
            if made not in words and made not in renamed.values():
                renamed[word] = made
    return renamed


def _in_case_of(old: str, new: str | None) -> str:
    if new is None or old.islower():
        return old
    return new.upper() if old.isupper() and len(old) > 1 else _capital(new)


# ---- attributions -------------------------------------------------------------------------------------


def attributions(article: Article, seed: int = 0) -> Article:
    """Speaker and statement change places: "Six died, the mayor said" and "The mayor said that six died"."""
    record = to_json(article)
    for number in range(len(record["attributions"])):
        order = _reordered(record, record["attributions"][number])
        if order:
            try:
                record = rebuilt(record, order)
            except _Torn:
                continue  # another statement or mention spans both halves
    return article_from_json(record)


_SAYING = frozenset("said says announced reported stated added claimed wrote confirmed concluded".split())


def _reordered(record: Json, attribution: Json) -> list[Piece] | None:
    text: str = record["text"]
    if len(attribution["content"]) != 1 or len(attribution["cue"]) != 1 or not attribution["source_span"]:
        return None
    if attribution["mode"] != "indirect":
        return None
    content, cue, source = attribution["content"][0], attribution["cue"][0], attribution["source_span"]
    if cue["text"] not in _SAYING:  # "denied that", "told the court that" do not follow what is said
        return None
    after = re.match(r", ", text[content["end"] :])
    if (
        after
        and content["end"] + 2 <= source["start"] < cue["start"]
        and text[cue["end"] : cue["end"] + 1] == "."
        and _at_sentence_start(text, content["start"])
        and _is_plain(text[content["end"] + 2 : cue["end"]])
    ):
        said = (content["end"] + 2, cue["end"])
        head = [*_cased(record, *said, up=True), Piece(said[1], said[1], " that ")]
        middle = _cased(record, content["start"], content["end"], up=False)
        return [Piece(0, content["start"]), *head, *middle, Piece(cue["end"], len(text))]
    link = re.match(r" (?:that )?", text[cue["end"] :])
    begin = _sentence_start(text, source["start"])
    alone = not any(
        span["start"] < cue["end"] and begin < span["end"]
        for other in record["attributions"]
        if other is not attribution
        for span in (*other["cue"], *other["content"])
        if span["end"] < content["end"]
    )
    if (
        link
        and alone
        and " and that " not in content["text"]
        and source["end"] <= cue["start"]
        and cue["end"] + link.end() == content["start"]
        and text[content["end"] : content["end"] + 1] == "."
        and _is_plain(text[begin : cue["end"]])
    ):
        head = [*_cased(record, content["start"], content["end"], up=True), Piece(cue["end"], cue["end"], ", ")]
        tail = _cased(record, begin, cue["end"], up=False)
        return [Piece(0, begin), *head, *tail, Piece(content["end"], len(text))]
    return None


def _is_plain(words: str) -> bool:
    return not re.search(r"[,;:()“”\"\n–—]", words)


def _sentence_start(text: str, at: int) -> int:
    starts = re.finditer(r"\A|\n|[.!?][”\"']? (?=[A-Z“\"])|[–—] |-- ", text[: at + 1])  # one more, to look ahead at
    return [m.end() for m in starts if m.end() <= at][-1]


def _cased(record: Json, start: int, end: int, up: bool) -> list[Piece]:
    """A stretch whose first letter is set for its new place: a name keeps its capital."""
    text: str = record["text"]
    first = text[start]
    named = any(
        m["kind"] == "name" and m["span"]["start"] == start for e in record["entities"] for m in e["mentions"]
    ) or re.match(r"I\b|[A-Z]{2}", text[start:end])
    new = first.upper() if up else first if named else first.lower()
    return [Piece(start, end)] if new == first else [Piece(start, start + 1, new), Piece(start + 1, end)]


def _random(seed: int, story: str) -> random.Random:
    return random.Random(hashlib.sha256(f"{seed}:{story}".encode()).digest())


KINDS: dict[str, Callable[[Article, int], Article]] = {
    "figures": figures,
    "spelled": spelled,
    "names": names,
    "attributions": attributions,
}


def perturb(kind: str, articles: Iterable[Article], seed: int = 0) -> Iterator[Article]:
    """The articles changed in one way, under their own ids; those without text are passed over.

    Args:
        kind: one of `KINDS`.
        articles: the gold.
        seed: another seed chooses other numbers and names; one seed always the same.
    """
    change: Any = KINDS[kind]
    for article in articles:
        if article.text is not None:
            yield change(article, seed)
