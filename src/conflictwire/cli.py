"""The command line: one command a job, each a thin layer over the library.

The only module, with `report`, that prints. Exit codes: 0 good, 1 findings, 2 unusable input or usage.
"""

import dataclasses
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from conflictwire.corpus.files import UnusableInput

GOOD, FINDINGS, UNUSABLE = 0, 1, 2
STDIN = Path("-")


def _sharded(command: Any) -> Any:
    """The options of commands that also run over shards: with --engine, one task a file, results in --out."""
    for option in (
        click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes."),
        click.option(
            "--engine",
            type=click.Choice(["local", "dask"]),
            help="Work over shards (.jsonl and .parquet files): on this machine, or on Dask.",
        ),
        click.option("--scheduler", metavar="ADDRESS", help="An existing Dask cluster, such as tcp://host:8786."),
    ):
        command = option(command)
    return command


class _Group(click.Group):
    """Turns unusable input into one line on stderr and exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UnusableInput as error:
            click.echo(f"conflictwire: {error}", err=True)
            context.exit(UNUSABLE)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="conflictwire")
def main() -> None:
    """Conflict news, annotated: who did what to whom, how many, as of when, and who says so."""


@main.command()
@click.argument("draft", type=click.Path(path_type=Path))
@click.argument("article", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to write; the default is stdout.")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
def place(draft: Path, article: Path, out: Path | None, texts: Path | None) -> None:
    """Turn a DRAFT written by quotation into the canonical record of ARTICLE.

    \b
    Example:
      conflictwire place draft.json dataset/articles/invented/jemurro-depot-1.json --out placed.json
    """
    from conflictwire import model
    from conflictwire.corpus import drafts, files

    record = _with_text(files.read_record(article), texts)
    try:
        placed = drafts.place_draft(files.read_record(draft), record)
    except drafts.DraftError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{len(error.problems)} problem(s); nothing was written", err=True)
        sys.exit(FINDINGS)
    findings = _print_findings(placed, str(draft))
    stored = model.without_text(placed) if placed["part"] == "reported" else placed
    if out:
        files.write_record(out, stored)
        click.echo(f"wrote {out}", err=True)
    else:
        click.echo(model.dumps(stored), nl=False)
    sys.exit(FINDINGS if findings else GOOD)


def _with_text(record: Any, texts: Path | None) -> Any:
    from conflictwire.corpus.hydrate import hydrate

    if record.get("text") is None and texts is not None and "segments" in record:
        return hydrate([record], [texts])[0].record
    return record


def _print_findings(record: Any, name: str) -> bool:
    """Prints the findings of a record to stderr; True where one of them is an error."""
    from conflictwire.report import findings as report
    from conflictwire.validation import validate_record

    found = [f.at(name) for f in validate_record(record)]
    if found:
        click.echo(report.text(found), err=True)
    return any(f.severity == "error" for f in found)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--level", type=click.IntRange(1, 5), default=4, show_default=True, help="The last level to run; 5 needs a dataset."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="sarif: SARIF 2.1.0, for code scanning; github: annotations of a workflow.",
)
@click.option("--fix", is_flag=True, help="First mend, in place, what has one right answer.")
@click.option(
    "--most",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Findings shown of a rule in a file, 0 for all; json and sarif always hold all.",
)
@click.option("--ignore", multiple=True, metavar="CODE", help="A rule to leave out; may be repeated.")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="With --engine: a folder for the findings."
)
@_sharded
def validate(
    paths: tuple[Path, ...],
    level: int,
    form: str,
    fix: bool,
    most: int,
    ignore: tuple[str, ...],
    texts: Path | None,
    out: Path | None,
    engine: str | None,
    scheduler: str | None,
    workers: int,
) -> None:
    """Check annotations: files of articles or predictions, or folders of them (default: dataset).

    A PATH of - is one record on standard input. Exit code 0: no errors, 1: errors, 2: nothing could be checked.

    \b
    Example:
      conflictwire validate dataset
      conflictwire validate --format github dataset/articles
    """
    if engine:
        from conflictwire.engine import jobs

        _over_shards(jobs.Validate(min(level, 4)), paths, out, engine, scheduler, workers)
    from conflictwire.corpus.strict import MAX_BYTES
    from conflictwire.report import findings as report
    from conflictwire.validation import RULES, Finding, fixing

    unknown = set(ignore) - RULES.keys()
    if unknown:
        raise UnusableInput(f"no rule is called {', '.join(sorted(unknown))}; `conflictwire rules` lists them")
    paths = paths or (Path("dataset"),)
    given = sys.stdin.buffer.read(MAX_BYTES + 1) if STDIN in paths else None
    filled = _filling(tuple(p for p in paths if p != STDIN), given, texts) if texts else None
    if fix:
        _fix(paths, most, filled)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    one, more = (
        (report.github, report.github_more) if form == "github" else (partial(report.one, colour=colour), report.more)
    )
    cap, files, last = report.Cap(most), 0, None
    kept: list[Finding] = []
    severities, codes = Counter[str](), Counter[str]()
    for path, found in _found(paths, given, level, frozenset(ignore), filled):
        if path != last:
            files, last = files + (not path.is_dir()), path
            for rest in cap.rest():
                click.echo(more(rest))
        severities.update(f.severity for f in found)
        codes.update(f.code for f in found)
        if form in ("json", "sarif"):
            kept += found
        else:
            for finding in cap.passed(found):
                click.echo(one(finding))
    for rest in cap.rest():
        click.echo(more(rest))
    if form == "json":
        click.echo(report.as_json(files, kept))
    elif form == "sarif":
        click.echo(report.sarif(kept))
    else:
        if form == "text" and codes:
            click.echo(report.why(codes, colour))
        click.echo(f"{files} file(s), {severities['error']} error(s), {severities['warning']} warning(s)", err=True)
        if not fix and fixing.FIXABLE & codes.keys():
            click.echo("--fix mends those of them that have one right answer (missing keys, offsets, hashes)", err=True)
    sys.exit(FINDINGS if severities["error"] else GOOD)


def _filling(paths: tuple[Path, ...], given: bytes | None, texts: Path) -> Any:
    """What fills the text of reported articles in; one whose text is not all there stays without it."""
    from conflictwire.corpus.hydrate import Hydrator
    from conflictwire.validation import engine

    hydrator = Hydrator(engine.reported_of(paths, given), [texts])
    missing = set()

    def fill(record: Any) -> Any:
        hydrated = hydrator.fill(record)
        if hydrated.status == "ok":
            return hydrated.record
        if hydrated.id not in missing:
            missing.add(hydrated.id)
            found = f"{hydrated.found} of {hydrated.segments} segments found"
            click.echo(f"{hydrated.id}: {found} in {texts}, checked without text", err=True)
        return record

    return fill


def _found(
    paths: tuple[Path, ...], given: bytes | None, level: int, ignore: frozenset[str], hydrate: Any
) -> Iterator[Any]:
    """Each file or folder with its findings; `-` is the record that was given on standard input."""
    from conflictwire.validation import validate_bytes, validate_paths

    for path in paths:
        if path == STDIN:
            yield path, validate_bytes(given or b"", "<stdin>", level, ignore, hydrate)
        else:
            yield from validate_paths([path], level, ignore, hydrate)


def _fix(paths: tuple[Path, ...], most: int, hydrate: Any) -> None:
    """Mends files in place and says on stderr what was done."""
    from conflictwire.validation import fixing
    from conflictwire.validation.engine import files_of

    if STDIN in paths:
        raise UnusableInput("--fix writes files, and standard input is none; name a file")
    for _, file in files_of(paths):
        try:
            repairs = fixing.fix_file(file, hydrate) if file else []
        except OSError as error:
            raise UnusableInput(f"{file} cannot be written: {error.strerror or error}") from error
        for repair in repairs[: most or None]:
            click.echo(f"mended {file}: {repair}", err=True)
        if most and len(repairs) > most:
            click.echo(f"mended {file}: … and {len(repairs) - most} more", err=True)


@main.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
def diff(first: Path, second: Path, texts: Path | None) -> None:
    """Say how two annotations of one article, FIRST (A) and SECOND (B), differ.

    \b
    Example:
      conflictwire diff dataset/passes/jemurro-depot-1/a.json dataset/passes/jemurro-depot-1/b.json
    """
    from conflictwire.agreement import differences
    from conflictwire.corpus import inputs

    (a,), (b,) = inputs.articles(str(first), texts), inputs.articles(str(second), texts)
    try:
        found = differences(a, b)
    except ValueError as error:
        raise UnusableInput(str(error)) from error
    for difference in found:
        click.echo(str(difference))
    click.echo(f"{len(found)} difference(s)", err=True)
    sys.exit(FINDINGS if found else GOOD)


@main.command()
@click.argument("source", metavar="ARTICLE")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
def show(source: str, texts: Path | None) -> None:
    """Show an annotated ARTICLE as lines of plain text, everything by its words.

    \b
    Example:
      conflictwire show dataset/articles/invented/jemurro-depot-1.json
    """
    from conflictwire.corpus import inputs
    from conflictwire.report import lines

    for number, article in enumerate(inputs.articles(source, texts)):
        click.echo("\n" * bool(number) + "\n".join(lines.article(article)))


@main.command()
@click.argument("passes", nargs=-1, required=True, metavar="PASS PASS [PASS]...")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option("--json", "as_json", is_flag=True, help="The figures and differences as JSON on stdout.")
def agree(passes: tuple[str, ...], texts: Path | None, as_json: bool) -> None:
    """Say how much annotations agree: a PASS is a stored one (`a`, `b`), a file, or a folder of records.

    \b
    Example:
      conflictwire agree a b
    """
    from conflictwire.report import agreement

    found = agreement.compare(passes, texts)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        agreement.show(found)
    if found.alone:
        click.echo(f"in one pass only, left out: {', '.join(found.alone)}", err=True)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if anything generated is out of date.")
@click.option(
    "--dataset",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("dataset"),
    show_default=True,
)
@click.option(
    "--with-text",
    "texts",
    type=click.Path(path_type=Path, exists=True),
    help="Your copies of reported texts: their openly licensed text goes into the tables.",
)
def build(check: bool, dataset: Path, texts: Path | None) -> None:
    """Write everything generated from the articles: Parquet, the card's tables, the prediction schema.

    \b
    Example:
      conflictwire build --check
    """
    from conflictwire.corpus import build as builder
    from conflictwire.corpus import licences, load
    from conflictwire.corpus.hydrate import hydrate
    from conflictwire.report import agreement, card_plots, correctness
    from conflictwire.report import rules as rule_list

    if not load.article_files(dataset):
        raise UnusableInput(f"{dataset} holds no articles/*/*.json; name a clone's dataset folder with --dataset")
    hydrated = []
    if texts:
        for article in hydrate(load.records(dataset), [texts]):
            if article.status == "ok" and licences.is_open(article.record["license"]):
                hydrated.append(article.record)
    schema = dataset.resolve().parent / "schema"
    blocks = {"correctness": correctness.table(dataset)}
    if (dataset / "passes").is_dir():
        blocks["agreement"] = agreement.table(dataset)
    pictures = {"overview.svg": builder.Picture(card_plots.content, card_plots.draw)}
    listed = rule_list.markdown(rule_list.examples(schema.parent / "tests" / "fixtures" / "rules"))
    stale = builder.build(dataset, schema if schema.is_dir() else None, check, hydrated, blocks, listed, pictures)
    for path in stale:
        click.echo(f"{'out of date' if check else 'wrote'}: {path}")
    if check and stale:
        click.echo("run `conflictwire build` and commit what it writes", err=True)
        sys.exit(FINDINGS)
    click.echo(f"{len(stale)} file(s) {'out of date' if check else 'written'}", err=True)


@main.command()
@click.argument("texts", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--fetch", is_flag=True, help="First download the openly licensed ones from their pinned addresses.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CONFLICTWIRE_CACHE",
    show_envvar=True,
    help="Where downloads are kept; the default is the user's cache folder.",
)
@click.option("--out", type=click.Path(path_type=Path), help="A folder for the articles with text.")
@click.option("--json", "as_json", is_flag=True, help="The status table as JSON on stdout.")
def hydrate(texts: tuple[Path, ...], fetch: bool, cache: Path | None, out: Path | None, as_json: bool) -> None:
    """Give reported articles their text back from your own copies: pages, dumps, repositories (TEXTS).

    \b
    Example:
      conflictwire hydrate my-copies --out out/hydrated
      conflictwire hydrate --fetch --out out/hydrated
    """
    from conflictwire.corpus import files, load
    from conflictwire.corpus import hydrate as hydration
    from conflictwire.report import terminal

    records = [r for r in load.records() if r["part"] == "reported"]
    if fetch:
        texts = (*texts, *_fetch(records, cache))
    results = hydration.hydrate(records, texts)
    if out:
        for item in results:
            if item.status != "missing":
                files.write_record(out / f"{files.safe_name(item.id)}.json", item.record)
    rows = [
        {
            "article": r.id,
            "status": r.status,
            "segments": f"{r.found}/{r.segments}",
            "spans without text": r.touched,
            "from": ", ".join(r.sources),
        }
        for r in results
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        terminal.table("Reported articles", rows)
    ok = sum(r.status == "ok" for r in results)
    click.echo(f"{ok} of {len(results)} reported articles hydrated whole", err=True)
    sys.exit(GOOD if ok == len(results) else FINDINGS)


def _fetch(records: list[Any], cache: Path | None) -> list[Path]:
    """Downloads what the records pin, with progress and each failure on stderr; the files that are there now."""
    import platformdirs

    from conflictwire.corpus import fetch
    from conflictwire.report import terminal

    folder = cache or Path(platformdirs.user_cache_dir("conflictwire")) / "texts"
    wanted = fetch.addresses(records)
    results = []
    with terminal.progress("downloading", len(wanted)) as advance:

        def tell(address: fetch.Address, done: int, whole: int | None) -> None:
            advance(0, f"{address.name} {done // 1024}/{'?' if whole is None else whole // 1024} KiB")

        for result in fetch.fetch(wanted, folder, progress=tell):
            results.append(result)
            advance()
    lost = Counter[str]()
    for result in results:
        if result.problem:
            lost[result.problem] += len(result.address.articles)
    for problem, articles in lost.items():
        click.echo(f"{articles} article(s) not fetched: {problem}", err=True)
    there = [r.path for r in results if r.path]
    click.echo(f"{len(there)} of {len(wanted)} files are in {folder}", err=True)
    return there


@main.command()
@click.argument("name", metavar="crf|spacy")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="A folder for the model; the default is the cache."
)
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option(
    "--curve", is_flag=True, help="Train on a quarter, a half and all of the stories; score validation each time."
)
def train(name: str, out: Path | None, texts: Path | None, curve: bool) -> None:
    """Train an extractor on the train split, as far as its text is at hand.

    Benchmarks and extractions do it themselves where there is no model yet; this says how long it takes.

    \b
    Example:
      conflictwire train crf
      conflictwire train crf --texts my-copies --curve
    """
    from conflictwire.report import training

    training.run(name, out, texts, curve)


@main.command()
@click.argument("kind", type=click.Choice(["figures", "spelled", "names", "attributions"]))
@click.argument("input", metavar="INPUT")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The changed articles as JSON lines.")
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed chooses other numbers and names.")
def perturb(kind: str, input: str, out: Path, texts: Path | None, seed: int) -> None:
    """Change the articles of INPUT in one way (KIND) and carry the gold along: reading told from recall.

    \b
    figures       every figure multiplied by one number a story
    spelled       digits in words
    names         proper names replaced by invented ones
    attributions  speaker and statement change places

    \b
    Example:
      conflictwire perturb names test --out out/names.jsonl
      conflictwire extract rules out/names.jsonl --out out/rules-names.jsonl
      conflictwire score out/names.jsonl out/rules-names.jsonl
    """
    from conflictwire import perturb as perturbation
    from conflictwire.corpus import files, inputs
    from conflictwire.model import to_json

    changed = [to_json(a) for a in perturbation.perturb(kind, inputs.articles(input, texts), seed)]
    if not changed:
        raise UnusableInput(f"no article of {input} has its text here; give your own copies with --texts")
    files.write_text(out, "".join(files.json_line(r) + "\n" for r in changed))
    click.echo(f"wrote {len(changed)} article(s) to {out}", err=True)


@main.command()
@click.argument("extractor")
@click.argument("input", metavar="INPUT")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Predictions as JSON lines; without it the claims are shown.",
)
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@_sharded
def extract(
    extractor: str,
    input: str,
    out: Path | None,
    texts: Path | None,
    engine: str | None,
    scheduler: str | None,
    workers: int,
) -> None:
    """Run EXTRACTOR on INPUT: a split, article files, or the plain text or HTML of any article.

    Predictions stream into --out; a run that was broken off goes on where it stopped.

    \b
    Example:
      conflictwire extract rules test --out out/rules.jsonl
    """
    if engine:
        from conflictwire.engine import jobs

        _over_shards(jobs.Extract(extractor), (Path(input),), out, engine, scheduler, workers)
    from conflictwire import extractors
    from conflictwire.corpus import inputs
    from conflictwire.extractors import runner
    from conflictwire.report import terminal

    if inputs.is_page(input):
        documents = [extractors.Document(Path(input).stem, inputs.page_text(Path(input)))]
    else:
        articles = list(inputs.articles(input, texts))
        documents = [extractors.document(a) for a in articles if a.text is not None]
        if len(documents) < len(articles):
            click.echo(
                f"{len(articles) - len(documents)} of {len(articles)} articles have no text here and are left out (--texts)",
                err=True,
            )
    if not documents:
        raise UnusableInput(f"nothing to read in {input}")
    with terminal.progress(extractor, len(documents)) as advance:
        if out:
            outcomes = runner.run_to_file(extractor, documents, out, workers, lambda outcome: advance())
        else:
            outcomes = [o for o in runner.run(extractor, documents, workers) if advance() is None]
    for outcome, document in zip(outcomes, documents, strict=True):
        if outcome.error:
            click.echo(f"{outcome.id}: {outcome.error}", err=True)
        elif outcome.prediction and not out:
            terminal.claims(outcome.prediction, document.text)
    if out:
        click.echo(f"{sum(o.prediction is not None for o in outcomes)} prediction(s) are in {out}", err=True)
    sys.exit(FINDINGS if any(o.error for o in outcomes) else GOOD)


@main.command()
@click.argument("gold")
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--metric", "metrics", multiple=True, help="A metric; may be repeated. `conflictwire metrics` lists them."
)
@click.option(
    "--by",
    type=click.Choice(["part", "genre", "split", "story", "publisher", "type"]),
    help="Break the scores down.",
)
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option(
    "--compare", "other", type=click.Path(path_type=Path), help="Another system's predictions: a paired test by story."
)
@click.option("--preset", help="Mirror another tool: its files, its numbers. `conflictwire metrics` lists the presets.")
@click.option(
    "--errors",
    is_flag=True,
    help="List what was missed, spurious, mistyped, mis-bounded, mis-sourced, and what was taken for what.",
)
@click.option("--oracles", is_flag=True, help="Also score with one layer at a time taken from the gold.")
@click.option("--json", "as_json", is_flag=True, help="Scores with signatures as JSON on stdout.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="With --engine: a folder for the counts.")
@_sharded
def score(
    gold: str,
    predictions: Path,
    metrics: tuple[str, ...],
    by: str | None,
    texts: Path | None,
    other: Path | None,
    preset: str | None,
    errors: bool,
    oracles: bool,
    as_json: bool,
    out: Path | None,
    engine: str | None,
    scheduler: str | None,
    workers: int,
) -> None:
    """Score PREDICTIONS (JSON lines) against GOLD: a split, `all`, or article files.

    \b
    Example:
      conflictwire score test out/rules.jsonl --by part
    """
    if engine:
        from conflictwire import scoring
        from conflictwire.engine import jobs

        job = jobs.Score(predictions.resolve(), metrics or tuple(scoring.DEFAULT))
        _over_shards(job, (Path(gold),), out, engine, scheduler, workers, as_json)
    if preset is not None:
        return _score_preset(preset, Path(gold), predictions, as_json)
    import pandas as pd

    from conflictwire import scoring
    from conflictwire.corpus import inputs
    from conflictwire.formats import predictions as format
    from conflictwire.report import terminal
    from conflictwire.scoring.errors import CONFUSIONS

    articles = list(inputs.articles(gold, texts))
    reads = [(path, format.read(path, articles)) for path in (predictions, other) if path is not None]
    for path, read in reads:
        for problem in read.problems:
            click.echo(f"{path}:{problem.line}: {problem.message}", err=True)
    try:
        scores, *others = [
            scoring.score(articles, read.predictions.values(), metrics or scoring.DEFAULT, problems=read.problems)
            for _, read in reads
        ]
    except scoring.MetricError as error:
        raise UnusableInput(str(error)) from error
    read = reads[0][1]
    shown = [("by", f"Scores by {by}", scores.by(by))] if by else []
    if others:
        title = f"{predictions.name} (first) beside {other and other.name} (second)"
        shown.append(("comparison", title, scores.compare(others[0])))
    if oracles:
        from conflictwire.scoring.oracles import ablate

        gains = ablate(articles, read.predictions.values(), scores.metrics)
        shown.append(("oracles", "What each oracle adds", gains))
    if errors:
        shown.append(("errors", "Errors", pd.DataFrame([dataclasses.asdict(e) for e in scores.errors])))
        for layer in CONFUSIONS:
            title = f"{layer}: gold down, predicted across"
            shown.append((f"confusion_{layer}", title, scores.confusion(layer).reset_index()))
    if as_json:
        extra = {key: terminal.rows(frame) for key, _, frame in shown}
        result = {**scores.to_json(), **extra, "placement": read.placement}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        terminal.scores(scores)
        for _, title, frame in shown:
            terminal.table(title, terminal.rows(frame))
        if read.placement:
            placed = ", ".join(f"{k} {n}" for k, n in sorted(read.placement.items()))
            click.echo(f"quotations placed: {placed}", err=True)
    sys.exit(FINDINGS if any(p.fatal for _, read in reads for p in read.problems) else GOOD)


def _over_shards(
    job: Any,
    paths: tuple[Path, ...],
    out: Path | None,
    engine: str,
    scheduler: str | None,
    workers: int,
    as_json: bool = False,
) -> NoReturn:
    """Does a job to every shard below some paths, prints the sum of it, and exits."""
    from conflictwire.report import shards as report

    if out is None:
        raise UnusableInput("--engine writes a file a shard; name a folder with --out")
    sys.exit(GOOD if report.run(job, paths, out, engine, scheduler, workers, as_json) else FINDINGS)


def _score_preset(name: str, gold: Path, predictions: Path, as_json: bool) -> None:
    """Scores files of another tool's format as that tool does."""
    from conflictwire.report import terminal
    from conflictwire.scoring import presets

    rows = [dataclasses.asdict(result) for result in presets.run(name, gold, predictions)]
    if as_json:
        click.echo(json.dumps({"preset": name, "scores": rows}, ensure_ascii=False, indent=2))
    else:
        terminal.table(f"{name}: {presets.PRESETS[name].description}", rows)


