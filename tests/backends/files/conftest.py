"""The ways to look at a line of JSON: by msgspec, or by the standard library."""

from __future__ import annotations

import sys

import pytest

from filterlang.backends.files import scanner
from tests.engines import need


@pytest.fixture(params=["fast", "plain"])
def engine(request, monkeypatch):
    """Have msgspec, or don't."""
    if request.param == "fast":
        need("msgspec", "fast")
    else:
        monkeypatch.setitem(sys.modules, "msgspec.json", None)
        # What is small would be read in full.
        monkeypatch.setattr(scanner, "_CHECKED", -1)
    return request.param
