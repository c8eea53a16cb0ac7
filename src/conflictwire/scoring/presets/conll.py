"""Preset `conll-2012`: the coreference scores of the CoNLL-2011/2012 reference scorer, from its files or from clusters.

Reads key and response, and decides 0/0 as that scorer does; what is counted is `scoring.coreference`'s.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path

from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.coreference import (
    Clusters,
    b3_counts,
    blanc_counts,
    ceafe_counts,
    ceafm_counts,
    lea_counts,
    muc_counts,
)
from conflictwire.scoring.counts import PRF, Breakdown, Counts, finalise_parts, merge
from conflictwire.scoring.presets.registry import Result, preset

Span = tuple[int, int]  # first and last token, counted from 0 over the document
Documents = dict[str, list[list[Span]]]

_BEGIN = re.compile(r"#\s*begin document (.*)")
_END = re.compile(r"#\s*end document")
_PIECE = re.compile(r"\((\d+)\)|\((\d+)|(\d+)\)")
_CELL = re.compile(rf"(?:{_PIECE.pattern}|\|)+")
_NOTHING = ("-", "_", "*")

_SIMPLE: dict[str, Callable[[Clusters, Clusters], Counts]] = {
    "muc": muc_counts,
    "bcub": b3_counts,
    "ceafm": ceafm_counts,
    "ceafe": ceafe_counts,
    "lea": lea_counts,
}
_AVERAGED = ("muc", "bcub", "ceafe")


@preset("conll-2012")
def conll_2012(gold: Path, predictions: Path) -> list[Result]:
    """Coreference as the CoNLL-2012 reference scorer has it, from a key file and a response file in CoNLL format.

    Results: muc, bcub, ceafm, ceafe, blanc, lea (as in coval), and conll, the mean of muc, bcub and ceafe,
    for which the shared task defined F1 alone. What the reference scorer decides, so does this:

    - sums run over the documents of the key; a document that the response lacks is empty there, one
      that only the response has is passed over;
    - singletons count as the files have them;
    - a mention repeated in a document counts where it comes first: in the cluster whose number was used
      first. (The reference scorer does so for repeated response mentions that the key has; it counts
      other repetitions twice, and refuses a response with more than ten.)
    - 0/0 is 0, also for MUC over singletons alone, where both sides may be the same;
    - BLANC is of the non-coreference links alone where the key has no coreference link, of the coreference
      links alone where the key has no other, and 0 where the key has neither, whatever the response has.

    Raises:
        UnusableInput: a file that cannot be read, or that is malformed; the message has the line.
    """
    key, response = read(gold), read(predictions)
    return score_clusters((clusters, response.get(name, [])) for name, clusters in key.items())


def score_clusters(
    documents: Iterable[tuple[Sequence[Iterable[Hashable]], Sequence[Iterable[Hashable]]]],
) -> list[Result]:
    """The results of `conll_2012` on plain clusters of hashable mentions.

    Args:
        documents: `(key clusters, response clusters)` of each document. A mention repeated on a side
            counts in its first cluster.
    """
    total = merge(_counts(disjoint_in_order(key), disjoint_in_order(response)) for key, response in documents)
    found = {name: _result(name, total, [name]) for name in _SIMPLE}
    # The key alone decides which kinds of link enter.
    links = [kind for kind in ("coreference", "non-coreference") if total.get(kind, Counts()).gold]
    found["blanc"] = _result("blanc", total, links)
    averaged = [found[name] for name in _AVERAGED]
    found["conll"] = Result(
        "conll",
        precision=sum(r.precision for r in averaged) / len(averaged),
        recall=sum(r.recall for r in averaged) / len(averaged),
        f1=sum(r.f1 for r in averaged) / len(averaged),
    )
    return [found[name] for name in ("muc", "bcub", "ceafm", "ceafe", "blanc", "conll", "lea")]


def _counts(key: Clusters, response: Clusters) -> Breakdown:
    return {**blanc_counts(key, response), **{name: count(key, response) for name, count in _SIMPLE.items()}}


def _result(name: str, total: Breakdown, parts: Sequence[str]) -> Result:
    found: PRF = finalise_parts(total, parts)
    return Result(name, found.precision or 0.0, found.recall or 0.0, found.f1 or 0.0)


def disjoint_in_order(clusters: Iterable[Iterable[Hashable]]) -> Clusters:
    """The clusters without mentions that an earlier one has, and without those that this leaves empty."""
    taken: set[Hashable] = set()
    result = []
    for cluster in clusters:
        kept = frozenset(cluster) - taken
        taken |= kept
        if kept:
            result.append(kept)
    return result


# ---- the file format -----------------------------------------------------------------------------


def read(path: Path) -> Documents:
    """The clusters of each document of a CoNLL file, in the order in which their numbers are first used.

    A document stands between `#begin document NAME` and `#end document`, a token a line, of any number of
    columns, the last with its mentions (`(1|(2)|1)`) or `-`. Blank lines are passed over: tokens count
    through the whole document.

    Raises:
        UnusableInput: unreadable file, or malformed line, which the message names.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInput(f"{path}: cannot be read as UTF-8 text: {error}") from error
    documents: Documents = {}
    for name, begin, tokens in _blocks(path, lines):
        if name in documents:
            raise UnusableInput(f"{path}:{begin}: document {name!r} comes twice; give each its own name or part")
        documents[name] = _clusters(path, tokens)
    if not documents:
        raise UnusableInput(f"{path}: has no '#begin document' line; expected a file in CoNLL-2012 format")
    return documents


