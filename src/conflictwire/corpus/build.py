"""Everything generated from the articles: Parquet, the card's tables and YAML, the prediction schema, the rule list.

`build` writes what is out of date; with `check=True` it only says what is.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from conflictwire import schemas
from conflictwire.corpus import arrow, card, croissant, files, load, views
from conflictwire.model import SCHEMA_VERSION, Article, Json, article_from_json, to_json

ARTICLE_CONFIGS = {
    "articles": "Articles whose text is in the table, with all five layers.",
    "articles_all": "All articles; reported ones are stand-off: offsets without text.",
}


@dataclass(frozen=True)
class Picture:
    """A drawing of the articles: a hash of what it shows, which stands in the file, and how it is drawn."""

    content: Callable[[list[Article]], str]
    draw: Callable[[list[Article]], bytes]


@dataclass(frozen=True)
class Generated:
    """One generated file: where, its content, and whether the file on disk already says the same."""

    path: Path
    content: bytes
    current: bool


def tables(articles: list[Article]) -> Iterator[tuple[str, str, str, pa.Table]]:
    """Every table of the dataset: `(config, its description, split, table)`."""
    for config, description in ARTICLE_CONFIGS.items():
        for split in load.SPLITS:
            rows = [
                {**to_json(a), "has_text": a.text is not None}
                for a in articles
                if a.split == split and (config == "articles_all" or a.text is not None)
            ]
            yield config, description, split, pa.Table.from_pylist(rows, arrow.article_schema())
    for config, view in views.VIEWS.items():
        for split in load.SPLITS:
            flat = [row for a in articles if a.split == split for row in view.rows(a)]
            yield config, view.description, split, pa.Table.from_pylist(flat, view.schema)


def content_hash(parts: list[pa.Table]) -> str:
    """SHA-256 over schema and rows of tables, in order; bytes of Parquet files do not matter."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.schema.to_string().encode())
        for row in part.to_pylist():
            digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def generate(
    dataset: Path,
    schema_dir: Path | None = None,
    with_text: list[Json] | None = None,
    blocks: dict[str, str] | None = None,
    rules: str | None = None,
    pictures: dict[str, Picture] | None = None,
) -> Iterator[Generated]:
    """Every generated file of a dataset folder, and (in a clone) of the schema folder.

    Args:
        dataset: the dataset repository.
        schema_dir: where `prediction.schema.json` and `RULES.md` go; None leaves them out.
        with_text: hydrated records, to take the place of the stand-off ones of the same id.
        blocks: further generated blocks of the card, by name; those not given stay as they are.
        rules: the rule list, for `RULES.md`; None leaves it out.
        pictures: by their path in the dataset folder.
    """
    hydrated = {r["id"]: r for r in with_text or []}
    records = sorted(load.records(dataset), key=lambda r: r["id"])
    articles = [article_from_json(hydrated.get(r["id"], r)) for r in records]
    by_config: dict[str, list[pa.Table]] = {}
    descriptions: dict[str, str] = {}
    built: list[tuple[str, str, bytes]] = []
    for config, description, split, table in tables(articles):
        by_config.setdefault(config, []).append(table)
        descriptions[config] = description
        path = dataset / "data" / config / f"{split}.parquet"
        item = Generated(path, _parquet(table), _same_table(path, table))
        # A file with the same rows stays, and with it the hash of its bytes.
        built.append((config, split, path.read_bytes() if item.current else item.content))
        yield item
    published = max((a.annotation.date for a in articles), default="")
    yield _text(dataset / "croissant.json", croissant.metadata(built, f"{SCHEMA_VERSION}.0", published))
    for name, picture in (pictures or {}).items():
        yield _drawn(dataset / name, picture, articles)
    configs = {name: (descriptions[name], content_hash(parts)) for name, parts in by_config.items()}
    yield _text(dataset / "README.md", card.render(dataset / "README.md", articles, configs, blocks or {}))
    if schema_dir is not None:
        derived = schemas.derive_prediction_schema(
            json.loads((schema_dir / "article.schema.json").read_text(encoding="utf-8"))
        )
        yield _text(schema_dir / "prediction.schema.json", json.dumps(derived, indent=2, ensure_ascii=False) + "\n")
        if rules is not None:
            yield _text(schema_dir / "RULES.md", rules)


def build(
    dataset: Path,
    schema_dir: Path | None = None,
    check: bool = False,
    with_text: list[Json] | None = None,
    blocks: dict[str, str] | None = None,
    rules: str | None = None,
    pictures: dict[str, Picture] | None = None,
) -> list[Path]:
    """Writes what is out of date, takes away tables that no config has, and returns both; with `check` only returns them."""
    wanted = list(generate(dataset, schema_dir, with_text, blocks, rules, pictures))
    stale = [g for g in wanted if not g.current]
    strays = sorted(set((dataset / "data").rglob("*.parquet")) - {g.path for g in wanted})
    if not check:
        for item in stale:
            files.write_bytes(item.path, item.content)
        for path in strays:
            path.unlink()
    return [*(g.path for g in stale), *strays]


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    # No stored Arrow schema and no library's metadata: any Parquet reader sees plain columns.
    pq.write_table(table.replace_schema_metadata(None), buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()


def _same_table(path: Path, table: pa.Table) -> bool:
    if not path.is_file():
        return False
    try:
        there = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        return False
    written = pq.read_table(io.BytesIO(_parquet(table)))
    return bool(there.schema.equals(written.schema) and there.equals(written))


def _drawn(path: Path, picture: Picture, articles: list[Article]) -> Generated:
    """A picture is current while it shows the same: what draws it may put the same bars into other bytes."""
    there = path.read_bytes() if path.is_file() else b""
    current = f"content {picture.content(articles)}".encode() in there
    return Generated(path, there if current else picture.draw(articles), current)


def _text(path: Path, content: str) -> Generated:
    data = content.encode("utf-8")
    return Generated(path, data, path.is_file() and path.read_bytes() == data)


def record_rows(path: Path) -> list[dict[str, Any]]:
    """The articles of a built Parquet file in JSON form, exactly as their files hold them."""
    rows = pq.read_table(path, schema=arrow.article_schema()).to_pylist()
    return [{k: v for k, v in row.items() if k != "has_text"} for row in rows]
