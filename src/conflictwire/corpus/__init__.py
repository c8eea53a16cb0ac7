"""The corpus: records on disk, their text, and what is built from them."""
