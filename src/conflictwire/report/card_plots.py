"""The picture on the dataset card: what the corpus holds, as bars, drawn from the articles alone."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from conflictwire import derive
from conflictwire.model import Article

Stacks = dict[str, dict[str, int]]
"""For each bar its pieces: `{"killed": {"attributed": 57, "narrator": 39}}`."""

PARTS = ("invented", "reported")
VOICES = ("attributed", "unclear", "narrator")
NAMINGS = ("named", "role_only", "anonymous")
LENGTHS = (1000, 2000, 3000, 4000)
MOST_BARS = 12
COLOURS = ("#a3333d", "#c9a227", "#4a7fb0")


def panels(articles: list[Article]) -> dict[str, tuple[tuple[str, ...], Stacks]]:
    """What is drawn: for each panel's title the names of the pieces, and the bars from top to bottom."""
    claims = [(c, derive.asserting(a.attributions)) for a in articles for c in a.claims]
    return {
        "articles by genre": (PARTS, _stacks((a.genre, a.part) for a in articles)),
        "articles by length, characters": (PARTS, _lengths(articles)),
        "events by kind": (PARTS, _stacks((e.type.split(".")[0], a.part) for a in articles for e in a.events)),
        "claims by measure": (VOICES, _stacks((c.measure, derive.voice(c, said)) for c, said in claims)),
        "claims by form and modifier": (
            VOICES,
            _stacks((shape, derive.voice(c, said)) for c, said in claims for shape in _shapes(c)),
        ),
        "sources by category": (NAMINGS, _stacks((s.category, s.naming) for a in articles for s in a.sources)),
    }


def _shapes(claim: Any) -> list[str]:
    modifiers = [m for m in (claim.bound, claim.approximation) if m != "none"]
    return modifiers or ["plain numeral" if claim.form == "numeral" else claim.form]


def _stacks(pairs: Iterable[tuple[str, str]]) -> Stacks:
    stacks: dict[str, Counter[str]] = {}
    for bar, piece in pairs:
        stacks.setdefault(bar, Counter())[piece] += 1
    longest_first = sorted(stacks.items(), key=lambda item: (-item[1].total(), item[0]))
    shown, rest = longest_first[:MOST_BARS], longest_first[MOST_BARS:]
    result: Stacks = {bar.replace("_", " "): dict(pieces) for bar, pieces in shown}
    if rest:
        result[f"{len(rest)} more"] = dict(sum((pieces for _, pieces in rest), Counter()))
    return result


def _lengths(articles: list[Article]) -> Stacks:
    limits = (0, *LENGTHS)
    names = [f"{low:,} to {high:,}" for low, high in zip(limits, LENGTHS, strict=False)] + [f"{LENGTHS[-1]:,} or more"]
    stacks: Stacks = {name: {} for name in names}
    for article in articles:
        length = sum(s.length + 1 for s in article.segments) - 1
        bar = stacks[names[sum(length >= limit for limit in LENGTHS)]]
        bar[article.part] = bar.get(article.part, 0) + 1
    return stacks


def content(articles: list[Article]) -> str:
    """A hash of what the picture shows, which stands in the picture: it is out of date when this changed."""
    return hashlib.sha256(json.dumps(panels(articles), sort_keys=True).encode()).hexdigest()[:16]


def draw(articles: list[Article]) -> bytes:
    """The picture as SVG, with its `content` in the metadata."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot as plt

    with plt.rc_context({"font.family": "sans-serif", "font.size": 8, "svg.hashsalt": "conflictwire"}):
        figure, grid = plt.subplots(2, 3, figsize=(12, 6.6))
        for axes, (title, (pieces, stacks)) in zip(grid.flat, panels(articles).items(), strict=True):
            left = [0] * len(stacks)
            for piece, colour in zip(pieces, COLOURS, strict=False):
                widths = [bar.get(piece, 0) for bar in stacks.values()]
                axes.barh(list(stacks), widths, left=left, color=colour, label=piece.replace("_", " "), height=0.72)
                left = [a + b for a, b in zip(left, widths, strict=True)]
            for row, total in enumerate(left):
                axes.annotate(str(total), (total, row), xytext=(3, 0), textcoords="offset points", va="center")
            axes.invert_yaxis()
            axes.set_title(title, loc="left", fontweight="bold", fontsize=9)
            axes.spines[["top", "right", "bottom"]].set_visible(False)
            axes.tick_params(length=0)
            axes.set_xticks([])
            axes.set_xlim(0, max(left, default=1) * 1.15)
            axes.legend(frameon=False, loc="lower right")
        figure.tight_layout()
        buffer = io.BytesIO()
        metadata = {"Date": None, "Description": f"content {content(articles)}"}
        figure.savefig(buffer, format="svg", metadata=metadata)
        plt.close(figure)
    return buffer.getvalue()
