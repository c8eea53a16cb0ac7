"""Reading the corpus: typed articles and the tables of the built dataset, offline, from a clone or a wheel."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from conflictwire.corpus.files import UnusableInput, read_record
from conflictwire.model import Article, Json, article_from_json
from conflictwire.paths import dataset_dir

SPLITS = ("train", "validation", "test")
Form = Literal["pandas", "polars", "arrow", "records"]


def article_files(dataset: Path | None = None) -> list[Path]:
    """The article files of a clone's dataset, sorted; none in an installed wheel."""
    return sorted(((dataset or dataset_dir()) / "articles").glob("*/*.json"))


def records(dataset: Path | None = None) -> Iterator[Json]:
    """Every article in JSON form: from its file, or in a wheel from the built Parquet."""
    files = article_files(dataset)
    for path in files:
        yield read_record(path)
    if not files:
        for split in SPLITS:
            for row in table("articles_all", split, dataset).to_pylist():
                row.pop("has_text")
                yield row


def articles(
    split: str | None = None,
    part: str | None = None,
    texts: str | Path | Iterable[str | Path] | None = None,
    dataset: Path | None = None,
) -> list[Article]:
    """The corpus as typed records.

    Args:
        split: train, validation or test; None for all.
        part: invented or reported; None for both.
        texts: your own copies of the reported texts (files or folders), which are hydrated from them.
            Without it reported articles have `text=None`, and spans without words.
        dataset: another dataset folder than the packaged one.

    Raises:
        UnusableInput: an unknown split or part, or unreadable files.
    """
    if split not in (None, "all", *SPLITS):
        raise UnusableInput(f"no split is called {split!r}; there are {', '.join(SPLITS)}")
    if part not in (None, "all", "invented", "reported"):
        raise UnusableInput(f"no part is called {part!r}; there are invented and reported")
    chosen = [r for r in records(dataset) if split in (None, "all", r["split"]) and part in (None, "all", r["part"])]
    if texts is not None:
        from conflictwire.corpus.hydrate import hydrate

        paths = [texts] if isinstance(texts, (str, Path)) else list(texts)
        chosen = [h.record for h in hydrate(chosen, [Path(p) for p in paths])]
    return [article_from_json(r) for r in chosen]


def table(config: str, split: str, dataset: Path | None = None) -> Any:
    """One split of one config as a `pyarrow.Table`."""
    import pyarrow.parquet as pq

    folder = (dataset or dataset_dir()) / "data"
    path = folder / config / f"{split}.parquet"
    if not path.is_file():
        known = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
        raise UnusableInput(
            f"no table {config}/{split}; configs: {', '.join(known) or 'none built yet (conflictwire build)'}; "
            f"splits: {', '.join(SPLITS)}"
        )
    return pq.read_table(path)


def load(config: str = "articles", split: str = "train", as_: Form = "pandas", dataset: Path | None = None) -> Any:
    """A table of the built dataset, offline.

    Args:
        config: articles, articles_all, mentions, events, arguments, claims, attributions, relations, tolls.
        split: train, validation, test, or all.
        as_: pandas, polars (if it is installed), arrow, or records (a list of dicts).

    Raises:
        UnusableInput: no such config, split or form.
    """
    import pyarrow as pa

    whole = pa.concat_tables([table(config, s, dataset) for s in (SPLITS if split == "all" else (split,))])
    match as_:
        case "arrow":
            return whole
        case "records":
            return whole.to_pylist()
        case "pandas":
            return whole.to_pandas()
        case "polars":
            import polars

            return polars.from_arrow(whole)
    raise UnusableInput(f"{as_!r} is no form; there are pandas, polars, arrow, records")


def kb(dataset: Path | None = None) -> Json:
    """The knowledge base for linking, which extractors may use."""
    loaded: Json = json.loads(((dataset or dataset_dir()) / "kb.json").read_text(encoding="utf-8"))
    return loaded
