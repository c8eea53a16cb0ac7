"""What ties spans together, learned: multinomial logistic regressions over features that are words.

Trained with scikit-learn; kept as JSON and applied with numpy alone, so that a model file is data and
never code. Each task has one function that says what is seen of an item, used in training and after.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from conflictwire import casualties
from conflictwire.casualties import Figure
from conflictwire.extractors.trained import data
from conflictwire.extractors.trained.data import Labelled
from conflictwire.model import Article, Json
from conflictwire.reading import BE, DETERMINERS, Page, Token

Seen = list[str]
NONE = "none"
BACK = 30  # mentions before one among which its antecedent is looked for
NEAR = 3  # sentences within which a figure's event or another figure is looked for
SHARPNESS = 3.0  # inverse strength of the penalty on weights, by cross-validation over train stories
RARE = 2  # features seen in fewer items than this are not learned


class Choice:
    """One learned choice between labels."""

    def __init__(self, labels: list[str], words: dict[str, int], weights: Any, biases: Any) -> None:
        self.labels, self._words, self._weights, self._biases = labels, words, weights, biases

    @classmethod
    def train(cls, items: Iterable[tuple[Seen, str]]) -> "Choice":
        """Learns from what was seen and what was right."""
        import numpy as np
        from scipy.sparse import csr_matrix

        seen, right = [], []
        for features, label in items:
            seen.append(features)
            right.append(label)
        labels = sorted(set(right)) or [NONE]
        counts: dict[str, int] = {}
        for features in seen:
            for word in set(features):
                counts[word] = counts.get(word, 0) + 1
        words = {w: i for i, w in enumerate(sorted(w for w, n in counts.items() if n >= RARE))}
        if len(labels) == 1 or not words:
            return cls(labels[:1], {}, np.zeros((1, 0)), np.zeros(1))
        from sklearn.linear_model import LogisticRegression

        rows = [sorted({words[w] for w in features if w in words}) for features in seen]
        indices = np.fromiter((i for row in rows for i in row), dtype=np.int64)
        ends = np.cumsum([0, *map(len, rows)])
        matrix = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(rows), len(words)))
        model = LogisticRegression(C=SHARPNESS, max_iter=300).fit(matrix, right)
        weights, biases = model.coef_, model.intercept_
        if len(labels) == 2:  # one row stands for the second label
            weights, biases = np.vstack([-weights / 2, weights / 2]), np.array([-biases[0] / 2, biases[0] / 2])
        return cls(list(model.classes_), words, weights, biases)

    def probabilities(self, seen: Seen) -> dict[str, float]:
        """How likely each label is."""
        import numpy as np

        known = sorted({self._words[w] for w in seen if w in self._words})
        scores = self._biases + self._weights[:, known].sum(axis=1)
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def best(self, seen: Seen) -> str:
        """The likeliest label."""
        found = self.probabilities(seen)
        return max(found, key=lambda label: (found[label], label))

    def chance(self, seen: Seen, label: str = "yes") -> float:
        """How likely one label is."""
        return self.probabilities(seen).get(label, 0.0)

    def to_json(self) -> Json:
        """The model as plain data, weights to four decimals."""
        return {
            "labels": self.labels,
            "words": list(self._words),
            "weights": [[round(w, 4) for w in row] for row in self._weights.tolist()],
            "biases": self._biases.tolist(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Choice":
        """A model from plain data."""
        import numpy as np

        words = {w: i for i, w in enumerate(value["words"])}
        weights = np.array(value["weights"], dtype=float).reshape(len(value["labels"]), len(words))
        return cls(value["labels"], words, weights, np.array(value["biases"], dtype=float))


class View:
    """A page with what the tasks look at: tokens in one row, figures by the grammar."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tokens: list[Token] = [t for s in page.sentences for t in s.tokens]
        self._starts = [t.start for t in self.tokens]
        self.figures: list[Figure] = casualties.find(page)

    def index(self, offset: int) -> int:
        """Index of the first token at or after an offset."""
        from bisect import bisect_left

        return bisect_left(self._starts, offset)

    def sentence(self, offset: int) -> int:
        """Index of the sentence that holds an offset."""
        return self.page.sentence_at(offset).index

    def words(self, start: int, end: int) -> list[str]:
        """The tokens in a stretch, in lower case."""
        return [t.lower for t in self.tokens[self.index(start) : self.index(end)]]

    def figure(self, span: Labelled) -> Figure | None:
        """The figure that the grammar reads at a span."""
        return next((f for f in self.figures if f.start < span.end and span.start < f.end), None)

    def around(self, span: Labelled, reach: int = 4) -> Seen:
        """The words before and after a span, nearest first, and all of them as a bag."""
        low, high = self.index(span.start), self.index(span.end)
        before = [t.lower for t in self.tokens[max(0, low - reach) : low]][::-1]
        after = [t.lower for t in self.tokens[high : high + reach]]
        return [
            *(f"<{n}={w}" for n, w in enumerate(before)),
            *(f">{n}={w}" for n, w in enumerate(after)),
            *(f"near={w}" for w in {*before, *after}),
        ]

    def between(self, a: Labelled, b: Labelled) -> Seen:
        """The way from one span to another: order, distance, words and marks between."""
        first, second = (a, b) if a.start <= b.start else (b, a)
        words = self.words(first.end, second.start)
        return [
            f"order={'ab' if first is a else 'ba'}",
            f"distance={_bucket(len(words))}",
            f"sentences={min(3, self.sentence(second.start) - self.sentence(first.start))}",
            f"inside={first.end >= second.end}",
            *(f"between={w}" for w in set(words[:12])),
            *([f"path={' '.join(words)}"] if len(words) <= 3 else []),
        ]


