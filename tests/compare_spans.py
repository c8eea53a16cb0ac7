"""Runs nervaluate 1.2.1 and seqeval 1.2.2 beside our presets and our default metrics, on generated spans.

`python tests/compare_spans.py [number]` prints how many inputs agreed and the rows for
benchmarks/CONFORMANCE.md: each kind of difference between a tool and our default, with its smallest case.
"""

import copy
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from nervaluate import Evaluator
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support
from seqeval.metrics.v1 import precision_recall_fscore_support as strictly
from seqeval.scheme import IOB2

from conflictwire.corpus.files import json_line
from conflictwire.model import Entity, Mention, Prediction, Span
from conflictwire.scoring import mentions
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import finalise
from conflictwire.scoring.presets import nervaluate, run, seqeval  # noqa: F401 - importing registers a preset
from conflictwire.scoring.presets.tags import lenient_spans

SEED = 20310902
LABELS = ("PER", "ORG", "LOC")
Scores = dict[str, tuple[float, float, float]]
SPAN_METRICS = {
    "strict": mentions.Strict(),
    "exact": mentions.Exact(),
    "partial": mentions.Partial(),
    "ent_type": mentions.Type(),
}


# ---- inputs --------------------------------------------------------------------------------------


def spans_document(rng: random.Random, most: int, length: int) -> list[dict]:
    """Spans in any order, nested, crossing, repeated; now and then over 100 tokens, where overlaps under 1 % occur."""
    made = []
    for _ in range(rng.randint(0, most)):
        start = rng.randrange(length)
        width = rng.choice((0, 0, 1, 2, 4)) if rng.random() < 0.95 else rng.randint(100, 300)
        made.append({"label": rng.choice(LABELS), "start": start, "end": start + width})
    return [*made, *(copy.copy(s) for s in made if rng.random() < 0.1)]


def disturbed(rng: random.Random, gold: list[dict]) -> list[dict]:
    """A prediction made of the gold: spans dropped, moved, relabelled, repeated, in another order."""
    made = []
    for span in gold:
        if rng.random() < 0.2:
            continue
        new = dict(span)
        if rng.random() < 0.3:
            new["start"] = max(0, new["start"] + rng.choice((-1, 1)))
            new["end"] = max(new["start"], new["end"] + rng.choice((-1, 0, 1)))
        if rng.random() < 0.2:
            new["label"] = rng.choice(LABELS)
        made.append(new)
        if rng.random() < 0.1:
            made.append(dict(new))
    if rng.random() < 0.3:
        rng.shuffle(made)
    return made


def spans_case(rng: random.Random) -> tuple[list[list[dict]], list[list[dict]]]:
    """Gold and predicted documents for nervaluate's `dict` loader."""
    gold, predicted = [], []
    for _ in range(rng.randint(1, 3)):
        gold.append(spans_document(rng, 6, 14))
        predicted.append(disturbed(rng, gold[-1]) if rng.random() < 0.7 else spans_document(rng, 6, 14))
    return gold, predicted


def tags_case(rng: random.Random) -> tuple[list[list[str]], list[list[str]]]:
    """Gold and predicted tags; I- tags may continue nothing, and labels may hold hyphens."""
    labels = (*LABELS, "X-Y", "-Z", "Z-")

    def tag() -> str:
        return "O" if rng.random() < 0.35 else f"{rng.choice('BI')}-{rng.choice(labels[: rng.choice((2, 6))])}"

    gold = [[tag() for _ in range(rng.randint(1, 9))] for _ in range(rng.randint(1, 4))]
    predicted = [[t if rng.random() < 0.7 else tag() for t in sentence] for sentence in gold]
    return gold, predicted


# ---- the tools -----------------------------------------------------------------------------------


def theirs_nervaluate(gold: list, predicted: list, loader: str = "dict") -> Scores:
    """Overall scores of nervaluate over all labels."""
    flat = [item for document in (*gold, *predicted) for item in document]
    labels = sorted({i["label"] if isinstance(i, dict) else i[2:] for i in flat if i != "O"})
    inputs = (columns_text(gold), columns_text(predicted)) if loader == "conll" else (gold, predicted)
    overall = Evaluator(*inputs, tags=labels, loader=loader).evaluate()["overall"]
    return {name: (r.precision, r.recall, r.f1) for name, r in overall.items()}


