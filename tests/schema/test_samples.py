"""Schemas inferred from sample records, and the counts they rest on."""

from __future__ import annotations

import re
from collections import UserDict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Dimension, Schema
from filterlang.schema import samples
from filterlang.schema.samples import MOST_FIELDS, MOST_LEVELS, MOST_NAMES
from tests.support.hostile import HOSTILE, AnyObject, NoClass, refuse
from tests.support.records import records


def inferred(*values, name="x", enums_up_to=0):
    """Give the dimension that records with these values lead to."""
    found = Schema.infer([{name: value} for value in values], enums_up_to=enums_up_to)
    return found.schema.find(name).dimension


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("values", "type_", "detail"),
    [
        ([1, 2], "integer", "in 2 of 2"),
        ([1, 2.5], "number", "in 2 of 2: 1 integer, 1 number"),
        ([Decimal("1.5")], "number", "in 1 of 1"),
        ([1, "2"], "integer", "in 2 of 2: 1 integer, 1 integer text"),
        ([1, "2.5"], "number", "in 2 of 2: 1 integer, 1 number text"),
        ([1, "007"], "text", "in 2 of 2: 1 integer, 1 text; of several types, taken as text"),
        (["1", "2"], "text", "in 2 of 2: 2 integer text"),
        (["1", "2.5", "x"], "text", "in 3 of 3"),
        ([True, False], "boolean", "in 2 of 2"),
        ([True, "false"], "boolean", "in 2 of 2: 1 boolean, 1 boolean text"),
        (["true"], "text", "in 1 of 1: 1 boolean text"),
        ([True, 1], "text", "in 2 of 2: 1 integer, 1 boolean; of several types, taken as text"),
        (["a", "", None], "text", "in 2 of 3: 1 text, 1 empty text"),
        ([None, None], "text", "in 0 of 2"),
        ([float("nan")], "text", "in 0 of 1"),
        ([Colour.RED], "text", "in 1 of 1"),
        ([UUID(int=0)], "text", "in 1 of 1"),
        ([b"x"], "text", "in 1 of 1: 1 other; of several types, taken as text"),
        ([date(2024, 1, 1)], "datetime", "in 1 of 1"),
        ([datetime(2024, 1, 1, tzinfo=UTC), "2024-01-31"], "datetime", None),
        (["2024-01-31", "2024-01-31T12:00Z"], "datetime", "in 2 of 2: 2 date text"),
        (["2024-01-31", "soon"], "text", "in 2 of 2"),
        (["2024-02-31"], "text", "in 1 of 1"),
        ([1704067200000, 0], "integer", "in 2 of 2"),
        ([["a"], ["b", None], []], "list of text", "in 2 of 3: 2 list, 2 text"),
        ([[1], 2], "list of integer", "in 2 of 2: 1 list, 2 integer"),
        ([[[1], [2]]], "list of integer", "in 1 of 1: 1 list, 2 integer"),
    ],
)
def test_types(values, type_, detail):
    dimension = inferred(*values)
    assert (
        dimension.described().removeprefix("a ").removeprefix("an ").replace("integers", "integer")
        == type_
    )
    if detail is not None:
        assert dimension.detail == detail


@pytest.mark.parametrize(
    ("name", "values", "type_"),
    [
        ("createDate", [1704067200000], "datetime"),
        ("createDate", [1704067200000, 0], "datetime"),
        ("createDate", [1704067200000, "2024-01-31"], "datetime"),
        ("createDate", [0], "integer"),
        ("createDate", [12], "integer"),
        ("seen_at", [1704067200000], "datetime"),
        ("size", [1704067200000, "2024-01-31"], "text"),
    ],
)
def test_epoch_milliseconds_are_dates_where_the_name_says_so(name, values, type_):
    assert inferred(*values, name=name).type == type_


