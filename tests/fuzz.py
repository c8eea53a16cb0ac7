"""The fuzz target: no bytes make validating, mending, placing, scoring, reading or hydrating raise anything unforeseen.

    .venv/bin/python tests/fuzz.py -max_total_time=30       # libFuzzer's options
    .venv/bin/python tests/fuzz.py --blind 1000000          # random inputs, ten times as fast

What is expected are findings and the errors that the functions document. Inputs are raw bytes, and articles,
drafts and predictions in which the bytes say what is damaged. libFuzzer (atheris) keeps those that reach new
lines, refuses what takes longer than `-timeout` seconds or more than `-rss_limit_mb`, and stores a crash as a file,
which reproduces it when it is named on the command line. `test_fuzz.py` calls the same function from the suite.
"""

import argparse
import copy
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent
SEEDS = "schema", "claims-overlap", "parent-and-relation", "conflict-of-one-voice", "trigger-words", "same-name"


class Feed:
    """Bytes taken bit by bit to decide things; zeros when they are used up."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def number(self, below: int) -> int:
        """A number from 0, evenly enough."""
        taken = self.data[self.at : self.at + 2]
        self.at += 2
        return int.from_bytes(taken, "big") % below if taken else 0

    def rest(self) -> bytes:
        """What is left."""
        return self.data[self.at :]

    def words(self) -> str:
        """A short text, of any characters."""
        taken = self.data[self.at : self.at + 1 + self.number(12)]
        self.at += len(taken)
        return taken.decode("utf-8", "replace")


VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2**31, 2**63, 10**30, 0.5, 1e308, "", " ", "x", "\n", "\u202e", "1", "-1", "1e9", "2024-02-31",
    "2024/..", "../2024", "9999-99", "XXXX", "killed", "e1", "ev1", "ev1#g1", "c1", "c1#c1", "#", "a#b", [], {}, [None], [[]],
    {"text": "a"}, {"text": "", "n": 0}, {"text": "the", "n": 10**9}, {"text": "a", "within": "a"}, {"start": 0, "end": 0, "text": ""},
    {"start": -5, "end": 10**12, "text": None}, {"start": 3, "end": 1, "text": "x"}, "prediction", "article#c1", "‘", "e" * 500,
)  # fmt: skip


def damage(record: Any, feed: Feed) -> Any:
    """A copy of a record in which some values are replaced, dropped, doubled, swapped or cut."""
    record = copy.deepcopy(record)
    for _ in range(1 + feed.number(5)):
        places = _places(record)
        if not places:
            return record
        container, key = places[feed.number(len(places))]
        match feed.number(8):
            case 0:
                del container[key]
            case 1:
                container[key] = feed.words()
            case 2:
                container[key] = copy.deepcopy(places[feed.number(len(places))][0])
            case 3 if isinstance(container, list):
                container.insert(feed.number(len(container) + 1), copy.deepcopy(container[key]))
            case 4 if isinstance(container[key], int):
                container[key] += feed.number(40) - 20
            case 5 if isinstance(container[key], str):
                at = feed.number(len(container[key]) + 1)
                container[key] = container[key][:at] + feed.words() + container[key][at + feed.number(4) :]
            case 6:
                other, place = places[feed.number(len(places))]
                container[key] = copy.deepcopy(other[place])
            case _:
                container[key] = copy.deepcopy(VALUES[feed.number(len(VALUES))])
    return record


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a record where a value stands, as container and key."""
    found, stack = [], [value]
    while stack:
        at = stack.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        for key in keys:
            found.append((at, key))
            stack.append(at[key])
    return found


def spliced(words: str, feed: Feed) -> str:
    """A text in which some stretches are replaced."""
    for _ in range(feed.number(5)):
        at = feed.number(len(words) + 1)
        words = words[:at] + feed.words() + words[at + feed.number(20) :]
    return words