def _blocks(path: Path, lines: Sequence[str]) -> Iterator[tuple[str, int, list[tuple[int, str]]]]:
    """Name, line of the beginning, and `(line number, last column)` of the tokens of each document."""
    name, begin, tokens = "", 0, list[tuple[int, str]]()
    for number, line in enumerate(lines, 1):
        opening, closing = _BEGIN.match(line), _END.match(line)
        if opening and begin:
            raise UnusableInput(
                f"{path}:{number}: a document begins, but that of line {begin} has no '#end document' yet"
            )
        if opening:
            name, begin, tokens = opening[1].strip(), number, []
        elif closing and not begin:
            raise UnusableInput(f"{path}:{number}: '#end document' without '#begin document' before it")
        elif closing:
            yield name, begin, tokens
            begin = 0
        elif line.strip() and begin:
            tokens.append((number, line.split()[-1]))
        elif line.strip() and not line.startswith("#"):
            raise UnusableInput(f"{path}:{number}: a token outside '#begin document' and '#end document'")
    if begin:
        raise UnusableInput(f"{path}:{begin}: the document that begins here has no '#end document'")


def _clusters(path: Path, tokens: Iterable[tuple[int, str]]) -> list[list[Span]]:
    """The clusters that the last columns of a document's tokens tell."""
    clusters: dict[str, list[Span]] = {}
    unclosed: dict[str, list[tuple[int, int]]] = {}  # (token, line) by cluster, the latest last
    for token, (line, cell) in enumerate(tokens):
        if cell in _NOTHING:
            continue
        if not _CELL.fullmatch(cell):
            raise UnusableInput(
                f"{path}:{line}: {cell!r} in the last column is no coreference; expected '-' or pieces like "
                "(1), (1 and 1), with | between them; a mention in several stretches cannot be scored"
            )
        # In each line one-token mentions come first, then beginnings, then ends: the reference scorer's order.
        pieces = _PIECE.findall(cell)
        for whole in (p[0] for p in pieces if p[0]):
            clusters.setdefault(whole, []).append((token, token))
        for first in (p[1] for p in pieces if p[1]):
            clusters.setdefault(first, [])
            unclosed.setdefault(first, []).append((token, line))
        for last in (p[2] for p in pieces if p[2]):
            if not unclosed.get(last):
                raise UnusableInput(f"{path}:{line}: a mention of cluster {last} ends that did not begin")
            clusters[last].append((unclosed[last].pop()[0], token))
    left = [(line, cluster) for cluster, beginnings in unclosed.items() for _, line in beginnings]
    if left:
        line, cluster = min(left)
        raise UnusableInput(f"{path}:{line}: a mention of cluster {cluster} begins that does not end in its document")
    return list(clusters.values())
