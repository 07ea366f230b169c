# Everything is installed into .venv by the first command that needs it; no root, no server needed.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough.
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.10; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo demo-ledger test lint format bench bench-peers clean

help: ## Show what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.installed ## Install the runner and dbt into .venv

setup-dev: $(VENV)/.installed-dev

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.10 or newer is needed, and none is on PATH.' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'On Debian and Ubuntu: apt install python3-venv' >&2; exit 2; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo 'Installing the runner and dbt into $(VENV) …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[parquet]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo 'Installing everything for tests and lint into $(VENV) …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# The packages stay as they are until packages.yml changes; `runner deps` fetches them again.
dbt_packages/.installed: packages.yml | setup
	@$(BIN)/runner deps
	@touch $@

demo: setup dbt_packages/.installed ## Run the bundled data: good must pass, bad must be caught
	@echo; echo '== good: must pass =='
	@$(BIN)/runner run --dataset good
	@echo; echo '== bad: must be caught =='
	@$(BIN)/runner run --dataset bad; code=$$?; echo; \
	if [ $$code -eq 1 ]; then echo 'As it should be: good passed, bad was caught.'; \
	else echo "bad ended with exit code $$code, not 1." >&2; exit 1; fi

demo-ledger: setup ## Run a mainframe's batches, ASCII and EBCDIC: bad trailers must be held
	@cd examples/ledger && for folder in good ebcdic; do \
	echo; echo "== $$folder: must pass =="; \
	$(CURDIR)/$(BIN)/runner run --data-dir batches/$$folder || exit $$?; done
	@echo; echo '== bad: must be caught =='
	@cd examples/ledger && $(CURDIR)/$(BIN)/runner run --data-dir batches/bad; code=$$?; echo; \
	if [ $$code -eq 1 ]; then echo 'As it should be: good and ebcdic passed, bad was caught.'; \
	else echo "bad ended with exit code $$code, not 1." >&2; exit 1; fi

# In the order of the folders: the runs that are killed, the longest of all, come first, not alone at the end.
test: setup-dev dbt_packages/.installed ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder pytests

# In a namespace without a table, so that every model is looked at as it is first built.
lint: setup-dev dbt_packages/.installed ## Check style and types of Python and SQL
	@$(BIN)/runner db start >/dev/null
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	TRUSTGATE_NAMESPACE=lint $(BIN)/sqlfluff lint models snapshots

format: setup-dev ## Put Python into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure on generated data: make bench ROWS=1000000
	$(BIN)/python -m bench $(if $(ROWS),--rows $(ROWS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ONLY),--only $(ONLY))

bench-peers: setup ## Measure beside reladiff and Great Expectations, which it installs
	$(BIN)/python -m bench $(if $(ROWS),--rows $(ROWS)) --only peers

clean: ## Remove what dbt and the tools made; data in .trustgate stays
	rm -rf target logs dbt_packages build .mypy_cache .pytest_cache .ruff_cache
