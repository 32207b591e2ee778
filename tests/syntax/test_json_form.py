"""Filters as JSON data: what is written, what is refused and where, and the published schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.testing import filter_sets
from tests.support.drawn import nodes

# From this file, not from the package: the tests also run beside an installed wheel.
GRAMMAR = Path(__file__).parents[2] / "grammar"
SCHEMA = json.loads((GRAMMAR / "filter.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SPELLINGS = " ".join(fl.Operator)


def form(*filters, **others):
    return {"version": 1, "filters": list(filters), **others}


def clause(name, operator, expression):
    key = "pattern" if operator in {"~", "!~"} else "expression"
    return {"name": name, "operator": operator, key: expression}


def findings(obj):
    """Give what is wrong with a form, the code and the message of each mistake."""
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_json_obj(obj)
    found = caught.value.diagnostics
    # The place is in the message: data has no text that a span or a fix could be about.
    assert {(one.span, one.source_index, one.fixes) for one in found} == {(fl.Span(0, 0), None, ())}
    assert (caught.value.sources, caught.value.query) == ((), None)
    return [(one.code, one.message) for one in found]


def is_read(obj):
    try:
        fl.from_json_obj(obj)
    except fl.FilterSyntaxError:
        return False
    return True


# --- Writing and reading --------------------------------------------------------------------------


def test_the_form_is_plain_data():
    filters = fl.parse([r"name==Smith\, J.;title~50\* *;id!=", "score>=10"])
    assert fl.to_json_obj(filters) == {
        "version": 1,
        "filters": [
            [
                {"name": "name", "operator": "==", "expression": "Smith, J."},
                {"name": "title", "operator": "~", "pattern": r"50\* *"},
                {"name": "id", "operator": "!=", "expression": ""},
            ],
            [{"name": "score", "operator": ">=", "expression": "10"}],
        ],
    }


def test_a_clause_and_a_filter_are_written_as_a_set_of_one():
    filter_ = fl.parse_filter("score>=10")
    written = form([clause("score", ">=", "10")])
    assert fl.to_json_obj(filter_) == fl.to_json_obj(filter_.clauses[0]) == written
    assert fl.to_json_obj(fl.FilterSet()) == form()


def test_only_nodes_are_written():
    with pytest.raises(TypeError) as caught:
        fl.to_json_obj("a==1")
    message = "expected a FilterSet, Filter or Clause, not str; parse the text first"
    assert str(caught.value) == message


@given(filter_sets())
def test_reading_inverts_writing(filters):
    """from_json_obj(to_json_obj(x)) == x, also through the text of JSON, and the schema agrees."""
    written = fl.to_json_obj(filters)
    assert fl.from_json_obj(written) == filters
    for ensure_ascii in (True, False):
        text = json.dumps(written, ensure_ascii=ensure_ascii)
        assert json.loads(text) == written
        assert fl.from_json_obj(json.loads(text)) == filters
    VALIDATOR.validate(written)


@given(nodes)
def test_what_was_read_is_written_the_same(node):
    """to_json_obj(from_json_obj(to_json_obj(x))) == to_json_obj(x), for the three nodes."""
    written = fl.to_json_obj(node)
    assert fl.to_json_obj(fl.from_json_obj(written)) == written


def test_names_and_patterns_are_brought_to_their_canonical_text():
    read = fl.from_json_obj(form([clause(" a . b", "~", r" x**\y ".replace(r"\y", r"\=y"))]))
    assert fl.to_json_obj(read) == form([clause("a.b", "~", "x*=y")])


def test_numbers_are_those_of_json():
    # JSON doesn't tell 1 from 1.0, and neither does JSON Schema.
    assert fl.from_json_obj({"version": 1.0, "filters": []}) == fl.FilterSet()


# --- Mistakes -------------------------------------------------------------------------------------

WHOLE = "one of the keys 'version', 'filters'"
KEYS = "one of the keys 'name', 'operator', "


@pytest.mark.parametrize(
    ("obj", "message"),
    [
        (None, "the JSON form: expected an object, found null"),
        ([], "the JSON form: expected an object, found an array"),
        ("a==1", "the JSON form: expected an object, found 'a==1'"),
        (fl.FilterSet(), "the JSON form: expected an object, found FilterSet"),
        ({"filters": []}, "the JSON form: expected the key 'version', found none"),
        ({"version": 1}, "the JSON form: expected the key 'filters', found none"),
        ({"version": 2, "filter": 3}, "/version: expected 1, found 2"),
        ({"version": "1"}, "/version: expected 1, found '1'"),
        ({"version": True}, "/version: expected 1, found true"),
        ({"version": False}, "/version: expected 1, found false"),
        ({"version": None}, "/version: expected 1, found null"),
        ({"version": 1.5}, "/version: expected 1, found 1.5"),
        ({"version": 10**18 - 1}, f"/version: expected 1, found {'9' * 18}"),
        ({"version": 1 - 10**18}, f"/version: expected 1, found -{'9' * 18}"),
        ({"version": 10**18}, "/version: expected 1, found a number"),
        ({"version": -1e18}, "/version: expected 1, found a number"),
        ({"version": 10**5000}, "/version: expected 1, found a number"),
        ({"version": float("nan")}, "/version: expected 1, found a number"),
        (form(filter=[]), f"the JSON form: expected {WHOLE}, found 'filter'"),
        (form(**{"a\n/b": 1}), f"the JSON form: expected {WHOLE}, found 'a␊/b'"),
        ({1: 2, **form()}, f"the JSON form: expected {WHOLE}, found 1"),
        ({"version": 1, "filters": {}}, "/filters: expected an array, found an object"),
        ({"version": 1, "filters": ()}, "/filters: expected an array, found tuple"),
        (form("a==1"), "/filters/0: expected an array, found 'a==1'"),
        (form([]), "/filters/0: expected at least one clause, found an empty array"),
        (form([[]]), "/filters/0/0: expected an object, found an array"),
        (
            form([{"operator": "==", "expression": "1"}]),
            "/filters/0/0: expected the key 'name', found none",
        ),
        (
            form([{"name": "a", "expression": "1"}]),
            "/filters/0/0: expected the key 'operator', found none",
        ),
        (
            form([{"name": "a", "operator": "=="}]),
            "/filters/0/0: expected the key 'expression', found none",
        ),
        (
            form([{"name": "a", "operator": "~"}]),
            "/filters/0/0: expected the key 'pattern', found none",
        ),
        (
            form([{"name": "a", "operator": "~", "expression": "x"}]),
            f"/filters/0/0: expected {KEYS}'pattern', found 'expression'",
        ),
        (
            form([{"name": "a", "operator": "==", "pattern": "x"}]),
            f"/filters/0/0: expected {KEYS}'expression', found 'pattern'",
        ),
        (
            form([clause("a", "==", "1") | {"not": True}]),
            f"/filters/0/0: expected {KEYS}'expression', found 'not'",
        ),
        (
            form([{"name": "a", "value": "1"}, clause("b", "==", "1")]),
            (
                f"/filters/0/0: expected {KEYS}'expression', 'pattern', found 'value'\n"
                "/filters/0/0: expected the key 'operator', found none"
            ),
        ),
        (
            form([clause("a", "=@", "x")]),
            f"/filters/0/0/operator: expected one of {SPELLINGS}, found '=@'",
        ),
        (
            form([clause("a", "==", "1") | {"operator": ["=="]}]),
            f"/filters/0/0/operator: expected one of {SPELLINGS}, found an array",
        ),
        (form([clause(1, "==", "x")]), "/filters/0/0/name: expected a string, found 1"),
        (form([clause("a", "==", 10)]), "/filters/0/0/expression: expected a string, found 10"),
        (form([clause("a", "~", None)]), "/filters/0/0/pattern: expected a string, found null"),
    ],
)
def test_what_is_not_the_form(obj, message):
    assert findings(obj) == [("FL211", line) for line in message.split("\n")]
    if not isinstance(obj, fl.FilterSet | dict) or all(isinstance(key, str) for key in obj):
        assert not VALIDATOR.is_valid(obj)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (clause("", "==", "1"), "name: the name is empty"),
        (clause("a..b", "==", "1"), "name: the name 'a..b' has an empty segment"),
        (clause("a=b", "==", "1"), "name: a name can't hold '=': 'a=b'"),
        (clause("a\n", "==", "1"), r"name: a name can't hold U+000A: 'a\n'"),
        (
            clause("a", "<", ""),
            "expression: after < the expression can't be empty; only == and != allow that",
        ),
        (
            clause("a", "==", "b\tc"),
            r"expression: an expression can't hold U+0009 (character 2 of 'b\tc')",
        ),
        (
            clause("a", "==", "b\n"),
            r"expression: an expression can't hold U+000A (character 2 of 'b\n')",
        ),
        (
            clause("a", "~", " "),
            "pattern: a pattern can't be empty; to test for an empty value, use == or !=",
        ),
        (
            clause("a", "~", "x,y"),
            r"pattern: a bare ',' can't stand in a pattern; write '\,': 'x,y'",
        ),
        (
            clause("a", "!~", r"\d"),
            r"pattern: unknown escape '\d' in the pattern '\\d'; a backslash is '\\'",
        ),
    ],
)
def test_what_no_filter_can_hold(part, message):
    assert findings(form([part])) == [("FL212", f"/filters/0/0/{message}")]
    assert not VALIDATOR.is_valid(form([part]))


def test_half_of_a_character_is_refused_though_json_schema_can_not_name_it():
    half = form([clause("a", "==", "\ud800")])
    message = r"an expression can't hold U+D800 (character 1 of '\ud800')"
    assert findings(half) == [("FL212", f"/filters/0/0/expression: {message}")]
    assert VALIDATOR.is_valid(half)


def test_all_mistakes_are_reported_at_once():
    obj = form(
        [
            {"name": "a..b", "operator": "=>", "expression": "\t", "pattern": ","},
            {"name": "a", "operator": "==", "expression": "x", "why": "y"},
        ],
        [],
        {"name": "a"},
        comment="",
    )
    assert [message.partition(":")[0] for _, message in findings(obj)] == [
        "the JSON form",
        "/filters/0/0/operator",
        "/filters/0/0/name",
        "/filters/0/0/expression",
        "/filters/0/0/pattern",
        "/filters/0/1",
        "/filters/1",
        "/filters/2",
    ]


@pytest.mark.parametrize("text", ['{"version": 1}', b"{}", bytearray()])
def test_the_text_of_json_is_not_the_form(text):
    with pytest.raises(fl.FilterSyntaxError, match="expected an object, found ") as caught:
        fl.from_json_obj(text)
    assert [one.hint for one in caught.value.diagnostics] == [
        "this is the text of JSON; json.loads makes objects of it"
    ]


def test_a_refusal_says_what_to_do():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_json_obj(form([clause("a", "==", 1) | {"or": 2}]))
    assert str(caught.value) == (
        "error[FL211]: /filters/0/0: expected one of the keys 'name', 'operator', 'expression',"
        " found 'or'\n"
        "hint: a key that isn't known might restrict the filter; remove it, or mend it\n"
        "\n"
        "error[FL211]: /filters/0/0/expression: expected a string, found 1\n"
        "hint: the form is described by grammar/filter.schema.json"
    )
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_json_obj({"version": 2})
    assert str(caught.value) == (
        "error[FL211]: /version: expected 1, found 2\n"
        "hint: another version of this library wrote the form; this one reads version 1"
    )


# --- The published schema -------------------------------------------------------------------------


def test_the_schema_is_one_and_its_examples_are_forms():
    VALIDATOR.check_schema(SCHEMA)
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)
        assert fl.to_json_obj(fl.from_json_obj(example)) == example
    for pattern in SCHEMA["$defs"]["pattern"]["examples"]:
        assert fl.Pattern(pattern).text == pattern


# What stands in names, patterns and expressions in one way or another, and a control character.
texts = st.text(st.sampled_from("ab .=~!<>,;\\*?\n\x7f\x9fé😀"), max_size=4)
scalars = st.none() | st.booleans() | st.integers(-1, 2) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
clauses = st.fixed_dictionaries(
    {},
    optional={
        "name": texts | values,
        "operator": st.sampled_from([*map(str, fl.Operator), "=@", "=", ""]) | values,
        "expression": texts | values,
        "pattern": texts | values,
    },
)
near_forms = st.fixed_dictionaries(
    {"version": st.sampled_from([1, 1.0, 1, 1, 2, True, "1", None])},
    optional={"filters": st.lists(st.lists(clauses, max_size=2) | values, max_size=2) | values},
)


def places(obj, path=()):
    """Find every member and element in the data."""
    yield path
    if isinstance(obj, dict):
        for key, value in obj.items():
            yield from places(value, (*path, key))
    elif isinstance(obj, list):
        for index, value in enumerate(obj):
            yield from places(value, (*path, index))


@st.composite
def damaged_forms(draw):
    """A good form in which one member or element was deleted, replaced, renamed or doubled."""
    obj = copy.deepcopy(fl.to_json_obj(draw(filter_sets())))
    path = draw(st.sampled_from(list(places(obj))[1:]))
    *before, last = path
    at = obj
    for step in before:
        at = at[step]
    match draw(st.sampled_from(["delete", "replace", "rename", "double"])):
        case "delete":
            del at[last]
        case "rename" if isinstance(at, dict):
            at[draw(st.sampled_from(["name", "pattern", "expression"]) | texts)] = at.pop(last)
        case "double" if isinstance(at, list):
            at.insert(last, at[last])
        case _:
            at[last] = draw(values)
    return obj


@given(damaged_forms() | near_forms | values)
def test_the_schema_accepts_what_is_read_and_nothing_else(obj):
    """is_valid(x) == from_json_obj accepts x, for data without halves of characters."""
    assert VALIDATOR.is_valid(obj) is is_read(obj)


def at(obj, pointer):
    """Follow a JSON pointer whose keys are those of the form."""
    for step in pointer.split("/")[1:]:
        obj = obj[int(step)] if isinstance(obj, list) else obj[step]
    return obj


@given(damaged_forms() | near_forms | values)
def test_each_mistake_names_a_place_that_is_there(obj):
    """A message begins with a JSON pointer into the data; the whole is called so."""
    try:
        fl.from_json_obj(obj)
    except fl.FilterSyntaxError as error:
        for one in error.diagnostics:
            place = one.message.partition(": ")[0]
            at(obj, "" if place == "the JSON form" else place)
            assert "\n" not in one.message
