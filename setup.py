"""The packages of the wheel: each room below `filmscore`, and beside them the modules of this folder."""

from setuptools import find_packages, setup

OUTSIDE = ["tests*", "bench*", "docker*", "docs*", "static*", "build*"]

setup(
    script_name="setup.py",  # what is left out of the modules of this folder
    packages=["filmscore", *(f"filmscore.{package}" for package in find_packages(exclude=OUTSIDE))],
    package_dir={"filmscore": "."},
)
