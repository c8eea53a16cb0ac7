"""What validation returns: findings, and how a rule is declared.

A rule is a pure generator; nothing here reads files or prints.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from conflictwire.model import Article, Span
from conflictwire.validation.positions import Place

Severity = Literal["error", "warning"]

LEVELS = {
    1: "file",
    2: "schema",
    3: "references and offsets",
    4: "consistency inside an article",
    5: "the corpus",
}
T = TypeVar("T")
Subject = TypeVar("Subject")  # what a rule looks at: an article, at level 5 the corpus


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where, and how to mend it.

    `path` is a JSON path inside the record (`claims[3].values`); `span` are code point offsets into
    the article's text where one is meant, `excerpt` the words around it. `file`, `line` and what
    follows are filled by whoever read the file: where the value that `path` names stands in it, lines
    and columns from 1, the end after its last code point.
    """

    code: str
    level: int
    severity: Severity
    path: str
    message: str
    hint: str = ""
    span: tuple[int, int] | None = None
    excerpt: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None

    def at(self, file: str, line: int | None = None) -> "Finding":
        """The same finding with the file it was found in."""
        return replace(self, file=file, line=self.line if line is None else line)

    def standing(self, place: Place) -> "Finding":
        """The same finding with the place in its file."""
        return replace(self, line=place.line, column=place.column, end_line=place.end_line, end_column=place.end_column)

    def to_json(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        return {field: getattr(self, field) for field in self.__dataclass_fields__}


@dataclass(frozen=True)
class Fault:
    """What a rule yields: a place, what is wrong there and what to do; the rule's code is added outside.

    A rule about the corpus also says in which file (and line of a `.jsonl`) the place is.
    """

    path: str
    message: str
    hint: str = ""
    span: tuple[int, int] | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Rule:
    """A registered rule: its stable code, level, severity, since which version, and what it is about.

    Its check takes an article, at level 5 the corpus.
    """

    code: str
    level: int
    severity: Severity
    since: str
    explanation: str
    check: Callable[[Any], Iterator[Fault]] | None

    def finding(self, fault: Fault) -> Finding:
        """The finding of one fault of this rule."""
        return Finding(
            self.code,
            self.level,
            self.severity,
            fault.path,
            fault.message,
            fault.hint,
            fault.span,
            file=fault.file,
            line=fault.line,
        )


def extent(span: Span | None) -> tuple[int, int] | None:
    """Where a span stands, as a fault says it."""
    return None if span is None else (span.start, span.end)


def shared(view: Callable[[Article], T]) -> Callable[[Article], T]:
    """A view of an article that several rules ask for, made once an article: rules look at one after the other."""
    last: list[tuple[Article, T]] = []

    def known(article: Article) -> T:
        if not last or last[0][0] is not article:
            last[:] = [(article, view(article))]
        return last[0][1]

    return known


RULES: dict[str, Rule] = {}


def rule(
    code: str, level: int, severity: Severity = "error", since: str = "0.1"
) -> Callable[[Callable[[Subject], Iterator[Fault]]], Callable[[Subject], Iterator[Fault]]]:
    """Registers a check under a stable code; its docstring is the explanation a user reads."""

    def register(check: Callable[[Subject], Iterator[Fault]]) -> Callable[[Subject], Iterator[Fault]]:
        declare(code, level, check.__doc__ or "", severity, since, check)
        return check

    return register


def declare(
    code: str,
    level: int,
    explanation: str,
    severity: Severity = "error",
    since: str = "0.1",
    check: Callable[[Any], Iterator[Fault]] | None = None,
) -> Rule:
    """Registers a rule; those of levels 1 and 2 have no check of their own, because the engine finds them."""
    if code in RULES:
        raise ValueError(f"rule {code!r} is declared twice")
    text = " ".join(explanation.split())
    RULES[code] = Rule(code, level, severity, since, text, check)
    return RULES[code]