def theirs_seqeval(gold: list[list[str]], predicted: list[list[str]]) -> Scores:
    """Micro-averaged scores of seqeval, default and strict IOB2."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "ill-defined and being set to 0.0"
        default = precision_recall_fscore_support(gold, predicted, average="micro")
        strict = strictly(gold, predicted, average="micro", scheme=IOB2)
    return {name: tuple(map(float, found[:3])) for name, found in (("default", default), ("strict", strict))}


# ---- ours ----------------------------------------------------------------------------------------


def columns_text(sentences: list[list[str]]) -> str:
    """Sentences of tags as IOB2 columns."""
    return "\n".join("".join(f"w{n}\t{tag}\n" for n, tag in enumerate(s)) for s in sentences)


def written(folder: Path, gold: list, predicted: list, columns: bool = False) -> tuple[Path, Path]:
    """Two files, JSON or IOB2 columns."""
    paths = []
    for name, documents in (("gold", gold), ("predicted", predicted)):
        path = folder / f"{name}.{'tsv' if columns else 'json'}"
        path.write_text(columns_text(documents) if columns else json_line(documents), encoding="utf-8")
        paths.append(path)
    return paths[0], paths[1]


def preset_scores(name: str, folder: Path, gold: list, predicted: list, columns: bool = False) -> Scores:
    """The scores of our preset, read from files."""
    results = run(name, *written(folder, gold, predicted, columns))
    return {r.metric: (r.precision, r.recall, r.f1) for r in results}


def entities(spans: list[dict]) -> list[Entity]:
    """Each span as an entity of its own; our ends are exclusive."""
    return [
        Entity(id=f"e{n}", type=s["label"], name="", mentions=[Mention(Span(s["start"], s["end"] + 1))])
        for n, s in enumerate(spans)
    ]


def default_scores(gold: list[list[dict]], predicted: list[list[dict]]) -> dict[str, tuple[float | None, ...]]:
    """The scores of our default metrics for nervaluate's four schemas; None where there is nothing to score."""
    aligned = [
        Aligned(Prediction("d", entities=entities(g)), Prediction("d", entities=entities(p)))  # type: ignore[arg-type]
        for g, p in zip(gold, predicted, strict=True)
    ]
    found = {}
    for name, metric in SPAN_METRICS.items():
        counts = [metric.counts(a)[""] for a in aligned]
        result = finalise(sum(counts[1:], counts[0]))
        found[name] = (result.precision, result.recall, result.f1)
    return found


# ---- differences ---------------------------------------------------------------------------------


def disagreements(seed: int, number: int) -> list[str]:
    """Inputs on which a tool and its preset differ by more than rounding, described; empty if all is well."""
    rng = random.Random(seed)
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(number):
            spans, tags, columns = spans_case(rng), tags_case(rng), rng.random() < 0.5
            pairs = (
                ("nervaluate", spans, theirs_nervaluate(*spans), preset_scores("nervaluate", folder, *spans)),
                ("nervaluate", tags, theirs_nervaluate(*tags, loader="conll" if columns else "list"),
                 preset_scores("nervaluate", folder, *tags, columns)),
                ("seqeval", tags, theirs_seqeval(*tags), preset_scores("seqeval", folder, *tags, columns)),
            )  # fmt: skip
            for tool, case, theirs, ours in pairs:
                same = theirs.keys() == ours.keys() and all(
                    abs(a - b) < 1e-12 for key in theirs for a, b in zip(theirs[key], ours[key], strict=True)
                )
                if not same:
                    found.append(f"{tool}: {case}: theirs {theirs}, preset {ours}")
    return found


@dataclass(frozen=True)
class Row:
    """One kind of difference: the smallest case, F1 of the tool, of our preset, of our default, and who is right."""

    tool: str
    kind: str
    case: str
    theirs: str
    preset: str
    default: str
    why: str


WHY = {
    "copies": "Ours: a copy of a span says nothing new. There each copy takes another gold span that it touches, "
    "so repeating oneself can raise the score; we remove copies first and count them.",
    "nothing to score": "Ours: with no gold and no predicted span the ratio is undefined; 0 would punish silence that is right.",
    "order of spans": "Ours: the order of a list of spans means nothing. There each prediction takes the first free gold "
    "span that it touches, exact or not, so the score depends on the order; we align exact spans first, then by overlap.",
    "under one per cent": "Either: there an overlap of less than 1 % of the gold span is none (`min_overlap_percentage`); "
    "ours asks for one shared code point.",
    "matched anew for each schema": "A matter of definition: ours takes one alignment a document, by the text that is "
    "shared, and no metric aligns anew for its own benefit; there ent_type prefers any span of its label that it touches.",
}


