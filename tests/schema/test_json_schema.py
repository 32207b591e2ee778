"""Schemas made of JSON Schemas, and of OpenAPI 3 and Swagger 2 documents."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang import Dimension, Schema

MAP = Dimension("map")


def read(**properties):
    """Give the dimensions that properties of a JSON Schema become."""
    return dict(Schema.from_json_schema({"type": "object", "properties": properties}).dimensions)


@pytest.mark.parametrize(
    ("schema", "dimension"),
    [
        ({"type": "string"}, Dimension("text")),
        ({"type": "file"}, Dimension("text")),
        ({"type": "integer"}, Dimension("integer")),
        ({"type": "number"}, Dimension("number")),
        ({"type": "boolean"}, Dimension("boolean")),
        ({"type": "object"}, MAP),
        ({"type": "array"}, Dimension("list of text", detail="of any type")),
        ({"type": "array", "items": {"type": "integer"}}, Dimension("list of integer")),
        ({"items": {"type": "string"}}, Dimension("list of text")),
        ({"items": [{"type": "integer"}, {"type": "number"}]}, Dimension("list of number")),
        (
            {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}},
            Dimension("list of text", detail="text or integer"),
        ),
        ({"prefixItems": [{"type": "integer"}], "items": False}, Dimension("list of integer")),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "boolean"}}},
            Dimension("list of boolean"),
        ),
        ({}, Dimension("text", detail="of any type")),
        (True, Dimension("text", detail="of any type")),
        ({"type": "null"}, Dimension("text", detail="always null")),
        ({"const": None}, Dimension("text", detail="always null")),
        ({"type": ["string", "null"]}, Dimension("text")),
        ({"type": "string", "nullable": True}, Dimension("text")),
        ({"type": ["integer", "number"]}, Dimension("number")),
        ({"type": ["string", "integer"]}, Dimension("text", detail="text or integer")),
        ({"type": "string", "enum": ["a", "b", "a"]}, Dimension("enum", values=["a", "b"])),
        ({"enum": ["a", None]}, Dimension("enum", values=["a"])),
        ({"enum": ["", "a"]}, Dimension("enum", values=["a"])),
        ({"const": "a"}, Dimension("enum", values=["a"])),
        ({"enum": [1, 2]}, Dimension("integer")),
        ({"enum": [1.5, 2]}, Dimension("number")),
        ({"enum": [True]}, Dimension("boolean")),
        ({"enum": ["a", 1]}, Dimension("text", detail="text or integer")),
        ({"const": ["a"]}, Dimension("list of text", detail="of any type")),
        ({"const": {"a": 1}}, MAP),
        ({"type": "string", "format": "date"}, Dimension("datetime")),
        ({"type": "string", "format": "date-time"}, Dimension("datetime")),
        ({"type": "number", "format": "utc-millisec"}, Dimension("datetime")),
        ({"type": "boolean", "format": "date"}, Dimension("boolean")),
        ({"type": "string", "format": "int64"}, Dimension("integer")),
        ({"type": "integer", "format": "int64"}, Dimension("integer")),
        ({"type": "string", "format": "email"}, Dimension("text")),
        ({"type": ["string", "integer"], "format": "date-time"}, Dimension("datetime")),
        ({"properties": {"a": {"type": "string"}}}, Dimension("object", fields={"a": "text"})),
        (
            {"properties": {"a": {"type": "string"}}, "additionalProperties": True},
            Dimension("map", fields={"a": "text"}),
        ),
        ({"additionalProperties": {"type": "string"}}, MAP),
        ({"type": "object", "additionalProperties": False}, Dimension("object")),
        ({"patternProperties": {"^x": {}}, "additionalProperties": False}, MAP),
        (
            {"properties": {"a": {"type": "string"}, "b=": {"type": "string"}, "c": False}},
            Dimension("object", fields={"a": "text"}),
        ),
        (
            {"type": "array", "items": {"properties": {"a": {"type": "string"}}}},
            Dimension("list of object", fields={"a": "text"}),
        ),
        (
            {"type": "string", "description": "  The\n e-mail   address.\n\nMore."},
            Dimension("text", detail="The e-mail address."),
        ),
        ({"type": "string", "deprecated": True}, Dimension("text", deprecated="")),
        ({"type": "string", "deprecated": "yes"}, Dimension("text")),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, Dimension("text")),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, Dimension("number")),
        (
            {"anyOf": [{"enum": ["a"]}, {"const": "b"}], "description": "x"},
            Dimension("enum", values=["a", "b"], detail="x"),
        ),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, Dimension("text")),
        (
            {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
            Dimension("list of text"),
        ),
        (
            {"anyOf": [{"type": "object"}, {"type": "string"}]},
            Dimension("map", detail="object or text"),
        ),
        (
            {"oneOf": [{"type": "string", "format": "date"}, {"type": "integer"}]},
            Dimension("datetime"),
        ),
        ({"anyOf": [{"type": "string"}, {}]}, Dimension("text", detail="of any type")),
        (
            {
                "anyOf": [
                    {"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
                    {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
                ]
            },
            Dimension("object", fields={"a": "text", "b": "integer"}),
        ),
        (
            {
                "allOf": [
                    {"properties": {"a": {"type": "string"}}, "deprecated": True},
                    {"properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "integer"}}},
                    {"properties": {"a": {"enum": ["y", "z"]}}},
                ],
                "description": "both",
            },
            Dimension(
                "object",
                fields={"a": Dimension("enum", values=["y"]), "b": "integer"},
                detail="both",
                deprecated="",
            ),
        ),
        ({"allOf": [{"enum": ["x"]}, {"enum": ["z"]}]}, Dimension("enum", values=["z"])),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, Dimension("integer")),
        ({"allOf": [{"type": "string"}, {"type": "boolean"}]}, Dimension("boolean")),
        ({"allOf": [{"type": "string"}, False]}, Dimension("text", detail="always null")),
        (
            {"allOf": [{"items": {"type": "number"}}, {"items": {"type": "integer"}}]},
            Dimension("list of integer"),
        ),
        (
            {"allOf": [{"type": "array"}, {"items": {"type": "integer"}}]},
            Dimension("list of integer"),
        ),
        (
            {
                "allOf": [
                    {"type": "object", "additionalProperties": True},
                    {"type": "object", "additionalProperties": False},
                ]
            },
            Dimension("object"),
        ),
    ],
)
def test_one_property(schema, dimension):
    assert read(x=schema) == {"x": dimension}


def test_a_property_that_can_never_be_there():
    assert read(x=False, y={"type": "string"}) == {"y": Dimension("text")}


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("createDate", "datetime"),
        ("created_at", "datetime"),
        ("date", "datetime"),
        ("updatedAt", "datetime"),
        ("eventTimestamp", "datetime"),
        ("update", "integer"),
        ("playTime", "integer"),
        ("id", "integer"),
        ("At", "datetime"),
    ],
)
def test_long_integers_that_are_dates(name, type_):
    note = "taken for epoch milliseconds" if type_ == "datetime" else None
    schema = {"type": "integer", "format": "int64"}
    assert read(**{name: schema}) == {name: Dimension(type_, detail=note)}
    told = {**schema, "description": "since 1970"}
    assert read(**{name: told}) == {name: Dimension(type_, detail="since 1970")}


# --- Documents and references ---------------------------------------------------------------------

PLACE = {"properties": {"city": {"type": "string"}}}
SWAGGER = {
    "swagger": "2.0",
    "definitions": {
        "User": {
            "type": "object",
            "properties": {
                "score": {"type": "integer", "format": "int32"},
                "place": {"$ref": "#/definitions/Place"},
                "places": {"type": "array", "items": {"$ref": "#/definitions/Place"}},
            },
        },
        "Place": PLACE,
        "List": {"type": "array", "items": {"$ref": "#/definitions/User"}},
        "a/b~c d": PLACE,
        "Text": {"type": "string"},
    },
}
OPENAPI = {"openapi": "3.1.0", "components": {"schemas": SWAGGER["definitions"]}}
OPENAPI["components"]["schemas"] = {"Place": PLACE}
USER = {
    "score": Dimension("integer"),
    "place": Dimension("object", fields={"city": "text"}),
    "places": Dimension("list of objects", fields={"city": "text"}),
}


@pytest.mark.parametrize("ref", ["User", "#/definitions/User", "/definitions/User"])
def test_one_schema_of_a_document(ref):
    schema = Schema.from_json_schema(SWAGGER, ref)
    assert dict(schema.dimensions) == USER
    assert schema.name == "User"


def test_what_describes_a_list_describes_its_elements():
    schema = Schema.from_json_schema(SWAGGER, "List")
    assert dict(schema.dimensions) == USER
    assert schema.name == "List"


def test_the_only_schema_of_a_document():
    assert Schema.from_json_schema(OPENAPI) == Schema({"city": "text"}, name="Place")
    assert Schema.from_json_schema(OPENAPI, name="x") == Schema({"city": "text"}, name="x")


@pytest.mark.parametrize("ref", ["a/b~c d", "#/definitions/a~1b~0c%20d"])
def test_names_with_odd_characters(ref):
    assert Schema.from_json_schema(SWAGGER, ref).names() == ["city"]


def test_the_title_is_the_name():
    assert Schema.from_json_schema({"title": "Place", **PLACE}).name == "Place"
    assert Schema.from_json_schema({"title": 7, **PLACE}).name is None


def test_any_object_is_open():
    assert Schema.from_json_schema({"type": "object"}) == Schema({}, is_open=True)
    closed = {"type": "object", "additionalProperties": False}
    assert Schema.from_json_schema(closed) == Schema({})
    extra = {**PLACE, "additionalProperties": {"type": "string"}}
    assert Schema.from_json_schema(extra) == Schema({"city": "text"}, is_open=True)


def test_a_reference_into_a_list():
    document = {"anyOf": [PLACE, {"type": "null"}], "$defs": {}}
    assert Schema.from_json_schema(document, "#/anyOf/0").names() == ["city"]


def test_a_type_that_contains_itself_is_a_map_where_it_comes_again():
    document = {
        "$defs": {
            "Person": {
                "properties": {
                    "name": {"type": "string"},
                    "boss": {"$ref": "#/$defs/Person"},
                    "staff": {"type": "array", "items": {"$ref": "#/$defs/Person"}},
                }
            }
        }
    }
    assert dict(Schema.from_json_schema(document, "Person").dimensions) == {
        "name": Dimension("text"),
        "boss": Dimension("map", detail="again a Person"),
        "staff": Dimension("list of map", detail="again a Person"),
    }
    whole = {"properties": {"next": {"$ref": "#"}}}
    assert dict(Schema.from_json_schema(whole).dimensions) == {
        "next": Dimension("map", detail="again a record")
    }


@pytest.mark.slow
def test_many_ways_through_a_document_end(monkeypatch):
    monkeypatch.setattr("filterlang.schema.shapes.MOST_SHAPES", 5000)
    names = [f"T{number}" for number in range(12)]
    every = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    document = {"$defs": {name: {"properties": every} for name in names}}
    schema = Schema.from_json_schema(document, "T0")
    assert len(schema.names()) == 0
    # 12! ways would be too many.
    assert 12 < sum(1 for _ in schema.walk()) <= 5000


# --- Mistakes -------------------------------------------------------------------------------------

DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]

HAS = "its schemas are User, Place, List, a/b~c d, Text"


@pytest.mark.parametrize(
    ("document", "ref", "message"),
    [
        ([], None, "expected a JSON Schema, which is an object, found []"),
        (
            DEEP,
            None,
            "expected a JSON Schema, which is an object, found a list that can't be shown",
        ),
        (
            {"properties": {"a": {"type": DEEP}}},
            None,
            (
                "unknown type a list that can't be shown at #/properties/a; JSON Schema has array,"
                " boolean, integer, null, number, object, string, and lists of them"
            ),
        ),
        (
            {"properties": "x" * 1000},
            None,
            f"expected an object at #/properties, found '{'x' * 199}…",
        ),
        (
            SWAGGER,
            7,
            "expected the name of a schema or a pointer to it as 'ref', found 7",
        ),
        (
            {"properties": {"a": {"$ref": f"#/x/{'9' * 5000}"}}, "x": [{}]},
            None,
            (
                f"the reference '#/x/{'9' * 195}… of #/properties/a leads nowhere:"
                f" there is no '{'9' * 199}…"
            ),
        ),
        ({}, None, "the document is no schema"),
        (
            SWAGGER,
            None,
            f"the document holds several schemas; choose one by its name, as ref; {HAS}",
        ),
        (SWAGGER, "user", f"the document has no schema called 'user'; {HAS}"),
        (
            SWAGGER,
            "#/definitions/user",
            "the reference '#/definitions/user' of the schema leads nowhere: there is no 'user'",
        ),
        (
            SWAGGER,
            "Text",
            (
                "expected an object with properties at #/definitions/Text, found text;"
                f" pass its name or pointer as 'ref'; {HAS}"
            ),
        ),
        ({"type": "null"}, None, "expected an object with properties at #, found text"),
        (
            {"properties": {"a": {"$ref": "x.json"}}},
            None,
            (
                "the reference 'x.json' of #/properties/a leads out of the document; only pointers"
                " within the document are followed, such as '#/$defs/Name'"
            ),
        ),
        (
            {"properties": {"a": {"$ref": "#x"}}},
            None,
            (
                "the reference '#x' of #/properties/a leads to an anchor; only pointers within the"
                " document are followed, such as '#/$defs/Name'"
            ),
        ),
        (
            {"properties": {"a": {"$ref": 7}}},
            None,
            "expected the text of a reference at #/properties/a/$ref, found 7",
        ),
        (
            {"$defs": {"A": {"$ref": "#/$defs/A"}}},
            "A",
            "the reference '#/$defs/A' of #/$defs/A leads back to itself",
        ),
        ({"properties": []}, None, "expected an object at #/properties, found []"),
        ({"properties": {"a": 7}}, None, "expected a schema at #/properties/a, found 7"),
        ({"allOf": {}}, None, "expected an array at #/allOf, found {}"),
        (
            {"properties": {"a/b": {"type": "strng"}}},
            None,
            (
                "unknown type 'strng' at #/properties/a~1b; JSON Schema has array, boolean,"
                " integer, null, number, object, string, and lists of them"
            ),
        ),
        (
            {"type": [7]},
            None,
            (
                "unknown type [7] at #; JSON Schema has array, boolean, integer, null, number,"
                " object, string, and lists of them"
            ),
        ),
        (
            {"$defs": {f"N{number}": {} for number in range(25)}},
            "x",
            "the document has no schema called 'x'; its schemas are "
            + ", ".join(f"N{number}" for number in range(20))
            + " and 5 more",
        ),
    ],
)
def test_what_is_said_of_bad_documents(document, ref, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Schema.from_json_schema(document, ref)


def test_very_many_alternatives():
    """Joined one after the other, they would take minutes."""
    values = [f"v{number}" for number in range(20_000)]
    assert read(a={"anyOf": [{"const": value} for value in values]}) == {
        "a": Dimension("enum", values=values)
    }


def test_the_values_of_one_alternative_are_not_those_of_all():
    assert read(a={"type": "string", "anyOf": [{"enum": ["x"]}, {}]}) == {"a": Dimension("text")}


def test_what_is_nested_too_deeply():
    schema = {"type": "string"}
    for _ in range(2000):
        schema = {"allOf": [schema]}
    with pytest.raises(ValueError, match=r"^the description is nested too deeply to be read$"):
        read(x=schema)


def test_what_is_too_large(monkeypatch):
    monkeypatch.setattr("filterlang.schema.shapes.MOST_SHAPES", 1000)
    many = {f"n{number}": {"type": "string"} for number in range(1001)}
    message = "there are more than 1,000 names; take a smaller part of the description"
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(**many)


KEYWORDS = [
    *("type", "properties", "additionalProperties", "patternProperties", "items", "prefixItems"),
    *("enum", "const", "$ref", "allOf", "anyOf", "oneOf", "format", "description", "deprecated"),
    *("$defs", "definitions", "components", "schemas", "title", "nullable", "a", "createDate"),
]
WORDS = ["string", "object", "array", "null", "date", "int64", "#", "#/$defs/a", "#/a", "a", ""]
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from(WORDS),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(KEYWORDS), values, max_size=4)
    ),
    max_leaves=20,
)


@given(anything, st.none() | st.sampled_from(["a", "#", "#/a", "#/$defs/a", "/properties/a"]))
def test_any_document_gives_a_schema_or_a_value_error(document, ref):
    """Whatever a document holds, there is a schema of it or an explanation why not."""
    try:
        schema = Schema.from_json_schema(document, ref)
    except ValueError as error:
        assert str(error)  # noqa: PT017 — either is right, and this one has words
    else:
        assert Schema.from_dict(schema.to_dict()) == schema


@pytest.mark.parametrize(
    "data",
    [
        DEEP,
        {"dimensions": DEEP},
        {"dimensions": {"a": DEEP}},
        {"dimensions": {"a": {"type": DEEP}}},
        {"dimensions": {"a": {"type": "enum", "values": DEEP}}},
        {"dimensions": {"a": "text"}, "open": DEEP},
        {"dimensions": {"a": "text"}, "name": DEEP},
        {"dimensions": {"a": "text"}, "aliases": {"b": DEEP}},
    ],
    ids=range(8),
)
def test_plain_data_that_is_nested_too_deeply(data):
    with pytest.raises(ValueError, match="a list that can't be shown"):
        Schema.from_dict(data)
