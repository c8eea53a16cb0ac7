"""Where `scorch` (a public coreference scorer) differs from preset `conll-2012` and from our defaults.

`python tests/compare_scorch.py` prints the rows of the table in benchmarks/CONFORMANCE.md. Every pair of
clusterings of up to four mentions is tried, then some thousands of larger ones with a fixed seed; a
difference of a kind that is not known here is an error.
"""

import contextlib
import io
import json
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conflictwire.scoring import METRICS
from conflictwire.scoring.counts import finalise_parts
from conflictwire.scoring.presets.conll import conll_2012, read, score_clusters

Clusters = list[frozenset[int]]
Values = tuple[float, ...] | None  # recall, precision, F1 (CoNLL: F1 alone); None is undefined
NAMES = {"muc": "muc", "bcub": "b3", "ceafm": "ceafm", "ceafe": "ceafe", "blanc": "blanc", "conll": "conll"}
HEADER = "| metric | smallest case | scorch | `conll-2012` | ours | who is right, and why |\n|---|---|---|---|---|---|"
SEED, LARGER = 20261123, 3000


@dataclass(frozen=True)
class Kind:
    """A kind of difference: in which metric, when, and what is to be said of it."""

    metrics: tuple[str, ...]
    holds: Callable[[Clusters, Clusters], bool]
    verdict: str


