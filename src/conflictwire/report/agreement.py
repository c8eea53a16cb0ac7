"""Agreement of the stored passes, as the card prints it: our own scorer, one pass as gold, the other as prediction."""

from pathlib import Path

from conflictwire import scoring
from conflictwire.corpus.card import markdown_table
from conflictwire.corpus.files import read_record
from conflictwire.formats.predictions import from_gold
from conflictwire.model import Article, article_from_json

METRICS = tuple(m for m in scoring.DEFAULT if "floor" not in m and "subset" not in m)


def passes(dataset: Path, name: str) -> list[Article]:
    """The articles of one pass (`a` or `b`) that are stored for agreement."""
    return [article_from_json(read_record(p)) for p in sorted((dataset / "passes").glob(f"*/{name}.json"))]


def table(dataset: Path) -> str:
    """A markdown table: F1 between the two passes a metric, with 95 % intervals by story where there are enough."""
    first, second = passes(dataset, "a"), passes(dataset, "b")
    if not first:
        return "No passes are stored here."
    scores = scoring.score(first, from_gold(second), METRICS)
    rows: list[list[object]] = [
        [
            s.metric,
            f"{s.f1:.3f}" if s.f1 is not None else "–",
            f"{s.interval[0]:.3f} to {s.interval[1]:.3f}" if s.interval else s.note,
            s.gold,
            s.predicted,
        ]
        for s in scores.scores
    ]
    count = f"{len(first)} articles annotated twice."
    return (
        count + "\n\n" + markdown_table(["between the passes", "F1", "95 % interval", "items of a", "items of b"], rows)
    )