def test_counts():
    found = Schema.infer(
        [
            {"a": 1, "place": {"city": "Bonn"}, "tags": ["x", "y"]},
            {"a": None, "place": {"city": "", "zip": 53113}},
            {"b": "x", "place": None},
        ],
        name="users",
    )
    assert found.counts == {
        "a": {"present": 1, "missing": 2, "types": {"integer": 1}},
        "place": {"present": 2, "missing": 1, "types": {"object": 2}},
        "place.city": {"present": 2, "missing": 0, "types": {"text": 1, "empty text": 1}},
        "place.zip": {"present": 1, "missing": 1, "types": {"integer": 1}},
        "tags": {"present": 1, "missing": 2, "types": {"list": 1, "text": 2}},
        "b": {"present": 1, "missing": 2, "types": {"text": 1}},
    }
    assert (found.records, found.left_out, found.schema.name) == (3, (), "users")
    assert found.schema.names() == ["a", "place.city", "place.zip", "tags", "b"]


def test_the_counts_of_a_dotted_key_come_first():
    found = Schema.infer([{"a": {"b": 1}, "a.b": "x"}])
    assert found.counts["a.b"]["types"] == {"text": 1}
    assert found.schema.find("a.b").dimension.type == "text"


def test_objects_beside_other_values():
    dimension = inferred({"a": 1}, "x")
    assert (dimension.type, dimension.is_open) == ("object", False)
    assert dimension.detail == "in 2 of 2: 1 object, 1 text; of several types, taken as object"


def test_lists_of_objects():
    found = Schema.infer([{"visits": [{"page": "a"}, {"page": "b", "count": 2}]}])
    assert found.schema.find("visits").dimension.described() == "a list of objects"
    assert found.schema.find("visits.count").lists == ("visits",)
    assert found.counts["visits.count"] == {"present": 1, "missing": 1, "types": {"integer": 1}}


def test_enums():
    roles = ["admin", "Admin", "Admin", "user", "user", "user"]
    assert inferred(*roles, enums_up_to=3) == Dimension(
        "enum", values=["Admin", "user"], detail="in 6 of 6"
    )
    assert inferred(*roles, enums_up_to=2).type == "text"
    assert inferred(*roles).type == "text"
    assert inferred("a", "b", "a", enums_up_to=9).type == "text"
    assert inferred("a" * 300, "a" * 300, enums_up_to=9).type == "text"
    assert inferred(["a", "b"], ["a", "b"], enums_up_to=2).described() == "a list of enum"


def test_objects_whose_names_vary_are_maps():
    values = [{f"k{number % 5}": number, "x" if number % 2 else "y": "z"} for number in range(20)]
    dimension = inferred(*values)
    assert dimension.described() == "a map"
    assert dimension.detail == "in 20 of 20; its names vary"
    mixed = [{**value, "x": number if number % 2 else "z"} for number, value in enumerate(values)]
    assert inferred(*mixed).detail == "in 20 of 20; its names vary; of several types are x"
    assert inferred(*mixed).field("x") is None


def test_objects_with_very_many_names_are_maps():
    dimension = inferred({f"k{number}": 1 for number in range(MOST_FIELDS + 1)})
    assert dimension.described() == "a map"
    assert dimension.detail == "in 1 of 1; not all of its names are told"
    assert dimension.fields == ()
    nested = {f"k{number}": {"a": {"b": 1}} for number in range(MOST_FIELDS + 1)}
    assert inferred(nested).described() == "a map"


@pytest.mark.slow
def test_records_with_very_many_names_leave_the_schema_open():
    record = {f"k{number}": 1 for number in range(MOST_NAMES + 1)}
    found = Schema.infer([record, {"late": 1}])
    assert found.schema.is_open
    assert len(found.schema.dimensions) == MOST_NAMES
    assert found.schema.find("late").dimension is None


def test_what_lies_very_deep_is_left_to_a_map():
    value = 1
    for _ in range(MOST_LEVELS + 5):
        value = {"a": value}
    schema = Schema.infer([value]).schema
    name = ".".join("a" * MOST_LEVELS)
    assert schema.find(name).dimension.described() == "a map"
    assert schema.find(f"{name}.a").dimension is None


def test_keys_that_no_filter_can_name():
    found = Schema.infer([{"a=b": 1, "": 2, 7: 3, "ok": 4}, {f";{n}": n for n in range(200)}])
    assert found.left_out[:5] == ("a=b", "", "7", ";0", ";1")
    assert len(found.left_out) == 100
    assert found.schema.names() == ["ok"]


