"""`Schema`: its names, where they lead, its plain data, and what it says of bad arguments."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang import Dimension, Schema, check
from filterlang.schema.schema import Found, Inference
from tests.schema.test_dimension import ALL_TYPES, dimensions

PLACE = Dimension("object", fields={"city": "text", "zip": "integer"})
EVENTS = Dimension("list of objects", fields={"name": "text", "tags": "list of text"})
SCHEMA = Schema(
    {"score": "integer", "place": PLACE, "events": EVENTS, "more": "map", "place.city": "enum"}
    | {"place.city": {"type": "enum", "values": ["Bonn"]}},
    aliases={"town": "place.zip", "score": "more.score"},
    name="users",
)

keys = st.sampled_from(["a", "b", "a.b", "b c.d", "é"])


@st.composite
def schemas(draw):
    named = draw(st.dictionaries(keys, dimensions(), max_size=4))
    bare = Schema(named)
    # A dotted key may hide a name.
    known = [name for name in bare.names() if bare.find(name) is not None]
    aliases = st.dictionaries(st.sampled_from("xyz"), st.sampled_from(known), max_size=2)
    return Schema(
        named,
        aliases=draw(aliases) if known else None,
        is_open=draw(st.booleans()),
        name=draw(st.none() | st.text(max_size=3)),
    )


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "real", "dimension", "lists"),
    [
        ("place", "place", PLACE, ()),
        ("place.zip", "place.zip", Dimension("integer"), ()),
        ("town", "place.zip", Dimension("integer"), ()),
        ("place.city", "place.city", Dimension("enum", values=["Bonn"]), ()),
        ("events", "events", EVENTS, ("events",)),
        ("events.name", "events.name", Dimension("text"), ("events",)),
        ("events.tags", "events.tags", Dimension("list of text"), ("events", "events.tags")),
        ("more", "more", Dimension("map"), ()),
        ("more.plan", "more.plan", None, ()),
        ("more.a.b", "more.a.b", None, ()),
        ("score", "more.score", None, ()),
    ],
)
def test_where_a_name_leads(name, real, dimension, lists):
    found = Found(real, dimension, lists)
    assert SCHEMA.find(name) == found
    assert SCHEMA.find(name) == found  # the second time from what was kept
    assert SCHEMA.resolve(name) == real


@pytest.mark.parametrize("name", ["Score", "place.street", "town.x", "events.name.x", "x", ""])
def test_names_that_are_not_there(name):
    assert SCHEMA.find(name) is None


def test_an_open_schema_has_any_name():
    schema = Schema({"a": "text"}, is_open=True)
    assert schema.find("b.c") == Found("b.c", None, ())
    assert schema.find("a.b") is None


@pytest.mark.parametrize(
    ("name", "is_scalar"),
    [("place.zip", True), ("place", False), ("events.name", False), ("more.x", False)],
)
def test_what_is_scalar(name, is_scalar):
    assert SCHEMA.find(name).is_scalar is is_scalar


def test_names_and_walk_keep_the_order():
    assert SCHEMA.names() == [
        *("score", "place.city", "place.zip", "events.name", "events.tags", "place.city"),
    ]
    assert [name for name, _ in SCHEMA.walk()] == [
        *("score", "place", "place.city", "place.zip"),
        *("events", "events.name", "events.tags", "more", "place.city"),
    ]


@given(schemas())
def test_a_name_walked_is_found(schema):
    """All names of a walk can be found, unless a dotted key or an alias hides them."""
    keys_of_fields = {name for name, _ in schema.dimensions}
    for name, dimension in schema.walk():
        found = schema.find(name)
        hidden = any(name != key and name.startswith(f"{key}.") for key in keys_of_fields)
        if not hidden and schema.resolve(name) == name and name not in keys_of_fields:
            assert found is not None
        if found is not None and found.dimension is dimension:
            assert found.name == schema.resolve(name)
            assert all(f"{found.name}.".startswith(f"{one}.") for one in found.lists)


# --- Plain data and copies ------------------------------------------------------------------------


@given(schemas())
def test_plain_data_gives_the_schema_back(schema):
    """`from_dict` inverts `to_dict`; so do pickling, copying and the repr."""
    assert Schema.from_dict(schema.to_dict()) == schema
    assert pickle.loads(pickle.dumps(schema)) == schema
    assert copy.deepcopy(schema) == schema
    assert hash(copy.copy(schema)) == hash(schema)
    assert eval(repr(schema)) == schema  # noqa: S307 — the repr is an expression


def test_the_repr_shows_what_was_given():
    assert repr(Schema({"a": "text"}, aliases={"b": "a"}, is_open=True, name="x")) == (
        "Schema({'a': Dimension('text')}, aliases={'b': 'a'}, is_open=True, name='x')"
    )
    assert repr(Schema({})) == "Schema({})"


def test_names_are_stored_as_filters_have_them():
    schema = Schema({" a . b ": "text"}, aliases={" c": "a .b"})
    assert schema.dimensions == (("a.b", Dimension("text")),)
    assert schema.aliases == (("c", "a.b"),)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dimensions": {"a": "txt"}}, f"unknown type 'txt'; {ALL_TYPES} (in the dimension 'a')"),
        (
            {"dimensions": ["a"]},
            "expected an object with names as keys for dimensions, found ['a']",
        ),
        ({"dimensions": {3: "text"}}, "a name is a text, not 3"),
        (
            {"dimensions": {}, "aliases": ["a"]},
            "expected an object with names as keys for aliases, found ['a']",
        ),
        (
            {"dimensions": {"a": "text"}, "aliases": {"b": 3}},
            "the alias 'b' stands for a name, not for 3",
        ),
        (
            {"dimensions": {"a": "text"}, "aliases": {"b": "b"}},
            "the alias 'b' stands for itself; leave the alias out",
        ),
        (
            {"dimensions": {"a": "text"}, "aliases": {"b": "c", "c": "a"}},
            (
                "the alias 'b' stands for 'c', which is an alias too; write the name that it stands"
                " for"
            ),
        ),
        (
            {"dimensions": {"a": "text"}, "aliases": {"b": "c"}},
            "the alias 'b' stands for 'c', which the schema doesn't have",
        ),
        ({"dimensions": {}, "open": "yes"}, "expected true or false for 'open', found 'yes'"),
        ({"dimensions": {}, "name": 3}, "expected a text for the name of a schema, found 3"),
        ({}, "a schema needs the key 'dimensions'"),
        (
            {"dimensions": {}, "title": "x"},
            (
                "unknown key 'title' in a schema; its keys are dimensions, aliases, open, name and"
                " unknown"
            ),
        ),
        (
            {"dimensions": {"a": "text"}, "unknown": {"a": "why"}},
            "'a' is unknown and a name of the schema; leave one out",
        ),
        (
            {"dimensions": {}, "unknown": {"a": None}},
            "expected a text as the hint of 'a', found None",
        ),
        (
            {"dimensions": {}, "unknown": ["a"]},
            "expected an object with names as keys for unknown, found ['a']",
        ),
        ([], "expected an object with names as keys for a schema, found []"),
    ],
)
def test_bad_plain_data(arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Schema.from_dict(arguments)


def test_names_that_there_are_not_have_hints():
    schema = Schema(
        {"score": "integer", "place": Dimension("object", fields={"city": "text"})},
        unknown={"points ": "they are in 'score' now", "place.town": "\u202esay city"},
    )
    assert schema.unknown_hint("points") == "they are in 'score' now"
    assert schema.unknown_hint("score") is None
    assert schema.find("points") is None
    assert schema.names() == ["score", "place.city"]
    assert Schema.from_dict(schema.to_dict()) == schema != Schema(dict(schema.dimensions))
    assert repr(schema).endswith(
        ", unknown={'points': \"they are in 'score' now\", 'place.town': '\\u202esay city'})"
    )
    assert pickle.loads(pickle.dumps(schema)) == copy.deepcopy(schema) == schema
    report = check("points>1;place.town==x;other==1", schema)
    # What a hint holds can't rule the terminal.
    assert [(one.code, one.hint) for one in report.diagnostics] == [
        ("FL501", "they are in 'score' now"),
        ("FL501", "<U+202E>say city"),
        ("FL501", "the names are score, place.city"),
    ]


def test_an_inference_is_a_value():
    inference = Schema.infer([{"a": 1, "=": 2}])
    assert inference.left_out == ("=",)
    assert inference.records == 1
    assert inference.to_dict() == inference.schema.to_dict()
    assert inference == Inference(inference.schema, inference.counts, 1, ["="])
