"""Validation of annotations: findings with a code, a place and a way to mend them.

`validate_record` serves tools that hold a record in memory, `validate_paths` files and folders.
"""

from conflictwire.validation.engine import validate_bytes, validate_file, validate_paths, validate_record
from conflictwire.validation.findings import LEVELS, RULES, Finding, Rule

__all__ = ["LEVELS", "RULES", "Finding", "Rule", "validate_bytes", "validate_file", "validate_paths", "validate_record"]
