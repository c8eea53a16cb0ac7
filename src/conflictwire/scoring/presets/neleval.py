"""neleval, the scorer of TAC-KBP entity discovery and linking (Hachey, Nothman and Radford, 2014).

A measure there is a key, a filter and an aggregate; annotations are pooled over the whole corpus, so
clusters run across documents. Values agree with neleval's to the three decimals that it prints.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.coreference import Clusters, b3_counts, ceafe_counts, ceafm_counts, muc_counts
from conflictwire.scoring.counts import SCALE, Counts, finalise
from conflictwire.scoring.presets.registry import Result, preset


@dataclass(frozen=True)
class Annotation:
    """One line: a span with the id and type of its best candidate; `entity` and `type` are None without one."""

    document: str
    start: int
    end: int
    entity: str | None = None
    type: str | None = None

    @property
    def kb(self) -> str | None:
        """The kb id, or None for a NIL: no id, or one that begins with `NIL`."""
        return None if self.entity is None or self.entity.startswith("NIL") else self.entity


def read(path: Path) -> list[Annotation]:
    """The annotations of a file: `document, start, end`, then `id, score, type` for each candidate, tab-separated.

    The candidate with the highest score counts, of equals the first; an id or an id and a score may stand alone.

    Raises:
        UnusableInput: unreadable, or a line that neleval would stop at. A span that ends before it starts or
            is given twice is refused too, as by neleval's own `validate-spans`: its measures go on, but
            disagree about what such a span means.
    """
    data = strict.read_bytes(path)
    if isinstance(data, strict.Unreadable):
        raise UnusableInput(f"{path}: {data.message} ({data.hint})")
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        place = data[: error.start].count(b"\n") + 1
        raise UnusableInput(f"{path}: line {place}: not UTF-8; save the file as UTF-8") from error
    seen: dict[tuple[str, int, int], int] = {}
    result = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            annotation = _annotation(line.rstrip("\r\n\t").split("\t"))
        except ValueError as error:
            raise UnusableInput(f"{path}: line {number}: {error}") from error
        span = annotation.document, annotation.start, annotation.end
        if span in seen:
            raise UnusableInput(f"{path}: line {number}: the span of line {seen[span]} again; keep one of them")
        seen[span] = number
        result.append(annotation)
    return result


def _annotation(columns: list[str]) -> Annotation:
    if len(columns) < 3:
        raise ValueError(f"{len(columns)} columns, expected document, start, end and candidates, separated by tabs")
    start, end = _whole("start", columns[1]), _whole("end", columns[2])
    if start > end:
        raise ValueError(f"start {start} lies after end {end}; the end is that of the last character (or token)")
    rest = columns[3:]
    if len(rest) > 2 and len(rest) % 3:
        raise ValueError(f"{len(rest)} columns after the span, expected id, score and type for each candidate")
    triples = [rest[i : i + 3] for i in range(0, len(rest), 3)]
    best: tuple[float, str, str | None] | None = None
    for id, *more in triples:
        score = _score(more[0]) if more else 0.0
        if best is None or score > best[0]:
            best = score, id, more[1] if len(more) > 1 else None
    return Annotation(columns[0], start, end, *(best[1:] if best else ()))


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, expected a whole number") from None


def _score(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"score is {text!r}, expected a number") from None


Key = Callable[[Annotation], Hashable]


def _span(a: Annotation) -> Hashable:
    return a.document, a.start, a.end


def _typed(a: Annotation) -> Hashable:
    return _span(a), a.type


def _with_kb(a: Annotation) -> Hashable:
    return _span(a), a.kb


def _typed_with_kb(a: Annotation) -> Hashable:
    return _span(a), a.type, a.kb


def _entity_of_document(a: Annotation) -> Hashable:
    return a.document, a.kb


def _linked(annotations: Iterable[Annotation]) -> list[Annotation]:
    return [a for a in annotations if a.kb is not None]


def _nil(annotations: Iterable[Annotation]) -> list[Annotation]:
    return [a for a in annotations if a.kb is None]


def _all(annotations: Iterable[Annotation]) -> list[Annotation]:
    return list(annotations)


# ---- aggregates ----------------------------------------------------------------------------------


def _sets(gold: Iterable[Hashable], system: Iterable[Hashable]) -> Counts:
    first, second = frozenset(gold), frozenset(system)
    both = len(first & second) * SCALE
    return Counts(both, len(first) * SCALE, both, len(second) * SCALE)


def _pairwise(gold: Clusters, system: Clusters) -> Counts:
    def pairs(clusters: Clusters) -> Iterable[Hashable]:
        return (frozenset(pair) for cluster in clusters for pair in combinations(cluster, 2))

    return _sets(pairs(gold), pairs(system))


# ---- measures ------------------------------------------------------------------------------------

TAGGING: dict[str, tuple[Key, Callable[[Iterable[Annotation]], list[Annotation]]]] = {
    "strong_mention_match": (_span, _all),
    "strong_typed_mention_match": (_typed, _all),
    "strong_linked_mention_match": (_span, _linked),
    "strong_link_match": (_with_kb, _linked),
    "strong_nil_match": (_span, _nil),
    "strong_all_match": (_with_kb, _all),
    "strong_typed_link_match": (_typed_with_kb, _linked),
    "strong_typed_nil_match": (_typed, _nil),
    "strong_typed_all_match": (_typed_with_kb, _all),
    "entity_match": (_entity_of_document, _linked),
}
CLUSTERING: dict[str, tuple[Key, Callable[[Clusters, Clusters], Counts]]] = {
    "muc": (_span, muc_counts),
    "b_cubed": (_span, b3_counts),
    "b_cubed_plus": (_with_kb, b3_counts),
    "entity_ceaf": (_span, ceafe_counts),
    "mention_ceaf": (_span, ceafm_counts),
    "mention_ceaf_plus": (_with_kb, ceafm_counts),
    "typed_mention_ceaf": (_typed, ceafm_counts),
    "typed_mention_ceaf_plus": (_typed_with_kb, ceafm_counts),
    "pairwise": (_span, _pairwise),
}


def clusters(annotations: Iterable[Annotation], key: Key) -> Clusters:
    """Annotations by entity id over the whole corpus; as in neleval, all those without an id are one cluster."""
    groups: dict[str | None, set[Hashable]] = {}
    for annotation in annotations:
        groups.setdefault(annotation.entity, set()).add(key(annotation))
    return [frozenset(group) for group in groups.values()]


def contingency(gold: list[Annotation], system: list[Annotation]) -> dict[str, Counts]:
    """The counts of each measure, in fixed point; neleval's `ptp` is the predicted credit, `rtp` the gold credit."""
    found = {}
    for name, (key, chosen) in TAGGING.items():
        found[name] = _sets(map(key, chosen(gold)), map(key, chosen(system)))
    for name, (key, aggregate) in CLUSTERING.items():
        found[name] = aggregate(clusters(gold, key), clusters(system, key))
    return found


def _result(name: str, counts: Counts) -> Result:
    """Precision, recall and F1; 0/0 is 0 there."""
    result = finalise(counts)
    return Result(name, result.precision or 0.0, result.recall or 0.0, result.f1 or 0.0)


@preset("neleval")
def neleval(gold: Path, predictions: Path) -> list[Result]:
    """neleval's tagging and clustering measures for entity linking, on two files in its TSV format."""
    return [_result(name, counted) for name, counted in sorted(contingency(read(gold), read(predictions)).items())]
