"""Rows of any kind as JSON values: JSON lines, JSON, Parquet, data frames, records and typed records.

What a user has in hand, one record a row; what a record must hold is not this module's business.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.model import Json, Record, to_json

BATCH = 256  # rows of a Parquet file that are in memory at once
Row = tuple[int | None, Json | strict.Unreadable]


def rows(source: Any) -> Iterator[Row]:
    """The rows of a source, each with its line or row number where it has one.

    Args:
        source: a path (`.jsonl`, `.json`, `.parquet`, or a folder of `.json`), a pandas or polars data
            frame, a `pyarrow.Table`, or any iterable of dicts or typed records.

    Raises:
        UnusableInput: a kind of source that holds no rows, or a Parquet file that cannot be read.
    """
    if isinstance(source, (str, Path)):
        yield from _file(Path(source))
    elif hasattr(source, "to_pylist"):  # pyarrow.Table
        yield from ((n, _plain(row)) for n, row in enumerate(source.to_pylist(), start=1))
    elif hasattr(source, "to_dicts"):  # polars
        yield from ((n, _plain(row)) for n, row in enumerate(source.to_dicts(), start=1))
    elif hasattr(source, "to_dict") and hasattr(source, "columns"):  # pandas
        yield from ((n, _plain(row)) for n, row in enumerate(source.to_dict("records"), start=1))
    elif isinstance(source, Iterable) and not isinstance(source, (bytes, dict)):
        for number, row in enumerate(source, start=1):
            if isinstance(row, Record):
                yield number, to_json(row)
            elif isinstance(row, dict):
                yield number, row
            else:
                yield (
                    number,
                    strict.Unreadable(
                        "not-an-object", f"{type(row).__name__} is no record", "give dicts or typed records"
                    ),
                )
    else:
        raise UnusableInput(
            f"{type(source).__name__} holds no records; give a path, a data frame, or an iterable of records"
        )


def _file(path: Path) -> Iterator[Row]:
    if path.is_dir():
        files = sorted(path.rglob("*.json"))
        if not files:
            raise UnusableInput(f"{path} holds no .json file")
        for file in files:
            yield from strict.records(file)
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        number = 0
        try:
            for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _plain(row)
        except (OSError, pa.ArrowException) as error:
            raise UnusableInput(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}") from error
    else:
        yield from strict.records(path)


def _plain(value: Any) -> Any:
    """Arrays as lists, NaN as null, and `has_text`, which only tables carry, left out."""
    if hasattr(value, "tolist") and not isinstance(value, (str, bytes)):
        value = value.tolist()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "has_text"}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and value != value else value
