"""The normative page of diagnostics has every code, and the precedence that the code has."""

from __future__ import annotations

import re

from filterlang.checking.precedence import ABSORBS
from filterlang.diagnostics.messages import MESSAGES
from tests.support.documents import ROOT

PAGE = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")

OUTSIDE = {"FL206", "FL207", "FL211", "FL212", "FL221", "FL222", "FL302", "FL303", "FL304"}
"""Codes of this library's own functions (dialects, JSON, engines, limits), which no text has."""


def test_every_code_has_its_place():
    described = re.findall(r"^\| (FL\d+) \| [^|]+", PAGE, re.MULTILINE)
    places = described[: -len(ABSORBS)]
    assert places == sorted(set(MESSAGES) - OUTSIDE)


def test_the_precedence_is_that_of_the_code():
    rows = re.findall(r"^\| (FL\d+) \| (FL[FL\d ]*) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [
        (code, " ".join(sorted(absorbed.codes)), absorbed.reason)
        for code, absorbed in ABSORBS.items()
    ]
