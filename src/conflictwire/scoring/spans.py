"""Credit between sets of ranges: discontinuous contents and cues, taken as the code points they cover.

Knows ranges only; which ones belong together and what the credit is for is the metrics' business.
"""

from collections.abc import Iterable

from conflictwire.scoring.assignment import Range, overlap
from conflictwire.scoring.counts import SCALE, ratio

Spans = tuple[Range, ...]
"""Ordered, disjoint ranges, as `joined` makes them."""


def joined(ranges: Iterable[Range]) -> Spans:
    """The code points of ranges as ordered, disjoint ones: what overlaps or touches is joined, empty ranges go."""
    found = sorted(r for r in ranges if r[0] < r[1])
    if len(found) < 2:
        return tuple(found)
    result: list[Range] = []
    for start, end in found:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def size(spans: Spans) -> int:
    """Code points that the spans cover."""
    return sum(end - start for start, end in spans)


def shared(first: Spans, second: Spans) -> int:
    """Code points that both cover."""
    if len(first) == 1 == len(second):
        return overlap(first[0], second[0])
    return sum(overlap(a, b) for a in first for b in second)


def agreement(first: Spans, second: Spans) -> int:
    """F over code points (twice those shared over both sizes), in fixed point; 0 where both are empty.

    The harmonic mean of the shares that each covers of the other, the partial match of attribution spans
    (Pareti, 2012, there in tokens).
    """
    both = size(first) + size(second)
    return ratio(2 * shared(first, second), both) if both else 0


def intersection_over_union(first: Spans, second: Spans) -> int:
    """Code points that both cover over those that either does, in fixed point.

    0/0 is decided thus: two empty sets agree (1); one empty set agrees with no other (0).
    """
    common = shared(first, second)
    union = size(first) + size(second) - common
    return ratio(common, union) if union else SCALE
