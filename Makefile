.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test coverage soak bench screenshots check lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 12

demo: .venv/installed ## play a whole call and keep the service up; Ctrl-C ends it
	@exec .venv/bin/fund demo

test: check tests/browser/node_modules/.installed ## check, then run every test; those of the domain must reach all its branches
	.venv/bin/coverage erase
	.venv/bin/coverage run --source domain -m pytest -q -n auto --maxprocesses 4 tests/domain
	.venv/bin/coverage combine -q
	.venv/bin/coverage report --fail-under 100
	.venv/bin/pytest -q -n auto --maxprocesses 4 --dist loadfile --ignore tests/domain

coverage: .venv/installed tests/browser/node_modules/.installed ## run every test and print the branches that none reaches; it takes twice as long
	.venv/bin/coverage erase
	.venv/bin/coverage run -m pytest -q -n auto --maxprocesses 4 --dist loadfile
	.venv/bin/coverage combine -q
	.venv/bin/coverage report --fail-under 90

soak: .venv/installed ## the tests that take long: more seeds
	.venv/bin/pytest -q -n auto --maxprocesses 4 -m soak

bench: .venv/installed ## measure what the README promises, side by side with the stock library
	.venv/bin/python -m tests.benchmarks

screenshots: .venv/installed tests/browser/node_modules/.installed ## write a picture of each screen at two widths to build/screenshots
	.venv/bin/python -m tests.browser.screenshots

check: .venv/installed ## style, types and the direction of imports
	.venv/bin/ruff check -q --output-format concise
	.venv/bin/ruff format -q --check
	.venv/bin/mypy --no-error-summary
	.venv/bin/lint-imports --no-logo

lock: .venv/bin/uv ## write the locks anew from pyproject.toml and tests/browser/package.json, changing no more than is needed
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock
	cd tests/browser && npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	.venv/bin/python tests/browser/without_hosts.py

clean: ## remove .venv, caches and builds; the data of a fund stay
	rm -rf .venv tests/browser/node_modules .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis .coverage* build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: .ci/setup requirements.lock pyproject.toml
	@.ci/setup

tests/browser/node_modules/.installed: .ci/setup tests/browser/package.json tests/browser/package-lock.json
	@.ci/setup browser

.venv/bin/uv:
	@.ci/setup
