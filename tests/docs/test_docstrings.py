"""The examples in docstrings do what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import filterlang

MODULES = [
    "filterlang",
    *(module.name for module in pkgutil.walk_packages(filterlang.__path__, "filterlang.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
