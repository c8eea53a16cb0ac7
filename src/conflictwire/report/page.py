"""The benchmark's page: a table, a plot, and for each article gold beside prediction. One file, no scripts.

Every string goes through the template's escaping, and a content policy allows nothing from outside.
"""

import base64
import io
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from conflictwire import derive
from conflictwire.model import Article, Prediction, Span
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.claims import right_source, same_measure

if TYPE_CHECKING:
    from conflictwire.report.benchmark import Part

# Layers as the page colours them: class and title.
LAYERS = {
    "mention": "mentions",
    "trigger": "triggers",
    "claim": "figures",
    "cue": "cues",
    "content": "what is said",
}


def render(parts: "Sequence[Part]", shown: Sequence[str]) -> str:
    """The page of a benchmark run; the articles shown are those of the first part, beside the last extractor."""
    environment = Environment(
        loader=PackageLoader("conflictwire.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    first = parts[0]
    best = first.runs[-1]
    return environment.get_template("benchmark.html").render(
        parts=[_table(p, shown) for p in parts],
        plot=plot(first, shown),
        plot_title=first.title,
        extractor=best.extractor,
        layers=LAYERS,
        articles=[_compare(a, best.predictions.get(a.id)) for a in first.articles],
        signature=best.scores.signature(best.scores.metrics[0]),
    )


def _table(part: "Part", shown: Sequence[str]) -> dict[str, Any]:
    names = [r.extractor for r in part.runs]
    by_run = [{s.metric: s for s in r.scores.scores} for r in part.runs]
    rows = []
    for metric in shown:
        cells = []
        for scores in by_run:
            s = scores[metric]
            text = "not attempted" if s.note == "not attempted" else "–" if s.f1 is None else f"{s.f1:.3f}"
            detail = (
                f"P {s.precision:.3f}, R {s.recall:.3f}" if s.precision is not None and s.recall is not None else ""
            )
            if s.interval:
                detail += f", 95 % [{s.interval[0]:.3f}, {s.interval[1]:.3f}]"
            cells.append({"text": text, "detail": detail, "share": s.f1 or 0.0})
        rows.append({"metric": metric, "cells": cells})
    return {"title": part.title, "note": part.note, "names": names, "rows": rows}


def plot(part: "Part", shown: Sequence[str]) -> str:
    """F1 by metric and extractor as dots on a line, as a `data:` address of an SVG picture."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot as plt

    metrics = [m for m in shown if "floor" not in m]
    colours = ["#8c8c8c", "#c9a227", "#4a7fb0", "#a3333d", "#3f7d58", "#6b4e8e"]
    with plt.rc_context({"font.family": "sans-serif", "svg.hashsalt": "conflictwire", "font.size": 9}):
        figure, axes = plt.subplots(figsize=(8, 0.42 * len(metrics) + 1.1))
        for number, one in enumerate(part.runs):
            scores = {s.metric: s.f1 for s in one.scores.scores if s.note != "not attempted"}
            points = [(f1, -row) for row, m in enumerate(metrics) if (f1 := scores.get(m)) is not None]
            # Small shifts keep equal scores apart.
            shift = (number - (len(part.runs) - 1) / 2) * 0.13
            axes.scatter(
                [x for x, _ in points],
                [y - shift for _, y in points],
                s=34,
                color=colours[number % 6],
                label=one.extractor,
                zorder=3,
            )
        axes.set_yticks([-i for i in range(len(metrics))], metrics)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("F1")
        axes.grid(axis="both", color="#e4e0d8", zorder=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0)
        figure.legend(loc="upper center", ncols=len(part.runs), frameon=False)
        figure.tight_layout(rect=(0, 0, 1, 0.94))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
        plt.close(figure)
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


def _compare(article: Article, prediction: Prediction | None) -> dict[str, Any]:
    aligned = Aligned(article, prediction)
    gold, predicted = aligned.gold.claims, aligned.predicted.claims
    back = {j: i for i, j in aligned.claims.items()}
    rows = [
        {
            "at": claim.span.start,
            "gold": _claim(article, claim),
            "predicted": _claim(prediction, predicted[aligned.claims[i]], article.text)
            if i in aligned.claims and prediction
            else None,
            "verdict": _verdict(aligned, i),
        }
        for i, claim in enumerate(gold)
    ]
    rows += [
        {
            "at": claim.span.start,
            "gold": None,
            "predicted": _claim(prediction, claim, article.text),
            "verdict": "spurious",
        }
        for j, claim in enumerate(predicted)
        if j not in back and prediction
    ]
    text = article.text or ""
    return {
        "id": article.id,
        "title": article.title,
        "meta": ", ".join(filter(None, [article.part, article.genre, article.publisher, article.published])),
        "gold": marked(text, article),
        "predicted": marked(text, prediction) if prediction else None,
        "claims": sorted(rows, key=lambda r: r["at"]),
    }


def _verdict(aligned: Aligned, index: int) -> str:
    if index not in aligned.claims:
        return "missed"
    gold, predicted = aligned.gold.claims[index], aligned.predicted.claims[aligned.claims[index]]
    if not same_measure(aligned, gold, predicted):
        return "other figure or measure"
    return "right" if right_source(aligned, gold, predicted) else "wrong source"


def _claim(record: Article | Prediction | None, claim: Any, text: str | None = None) -> dict[str, str]:
    assert record is not None
    words = claim.span.text or (text or "")[claim.span.start : claim.span.end]
    statements = derive.asserting(record.attributions or [])
    names = {s.id: derive.source_name(s, {e.id: e for e in record.entities or []}) for s in record.sources or []}
    said = [names.get(s, s) for a, _ in statements.get(claim.id, []) for s in a.sources]
    return {
        "words": words,
        "measure": f"{claim.measure}, {claim.unit}",
        "who": ", ".join(dict.fromkeys(said)) or derive.voice(claim, statements),
    }


def marked(text: str, record: Article | Prediction) -> Markup:
    """The text as HTML with the spans of the layers marked; spans may nest and cross."""
    spans: list[tuple[Span, str, str]] = []
    for entity in record.entities or []:
        spans += [(m.span, "mention", f"{entity.type}: {entity.name}") for m in entity.mentions]
    for event in record.events or []:
        about = "" if derive.in_template(event) else f" ({event.modality}, {event.polarity}, {event.genericity})"
        spans += [(t, "trigger", event.type + about) for t in event.triggers]
    for claim in record.claims or []:
        figure = " ".join([*(x for x in (claim.bound, claim.approximation) if x != "none"), *claim.values])
        spans.append((claim.span, "claim", f"{claim.measure}: {figure or claim.form}"))
    for attribution in record.attributions or []:
        spans += [(c, "cue", attribution.act) for c in attribution.cue]
        spans += [(c, "content", "") for c in attribution.content]
    kept = [(s.start, min(s.end, len(text)), kind, title) for s, kind, title in spans if 0 <= s.start < len(text)]
    edges = sorted(
        {
            0,
            len(text),
            *(s for s, *_ in kept),
            *(e for _, e, *_ in kept),
            *(i + 1 for i, c in enumerate(text) if c == "\n"),
        }
    )
    parts = []
    for low, high in pairwise(edges):
        over = [(kind, title) for s, e, kind, title in kept if s <= low and high <= e]
        words = escape(text[low:high])
        if over:
            titles = "; ".join(dict.fromkeys(t for _, t in over if t))
            classes = " ".join(sorted({kind for kind, _ in over}))
            words = Markup('<span class="{}" title="{}">{}</span>').format(classes, titles, words)
        parts.append(words)
    return Markup("").join(parts).replace("\n", Markup("<br>\n"))
