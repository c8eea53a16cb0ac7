"""Metrics as immutable objects whose text form parses back: `claims.level(2)`, `coref.lea(singletons=keep)`.

A metric is a frozen dataclass with a `name`, the `layers` it needs and `counts(aligned)`; registering
it is decorating it. Nothing here knows what a metric counts.
"""

import ast
import dataclasses
from collections.abc import Sequence
from difflib import get_close_matches
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown


class MetricError(ValueError):
    """The text names no metric, or its parameters do not fit; the message says what would."""


@runtime_checkable
class Metric(Protocol):
    """What a metric is."""

    name: ClassVar[str]
    layers: ClassVar[tuple[str, ...]]
    source: ClassVar[str]  # where the definition comes from
    headline: ClassVar[bool]
    unit: ClassVar[int]  # units of credit an item counts
    lower_is_better: ClassVar[bool]  # error rates, whose perfect score is 0
    parts: ClassVar[tuple[str, ...]]  # keys of the breakdown over which the score is a mean: mostly ("",)

    def counts(self, document: Aligned) -> Breakdown:
        """The exact counts of one document."""
        ...


@runtime_checkable
class StoryMetric(Metric, Protocol):
    """A metric that reads all articles of a story together; its counts add up over stories, not documents."""

    def story_counts(self, documents: Sequence[Aligned]) -> Breakdown:
        """The exact counts of one story, its articles in any order."""
        ...


# What a metric class may leave out.
_DEFAULTS: dict[str, object] = {
    "source": "ConflictWire",
    "headline": False,
    "unit": 1,
    "parts": ("",),
    "lower_is_better": False,
}
METRICS: dict[str, type[Metric]] = {}
M = TypeVar("M")


def metric(cls: type[M]) -> type[M]:
    """Registers a metric class under its name."""
    name: str = cls.name  # type: ignore[attr-defined]
    if name in METRICS:
        raise ValueError(f"metric {name!r} is registered twice")
    for attribute, default in _DEFAULTS.items():
        if not hasattr(cls, attribute):
            setattr(cls, attribute, default)
    METRICS[name] = cls  # type: ignore[assignment]
    return cls


def text_form(instance: Metric) -> str:
    """The metric as text; parameters at their default are left out."""
    given = []
    for number, field in enumerate(dataclasses.fields(instance)):  # type: ignore[arg-type]
        value = getattr(instance, field.name)
        if field.default is dataclasses.MISSING or value != field.default:
            given.append(
                str(value) if number == 0 and field.default is dataclasses.MISSING else f"{field.name}={value}"
            )
    return instance.name + (f"({', '.join(given)})" if given else "")


def describe(cls: type[Metric]) -> dict[str, str]:
    """A metric's name, its parameters with their defaults, the first line of its definition, and where that comes from."""
    given = []
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        given.append(field.name if field.default is dataclasses.MISSING else f"{field.name}={field.default}")
    definition = (cls.__doc__ or "").strip().split("\n")[0]
    return {"metric": cls.name, "parameters": ", ".join(given), "definition": definition, "source": cls.source}


def parse(text: str) -> Metric:
    """The metric that a text names.

    Raises:
        MetricError: unknown name (the nearest is offered), unknown or unfit parameter.
    """
    name, _, rest = text.strip().partition("(")
    if name not in METRICS:
        close = get_close_matches(name, METRICS, n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(METRICS)}"
        raise MetricError(f"no metric is called {name!r}{hint}")
    cls = METRICS[name]
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    given: dict[str, object] = {}
    for number, piece in enumerate(p.strip() for p in rest.rstrip(")").split(",") if p.strip()):
        key, equals, value = piece.partition("=")
        key, value = (
            (key.strip(), value.strip()) if equals else (list(fields)[number] if number < len(fields) else "", key)
        )
        if key not in fields:
            raise MetricError(f"{name} has no parameter {(key or piece)!r}; it has {', '.join(fields) or 'none'}")
        try:
            given[key] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            given[key] = value
    try:
        return cls(**given)
    except (TypeError, ValueError) as error:
        raise MetricError(f"{text}: {error}") from error


def choice(owner: object, field: str, allowed: tuple[object, ...]) -> None:
    """Checks a parameter in `__post_init__`; ValueError names what is allowed."""
    value = getattr(owner, field)
    if value not in allowed:
        raise ValueError(f"{field} is one of {', '.join(map(str, allowed))}, not {value!r}")
