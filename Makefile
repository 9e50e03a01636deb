# Two commands are enough on a fresh machine with Python 3.11+:
#   make demo     installs all, starts a sandbox forum and Passerelle beside it   (make demo ARGS=--tour plays the story)
#   make check    installs all, runs tests, types, lint, import rules and docs
# Everything lives in .venv at the root; nothing else of the machine is touched, but for Debian's Chromium, which
# `make check` installs for the browser tests when it runs as root (without it they are skipped, saying so).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
TESTS ?= tests
# Two cores are what an admin has; more would not make the browser and database tests steadier.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo check bench tests types lint imports theme browser clean

help:
	@sed -n '1,5s/^# \{0,1\}//p' $(MAKEFILE_LIST)

# The stamp is newer than what it was made from, so a second run installs nothing.
# torch comes first and alone: asked for through another package, pip would take a build with gigabytes of CUDA.
$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Passerelle needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[check]'
	@touch $@

install: $(VENV)/.installed

demo: install
	@$(BIN)/passerelle demo $(ARGS)

check: install browser lint types imports theme tests

tests: install
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

types: install
	$(BIN)/mypy

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

imports: install
	$(BIN)/lint-imports

# The theme component by Discourse's own lint rules and types; the stamp is newer than what npm installed by.
THEME := connector/theme
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
theme: install
	@if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1 || ! node -e 'process.exit(Number(parseInt(process.versions.node) < 20))'; then \
	  echo "No node 20 with npm here: lint and types of the theme component are skipped."; exit 0; fi; \
	cd $(THEME) && if [ ! node_modules/.installed -nt package-lock.json ]; then \
	  $(NPM_CI) && touch node_modules/.installed || { echo "npm could not install what checks the theme component: its lint and types are skipped."; exit 0; }; fi; \
	rm -rf built && ../../$(BIN)/python -m connector.theme built && node checks/all.mjs

# Debian's Chromium for the browser tests; a clear word and a skip where it cannot be installed.
browser:
	@command -v chromium >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing Debian's chromium for the browser tests…"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 \
	      || echo "chromium could not be installed: the browser tests will be skipped."; \
	  else echo "No chromium here and not root: the browser tests will be skipped. As root: apt-get install chromium"; fi; }

bench: install
	@$(BIN)/python -m bench $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build dist *.egg-info demo-data screenshots $(THEME)/node_modules $(THEME)/built
