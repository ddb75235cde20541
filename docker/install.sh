#!/bin/sh
# Installs filmscore from a checkout into a virtual environment, which is made if it is not there yet. The image runs it,
# and so does a test without one.
#   docker/install.sh CHECKOUT VENV
set -eu
[ -x "$2/bin/python" ] || "$1/docker/dependencies.sh" "$1/requirements.lock" "$2"
"$2/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --editable "$1"
"$2/bin/filmscore" --help > /dev/null
