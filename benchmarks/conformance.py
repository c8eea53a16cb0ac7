"""Writes `benchmarks/CONFORMANCE.md`: our presets on published cases, and where public scorers and ours differ.

    .venv/bin/python benchmarks/conformance.py [--check]

Needs the published cases beside the clone (`../shared/conformance`) and the public scorers of the `dev`
extra. With `--check` it writes nothing and fails where the page is out of date.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "conformance"
PAGE = ROOT / "benchmarks" / "CONFORMANCE.md"
sys.path.insert(0, str(ROOT / "tests"))

import compare_scorch  # noqa: E402 - the comparisons live with the tests, which run them too
import compare_spans  # noqa: E402
import compare_templates  # noqa: E402
from conflictwire.corpus.card import markdown_table  # noqa: E402
from conflictwire.scoring.presets import PRESETS, conll, run  # noqa: E402

INTRODUCTION = """# Where public scorers and ours agree, and where they differ

Written by `.venv/bin/python benchmarks/conformance.py`. Presets mirror other tools, faults included, so that
anybody can check us: `conflictwire score --preset NAME GOLD PREDICTIONS` reads their files and gives their
numbers. Our own default metrics are the corrected versions. First the published values, then, kind by kind,
the smallest case in which a public scorer and our default differ, with who is right and why.
"""


def published() -> Iterator[list[object]]:
    """Rows of the first table: source, what is compared, how many values, largest difference."""
    names = {"muc": "muc", "bcub": "bcub", "ceafm": "ceafm", "ceafe": "ceafe", "blanc": "blanc", "lea": "lea"}
    cases = json.loads((CASES / "coreference-conll.json").read_text(encoding="utf-8"))["cases"]
    gaps = []
    for case in cases:
        gaps += _gaps(conll.score_clusters([_clusters(case)]), case["expected"], names)
    yield ["CoNLL reference scorer's test cases", "`conll-2012`", f"{len(cases)} cases", len(gaps), f"{max(gaps):.1e}"]
    corpus = json.loads((CASES / "coreference-corpus.json").read_text(encoding="utf-8"))
    results = conll.score_clusters([_clusters(d) for d in corpus["documents"]])
    gaps = _gaps(results, corpus["expected"], names)
    yield [
        "the same, scored together",
        "`conll-2012`",
        f"{len(corpus['documents'])} documents",
        len(gaps),
        f"{max(gaps):.1e} (given to 4 decimals)",
    ]
    grit = json.loads((CASES / "role-fillers-grit.json").read_text(encoding="utf-8"))
    gaps = []
    for case in grit:
        scored = {r.metric: r for r in _from_json("grit", case["gold"], case["predicted"])}
        for form, values in case["expected"].items():
            found = scored[f"grit.{form}"]
            gaps += [abs(a - values[k]) for a, k in ((found.precision, "p"), (found.recall, "r"), (found.f1, "f1"))]
    yield ["GRIT's test cases (CEAF-REE)", "`grit`", f"{len(grit)} cases", len(gaps), f"{max(gaps):.1e}"]
    muc = json.loads((CASES / "templates-muc4-gtt.json").read_text(encoding="utf-8"))
    gold = {d["id"]: d["gold"] for d in muc["documents"]}
    predicted = {d["id"]: {"pred_templates": d["predicted"]} for d in muc["documents"]}
    for name in ("gtt", "ceaf-rme-phi3", "ceaf-rme-subset"):
        found = {r.metric: r for r in _from_json(name, gold, predicted)}[name]
        shown = " / ".join(f"{100 * x:.2f}" for x in (found.precision, found.recall, found.f1))
        want = {"gtt": "61.69 / 42.36 / 50.23", "ceaf-rme-phi3": "F1 32.33", "ceaf-rme-subset": "F1 44.10"}[name]
        agrees = shown.endswith(want.removeprefix("F1 "))
        yield [
            "MUC-4, output of the GTT system",
            f"`{name}`",
            f"{len(gold)} documents",
            3,
            f"{shown}; published {want}: {'equal' if agrees else 'DIFFERENT'}",
        ]
    header, *lines = (CASES / "linking" / "link_expected_neleval.tsv").read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    linked = {
        r.metric: r for r in run("neleval", CASES / "linking" / "link_gold.tsv", CASES / "linking" / "link_sys.tsv")
    }
    gaps = []
    for line in lines:
        row = dict(zip(columns, line.split("\t"), strict=True))
        found = linked[row["measure"]]
        given = (float(row["precis"]), float(row["recall"]), float(row["fscore"]))
        gaps += [abs(round(a, 3) - b) for a, b in zip((found.precision, found.recall, found.f1), given, strict=True)]
    yield [
        "neleval on generated links",
        "`neleval`",
        f"{len(lines)} measures",
        len(gaps),
        f"{max(gaps):.1e} (3 decimals)",
    ]


def one_by_one() -> Iterator[list[object]]:
    """Rows of the second table: the published cases in which our default metrics give another value than the preset."""
    cases = json.loads((CASES / "coreference-conll.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        key, response = _disjoint_clusters(case)
        preset = {r.metric: (r.recall, r.precision, r.f1) for r in conll.score_clusters([_clusters(case)])}
        differs, verdicts = [], []
        for metric, expected in case["expected"].items():
            _assert_close(preset[metric], expected, (case["id"], metric))
            ours = compare_scorch.default(metric, key, response)
            if ours is None or any(abs(a - b) > 1e-9 for a, b in zip(ours, expected, strict=True)):
                differs.append(f"{metric}: {compare_scorch.text(tuple(expected))}; ours {compare_scorch.text(ours)}")
                kinds = (k.verdict for k in compare_scorch.KINDS if metric in k.metrics and k.holds(key, response))
                verdicts.append(next(kinds))
        if differs:
            yield [f"CoNLL {case['id']}", "; ".join(differs), "; ".join(dict.fromkeys(verdicts))]
    for number, case in enumerate(json.loads((CASES / "role-fillers-grit.json").read_text(encoding="utf-8")), 1):
        found = {r.metric: (r.precision, r.recall, r.f1) for r in _from_json("grit", case["gold"], case["predicted"])}
        differs, verdicts = [], []
        for form, values in case["expected"].items():
            expected = values["p"], values["r"], values["f1"]
            _assert_close(found[f"grit.{form}"], expected, (number, form))
            ours = compare_templates.ree(form, case["gold"], case["predicted"])
            if any(abs(a - b) > 1e-9 for a, b in zip((ours.precision, ours.recall, ours.f1), expected, strict=True)):
                differs.append(f"{form}: F {expected[2]:.3f}; ours F {ours.f1:.3f}")
                verdicts.append(
                    "ours: GRIT looks only at roles that the gold names, so what is made up in others is free"
                )
        if differs:
            yield [f"GRIT {number}", "; ".join(differs), "; ".join(dict.fromkeys(verdicts))]


def _assert_close(found: tuple, expected: Iterable[float], case: object) -> None:
    assert all(abs(a - b) < 1e-9 for a, b in zip(found, expected, strict=True)), f"{case}: {found}, not {expected}"


def _disjoint_clusters(case: dict) -> list[list[frozenset]]:
    """The clusters of both sides as our own records would hold them: a repeated mention in its first cluster."""
    return [conll.disjoint_in_order(side) for side in _clusters(case)]


def _clusters(case: dict) -> tuple[list, list]:
    return tuple([[tuple(m) for m in cluster] for cluster in case[side]] for side in ("gold", "system"))


def _gaps(results: list, expected: dict, names: dict[str, str]) -> list[float]:
    found = {r.metric: (r.recall, r.precision, r.f1) for r in results}
    return [abs(a - b) for name in names if name in expected for a, b in zip(found[name], expected[name], strict=True)]


def _from_json(preset: str, gold: object, predicted: object) -> list:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "gold.json", Path(folder) / "predicted.json"]
        for path, value in zip(paths, (gold, predicted), strict=True):
            path.write_text(json.dumps(value), encoding="utf-8")
        return run(preset, *paths)


def page() -> str:
    """The whole page."""
    number = 3000
    wrong = compare_spans.disagreements(compare_spans.SEED, number)
    files = 300
    on_files = compare_scorch.disagreements_on_files(files)
    parts = [
        INTRODUCTION,
        "## Presets\n",
        markdown_table(["preset", "mirrors"], [[f"`{p.name}`", p.description] for p in PRESETS.values()]),
        "\n## Published values\n",
        markdown_table(["source", "preset", "what", "values", "largest difference"], list(published())),
        "\n### One by one\n",
        "In each of the 36 and 7 cases the preset gives every published value, and so do our default metrics, but for "
        "these:\n",
        markdown_table(["case", "published and preset; ours", "who is right, and why"], list(one_by_one())),
        "\n## Run beside the tools themselves\n",
        f"`nervaluate` and `seqeval` on {number} generated inputs each: {len(wrong)} disagreements with their presets. "
        f"`conll-2012` on {files} generated pairs of CoNLL files, read by `scorch`'s own reader and scored by its "
        f"functions (all documents as one, as the shared task sums): {len(on_files)} disagreements. "
        "`scorch` on every pair of clusterings of up to four mentions and 3,000 larger ones: all differences are of the "
        "kinds below, or the comparison fails.\n",
        "## Mentions and tags: nervaluate, seqeval\n",
        compare_spans.markdown_rows(),
        "\n## Coreference: scorch and the reference scorer\n",
        "\n".join([compare_scorch.HEADER, *compare_scorch.differences()]),
        "\n## Templates: GRIT, GTT, CEAF-RME\n",
        "\n".join(compare_templates.rows()),
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Writes the page, or checks it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is out of date")
    check = parser.parse_args().check
    if not CASES.is_dir():
        print("the published cases are not beside this clone: CONFORMANCE.md was not checked")
        return
    content = page()
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == content
    if not check:
        PAGE.write_text(content, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {'up to date' if current else 'out of date' if check else 'written'}")
    sys.exit(1 if check and not current else 0)


if __name__ == "__main__":
    main()
