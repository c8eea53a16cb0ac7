"""Training as a person sees it: how long, how much memory, how large a model, and what more stories would bring."""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from conflictwire import extractors, scoring
from conflictwire.corpus import load
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import REGISTRY
from conflictwire.extractors.trained.learned import Learned, fingerprint, models_folder
from conflictwire.model import Article
from conflictwire.report import terminal

SHARES = (0.25, 0.5, 1.0)
SHOWN = ("mentions.strict", "coref.lea", "events.triggers", "claims.level(0)", "claims.level(2)", "claims.attributed")


def run(name: str, out: Path | None, texts: Path | None, curve: bool) -> None:
    """Trains a learned extractor and prints what it took; with `curve`, on growing shares of the stories.

    Raises:
        UnusableInput: the name is not that of a learned extractor, a library is missing, or no text is at hand.
    """
    made: Any = REGISTRY.get(name)
    if not (isinstance(made, type) and issubclass(made, Learned)):
        learned = [n for n, cls in REGISTRY.items() if isinstance(cls, type) and issubclass(cls, Learned)]
        raise UnusableInput(f"{name!r} does not learn; there are {', '.join(learned)}")
    articles = [a for a in load.articles("train", texts=texts) if a.text is not None]
    if not curve:
        folder = out or models_folder() / f"{name}-{fingerprint(articles)}"
        click.echo(f"{_trained(made, articles, folder)}; the model is in {folder}")
        return
    validation = [a for a in load.articles("validation", texts=texts) if a.text is not None]
    rows = []
    for share in SHARES:
        with tempfile.TemporaryDirectory() as work:
            chosen = _share(articles, share)
            took = _trained(made, chosen, Path(work) / "model")
            model = made(chosen, Path(work) / "model")
            scores = scoring.score(
                validation, [model.extract(extractors.document(a)) for a in validation], SHOWN
            ).scores
        click.echo(took, err=True)
        rows.append(
            {"stories": len({a.story for a in chosen}), "articles": len(chosen), **{s.metric: s.f1 for s in scores}}
        )
    terminal.table(f"{name}: F1 on validation ({len(validation)} articles) by size of the train split", rows)


def _share(articles: list[Article], share: float) -> list[Article]:
    """The articles of the first stories, by name, that make up a share of all stories."""
    stories = sorted({a.story for a in articles})
    kept = set(stories[: max(1, round(len(stories) * share))])
    return [a for a in articles if a.story in kept]


def _trained(made: type[Learned], articles: list[Article], folder: Path) -> str:
    began = time.perf_counter()
    made.train(articles, folder)
    seconds = time.perf_counter() - began
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{made.tagger.name}: trained on {len(articles)} articles in {seconds:.0f} s, "
        f"{size:.1f} MB, {peak:.0f} MB of memory at most"
    )