def _bucket(number: int) -> str:
    return str(number) if number < 4 else "4-6" if number < 7 else "7-12" if number < 13 else "13+"


# ---- what is seen ------------------------------------------------------------------------------------


def see_mention(view: View, mention: Labelled) -> Seen:
    """A mention: its words and what stands before it."""
    words = view.page.text[mention.start : mention.end].split()
    return [
        f"label={mention.label}",
        f"first={words[0].lower()}",
        f"last={words[-1].lower()}",
        f"determiner={words[0].lower() in DETERMINERS}",
        f"capitals={sum(w[:1].isupper() for w in words)}/{len(words)}",
        f"lower={any(w.islower() for w in words)}",
        f"digit={any(c.isdigit() for c in words[0])}",
    ]


def see_type(view: View, mention: Labelled) -> Seen:
    """A mention's words and neighbours, without a type."""
    words = view.page.text[mention.start : mention.end].lower().split()
    head = head_of(view, mention)
    kind = _kind(view, mention)
    return [
        f"head={head}", f"end={head[-3:]}", f"kind={kind}", *(f"word={w}" for w in words), f"words={min(4, len(words))}|{kind}",
        *(f"end={w[-3:]}" for w in words), f"digit={words[0][:1].isdigit()}", *view.around(mention, 2),
    ]  # fmt: skip


def see_kind_of_event(view: View, trigger: Labelled) -> Seen:
    """A trigger's words, their beginning and the words of its sentence, without a type."""
    word = view.page.text[trigger.start : trigger.end].lower()
    sentence = view.page.sentence_at(trigger.start)
    return [
        *([f"word={word}", f"stem={word[:4]}", f"stem={word[:5]}"] * 3), f"end={word[-3:]}", *(f"with={t.lower}" for t in sentence.tokens),
        *view.around(trigger, 2),
    ]  # fmt: skip


def head_of(view: View, mention: Labelled) -> str:
    """The last word before the first preposition, in lower case."""
    from conflictwire.text import derive_head

    start, end = derive_head(view.page.text, mention.start, mention.end, "nominal")
    return view.page.text[start:end].lower()


