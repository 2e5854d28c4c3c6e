# Huying 呼应. `make help` lists what there is; README.md tells the rest.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python

.PHONY: help setup run test check bench pictures clean python

help:
	@echo "make run       install, train the model if there is none, serve a demo neighbourhood"
	@echo "make setup     only the installing part of make run: .venv and the model"
	@echo "make test      everything: lint, types, contracts and all tests, browser and PostgreSQL too"
	@echo "make check     the quick part of it, while you work: lint, types, contracts, unit tests"
	@echo "make bench     the measurements in bench/"
	@echo "make pictures  the pictures of docs/pictures anew, from a filled demo town"
	@echo "make clean     remove what was made: .venv, the model, caches; your data in var/ stays"

python:
	@test -n "$(PYTHON)" || { echo "Huying needs Python 3.11 or newer, and none was found.\n\
	Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it:\n\
	make setup PYTHON=/path/to/python3.12" >&2; exit 2; }

setup: python
	@$(PYTHON) tools/setup.py

run: setup
	@exec .venv/bin/huying demo

test: python
	@$(PYTHON) tools/setup.py test
	@$(PY) tools/run_tests.py all

check: python
	@$(PYTHON) tools/setup.py test
	@$(PY) tools/run_tests.py quick

bench: setup
	@$(PY) tools/run_benches.py

pictures: python
	@$(PYTHON) tools/setup.py test
	@$(PY) tools/pictures.py

clean:
	rm -rf .venv training_data/model build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find bot nlp intake storage tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
