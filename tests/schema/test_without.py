"""A schema without names: nobody filters by them, and nothing offers them."""

from __future__ import annotations

import pickle

import pytest

import filterlang as fl
from filterlang import px
from filterlang.schema.schema import Dimension, Schema

PRIVATE = px.USER.without("email", "location", "customAttributes", why="private")


def found(text, schema):
    return [(one.code, one.hint) for one in fl.check(text, schema).diagnostics]


@pytest.mark.parametrize(
    "name",
    ["email", "location", "location.city", "location.x", "countryCode", "customAttributes.plan"],
)
def test_who_asks_for_a_name_that_was_left_out_is_told_why(name):
    assert found(f"{name}==x", PRIVATE) == [("FL501", "private")]
    with pytest.raises(fl.SchemaError):
        fl.resolve(f"{name}==x", PRIVATE)
    with pytest.raises(fl.SchemaError):
        fl.field(name, schema=PRIVATE)


def test_nothing_offers_what_was_left_out():
    for schema in (PRIVATE, px.USER.without("email", "location", "customAttributes")):
        names = {name for name, _ in schema.walk()} | {name for name, _ in schema.aliases}
        gone = {name for name, _ in px.USER.walk()} | {name for name, _ in px.USER.aliases}
        gone -= names
        assert {"email", "location", "location.city", "countryCode", "customAttributes"} <= gone
        assert names | gone == {name for name, _ in px.USER.walk()} | dict(px.USER.aliases).keys()
        for typed in ("", "e", "email", "loc", "location.", "country", "custom"):
            offered = {one.label for one in fl.complete(typed, len(typed), schema)}
            assert not offered & gone
        for typed in ("emial", "locaton", "location.cty", "contryCode"):
            for one in fl.check(f"{typed}==x", schema).diagnostics:
                written = {edit.text for fix in one.fixes for edit in fix.edits}
                assert not written & gone
                assert one.hint is None or not any(f"'{name}'" in one.hint for name in gone)


def test_what_is_left_stays_as_it_was():
    schema = Schema(
        {
            "a": "integer",
            "b": Dimension("list of object", fields={"c": "text", "d": "number"}, detail="bs"),
            "b.e": "text",
            "f": Dimension("enum", values=["x"], deprecated="old"),
        },
        aliases={"bc": "b.c", "bd": "b.d", "g": "f"},
        name="records",
        unknown={"z": "gone long ago"},
    )
    left = Schema(
        {
            "a": "integer",
            "b": Dimension("list of object", fields={"d": "number"}, detail="bs"),
            "f": Dimension("enum", values=["x"], deprecated="old"),
        },
        aliases={"bd": "b.d", "g": "f"},
        name="records",
        unknown={"z": "gone long ago"},
    )
    assert schema.without("b.c", "b.e") == left
    told = schema.without("bc", " b . e ", why="no")
    assert told.unknown == (("z", "gone long ago"), ("b.c", "no"), ("b.e", "no"), ("bc", "no"))
    assert pickle.loads(pickle.dumps(told)) == told == Schema.from_dict(told.to_dict())
    assert schema.without() == schema
    assert schema.without("a").without("f") == schema.without("f", "a")


def test_a_name_that_is_there_twice_is_gone_altogether():
    twice = Schema({"a": Dimension("object", fields={"b": "text", "c": "text"}), "a.b": "integer"})
    assert twice.without("a.b") == Schema({"a": Dimension("object", fields={"c": "text"})})
    assert twice.without("a").find("a.b").dimension == Dimension("integer")


def test_a_dimension_that_an_alias_hid_is_no_name_to_hide():
    schema = Schema({"x": "text", "y": "text"}, aliases={"x": "y"})
    left = schema.without("y", why="no")
    assert (left.find("x").name, left.unknown) == ("x", (("y", "no"),))


def test_names_that_there_are_not_are_refused():
    for name in ("emial", "location.town", "score.x"):
        with pytest.raises(ValueError, match="has no name") as caught:
            px.USER.without("email", name)
        assert str(caught.value) == f"the schema has no name {name!r} that could be left out"
    with pytest.raises(ValueError, match=r"^the name 'a\.' has an empty segment$"):
        px.USER.without("a.")
    with pytest.raises(ValueError, match=r"^expected a text as the hint of 'email', found 5$"):
        px.USER.without("email", why=5)
    with pytest.raises(TypeError, match=r"^a name is a str, not list$"):
        px.USER.without(["email"])


def test_what_could_be_used_all_the_same_is_refused():
    map_ = Schema({"m": Dimension("map", fields={"k": "text"})})
    for schema, name in [
        (px.USER, "customAttributes.plan"),
        (map_, "m.k"),
        (map_, "m.other"),
        (Schema({"a": "text"}, is_open=True), "a"),
        (Schema({"a": "text"}, is_open=True), "b"),
    ]:
        with pytest.raises(ValueError, match="can't be left out") as caught:
            schema.without(name, why="no")
        assert str(caught.value) == (
            f"{name!r} can't be left out, since any name may be used there: leave out the map that"
            " it is in, or close the schema"
        )
    inner = Schema({"o": Dimension("object", fields={"p": "text"})}, is_open=True)
    assert inner.without("o.p").find("o.p") is None
