"""Speeds as ratios: CPU time on a generated corpus, as multiples of parsing its files or of another tool's time.

    .venv/bin/python benchmarks/speed.py [--documents 300] [--only TABLE]

All tables are of one run in one process on the same records; nothing here is a test. Contestants take turns and
the least of several turns counts, because a machine has other things to do. A table is one function that yields
rows; to add one, write it and name it in `TABLES`. Public scorers are those of the `dev` extra.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import conflictwire
from conflictwire import casualties, extractors, scoring
from conflictwire.corpus import load
from conflictwire.corpus.card import markdown_table
from conflictwire.model import (
    LAYERS,
    Argument,
    Article,
    Entity,
    Event,
    Json,
    Mention,
    Prediction,
    Span,
    article_from_json,
    dumps,
    prediction_from_json,
    to_json,
)
from conflictwire.reading import Page
from conflictwire.scoring import statistics
from conflictwire.scoring.align import Aligned

Row = list[object]


@dataclass(frozen=True)
class Corpus:
    """What is timed: articles and damaged predictions, as files and as typed records, and what parsing the files takes."""

    gold_file: Path
    predictions_file: Path
    gold: list[Article]
    predicted: list[Prediction]
    floor: float

    def __len__(self) -> int:
        return len(self.gold)


def generated(count: int, seed: int = 1) -> tuple[list[Json], list[Json]]:
    """Gold and predicted records: invented articles over and over, the predictions damaged at random."""
    rng = random.Random(seed)
    stock = [to_json(a) for a in load.articles(part="invented")]
    gold, predicted = [], []
    for number in range(count):
        record = {**rng.choice(stock), "id": f"d{number}", "story": f"s{number // 3}"}
        gold.append(record)
        layers = json.loads(json.dumps({layer: record[layer] for layer in LAYERS}))
        for layer in ("entities", "events", "claims"):
            layers[layer] = [item for item in layers[layer] if rng.random() > 0.15]
        for entity in layers["entities"]:
            for mention in entity["mentions"]:
                if rng.random() < 0.15:
                    mention["span"]["end"] += 1
        predicted.append({"id": record["id"], **layers})
    return gold, predicted


def corpus(count: int, folder: Path) -> Corpus:
    """The generated corpus, written to files."""
    records = generated(count)
    paths = folder / "gold.jsonl", folder / "predictions.jsonl"
    for path, rows in zip(paths, records, strict=True):
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    floor = race({"floor": lambda: [parse(path) for path in paths]})["floor"]
    return Corpus(
        *paths, [article_from_json(r) for r in records[0]], [prediction_from_json(r) for r in records[1]], floor
    )


def parse(path: Path) -> list[Json]:
    """The floor: every line of a file through the standard library's parser."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def race(contestants: Mapping[str, Callable[[], object]], turns: int = 5) -> dict[str, float]:
    """The least CPU time of each in seconds, everybody taking turns."""
    least = dict.fromkeys(contestants, float("inf"))
    for _ in range(turns):
        for name, run in contestants.items():
            began = time.process_time()
            run()
            least[name] = min(least[name], time.process_time() - began)
    return least


def count(gold: Iterable[Article], predicted: Iterable[Prediction], metrics: Iterable[str]) -> None:
    """The counts of some metrics for every document."""
    made = [scoring.parse(m) for m in metrics]
    for article, prediction in zip(gold, predicted, strict=True):
        aligned = Aligned(article, prediction)
        for metric in made:
            metric.counts(aligned)


# ---- tables --------------------------------------------------------------------------------------


def floor(of: Corpus) -> Iterator[Row]:
    """The scorer beside parsing both files."""
    yield ["what", "CPU s", "times the floor", "documents/s"]
    families = {
        f"{family}: {len(metrics)} metrics": metrics
        for family in ("mentions", "coref", "events", "claims", "attributions")
        for metrics in [[m for m in scoring.DEFAULT if m.startswith(family)]]
    }
    counted = {"the default suite: counts of all metrics": scoring.DEFAULT, **families}
    seconds = race(
        {name: lambda metrics=metrics: count(of.gold, of.predicted, metrics) for name, metrics in counted.items()}  # type: ignore[misc]
        | {
            "`score()` of records: counts, sums, intervals": lambda: scoring.score(of.gold, of.predicted).scores,
            "and its list of errors": lambda: scoring.score(of.gold, of.predicted).errors,
            "`score()` of files, reading and all": lambda: conflictwire.score(of.gold_file, of.predictions_file).scores,
        },
        turns=3,
    )
    yield ["parsing both files: the floor", f"{of.floor:.3f}", "1.00", f"{len(of) / of.floor:.0f}"]
    for name, taken in seconds.items():
        yield [name, f"{taken:.3f}", f"{taken / of.floor:.2f}", f"{len(of) / taken:.0f}"]


