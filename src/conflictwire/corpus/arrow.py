"""Arrow schemas: derived from the typed record, so that Parquet holds exactly what the JSON holds.

Knows types only; which rows go where is `views` and `build`.
"""

from typing import Any

import msgspec
import pyarrow as pa

from conflictwire.model import Article


def arrow_type(kind: Any) -> pa.DataType:
    """The Arrow type of a `msgspec.inspect` type: strings not categories, lists and structs nested."""
    match kind:
        case msgspec.inspect.StrType() | msgspec.inspect.LiteralType():
            return pa.string()
        case msgspec.inspect.IntType():
            return pa.int64()
        case msgspec.inspect.BoolType():
            return pa.bool_()
        case msgspec.inspect.ListType():
            return pa.list_(arrow_type(kind.item_type))
        case msgspec.inspect.StructType():
            return pa.struct([pa.field(f.name, arrow_type(f.type), _nullable(f.type)) for f in kind.fields])
        case msgspec.inspect.UnionType():
            (inner,) = (t for t in kind.types if not isinstance(t, msgspec.inspect.NoneType))
            return arrow_type(inner)
    raise TypeError(f"no Arrow type for {kind!r}")


def _nullable(kind: Any) -> bool:
    return isinstance(kind, msgspec.inspect.UnionType)


def article_schema() -> pa.Schema:
    """The schema of the `articles` configs: the record of DESIGN 2 and whether its text is in it."""
    struct = arrow_type(msgspec.inspect.type_info(Article))
    return pa.schema([*struct, pa.field("has_text", pa.bool_(), False)])
