"""The `conflictwire agree` command, for people who work in a clone: `python scripts/agree.py a b`."""

from conflictwire.cli import agree

if __name__ == "__main__":
    agree()
