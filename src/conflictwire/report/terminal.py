"""What a person sees in a terminal: tables on stdout, progress on stderr when it is a terminal."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from conflictwire import derive
from conflictwire.model import Prediction
from conflictwire.scoring import Scores


def _console() -> Console:
    # Piped output keeps whole rows: a narrow default would cut cells.
    # Markup is off because cells hold article text, in which square brackets are square brackets.
    return Console(width=None if sys.stdout.isatty() else 160, markup=False, emoji=False, highlight=False)


def number(value: Any) -> str:
    """A score to three decimals, an en dash where there is none, other values as they are."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def table(title: str, rows: list[dict[str, Any]]) -> None:
    """Prints rows as a table."""
    grid = Table(title=title, title_justify="left", header_style="bold")
    for column in rows[0] if rows else ["nothing"]:
        numeric = any(isinstance(r[column], (int, float)) for r in rows)
        grid.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(number(v) for v in row.values()))
    _console().print(grid)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as plain rows, fit for JSON: None where a score is not defined."""
    return [
        {str(k): None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()}
        for row in frame.to_dict("records")
    ]


def scores(result: Scores) -> None:
    """Prints scores, documents that were missing or extra, and the signature of the first metric."""
    table("Scores", rows(result.table))
    console = _console()
    if result.missing:
        console.print(f"no prediction, counted as empty: {', '.join(result.missing)}")
    if result.extra:
        console.print(f"not in the gold, left out: {', '.join(result.extra)}")
    if result.copies:
        console.print(f"exact copies removed: {result.copies}")
    console.print(f"signature: {result.signature(result.metrics[0])}", soft_wrap=True)


def claims(prediction: Prediction, text: str) -> None:
    """Prints the claims of a prediction, each with who says it and the words around it."""
    named = {
        s.id: derive.source_name(s, {e.id: e for e in prediction.entities or []}) for s in prediction.sources or []
    }
    statements = derive.asserting(prediction.attributions or [])
    rows = []
    for claim in prediction.claims or []:
        said = [named.get(s, s) for a, _ in statements.get(claim.id, []) for s in a.sources]
        before, after = (
            text[max(0, claim.span.start - 35) : claim.span.start],
            text[claim.span.end : claim.span.end + 45],
        )
        rows.append(
            {
                "figure": text[claim.span.start : claim.span.end],
                "reads as": " ".join(
                    filter(
                        None,
                        [
                            claim.bound.replace("none", ""),
                            claim.approximation.replace("none", ""),
                            "–".join(claim.values) or claim.form,
                        ],
                    )
                ),
                "measure": claim.measure,
                "who says so": ", ".join(dict.fromkeys(said)) or derive.voice(claim, statements),
                "in the text": f"{before}[{text[claim.span.start : claim.span.end]}]{after}".replace("\n", " "),
            }
        )
    table(f"{prediction.id}: {len(rows)} claims", rows)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr, where stderr is a terminal; yields what advances it: `advance(by=1, label=None)`."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda by=1, label=None: bar.update(task, advance=by, description=label)
