"""The leaderboard: every baseline on the test split, with intervals; writes LEADERBOARD.md and results/*.json.

    python benchmarks/leaderboard.py [--texts DIR] [NAME ...]

Learned extractors are trained on the train split, as far as its text is at hand. Recorded answers of language
models (`recorded/<name>.jsonl`, raw, by article) are read and scored like those of `llm`. What stands above the
mark in LEADERBOARD.md is written by hand and kept.
"""

import argparse
import json
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from conflictwire import derive, extractors, perturb
from conflictwire.corpus import files, load
from conflictwire.corpus.card import markdown_table
from conflictwire.extractors import runner
from conflictwire.extractors.base import REGISTRY
from conflictwire.extractors.llm.model import read_answer
from conflictwire.extractors.trained.learned import Learned
from conflictwire.model import Article, Prediction
from conflictwire.scoring import Scores, score
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.claims import right_source, same_measure

HERE = Path(__file__).parent
OUT = HERE / "LEADERBOARD.md"
RECORDED = HERE / "recorded"
MARK = "<!-- below: written by leaderboard.py -->\n"
NAMES = ("null", "zero", "narrator", "rules-twice", "regex", "quantulum3", "rules", "crf", "spacy")
REFERENCE = "rules"
SHOWN = (
    "claims.attributed", "claims.attributed(floor=narrator)", "claims.level(0)", "claims.level(1)", "claims.level(2)",
    "claims.level(3)", "mentions.strict", "coref.lea", "events.triggers", "events.arguments", "attributions.speaker",
    "attributions.content(match=overlap)", "attributions.asserts", "toll.exact",
)  # fmt: skip
DROP = ("claims.attributed", "claims.level(1)", "mentions.strict", "attributions.speaker")


