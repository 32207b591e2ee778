"""Schemas of the API's own list of attributes."""

from __future__ import annotations

import re

import pytest

import filterlang as fl
from filterlang import px
from filterlang.schema.schema import Dimension


def attribute(name, type_="STRING", state="ENABLED", origin="CUSTOM", **more):
    """An attribute as the API lists it."""
    return {
        "id": "7f", "name": name, "apiName": name, "internalName": name, "description": "",
        "type": type_, "state": state, "origin": origin, "createdDate": 0, "modifiedDate": 0,
        "defaultValue": "", **more,
    }  # fmt: skip


DISABLED = "the attribute is disabled; enable it in the settings of the API to filter by it"


@pytest.mark.parametrize(
    ("called", "type_"),
    [("STRING", "text"), ("NUMBER", "number"), ("BOOLEAN", "boolean"), ("DATE_TIME", "datetime")],
)
def test_types_of_attributes(called, type_):
    schema = px.schema_from_attributes(
        [attribute("a.b", called), attribute("location.x", called, origin="DEFAULT")]
    )
    assert schema.find("customAttributes.a.b").dimension == Dimension(type_)
    assert schema.find("location.x").dimension == Dimension(type_)
    assert schema.names() == ["customAttributes.a.b", "location.x"]


def test_an_attribute_is_matched_where_records_have_it():
    schema = px.schema_from_attributes([attribute("seats", "NUMBER"), attribute("beta", "BOOLEAN")])
    record = {"customAttributes": {"seats": "12", "beta": 1}}
    assert fl.matches("customAttributes.seats>9;customAttributes.beta==true", record, schema=schema)


def test_without_a_base_there_is_what_the_list_has():
    schema = px.schema_from_attributes(
        [attribute("email", origin="DEFAULT", description="the e-mail address")], name="users"
    )
    assert schema.to_dict() == {
        "name": "users",
        "dimensions": {"email": {"type": "text", "detail": "the e-mail address"}},
    }
    assert px.schema_from_attributes([]).names() == []


def test_a_base_knows_types_more_closely_and_what_the_list_does_not_say():
    schema = px.schema_from_attributes(
        [
            attribute("type", origin="DEFAULT"),
            attribute("score", "NUMBER", origin="DEFAULT"),
            attribute("brandNew", "DATE_TIME", origin="DEFAULT"),
            attribute("location.newName", origin="DEFAULT"),
            attribute("plan"),
        ],
        base=px.USER,
    )
    for name in ("type", "score", "propertyKeys", "location.city", "channelMetricList"):
        assert schema.find(name) == px.USER.find(name)
    assert schema.find("brandNew").dimension.type == "datetime"
    assert schema.find("location.newName").dimension.type == "text"
    assert schema.find("countryCode").name == "location.countryCode"
    assert schema.find("customAttributes.plan").dimension.type == "text"
    assert schema.find("customAttributes.other") is None
    assert px.USER.find("customAttributes.other") is not None
    assert schema.name == "users"


@pytest.mark.parametrize("origin", ["CUSTOM", "DEFAULT"])
@pytest.mark.parametrize(
    ("state", "hint"), [("DISABLED", DISABLED), ("DELETED", "the attribute was deleted")]
)
def test_what_is_not_enabled_is_unknown_and_told(state, hint, origin):
    schema = px.schema_from_attributes(
        [attribute("title", "A_NEW_TYPE", state, origin), attribute("titles")], base=px.USER
    )
    name = "customAttributes.title" if origin == "CUSTOM" else "title"
    assert schema.find(name) is None
    assert name not in schema.names()
    assert fl.check(f"{name}==x", schema).render() == (
        f"error[FL501]: unknown name '{name}'\n"
        " --> filter, column 1\n"
        "  |\n"
        f"  | {name}==x\n"
        f"  | {'^' * len(name)}\n"
        f"hint: {hint}"
    )
    with pytest.raises(fl.SchemaError, match=hint):
        fl.field(name, schema=schema)


def test_aliases_of_what_is_not_enabled_are_told_too():
    schema = px.schema_from_attributes(
        [attribute("location.countryCode", state="DISABLED", origin="DEFAULT")], base=px.USER
    )
    for name in ("countryCode", "location.countryCode"):
        (found,) = fl.check(f"{name}==US", schema).diagnostics
        assert (found.code, found.hint) == ("FL501", DISABLED)
    assert schema.find("cityName").name == "location.city"
    without = px.schema_from_attributes(
        [attribute("location", state="DELETED", origin="DEFAULT")], base=px.USER
    )
    assert without.aliases == ()
    assert without.unknown_hint("cityName") == "the attribute was deleted"


def test_an_attribute_that_was_made_again_is_there():
    for listed in ([("DELETED", "STRING"), ("ENABLED", "NUMBER")],) * 2:
        attributes = [attribute("seats", type_, state) for state, type_ in listed]
        for order in (attributes, attributes[::-1]):
            schema = px.schema_from_attributes(iter(order))
            assert schema.find("customAttributes.seats").dimension.type == "number"
            assert schema.unknown == ()


def test_a_schema_of_attributes_is_plain_data_too():
    schema = px.schema_from_attributes(
        [attribute("a"), attribute("b", state="DISABLED")], base=px.ACCOUNT
    )
    assert fl.Schema.from_dict(schema.to_dict()) == schema
    assert schema.to_dict()["unknown"] == {"customAttributes.b": DISABLED}
    again = px.schema_from_attributes([attribute("a")], base=schema)
    assert again.unknown == (("customAttributes.b", DISABLED),)
    assert px.schema_from_attributes([attribute("b")], base=schema).unknown == ()


OUT = "leave the attribute out of the list to go on without it"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            [attribute("plan", "GEO")],
            (
                "the type 'GEO' of the attribute 'plan' isn't known; it is one of STRING,"
                f" DATE_TIME, BOOLEAN, NUMBER; {OUT}"
            ),
        ),
        (
            [attribute("plan", None)],
            (
                "the type None of the attribute 'plan' isn't known; it is one of STRING, DATE_TIME,"
                f" BOOLEAN, NUMBER; {OUT}"
            ),
        ),
        (
            [attribute("plan", state="ARCHIVED")],
            (
                "the state 'ARCHIVED' of the attribute 'plan' isn't known; it is one of ENABLED,"
                f" DISABLED, DELETED; {OUT}"
            ),
        ),
        (
            [attribute("plan", origin=["CUSTOM"])],
            (
                "the origin ['CUSTOM'] of the attribute 'plan' isn't known; it is one of CUSTOM,"
                f" DEFAULT; {OUT}"
            ),
        ),
        (
            [attribute("plan"), attribute("plan", "NUMBER")],
            "there are two enabled attributes with the name 'customAttributes.plan'",
        ),
        ([attribute("")], "expected a text as the apiName of an attribute, found ''"),
        ([{"name": "plan"}], "expected a text as the apiName of an attribute, found None"),
        (
            ["plan"],
            (
                "expected an object with apiName, type, state and origin for an attribute, found"
                " 'plan'"
            ),
        ),
        ("plan", "expected a list of attributes, found 'plan'"),
        ({"attributes": []}, "expected a list of attributes, found {'attributes': []}"),
        (None, "expected a list of attributes, found None"),
    ],
)
def test_what_is_not_known_is_told_and_not_guessed(attributes, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        px.schema_from_attributes(attributes)


def test_a_name_that_no_filter_can_hold_is_told():
    with pytest.raises(ValueError, match=r"in the dimension 'customAttributes'"):
        px.schema_from_attributes([attribute("a==b")])
