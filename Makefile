# Two commands first: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
export AWS_EC2_METADATA_DISABLED := true
PORT ?= 8000

$(READY): requirements.txt requirements-dev.txt
	@echo "Making the virtual environment in $(VENV) (once, about a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: rulebook
rulebook: $(READY) ## print the table of rules into docs/rulebook.md
	@$(PY) -m chalicelib.rules.rulebook > docs/rulebook.md && echo "docs/rulebook.md"

.PHONY: preview
preview: $(READY) ## draw sample certificates into out/preview
	@$(PY) -m infra.preview --out out/preview

.PHONY: lint
lint: $(READY) ## style, types, import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --config pyproject.toml

.PHONY: test
test: lint ## everything CI runs: lint, types, import contracts, tests
	@$(PY) -m pytest -n auto --dist loadfile
