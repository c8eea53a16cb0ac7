"""The dataset card: its YAML configs and its tables are generated, its prose is written by hand.

What stands between `<!-- generated:NAME -->` and `<!-- end:NAME -->` in `dataset/README.md`, and the
YAML at its top, belong to this module; all else is left as it is.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml

from conflictwire import derive
from conflictwire.corpus.load import SPLITS
from conflictwire.model import Article

_HEAD = {
    "pretty_name": "ConflictWire",
    "license": "other",
    "license_name": "per-article",
    "license_link": "LICENSE-DATA",
    "language": ["en"],
    "task_categories": ["token-classification", "text-classification", "question-answering"],
    "tags": [
        "event-extraction",
        "quotation-attribution",
        "numeric-claims",
        "coreference",
        "conflict",
        "news",
    ],
    "size_categories": ["n<1K"],
    "annotations_creators": ["machine-generated"],
}


def front_matter(configs: dict[str, tuple[str, str]]) -> str:
    """The YAML of the card.

    Each config's `description` ends in the hash of its content: `datasets` caches a local folder by
    its YAML, so that rows that changed without it would be served stale.
    """
    entries = [
        {
            "config_name": name,
            **({"default": True} if name == "articles" else {}),
            "description": f"{description} Content {content[:16]}.",
            "data_files": [{"split": split, "path": f"data/{name}/{split}.parquet"} for split in SPLITS],
        }
        for name, (description, content) in configs.items()
    ]
    return yaml.safe_dump({**_HEAD, "configs": entries}, sort_keys=False, allow_unicode=True, width=100)


def markdown_table(head: list[str], rows: list[list[object]]) -> str:
    """A markdown table; numbers are set right."""
    numeric = [all(isinstance(r[i], (int, float)) for r in rows) for i in range(len(head))]
    lines = [head, ["--:" if n else "---" for n in numeric], *([str(c) for c in r] for r in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _sizes(articles: list[Article]) -> str:
    rows: list[list[object]] = []
    layers = ("mentions", "entities", "events", "claims", "sources", "attributions")
    for split in (*SPLITS, "all"):
        for part in ("invented", "reported"):
            chosen = [a for a in articles if split in (a.split, "all") and a.part == part]
            total: Counter[str] = Counter()
            for article in chosen:
                total.update(derive.layer_sizes(article))
            rows.append([split, part, len(chosen), len({a.story for a in chosen}), *(total[x] for x in layers)])
    return markdown_table(["split", "part", "articles", "stories", *layers], rows)


def _measures(articles: list[Article]) -> str:
    count: dict[str, Counter[str]] = {}
    for article in articles:
        statements = derive.asserting(article.attributions)
        for claim in article.claims:
            column = count.setdefault(claim.measure, Counter())
            column["claims"] += 1
            column["modified"] += claim.bound != "none" or claim.approximation != "none"
            column[claim.form] += 1
            column[derive.voice(claim, statements)] += 1
    head = ["claims", "modified", "range", "vague", "implicit", "zero", "attributed", "unclear", "narrator"]
    rows: list[list[object]] = [
        [m, *(c[h] for h in head)] for m, c in sorted(count.items(), key=lambda item: (-item[1]["claims"], item[0]))
    ]
    return markdown_table(["measure", *head], rows)


def _sources(articles: list[Article]) -> str:
    count: Counter[tuple[str, str]] = Counter((s.category, s.naming) for a in articles for s in a.sources)
    namings = ("named", "role_only", "anonymous")
    rows: list[list[object]] = [
        [category, *(count[category, n] for n in namings)] for category in sorted({c for c, _ in count})
    ]
    return markdown_table(["category", *namings], rows)


def _licences(articles: list[Article]) -> str:
    rows: list[list[object]] = []
    for a in articles:
        link = f"[source]({a.origin.url})" if a.origin.url else ""
        rows.append([a.id, a.split, a.publisher or "", a.published or "", a.license, a.attribution or "", link])
    return markdown_table(["article", "split", "publisher", "published", "licence", "credit", "where"], rows)


def _configs(configs: dict[str, tuple[str, str]]) -> str:
    return markdown_table(["config", "one row is"], [[f"`{n}`", d] for n, (d, _) in configs.items()])


BLOCKS: dict[str, Callable[[list[Article]], str]] = {
    "sizes": _sizes,
    "measures": _measures,
    "sources": _sources,
    "licences": _licences,
}


def render(path: Path, articles: list[Article], configs: dict[str, tuple[str, str]], further: dict[str, str]) -> str:
    """The card with its generated parts brought up to date, its prose kept.

    Raises:
        ValueError: a generated block has no end marker.
    """
    prose = path.read_text(encoding="utf-8") if path.is_file() else "\n"
    body = re.sub(r"\A---\n.*?\n---\n", "", prose, flags=re.DOTALL)
    blocks = {"configs": _configs(configs), **{name: block(articles) for name, block in BLOCKS.items()}, **further}
    for name, content in blocks.items():
        begin, end = f"<!-- generated:{name} -->", f"<!-- end:{name} -->"
        if begin in body:
            if end not in body.split(begin, 1)[1]:
                raise ValueError(f"{path}: {begin} has no {end}")
            head, rest = body.split(begin, 1)
            body = f"{head}{begin}\n{content}\n{end}{rest.split(end, 1)[1]}"
    return f"---\n{front_matter(configs)}---\n{body}"
