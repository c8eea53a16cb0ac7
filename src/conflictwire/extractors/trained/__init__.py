"""Extractors that learn from the train split: span taggers for every layer, and small classifiers for the links.

`data` turns gold into labelled spans, `links` learns what ties spans together, `assemble` makes a
prediction of both, `learned` trains, keeps and runs a model; a tagger (`crf`, `spacy`) only finds spans.
"""
