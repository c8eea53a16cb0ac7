"""Spans by conditional random fields (python-crfsuite): one model a track, over words, shapes and their neighbours.

Lafferty, McCallum and Pereira (2001), "Conditional Random Fields"; trained by L-BFGS with L1 and L2
penalties. Knows sentences and spans; what spans mean together is `links`.
"""

from collections.abc import Sequence
from pathlib import Path

from conflictwire import casualties, numerals
from conflictwire.casualties import Figure
from conflictwire.extractors.base import extractor
from conflictwire.extractors.trained import data
from conflictwire.extractors.trained.data import Labelled
from conflictwire.extractors.trained.learned import Learned
from conflictwire.model import Article
from conflictwire.reading import ADVERBS, DETERMINERS, FUNCTION, PREPOSITIONS, PRONOUNS, Page, Sentence, is_verb

PENALTIES = {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True}
WINDOW = 3


class CrfTagger:
    """One conditional random field a track."""

    name = "crf"

    def __init__(self, folder: Path) -> None:
        import pycrfsuite

        self._taggers = {}
        for track in data.TRACKS:
            self._taggers[track] = pycrfsuite.Tagger()
            self._taggers[track].open(str(folder / f"{track}.crfsuite"))

    @classmethod
    def train(cls, articles: Sequence[Article], folder: Path) -> None:
        """Learns every track and writes its model into a folder."""
        import pycrfsuite

        trainers = {
            track: pycrfsuite.Trainer(algorithm="lbfgs", params=PENALTIES, verbose=False) for track in data.TRACKS
        }
        for page, article in data.pages(articles):
            gold, read = data.gold_spans(article), casualties.find(page)
            for sentence in page.sentences:
                seen = features(page, sentence, read)
                for track in data.TRACKS:
                    given = _with_outer(seen, data.tags(sentence, gold["mention"])) if track == "inner" else seen
                    trainers[track].append(given, data.tags(sentence, gold[track]))
        for track, trainer in trainers.items():
            trainer.train(str(folder / f"{track}.crfsuite"))

    def find(self, page: Page) -> dict[str, list[Labelled]]:
        """The spans of a page by track."""
        read = casualties.find(page)
        found: dict[str, list[Labelled]] = {track: [] for track in data.TRACKS}
        for sentence in page.sentences:
            seen = features(page, sentence, read)
            outer: list[str] = []
            for track, tagger in self._taggers.items():
                given = _with_outer(seen, outer) if track == "inner" else seen
                labels = tagger.tag(given)
                if track == "mention":
                    outer = labels
                found[track] += data.spans_of(sentence, labels)
        return found


def features(page: Page, sentence: Sentence, read: Sequence[Figure]) -> list[list[str]]:
    """What is known of each token of a sentence: itself, its neighbours, where it stands, what the grammar reads."""
    figures = [
        (n.start + sentence.start, n.end + sentence.start)
        for n in numerals.numbers(page.folded[sentence.start : sentence.end])
    ]
    grammar = [f for f in read if f.start < sentence.end and sentence.start < f.end]
    own: list[dict[str, str]] = []
    for token in sentence.tokens:
        figure = next((f for f in grammar if f.start < token.end and token.start < f.end), None)
        number = any(low < token.end and token.start < high for low, high in figures)
        quoted = page.quotation_at(token.start) is not None
        own.append(
            {
                "w": "#" if number and token.text[:1].isdigit() else token.lower,
                "s": _shape(token.text),
                "p": token.lower[:3],
                "e": token.lower[-3:],
                "k": _kind(token.text, token.lower),
                "v": str(is_verb(token)),
                "n": str(number),
                "f": "none" if figure is None else "begins" if token.start <= figure.start else "goes on",
                "q": str(quoted),
            }
        )
    rows = []
    last = len(own) - 1
    for i, known in enumerate(own):
        row = ["b", *(f"{k}={v}" for k, v in known.items())]
        for step in range(1, WINDOW + 1):
            for at, mark in ((i - step, f"-{step}"), (i + step, f"+{step}")):
                if 0 <= at <= last:
                    kept = "wskvnf" if step == 1 else "wk"
                    row += [f"{mark}{k}={own[at][k]}" for k in kept]
                else:
                    row.append(f"{mark}none")
        if i:
            row.append(f"-1w|w={own[i - 1]['w']}|{known['w']}")
        if i < last:
            row.append(f"w|+1w={known['w']}|{own[i + 1]['w']}")
        if i == 0:
            row.append("first")
        if sentence.index == 0:
            row.append("opening")
        rows.append(row)
    return rows


def _with_outer(rows: list[list[str]], outer: list[str]) -> list[list[str]]:
    return [
        [*row, f"o={outer[i]}", f"o+1={outer[i + 1] if i + 1 < len(outer) else 'none'}"] for i, row in enumerate(rows)
    ]


def _shape(word: str) -> str:
    shape = "".join("X" if c.isupper() else "x" if c.islower() else "9" if c.isdigit() else c for c in word)
    return "".join(c for i, c in enumerate(shape) if i == 0 or shape[i - 1] != c or c not in "Xx9")


def _kind(word: str, lower: str) -> str:
    for name, words in (
        ("pronoun", PRONOUNS), ("determiner", DETERMINERS), ("preposition", PREPOSITIONS), ("adverb", ADVERBS), ("function", FUNCTION),
    ):  # fmt: skip
        if lower in words:
            return name
    return "mark" if not word[:1].isalnum() else "capital" if word[:1].isupper() else "word"


@extractor("crf")
class Crf(Learned):
    """Learned on the train split: conditional random fields for spans, small classifiers for links."""

    tagger = CrfTagger
