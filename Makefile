# Start with: make run, make demo, make test. `make help` lists all targets.
PYTHON ?= python3
PORT ?= $(or $(shell sed -n 's/^PORT=//p' .env 2> /dev/null),8000)
BIN := .venv/bin
TYPESCRIPT := clients/typescript examples/react examples/nextjs examples/nextjs_authjs
NPM := npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
INSTALLED := node_modules/.package-lock.json

.PHONY: run demo test deployments docs browser frontend bench guard chaos lint clients locales requirements clean help

run: .venv/runs .env  ## Start the service on http://localhost:8000 with SQLite
	@$(BIN)/python -m uvicorn main:app --no-proxy-headers --no-server-header --ws none --host 127.0.0.1 --port $(PORT) --log-level warning

# Installs $(1) with the Python of $(2), and shows how far it is. The whole output of pip is in $(2)/install.log.
define INSTALL
@{ $(2)/bin/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r $(1) 2>&1 || echo "pip failed"; } \
| tee $(2)/install.log | awk -v live="$$(test -t 2 && echo 1)" ' \
    /^Collecting/ { n++; if (live) { printf "\r  %d packages", n; fflush() } } \
    /^Installing collected/ { printf "%s  %d packages downloaded; installing them …", (live ? "\r" : ""), n; fflush() } \
    /^Successfully installed/ { printf " done\n" } \
    /^ERROR|^error/ { print "\n" $$0 } \
    /^pip failed/ { print "The installation failed. See $(2)/install.log."; failed = 1 } \
    END { exit failed }'
endef

demo: .env examples/react/$(INSTALLED)  ## Start the service with the React example, on http://localhost:3000
	@$(BIN)/python examples/demo.py

test: .venv/tests  ## Run all tests, on SQLite and on a PostgreSQL that they start
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist worksteal

deployments: .venv/tests  ## Test starts, upgrades, outages, several workers, and the files in deploy/
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist worksteal tests/deployments

browser: .venv/tests tests/browser/$(INSTALLED)  ## Test the hosted pages in Chromium; screenshots go to .artefacts/screenshots
	@$(BIN)/python -m pytest -n 3 tests/browser/hosted_pages

frontend: .venv/tests .venv/clients  ## Test the examples, the clients and the Postman collection in Chromium
	@$(MAKE) --no-print-directory -j 4 $(TYPESCRIPT:%=%/$(INSTALLED)) tests/browser/$(INSTALLED)
	@for folder in $(TYPESCRIPT); do (cd $$folder && node_modules/.bin/tsc --noEmit) || exit 1; done
	@$(BIN)/python -m pytest -n 3 --dist loadfile tests/browser/frontend

bench: .venv/tests  ## Run the benchmarks (half an hour, on an idle machine)
	@$(BIN)/python bench/performance.py --json docs/performance-new.json --picture docs/images/performance.svg
	@cd docs && mv performance-2.json performance-1.json && mv performance.json performance-2.json && mv performance-new.json performance.json

guard: .venv/tests  ## Check that no frequent request costs more CPU time than recorded (a minute)
	@$(BIN)/python bench/guard.py

chaos: .venv/tests  ## Run a load test that kills workers, database, Redis and mail server (half a minute)
	@$(BIN)/python bench/chaos.py --minutes 0.6

lint: .venv/tests  ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy *.py settings telemetry languages core credentials web authorization sessions accounts administration api_keys revocations events webhooks oauth_provider oauth_login factors sms passwordless captcha operations hosted_pages console legacy_api commands user_import delivery routes clients/generate.py clients/python/credential_client

docs: .venv/tests  ## Generate the tables of the documentation and .env.example
	@$(BIN)/python docs/generate.py

clients: .venv/tests .venv/clients clients/typescript/$(INSTALLED)  ## Generate the clients and the Postman collection from the OpenAPI document
	@$(BIN)/python clients/generate.py
	@$(BIN)/python postman/collection.py

locales: .venv/tests  ## Update the catalogs in locales/ with the texts of the source; NEW=sv starts one
	@$(BIN)/python locales/update.py $(NEW)

requirements: .venv/tests  ## Update the pinned requirements from the requirements*.in files
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-tracing.in -o requirements-tracing.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 clients/python/requirements.in -o clients/python/requirements.txt

help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*##/\1 -/p' Makefile

clean:  ## Remove environments and caches; .env and the database stay
	rm -rf .venv clients/python/.venv clients/typescript/node_modules examples/*/node_modules tests/browser/node_modules .pytest_cache .mypy_cache .ruff_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required, for example: make run PYTHON=python3.12")'
	@echo "Creating a virtual environment in .venv …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runs: requirements.txt | .venv/python
	@echo "Installing the dependencies of the service (once, about a minute) …"
	$(call INSTALL,requirements.txt,.venv)
	@touch $@

.venv/tests: requirements-dev.txt | .venv/python
	@echo "Installing the dependencies of the tests (once, about two minutes) …"
	$(call INSTALL,requirements-dev.txt,.venv)
	@touch $@ .venv/runs

.venv/clients: clients/python/requirements.txt | .venv/python
	@$(PYTHON) -m venv clients/python/.venv
	@echo "Installing the dependencies of the Python client (once) …"
	$(call INSTALL,clients/python/requirements.txt,clients/python/.venv)
	@touch $@

%/$(INSTALLED): %/package-lock.json
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(+(major < 20 || (major == 20 && minor < 19)))' || { echo "Node.js 20.19 or newer is required for $*"; exit 1; }
	@echo "Installing the dependencies of $* (once) …"
	@cd $* && $(NPM) > /dev/null
	@touch $@

.env: | .venv/runs
	@$(BIN)/python manage.py init