def see_pair(view: View, one: Labelled, other: Labelled, apart: int) -> Seen:
    """A mention `other` and one before it, `apart` mentions away."""
    a, b = (view.page.text[m.start : m.end].lower() for m in (one, other))
    ha, hb = head_of(view, one), head_of(view, other)
    wa, wb = set(a.split()) - DETERMINERS, set(b.split()) - DETERMINERS
    kinds = "/".join(_kind(view, m) for m in (one, other))
    same = a == b
    return [
        f"kinds={kinds}",
        f"labels={one.label}/{other.label}",
        f"same={same}|{kinds}",
        f"heads={ha == hb}|{kinds}",
        f"inside={bool(wa and wb) and (wa <= wb or wb <= wa)}|{kinds}",
        f"share={bool(wa & wb)}|{kinds}",
        f"apart={_bucket(apart)}|{kinds}",
        f"sentences={min(3, view.sentence(other.start) - view.sentence(one.start))}|{kinds}",
        f"pronoun={b if other.label == 'pronoun' else '-'}|{one.label}",
        f"pronouns={a if one.label == 'pronoun' else '-'}|{b if other.label == 'pronoun' else '-'}",
        f"nested={one.start <= other.start and other.end <= one.end}",
        f"definite={b.split()[0] in ('the', 'this', 'these', 'its', 'their') if b else False}|{_kind(view, one)}|{one.label}",
        f"prefix={min(len(a), len(b)) >= 4 and (a[:4] == b[:4])}|{kinds}",
        f"digits={any(c.isdigit() for c in b)}",
    ]


def _kind(view: View, mention: Labelled) -> str:
    if mention.label == "pronoun":
        return "pronoun"
    words = view.page.text[mention.start : mention.end].split()
    return "name" if all(w[:1].isupper() or not w[:1].isalpha() for w in words) else "nominal"


def see_trigger(view: View, trigger: Labelled) -> Seen:
    """A trigger in its sentence."""
    return [
        f"type={trigger.label}",
        f"word={view.page.text[trigger.start : trigger.end].lower()}",
        *view.around(trigger, 5),
    ]


def see_triggers(view: View, one: Labelled, other: Labelled) -> Seen:
    """Two triggers, of one event or of two."""
    a, b = (view.page.text[t.start : t.end].lower() for t in (one, other))
    before = view.words(max(0, other.start - 20), other.start)[-1:]
    apart = view.sentence(other.start) - view.sentence(one.start)
    return [
        f"types={one.label}/{other.label}" if one.label != other.label else "types=same",
        f"type={other.label}",
        f"words={a}/{b}",
        f"stem={a[:4] == b[:4]}",
        f"sentences={min(apart, 6)}",
        f"same={one.label == other.label}|{min(apart, 4)}",
        f"before={before[0] if before else ''}",
        f"before={before[0] if before else ''}|{one.label == other.label}",
    ]


def see_role(view: View, trigger: Labelled, mention: Labelled) -> Seen:
    """A mention in a trigger's sentence."""
    before = view.words(max(0, mention.start - 25), mention.start)[-2:]
    word = view.page.text[trigger.start : trigger.end].lower()
    passive = bool(BE & set(view.words(max(0, trigger.start - 16), trigger.start)))
    way = view.between(trigger, mention)
    kind = f"{trigger.label}|{mention.label}"
    return [
        f"kind={kind}",
        f"major={trigger.label.split('.')[0]}|{mention.label}",
        f"word={word}|{mention.label}",
        f"head={head_of(view, mention)}",
        f"passive={passive}|{way[0]}",
        f"before={' '.join(before)}",
        f"before={before[-1] if before else ''}|{trigger.label.split('.')[0]}",
        f"before={before[-1] if before else ''}|{mention.label}",
        *way,
        *(f"{w}|{mention.label}" for w in way[:3]),
        f"{way[0]}|{kind}",
    ]


