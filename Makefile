# `make help` says what there is.

PYTHON ?= python3
JOBS ?= 3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
PYTEST := $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal
# Collecting all tests takes each process seconds, and few of them are for the running platform.
E2E = $$(grep -rlw --include='test_*.py' e2e tests)
# What failed runs once more, alone: a shared machine may be at fault. Failing twice is failing, and
# both lists are printed, because an unsteady test is a defect all the same.
# Only what ran to its end and failed gets a second time.
steady = $(1); ended=$$?; [ $$ended -ne 1 ] && exit $$ended; echo "Once more, alone:"; $(1) -n 0 --last-failed --last-failed-no-failures none --maxfail 3

# Many processes start one after another here, and each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test lint types bench screenshots docs references lock clean venv venv-dev

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: venv ## Start the platform here (HOST=… PORT=… DATA_DIR=…), Ctrl-C stops it
	@exec $(BIN)/python manage.py up

test: venv-dev ## Run every test, on SQLite and on PostgreSQL
	@.ci/programs chromium redis-cli node npm promtool nginx
	@.ci/clients
	$(call steady,$(PYTEST) -m "not e2e")
	$(call steady,$(BIN)/python -m tests.with_postgres $(PYTEST) -m "not e2e" --only-database)
	$(call steady,$(PYTEST) -m e2e $(E2E))

lint: venv-dev types ## Check style, types, templates, room borders and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --check --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

types: venv-dev ## Check types
	$(BIN)/mypy .

bench: venv-dev ## Measure on this machine
	$(BIN)/python -m bench

screenshots: venv-dev ## Take pictures of every page in every state (NAME=… for some) into var/screenshots
	@.ci/programs chromium
	$(BIN)/python -m gallery $(NAME)

docs: venv-dev ## Make the documentation as a site into var/site, and check every link in it
	@$(BIN)/python -m handbook check
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "The documentation is in var/site: $(BIN)/python -m http.server -b 127.0.0.1 -d var/site 8080"

references: venv-dev ## Write anew the pages that are made from the code
	@$(BIN)/python -m handbook references

lock: venv-dev ## Pin requirements*.in with hashes, for every Python and platform that we run on
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) -o requirements.txt requirements.in
	$(LOCK) -o requirements-errors.txt requirements-errors.in
	$(LOCK) -o requirements-tracing.txt requirements-tracing.in
	$(LOCK) -o requirements-dev.txt requirements-dev.in

clean: ## Remove the installed packages; data stays
	rm -rf .venv tests/clients/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

venv:
	@PYTHON="$(PYTHON)" .ci/venv requirements.txt

venv-dev:
	@PYTHON="$(PYTHON)" .ci/venv requirements-dev.txt
