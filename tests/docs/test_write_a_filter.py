"""The page for people who type filters: each filter in its tables is one, without a doubt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import filterlang as fl
from filterlang import px

PAGE = Path(__file__).parents[2] / "docs" / "start" / "write-a-filter.md"
ROWS = re.findall(r"^\|.*\|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
FILTERS = [text for row in ROWS for text in re.findall(r"`([^`]+)`", row)]


def test_there_are_filters():
    assert len(FILTERS) > 20


@pytest.mark.parametrize("text", FILTERS)
def test_nothing_is_said_of_the_filters_of_the_page(text):
    assert fl.check(text, schema=px.USER).diagnostics == ()
