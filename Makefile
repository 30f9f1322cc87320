# Two commands do everything on a fresh Debian machine: `make demo` and `make test`. `make help` lists the rest.

# Debian's own, where it is new enough: it runs about a tenth faster than one that was compiled without profiling.
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/)python3
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed
DEMO_ARGS ?=
TEST_ARGS ?=

# Tests, demo and server start many processes of the same code: what was compiled once is kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo run test collected check format bench vendor lock test-parts tests docs

help: ## What each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

setup: $(INSTALLED) ## Make the environment in .venv, from the lock

$(INSTALLED): requirements.lock pyproject.toml deploy/make-venv.sh
	@sh deploy/make-venv.sh "$(PYTHON)" "$(UV_VERSION)"
	@touch $@

demo: setup ## Play a taster month on virtual tablets, then leave the server up (DEMO_ARGS=--exit ends it)
	@echo "Starting the demonstration ..."
	@$(BIN)/doorstep demo $(DEMO_ARGS)

run: setup ## Serve this installation (set DOORSTEP_SECRET_KEY first; see docs/installing.md)
	@$(BIN)/doorstep serve

test: setup ## Install every real part the tests need, then run all checks and all tests
	@$(MAKE) --no-print-directory --jobs=3 check tests

tests: test-parts collected
	@$(BIN)/pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(TEST_ARGS)

collected: setup # Compiles the tests once, beside mypy, instead of in each of their processes at once
	@$(BIN)/pytest --collect-only -q >.venv/collected.log 2>&1 || { tail -40 .venv/collected.log; exit 1; }

check: setup ## Format, lint, types and import contracts, changing nothing
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q . && $(BIN)/lint-imports --no-logo >.venv/contracts.log 2>&1 || { cat .venv/contracts.log 2>/dev/null; exit 1; }
	@$(BIN)/mypy

format: setup ## Put the code into its one format
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

bench: setup test-parts ## Measure: ratios in one run, for docs/benchmarks.md
	@$(BIN)/python -m tests.bench

docs: setup ## Draw again the pages that are made from code (lifecycle, roles, commands, settings)
	@$(BIN)/python -m deploy.dev.draw_docs

vendor: ## Fetch the browser files again (developers only; needs npm)
	@sh deploy/vendor.sh

lock: ## Pin every version again
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock

test-parts: ## Debian's packages that the tests drive: adb, Chromium, sshd, RabbitMQ, the Android build tools
	@sh deploy/install-test-parts.sh
