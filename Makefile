# The two that matter are `make run` and `make test`; the rest is for people who change the code.
.PHONY: run test drills bench season screens lint types contracts tests check-deploy fuzz format translations matrix docs help

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: ## Start everything; Ctrl-C stops it
	@bin/setup run
	@exec .venv/bin/python -m gifting.web.run

test: ## Lint, types, import contracts and all tests
	@bin/setup test
	@$(MAKE) --no-print-directory lint types contracts tests

drills: ## Break the running product in every way there is, and print what became of it
	@bin/setup test
	@.venv/bin/python -W ignore -m drills --report

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types:
	.venv/bin/mypy

contracts:
	.venv/bin/lint-imports

tests:
	.venv/bin/python -m pytest -n 2 --dist loadgroup

check-deploy: ## Lint image, compose file, nginx, units, settings and migrations
	.venv/bin/python -m pytest -n 0 tests/deploy -rs

fuzz: ## Ask every route with garbage, FUZZ_EXAMPLES=1000 times in every role, and print the sums
	@bin/setup test
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-1000} .venv/bin/python -m pytest -n 0 -s tests/web/test_fuzz.py

bench: ## Measure how fast it is, against floors of the same run; some 6 minutes
	@bin/setup test
	.venv/bin/python -m benchmarks

season: ## A hundred people browse, ten offers a minute are sent, for five minutes
	@bin/setup test
	.venv/bin/python -m benchmarks.season

screens: ## Photograph every page in its states at 390 and 1440 px, into docs/screens/shots
	@bin/setup test
	.venv/bin/python -m screens

format: ## Bring the code into the house's format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

translations: ## Collect the words of pages and code into both catalogues
	.venv/bin/python -m gifting.web.words

matrix: ## Ask every address of quotes, orders and invoices in every state, as everybody
	.venv/bin/python -m pytest -s -n 0 tests/architecture/test_matrix.py

docs: ## Draw docs/lifecycles.md and docs/access.md from the tables
	.venv/bin/python -m gifting.web.lifecycles
	.venv/bin/python -m gifting.web.access_table