class OddText(str):
    """A text that refuses to be compared once it is armed."""

    __slots__ = ("is_armed",)

    def __hash__(self):
        if getattr(self, "is_armed", False):
            refuse()
        return str.__hash__(self)

    def __eq__(self, other):
        return refuse() if getattr(self, "is_armed", False) else str.__eq__(self, other)

    __str__ = __repr__ = refuse


def test_keys_that_raise():
    odd = OddText("a")
    record = {odd: 1, AnyObject(): 2, "in": {AnyObject(): 3, "b=": 4, "c": [{8: 5}]}}
    odd.is_armed = True
    found = Schema.infer([record, record])
    assert found.left_out == ("a AnyObject", "in.a AnyObject", "in.b=", "in.c.8")
    assert found.schema.names() == ["a"]


def circle(kind):
    """Give a record that holds itself in three places, or one thing in 3**40 of them."""
    record = {}
    if kind == "dict":
        record |= dict.fromkeys("abc", record)
    elif kind == "list":
        values = [record, record, record]
        values.append(values)
        record |= dict.fromkeys("abc", values)
    else:
        for _ in range(40):
            record = {"a": [record] * 3} if kind == "repeated" else dict.fromkeys("abc", record)
    return record


@pytest.mark.parametrize("kind", ["dict", "list", "shared", "repeated"])
def test_records_that_hold_themselves(kind, monkeypatch):
    monkeypatch.setattr(samples, "MOST_VALUES", 10_000)
    found = Schema.infer([{"d": 1}, circle(kind)])
    assert found.records == 2
    assert found.schema.find("d").dimension.type == "integer"
    assert found.schema.find("a.a.a.a") is not None


class Unlisted(UserDict):
    def items(self):
        raise Unsaid


class Unsaid(Exception):  # noqa: N818 — no error of anybody but this test
    __str__ = refuse


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Unlisted, "record 1 can't be read: a Unsaid"),
        (NoClass, "expected a mapping for record 1, found a NoClass"),
    ],
)
def test_records_that_raise(kind, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Schema.infer([kind()])


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([], "there are no records to infer a schema from"),
        ({"a": 1}, "expected an iterable of records, found a dict"),
        ("a", "expected an iterable of records, found a str"),
        (7, "expected an iterable of records, found a int"),
        ([{"a": 1}, 7], "expected a mapping for record 2, found a int"),
    ],
)
def test_what_is_no_sample(samples, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Schema.infer(samples)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c.d", "=", ""]), values, max_size=3)
    ),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "a.b"]), plain), min_size=1, max_size=6))
def test_the_schema_has_the_names_of_its_samples(samples):
    """A schema inferred is one, says so in plain data, and takes the names that it counted."""
    found = Schema.infer(samples, enums_up_to=3)
    assert Schema.from_dict(found.to_dict()) == found.schema
    for name in found.counts:
        where = found.schema.find(name)
        hidden = any(
            f"{name}.".startswith(f"{key}.") for key, _ in found.schema.dimensions if key != name
        )
        assert where is not None or hidden
        assert found.counts[name]["present"] >= 0
        assert found.counts[name]["missing"] >= 0


@given(st.lists(records, min_size=1, max_size=3))
def test_records_of_all_kinds(samples):
    """Whatever the records hold, there is a schema, or the one that is no mapping is named."""
    try:
        found = Schema.infer(samples)
    except ValueError as error:
        assert "expected a mapping for record " in str(error)  # noqa: PT017 — either is right
    else:
        assert found.records == len(samples)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.slow
def test_hostile_values(name):
    found = Schema.infer([{"a": HOSTILE[name](), "b": [HOSTILE[name]()]}])
    assert fl.check("b==1", found.schema) is not None


def test_a_record_that_cannot_be_read():
    class Broken(UserDict):
        def items(self):
            message = "no connection"
            raise OSError(message)

    with pytest.raises(ValueError, match=r"^record 2 can't be read: no connection$"):
        Schema.infer([{"a": 1}, Broken(a=1)])


def test_mappings_of_other_kinds():
    assert Schema.infer([UserDict(a=1)]).schema.names() == ["a"]
