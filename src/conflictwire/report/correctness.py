"""What measures correctness, for the dataset card: planted errors that a reviewer found, and a third pass beside the gold.

Reads `dataset/review/` (`planted.json`, `found.json`, `judged.json`) and the passes called `third`; says so where they are not there.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from conflictwire.agreement import Row, agree
from conflictwire.corpus import load, planting
from conflictwire.corpus.card import markdown_table
from conflictwire.model import article_from_json
from conflictwire.report import agreement, terminal

# Of the many rows of an agreement those that the card has room for, as (layer, what, kind).
_SHOWN = (
    ("mentions", "mentions", "same span"),
    ("entities", "coreference, CoNLL", "link"),
    ("events", "triggers", "same span"),
    ("events", "type", "field"),
    ("events", "arguments", "link"),
    ("claims", "claims", "same span"),
    ("claims", "values", "field"),
    ("claims", "measure", "field"),
    ("claims", "counted.role", "field"),
    ("claims", "counted.status", "field"),
    ("claims", "reading", "field"),
    ("claims", "relations", "link"),
    ("attributions", "contents", "overlapping span"),
    ("attributions", "speakers", "link"),
    ("attributions", "assertions with polarity", "link"),
)


def table(dataset: Path) -> str:
    """The card's block, in markdown; no words of an article stand in it."""
    return "\n\n".join(part for part in (_planted(dataset), _third(dataset)) if part) or "Nothing is stored here yet."


def _rows(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_bytes())) if path.is_file() else []


def _planted(dataset: Path) -> str:
    folder = dataset / "review"
    planted = [planting.Planted(**row) for row in _rows(folder / "planted.json")]
    if not planted:
        return ""
    reports = _rows(folder / "found.json")
    all_of, found_of = Counter[str](), Counter[str]()
    for error, found in planting.found(planted, reports):
        all_of[error.kind] += 1
        found_of[error.kind] += found
    articles = len({error.article for error in planted})
    share = found_of.total() / len(planted)
    said = (
        f"Planted: {len(planted)} errors of {len(all_of)} kinds in copies of {articles} articles; a reviewer who was not told "
        f"where, how many or of which kind reported {found_of.total()} of them ({share:.0%}), in {len(reports)} reports in all."
    )
    rows: list[list[object]] = [[kind, all_of[kind], found_of[kind]] for kind in sorted(all_of)]
    judged = Counter(row["verdict"] for row in _rows(folder / "judged.json") if row["about"] == "review")
    return "\n\n".join(
        [said, markdown_table(["kind of error", "planted", "found"], rows), *_verdicts(judged, "Its other reports")]
    )


def _third(dataset: Path) -> str:
    third = agreement.passes(dataset, "third")
    if not third:
        return ""
    ids = {article.id for article in third}
    gold = [article_from_json(r) for r in load.records(dataset) if r["id"] in ids]
    found: dict[tuple[str, str, str], Row] = {(r.layer, r.what, r.kind): r for r in agree(gold, third).rows}
    rows: list[list[object]] = [
        [layer, what, "share of aligned" if kind == "field" else "F1", terminal.number(found[layer, what, kind].value)]
        for layer, what, kind in _SHOWN
    ]
    said = (
        f"A third pass over {len(third)} articles, by an annotator who had seen neither gold nor passes nor any example or ruling of "
        "the guidelines, beside the gold:"
    )
    judged = Counter(
        row["verdict"] for row in _rows(dataset / "review" / "judged.json") if row["about"] == "third pass"
    )
    return "\n\n".join(
        [said, markdown_table(["layer", "what", "measure", "agreement"], rows), *_verdicts(judged, "Its differences")]
    )


def _verdicts(judged: Counter[str], what: str) -> list[str]:
    if not judged:
        return []
    parts = ", ".join(f"{count} {verdict}" for verdict, count in judged.most_common())
    return [f"{what}, judged one by one: {parts}."]