def public(of: Corpus) -> Iterator[Row]:
    """Public scorers beside ours, each pair on the same items and the same measures, with tables by type where both have them."""
    from nervaluate import Evaluator
    from scorch import scores as scorch
    from seqeval.metrics import classification_report

    yield ["what", "theirs", "CPU s", "ours, CPU s", "times faster"]
    sides = of.gold, of.predicted
    spans = [
        [
            [{"label": e.type, "start": m.span.start, "end": m.span.end} for e in r.entities or [] for m in e.mentions]
            for r in side
        ]
        for side in sides
    ]
    labels = sorted({s["label"] for document in spans[0] for s in document})
    clusters = [
        [[{(m.span.start, m.span.end) for m in e.mentions} for e in r.entities or []] for r in side] for side in sides
    ]
    flat = [[_flat(r) for r in side] for side in sides]
    tags = [[_tags(a.text or "", r) for a, r in zip(of.gold, side, strict=True)] for side in flat]

    def by_scorch() -> None:
        for gold, predicted in zip(*clusters, strict=True):
            for metric in (scorch.muc, scorch.b_cubed, scorch.ceaf_e, scorch.blanc):
                metric(gold, predicted)

    pairs: dict[tuple[str, str], tuple[Callable[[], object], Callable[[], object]]] = {
        ("mentions: strict, exact, partial, type", "`nervaluate`"): (
            lambda: Evaluator(*spans, tags=labels).evaluate(),
            lambda: count(*sides, [f"mentions.{m}" for m in ("strict", "exact", "partial", "type")]),
        ),
        ("coreference: MUC, B3, CEAFe, BLANC", "`scorch`"): (
            by_scorch,
            lambda: count(*sides, [f"coref.{m}" for m in ("muc", "b3", "ceafe", "blanc")]),
        ),
        ("mentions that do not overlap: strict", "`seqeval`"): (
            lambda: classification_report(*tags, output_dict=True, zero_division=0),
            lambda: count(of.gold, flat[1], ["mentions.strict"]),
        ),
    }
    for (what, name), contest in pairs.items():
        theirs, ours = race(dict(zip(("theirs", "ours"), contest, strict=True)), turns=9).values()
        yield [what, name, f"{theirs:.3f}", f"{ours:.3f}", f"{theirs / ours:.1f}"]


def _flat(record: Article | Prediction) -> Prediction:
    """The record's mentions without those that overlap an earlier one, as tags can tell them; each its own entity."""
    end, kept = 0, list[Entity]()
    for start, until, type in sorted(
        (m.span.start, m.span.end, e.type) for e in record.entities or [] for m in e.mentions
    ):
        if start >= end:
            kept.append(Entity(id=f"e{start}", type=type, name="", mentions=[Mention(Span(start, until))]))
            end = until
    return Prediction(record.id, entities=kept)


def _tags(text: str, record: Prediction) -> list[str]:
    """IOB2 tags over the words of a text."""
    starts = [m.start() for m in re.finditer(r"\S+", text)]
    tags = ["O"] * len(starts)
    for entity in record.entities or []:
        span = entity.mentions[0].span
        inside = [i for i, at in enumerate(starts) if span.start <= at < span.end]
        for place, i in enumerate(inside):
            tags[i] = f"{'I' if place else 'B'}-{entity.type}"
    return tags


