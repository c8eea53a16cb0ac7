"""Ranges of text, and who goes with whom, one to one: by overlap, by weight, by mere fit.

Knows neither documents nor metrics. Every choice depends on what is given alone, never on a clock or a seed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire.model import Span

Range = tuple[int, int]

# Weights of one assignment, apart by more than any sum of the smaller ones: an exact span outweighs
# any overlap, overlap outweighs agreement of content, which only breaks ties.
_EXACT = 10**9
_OVERLAP = 10**3
_LONGEST = _EXACT // _OVERLAP // 2 - 1  # two overlaps never outweigh one exact span


def span_range(span: Span) -> Range:
    """A span's offsets."""
    return span.start, span.end


def overlap(a: Range, b: Range) -> int:
    """Code points that two ranges share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def assign(gold: Sequence[Range], predicted: Sequence[Range], bonus: Callable[[int, int], int]) -> dict[int, int]:
    """The best one-to-one assignment of overlapping ranges, `{gold index: predicted index}`.

    Args:
        gold: offsets of the gold items, in an order that depends on content alone.
        predicted: the same for the predicted ones.
        bonus: for two indices 0 to 999, how well the items agree beyond their spans.
    """
    result = _only_exact(gold, predicted)
    taken = set(result.values())
    left = [i for i in range(len(gold)) if i not in result]
    right = sorted([j for j in range(len(predicted)) if j not in taken], key=predicted.__getitem__)
    starts = [predicted[j][0] for j in right]
    longest = max((predicted[j][1] - predicted[j][0] for j in right), default=0)
    edges: dict[tuple[int, int], int] = {}
    for i in left:
        start, end = gold[i]
        for at in range(bisect_left(starts, start - longest), len(right)):
            j = right[at]
            if starts[at] >= end:
                break
            shared = overlap(gold[i], predicted[j])
            if shared:
                exact = _EXACT if gold[i] == predicted[j] else 0
                edges[i, j] = exact + min(shared, _LONGEST) * _OVERLAP + bonus(i, j)
    result.update(heaviest(edges))
    return result


def _only_exact(gold: Sequence[Range], predicted: Sequence[Range]) -> dict[int, int]:
    """Pairs of equal ranges that have no rival with the same range: every best assignment holds them."""
    where = {at: j for j, at in enumerate(predicted)}
    if len(where) < len(predicted) or len(set(gold)) < len(gold):
        for at in (at for side in (gold, predicted) for at, number in Counter(side).items() if number > 1):
            where.pop(at, None)
    return {i: j for i, j in enumerate(map(where.get, gold)) if j is not None}


def heaviest(edges: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """The one-to-one choice of edges with the largest sum of weights, `{row: column}`; at most O(n^3).

    Weights are positive integers; the sum of those that compete stays below 2^53, where floats are exact. Of
    several best choices the same edges always give the same one.
    """
    if len({i for i, _ in edges}) == len({j for _, j in edges}) == len(edges):  # nobody competes
        return dict(edges.keys())
    rows, columns = Counter([i for i, _ in edges]), Counter([j for _, j in edges])
    alone = {i: j for i, j in edges if rows[i] == 1 == columns[j]}
    for group in _components(edge for edge in edges if edge[0] not in alone):
        ours, theirs = sorted({i for i, _ in group}), sorted({j for _, j in group})
        if len(ours) == 1 or len(theirs) == 1:
            # The first of the heaviest: what the assignment below would choose, without its set-up.
            i, j = max(sorted(group), key=edges.__getitem__)
            alone[i] = j
            continue
        weights = np.zeros((len(ours), len(theirs)))
        row, column = {i: a for a, i in enumerate(ours)}, {j: b for b, j in enumerate(theirs)}
        for i, j in group:
            weights[row[i], column[j]] = edges[i, j]
        for a, b in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
            if weights[a, b]:
                alone[ours[a]] = theirs[b]
    return alone


def _components(edges: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Connected parts of a bipartite graph, so that assignment stays small."""
    chosen = list(edges)
    parent: dict[int, int] = {}  # rows as they are, columns as their complement

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in chosen:
        parent[root(i)] = root(~j)
    groups: dict[int, list[tuple[int, int]]] = {}
    for edge in chosen:
        groups.setdefault(root(edge[0]), []).append(edge)
    return list(groups.values())


def matching(gold: int, predicted: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """A maximum one-to-one matching `{gold index: predicted index}` (Kuhn's augmenting paths)."""
    taken: dict[int, int] = {}

    def augment(i: int, seen: set[int]) -> bool:
        for j in range(predicted):
            if j not in seen and fits(i, j):
                seen.add(j)
                if j not in taken or augment(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in range(gold):
        augment(i, set())
    return {i: j for j, i in taken.items()}
