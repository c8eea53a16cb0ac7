"""The casualty grammar beside other readers of numbers: writes benchmarks/GRAMMAR.md.

    python benchmarks/grammar.py [--texts DIR]

Claims found (level 0), with the right figure (1), and with measure, unit and role too (2), on the train
and validation articles: the grammar is written with a view of them, and test is not looked at here.
Needs `conflictwire[quantulum3]`.
"""

import argparse
import warnings
from pathlib import Path

from conflictwire import extractors
from conflictwire.corpus import files, load
from conflictwire.scoring import score

OUT = Path(__file__).with_name("GRAMMAR.md")
NAMES = ("rules", "regex", "quantulum3")
METRICS = tuple(f"claims.level({level})" for level in range(3))


def main() -> None:
    """Reads every article with each extractor and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="your copies of the reported texts")
    texts = parser.parse_args().texts
    warnings.simplefilter("ignore")  # quantulum3 warns of its missing classifier on import
    made = {name: extractors.make(name) for name in NAMES}
    lines = [
        "# Reading figures\n",
        "Written by `python benchmarks/grammar.py --texts DIR`. F1 (precision / recall) of claims found (L0), with the",
        "right figure and bounds (L1), and with measure, unit and role too (L2). `rules` reads claims with",
        "`conflictwire.casualties`; `regex` is a number near a casualty word; `quantulum3` reads quantities and units.",
        "The grammar's author saw the train and validation articles: quote the leaderboard's test rows instead.\n",
        "| articles | n | extractor | L0 | L1 | L2 |",
        "|---|---|---|---|---|---|",
    ]
    for split in ("train", "validation"):
        for part in ("invented", "reported"):
            gold = [a for a in load.articles(split, part, texts) if a.text is not None]
            for name in NAMES if gold else ():
                found = score(gold, [made[name].extract(extractors.document(a)) for a in gold], METRICS)
                rows = found.table.to_dict("records")
                cells = [f"{r['f1']:.3f} ({r['precision']:.2f} / {r['recall']:.2f})" for r in rows]
                lines.append(f"| {split}, {part} | {len(gold)} | `{name}` | {' | '.join(cells)} |")
    files.write_text(OUT, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
