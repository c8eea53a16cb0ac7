"""Spans by spaCy: a blank English pipeline with span categorisers, trained here, without pretrained vectors.

Two span categorisers propose every short stretch of tokens (mentions may nest); what is said can be a
paragraph long, too long to propose every stretch, and is found by the transition-based recogniser.
Documentation: https://spacy.io/api/spancategorizer. Knows pages and spans, not what they mean together.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from conflictwire.extractors.base import extractor
from conflictwire.extractors.trained import data
from conflictwire.extractors.trained.data import Labelled
from conflictwire.extractors.trained.learned import Learned
from conflictwire.model import Article
from conflictwire.reading import Page

SEED = 7
UPDATES = 900  # of the weights, whatever the size of the train split: about three minutes on two cores
BATCH = 8  # sentences
GROUPS = {"mention": ("mention", "inner"), "short": ("trigger", "claim", "speech")}
LONGEST = {"mention": 12, "short": 6}  # tokens; of the gold mentions 98 % are as short or shorter
TRACK_OF = {"trigger": "trigger", "claim": "claim", "cue": "speech", "source": "speech"}


class SpacyTagger:
    """One pipeline for all tracks."""

    name = "spacy"

    def __init__(self, folder: Path) -> None:
        import spacy

        self._pipeline = spacy.load(folder / "pipeline")

    @classmethod
    def train(cls, articles: Sequence[Article], folder: Path) -> None:
        """Learns all tracks, sentence by sentence, and writes the pipeline into a folder."""
        import spacy
        from spacy.training import Example
        from thinc.api import fix_random_seed

        fix_random_seed(SEED)
        pipeline = spacy.blank("en")
        pipeline.add_pipe("tok2vec")
        listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
        for group, longest in LONGEST.items():
            pipeline.add_pipe(
                "spancat",
                name=group,
                config={
                    "spans_key": group,
                    "threshold": 0.5,
                    "suggester": {"@misc": "spacy.ngram_range_suggester.v1", "min_size": 1, "max_size": longest},
                    "model": {
                        "@architectures": "spacy.SpanCategorizer.v1",
                        "tok2vec": listener,
                        "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 128},
                        "scorer": {"@layers": "spacy.LinearLogistic.v1"},
                    },
                },
            )
        pipeline.add_pipe(
            "ner",
            name="content",
            config={
                "model": {
                    "@architectures": "spacy.TransitionBasedParser.v2",
                    "state_type": "ner",
                    "extra_state_tokens": False,
                    "hidden_width": 64,
                    "maxout_pieces": 2,
                    "use_upper": True,
                    "tok2vec": listener,
                }
            },
        )
        examples = [
            Example.from_dict(doc, gold)
            for page, article in data.pages(articles)
            for doc, gold in _examples(pipeline, page, article)
        ]
        optimizer = pipeline.initialize(lambda: examples)
        shuffle = random.Random(SEED)
        done = 0
        while done < UPDATES:
            shuffle.shuffle(examples)
            for at in range(0, len(examples), BATCH):
                pipeline.update(examples[at : at + BATCH], sgd=optimizer, drop=0.2)
                done += 1
        pipeline.to_disk(folder / "pipeline")

    def find(self, page: Page) -> dict[str, list[Labelled]]:
        """The spans of a page by track."""
        found: dict[str, list[Labelled]] = {track: [] for track in data.TRACKS}
        texts = [(page.text[s.start : s.end], s.start) for s in page.sentences]
        for doc, start in self._pipeline.pipe(texts, as_tuples=True):
            scored = {group: list(_scored(doc, group, start)) for group in GROUPS}
            found["mention"] += [span for span, _ in scored["mention"]]
            by_track: dict[str, list[tuple[Labelled, float]]] = {}
            for span, score in scored["short"]:
                by_track.setdefault(TRACK_OF[span.label], []).append((span, score))
            for track, spans in by_track.items():
                found[track] += _best_apart(spans)
            found["content"] += [Labelled(start + e.start_char, start + e.end_char, "content") for e in doc.ents]
        return found


def _examples(pipeline: Any, page: Page, article: Article) -> Iterator[tuple[Any, dict[str, Any]]]:
    gold = data.gold_spans(article)
    for sentence in page.sentences:
        doc = pipeline.make_doc(page.text[sentence.start : sentence.end])
        inside = {
            t: [s for s in spans if sentence.start < s.end and s.start < sentence.end] for t, spans in gold.items()
        }
        spans = {
            group: [s for track in tracks for label in inside[track] if (s := _char_span(doc, label, sentence.start))]
            for group, tracks in GROUPS.items()
        }
        contents = [s for label in inside["content"] if (s := _char_span(doc, label, sentence.start))]
        yield (
            doc,
            {
                "spans": {g: [(s.start_char, s.end_char, s.label_) for s in found] for g, found in spans.items()},
                "entities": [(s.start_char, s.end_char, s.label_) for s in contents],
            },
        )


def _char_span(doc: Any, span: Labelled, start: int) -> Any:
    low, high = max(0, span.start - start), min(len(doc.text), span.end - start)
    return doc.char_span(low, high, label=span.label, alignment_mode="expand")


def _scored(doc: Any, group: str, start: int) -> Iterator[tuple[Labelled, float]]:
    spans = doc.spans.get(group, [])
    scores = spans.attrs.get("scores", [1.0] * len(spans)) if spans else []
    for span, score in zip(spans, scores, strict=True):
        yield Labelled(start + span.start_char, start + span.end_char, span.label_), float(score)


def _best_apart(spans: list[tuple[Labelled, float]]) -> list[Labelled]:
    """Of overlapping spans the one that the model is surest of."""
    kept: list[Labelled] = []
    for span, _ in sorted(spans, key=lambda item: (-item[1], item[0])):
        if all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return sorted(kept)


@extractor("spacy")
class Spacy(Learned):
    """Learned on the train split: spaCy's span categorisers for spans, small classifiers for links."""

    tagger = SpacyTagger
