"""Plant errors in copies of articles for a reviewer to find, and count what was found.

    .venv/bin/python scripts/plant_errors.py plant FOLDER [--articles 20] [--errors 100] [--seed 1] [--texts TEXTS]
    .venv/bin/python scripts/plant_errors.py count FOLDER

`plant` writes `FOLDER/ID.txt` (the article as `conflictwire show` prints it, for the reviewer) and `FOLDER/planted.json`
(what was done, not for the reviewer). The reviewer writes `FOLDER/found.json`: rows of `article`, `item` (an id) or
`start` and `end` of the words, and `what` in a few words. `count` prints how many of each kind were found.
"""

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from conflictwire.corpus import files, inputs, planting
from conflictwire.corpus.card import markdown_table
from conflictwire.model import article_from_json, to_json
from conflictwire.report import lines


def plant(folder: Path, articles: int, errors: int, seed: int, texts: Path | None) -> None:
    """Writes the copies and the list of what was planted."""
    whole = [a for a in inputs.articles("all", texts) if a.text is not None]
    chosen = random.Random(seed).sample(whole, min(articles, len(whole)))
    copies, planted = planting.plant(map(to_json, chosen), errors, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for copy in copies:
        files.write_text(folder / f"{copy['id']}.txt", "\n".join(lines.article(article_from_json(copy))) + "\n")
    rows = [error.to_json() for error in planted]
    files.write_text(folder / "planted.json", json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(planted)} errors of {len({e.kind for e in planted})} kinds in {len(copies)} articles")


def count(folder: Path) -> None:
    """Prints how many errors were found, kind by kind."""
    planted = [planting.Planted(**row) for row in json.loads((folder / "planted.json").read_bytes())]
    reports = json.loads((folder / "found.json").read_bytes())
    all_of, found_of = Counter[str](), Counter[str]()
    for error, found in planting.found(planted, reports):
        all_of[error.kind] += 1
        found_of[error.kind] += found
    rows: list[list[object]] = [[kind, all_of[kind], found_of[kind]] for kind in sorted(all_of)]
    print(markdown_table(["kind", "planted", "found"], [*rows, ["all", len(planted), found_of.total()]]))
    print(f"\n{len(reports)} reports in all.")


def main() -> None:
    """Plants or counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("do", choices=["plant", "count"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--errors", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=Path)
    asked = parser.parse_args()
    if asked.do == "plant":
        plant(asked.folder, asked.articles, asked.errors, asked.seed, asked.texts)
    else:
        count(asked.folder)


if __name__ == "__main__":
    main()
