# The whole set-up from nothing: `make run` opens the app, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
SOURCES := odeplayground tests examples

.PHONY: run test bench soak lint clean screenshots

run: $(VENV)/installed
	@$(BIN)/python -m odeplayground $(ARGS)

# All cores share the files; those with few and long tests come first, so that none is left working alone at the end.
test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	  tests/e2e tests/gui tests/unit tests/laws tests/guards

lint: $(VENV)/installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/typos
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/installed-bench
	$(BIN)/python -m tests.benchmarks $(ARGS)

soak: $(VENV)/installed-dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m soak --timeout 3600 tests
	$(BIN)/python -m pytest --hypothesis-profile search tests/unit/expr tests/unit/spec tests/unit/storage

screenshots: $(VENV)/installed-dev
	$(BIN)/python -m tests.screenshots $(ARGS)

clean:
	rm -rf $(VENV) build dist odeplayground-report .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "odeplayground needs Python 3.11 or newer; set it with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing odeplayground into $(VENV); the first time this takes a minute or two."
	@$(PIP) -e . && touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e '.[dev]' && touch $@ $(VENV)/installed

$(VENV)/installed-bench: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e '.[dev,bench]' && touch $@ $(VENV)/installed $(VENV)/installed-dev
