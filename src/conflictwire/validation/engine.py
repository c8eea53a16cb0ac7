"""Runs the rules level by level: a failure at one level stops the later ones for that article alone.

The rules of level 5 run once a dataset folder, over the articles that passed the others.
"""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import msgspec

from conflictwire import text as texts
from conflictwire.corpus import strict
from conflictwire.model import Article, Json, article_from_json

# Importing a family of rules registers its rules.
from conflictwire.validation import (  # noqa: F401
    claims,
    corpus,
    entities,
    events,
    files,
    numbers,
    references,
    relations,
    shape,
    statements,
)
from conflictwire.validation.findings import RULES, Finding, declare
from conflictwire.validation.positions import Positions, of_problem

_NAME = declare("file-name", 3, "An article stands in a file named after its id, so that it can be found.", "warning")
_STANDOFF = declare(
    "reported-text-on-disk",
    3,
    "A reported article is stored stand-off: title, text and every span's text are null.",
)

Hydrate = Callable[[Json], Json]
MOST_OF_A_RULE = 1000  # findings in one record; past that they repeat one mistake
MOST_PLACED = 2 * 1024 * 1024  # bytes of a record in which places are looked for: ten times the largest article


def validate_record(record: Json, level: int = 4, ignore: frozenset[str] = frozenset()) -> list[Finding]:
    """The findings of a record in JSON form, at levels 2 to `level`.

    An article is held against the article schema and all rules; a prediction or draft against the
    prediction schema alone.
    """
    return _checked(record, level, ignore)[0]


def _checked(record: Json, level: int, ignore: frozenset[str]) -> tuple[list[Finding], Article | None]:
    """The findings of a record, and the typed article where the record is one and no level failed."""
    found = [f for f in shape.check(record) if f.code not in ignore]
    if any(f.severity == "error" for f in found) or shape.kind_of(record) != "article" or level < 3:
        return found, None
    try:
        article = article_from_json(record)
    except msgspec.ValidationError as error:  # the schema and the model agree, or a test fails
        return [
            *found,
            Finding("schema", 2, "error", "", str(error), "report this: schema and model disagree"),
        ], None
    inside, sound = _ruled(article, level, ignore)
    return found + inside, sound


def _ruled(article: Article, level: int, ignore: frozenset[str]) -> tuple[list[Finding], Article | None]:
    """The findings of levels 3 and 4, and the article if no level failed."""
    found: list[Finding] = []
    for at in (3, 4)[: level - 2]:
        found += [f for f in _run(article, at) if f.code not in ignore]
        if any(f.severity == "error" for f in found):
            return found, None
    return found, article


def _run(article: Article, level: int) -> Iterator[Finding]:
    for rule in RULES.values():
        if rule.level == level and rule.check is not None:
            for fault in islice(rule.check(article), MOST_OF_A_RULE):
                finding = rule.finding(fault)
                if article.text is not None and fault.span is not None:
                    finding = replace(finding, excerpt=texts.excerpt(article.text, *fault.span))
                yield finding


def _run_corpus(whole: corpus.Corpus, ignore: frozenset[str]) -> Iterator[Finding]:
    """The findings of level 5, each with the file and the place that it is about."""
    words = {(str(a.file), a.line): a.article.text for a in whole.articles}
    for rule in RULES.values():
        if rule.level == 5 and rule.check is not None and rule.code not in ignore:
            for fault in rule.check(whole):
                finding = rule.finding(fault)
                text = words.get((fault.file or "", fault.line))
                if text is not None and fault.span is not None:
                    finding = replace(finding, excerpt=texts.excerpt(text, *fault.span))
                yield _placed_in_file(finding)


def _placed_in_file(finding: Finding) -> Finding:
    """A finding about the corpus with its place; the file is read again, because few files have one."""
    path, line = Path(finding.file or ""), finding.line
    source: bytes | None = None
    if path.is_file() and finding.path and path.suffix == ".jsonl" and line is not None:
        source = next((words for number, words in strict.lines(path) if number == line), None)
    elif path.is_file() and finding.path and path.suffix == ".json":
        read = strict.read_bytes(path)
        source = read if isinstance(read, bytes) else None
    (placed,) = _placed([finding], source, line or 1) if source is not None else [finding]
    return replace(placed, file=_shown(path))