def main() -> None:
    """Runs, scores and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="extractors; all baselines and recorded rows if left out"
    )
    parser.add_argument("--texts", type=Path, help="your copies of the reported texts")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    gold = [a for a in load.articles("test", texts=options.texts) if a.text is not None]
    train = load.articles("train", texts=options.texts)
    for name in options.names or NAMES:  # made here, so that the runner finds those that learn already trained
        made = REGISTRY[name]
        learns = isinstance(made, type) and issubclass(made, Learned)
        runner._MADE[name] = made(train) if learns else extractors.make(name)  # type: ignore[call-arg]
    runs = {name: _scored(gold, _run(name, gold)) for name in options.names or NAMES}
    if not options.names:
        for path in sorted(RECORDED.glob("*.jsonl")):
            found = _recorded(path, gold)
            runs[path.stem] = _scored([a for a in gold if a.id in found], found.values())
    for name, found in runs.items():
        rows = [s.to_json() for s in found.scores]
        files.write_text(HERE / "results" / f"{name}.json", json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    prose = OUT.read_text(encoding="utf-8").split(MARK)[0] if OUT.is_file() else "# Leaderboard\n\n"
    files.write_text(OUT, prose + MARK + "\n".join(_page(gold, runs, " ".join(options.names))))


def _run(name: str, articles: Iterable[Article]) -> list[Prediction]:
    documents = [extractors.document(a) for a in articles]
    return [o.prediction for o in runner.run(name, documents) if o.prediction is not None]


def _recorded(path: Path, gold: list[Article]) -> dict[str, Prediction]:
    answers = {row["id"]: row["raw"] for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    outcomes = [read_answer(extractors.document(a), answers[a.id]) for a in gold if a.id in answers]
    return {o.id: o.prediction for o in outcomes if o.prediction is not None}


def _scored(gold: list[Article], found: Iterable[Prediction]) -> Scores:
    return score(gold, found, SHOWN)


def _page(gold: list[Article], runs: dict[str, Scores], names: str) -> list[str]:
    stories = len({a.story for a in gold})
    parts = Counter(a.part for a in gold)
    lines = [
        f"\nTest split: {len(gold)} articles ({', '.join(f'{n} {p}' for p, n in sorted(parts.items()))}), {stories} stories.",
        "F1 with 95 % intervals (bootstrap by story); higher is better. Written by",
        f"`python benchmarks/leaderboard.py --texts DIR {names}`; every score with its signature is in `results/`.\n",
    ]
    for title, metrics in (("Claims", SHOWN[:6]), ("The other layers", SHOWN[6:])):
        rows = []
        for name, found in runs.items():
            by_metric = {s.metric: s for s in found.scores}
            rows.append([f"`{name}`", f"{len(found.documents)}/{len(gold)}", *(_cell(by_metric[m]) for m in metrics)])
        lines += [f"## {title}\n", markdown_table(["extractor", "documents", *metrics], rows), ""]
    lines += ["## By part and genre: claims.attributed\n", _by_field(runs), ""]
    lines += [
        "## Where the figures are lost: recall of attributed claims by modifier and by who speaks\n",
        _recall(gold, runs),
        "",
        f"## Is the difference to `{REFERENCE}` more than chance?\n",
        "Paired approximate randomisation by story, two-sided, Holm's correction for the table of each extractor.\n",
        _significance(runs),
        "",
        "## Reading or recall: the drop on changed copies\n",
        "F1 on changed copies of the test articles less F1 on the articles themselves (`conflictwire perturb`).\n",
        _drops(gold, [n for n in runs if n in REGISTRY and n not in ("null", "zero", "rules-twice", "narrator")], runs),
        "",
        "## Signatures\n",
        "```",
        *(found.signature(found.metrics[0]).replace("claims.attributed", name, 1) for name, found in runs.items()),
        "```",
        "",
    ]
    return lines


def _cell(s: object) -> str:
    f1, interval, note = s.f1, s.interval, s.note  # type: ignore[attr-defined]
    if f1 is None:
        return "not attempted" if note == "not attempted" else "–"
    return f"{f1:.3f}" + (f" [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else "")


def _by_field(runs: dict[str, Scores]) -> str:
    columns: list[str] = []
    cells: dict[str, dict[str, str]] = {}
    for name, found in runs.items():
        for field in ("part", "genre"):
            for row in found.by(field).to_dict("records"):
                if row["metric"] == "claims.attributed":
                    column = f"{row[field]} ({row['documents']})"
                    columns += [column] if column not in columns else []
                    cells.setdefault(name, {})[column] = (
                        "–" if row["f1"] != row["f1"] or row["f1"] is None else f"{row['f1']:.2f}"
                    )
    return markdown_table(
        ["extractor", *columns], [[f"`{n}`", *(c.get(x, "–") for x in columns)] for n, c in cells.items()]
    )


def _recall(gold: list[Article], runs: dict[str, Scores]) -> str:
    runs = {
        name: found for name, found in runs.items() if len(found.documents) == len(gold)
    }  # not recorded rows of a few
    total: Counter[str] = Counter()
    right: dict[str, Counter[str]] = {name: Counter() for name in runs}
    for article in gold:
        statements = derive.asserting(article.attributions)
        sources = {s.id: s.category for s in article.sources}
        keys = []
        for claim in article.claims:
            modifiers = [m for m in (claim.bound, claim.approximation) if m != "none"] or [
                "plain" if claim.form == "numeral" else claim.form
            ]
            said = {sources[s] for a, _ in statements.get(claim.id, []) for s in a.sources}
            keys.append([*modifiers, *(f"said by: {c}" for c in said or {derive.voice(claim, statements)})])
            total.update(keys[-1])
        for name, found in runs.items():
            aligned = Aligned(article, found.predictions.get(article.id))
            for i, j in aligned.claims.items():
                one, other = aligned.gold.claims[i], aligned.predicted.claims[j]
                if same_measure(aligned, one, other) and right_source(aligned, one, other):
                    at = next(n for n, c in enumerate(article.claims) if c.id == one.id)
                    right[name].update(keys[at])
    shown = [k for k, n in total.most_common() if n >= 5]
    rows: list[list[object]] = [
        [k.replace("_", " "), total[k], *(f"{right[name][k] / total[k]:.2f}" for name in runs)]
        for k in sorted(shown, key=lambda k: (":" in k, -total[k]))
    ]
    return markdown_table(["claims that are", "n", *(f"`{n}`" for n in runs)], rows)


def _significance(runs: dict[str, Scores]) -> str:
    rows: list[list[object]] = []
    for name, found in runs.items():
        if name == REFERENCE or REFERENCE not in runs or list(found.documents) != list(runs[REFERENCE].documents):
            continue
        for row in found.compare(runs[REFERENCE]).to_dict("records"):
            if row["metric"] in DROP:
                rows.append(
                    [
                        f"`{name}`",
                        row["metric"],
                        f"{row['difference']:+.3f}",
                        f"{row['p_holm']:.4f}",
                        f"{row['smallest_p']:.4f}",
                    ]
                )
    return markdown_table(["extractor", "metric", "difference", "p (Holm)", "smallest p there could be"], rows)


def _drops(gold: list[Article], names: list[str], runs: dict[str, Scores]) -> str:
    rows: list[list[object]] = []
    for kind in perturb.KINDS:
        changed = list(perturb.perturb(kind, gold))
        for name in names:
            before = {s.metric: s.f1 for s in runs[name].scores}
            after = {s.metric: s.f1 for s in score(changed, _run(name, changed), DROP).scores}
            cells = [
                "–" if after[m] is None or before[m] is None else f"{after[m] - before[m]:+.3f}"  # type: ignore[operator]
                for m in DROP
            ]
            rows.append([kind, f"`{name}`", *cells])
    return markdown_table(["changed", "extractor", *DROP], rows)


if __name__ == "__main__":
    main()
