"""The `conflictwire build` command, for people who work in a clone: `python scripts/build.py --help`."""

from conflictwire.cli import build

if __name__ == "__main__":
    build()