def see_figure(view: View, claim: Labelled) -> Seen:
    """A figure, what the grammar reads in it, and the words about it."""
    figure = view.figure(claim)
    read = []
    if figure:
        counted = view.page.text[figure.counted.start : figure.counted.end].lower().split() if figure.counted else []
        read = [
            f"measure={figure.measure}", f"unit={figure.unit}", f"role={figure.role}", f"status={figure.status}",
            f"role={figure.role}|{figure.measure}", f"counted={counted[-1] if counted else ''}", *(f"noun={w}" for w in counted),
        ]  # fmt: skip
    sentence = view.page.sentence_at(claim.start)
    words = {t.lower for t in sentence.tokens if abs(t.start - claim.start) < 80}
    return [
        *read,
        *(f"own={w}" for w in view.words(claim.start, claim.end)),
        *view.around(claim, 5),
        *(f"with={w}" for w in words),
        f"quoted={view.page.quotation_at(claim.start) is not None}",
    ]


def see_scope(view: View, claim: Labelled, trigger: Labelled) -> Seen:
    """A figure and a trigger that may tell its event."""
    figure = view.figure(claim)
    measure = figure.measure if figure else NONE
    major = trigger.label.split(".")[0]
    way = view.between(claim, trigger)
    word = view.page.text[trigger.start : trigger.end].lower()
    return [
        f"{measure}|{trigger.label}",
        f"{measure}|{major}",
        f"{measure}|{word}",
        *way,
        f"{way[0]}|{way[1]}",
        *(f"{w}|{measure}" for w in way[:3]),
    ]


def see_figures(view: View, one: Labelled, other: Labelled) -> Seen:
    """A figure `other` and one before it."""
    a, b = view.figure(one), view.figure(other)
    measures = f"{a.measure if a else NONE}/{b.measure if b else NONE}"
    values = "?"
    if a and b and a.values and b.values:
        x, y = float(a.values[0]), float(b.values[0])
        values = "same" if x == y else "smaller" if y < x else "larger"
    way = view.between(one, other)
    same = measures.split("/")[0] == measures.split("/")[1]
    before = view.words(max(0, other.start - 30), other.start)[-3:]
    return [
        f"measures={measures}", f"same={same}|{values}", f"same={same}|{values}|{way[2]}", *way, *(f"{w}|{same}" for w in way[2:]),
        *(f"before={w}" for w in before), *(f"before={w}|{values}" for w in before),
    ]  # fmt: skip


def see_cue(view: View, cue: Labelled) -> Seen:
    """A cue and the words about it."""
    return [f"cue={view.page.text[cue.start : cue.end].lower()}", *view.around(cue, 4)]


def see_speaker(view: View, cue: Labelled, source: Labelled) -> Seen:
    """A cue and words that may name its speaker."""
    way = view.between(cue, source)
    return [*way, f"{way[0]}|{way[1]}", f"cue={view.page.text[cue.start : cue.end].lower()}|{way[0]}"]


def see_said(view: View, cue: Labelled, content: Labelled) -> Seen:
    """A cue and a stretch that may be what it introduces."""
    way = view.between(cue, content)
    quoted = view.page.text[content.start] in "\"“'‘"
    return [
        *way,
        f"{way[0]}|{way[1]}",
        f"quoted={quoted}|{way[0]}",
        f"cue={view.page.text[cue.start : cue.end].lower()}|{way[0]}|{way[1]}",
    ]


def see_source(view: View, source: Labelled, label: str) -> Seen:
    """A speaker: the type of the entity, if there is one, and the words that name it."""
    words = view.page.text[source.start : source.end].lower().split()
    sentence = view.page.sentence_at(source.start)
    return [
        f"label={label}", f"head={head_of(view, source)}", *(f"word={w}" for w in words), f"first={words[0]}|{label}",
        f"capitals={_kind(view, source)}|{label}", *(f"with={t.lower}" for t in sentence.tokens), *view.around(source, 4),
    ]  # fmt: skip


