"""ConflictWire as an `lm-eval` task: a YAML file that lm-eval finds by `--include_path`, and its functions."""
