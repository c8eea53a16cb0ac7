"""The `conflictwire hydrate` command, for people who work in a clone: `python scripts/hydrate.py --help`."""

from conflictwire.cli import hydrate

if __name__ == "__main__":
    hydrate()
