"""Templates: what happened as records of roles, scored without asking how the text was annotated.

`records` says what a template is, `matching` how templates and fillers find each other; a metric a module.
"""

from conflictwire.scoring.templates import gtt, merged, ree, rme  # noqa: F401 - registers the metrics
