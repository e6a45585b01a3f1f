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
	@$(PY) -m infra.prepare
	@touch $@

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: rulebook
rulebook: $(READY) ## print the table of rules into docs/rulebook.md
	@$(PY) -m chalicelib.rules.rulebook > docs/rulebook.md && echo "docs/rulebook.md"

.PHONY: openapi
openapi: $(READY) ## write the OpenAPI document of the routes into docs/openapi.json
	@$(PY) -m chalicelib.handlers.openapi > docs/openapi.json && echo "docs/openapi.json"

.PHONY: calls
calls: $(READY) ## AWS calls per operation at 10 and at 1,000 enterprises, into docs/aws-calls.md (a minute)
	@$(PY) -m infra.calls > docs/aws-calls.md && cat docs/aws-calls.md

.PHONY: preview
preview: $(READY) ## draw sample certificates into out/preview
	@$(PY) -m infra.preview --out out/preview

.PHONY: prepare
prepare: $(READY) ## what set-up did: fonts (npm, apt-get; no root), the usual glyphs, the plates; only what is missing
	@$(PY) -m infra.prepare

.PHONY: lint
lint: $(READY) ## style, types, import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --config pyproject.toml

.PHONY: test
test: lint ## everything CI runs: lint, types, import contracts, tests
	@$(PY) -m pytest -n auto --dist loadfile

.PHONY: faults
faults: $(READY) ## every call struck, every pair interleaved, every planted fault, load and attack (an hour; ARGS=--help)
	@$(PY) -m tests.faults $(ARGS)

.PHONY: year
year: $(READY) ## a time machine: 500 enterprises through 18 months in minutes, every promise checked (ARGS=--help)
	@$(PY) -m tests.year $(ARGS)

.PHONY: run
run: $(READY) ## the whole system on this machine, with demo data (PORT=8000); Ctrl-C ends it
	@exec $(PY) -m infra.local --port $(PORT)

.PHONY: demo
demo: $(READY) ## a company's year, unattended; PDFs, mails and report.json in out/, checked by a stranger's script
	@$(PY) -m infra.local.demo

.PHONY: code
code: $(READY) ## the one-time code of a demo account now: make code NAME=reviewer
	@$(PY) -m infra.local.code $(NAME)

.PHONY: bench
bench: $(READY) ## certificates beside fpdf2, typst, reportlab, WeasyPrint and PyMuPDF; tables and out/bench.json (ARGS=--help)
	@$(PY) -m benchmarks $(ARGS)

.PHONY: bulk
bulk: $(READY) ## 50,000 training certificates with photo, by two workers, resumed after any kill (ARGS=--help)
	@$(PY) -m benchmarks.bulk $(ARGS)

.PHONY: package
package: $(READY) ## the deployable template and zip in build/, linted and translated
	@$(PY) -m infra.package