def _kind(gold: list[dict], predicted: list[dict], name: str) -> str | None:
    """Why nervaluate and our default differ on one document; None if they do not, or if the gold repeats itself."""

    def theirs(g: list[dict], p: list[dict]) -> float:
        return theirs_nervaluate([g], [p])[name][2] if g or p else 0.0

    ours = default_scores([gold], [predicted])[name][2]
    value = theirs(gold, predicted)
    if ours is not None and abs(value - ours) < 1e-12:
        return None
    if ours is None:
        return "nothing to score"
    distinct_gold, distinct = _distinct(gold), _distinct(predicted)
    if (distinct_gold, distinct) != (gold, predicted):
        return "copies" if distinct_gold == gold else None
    if any(0 < share_in_per_cent(p, g) < 1 for p in predicted for g in gold):
        return "under one per cent"
    orders = {theirs(list(g), list(p)) for g in permutations(gold) for p in permutations(predicted)}
    if len(orders) > 1:
        return "order of spans"
    if name != "ent_type":
        raise ValueError(f"a kind of difference not yet described, {name}: gold {gold}, predicted {predicted}")
    return "matched anew for each schema"


def share_in_per_cent(predicted: dict, gold: dict) -> float:
    """Overlap in per cent of the gold span."""
    shared = min(predicted["end"], gold["end"]) - max(predicted["start"], gold["start"]) + 1
    return 100 * max(0, shared) / (gold["end"] - gold["start"] + 1)


def _distinct(spans: list[dict]) -> list[dict]:
    return [s for n, s in enumerate(spans) if s not in spans[:n]]


def _small_cases(seed: int, number: int) -> Iterator[tuple[list[dict], list[dict]]]:
    rng = random.Random(seed)
    yield [], []
    for _ in range(number):
        yield spans_document(rng, 3, 5)[:3], spans_document(rng, 3, 5)[:3]


def _size(case: tuple[list[dict], list[dict]]) -> tuple[int, int, int, str]:
    both = [*case[0], *case[1]]
    return len(both), len({s["label"] for s in both}), sum(s["end"] for s in both), repr(case)


def nervaluate_rows(seed: int = SEED, number: int = 3000) -> list[Row]:
    """Each kind of difference between nervaluate and our default metrics, with the smallest case found."""
    smallest: dict[tuple[str, str], tuple[list[dict], list[dict]]] = {}
    for case in _small_cases(seed, number):
        for name in SPAN_METRICS:
            kind = _kind(*case, name)
            if kind is None:
                continue
            if (
                kind == "copies"
                and theirs_nervaluate([case[0]], [case[1]])[name][2]
                <= (theirs_nervaluate([case[0]], [_distinct(case[1])])[name][2])
            ):
                continue  # the telling copies are those that help
            key = kind, name
            if key not in smallest or _size(case) < _size(smallest[key]):
                smallest[key] = case
    chosen: dict[str, str] = {}
    for kind, name in smallest:
        best = chosen.get(kind)
        if best is None or _size(smallest[kind, name]) < _size(smallest[kind, best]):
            chosen[kind] = name
    rows = []
    for kind, name in sorted(chosen.items()):
        gold, predicted = smallest[kind, name]
        rows.append(_spans_row(kind, name, gold, predicted, WHY[kind]))
    gold, predicted = [{"label": "PER", "start": 0, "end": 4}], [{"label": "PER", "start": 4, "end": 8}]
    rows.append(
        _spans_row(
            "touching half-open spans", "partial", gold, predicted,
            "Theirs for inclusive ends, which nervaluate takes for granted; a file with half-open character offsets "
            "gets credit for neighbours (here 0-4 and 4-8). Ours knows its offsets are half-open: 0.",
            half_open=True,
        )
    )  # fmt: skip
    return [*rows, *_reading_rows()]


