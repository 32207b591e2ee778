"""`Dimension`: what it holds, its plain data, and what it says of bad arguments."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang import Dimension, Operator
from filterlang.schema.dimension import MOST_LEVELS, TYPES, dimension_from_dict

texts = st.none() | st.text(max_size=4)


@st.composite
def dimensions(draw, depth=2):
    element = draw(st.sampled_from([*TYPES, "map"] if depth else TYPES[:-1]))
    names = st.sampled_from(["a", "b c", "é.x"])
    fields = st.dictionaries(names, dimensions(depth - 1), max_size=3) if depth else st.just({})
    return Dimension(
        draw(st.sampled_from(["", "list of "])) + element,
        values=draw(st.lists(st.text(max_size=3), min_size=1)) if element == "enum" else (),
        fields=draw(fields) if element in {"object", "map"} else None,
        operators=draw(st.none() | st.lists(st.sampled_from(Operator), max_size=3)),
        deprecated=draw(texts),
        filterable=draw(st.booleans()),
        detail=draw(texts),
    )


@given(dimensions())
def test_plain_data_gives_the_dimension_back(dimension):
    """`dimension_from_dict` inverts `to_dict`; so do pickling, copying and the repr."""
    assert dimension_from_dict(dimension.to_dict()) == dimension
    assert pickle.loads(pickle.dumps(dimension)) == dimension
    assert copy.deepcopy(dimension) == dimension
    assert eval(repr(dimension)) == dimension  # noqa: S307 — the repr is an expression
    assert hash(copy.copy(dimension)) == hash(dimension)
    for name, field in dimension.fields:
        assert dimension.field(name) is field
    assert dimension.field("missing") is None


@pytest.mark.parametrize(
    ("written", "type_", "is_list", "is_open", "described"),
    [
        ("text", "text", False, False, "text"),
        ("list of text", "text", True, False, "a list of text"),
        ("list of texts", "text", True, False, "a list of text"),
        ("integer", "integer", False, False, "an integer"),
        ("list of integers", "integer", True, False, "a list of integers"),
        ("datetime", "datetime", False, False, "a datetime"),
        ("object", "object", False, False, "an object"),
        ("map", "object", False, True, "a map"),
        ("list of objects", "object", True, False, "a list of objects"),
        ("list of maps", "object", True, True, "a list of maps"),
    ],
)
def test_types(written, type_, is_list, is_open, described):
    dimension = Dimension(written)
    assert (dimension.type, dimension.is_list, dimension.is_open) == (type_, is_list, is_open)
    assert dimension.described() == described


@pytest.mark.parametrize(
    ("written", "described"), [("enum", "an enum"), ("list of enums", "a list of enum")]
)
def test_enums(written, described):
    assert Dimension(written, values=["ab"]).described() == described


def test_only_the_type_is_plain():
    assert dimension_from_dict("text") == Dimension("text")
    assert Dimension("text").to_dict() == {"type": "text"}


ALL_TYPES = (
    "the types are 'text', 'integer', 'number', 'boolean', 'datetime', 'enum', 'object', 'map',"
    " each also as 'list of …'"
)
KEYS = "type, values, fields, operators, deprecated, filterable, detail"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"type": "strng"}, f"unknown type 'strng'; {ALL_TYPES}"),
        ({"type": "string"}, "unknown type 'string'; write 'text'"),
        ({"type": "Array"}, "unknown type 'Array'; write 'list of …'"),
        ({"type": "texts"}, f"unknown type 'texts'; {ALL_TYPES}"),
        ({"type": 7}, f"unknown type 7; {ALL_TYPES}"),
        ({"type": ["text"]}, f"unknown type ['text']; {ALL_TYPES}"),
        ({"type": "enum"}, "an enum needs its values; give them as 'values', or make it 'text'"),
        ({"type": "text", "values": ["a"]}, "values belong to an enum, not to text"),
        (
            {"type": "list of integer", "values": ["a"]},
            "values belong to an enum, not to a list of integers",
        ),
        (
            {"type": "integer", "fields": {"a": "text"}},
            "fields belong to an object or a map, not to an integer",
        ),
        ({"type": "enum", "values": "ab"}, "expected a list of texts for 'values', found 'ab'"),
        ({"type": "enum", "values": 7}, "expected a list of texts for 'values', found 7"),
        ({"type": "enum", "values": ["a", 7]}, "expected texts in 'values', found 7"),
        (
            {"type": "text", "operators": ["==", " ="]},
            f"unknown operator ' ='; the operators are {' '.join(Operator)}",
        ),
        ({"type": "text", "detail": 7}, "expected a text for 'detail', found 7"),
        (
            {"type": "text", "deprecated": True},
            "expected a text for 'deprecated', found True; without an explanation, write ''",
        ),
        ({"type": "text", "filterable": 1}, "expected true or false for 'filterable', found 1"),
        (
            {"type": "object", "fields": ["a"]},
            "expected an object with names as keys for fields, found ['a']",
        ),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Dimension(**arguments)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        dimension_from_dict(arguments)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (7, "expected the name of its type, or an object with it for a dimension, found 7"),
        ({}, f"a dimension needs the key 'type'; beside it there may be {KEYS[6:]}"),
        ({"type": "text", "kind": 1}, f"unknown key 'kind' in a dimension; its keys are {KEYS}"),
        ({"type": "object", "fields": {7: "text"}}, "a name is a text, not 7"),
        (
            {"type": "object", "fields": {"a": "text", " a ": "text"}},
            "the name 'a' is there twice, once written ' a '",
        ),
        (
            {"type": "object", "fields": {"a": {"type": "map", "fields": {"b": "int"}}}},
            "unknown type 'int'; write 'integer' (in the dimension 'a.b')",
        ),
        (
            {"type": "object", "fields": {"a": {"type": "enum"}}},
            (
                "an enum needs its values; give them as 'values', or make it 'text'"
                " (in the dimension 'a')"
            ),
        ),
    ],
)
def test_bad_plain_data(data, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        dimension_from_dict(data)


def test_names_of_fields_are_those_of_filters():
    with pytest.raises(ValueError, match=r"'a=b'"):
        dimension_from_dict({"type": "object", "fields": {"a=b": "text"}}, "place")


def nested(levels):
    data = "text"
    for _ in range(levels):
        data = {"type": "object", "fields": {"a": data}}
    return data


def test_objects_may_be_nested_so_deep():
    assert dimension_from_dict(nested(MOST_LEVELS)).described() == "an object"
    place = ".".join("a" * (MOST_LEVELS + 1))
    message = f"objects are nested more than {MOST_LEVELS} levels deep (in the dimension '{place}')"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        dimension_from_dict(nested(MOST_LEVELS + 2))


def test_fields_may_be_written_in_every_form():
    fields = {"a": Dimension("text"), "b": "integer", "c": {"type": "enum", "values": ["x"]}}
    dimension = Dimension("object", fields=fields)
    assert dimension.fields == (
        ("a", Dimension("text")),
        ("b", Dimension("integer")),
        ("c", Dimension("enum", values=["x"])),
    )
