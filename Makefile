# make run   install, build the demo catalogue if there is none, serve http://localhost:8501
# make test  install, then every check and test (under 15 minutes on 2 cores, 11 of them tests)

PYTHON ?= $(shell for p in python3.12 python3.11 python3 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --override overrides.txt \
	--generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: run test check unit stress machines bare faults audit sbom browser lock demo docs clean

run: $(VENV)/run.stamp
	@$(BIN)/filmscore demo || test $$? -eq 1  # a demo film that failed was named; the others can be seen
	@$(BIN)/filmscore serve

demo: $(VENV)/run.stamp
	@$(BIN)/filmscore demo

test: $(VENV)/test.stamp browser check unit

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell
	$(BIN)/vulture
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml --severity-level medium .

unit: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not stress"

# What takes longer: fuzzing, kill tests, big data, and the whole suite as on two other machines.
stress: $(VENV)/test.stamp machines
	$(BIN)/python -m pytest -m stress

# The whole suite with the BLAS kernels of two other processors, other locales and other time zones.
machines: $(VENV)/test.stamp browser
	OPENBLAS_CORETYPE=Haswell LC_ALL=C TZ=Asia/Kathmandu $(MAKE) unit
	OPENBLAS_CORETYPE=Prescott LC_ALL=C.UTF-8 TZ=America/St_Johns $(MAKE) unit

# The wheel, installed and walked through in a root directory without this machine's programs, fonts, locales, time zones.
bare: $(VENV)/test.stamp
	$(BIN)/python -m tests.bare_root

# Every fault that a test injects and every forbidden thing that one tries, with what became of it (a quarter of an hour).
faults: $(VENV)/test.stamp
	$(BIN)/python -m pytest -p no:xdist -m "fault or forbidden" --record=docs/faults.md

# A bill of materials of the locked packages (CycloneDX); needs no network.
sbom: $(VENV)/test.stamp
	$(BIN)/python docker/sbom.py requirements.lock build/sbom.json

# Known weaknesses of the locked packages. Without a network: one line, and an error. Their hashes and licences are
# checked by `make unit`, which needs none.
audit: sbom
	@$(BIN)/python docker/audit.py $(BIN)/pip-audit requirements.lock

# The reference of the Python packages, from their docstrings: build/docs/index.html. The picture of the rooms, too.
docs: $(VENV)/test.stamp
	$(BIN)/python -m bench.rooms --write
	$(BIN)/pdoc --output-directory build/docs film senses told errors durable csv_table media models db ingest recommender mining service studio

# The browser tests' browser: the system's, else apt's (root on Debian), else Playwright's download.
browser: $(VENV)/test.stamp
	@$(BIN)/python -m tests.browser.install

lock: $(VENV)/test.stamp
	$(BIN)/$(LOCK) --extra studio --output-file requirements.lock
	$(BIN)/$(LOCK) --all-extras --output-file requirements-dev.lock

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "filmscore needs Python 3.11, 3.12 or 3.13 on the PATH." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing filmscore (about a minute and a half) ..."
	@$(INSTALL) --no-deps --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing filmscore and its checks (about three minutes) ..."
	@$(INSTALL) --no-deps --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
