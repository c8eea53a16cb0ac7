"""The `conflictwire score` command, for people who work in a clone: `python scripts/score.py --help`."""

from conflictwire.cli import score

if __name__ == "__main__":
    score()
