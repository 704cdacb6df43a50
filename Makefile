# Two commands matter to a newcomer: make demo, make test. Everything else is listed by make help.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo run test lint types imports pictures bench faults deb lock fresh-clone clean

PYTHON := .venv/bin/python
# How many processes pytest uses, at most four by itself, and one more than cores: half of the time a test
# waits for somebody. 0 is none, and every test after the other.
PYTEST_WORKERS ?= $(shell cores=$$(nproc); echo $$((cores < 4 ? cores + 1 : 4)))
# What pytest is asked to run, e.g. make test TESTS=tests/devices
TESTS ?= tests

help: ## this list
	@echo "One thing, done once / 一件事一次办"
	@echo
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## what make demo and make run need, into .venv (the other targets call it)
	@deploy/setup/setup.sh run

setup-test:
	@deploy/setup/setup.sh test

demo: setup ## register a birth at a simulated kiosk, in a real browser; see demo-out/
	@$(PYTHON) -m demo

run: setup ## the same county, kept running, with addresses to open; Ctrl-C ends it
	@$(PYTHON) -m demo run

test: setup-test lint types imports ## everything that must hold, on SQLite and PostgreSQL
	@$(PYTHON) -m tests.suite --numprocesses $(PYTEST_WORKERS) $(TESTS)

lint: setup-test ## ruff
	@$(PYTHON) -m ruff check --quiet .

types: setup-test ## mypy, strict
	@$(PYTHON) -m mypy --no-error-summary

imports: setup-test ## which package may import which
	@said=$$(.venv/bin/lint-imports --config .importlinter 2>&1) || { echo "$$said"; exit 1; }

pictures: setup ## the README's pictures, out of the last make demo
	@$(PYTHON) -m demo.pictures

bench: setup-test ## the bounds of docs/performance.md, as ratios in one run
	@$(PYTHON) -m tests.bench

faults: setup-test ## every device and terminal fault for real, at every byte and state: one line a row
	@$(PYTHON) -m tests.fault_rows

deb: setup-test ## the terminal's Debian packages, in var/packages, looked over by lintian
	@$(PYTHON) deploy/terminal/build.py --out var/packages
	@lintian --allow-root --fail-on error,warning var/packages/*.deb

lock: ## make requirements.lock again from pyproject.toml
	@deploy/setup/lock.sh

fresh-clone: ## make demo and make test in a new clone of the last commit
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
		&& git clone --quiet . "$$folder/clone" && cd "$$folder/clone" \
		&& $(MAKE) demo && $(MAKE) test

clean: ## remove what the commands made, the environment too
	rm -rf .venv node_modules terminal_client/static/vendor staff_console/static/vendor mobile_api/static/phone/vendor mobile_api/miniprogram/vendor
	rm -rf var demo-out
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
