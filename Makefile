# All commands of the project. CI calls the same ones. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
LOCAL := PYTHONPATH=deploy/local $(PY) -m bela_local
STATE := .state
SETUP := $(STATE)/setup.done
# T=path runs a part: make test-unit T=tests/unit/order
T ?=
# Test processes for the tiers that wait for servers most of the time.
JOBS ?= 2
TIER = $(PY) -m pytest
SOURCES := libs/kit/src services/vendor/src services/catalog/src services/order/src services/reporting/src deploy/local scripts

# Set up again if the environment is gone, or was made for a clone at another place.
ifneq ($(and $(wildcard $(PY)),$(file < $(SETUP))),$(CURDIR))
.PHONY: $(SETUP)
endif

##@ Run

.PHONY: run
run: setup ## Start everything, load demo regions, print where it is; Ctrl-C stops it
	@exec env $(LOCAL) run

.PHONY: down
down: ## Stop what `make run` started in this clone
	@if [ -x $(PY) ]; then exec env $(LOCAL) down; fi

.PHONY: demo
demo: setup ## Play the main job against the running system, from a spreadsheet to a fairness figure
	@exec env $(LOCAL).demo

.PHONY: token
token: setup ## Print a token of a persona: make -s token AS=pp.3510
	@exec env $(LOCAL) token "$${AS:?say whose token: make token AS=pp.3510}"

.PHONY: seed
seed: setup ## Load the demo regions, units, grants and budget lines again (`make run` does)
	@exec env $(LOCAL) seed

.PHONY: status
status: setup ## Show what runs where, and its memory
	@$(LOCAL) status && $(LOCAL) memory

##@ Check

.PHONY: test
test: setup ## Run every check and every test
	@exec $(PY) scripts/run_tests.py

.PHONY: lint
lint: setup ## Style, imports between layers
	$(VENV)/bin/ruff check $(or $(T),.)
	$(VENV)/bin/ruff format --check $(or $(T),.)
	$(VENV)/bin/lint-imports

.PHONY: types
types: setup ## Check types (mypy strict)
	$(VENV)/bin/mypy $(or $(T),$(SOURCES))

.PHONY: test-unit
test-unit: setup ## Domain and use cases with fakes
	$(TIER) $(or $(T),tests/unit)

.PHONY: test-ports
test-ports: setup ## Fakes and PostgreSQL against the same tests
	$(TIER) -n $(JOBS) $(or $(T),tests/ports)

.PHONY: test-integration
test-integration: setup ## One service with real PostgreSQL and NATS
	$(TIER) -n $(JOBS) $(or $(T),tests/integration)

.PHONY: test-contract
test-contract: setup ## Protos, events, REST, database policies, telemetry
	$(TIER) $(or $(T),tests/contract)

.PHONY: test-architecture
test-architecture: setup ## Layers, sizes, names
	$(TIER) $(or $(T),tests/architecture)

.PHONY: test-deploy
test-deploy: setup ## Charts, gateway, local run
	$(TIER) $(or $(T),tests/deploy)

.PHONY: test-e2e
test-e2e: setup ## Four services as processes: the main job, isolation, crashes
	$(TIER) $(or $(T),tests/e2e)

.PHONY: chaos
chaos: setup ## A minute of buying while something is killed every few seconds; CHAOS_SEED= repeats one
	$(TIER) tests/e2e/crash/chaos_minute.py

.PHONY: bench
bench: setup ## Measure the goals of what stands, beside their raw limits
	@exec env PYTHONPATH=deploy/local $(PY) tests/load/bench.py $(T)

##@ Develop

.PHONY: setup
setup: $(SETUP) ## Install everything into .venv (other commands do this themselves)

$(SETUP): requirements.lock tools.lock scripts/uv.txt scripts/bootstrap.sh deploy/issuer/package-lock.json pyproject.toml \
		$(wildcard libs/kit/pyproject.toml services/*/pyproject.toml proto/gen/python/pyproject.toml)
	@PYTHON=$(PYTHON) bash scripts/bootstrap.sh
	@printf %s "$(CURDIR)" > $@

.PHONY: proto
proto: setup ## Lint the protos, check that they only grow, compile them
	$(PY) scripts/proto.py lint
	$(PY) scripts/proto.py breaking
	$(PY) scripts/proto.py generate

.PHONY: openapi
openapi: setup ## Merge the services' documents into docs/openapi.json
	$(PY) scripts/openapi.py

.PHONY: format
format: setup ## Format the code
	$(VENV)/bin/ruff check --fix $(or $(T),.)
	$(VENV)/bin/ruff format $(or $(T),.)

.PHONY: clean
clean: down ## Remove everything that was installed or made, databases included
	@if [ -e $(STATE)/run.json ]; then rm -rf "$$(sed -n 's/^  "runtime": "\(.*\)",$$/\1/p' $(STATE)/run.json)"; fi
	rm -rf $(STATE) $(VENV) deploy/issuer/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

##@ Help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' \
		$(firstword $(MAKEFILE_LIST))