def _links(clusters: Clusters) -> tuple[int, int]:
    """Coreference and non-coreference links of a side."""
    mentions = sum(map(len, clusters))
    coreference = sum(len(c) * (len(c) - 1) // 2 for c in clusters)
    return coreference, mentions * (mentions - 1) // 2 - coreference


def _mentions(clusters: Clusters) -> frozenset[int]:
    return frozenset().union(*clusters)


# The first that holds is the one.
KINDS = (
    Kind(
        ("muc", "bcub", "ceafm", "ceafe", "blanc", "conll"),
        lambda key, response: not key and not response,
        "ours: nothing to find and nothing found is 0/0, neither right nor wrong",
    ),
    Kind(
        ("blanc",),
        lambda key, response: key == response and sum(_links(key)) == 0,
        "scorch has Luo et al. (2014), who make it 1; the reference scorer makes it 0; ours is undefined, since "
        "there is no link to count, and such a document changes no sum",
    ),
    Kind(
        ("blanc",),
        lambda key, response: sum(_links(key)) == 0,
        "ours: a wrong answer to a key of at most one mention is no perfect one; undefined while the answer "
        "has no link either, else 0 for each kind of link that it made up",
    ),
    Kind(
        ("blanc",),
        lambda key, response: _links(key)[0] == 0 < _links(response)[0],
        "ours, with Luo et al. (2014): coreference links that the key has none of are all wrong; theirs "
        "and the reference scorer's do not look at them",
    ),
    Kind(
        ("blanc",),
        lambda key, response: _links(key)[1] == 0 < _links(response)[1],
        "ours, with Luo et al. (2014): non-coreference links that the key has none of are all wrong; theirs "
        "and the reference scorer's do not look at them",
    ),
    Kind(
        ("muc", "conll"),
        lambda key, response: _links(key)[0] == _links(response)[0] == 0,
        "ours: without a link on either side MUC is 0/0; theirs and the reference scorer's 0 gives a "
        "perfect answer less than 1",
    ),
    Kind(
        ("ceafe", "conll"),
        lambda key, response: not _mentions(key) & _mentions(response),
        "ours: nothing shared is 0; scorch stops with an error where floats are NumPy's",
    ),
)


def clusterings(mentions: int) -> list[Clusters]:
    """All sets of disjoint clusters of some of so many mentions, smallest first."""

    def extend(clusters: list[list[int]], number: int) -> Iterator[Clusters]:
        if number == mentions:
            yield [frozenset(c) for c in clusters]
            return
        yield from extend(clusters, number + 1)
        for i in range(len(clusters)):
            yield from extend([[*c, number] if i == j else c for j, c in enumerate(clusters)], number + 1)
        yield from extend([*clusters, [number]], number + 1)

    return sorted(extend([], 0), key=lambda c: (sum(map(len, c)), len(c), sorted(map(sorted, c))))


def cases() -> Iterator[tuple[Clusters, Clusters]]:
    """Every pair of clusterings of up to four mentions, smallest first, then larger ones at random."""
    small = clusterings(4)
    pairs = [(key, response) for key in small for response in small]
    yield from sorted(pairs, key=lambda pair: sum(len(c) for side in pair for c in side))
    generator = random.Random(SEED)
    for _ in range(LARGER):
        yield _random(generator), _random(generator)


def _random(generator: random.Random) -> Clusters:
    clusters: dict[int, set[int]] = {}
    number = generator.randrange(1, 9)
    for mention in generator.sample(range(20), generator.randrange(0, 17)):
        clusters.setdefault(generator.randrange(number), set()).add(mention)
    return [frozenset(c) for c in clusters.values()]


# ---- files ---------------------------------------------------------------------------------------


def conll_files(generator: random.Random) -> tuple[str, str, int]:
    """A key and a response in CoNLL-2012 format over the same words, and of how many documents.

    Of one to four documents, with nested and crossing mentions, sentences, and a varying number of columns.
    """
    documents = generator.randint(1, 4)
    sides: tuple[list[str], list[str]] = ([], [])
    for number in range(documents):
        sentences = [generator.randint(1, 9) for _ in range(generator.randint(1, 6))]
        spans = sorted(
            {
                (s, start, generator.randint(start, min(length - 1, start + 3)))
                for s, length in enumerate(sentences)
                for start in generator.choices(range(length), k=length)
            }
        )
        entities = generator.randint(1, 6)
        key = {span: generator.randrange(entities) for span in spans if generator.random() < 0.8}
        key = key or {spans[0]: 0}
        response = {
            span: key.get(span, 0) if generator.random() < 0.6 else generator.randrange(entities)
            for span in spans
            if generator.random() < 0.8
        }
        response[next(iter(key))] = 0  # one mention in common, without which scorch stops with an error
        for lines, clusters in zip(sides, map(_telling, (key, response)), strict=True):
            lines += _conll_document(f"(doc/{number}); part {number:03}", sentences, clusters, generator.randint(0, 5))
    return "\n".join(sides[0]) + "\n", "\n".join(sides[1]) + "\n", documents


def _telling(clusters: dict[tuple[int, int, int], int]) -> dict[tuple[int, int, int], int]:
    """The mentions without those that cross an earlier one of their cluster, which the format cannot tell apart."""
    kept: dict[tuple[int, int, int], int] = {}
    for (sentence, start, end), cluster in clusters.items():
        crossed = (
            s == sentence and c == cluster and (a < start <= b < end or start < a <= end < b)
            for (s, a, b), c in kept.items()
        )
        if not any(crossed):
            kept[sentence, start, end] = cluster
    return kept


def _conll_document(
    name: str, sentences: list[int], clusters: dict[tuple[int, int, int], int], more: int
) -> Iterator[str]:
    yield f"#begin document {name}"
    for number, length in enumerate(sentences):
        cells: list[list[str]] = [[] for _ in range(length)]
        for (sentence, start, end), cluster in sorted(clusters.items(), key=lambda item: (item[0][1], -item[0][2])):
            if sentence == number and start == end:
                cells[start].append(f"({cluster})")
            elif sentence == number:
                cells[start].append(f"({cluster}")
                cells[end].append(f"{cluster})")
        for word, cell in enumerate(cells):
            yield "   ".join(["doc", "0", str(word), f"w{word}", *["-"] * more, "|".join(cell) or "-"])
        yield ""
    yield "#end document"


def scorch_on_files(key: str, response: str) -> dict[str, Values]:
    """What scorch reads in the files and makes of it: all documents as one, which is how the shared task sums.

    BLANC counts pairs of mentions, also of different documents, so it is left out where there are several.
    """
    from scorch import conll, scores

    sides = []
    for text in (key, response):
        found = dict(conll.parse_file(text.splitlines()))
        sides.append([{(name, *m) for m in mentions} for name, read in found.items() for mentions in read.values()])
    functions = {"muc": scores.muc, "bcub": scores.b_cubed, "ceafm": scores.ceaf_m, "ceafe": scores.ceaf_e}
    if len(found) == 1:
        functions["blanc"] = scores.blanc
    return {name: tuple(map(float, function(*sides))) for name, function in functions.items()}


def disagreements_on_files(number: int = 300, seed: int = SEED) -> list[str]:
    """Where preset `conll-2012` and scorch differ on generated files; BLANC of a key with one kind of link excepted."""
    generator = random.Random(seed)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "key.conll", Path(folder) / "response.conll"
        for case in range(number):
            *texts, documents = conll_files(generator)
            for path, text in zip(paths, texts, strict=True):
                path.write_text(text, encoding="utf-8")
            ours = {r.metric: (r.recall, r.precision, r.f1) for r in conll_2012(*paths)}
            for metric, values in scorch_on_files(*texts).items():
                if metric == "blanc" and 0 in _links([frozenset(c) for c in read(paths[0]).popitem()[1]]):
                    continue
                if not _same(values, ours[metric]):
                    wrong.append(f"case {case}, {documents} documents, {metric}: scorch {values}, ours {ours[metric]}")
    return wrong


def theirs(metric: str, key: Clusters, response: Clusters) -> Values | str:
    """Scorch's values, or the name of the error that it stops with."""
    from scorch import scores

    functions = {
        "muc": scores.muc,
        "bcub": scores.b_cubed,
        "ceafm": scores.ceaf_m,
        "ceafe": scores.ceaf_e,
        "blanc": scores.blanc,
        "conll": scores.conll2012,
    }
    sides = [[set(c) for c in side] for side in (key, response)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = functions[metric](*sides)
    except Exception as error:  # what it stops with is what is reported
        return type(error).__name__
    return (float(found),) if metric == "conll" else tuple(map(float, found))


def preset(metric: str, key: Clusters, response: Clusters) -> Values:
    """The values of preset `conll-2012`."""
    found = next(r for r in score_clusters([(key, response)]) if r.metric == metric)
    return (found.f1,) if metric == "conll" else (found.recall, found.precision, found.f1)


def default(metric: str, key: Clusters, response: Clusters) -> Values:
    """The values of our metric, singletons kept."""
    ours = METRICS[f"coref.{NAMES.get(metric, metric)}"]()
    found = finalise_parts(ours.count(key, response), ours.parts)
    if found.f1 is None:
        return None
    return (found.f1,) if metric == "conll" else (found.recall, found.precision, found.f1)


def _same(a: Values | str, b: Values | str) -> bool:
    if not isinstance(a, tuple) or not isinstance(b, tuple):
        return a == b
    return all(abs(x - y) < 1e-9 for x, y in zip(a, b, strict=True))


def differences() -> list[str]:
    """Rows of a Markdown table: for each metric and kind of difference the smallest case.

    Raises:
        AssertionError: scorch, the preset and the default differ in a way that no kind tells.
    """
    seen: dict[tuple[str, int], str] = {}
    for key, response in cases():
        for metric in NAMES:
            found = [function(metric, key, response) for function in (theirs, preset, default)]
            if _same(found[0], found[1]) and _same(found[1], found[2]):
                continue
            kind = next((n for n, k in enumerate(KINDS) if metric in k.metrics and k.holds(key, response)), None)
            assert kind is not None, (metric, key, response, found)
            seen.setdefault((metric, kind), _row(metric, _case(key, response), *found, KINDS[kind].verdict))
    return [*(seen[k] for k in sorted(seen, key=lambda k: (k[1], list(NAMES).index(k[0])))), *_program()]


def _row(metric: str, case: str, scorch: Values | str, reference: Values, ours: Values, verdict: str) -> str:
    cells = (metric, case, *map(text, (scorch, reference, ours)), verdict)
    return "| " + " | ".join(cells) + " |"


def text(values: Values | str) -> str:
    """Values as the table shows them."""
    if values is None:
        return "undefined"
    if isinstance(values, str):
        return f"`{values}`"
    return " ".join(f"{name} {v:.3f}" for name, v in zip("RPF" if len(values) == 3 else "F", values, strict=True))


def _case(key: Clusters, response: Clusters) -> str:
    def side(clusters: Clusters) -> str:
        letters = sorted(sorted(chr(ord("A") + m) for m in c) for c in clusters)
        return ", ".join("{" + ", ".join(c) + "}" for c in letters) or "nothing"

    return f"key {side(key)}; response {side(response)}"


def _program() -> list[str]:
    """The two differences of scorch as a program, which its functions do not have."""
    from scorch.main import process_dirs, process_files

    def written(clusters: Clusters) -> str:
        named = {str(i): [f"m{m:03}" for m in sorted(c)] for i, c in enumerate(clusters)}
        return json.dumps({"type": "clusters", "clusters": named})

    def values(lines: list[str], name: str) -> Values:
        line = next(line for line in lines if line.startswith(f"{name}:"))
        return tuple(float(piece.split("=")[1]) for piece in line.split("\t")[1:])

    key, response = [frozenset({0, 1})], [frozenset({0, 1}), frozenset({2})]
    lines = list(process_files(io.StringIO(written(key)), io.StringIO(written(response))))
    false_mention = _row(
        "bcub, as a program",
        _case(key, response),
        values(lines, "B³"),
        preset("bcub", key, response),
        default("bcub", key, response),
        "ours: scorch's program adds mentions that only the response has to the key, as singletons, so that "
        "a false singleton counts as right",
    )
    documents = [([frozenset({0, 1})], [frozenset({0, 1})]), ([frozenset({0, 1, 2})], [frozenset({i}) for i in (0, 1)])]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("key", "response"):
            (Path(folder) / name).mkdir()
        for number, sides in enumerate(documents):
            for name, side in zip(("key", "response"), sides, strict=True):
                (Path(folder) / name / f"{number}.json").write_text(written(side), encoding="utf-8")
        with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
            lines = list(process_dirs(Path(folder) / "key", Path(folder) / "response"))
    found = next(r for r in score_clusters(documents) if r.metric == "muc")
    micro = (found.recall, found.precision, found.f1)
    averaged = _row(
        "muc, several documents",
        "; ".join(f"document {n}: {_case(*sides)}" for n, sides in enumerate(documents, 1)),
        values(lines, "MUC"),
        micro,
        micro,
        "ours: scorch averages the documents' scores, weighted by mentions, also where a document has no "
        "link to find; the shared task sums over documents",
    )
    return [false_mention, averaged]


if __name__ == "__main__":
    print(HEADER, *differences(), sep="\n")
