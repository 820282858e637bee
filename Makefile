.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test soak bench check lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 12

demo: .venv/installed ## play a whole call and keep the service up; Ctrl-C ends it
	@exec .venv/bin/fund demo

test: check ## check, then run every test
	.venv/bin/pytest -q -n auto --maxprocesses 4 --dist loadfile

soak: .venv/installed ## the tests that take long: more seeds
	.venv/bin/pytest -q -n auto --maxprocesses 4 -m soak

bench: .venv/installed ## measure what the README promises, side by side with the stock library
	.venv/bin/python -m tests.benchmarks

check: .venv/installed ## style, types and the direction of imports
	.venv/bin/ruff check -q --output-format concise
	.venv/bin/ruff format -q --check
	.venv/bin/mypy --no-error-summary
	.venv/bin/lint-imports --no-logo

lock: .venv/bin/uv ## write requirements.lock anew from pyproject.toml, changing no more than is needed
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock

clean: ## remove .venv, caches and builds; the data of a fund stay
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: .ci/setup requirements.lock pyproject.toml
	@.ci/setup

.venv/bin/uv:
	@.ci/setup
