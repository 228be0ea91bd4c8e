# The two commands that matter: make run, make test.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test chaos lint requirements clean help

run: .venv/runs .env  ## The service on http://localhost:8000, on SQLite
	@$(BIN)/python -m uvicorn main:app --no-proxy-headers --no-server-header --host 127.0.0.1 --port $(PORT)

test: .venv/tests  ## Every test, on SQLite and on a real PostgreSQL that the tests start themselves
	@$(BIN)/python -m pytest -n 2

chaos: .venv/tests  ## A crowd for half a minute, while the workers and all that they need are killed
	@$(BIN)/python bench/chaos.py --minutes 0.6

lint: .venv/tests  ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy *.py routes

requirements: .venv/tests  ## The pins, anew from the requirements*.in
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-tracing.in -o requirements-tracing.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*##/\1 -/p' Makefile

clean:  ## Away with the environment and the caches; .env and the database stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

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

.env: | .venv/runs
	@$(BIN)/python manage.py init
