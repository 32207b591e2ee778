"""What is given as a schema, and isn't one, is told by each function that takes one."""

from __future__ import annotations

import pytest

import filterlang as fl

ROADS = {
    "check": lambda schema: fl.check("a==1", schema),
    "compile": lambda schema: fl.compile("a==1", schema=schema),
    "matches": lambda schema: fl.matches("a==1", {"a": 1}, schema=schema),
    "field": lambda schema: fl.field("a", schema=schema),
    "template": lambda schema: fl.template("a=={x}", schema=schema),
    "complete": lambda schema: fl.complete("a", 1, schema),
    "implies": lambda schema: fl.implies("a==1", "b==1", schema),
    "equivalent": lambda schema: fl.equivalent("a==1", "b==1", schema),
    "simplify": lambda schema: fl.simplify("a==1", schema),
    "resolve": lambda schema: fl.resolve("a==1", schema),
    "resolve, keeping": lambda schema: fl.resolve("a==1", schema, unknown="keep"),
    "FilterIndex": lambda schema: fl.FilterIndex({1: "a==1"}, schema),
    "schema_from_attributes": lambda schema: fl.px.schema_from_attributes([], base=schema),
    "split_by_window": lambda schema: fl.px.split_by_window(fl.parse("a==1"), schema),
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
@pytest.mark.parametrize("wrong", ["users", {"a": "text"}, dict, 5])
def test_what_is_no_schema_is_told(road, wrong):
    with pytest.raises(TypeError) as caught:
        road(wrong)
    name = type(wrong).__name__
    assert str(caught.value) == f"expected a Schema, such as filterlang.px.USER, not {name}"


def test_resolving_needs_a_schema():
    with pytest.raises(
        TypeError, match=r"^expected a Schema, whose aliases are resolved, not None"
    ):
        fl.resolve("a==1", None)