@main.command()
@click.argument("names", nargs=-1, metavar="[EXTRACTOR]...")
@click.option("--split", default="test", show_default=True, type=click.Choice(["train", "validation", "test", "all"]))
@click.option("--part", default="all", show_default=True, type=click.Choice(["invented", "reported", "all"]))
@click.option("--texts", type=click.Path(path_type=Path, exists=True), help="Your copies of reported texts.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/benchmark"), show_default=True)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
def benchmark(names: tuple[str, ...], split: str, part: str, texts: Path | None, out: Path, workers: int) -> None:
    """Run extractors (default: all that need no training) on the corpus, score them, write a page to look at.

    \b
    Example:
      conflictwire benchmark rules regex --out out/benchmark
    """
    from conflictwire.report import benchmark as report

    report.run(names or report.DEFAULT, split, part, texts, out, workers)


@main.command()
def rules() -> None:
    """List the validation rules."""
    from conflictwire.report import terminal
    from conflictwire.validation import RULES

    terminal.table(
        "Rules",
        [{"code": r.code, "level": r.level, "severity": r.severity, "what": r.explanation} for r in RULES.values()],
    )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Both lists as JSON on stdout.")
def metrics(as_json: bool) -> None:
    """List the metrics with definition, parameters and source, and the presets that mirror other tools.

    \b
    Example:
      conflictwire metrics --json
    """
    from conflictwire.report import terminal
    from conflictwire.scoring.presets import PRESETS
    from conflictwire.scoring.registry import METRICS, describe

    found = [describe(METRICS[name]) for name in sorted(METRICS)]
    presets = [{"preset": p.name, "what": p.description} for p in PRESETS.values()]
    if as_json:
        click.echo(json.dumps({"metrics": found, "presets": presets}, ensure_ascii=False, indent=2))
    else:
        terminal.table("Metrics", found)
        terminal.table("Presets", presets)


@main.command("extractors")
def list_extractors() -> None:
    """List the extractors."""
    from conflictwire import extractors
    from conflictwire.report import terminal

    terminal.table("Extractors", [{"extractor": name, "what": line} for name, line in extractors.available().items()])


@main.command()
@click.argument("code")
def explain(code: str) -> None:
    """Explain a rule or a metric at length.

    \b
    Example:
      conflictwire explain claim-not-asserted
    """
    import inspect
    from difflib import get_close_matches

    from conflictwire.report import rules as rule_list
    from conflictwire.scoring import METRICS
    from conflictwire.validation import RULES

    if code in RULES:
        click.echo(rule_list.explained(code))
    elif code in METRICS:
        metric = METRICS[code]
        click.echo(f"{code}\n\n{inspect.cleandoc(metric.__doc__ or '')}\n\nSource: {metric.source}")
    else:
        close = get_close_matches(code, [*RULES, *METRICS], n=1)
        hint = f"did you mean {close[0]}?" if close else "`conflictwire rules` and `conflictwire metrics` list them"
        raise UnusableInput(f"{code!r} is neither a rule nor a metric; {hint}")


if __name__ == "__main__":
    main()
