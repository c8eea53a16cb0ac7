"""Where a clone keeps its parts, and the mark of tests that need the reported texts beside it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED_TEXTS = ROOT.parent / "shared" / "texts"

needs_shared = pytest.mark.skipif(
    not SHARED_TEXTS.is_dir(), reason="the reported texts are not beside this clone (CI has them)"
)
