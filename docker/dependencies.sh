#!/bin/sh
# Installs what filmscore needs, but not filmscore: a layer of the image that stays while only the code changes.
#   docker/dependencies.sh LOCK VENV
set -eu
python3 -m venv "$2"
"$2/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r "$1"
