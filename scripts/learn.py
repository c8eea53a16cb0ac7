"""Learns the lexicon of the rules extractor from the train split: writes `learned.json` beside the seed lists.

    python scripts/learn.py [--texts DIR]

Deterministic: the same articles give the same file. Run it with all the texts; a reported article
without its text teaches nothing.
"""

import argparse
from pathlib import Path

from conflictwire import model
from conflictwire.corpus import files, load
from conflictwire.extractors.rules import lexicon

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="your copies of the reported texts")
    learned = lexicon.learn(load.articles("train", None, parser.parse_args().texts))
    files.write_text(lexicon.LEARNED, model.dumps(model.to_json(learned)))
