"""Credit between sets of spans: discontinuous contents and cues, taken as the code points they cover.

Knows ranges only; which spans belong together and what the credit is for is the metrics' business.
"""

from collections.abc import Iterable
from fractions import Fraction

from conflictwire.scoring.align import Range, overlap


def normalised(spans: Iterable[Range]) -> tuple[Range, ...]:
    """The same code points as ordered, disjoint ranges: what overlaps or touches is joined, empty ranges go."""
    joined: list[Range] = []
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def size(spans: Iterable[Range]) -> int:
    """Code points that the spans cover; one that two of them cover counts once."""
    return sum(end - start for start, end in normalised(spans))


def shared(gold: Iterable[Range], predicted: Iterable[Range]) -> int:
    """Code points that both sets cover."""
    others = normalised(predicted)
    return sum(overlap(a, b) for a in normalised(gold) for b in others)


def exact(gold: Iterable[Range], predicted: Iterable[Range]) -> bool:
    """Whether both sets cover the same code points, however they are cut into ranges."""
    return normalised(gold) == normalised(predicted)


def covered(spans: Iterable[Range], by: Iterable[Range]) -> Fraction:
    """The share of the first set that the second covers; an empty set is covered by anything.

    `covered(gold, predicted)` is recall and `covered(predicted, gold)` precision in code points, the
    partial match of attribution spans (Pareti, 2012, there in tokens).
    """
    first = normalised(spans)
    total = size(first)
    return Fraction(shared(first, by), total) if total else Fraction(1)


def overlap_credit(gold: Iterable[Range], predicted: Iterable[Range]) -> Fraction:
    """Intersection over union in code points, 0 to 1: one credit for both sides.

    0/0 is decided thus: two empty sets agree (1); one empty set agrees with no other (0).
    """
    first, second = normalised(gold), normalised(predicted)
    common = shared(first, second)
    union = size(first) + size(second) - common
    return Fraction(common, union) if union else Fraction(1)
