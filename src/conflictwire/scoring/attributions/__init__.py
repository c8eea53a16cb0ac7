"""Attributions: what is said, by whom, about what, and statements in statements.

`statements` aligns the statements of a document once; the metrics, a module a question, count from that.
"""

from conflictwire.scoring.attributions import asserts, nesting, parts, speaker  # noqa: F401 - registers the metrics