class Target:
    """What is fuzzed: one method a kind of input, chosen by the first bytes."""

    def __init__(self) -> None:
        folder = TESTS / "fixtures" / "rules"
        self.articles = [json.loads((folder / name / "good.json").read_bytes()) for name in SEEDS]
        self.folder = Path(tempfile.mkdtemp(prefix="conflictwire-fuzz-"))
        self.ran: Counter[str] = Counter()
        self.kinds: tuple[Callable[[Feed], None], ...] = (
            self.raw, self.article, self.article, self.draft, self.draft, self.prediction, self.texts, self.foreign,
        )  # fmt: skip

    def __call__(self, data: bytes) -> None:
        """Runs one input."""
        feed = Feed(data)
        kind = self.kinds[feed.number(len(self.kinds))]
        self.ran[kind.__name__] += 1
        kind(feed)

    def seed(self, feed: Feed) -> Any:
        """One of the undamaged articles."""
        return self.articles[feed.number(len(self.articles))]

    def raw(self, feed: Feed) -> None:
        """Any bytes as a file to validate, of each kind."""
        from conflictwire.validation import validate_bytes, validate_file

        suffix = (".json", ".jsonl", ".parquet")[feed.number(3)]
        data = feed.rest()
        validate_bytes(data, "<fuzz>")
        path = self.folder / f"raw{suffix}"
        path.write_bytes(data)
        for finding in validate_file(path):
            finding.to_json()

    def article(self, feed: Feed) -> None:
        """A damaged article, validated as a file would be, reported, mended twice and validated again."""
        from conflictwire.report import findings as report
        from conflictwire.validation import fixing, validate_bytes, validate_record

        record = damage(self.seed(feed), feed)
        source = json.dumps(record, ensure_ascii=bool(feed.number(2)), indent=feed.number(2) or None)
        source_bytes = source.encode("utf-8", "surrogatepass")
        found = validate_bytes(source_bytes, "<fuzz>")
        report.text(found)
        if isinstance(record, dict) and not any(f.level == 1 for f in found):
            mended, _ = fixing.fix_record(record)
            again, repairs = fixing.fix_record(mended)
            assert again == mended, repairs
            validate_record(mended)

    def draft(self, feed: Feed) -> None:
        """A damaged draft placed on its article; what could be placed is validated."""
        from conflictwire.corpus.drafts import DraftError, place_draft
        from conflictwire.model import LAYERS
        from conflictwire.validation import validate_record

        article = self.seed(feed)
        draft = damage({"id": article["id"], **{layer: article[layer] for layer in LAYERS}}, feed)
        try:
            validate_record(place_draft(draft if isinstance(draft, dict) else {}, article))
        except DraftError as error:
            assert error.problems

    def prediction(self, feed: Feed) -> None:
        """Damaged predictions, read and scored by all default metrics."""
        from conflictwire import scoring
        from conflictwire.corpus.files import UnusableInput
        from conflictwire.formats import predictions
        from conflictwire.model import LAYERS, article_from_json

        record = self.seed(feed)
        article = article_from_json(record)
        row = damage({"id": record["id"], "prediction": {layer: record[layer] for layer in LAYERS}}, feed)
        path = self.folder / "predictions.jsonl"
        path.write_bytes(json.dumps(row).encode("utf-8", "surrogatepass") + b"\n" + feed.rest()[:40])
        try:
            read = predictions.read(path, [article])
        except UnusableInput:
            return
        scores = scoring.score([article], read.predictions.values())
        for value in scores.table["f1"]:
            assert not 0 <= value <= 1 or value == value

    def texts(self, feed: Feed) -> None:
        """Any bytes, or a damaged page, as somebody's copy of a text."""
        from conflictwire.corpus import hydrate, inputs
        from conflictwire.corpus.files import UnusableInput
        from conflictwire.model import without_text

        article = self.seed(feed)
        record = without_text(article)
        lines = (article["text"] or "").split("\n")
        pages = (
            "<html><body>" + "".join(f"<p>{line} <a href='x'>&amp;</a></p>\n" for line in lines) + "<script>x</script>",
            "# Title\n\n" + "\n\n".join(f"* **{line}** [x](y_(z))" for line in lines),
            "".join(f"# text = {line}\n1\tx\n\n" for line in lines),
            json.dumps({"text": lines, "more": [{"title": article["title"]}]}),
        )
        suffix = sorted(hydrate.SUFFIXES)[feed.number(len(hydrate.SUFFIXES))]
        path = self.folder / f"page{suffix}"
        if feed.number(3):
            page = spliced(pages[feed.number(len(pages))], feed)
            path.write_bytes(page.encode(("utf-8", "utf-16", "cp1252", "utf-8-sig")[feed.number(4)], "replace"))
        else:
            path.write_bytes(feed.rest())
        (found,) = hydrate.hydrate([record], [path])
        assert found.status in ("ok", "partial", "missing")
        with suppress(UnusableInput):
            inputs.page_text(path)

    def foreign(self, feed: Feed) -> None:
        """Damaged files of the tools that presets mirror, in any tool's form."""
        from conflictwire.corpus.files import UnusableInput
        from conflictwire.scoring import presets

        name = sorted(presets.PRESETS)[feed.number(len(presets.PRESETS))]
        suffix, sample = FOREIGN[feed.number(len(FOREIGN))]
        paths = []
        for side in ("gold", "predicted"):
            paths.append(self.folder / f"{side}{suffix}")
            paths[-1].write_text(spliced(sample, feed), encoding="utf-8", newline="")
        with suppress(UnusableInput):
            presets.run(name, *paths)