def validate_bytes(
    source: bytes,
    name: str,
    level: int = 4,
    ignore: frozenset[str] = frozenset(),
    hydrate: Hydrate | None = None,
) -> list[Finding]:
    """The findings of one record as it is stored; `name` stands in them as their file."""
    found, _ = _of_source(source, level, ignore, hydrate)
    return [f.at(name, f.line) for f in found]


def validate_file(
    path: Path, level: int = 4, ignore: frozenset[str] = frozenset(), hydrate: Hydrate | None = None
) -> list[Finding]:
    """The findings of one file: `.json` with a record, `.jsonl` with one a line, `.parquet` with one a row.

    Args:
        path: any path; what cannot be read is a finding, not an exception.
        level: the last level to run (1 to 4; level 5 needs a whole dataset folder).
        ignore: codes to leave out.
        hydrate: fills the text of a reported article in, so that the rules about text see it.
    """
    return [finding for checked in _validated(path, level, ignore, hydrate) for finding in checked.findings]


@dataclass(frozen=True)
class _Checked:
    """One record of a file: its line, its findings, and the typed article where it is one that no level failed."""

    line: int | None
    findings: list[Finding]
    article: Article | None


def _validated(path: Path, level: int, ignore: frozenset[str], hydrate: Hydrate | None) -> Iterator[_Checked]:
    """The records of a file one by one, so that memory does not grow with their number."""
    shown = _shown(path)
    for line, source in files.sources(path):
        found, article = _of_source(source, level, ignore, hydrate, (path, line))
        yield _Checked(line, [f.at(shown, f.line or line) for f in found], article)


def _of_source(
    source: files.Source,
    level: int,
    ignore: frozenset[str],
    hydrate: Hydrate | None,
    stored: tuple[Path, int | None] | None = None,
) -> tuple[list[Finding], Article | None]:
    """The findings of a record, with their places where its source is at hand, and the typed article if no level failed."""
    with _uncollected():
        found, article = _inspected(source, level, ignore, hydrate, stored)
    if found and isinstance(source, bytes) and len(source) <= MOST_PLACED:
        found = _placed(found, source, (stored[1] if stored else None) or 1)
    return found, article


def _inspected(
    source: files.Source,
    level: int,
    ignore: frozenset[str],
    hydrate: Hydrate | None,
    stored: tuple[Path, int | None] | None,
) -> tuple[list[Finding], Article | None]:
    """The findings of a record, and the typed article if no level failed."""
    sound = shape.sound_article(source) if isinstance(source, bytes) and level >= 3 else None
    if sound is not None and not (hydrate and sound.part == "reported" and sound.text is None):
        head = {"id": sound.id, "part": sound.part, "text": sound.text, "title": sound.title}
        inside, article = _ruled(sound, level, ignore)
    else:
        record = files.record(source)
        if isinstance(record, Finding):
            return [record] if record.code not in ignore else [], None
        if level < 2:
            return [], None
        head = record
        inside, article = _checked(hydrate(record) if hydrate and _is_stand_off(record) else record, level, ignore)
    about = list(_about_file(*stored, head)) if stored and level >= 3 else []
    found = [f for f in about if f.code not in ignore]
    return found + inside, None if any(f.severity == "error" for f in found) else article


@contextmanager
def _uncollected() -> Iterator[None]:
    """Lets no garbage be collected for a while: a record makes thousands of objects at once, and no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _placed(found: Iterable[Finding], source: bytes, first_line: int = 1) -> list[Finding]:
    """The findings of one record with the places in its source to which their paths point, from top to bottom."""
    positions = Positions(source, first_line)
    places = (of_problem(f.code, source, first_line) if f.level == 1 else positions.find(f.path) for f in found)
    placed = [f.standing(place) if place else f for f, place in zip(found, places, strict=True)]
    return sorted(placed, key=lambda f: (f.line or 0, f.column or 0))


def _shown(path: Path) -> str:
    """A path as text that can be written anywhere: bytes of a name that are not UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _shape_errors(record: Json) -> bool:
    return any(True for _ in shape.check(record))


