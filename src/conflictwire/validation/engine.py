"""Runs the rules level by level: a failure at one level stops the later ones for that article alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from conflictwire import text as texts
from conflictwire.model import Article, Json, article_from_json

# Importing a family of rules registers its rules.
from conflictwire.validation import claims, events, files, numbers, references, shape, statements  # noqa: F401
from conflictwire.validation.findings import RULES, Finding, declare

_NAME = declare("file-name", 3, "An article stands in a file named after its id, so that it can be found.", "warning")
_STANDOFF = declare(
    "reported-text-on-disk",
    3,
    "A reported article is stored stand-off: title, text and every span's text are null.",
)

Hydrate = Callable[[Json], Json]


def validate_record(record: Json, level: int = 4, ignore: frozenset[str] = frozenset()) -> list[Finding]:
    """The findings of a record in JSON form, at levels 2 to `level`.

    An article is held against the article schema and all rules; a prediction or draft against the
    prediction schema alone.
    """
    found = [f for f in shape.check(record) if f.code not in ignore]
    if any(f.severity == "error" for f in found) or shape.kind_of(record) != "article" or level < 3:
        return found
    try:
        article = article_from_json(record)
    except msgspec.ValidationError as error:  # the schema and the model agree, or a test fails
        return [
            *found,
            Finding("schema", 2, "error", "", str(error), "report this: schema and model disagree"),
        ]
    for at in range(3, level + 1):
        found += [f for f in _run(article, at) if f.code not in ignore]
        if any(f.severity == "error" for f in found):
            break
    return found


def _run(article: Article, level: int) -> Iterator[Finding]:
    for rule in RULES.values():
        if rule.level == level and rule.check is not None:
            for fault in rule.check(article):
                finding = rule.finding(fault)
                if article.text is not None and fault.span is not None:
                    finding = replace(finding, excerpt=texts.excerpt(article.text, *fault.span))
                yield finding


def validate_file(
    path: Path, level: int = 4, ignore: frozenset[str] = frozenset(), hydrate: Hydrate | None = None
) -> list[Finding]:
    """The findings of one file (`.json` with a record, `.jsonl` with one a line).

    Args:
        path: any path; what cannot be read is a finding, not an exception.
        level: the last level to run (1 to 4).
        ignore: codes to leave out.
        hydrate: fills the text of a reported article in, so that the rules about text see it.
    """
    findings: list[Finding] = []
    for line, record in files.records(path):
        if isinstance(record, Finding):
            findings += [record.at(str(path), line)] if record.code not in ignore else []
            continue
        if level < 2:
            continue
        found = [] if level < 3 else list(_about_file(path, line, record))
        whole = (
            hydrate(record) if hydrate and record.get("part") == "reported" and not _shape_errors(record) else record
        )
        found += validate_record(whole, level, ignore)
        findings += [f.at(str(path), line) for f in found if f.code not in ignore]
    return findings


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
    """Validates files, and all `.json` and `.jsonl` files of records below folders, one by one.

    Of a dataset repository only its `articles` and `passes` hold records; a folder without any is a finding.
    """
    for path in paths:
        inside = list(_record_files(path)) if path.is_dir() else [path]
        for file in inside:
            yield file, validate_file(file, level, ignore, hydrate)
        if not inside:
            yield (
                path,
                [
                    Finding(
                        "unreadable-file",
                        1,
                        "error",
                        "",
                        "the folder holds no .json or .jsonl file",
                        "name a folder of articles",
                    ).at(str(path))
                ],
            )


def _record_files(folder: Path) -> Iterator[Path]:
    parts = [folder / name for name in ("articles", "passes") if (folder / name).is_dir()] or [folder]
    for part in parts:
        yield from sorted(p for p in part.rglob("*") if p.suffix in (".json", ".jsonl") and p.is_file())
