"""Where the schema and the built dataset lie: inside an installed wheel, or beside `src/` in a clone.

Knows names of folders, nothing of what is in them.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def root() -> Path:
    """The folder that holds `schema/` and `dataset/`: the wheel's `_data`, or the top of the clone."""
    for folder in (_PACKAGE / "_data", _PACKAGE.parents[1]):
        if (folder / "schema").is_dir():
            return folder
    raise FileNotFoundError(
        f"neither {_PACKAGE / '_data'} nor {_PACKAGE.parents[1]} holds schema/; reinstall the package"
    )


def schema_dir() -> Path:
    """The folder of `article.schema.json`, `prediction.schema.json` and `ontology.json`."""
    return root() / "schema"


def dataset_dir() -> Path:
    """The folder of the dataset repository (in a wheel: only its built part)."""
    return root() / "dataset"
