# make app    serve compplan on http://127.0.0.1:8501
# make test   run everything that has to pass
# make help   the rest
#
# Python 3.11 or newer and make are all you need; PYTHON=/path/to/python picks an interpreter.

VENV := .venv
BIN := $(VENV)/bin
# Inside the environment, so that deleting it starts over. An extra that is installed later has its own.
STAMP := $(VENV)/.set-up

# Debian's python3 comes without ensurepip, and `python -m venv` fails without it.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; break; }; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: venv-package help app setup check test soak mutation lint fmt strings docs perf lock wheel clean

help:
	@echo 'make app       serve on http://127.0.0.1:8501'
	@echo 'make check     lint, types, contracts and the fast tests: under 90 seconds'
	@echo 'make test      everything: make check, then the other tests, browser and coverage'
	@echo 'make soak      long fuzzing'
	@echo 'make mutation  change the code at random and count the changes that tests notice'
	@echo 'make lint      lint, types and contracts'
	@echo 'make fmt       format, and fix what can be fixed'
	@echo 'make strings   collect the texts that people read in tests/voice/strings.txt'
	@echo 'make docs      build the documentation site in build/docs'
	@echo 'make perf      measure speed against peers'
	@echo 'make lock      resolve requirements.txt again; UPGRADE=1 takes the newest releases'
	@echo 'make wheel     build dist/*.whl and the source archive'
	@echo 'make clean     remove the environment and what was built'

app: $(STAMP)
	@exec $(BIN)/compplan serve

setup: $(STAMP)

# Before $(STAMP), since make expands a whole recipe before it runs the first line of it.
venv-package:
	@[ -n "$(PYTHON)" ] || scripts/install-debian-packages venv

$(STAMP): requirements.txt pyproject.toml | venv-package
	@if [ -z "$(PYTHON)" ]; then \
		if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "python3 has no venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
		else \
			echo "compplan needs Python 3.11 or newer; none was found on PATH." >&2; \
			echo "Install one (Debian or Ubuntu: apt-get install python3 python3-venv)," >&2; \
			echo "or name one: make app PYTHON=/path/to/python3.11" >&2; \
		fi; exit 1; \
	fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is too old or does not run: compplan needs Python 3.11 or newer." >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes a minute or two."
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
		|| $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright
	$(BIN)/lint-imports

# Tests of a module stay on one worker: a database, an office or a browser starts once.
PYTEST := $(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

check: lint
	$(PYTEST) -m 'not (law or oracle or app or browser or deploy or slow or soak)'

# Coverage is that of the library, by its own tests: it slows the pages down tenfold, and there a line that ran says little.
test: lint
	@scripts/install-debian-packages tests
	$(PYTEST) -m 'not (app or browser or deploy or soak)' --cov
	$(PYTEST) -m '(app or browser or deploy) and not soak'

soak: $(STAMP)
	$(PYTEST) -m soak

mutation: $(STAMP)-mutation
	$(BIN)/python scripts/mutation.py

strings: $(STAMP)
	$(BIN)/python tests/voice/collect.py

docs: $(STAMP)
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --strict

fmt: $(STAMP)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# A further extra takes the versions of requirements.txt, so that what is measured is what is shipped.
$(STAMP)-%: $(STAMP)
	@sed -n 's/^\([a-z0-9._-]*==[^ ;]*\).*/\1/p' requirements.txt > $(VENV)/pins.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--constraint $(VENV)/pins.txt --editable '.[$*]'
	@touch $@

perf: $(STAMP)-bench
	@set -e; for script in perf/bench_*.py; do $(BIN)/python "$$script"; done

# Resolved with Python 3.11, the oldest supported version. Local pip settings are ignored: a private mirror or a folder of
# wheels would leave its address, or the hash of a file that exists nowhere else.
lock: $(STAMP)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "requirements.txt is resolved with Python 3.11: make clean, then make lock PYTHON=python3.11" >&2; exit 1; }
	env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null \
		CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet $(if $(UPGRADE),--upgrade) \
		--generate-hashes --allow-unsafe --strip-extras --extra team --extra test --extra lint --extra docs --extra lock \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file requirements.txt pyproject.toml
	# An extra that names another extra makes the project a requirement of itself.
	sed -i -e '/^# WARNING: pip install will require/d' -e '/^# Consider using a hashable URL/d' \
		-e '/^compplan @ /,/# via/d' requirements.txt

wheel: $(STAMP)
	$(BIN)/python -m hatchling build -d dist

clean:
	rm -rf $(VENV) build dist
