# Two commands matter: `make run` and `make test`. The rest is for developers.
PYTHON ?= python3
WEB := .venv/web/bin/python
BOT := .venv/bot/bin/python
# Debian keeps PostgreSQL's server programs off the PATH; the tests start their own server.
export PATH := $(PATH):$(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
export RASA_TELEMETRY_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help run test sure bench faults load encoder release setup setup-tests lint format types arrows content test-bot test-web audit sbom licences lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup ## set up everything and start Nachtlicht; Ctrl-C stops it
	@$(WEB) -m nachtlicht run

test: setup-tests lint types arrows content release test-bot test-web ## set up and run everything that must pass

sure: lint types arrows content release test-bot test-web ## the same without set-up, for between two commits

bench: setup-tests ## measure reply time, memory and start time beside a plain Rasa bot
	@$(WEB) -m bench
	@$(WEB) -m bench.widget

faults: setup-tests ## kill the web process 1,000 times under people who talk; all counts must be 0
	@$(WEB) -m bench.faults

load: setup-tests ## 5,000 open streams and 50 lines a second on one web process, for 10 minutes
	@$(WEB) -m bench.load

setup:
	@$(PYTHON) deploy/bootstrap.py

setup-tests:
	@$(PYTHON) deploy/bootstrap.py --tests

lint:
	@.venv/web/bin/ruff check -q .
	@.venv/web/bin/ruff format -q --check .
	@.venv/web/bin/yamllint -s data

format: ## put the code in shape
	@.venv/web/bin/ruff check -q --fix .
	@.venv/web/bin/ruff format -q .

types:
	@.venv/web/bin/mypy

arrows:
	@mkdir -p var; PYTHONPATH=. .venv/web/bin/lint-imports --no-logo > var/arrows.log 2>&1 || { cat var/arrows.log; exit 1; }

content: ## check the editors' room: data/
	@$(WEB) -m nachtlicht check

release:
	@$(WEB) -m tests.support.release

test-bot: ## tests that need Rasa's environment
	@$(BOT) -m pytest -c tests/bot/pytest.ini --rootdir . tests/bot

test-web: ## all other tests
	@$(WEB) -m pytest

encoder: ## make the sentence encoder anew (developers; an hour on two cores)
	@test -x .venv/training/bin/python || { $(PYTHON) -m venv .venv/training && .venv/training/bin/pip install -q -r training/requirements.txt; }
	@.venv/training/bin/python -m training.verify
	@.venv/training/bin/python -m training

audit: ## known holes in what we pin, beside those in deploy/audit-allowed.txt; needs the internet
	@$(WEB) deploy/audit.py

sbom: ## the bill of materials of both environments, into var/sbom
	@$(WEB) deploy/parts.py

licences: ## the licences of everything in both environments
	@.venv/web/bin/pip-licenses --python=$(WEB) --order=license
	@.venv/web/bin/pip-licenses --python=$(BOT) --order=license

lock: ## make the locks anew from requirements/*.in
	@cd requirements && for name in tools bot web dev bot-dev; do \
	  uv pip compile -q --python-version 3.11 --generate-hashes --no-header \
	    $$(case $$name in bot*) echo --overrides bot-overrides.txt;; esac) $$name.in -o $$name.txt || exit 1; done

clean: ## remove environments, releases and the local database
	rm -rf .venv var
