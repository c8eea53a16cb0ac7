"""The jobs that run over shards: validate, extract, score. Each reads row by row and writes row by row."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conflictwire.corpus import files, strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.engine.shards import Done
from conflictwire.formats import tables
from conflictwire.model import Json, article_from_json


@dataclass(frozen=True)
class Validate:
    """Every finding of a shard's records, one a line; sums them up by rule."""

    level: int = 4

    @property
    def name(self) -> str:
        """The job and its parameters."""
        return f"validate(level={self.level})"

    def inputs(self, shard: Path) -> list[Path]:
        """The files that are read for a shard."""
        return [shard]

    def work(self, shard: Path, out: Path) -> Json:
        """Reads the shard, writes `out`, returns what can be summed."""
        counts: Counter[str] = Counter()

        def lines() -> Iterator[Json]:
            from conflictwire.validation import validate_record

            for number, record in tables.rows(shard):
                counts["records"] += 1
                if isinstance(record, strict.Unreadable):
                    counts["error"] += 1
                    counts[record.code] += 1
                    yield {"row": number, "code": record.code, "severity": "error", "message": record.message}
                    continue
                for finding in validate_record(record, self.level):
                    counts[finding.severity] += 1
                    counts[finding.code] += 1
                    yield {
                        "row": number,
                        "id": record.get("id"),
                        "code": finding.code,
                        "severity": finding.severity,
                        "path": finding.path,
                        "message": finding.message,
                    }

        _write(out, lines())
        return dict(sorted(counts.items()))


@dataclass(frozen=True)
class Extract:
    """The predictions of a shard's articles, one a line; an article that fails is a line with its error."""

    extractor: str

    @property
    def name(self) -> str:
        """The job and its parameters."""
        return f"extract({self.extractor})"

    def inputs(self, shard: Path) -> list[Path]:
        """The files that are read for a shard."""
        return [shard]

    def work(self, shard: Path, out: Path) -> Json:
        """Reads the shard, writes `out`, returns what can be summed."""
        from conflictwire import extractors
        from conflictwire.extractors import runner

        counts: Counter[str] = Counter()

        def documents() -> Iterator[extractors.Document]:
            for number, record in tables.rows(shard):
                if isinstance(record, strict.Unreadable):
                    raise UnusableInput(f"{shard}, row {number}: {record.message}")
                article = article_from_json(record)
                if article.text is not None:
                    yield extractors.document(article)

        def lines() -> Iterator[Json]:
            for row in runner.rows(self.extractor, documents()):
                counts["failed" if "error" in row else "predicted"] += 1
                yield row

        _write(out, lines())
        return dict(sorted(counts.items()))


@dataclass(frozen=True)
class Score:
    """The exact counts of each metric over a shard of gold and the predictions of the same name."""

    predictions: Path
    metrics: tuple[str, ...]

    @property
    def name(self) -> str:
        """The job and its parameters."""
        return f"score({', '.join(self.metrics)})"

    def inputs(self, shard: Path) -> list[Path]:
        """The files that are read for a shard."""
        return [shard, self.predictions / f"{shard.stem}.jsonl"]

    def work(self, shard: Path, out: Path) -> Json:
        """Reads the shard, writes `out`, returns what can be summed."""
        from conflictwire import scoring
        from conflictwire.formats import predictions

        articles = []
        for number, record in tables.rows(shard):
            if isinstance(record, strict.Unreadable):
                raise UnusableInput(f"{shard}, row {number}: {record.message}")
            articles.append(article_from_json(record))
        read = predictions.read(self.inputs(shard)[1], articles)
        found = scoring.score(articles, read.predictions.values(), self.metrics)
        totals = found.totals
        _write(out, ({"metric": metric, "counts": _plain(total)} for metric, total in totals.items()))
        return {
            "documents": len(articles),
            "missing": len(found.missing),
            "unreadable": sum(p.fatal for p in read.problems),
            "attempted": sorted(found.attempted),
            "counts": {metric: _plain(total) for metric, total in totals.items()},
        }


def _plain(breakdown: Any) -> Json:
    return {key: [c.gold_credit, c.gold, c.predicted_credit, c.predicted] for key, c in sorted(breakdown.items())}


def merged_scores(done: Iterable[Done]) -> list[Json]:
    """The scores of all shards together: the sum of their exact counts, so the same however they were cut."""
    from conflictwire.scoring import parse
    from conflictwire.scoring.counts import Breakdown, Counts, finalise_parts, merge

    summaries = [d.summary for d in done if d.summary is not None]
    attempted = {layer for s in summaries for layer in s["attempted"]}
    parts: dict[str, list[Breakdown]] = {}
    for summary in summaries:
        for metric, counts in summary["counts"].items():
            parts.setdefault(metric, []).append({key: Counts(*four) for key, four in counts.items()})
    documents, missing = (sum(s[key] for s in summaries) for key in ("documents", "missing"))
    rows: list[Json] = []
    for text, breakdowns in parts.items():
        metric = parse(text)
        total = merge(breakdowns)
        result = finalise_parts(total, metric.parts)
        is_attempted = attempted.issuperset(metric.layers)
        rows.append(
            {
                "metric": text,
                "precision": result.precision if is_attempted else None,
                "recall": result.recall if is_attempted else None,
                "f1": result.f1 if is_attempted else None,
                "gold": total[""].gold // metric.unit,
                "predicted": total[""].predicted // metric.unit,
                "note": "" if is_attempted else "not attempted",
                "documents": f"{documents - missing}/{documents}",
            }
        )
    return rows


def _write(out: Path, rows: Iterator[Json]) -> None:
    """JSON lines, written as they come and named when they are whole."""
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for row in rows:
                file.write(files.json_line(row) + "\n")
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
