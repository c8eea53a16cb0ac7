"""Presets that mirror other tools: they read those tools' files and give those tools' numbers, bugs included.

One module a tool; `registry` says what a preset is. Our own defaults are the corrected versions, and
`benchmarks/CONFORMANCE.md` says where the two differ.
"""

from conflictwire.scoring.presets import (  # noqa: F401 - importing a preset registers it
    ceaf_rme,
    conll,
    grit,
    gtt,
    neleval,
    nervaluate,
    seqeval,
)
from conflictwire.scoring.presets.registry import PRESETS, Preset, Result, preset, run

__all__ = ["PRESETS", "Preset", "Result", "preset", "run"]
