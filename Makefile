# Two commands do everything on a fresh machine with Python 3.11, pip and make:
#   make benchmark     set up, check that what is built is current, run the extractors, write a page
#   make test          set up, lint, check types, test
PYTHON ?= python3.11
BIN := .venv/bin
TEXTS ?=
ARGS ?=

.PHONY: setup benchmark test lint build clean

setup: .venv/.ready

.venv/.ready: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found; set PYTHON=python3 (3.11 or newer)"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[report,datasets,cluster,crf,spacy,llm,lm-eval,dev]'
	@touch $@

benchmark: setup
	$(BIN)/conflictwire build --check
	$(BIN)/conflictwire benchmark $(ARGS) $(if $(TEXTS),--texts $(TEXTS)) --out out/benchmark

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/conflictwire build --check
	$(BIN)/conflictwire validate dataset --level 5 --most 1
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

build: setup
	$(BIN)/conflictwire build

clean:
	rm -rf .venv out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