def _about_file(path: Path, line: int | None, record: Json) -> Iterator[Finding]:
    if (
        line is None
        and "articles" in path.parts
        and record.get("id") != path.stem
        and shape.kind_of(record) == "article"
    ):
        yield Finding(
            _NAME.code,
            3,
            "warning",
            "id",
            f"the file {path.name} holds the article {record.get('id')!r}",
            "rename one of the two",
        )
    if record.get("part") == "reported" and (record.get("text") is not None or record.get("title") is not None):
        yield Finding(
            _STANDOFF.code,
            3,
            "error",
            "text",
            "a reported article on disk holds its text or title",
            "write it by `conflictwire place`, which leaves the text out; hydrated copies stay outside the repository",
        )


def validate_paths(
    paths: Iterable[Path],
    level: int = 4,
    ignore: frozenset[str] = frozenset(),
    hydrate: Hydrate | None = None,
) -> Iterator[tuple[Path, list[Finding]]]:
    """Validates files, and all files of records below folders, one by one; yields each with findings of it.

    A file of many records (`.jsonl`, `.parquet`) is yielded again for each that has findings, so that a
    caller who drops them needs no more memory for more records. Of a dataset repository only its `articles` and `passes` hold records; a folder without any is a
    finding. With level 5 the rules about the corpus follow the files of each dataset folder (one that
    has `articles/`), as the findings of the folder; what failed a lower level is left out of them.
    """
    for path in paths:
        if level >= 5 and (path / "articles").is_dir():
            yield from _validate_dataset(path, level, ignore, hydrate)
            continue
        for folder, file in files_of([path]):
            if file is not None:
                yield file, []
                for checked in _validated(file, level, ignore, hydrate):
                    if checked.findings:
                        yield file, _as_kept(path, file, checked.findings)
            else:
                yield folder, [_empty_folder(folder)]


def reported_of(paths: Iterable[Path], given: bytes | None = None) -> Iterator[Json]:
    """The reported articles without text in files, folders and bytes, as far as they fit the schema: what can be hydrated."""
    sources = (source for _, file in files_of(paths) if file is not None for _, source in files.sources(file))
    for source in sources if given is None else chain(sources, [given]):
        record = files.record(source)
        if isinstance(record, dict) and _is_stand_off(record):
            yield record


def _is_stand_off(record: Json) -> bool:
    """Whether a record is a reported article without text, so that hydration can be asked for it."""
    return record.get("part") == "reported" and record.get("text") is None and not _shape_errors(record)


def files_of(paths: Iterable[Path]) -> Iterator[tuple[Path, Path | None]]:
    """The files that some paths mean, each with the path that means it; None where a folder holds none."""
    for path in paths:
        if not path.is_dir():
            yield path, path
            continue
        inside = list(_record_files(path))
        yield from ((path, file) for file in inside)
        if not inside:
            yield path, None


def _empty_folder(folder: Path) -> Finding:
    return Finding(
        "unreadable-file",
        1,
        "error",
        "",
        f"the folder holds no {', '.join(files.SUFFIXES)} file",
        "name a folder of articles",
    ).at(_shown(folder))


def _validate_dataset(
    dataset: Path, level: int, ignore: frozenset[str], hydrate: Hydrate | None
) -> Iterator[tuple[Path, list[Finding]]]:
    articles: list[corpus.Filed] = []
    passes: list[corpus.Filed] = []
    left_out: set[Path] = set()
    for folder, file in files_of([dataset]):
        if file is None:
            yield folder, [_empty_folder(folder)]
            return
        kept = articles if file.is_relative_to(dataset / "articles") else passes
        yield file, []
        for checked in _validated(file, level, ignore, hydrate):
            if checked.article is not None:
                kept.append(corpus.Filed(checked.article, file, checked.line))
            else:
                left_out.add(file)
            if checked.findings:
                yield file, _as_kept(dataset, file, checked.findings)
    yield dataset, list(_run_corpus(corpus.read(dataset, articles, passes, left_out), ignore))


def _as_kept(dataset: Path, file: Path, findings: list[Finding]) -> list[Finding]:
    """The findings of a file; in a dataset's passes, which are kept as handed in, what adjudication mends is no error."""
    if not ((dataset / "articles").is_dir() and file.is_relative_to(dataset / "passes")):
        return findings
    return [replace(f, severity="warning") if f.level >= 4 else f for f in findings]


def _record_files(folder: Path) -> Iterator[Path]:
    parts = [folder / name for name in ("articles", "passes") if (folder / name).is_dir()] or [folder]
    for part in parts:
        yield from sorted(p for p in part.rglob("*") if p.suffix in files.SUFFIXES and p.is_file())