def see_assertion(view: View, content: Labelled, trigger: Labelled, cue: str, first: bool) -> Seen:
    """A statement and a trigger in what is said."""
    into = view.words(content.start, trigger.start)
    return [
        f"cue={cue}", f"type={trigger.label}", f"word={view.page.text[trigger.start : trigger.end].lower()}", f"first={first}",
        f"into={_bucket(len(into))}", *(f"in={w}" for w in into[-4:]), f"cue={cue}|{trigger.label}", f"cue={cue}|{first}",
        f"after={' '.join(view.words(trigger.end, trigger.end + 12)[:1])}",
    ]  # fmt: skip


# ---- what is learned ---------------------------------------------------------------------------------

TASKS = (
    "kind", "entity_type", "antecedent", "event_type", "event", "modality", "polarity", "genericity", "role", "measure", "unit", "counted", "status", "reading",
    "stance", "unclear", "scope", "relation", "speaker", "said", "act", "category", "naming", "affiliation", "asserts",
)  # fmt: skip


class Links:
    """Every learned choice, by task."""

    def __init__(self, choices: dict[str, Choice]) -> None:
        self._choices = choices

    def __getitem__(self, task: str) -> Choice:
        return self._choices[task]

    @classmethod
    def train(cls, articles: Sequence[Article]) -> "Links":
        """Learns every task from the gold."""
        items: dict[str, list[tuple[Seen, str]]] = {task: [] for task in TASKS}
        for page, article in data.pages(articles):
            for task, seen, label in examples(View(page), article):
                items[task].append((seen, label))
        return cls({task: Choice.train(found) for task, found in items.items()})

    def dumps(self) -> str:
        """The models as JSON."""
        return json.dumps({task: choice.to_json() for task, choice in self._choices.items()}, ensure_ascii=False)

    @classmethod
    def load(cls, path: Any) -> "Links":
        """The models of a file."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({task: Choice.from_json(value) for task, value in stored.items()})


def examples(view: View, article: Article) -> Iterator[tuple[str, Seen, str]]:
    """Every item of every task in an article: `(task, what is seen, what is right)`."""
    yield from _of_entities(view, article)
    yield from _of_events(view, article)
    yield from _of_claims(view, article)
    yield from _of_attributions(view, article)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _label(kind: str, type: str) -> str:
    return "pronoun" if kind == "pronoun" else type


def _of_entities(view: View, article: Article) -> Iterator[tuple[str, Seen, str]]:
    mentions = sorted(
        (Labelled(m.span.start, m.span.end, _label(m.kind, e.type)), e.id, m.kind)
        for e in article.entities
        for m in e.mentions
    )
    for number, (mention, entity, kind) in enumerate(mentions):
        if kind != "pronoun":
            yield "kind", see_mention(view, mention), kind
            yield "entity_type", see_type(view, mention), mention.label
        for back in range(1, min(BACK, number) + 1):
            other, other_entity, _ = mentions[number - back]
            yield "antecedent", see_pair(view, other, mention, back), _yes(entity == other_entity)


def _of_events(view: View, article: Article) -> Iterator[tuple[str, Seen, str]]:
    triggers = sorted((Labelled(t.start, t.end, e.type), e) for e in article.events for t in e.triggers)
    mentions = [
        (Labelled(m.span.start, m.span.end, _label(m.kind, e.type)), e.id) for e in article.entities for m in e.mentions
    ]
    for number, (trigger, event) in enumerate(triggers):
        yield "event_type", see_kind_of_event(view, trigger), event.type
        for task, label in (
            ("modality", event.modality),
            ("polarity", event.polarity),
            ("genericity", event.genericity),
        ):
            yield task, see_trigger(view, trigger), label
        for other, other_event in triggers[:number]:
            if other.label.split(".")[0] == trigger.label.split(".")[0]:
                yield "event", see_triggers(view, other, trigger), _yes(event is other_event)
        roles = {a.entity: a.role for a in event.arguments}
        for mention, entity in mentions:
            if view.sentence(mention.start) == view.sentence(trigger.start):
                yield "role", see_role(view, trigger, mention), roles.get(entity, NONE)


def _of_claims(view: View, article: Article) -> Iterator[tuple[str, Seen, str]]:
    claims = sorted(
        ((Labelled(c.span.start, c.span.end, "claim"), c) for c in article.claims), key=lambda item: item[0]
    )
    triggers = [(Labelled(t.start, t.end, e.type), e.id) for e in article.events for t in e.triggers]
    for number, (span, claim) in enumerate(claims):
        seen = see_figure(view, span)
        for task, label in (
            ("measure", claim.measure), ("unit", claim.unit), ("counted", claim.counted.role), ("status", claim.counted.status),
            ("reading", claim.reading), ("stance", claim.stance), ("unclear", _yes(claim.attribution_unclear)),
        ):  # fmt: skip
            yield task, seen, label
        for trigger, event in triggers:
            if -NEAR <= view.sentence(trigger.start) - view.sentence(span.start) <= 1:
                yield "scope", see_scope(view, span, trigger), _yes(claim.scope.event == event)
        relations = {r.target: r.type for r in claim.relations}
        for other, earlier in claims[:number]:
            yield "relation", see_figures(view, other, span), relations.get(earlier.id, NONE)


def _of_attributions(view: View, article: Article) -> Iterator[tuple[str, Seen, str]]:
    types = {e.id: e.type for e in article.entities}
    triggers = [(Labelled(t.start, t.end, e.type), e.id) for e in article.events for t in e.triggers]
    for source in article.sources:
        for span in source.mentions:
            seen = see_source(view, Labelled(span.start, span.end, "source"), types.get(source.entity or "", NONE))
            yield "category", seen, source.category
            yield "naming", seen, source.naming
            yield "affiliation", seen, source.affiliation
    spoken = sorted(
        {Labelled(a.source_span.start, a.source_span.end, "source") for a in article.attributions if a.source_span}
    )
    contents = sorted({Labelled(s.start, s.end, "content") for a in article.attributions for s in a.content})
    for attribution in article.attributions:
        own = {(s.start, s.end) for s in attribution.content}
        for n, span in enumerate(attribution.cue):
            cue = Labelled(span.start, span.end, "cue")
            if n == 0:
                yield "act", see_cue(view, cue), attribution.act
            for source_span in spoken:
                if abs(view.sentence(source_span.start) - view.sentence(cue.start)) <= 1:
                    right = attribution.source_span
                    is_right = right is not None and (right.start, right.end) == (source_span.start, source_span.end)
                    yield "speaker", see_speaker(view, cue, source_span), _yes(is_right)
            for content in contents:
                if abs(view.sentence(content.start) - view.sentence(cue.start)) <= 2:
                    yield "said", see_said(view, cue, content), _yes((content.start, content.end) in own)
        said = {a.target: a.polarity for a in attribution.asserts}
        word = cue_word(view, [Labelled(s.start, s.end, "cue") for s in attribution.cue])
        for piece in attribution.content:
            first = True
            for trigger, event in sorted(triggers):
                if piece.start <= trigger.start and trigger.end <= piece.end:
                    target = next((t for t in said if t == event or t.startswith(f"{event}#")), None)
                    label = NONE if target is None else f"{'argument' if '#' in target else 'event'}:{said[target]}"
                    yield (
                        "asserts",
                        see_assertion(view, Labelled(piece.start, piece.end, "content"), trigger, word, first),
                        label,
                    )
                    first = False


def cue_word(view: View, cues: Sequence[Labelled]) -> str:
    """The words of a statement's cue, in lower case; none where it has no cue."""
    return view.page.text[cues[0].start : cues[0].end].lower() if cues else NONE
