"""The benchmark: extractors over a split, scored, shown in the terminal and on a page, kept as JSON."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from conflictwire import extractors, scoring
from conflictwire.corpus import files, load
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors import runner
from conflictwire.formats import predictions as format
from conflictwire.model import Article, Prediction
from conflictwire.report import page, terminal
from conflictwire.scoring.statistics import MIN_STORIES

DEFAULT = ("null", "zero", "narrator", "rules-twice", "regex", "rules")
SHOWN = (
    "mentions.strict", "coref.lea", "events.triggers", "events.arguments", "claims.level(0)", "claims.level(1)",
    "claims.level(2)", "claims.attributed", "claims.attributed(floor=narrator)",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One extractor's predictions and scores on one set of articles."""

    extractor: str
    predictions: dict[str, Prediction]
    errors: dict[str, str]
    scores: scoring.Scores


@dataclass(frozen=True)
class Part:
    """The runs on one choice of articles, with what a reader must know of it."""

    title: str
    note: str
    articles: list[Article]
    total: int
    runs: list[Run]


def run(names: tuple[str, ...], split: str, part: str, texts: Path | None, out: Path, workers: int) -> None:
    """Runs, scores and writes `out`: predictions a file an extractor, `results.json`, `index.html`.

    Raises:
        UnusableInput: an unknown extractor, no article with text, or no matplotlib.
    """
    if find_spec("matplotlib") is None:
        raise UnusableInput("the page's plot needs matplotlib: pip install 'conflictwire[report]'")
    everything = load.articles(None, part, texts)
    chosen = [a for a in everything if split in ("all", a.split)]
    parts = [_part(f"{split} split" if split != "all" else "all splits", "", names, chosen, workers)]
    if split == "test" and len({a.story for a in chosen if a.text is not None}) < MIN_STORIES:
        note = (
            f"While the test split has fewer than {MIN_STORIES} stories, all splits are shown too. Train and "
            "validation articles are in it, from which extractors may have learned: look, but quote the test split."
        )
        parts.append(_part("all splits", note, names, everything, workers))
    for item in parts:
        _print(item)
    for one in parts[-1].runs:
        format.write(out / "predictions" / f"{files.safe_name(one.extractor)}.jsonl", one.predictions.values())
    results = [
        {
            "part": p.title,
            "extractor": r.extractor,
            "documents": len(p.articles),
            "of": p.total,
            "errors": r.errors,
            **s.to_json(),
        }
        for p in parts
        for r in p.runs
        for s in r.scores.scores
    ]
    files.write_text(out / "results.json", "[\n" + ",\n".join(map(files.json_line, results)) + "\n]\n")
    files.write_text(out / "index.html", page.render(parts, SHOWN))
    click.echo(f"wrote {out / 'index.html'} and {out / 'results.json'}", err=True)


def _part(title: str, note: str, names: tuple[str, ...], articles: list[Article], workers: int) -> Part:
    readable = [a for a in articles if a.text is not None]
    if not readable:
        raise UnusableInput("none of these articles has its text here; give your own copies with --texts")
    documents = [extractors.document(a) for a in readable]
    runs = []
    for name in names:
        with terminal.progress(f"{name}, {title}", len(documents)) as advance:
            outcomes = [o for o in runner.run(name, documents, workers) if advance() is None]
        found = {o.id: o.prediction for o in outcomes if o.prediction}
        errors = {o.id: o.error for o in outcomes if o.error}
        runs.append(Run(name, found, errors, scoring.score(readable, found.values())))
    stories = len({a.story for a in readable})
    count = f"{len(readable)} of {len(articles)} articles, {stories} stories."
    if len(readable) < len(articles):
        count += " The others are reported articles whose text is not here (--texts)."
    return Part(title, f"{count} {note}".strip(), readable, len(articles), runs)


def _print(part: Part) -> None:
    columns = {one.extractor: {s.metric: s for s in one.scores.scores} for one in part.runs}
    rows = []
    for metric in SHOWN:
        row: dict[str, object] = {"F1": metric}
        for name, by_metric in columns.items():
            found = by_metric[metric]
            cell = found.note if found.note == "not attempted" else terminal.number(found.f1)
            if found.interval:
                cell += f" [{found.interval[0]:.2f}, {found.interval[1]:.2f}]"
            row[name] = cell
        rows.append(row)
    terminal.table(f"{part.title}: {part.note}", rows)
    for one in part.runs:
        for id, error in one.errors.items():
            click.echo(f"{one.extractor} failed on {id}: {error}", err=True)
    intervals = any(s.interval for one in part.runs for s in one.scores.scores)
    click.echo(
        ("brackets: 95 % intervals, bootstrap by story; " if intervals else "too few stories for intervals; ")
        + f"signature: {part.runs[0].scores.signature(part.runs[0].scores.metrics[0])}"
    )
