# The commands that matter: make run, make demo, make test.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
TYPESCRIPT := clients/typescript examples/react examples/nextjs
NPM := npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
INSTALLED := node_modules/.package-lock.json

.PHONY: run demo test docs browser frontend bench chaos lint clients requirements clean help

run: .venv/runs .env  ## The service on http://localhost:8000, on SQLite
	@$(BIN)/python -m uvicorn main:app --no-proxy-headers --no-server-header --ws none --host 127.0.0.1 --port $(PORT)

demo: .env examples/react/$(INSTALLED)  ## The service with the React example in front of it, on http://localhost:3000
	@$(BIN)/python examples/demo.py

test: .venv/tests  ## Every test, on SQLite and on a real PostgreSQL that the tests start themselves
	@$(BIN)/python -m pytest -n 3

browser: .venv/tests tests/browser/$(INSTALLED)  ## The service's own pages in a real Chromium; pictures in .artefacts/screenshots
	@$(BIN)/python -m pytest -n 2 tests/browser/hosted_pages

frontend: .venv/tests .venv/clients  ## The examples, the clients and the collection, with a real browser
	@$(MAKE) --no-print-directory -j 4 $(TYPESCRIPT:%=%/$(INSTALLED)) tests/browser/$(INSTALLED)
	@for folder in $(TYPESCRIPT); do (cd $$folder && node_modules/.bin/tsc --noEmit) || exit 1; done
	@$(BIN)/python -m pytest -n 2 tests/browser/frontend

bench: .venv/tests  ## What it does against the limits of this machine (ten minutes, on an idle machine)
	@$(BIN)/python bench/performance.py --json docs/performance.json --picture docs/images/performance.svg

chaos: .venv/tests  ## A crowd for half a minute, while the workers and all that they need are killed
	@$(BIN)/python bench/chaos.py --minutes 0.6

lint: .venv/tests  ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy *.py settings telemetry core credentials web authorization sessions accounts administration oauth_login operations hosted_pages legacy_api commands delivery routes clients/generate.py clients/python/credential_client

docs: .venv/tests  ## The tables in the documentation and .env.example, from the code
	@$(BIN)/python docs/generate.py

clients: .venv/tests .venv/clients clients/typescript/$(INSTALLED)  ## What is generated from the OpenAPI document, anew
	@$(BIN)/python clients/generate.py
	@$(BIN)/python postman/collection.py

requirements: .venv/tests  ## The pins, anew from the requirements*.in
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-tracing.in -o requirements-tracing.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 clients/python/requirements.in -o clients/python/requirements.txt

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*##/\1 -/p' Makefile

clean:  ## Away with the environment and the caches; .env and the database stay
	rm -rf .venv clients/python/.venv clients/typescript/node_modules examples/*/node_modules tests/browser/node_modules .pytest_cache .mypy_cache .ruff_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, for example: make PYTHON=python3.12")'
	@echo "Making an environment in .venv …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runs: requirements.txt | .venv/python
	@echo "Installing what the service needs (once, about half a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/tests: requirements-dev.txt | .venv/python
	@echo "Installing what the tests need (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/runs

.venv/clients: clients/python/requirements.txt | .venv/python
	@$(PYTHON) -m venv clients/python/.venv
	@clients/python/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r clients/python/requirements.txt
	@touch $@

examples/nextjs/$(INSTALLED): NPM += --omit=optional  # enough to check its types

%/$(INSTALLED): %/package-lock.json
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(+(major < 20 || (major == 20 && minor < 19)))' || { echo "Node.js 20.19 or newer is needed for $*"; exit 1; }
	@echo "Installing what $* needs (once) …"
	@cd $* && $(NPM) > /dev/null
	@touch $@

.env: | .venv/runs
	@$(BIN)/python manage.py init
