"""Foreign formats and files of predictions: one module each."""