FOREIGN = (
    (".txt", "#begin document (x); part 000\nx 0 0 a (1\nx 0 1 b (2)|1)\n\nx 0 2 c (2)\n#end document\n"),
    (".txt", "New\tB-LOC\nYork\tI-LOC\nfell\tO\n\nOram\tB-PER\n"),
    (".json", '[["B-LOC", "I-LOC", "O"], ["B-PER"]]'),
    (".json", '{"d": {"PerpInd": [["gunmen", "two gunmen"]], "Victim": [["Oram"]], "incident_type": "attack"}}'),
    (
        ".json",
        '[{"docid": "d", "templates": [{"incident_type": "attack", "Victim": [[["Oram", 3]], [["guard", 9]]]}]}]',
    ),
    (
        ".json",
        '{"d": {"doc": "x", "gold_templates": [{"incident_type": "a"}], "pred_templates": [{"Weapon": [["b"]]}]}}',
    ),
    (".tsv", "d\t0\t4\tE1\t1.0\tPER\nd\t6\t9\tNIL1\t0.5\tORG\n"),
)


def blind(runs: int, seed: int, target: Target) -> None:
    """So many random inputs, none of them chosen for what it reaches: many times faster than libFuzzer."""
    rng, began = random.Random(seed), time.perf_counter()
    for number in range(runs):
        data = rng.randbytes(rng.choice((6, 12, 30, 80, 300)))
        try:
            target(data)
        except Exception:
            print(f"input {number} of seed {seed}: {data.hex()}", file=sys.stderr)
            raise
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(target.ran.items()))
    print(f"{runs:,} inputs ({kinds}) in {time.perf_counter() - began:.0f} s, peak {peak:.0f} MB: none raised")


def main() -> None:
    """Runs libFuzzer on the target, with its options from the command line; or random inputs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], add_help=False)
    parser.add_argument("--blind", type=int, metavar="RUNS", help="random inputs instead of libFuzzer's")
    parser.add_argument("--seed", type=int, default=1)
    asked, further = parser.parse_known_args()
    if asked.blind:
        return blind(asked.blind, asked.seed, Target())
    import atheris

    read = [f"conflictwire.{name}" for name in ("corpus", "formats", "validation", "text", "numerals", "dates")]
    with atheris.instrument_imports(include=read):  # new lines of scoring are worth less than speed
        from conflictwire import scoring  # noqa: F401
        from conflictwire.corpus import drafts, hydrate, inputs  # noqa: F401
        from conflictwire.scoring import presets  # noqa: F401
        from conflictwire.validation import fixing  # noqa: F401
    options = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, *further], Target())
    atheris.Fuzz()


if __name__ == "__main__":
    main()