def resampling(of: Corpus) -> Iterator[Row]:
    """Intervals and paired tests of all default metrics, every document a story, 10,000 rounds."""
    yield ["stories", "intervals, CPU s", "paired tests with another system, CPU s"]
    documents = [Aligned(a, p) for a, p in zip(of.gold, of.predicted, strict=True)]
    others = [Aligned(a, p) for a, p in zip(of.gold, of.predicted[1:] + of.predicted[:1], strict=True)]
    how = statistics.Resampling()
    for stories in (100, 1000):
        first, second = (
            [
                statistics.table((found * (stories // len(found) + 1))[:stories], metric.parts)
                for metric in map(scoring.parse, scoring.DEFAULT)
                for found in [[metric.counts(d) for d in side]]
            ]
            for side in (documents, others)
        )
        taken = race(
            {
                "intervals": lambda t=first: statistics.f1_intervals(t, how),  # type: ignore[misc]
                "tests": lambda a=first, b=second: statistics.paired_tests(a, b, how),  # type: ignore[misc]
            },
            turns=3,
        )
        yield [stories, f"{taken['intervals']:.2f}", f"{taken['tests']:.2f}"]


def size(of: Corpus) -> Iterator[Row]:
    """Cost against the size of the corpus: the default suite."""
    yield ["documents", "CPU s", "CPU ms a document"]
    sizes = [len(of) // 4, len(of) // 2, len(of)]
    taken = race({str(n): lambda n=n: count(of.gold[:n], of.predicted[:n], scoring.DEFAULT) for n in sizes}, turns=3)  # type: ignore[misc]
    for n, seconds in taken.items():
        yield [n, f"{seconds:.3f}", f"{1000 * seconds / int(n):.2f}"]


def templates(of: Corpus) -> Iterator[Row]:
    """Cost against the number of templates a document: CEAF-REE, CEAF-RME in both forms, GTT and role-merged."""
    yield ["templates a document", "CPU ms a document", "times that of half as many"]
    names = ("templates.ree", "templates.rme", "templates.rme(form=subset)", "templates.gtt", "templates.merged")
    numbers = (2, 4, 8, 14, 28, 56)
    pairs = {n: [_with_templates(side[0], n) for side in (of.gold, of.predicted)] for n in numbers}
    taken = race(
        {str(n): lambda pair=pair: count(*([r] * 5 for r in pair), names) for n, pair in pairs.items()}  # type: ignore[misc]
    )
    for n in numbers:
        half = taken.get(str(n // 2))
        yield [n, f"{200 * taken[str(n)]:.1f}", f"{taken[str(n)] / half:.1f}" if half else "–"]


def extraction(of: Corpus) -> Iterator[Row]:
    """Extractors on the train articles at hand, beside cutting their texts into sentences and words."""
    yield ["reader", "CPU ms an article", "times cutting into words"]
    documents = [extractors.document(a) for a in load.articles("train", "invented")]
    made = {name: extractors.make(name) for name in ("regex", "rules")}
    taken = race(
        {
            "sentences and words": lambda: [Page(d.text) for d in documents],
            "`casualties.find`": lambda: [casualties.find(d.text) for d in documents],
            **{f"`{n}`": lambda e=e: [e.extract(d) for d in documents] for n, e in made.items()},  # type: ignore[misc]
        }
    )
    words = taken["sentences and words"]
    for name, seconds in taken.items():
        yield [name, f"{1000 * seconds / len(documents):.1f}", f"{seconds / words:.1f}"]


def _with_templates(record: Any, number: int) -> Any:
    """The record with so many events of one type that enter templates, each with arguments of its own."""
    entities = record.entities[: 2 * number] or record.entities
    events = [
        Event(
            id=f"t{n}",
            type="attack.bombing",
            triggers=[Span(10 * n, 10 * n + 4)],
            arguments=[
                Argument(id="g1", role="victim", entity=entities[2 * n % len(entities)].id),
                Argument(id="g2", role="place", entity=entities[(2 * n + 1) % len(entities)].id),
            ],
        )
        for n in range(number)
    ]
    return replace(record, events=events)


def validation(of: Corpus) -> Iterator[Row]:
    """Validation of canonical files, one an article, all rules, duplicate keys found: beside schema checks that have neither."""
    from jsonschema import Draft202012Validator

    from conflictwire import schemas
    from conflictwire.validation import RULES, validate_file

    yield ["what", "CPU ms an article", "times faster"]
    schema = schemas.article_schema()
    reference = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema").write_text(json.dumps(schema), encoding="utf-8")
        files = [folder / f"{article.id}.json" for article in of.gold[:VALIDATED]]
        for file, article in zip(files, of.gold, strict=False):
            file.write_text(dumps(to_json(article)), encoding="utf-8")
        taken = race(
            {
                "parsing with `json`": lambda: [json.loads(file.read_bytes()) for file in files],
                f"`conflictwire validate`: {len(RULES)} rules": lambda: [validate_file(file) for file in files],
                "`jsonschema`, a plain loop": lambda: [
                    list(reference.iter_errors(json.loads(file.read_bytes()))) for file in files
                ],
            }
        )
        command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(folder / "schema")]
        before = os.times().children_user
        subprocess.run([*command, *map(str, files)], check=True, stdout=subprocess.DEVNULL)
        taken["`check-jsonschema`, start-up and all"] = os.times().children_user - before
    plain = taken["`jsonschema`, a plain loop"]
    for what, seconds in taken.items():
        yield [what, f"{1000 * seconds / len(files):.2f}", f"{plain / seconds:.1f}"]


VALIDATED = 100  # articles: the plain loop is slow

TABLES = (floor, public, resampling, size, templates, extraction, validation)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--only", choices=[t.__name__ for t in TABLES], help="one table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = corpus(asked.documents, Path(folder))
        mentions = sum(len(e.mentions) for a in made.gold for e in a.entities) / len(made)
        mean = {layer: sum(len(getattr(a, layer)) for a in made.gold) / len(made) for layer in LAYERS[1:]}
        print(
            f"{len(made)} documents of about {mentions:.0f} mentions, "
            + ", ".join(f"{n:.0f} {layer}" for layer, n in mean.items())
        )
        for function in TABLES:
            if asked.only in (None, function.__name__):
                header, *rows = function(made)
                print(f"\n{(function.__doc__ or '').strip()}\n")
                print(markdown_table(header, rows), flush=True)


if __name__ == "__main__":
    main()
