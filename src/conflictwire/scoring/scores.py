"""Scoring a system against the gold: counts a document, sums a story, and an object to look at.

Takes typed records; reading them from files is `formats.predictions` and `corpus.load`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
import pandas as pd

# Importing a family of metrics registers it.
from conflictwire.model import SCHEMA_VERSION, Article, Prediction
from conflictwire.scoring import (  # noqa: F401
    attributions,
    claim_fields,
    claims,
    closeness,
    coreference,
    event_coreference,
    events,
    linking,
    mentions,
    sources,
    statistics,
    templates,
    timeline,
    tolls,
)
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown, Counts, finalise, finalise_parts, merge
from conflictwire.scoring.errors import CONFUSIONS, Error, errors
from conflictwire.scoring.registry import Metric, StoryMetric, parse, text_form
from conflictwire.scoring.statistics import Resampling

DEFAULT = (
    "mentions.strict",
    "mentions.partial",
    "mentions.type",
    "coref.lea",
    "coref.b3",
    "coref.conll",
    "events.triggers.found",
    "events.triggers",
    "events.arguments",
    "claims.level(0)",
    "claims.level(1)",
    "claims.level(2)",
    "claims.level(3)",
    "claims.level(4)",
    "claims.attributed",
    "claims.attributed(floor=narrator)",
    "claims.attributed(subset=attributed)",
    "claims.attributed(subset=narrator)",
    "claims.source(which=ultimate)",
    "claims.relations",
    "attributions.source(match=overlap)",
    "attributions.cue(match=overlap)",
    "attributions.content(match=overlap)",
    "attributions.speaker",
    "attributions.asserts",
    "attributions.nesting",
)
# Conditional on alignment, or made of several claims: not held to the properties of the default metrics.
DIAGNOSTIC = (
    "toll.exact",
    "toll.within",
    "toll.answered",
    "toll.log_error",
    "toll.tenfold",
    "toll.double_counting",
    "claims.wrong_source",
    "timeline.exact",
    "incidents.lea",
)
FIELDS = ("part", "genre", "split", "story", "publisher")


@dataclass(frozen=True)
class Score:
    """One metric's score: what it is, on how much, how sure, and the signature that lets anyone get it again."""

    metric: str
    precision: float | None
    recall: float | None
    f1: float | None
    interval: tuple[float, float] | None
    note: str
    gold: int
    predicted: int
    signature: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Scores:
    """The scores of one system on one set of documents.

    `table` has one row a metric; `by("genre")` one row a metric and value of a field of the article,
    `by("type")` one a metric and type of item (entity type, event type, role or measure).
    """

    counts: dict[str, dict[str, Breakdown]]  # metric -> document -> counts
    documents: dict[str, Article]
    metrics: tuple[Metric, ...]
    attempted: frozenset[str]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    copies: int
    predictions: dict[str, Prediction]
    gold_hash: str
    split: str
    problems: tuple[str, ...] = ()  # lines of the predictions that could not be used, or are odd
    resampling: Resampling = field(default_factory=Resampling)
    # metric -> story -> counts, for metrics that read a whole story at once and have none a document
    story_counts: dict[str, dict[str, Breakdown]] = field(default_factory=dict)

    @cached_property
    def errors(self) -> tuple[Error, ...]:
        """What was missed, spurious or wrong, document by document and layer by layer; found when asked for."""
        return tuple(
            error
            for id, article in self.documents.items()
            for error in errors(Aligned(article, self.predictions.get(id)))
        )

    @cached_property
    def scores(self) -> list[Score]:
        """One score a metric, in the order asked for."""
        return self._scores(list(self.documents))

    def _scores(self, documents: Sequence[str]) -> list[Score]:
        """The scores of some of the documents."""
        sums = [self._stories(metric, documents) for metric in self.metrics]
        tables = [statistics.table(each, metric.parts) for each, metric in zip(sums, self.metrics, strict=True)]
        intervals = statistics.f1_intervals(tables, self.resampling)
        return [self._score(*each) for each in zip(self.metrics, sums, intervals, strict=True)]

    def _score(self, metric: Metric, stories: list[Breakdown], interval: tuple[float, float] | None) -> Score:
        name, signature = text_form(metric), self.signature(metric)
        if not self._attempts(metric):
            return Score(name, None, None, None, None, "not attempted", 0, 0, signature)
        total = merge(stories)
        result = finalise_parts(total, metric.parts)
        notes = [
            "lower is better" if metric.lower_is_better else "",
            "nothing to score" if result.f1 is None else "" if interval else f"too few stories ({len(stories)})",
        ]
        return Score(
            name,
            result.precision,
            result.recall,
            result.f1,
            interval,
            ", ".join(filter(None, notes)),
            total[""].gold // metric.unit,
            total[""].predicted // metric.unit,
            signature,
        )

    @property
    def totals(self) -> dict[str, Breakdown]:
        """The counts of each metric, summed over all stories: what shards hand on to be merged."""
        return {text_form(m): merge(self._stories(m, list(self.documents))) for m in self.metrics}

    def _attempts(self, metric: Metric) -> bool:
        return all(layer in self.attempted for layer in metric.layers)

    def _stories(self, metric: Metric, documents: Sequence[str]) -> list[Breakdown]:
        """The counts of each story, in the order of the stories' names."""
        stories: dict[str, list[str]] = {}
        for document in documents:
            stories.setdefault(self.documents[document].story, []).append(document)
        whole = self.story_counts.get(text_form(metric))
        if whole is not None:
            # A story of which only a part is asked for (one genre of several) has no score of its own.
            size = Counter(a.story for a in self.documents.values())
            return [whole[story] for story in sorted(stories) if len(stories[story]) == size[story]]
        counts = self.counts[text_form(metric)]
        return [merge(counts[d] for d in stories[story]) for story in sorted(stories)]

    def compare(self, other: "Scores") -> pd.DataFrame:
        """Both systems metric by metric, with a paired test by story.

        `p` is two-sided, `p_holm` corrected for the whole table, `smallest_p` the least that this number
        of stories could give: with few stories no difference can be significant.

        Raises:
            ValueError: the two were scored on different documents, gold or metrics.
        """
        if (self.gold_hash, list(self.documents)) != (other.gold_hash, list(other.documents)):
            raise ValueError("two systems are compared on the same gold documents; these were scored on different ones")
        shared = [m for m in self.metrics if m in other.metrics]
        if not shared:
            raise ValueError("the two systems share no metric")
        shared = [m for m in shared if self._attempts(m) and other._attempts(m)]
        first, second = (
            [statistics.table(s._stories(m, list(s.documents)), m.parts) for m in shared] for s in (self, other)
        )
        found = statistics.paired_tests(first, second, self.resampling)
        corrected = statistics.holm([f.p for f in found])
        return _frame(
            [
                {
                    "metric": text_form(metric),
                    "first": test.first,
                    "second": test.second,
                    "difference": test.first - test.second,
                    "p": test.p,
                    "smallest_p": test.smallest_p,
                    "p_holm": p,
                }
                for metric, test, p in zip(shared, found, corrected, strict=True)
            ]
        )

    def signature(self, metric: Metric) -> str:
        """Everything that the number depends on, as text."""
        scored = len(self.documents) - len(self.missing)
        return "|".join(
            (
                text_form(metric),
                f"conflictwire:{_version()}",
                f"schema:{SCHEMA_VERSION}",
                f"gold:{self.gold_hash[:12]}",
                f"split:{self.split}",
                f"documents:{scored}/{len(self.documents)}",
                f"seed:{self.resampling.seed}",
            )
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row a metric: precision, recall, F1, interval, note, number of gold and predicted items."""
        return _frame([{"metric": s.metric, **_numbers(s)} for s in self.scores])

    def by(self, name: str) -> pd.DataFrame:
        """The scores broken down by a field of the article (part, genre, split, story, publisher) or by `type` of item.

        Raises:
            ValueError: no such field.
        """
        if name == "type":
            rows = [
                {"metric": text_form(m), "type": key, **_prf(counts, m.unit)}
                for m in self.metrics
                if self._attempts(m)
                for key, counts in sorted(merge(self._stories(m, list(self.documents))).items())
                if key
            ]
            return _frame(rows)
        if name not in FIELDS:
            raise ValueError(f"no breakdown by {name!r}; there are {', '.join((*FIELDS, 'type'))}")
        values = sorted({str(getattr(a, name)) for a in self.documents.values()})
        return _frame(
            [
                {"metric": s.metric, name: value, "documents": len(chosen), **_numbers(s)}
                for value in values
                for chosen in [[d for d, a in self.documents.items() if str(getattr(a, name)) == value]]
                for s in self._scores(chosen)
            ]
        )

    def confusion(self, layer: str) -> pd.DataFrame:
        """What was taken for what: gold down, predicted across, `–` for what the other side does not have.

        Args:
            layer: mentions or triggers (types), arguments (roles), claims (measures), attributions (acts).

        Raises:
            ValueError: no such layer.
        """
        if layer not in CONFUSIONS:
            raise ValueError(f"no confusion table of {layer!r}; there are {', '.join(CONFUSIONS)}")
        pairs = [
            (gold or "–", predicted or "–")
            for id, article in self.documents.items()
            for gold, predicted in CONFUSIONS[layer](Aligned(article, self.predictions.get(id)))
        ]
        return pd.crosstab(
            pd.Series([g for g, _ in pairs], name="gold", dtype=object),
            pd.Series([p for _, p in pairs], name="predicted", dtype=object),
        )

    def to_json(self) -> dict[str, Any]:
        """The scores and what they rest on, as plain JSON values."""
        return {
            "scores": [s.to_json() for s in self.scores],
            "documents": len(self.documents),
            "missing": list(self.missing),
            "extra": list(self.extra),
            "copies_removed": self.copies,
            "problems": list(self.problems),
            "not_attempted": sorted({"entities", "events", "claims", "sources", "attributions"} - self.attempted),
        }

    def _repr_html_(self) -> str:
        return str(self.table.to_html(float_format=lambda x: f"{x:.3f}", na_rep="–", index=False))


def score(
    gold: Iterable[Article],
    predictions: Iterable[Prediction],
    metrics: Sequence[str | Metric] = DEFAULT,
    resampling: Resampling | None = None,
    problems: Iterable[object] = (),
) -> Scores:
    """Scores predictions against gold articles, matched by id.

    Args:
        gold: the documents to score; one without a prediction counts as empty and is reported.
        predictions: with offsets. One of a document that is not in the gold is left out and reported;
            of two for one document the first counts.
        metrics: metrics or their text forms.
        resampling: rounds, seed and coverage of the intervals and tests.
        problems: what was wrong with lines of the predictions, to be handed on with the scores.

    Raises:
        MetricError: a text names no metric.
    """
    documents = {a.id: a for a in sorted(gold, key=lambda a: a.id)}
    by_id: dict[str, Prediction] = {}
    for prediction in predictions:
        by_id.setdefault(prediction.id, prediction)
    chosen = tuple(parse(m) if isinstance(m, str) else m for m in metrics)
    counts: dict[str, dict[str, Breakdown]] = {text_form(m): {} for m in chosen}
    copies = 0
    attempted: set[str] = set()
    of_documents = [(m, counts[text_form(m)]) for m in chosen if not isinstance(m, StoryMetric)]
    of_stories = [m for m in chosen if isinstance(m, StoryMetric)]
    stories: dict[str, list[Aligned]] = {}
    for id, article in documents.items():
        aligned = Aligned(article, by_id.get(id))
        attempted |= aligned.predicted.attempted if id in by_id else set()
        copies += aligned.predicted.copies
        for metric, found in of_documents:
            found[id] = metric.counts(aligned)
        if of_stories:
            stories.setdefault(article.story, []).append(aligned)
    return Scores(
        counts=counts,
        documents=documents,
        metrics=chosen,
        attempted=frozenset(attempted),
        missing=tuple(i for i in documents if i not in by_id),
        extra=tuple(sorted(i for i in by_id if i not in documents)),
        copies=copies,
        predictions={id: by_id[id] for id in documents if id in by_id},
        gold_hash=gold_hash(documents.values()),
        split="+".join(sorted({a.split for a in documents.values()})) or "none",
        problems=tuple(map(str, problems)),
        resampling=resampling or Resampling(),
        story_counts={
            text_form(m): {story: m.story_counts(articles) for story, articles in stories.items()} for m in of_stories
        },
    )


# The words of a span as msgspec writes them; quotation marks inside a string are escaped, so no string holds this.
_WORDS = re.compile(rb'("end":-?[0-9]+),"text":(?:null|"(?:[^"\\]|\\.)*")')


def gold_hash(articles: Iterable[Article]) -> str:
    """SHA-256 over ids and layers of the gold; texts, which may or may not be at hand, do not enter."""
    digest = hashlib.sha256()
    for a in articles:
        layers = msgspec.json.encode([a.id, a.entities, a.events, a.claims, a.sources, a.attributions])
        digest.update(_WORDS.sub(rb"\1", layers))
    return digest.hexdigest()


def _version() -> str:
    try:
        return version("conflictwire")
    except PackageNotFoundError:
        return "unknown"


def _numbers(s: Score) -> dict[str, Any]:
    low, high = s.interval or (None, None)
    return {
        "precision": s.precision,
        "recall": s.recall,
        "f1": s.f1,
        "low": low,
        "high": high,
        "note": s.note,
    }


def _prf(counts: Counts, unit: int) -> dict[str, Any]:
    result = finalise(counts)
    return {
        "precision": result.precision,
        "recall": result.recall,
        "f1": result.f1,
        "gold": counts.gold // unit,
        "predicted": counts.predicted // unit,
    }


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for column in ("precision", "recall", "f1", "low", "high"):
        if column in frame:
            frame[column] = frame[column].astype(float)
    return frame
