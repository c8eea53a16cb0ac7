"""Agreement of two passes to look at: tables for the dataset card and for the terminal.

What is compared and counted is `conflictwire.agreement`'s.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from conflictwire.agreement import Agreement, Interval, Row, agree
from conflictwire.corpus import hydrate, inputs
from conflictwire.corpus.card import markdown_table
from conflictwire.corpus.files import UnusableInput, read_record
from conflictwire.model import Article, article_from_json
from conflictwire.paths import dataset_dir
from conflictwire.report import terminal

# One pass or another of `dataset/passes/ARTICLE/NAME.json`.
_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
_KINDS_ON_CARD = 15

Cells = list[dict[str, object]]


def passes(dataset: Path, name: str, texts: Path | None = None) -> list[Article]:
    """The articles of one stored pass (`a` or `b`), with their words where `texts` holds them.

    Raises:
        UnusableInput: a file is no article.
    """
    records = []
    for path in sorted((dataset / "passes").glob(f"*/{name}.json")):
        record = read_record(path)
        try:
            article_from_json(record)
        except msgspec.ValidationError as error:
            raise UnusableInput(f"{path} is no article: {error}; `conflictwire validate {path}` says more") from error
        records.append(record)
    if texts is not None:
        records = [h.record for h in hydrate.hydrate(records, [texts])]
    return [article_from_json(r) for r in records]


def read(value: str, texts: Path | None = None) -> list[Article]:
    """The annotations that a PASS names: a stored pass, a split, an article file or a folder of them.

    Raises:
        UnusableInput: none of these, or a file that is no article.
    """
    if _NAME.match(value):
        stored = passes(dataset_dir(), value, texts)
        if stored:
            return stored
    return list(inputs.articles(value, texts))


def compare(names: Sequence[str], texts: Path | None = None) -> Agreement:
    """The agreement of two or more passes by name.

    Raises:
        UnusableInput: a pass that cannot be read, fewer than two, or some that cannot be compared.
    """
    if len(names) < 2:
        raise UnusableInput("one pass agrees with nothing; name two or more, such as: conflictwire agree a b")
    first, second, *further = [read(name, texts) for name in names]
    try:
        return agree(first, second, further=further)
    except ValueError as error:
        raise UnusableInput(f"{', '.join(names)}: {error}") from error


def table(dataset: Path) -> str:
    """The card's tables of the two stored passes, in markdown; no words of an article stand in them."""
    first, second = passes(dataset, "a"), passes(dataset, "b")
    if not first:
        return "No passes are stored here."
    return markdown(agree(first, second))


def markdown(agreement: Agreement) -> str:
    """Tables of spans, links, fields and the most frequent differences, each with what its columns mean."""
    parts = [f"{_count(agreement)} {_INTERVALS}"]
    for title, cells in _tables(agreement).items():
        parts += [title, markdown_table(list(cells[0]), [list(c.values()) for c in cells])]
    frequent = _differences(agreement)
    if frequent:
        shown = f"The {_KINDS_ON_CARD} most frequent of {len(frequent)} kinds" if frequent[_KINDS_ON_CARD:] else "Kinds"
        parts.append(f"{shown} of difference (`conflictwire diff` shows each):")
        rows = [list(c.values()) for c in frequent[:_KINDS_ON_CARD]]
        parts.append(markdown_table(list(frequent[0]), rows))
    return "\n\n".join(parts)


def show(agreement: Agreement) -> None:
    """Prints the tables, and the kinds of difference with examples to look at."""
    for title, cells in _tables(agreement).items():
        terminal.table(title, cells)
    examples: Cells = [
        {
            **cells,
            "for example": "\n".join(
                f"{id}: {e.where}\n  A: {e.first or '–'}\n  B: {e.second or '–'}" for id, e in kind.examples
            ),
        }
        for cells, kind in zip(_differences(agreement), agreement.disagreements, strict=True)
    ]
    terminal.table("Differences, the most frequent kind first", examples)
    click.echo(f"{_count(agreement)} {_INTERVALS}\nsignature: {agreement.signature}")


_INTERVALS = (
    "In brackets are 95 % intervals, by bootstrap over articles; those of one story are not independent of each other, "
    "and an interval without width says only that these articles hold no difference."
)
_SPANS = "Spans, F1: with the same offsets, and overlapping, one to one:"
_LINKS = "Links, F1 by the scorer, with either pass as the gold and the counts added:"
_FIELDS = (
    "Fields of aligned items. Aligned: the share of the items of both passes that have a partner; the same: the share "
    "of compared pairs with equal values; alpha: Krippendorff's, nominal, of which 0 is chance, and which a few "
    "differences make low where nearly all values are the same:"
)


def _count(agreement: Agreement) -> str:
    count = f"{len(agreement.articles)} article{'s' * (len(agreement.articles) != 1)}"
    if agreement.passes == 2:
        return f"{count} annotated twice."
    return f"{count} in at least two of {agreement.passes} passes; what every pair of passes has is counted together."


def _tables(agreement: Agreement) -> dict[str, Cells]:
    rows = {(r.layer, r.what, r.kind): r for r in agreement.rows}
    spans: Cells = [
        {
            "layer": r.layer,
            "spans": r.what,
            "the same": _figure(r),
            "overlapping": _figure(rows[r.layer, r.what, "overlapping span"]),
            "in the first": r.first,
            "in the second": r.second,
        }
        for r in agreement.rows
        if r.kind == "same span"
    ]
    links: Cells = [
        {"layer": r.layer, "links": r.what, "F1": _figure(r), "in the first": r.first, "in the second": r.second}
        for r in agreement.rows
        if r.kind == "link"
    ]
    fields: Cells = [
        {
            "layer": r.layer,
            "field": r.what,
            "aligned": terminal.number(r.matched),
            "compared": r.compared,
            "the same": _figure(r),
            "alpha": _alpha(r),
        }
        for r in agreement.rows
        if r.kind == "field"
    ]
    return {_SPANS: spans, _LINKS: links, _FIELDS: fields}


def _differences(agreement: Agreement) -> Cells:
    return [
        {"layer": d.layer, "difference": d.kind, "times": d.count, "articles": d.articles}
        for d in agreement.disagreements
    ]


def _figure(row: Row) -> str:
    return _with_interval(row.value, row.interval, row.note)


def _alpha(row: Row) -> str:
    return _with_interval(row.alpha, row.alpha_interval, row.alpha_note)


def _with_interval(value: float | None, interval: Interval, note: str) -> str:
    """`0.971 [0.960, 0.980]`, `0.971, too few articles (3)`, or why there is no value."""
    if value is None:
        return note or "–"
    shown = terminal.number(value)
    if interval is not None:
        return f"{shown} [{interval[0]:.3f}, {interval[1]:.3f}]"
    return f"{shown}, {note}" if note else shown
