"""Gold as labelled spans of tokens, one track a kind of span, for taggers to learn from.

A track holds no two spans that overlap: of nested mentions the outermost stand in `mention`, the
largest inside them in `inner`; of nested statements the outermost content is kept.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from conflictwire.model import Article
from conflictwire.reading import Page, Sentence

TRACKS = ("mention", "inner", "trigger", "claim", "speech", "content")


class Labelled(NamedTuple):
    """A span `[start, end)` in code points with what it is."""

    start: int
    end: int
    label: str


def gold_spans(article: Article) -> dict[str, list[Labelled]]:
    """The spans of an article by track, in order of their places.

    Labels are `mention` or `pronoun`, `cue` or `source`, else the track's own name: what type an entity or
    event is, is chosen afterwards, when its words are known (few examples a type, many words in common).
    """
    mentions = [
        Labelled(m.span.start, m.span.end, "pronoun" if m.kind == "pronoun" else "mention")
        for e in article.entities
        for m in e.mentions
    ]
    outer = apart(mentions)
    cues = [Labelled(s.start, s.end, "cue") for a in article.attributions for s in a.cue]
    speakers = [
        Labelled(a.source_span.start, a.source_span.end, "source") for a in article.attributions if a.source_span
    ]
    return {
        "mention": outer,
        "inner": apart(m for m in mentions if m not in outer),
        "trigger": apart(Labelled(t.start, t.end, "trigger") for e in article.events for t in e.triggers),
        "claim": apart(Labelled(c.span.start, c.span.end, "claim") for c in article.claims),
        "speech": apart([*cues, *speakers]),
        "content": apart(Labelled(s.start, s.end, "content") for a in article.attributions for s in a.content),
    }


def apart(spans: Iterable[Labelled]) -> list[Labelled]:
    """Of overlapping spans the longest, the first of equals; in order of their places."""
    kept: list[Labelled] = []
    for span in sorted(set(spans), key=lambda s: (s.start - s.end, s)):
        if all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return sorted(kept)


def tags(sentence: Sentence, spans: Iterable[Labelled]) -> list[str]:
    """`O`, `B-label` or `I-label` for each token of a sentence."""
    result = ["O"] * len(sentence.tokens)
    for span in spans:
        inside = [i for i, t in enumerate(sentence.tokens) if span.start < t.end and t.start < span.end]
        for n, i in enumerate(inside):
            # A span that runs on from the sentence before begins anew here.
            result[i] = ("I-" if n else "B-") + span.label
    return result


def spans_of(sentence: Sentence, labels: list[str]) -> Iterator[Labelled]:
    """The spans that tags say; an `I-` that continues nothing begins a span."""
    start: int | None = None
    for i, tag in enumerate([*labels, "O"]):
        goes_on = start is not None and tag == f"I-{labels[i - 1][2:]}"
        if start is not None and not goes_on:
            yield Labelled(sentence.tokens[start].start, sentence.tokens[i - 1].end, labels[i - 1][2:])
            start = None
        if tag != "O" and not goes_on:
            start = i


def pages(articles: Iterable[Article]) -> Iterator[tuple[Page, Article]]:
    """The articles whose text is at hand, cut for reading."""
    for article in articles:
        if article.text is not None:
            yield Page(article.text), article
