"""The conformance vectors as other people's tests get them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from uuid import UUID

import pytest

import filterlang as fl
from filterlang.testing import vectors
from filterlang.testing.conformance import KINDS, value_of


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_unique(kind):
    names = Counter(case["name"] for case in vectors(kind))
    assert names
    assert set(names.values()) == {1}


def test_records_are_values():
    for case in vectors("match"):
        assert fl.matches(case["filters"], case["record"]) is case["matches"], case["name"]


def test_an_unknown_kind():
    message = (
        "expected one of 'parse', 'canonical', 'encode', 'decode', 'refused', 'match',"
        " 'match_schema', 'json', 'errors', found 'prase'"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        vectors("prase")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"$type": "int", "value": "9007199254740993"}, 2**53 + 1),
        ({"$type": "decimal", "value": "1.50"}, Decimal("1.50")),
        ({"$type": "date", "value": "2024-01-31"}, date(2024, 1, 31)),
        (
            {"$type": "datetime", "value": "2024-01-31T12:00:00+00:00"},
            datetime(2024, 1, 31, 12, tzinfo=UTC),
        ),
        ({"$type": "uuid", "value": str(UUID(int=7))}, UUID(int=7)),
        ({"$type": "bytes", "value": "YQ=="}, b"a"),
        ({"$type": "object", "value": {"a": [None]}}, SimpleNamespace(a=[None])),
        ({"$type": "mapping", "value": {"$type": "x"}}, {"$type": "x"}),
        ([1, {"a": True}], [1, {"a": True}]),
    ],
)
def test_the_notation_of_values(written, value):
    assert value_of(written) == value


def test_an_enum():
    member = value_of({"$type": "enum", "value": "red"})
    assert isinstance(member, Enum)
    assert member.value == "red"
