"""Prints the agreement of the two stored passes over the corpus, as the dataset card shows it."""

from pathlib import Path

from conflictwire.report.agreement import table

if __name__ == "__main__":
    print(table(Path(__file__).parents[1] / "dataset"))
