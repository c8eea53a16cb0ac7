"""What a preset is: a name, what it mirrors, and a function from two files to named results."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from conflictwire.corpus.files import UnusableInput


@dataclass(frozen=True)
class Result:
    """Precision, recall and F1 of one metric, as the mirrored tool defines them."""

    metric: str
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Preset:
    """A preset: its name, one line on what it mirrors and which files it reads, and the function."""

    name: str
    description: str
    function: Callable[[Path, Path], list[Result]]


PRESETS: dict[str, Preset] = {}

Function = Callable[[Path, Path], list[Result]]


def preset(name: str) -> Callable[[Function], Function]:
    """Registers a function from gold and predicted files to results; its docstring's first line describes it."""

    def register(function: Function) -> Function:
        if name in PRESETS:
            raise ValueError(f"preset {name!r} is registered twice")
        PRESETS[name] = Preset(name, (function.__doc__ or "").strip().split("\n")[0], function)
        return function

    return register


def run(name: str, gold: Path, predictions: Path) -> list[Result]:
    """The results of a preset on two files.

    Raises:
        UnusableInput: no such preset, or a file that is not in the mirrored tool's format.
    """
    if name not in PRESETS:
        close = get_close_matches(name, PRESETS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(PRESETS)}"
        raise UnusableInput(f"no preset is called {name!r}; {hint}")
    return PRESETS[name].function(gold, predictions)
