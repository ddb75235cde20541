#!/bin/sh
# Installs filmscore from a checkout into a virtual environment: what the image does, and what can be tried without one.
#   docker/install.sh CHECKOUT VENV
set -eu
python3 -m venv "$2"
"$2/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
    -r "$1/requirements.lock"
"$2/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --editable "$1"
"$2/bin/filmscore" --help > /dev/null
