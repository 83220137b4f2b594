# Dermfolio. Bare 'make' prints the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
MEMBERS := libs/contracts libs/common libs/ops services/identity services/patients services/images services/registration services/audit gateway deploy/local
CODE := libs services gateway deploy/local tests benchmarks tools
N ?= 2

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

run: setup-run web ## the whole system on embedded real servers; Ctrl-C stops it
	@$(PY) -m dermfolio.local run

demo: setup-run web ## one photograph and its siblings, end to end, on a scratch stack
	@$(PY) -m dermfolio.local demo

test: setup-dev web ## every test, on real servers started by the tests, and in a browser
	@tools/web.sh test
	@$(PY) -m pytest -n $(N) --dist loadgroup $(ARGS)

soak: setup-dev web ## the storms in full (about an hour)
	@DERMFOLIO_SOAK=1 $(PY) -m pytest -m storm --timeout 3600 $(ARGS)

e2e: setup-dev web ## the tests in a browser alone (CHROMIUM= for another than Debian's)
	@$(PY) -m pytest tests/e2e $(ARGS)

check: setup-dev ## format, lint, types, layers, generated files
	@$(PY) -m ruff format --check $(CODE)
	@$(PY) -m ruff check $(CODE)
	@$(PY) -m mypy $(MEMBERS:%=%/src) benchmarks tools
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m tools.lint
	@$(PY) -m tools.generate --check
	@tools/web.sh check

format: setup-dev ## rewrite the code in the house's format
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)
	@tools/web.sh format

generate: setup-dev ## OpenAPI, AsyncAPI and the web's types, from the code
	@$(PY) -m tools.generate

bench: setup-dev web ## the figures: a table, and var/bench.json
	@$(PY) -m benchmarks $(ARGS)

bench-registration: setup-dev ## the alignment of 1,000 pairs and 1,000 controls, by us and by peers (ARGS=--alone: by us)
	@$(PY) -m benchmarks.registration $(ARGS)

migration: setup-dev ## a new migration: make migration SERVICE=images NAME="add captions"
	@$(PY) -m dermfolio.local migration "$(SERVICE)" "$(NAME)"

requirements: setup-dev ## re-pin requirements/*.txt with hashes
	@for f in uv run dev; do .venv/bin/uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url \
	  --python-version 3.11 --universal requirements/$$f.in -o requirements/$$f.txt || exit 1; done

clean: ## remove the virtual environment, local data and caches
	@tools/setup.sh clean

web:
	@tools/web.sh build

setup-run:
	@tools/setup.sh run $(MEMBERS)

setup-dev:
	@tools/setup.sh dev $(MEMBERS)

.PHONY: help run demo test soak e2e web check format generate bench bench-registration migration requirements clean setup-run setup-dev
