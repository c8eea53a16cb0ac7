"""Tolls: one number for each incident and measure, taken from the claims by a named policy, and compared.

`cells` gathers the figures, `policies` choose among them; the metrics, a module a question, compare.
"""

from conflictwire.scoring.tolls import double_counting, off, right  # noqa: F401 - registers the metrics
