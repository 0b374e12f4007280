# KomErbij: everything a person types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run test check chaos fix bench lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(VENV)/.ready ## .venv from the hash-locked file; does nothing when nothing changed

$(VENV)/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-uv.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## fresh machine to running system with the example of Almelo; Ctrl-C ends it
	@exec $(BIN)/komerbij run --example

test: setup ## fresh machine to all tests passed
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup ## format, lint, strict types, import contracts, tests of form
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture

chaos: setup ## 200,000 events and 200 faults on both databases; report in var/chaos (CHAOS_ARGS="--seed 7" for more)
	$(BIN)/python -m tests.chaos $(CHAOS_ARGS)

fix: setup ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure against floor and naive code (AREA=... for one area)
	$(BIN)/python -m benchmarks $(AREA)

lock: ## compile the lock files anew (needs the registry)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra local --extra dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --constraint requirements.lock pyproject.toml --output-file requirements-image.lock
	printf '%s\n' uv setuptools wheel | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --constraint requirements.lock - --output-file requirements-uv.lock
