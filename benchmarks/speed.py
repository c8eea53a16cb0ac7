"""Speeds as ratios: CPU time of our scorer on a generated corpus, as multiples of reading its two files.

    .venv/bin/python benchmarks/speed.py [--documents 300]

Everything runs in one process on the same records; nothing here is a test. Public scorers run beside
ours where they are installed (`pip install nervaluate scorch seqeval`).
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from conflictwire import scoring
from conflictwire.corpus import load
from conflictwire.model import (
    Argument,
    Article,
    Event,
    Json,
    Prediction,
    Span,
    article_from_json,
    prediction_from_json,
    to_json,
)
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.statistics import Resampling, f1_interval, table

LAYERS = ("entities", "events", "claims", "sources", "attributions")


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


def cpu(function: Callable[[], Any], rounds: int = 3) -> float:
    """The least CPU time of a few runs, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        function()
        times.append(time.process_time() - began)
    return min(times)


def read(path: Path) -> list[Json]:
    """The floor: every line of a file through the standard library's parser."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=300)
    documents = parser.parse_args().documents
    gold_records, predicted_records = generated(documents)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "gold.jsonl", Path(folder) / "predicted.jsonl"]
        for path, records in zip(paths, (gold_records, predicted_records), strict=True):
            path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        floor = cpu(lambda: [read(path) for path in paths])
    gold = [article_from_json(r) for r in gold_records]
    predicted = [prediction_from_json(r) for r in predicted_records]
    mean = {layer: sum(len(r[layer]) for r in gold_records) / documents for layer in LAYERS}
    mentions = sum(len(e["mentions"]) for r in gold_records for e in r["entities"]) / documents
    print(
        f"{documents} documents of about {mentions:.0f} mentions, "
        + ", ".join(f"{n:.0f} {layer}" for layer, n in mean.items() if layer != "entities")
    )
    print(f"floor: reading both files, {floor:.3f} s CPU, {documents / floor:.0f} documents/s\n")
    print("| what | CPU s | times the floor | documents/s |\n| --- | --: | --: | --: |")

    def row(name: str, seconds: float) -> None:
        print(f"| {name} | {seconds:.3f} | {seconds / floor:.2f} | {documents / seconds:.0f} |")

    row("default suite (counts of all metrics)", cpu(lambda: count(gold, predicted, scoring.DEFAULT)))
    for family in ("mentions", "coref", "events", "claims", "attributions"):
        metrics = tuple(m for m in scoring.DEFAULT if m.startswith(family))
        row(f"{family}: {len(metrics)} metrics", cpu(lambda metrics=metrics: count(gold, predicted, metrics)))
    row("`score()`: counts, sums, intervals, error list", cpu(lambda: scoring.score(gold, predicted).scores, 1))
    row("bootstrap alone: 10,000 rounds of all metrics", cpu(lambda: bootstrap(gold, predicted), 1))
    public(row, gold, predicted)
    print("\n| documents | default suite, CPU s | s a document x 1000 |\n| --: | --: | --: |")
    for size in (documents // 4, documents // 2, documents):
        seconds = cpu(lambda size=size: count(gold[:size], predicted[:size], scoring.DEFAULT), 1)
        print(f"| {size} | {seconds:.3f} | {1000 * seconds / size:.2f} |")
    print("\n| templates a document | all template metrics, CPU ms a document |\n| --: | --: |")
    names = ("templates.ree", "templates.rme", "templates.rme(form=subset)", "templates.gtt", "templates.merged")
    for number in (2, 4, 8, 14, 28):
        pair = [with_templates(side[0], number) for side in (gold, predicted)]
        seconds = cpu(lambda pair=pair: count([pair[0]] * 5, [pair[1]] * 5, names), 1)
        print(f"| {number} | {1000 * seconds / 5:.1f} |")


def with_templates(record: Any, number: int) -> Any:
    """The record with so many events that enter templates, each with arguments of its own."""
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


def count(gold: list[Article], predicted: list[Prediction], metrics: tuple[str, ...]) -> None:
    """The counts of some metrics for every document."""
    made = [scoring.parse(m) for m in metrics]
    for article, prediction in zip(gold, predicted, strict=True):
        aligned = Aligned(article, prediction)
        for metric in made:
            metric.counts(aligned)


def bootstrap(gold: list[Article], predicted: list[Prediction]) -> None:
    """Intervals of all default metrics, every document a story."""
    for name in scoring.DEFAULT:
        metric = scoring.parse(name)
        counts = [metric.counts(Aligned(a, p)) for a, p in zip(gold[:1], predicted[:1], strict=True)] * len(gold)
        f1_interval(table(counts, metric.parts), Resampling())


def public(row: Callable[[str, float], None], gold: list[Article], predicted: list[Prediction]) -> None:
    """The same mentions and clusters through public scorers."""
    spans = [
        [
            [{"label": e.type, "start": m.span.start, "end": m.span.end} for e in r.entities or [] for m in e.mentions]
            for r in side
        ]
        for side in (gold, predicted)
    ]
    tags = sorted({s["label"] for document in spans[0] for s in document})
    try:
        from nervaluate import Evaluator

        row("`nervaluate` (mentions)", cpu(lambda: Evaluator(*spans, tags=tags).evaluate(), 1))
    except ImportError:
        print("| `nervaluate` | not installed | | |")
    try:
        from scorch import scores as scorch

        clusters = [
            [[{(m.span.start, m.span.end) for m in e.mentions} for e in r.entities or []] for r in side]
            for side in (gold, predicted)
        ]

        def run() -> None:
            for a, b in zip(*clusters, strict=True):
                for metric in (scorch.b_cubed, scorch.muc, scorch.ceaf_e, scorch.blanc):
                    metric(a, b)

        row("`scorch` (B3, MUC, CEAFe, BLANC)", cpu(run, 1))
    except ImportError:
        print("| `scorch` | not installed | | |")


if __name__ == "__main__":
    main()
