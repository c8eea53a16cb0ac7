"""The `conflictwire validate` command, for people who work in a clone: `python scripts/validate.py --help`."""

from conflictwire.cli import validate

if __name__ == "__main__":
    validate()