def _reading_rows() -> list[Row]:
    """Where nervaluate's reading of its input stands in the way, and the preset does not follow it."""
    documents: list[list[dict]] = [[], [{"label": "PER", "start": 0, "end": 0}]]
    try:
        empty = f"{theirs_nervaluate(documents, documents, loader='default')['strict'][2]:.3f}"
    except IndexError:
        empty = "IndexError"
    gold, predicted = "a\tB-PER\n\nb\tB-PER\n", "a\tB-PER\n\n\nb\tB-PER\n"
    with tempfile.TemporaryDirectory() as name:
        paths = Path(name, "gold.tsv"), Path(name, "predicted.tsv")
        for path, text in zip(paths, (gold, predicted), strict=True):
            path.write_text(text, encoding="utf-8")
        blank = next(r.f1 for r in run("nervaluate", *paths) if r.metric == "strict")
        first = preset_scores("nervaluate", Path(name), documents, documents)["strict"][2]
    theirs = Evaluator(gold, predicted, tags=["PER"], loader="conll").evaluate()["overall"]["strict"].f1
    return [
        Row("nervaluate", "empty first document", "strict: `[[], [PER 0-0]]` as gold and predicted", empty,
            f"{first:.3f}", _number(default_scores(documents, documents)["strict"][2]),
            "Ours: a document without a span is common. nervaluate guesses the format by the first span of the first "
            'document; `loader="dict"` helps.'),
        Row("nervaluate", "one blank line more", f"strict: `{gold!r}` and `{predicted!r}`", f"{theirs:.3f}",
            f"{blank:.3f}", "-",
            "The preset: the tokens and tags are the same. There a second blank line moves all spans of the next "
            "sentence by one."),
    ]  # fmt: skip


def _spans_row(kind: str, name: str, gold: list[dict], predicted: list[dict], why: str, half_open: bool = False) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        theirs = theirs_nervaluate([gold], [predicted])[name][2] if gold or predicted else 0.0
        preset = preset_scores("nervaluate", Path(folder), [gold], [predicted])[name][2]
    shift = -1 if half_open else 0
    ours = default_scores(*([[{**s, "end": s["end"] + shift} for s in side]] for side in (gold, predicted)))[name][2]
    case = f"{name}: gold {_shown(gold)}; predicted {_shown(predicted)}"
    return Row("nervaluate", kind, case, f"{theirs:.3f}", f"{preset:.3f}", _number(ours), why)


def seqeval_rows() -> list[Row]:
    """Where seqeval's two ways of reading part from each other or from us; ours scores spans and reads no tags."""
    cases = (
        ("I- without B-", ["I-PER"], ["I-PER"],
         "Neither: default (as conlleval) takes it for a span, strict for none, and neither says that the file is not "
         "IOB2. Use strict for systems that must write IOB2."),
        ("I- with another label", ["B-PER", "O"], ["B-PER", "I-LOC"],
         "Strict: default makes the stray tag a span of its own."),
        ("hyphen at the end of a label", ["B-PER"], ["B-PER-"],
         "Default: strict strips hyphens off labels, so that two labels become one."),
        ("nothing to score", ["O"], ["O"], WHY["nothing to score"]),
    )  # fmt: skip
    rows = []
    for kind, gold, predicted, why in cases:
        with tempfile.TemporaryDirectory() as folder:
            theirs = theirs_seqeval([gold], [predicted])
            preset = preset_scores("seqeval", Path(folder), [gold], [predicted])
        spans = [
            [{"label": s[0], "start": s[1], "end": s[2]} for s in lenient_spans(tags)] for tags in (gold, predicted)
        ]
        ours = default_scores([spans[0]], [spans[1]])["strict"][2]
        both = [f"default {s['default'][2]:.3f}, strict {s['strict'][2]:.3f}" for s in (theirs, preset)]
        case = f"gold `{' '.join(gold)}`; predicted `{' '.join(predicted)}`"
        rows.append(Row("seqeval", kind, case, *both, _number(ours), why))
    return rows


def _shown(spans: list[dict]) -> str:
    return ", ".join(f"{s['label']} {s['start']}-{s['end']}" for s in spans) or "none"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def markdown_rows() -> str:
    """The rows of benchmarks/CONFORMANCE.md, F1 in each; nervaluate's ends are inclusive."""
    lines = ["| tool | difference | smallest case | theirs | preset | our default | who is right, and why |",
             "|---|---|---|--:|--:|--:|---|"]  # fmt: skip
    for row in (*nervaluate_rows(), *seqeval_rows()):
        cells = (row.tool, row.kind, row.case, row.theirs, row.preset, row.default, row.why)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    wrong = disagreements(SEED, number)
    print(f"{number} inputs of spans and {number} of tags, seed {SEED}: {len(wrong)} disagreements")
    print("\n".join(wrong[:5]))
    print(markdown_rows())
