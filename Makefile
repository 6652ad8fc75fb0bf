# The one door to all that can be done with the portal: `make` lists it.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
# A make that is killed takes what it started with it.
BOUND := setpriv --pdeathsig TERM --

BESIDE_SERVERS := $(BOUND) $(BIN)/python -m scripts.with_services --
EMBEDDED := $(BOUND) $(BIN)/python -m scripts.with_services --embedded --
# Production settings with nothing behind them: what `check --deploy` looks at.
DEPLOY_ENV = DJANGO_ENV=production \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	DATABASE_URL=postgres://portal:portal@localhost/portal REDIS_URL=redis://localhost/0 \
	EMAIL_URL=smtp://localhost:25 ALLOWED_HOSTS=portal.example.org PORTAL_URL=https://portal.example.org

.DEFAULT_GOAL := help
.PHONY: help install install-for-tests run serve test test-postgres test-sqlite check \
	check-code check-types check-layers check-templates check-tree check-django bench lock format clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

install: ## Set up .venv, system libraries, Python and front-end packages from the locks
	@$(PYTHON) -m scripts.environment install

install-for-tests:
	@$(PYTHON) -m scripts.environment install --for-tests

run: install ## Start the portal with its demonstration region on http://127.0.0.1:8000 (PORT=…)
	@exec $(BOUND) env PORT='$(PORT)' $(BIN)/python -m scripts.start run

serve: install ## Start web, worker and beat against PostgreSQL, Redis and SMTP of the environment
	@exec $(BOUND) env PORT='$(PORT)' $(BIN)/python -m scripts.start serve

test: test-postgres test-sqlite ## Run the suite on PostgreSQL and Redis, then on SQLite (ARGS=…)

test-postgres: install-for-tests ## … on a PostgreSQL and a Redis of its own, with the browser
	$(BESIDE_SERVERS) $(BIN)/pytest $(ARGS)

test-sqlite: install-for-tests ## … on SQLite, without the browser and what no database can change
	$(EMBEDDED) $(BIN)/pytest -m 'not e2e and not pure' $(ARGS)

bench: install-for-tests ## Measure the portal beside its limits on a PostgreSQL of its own (ARGS='pages --json F')
	$(BOUND) $(BIN)/python -m scripts.with_services --measured -- $(BIN)/python -m bench $(ARGS)

CHECKS := check-code check-types check-layers check-templates check-tree check-django
check: install ## Run every static check, to the last one even when one fails
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-code: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: install
	$(BIN)/mypy

check-layers: install
	$(BIN)/lint-imports

check-templates: install
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python -m scripts.lint_templates templates

check-tree: install
	$(BIN)/python -m scripts.check_tree
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

check-django: install
	$(EMBEDDED) $(BIN)/python manage.py makemigrations --check --dry-run
	@echo 'manage.py check --deploy with production settings'
	@$(EMBEDDED) env $(DEPLOY_ENV) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: install ## Let ruff and djade put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

lock: install ## Resolve the locks anew (ARGS=--upgrade takes newer versions)
	@$(BIN)/python -m scripts.lock $(ARGS)

clean: ## Remove the environment and what was built; the data in var/ stays
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
