"""Types for pydantic: what they take, what they refuse and with which words, and their JSON."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import Annotated, Any

import jsonschema
import pytest
from hypothesis import given
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

import filterlang as fl
from filterlang import Clause, Dimension, Filter, FilterSet, Schema, px
from filterlang.integrations.pydantic import AsFilter, AsFilterSet, FilterParam, FilterSetParam
from filterlang.testing import clauses, filter_sets, filters
from tests.support.drawn import texts
from tests.support.engines import need

ONE: TypeAdapter[Filter] = TypeAdapter(FilterParam)
MANY: TypeAdapter[FilterSet] = TypeAdapter(FilterSetParam)
USERS: TypeAdapter[Filter] = TypeAdapter(Annotated[Filter, AsFilter(px.USER)])


def errors_of(adapter: TypeAdapter[Any], value: object) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(value)
    return json.loads(caught.value.json(include_url=False))


# --- One filter -----------------------------------------------------------------------------------


@given(filters())
def test_the_text_of_a_filter_is_read(filter_):
    """The canonical text, a node, and the JSON of it, all give the equal node."""
    assert ONE.validate_python(str(filter_)) == filter_
    assert ONE.validate_python(filter_) is filter_
    assert ONE.validate_json(ONE.dump_json(filter_)) == filter_
    assert USERS.dump_python(filter_, mode="json") == str(filter_)


@given(clauses())
def test_a_clause_is_a_filter(clause):
    """A clause is taken for the filter of it alone."""
    assert ONE.validate_python(clause) == Filter([clause])


@given(texts)
def test_any_text_is_read_or_refused_with_one_error(text):
    """Whatever the text, there is a filter or one error of ours, and all of it fits into JSON."""
    try:
        assert FilterSet([ONE.validate_python(text)]) == fl.parse(text)
    except ValidationError as error:
        # What isn't text at all to pydantic is refused by pydantic itself.
        (only,) = error.errors()
        assert only["type"] in {"filter_error", "string_unicode"}
        json.dumps(only["msg"])


def test_nodes_stay_nodes_in_python():
    filter_ = fl.parse_filter("a==1")
    assert ONE.dump_python(filter_) is filter_


LONE_EQUALS = {
    "code": "FL104",
    "severity": "error",
    "message": "expected '==', found a single '='",
    "span": [8, 9],
    "hint": "write '=='",
}
NO_EXPRESSION = {
    "code": "FL110",
    "severity": "error",
    "message": "expected an expression after '>=', found the end of the filter",
    "span": [20, 20],
    "hint": "write what to compare with; only '==' and '!=' may stand alone, to test for an empty"
    " value",
}


def test_the_error_of_a_bad_text():
    message = (
        f"FL104 at column 9: {LONE_EQUALS['message']}; {LONE_EQUALS['hint']}\n"
        f"FL110 at column 21: {NO_EXPRESSION['message']}; {NO_EXPRESSION['hint']}"
    )
    assert errors_of(ONE, "lastName=Doe;score>=") == [
        {
            "type": "filter_error",
            "loc": [],
            "msg": message,
            "input": "lastName=Doe;score>=",
            "ctx": {
                "code": "FL104",
                "span": [8, 9],
                "fixed": None,
                "diagnostics": [LONE_EQUALS, NO_EXPRESSION],
                "message": message,
            },
        }
    ]


def test_a_mended_text_is_offered():
    (error,) = errors_of(ONE, "lastName=Doe")
    assert error["ctx"]["fixed"] == "lastName==Doe"


def test_braces_in_a_message_stay_braces():
    (error,) = errors_of(ONE, "{code}")
    assert error["msg"].startswith("FL103 at column 1: expected an operator after '{code}'")


@pytest.mark.parametrize("text", ["", "   "])
def test_blank_text_is_no_filter(text):
    (error,) = errors_of(ONE, text)
    assert error["msg"] == (
        "FL101 at column 1: expected a filter, found nothing;"
        " write at least one clause, such as 'countryCode==US'"
    )


@pytest.mark.parametrize("value", [7, None, b"a==1", ["a==1"], {"a": 1}])
def test_what_is_no_text_is_one_error(value):
    with pytest.raises(ValidationError) as caught:
        ONE.validate_python(value)
    assert [error["type"] for error in caught.value.errors()] == ["string_type"]


def test_text_may_be_too_long():
    short: TypeAdapter[Filter] = TypeAdapter(Annotated[Filter, AsFilter(max_length=10)])
    assert str(short.validate_python("a==1234567")) == "a==1234567"
    (error,) = errors_of(short, "a==12345678")
    assert error["ctx"]["code"] == "FL301"


def test_a_short_text_makes_no_long_error():
    (error,) = errors_of(ONE, "a==" + "," * 8_000)
    *lines, more = error["msg"].split("\n")
    assert len(lines) == 20
    assert all(line.startswith("FL111 at column ") for line in lines)
    assert more == "… and at least 980 more"
    codes = [one["code"] for one in error["ctx"]["diagnostics"]]
    assert codes == ["FL111"] * 20 + ["FL304"]
    assert len(json.dumps({**error, "input": ""})) < 16_000


def test_a_caller_sets_how_much_an_error_says():
    for type_, text in (
        (Annotated[Filter, AsFilter(max_diagnostics=2)], "a=1;b=2;c=3;d==null"),
        (Annotated[FilterSet, AsFilterSet(max_diagnostics=2)], ["a=1;b=2;c=3;d==null"]),
    ):
        adapter: TypeAdapter[Filter | FilterSet] = TypeAdapter(type_)
        (error,) = errors_of(adapter, text)
        line = "expected '==', found a single '='; write '=='"
        assert error["msg"] == f"FL104 at column 2: {line}\nFL104 at column 6: {line}\n… and 1 more"
        assert [one["code"] for one in error["ctx"]["diagnostics"]] == ["FL104", "FL104", "FL304"]
        assert error["ctx"]["fixed"] == "a==1;b==2;c==3;d==null"


# --- With a schema --------------------------------------------------------------------------------


def test_names_and_values_are_checked():
    assert str(USERS.validate_python("score>=10")) == "score>=10"
    (error,) = errors_of(USERS, "scroe>=10;type==boss")
    assert error["msg"] == (
        "FL501 at column 1: unknown name 'scroe'; did you mean 'score'?\n"
        "FL510 at column 17: 'boss' is not a value of 'type';"
        " its values are LEAD, USER, VISITOR, EMPTY_USER_TYPE"
    )


def test_nodes_are_checked_too():
    assert USERS.validate_python(Clause("score", ">", "1")) == fl.parse_filter("score>1")
    (error,) = errors_of(USERS, Clause("score", ">", "x"))
    assert error["ctx"]["code"] == "FL509"


def test_warnings_are_no_errors():
    assert str(ONE.validate_python("a=='x'")) == "a=='x'"


# --- Several filters ------------------------------------------------------------------------------


@given(filter_sets())
def test_filter_sets(filters):
    """Texts, nodes, and the JSON of them, all give the equal node."""
    assert MANY.validate_python(fl.unparse(filters)) == filters
    assert MANY.validate_python(list(filters.filters)) == filters
    assert MANY.validate_python(filters) == filters
    assert MANY.validate_json(MANY.dump_json(filters)) == filters


@pytest.mark.parametrize("value", ["a==1", fl.parse_filter("a==1"), Clause("a", "==", "1")])
def test_one_filter_is_a_set(value):
    assert MANY.validate_python(value) == fl.parse("a==1")


def test_each_bad_text_has_an_error_of_its_own():
    found = errors_of(MANY, ["a==1", "b=2", " ", "c"])
    assert [(error["loc"], error["ctx"]["code"]) for error in found] == [
        ([1], "FL104"),
        ([3], "FL103"),
    ]


def test_blank_texts_are_skipped():
    assert MANY.validate_python(["", " ", "a==1"]) == fl.parse("a==1")
    assert MANY.validate_python([]) == FilterSet([])


# --- Models and JSON Schema -----------------------------------------------------------------------


class Alert(BaseModel):
    when: FilterParam
    whom: Annotated[FilterSet, AsFilterSet(px.USER)] = Field(default_factory=lambda: FilterSet([]))


def test_a_model_is_restored_from_its_json():
    alert = Alert.model_validate({"when": "nps<6", "whom": ["score>1"]})
    assert alert.model_dump_json() == '{"when":"nps<6","whom":["score>1"]}'
    assert Alert.model_validate_json(alert.model_dump_json()) == alert


def test_places_of_errors_in_a_model():
    with pytest.raises(ValidationError) as caught:
        Alert.model_validate({"when": "nps", "whom": ["score>1", "score>x"]})
    assert [(error["loc"], error["ctx"]["code"]) for error in caught.value.errors()] == [
        (("when",), "FL103"),
        (("whom", 1), "FL509"),
    ]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_of_a_model(mode):
    spellings = " ".join(fl.Operator)
    about = f"Clauses 'name operator value' joined by ';' for AND; operators {spellings}."
    properties = Alert.model_json_schema(mode=mode)["properties"]
    assert properties["when"] == {
        "title": "When",
        "type": "string",
        "description": about,
        "maxLength": 1 << 20,
        "examples": ["location.countryCode==US;score>=10", "email~*@example.com"],
    }
    assert properties["whom"] == {
        "title": "Whom",
        "type": "array",
        "items": {
            "type": "string",
            "description": about,
            "maxLength": 1 << 20,
            "examples": ["identifyId~A*", "type==LEAD", "lastSeenDate>=2024-01-01"],
        },
    }


SCHEMAS = [
    None,
    px.USER,
    px.ACCOUNT,
    Schema({"a": Dimension("text", deprecated="use b"), "b": Dimension("boolean")}),
    Schema({"a": Dimension("text", filterable=False), "b": Dimension("list of number")}),
    Schema({"a": Dimension("text", operators=["=="]), "x y": Dimension("enum", values=[","])}),
    Schema({}),
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_examples_are_right(schema):
    adapter: TypeAdapter[Filter] = TypeAdapter(Annotated[Filter, AsFilter(schema)])
    examples = adapter.json_schema()["examples"]
    for example in examples:
        adapter.validate_python(example)
    assert len(examples) <= 3
    jsonschema.Draft202012Validator.check_schema(adapter.json_schema())


def test_text_of_any_length():
    adapter: TypeAdapter[Filter] = TypeAdapter(Annotated[Filter, AsFilter(max_length=None)])
    assert "maxLength" not in adapter.json_schema()


def test_the_core_imports_no_pydantic():
    code = (
        "import sys, filterlang as fl; fl.compile('a==1', schema=fl.px.USER)({});"
        " fl.check('a=1'); sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# --- Classes of nodes as types of fields ----------------------------------------------------------


class Rule(BaseModel):
    when: Filter
    whom: FilterSet = FilterSet()


@given(filters(), filter_sets())
def test_a_field_of_a_class_of_nodes(when, whom):
    rule = Rule(when=when, whom=whom)
    assert rule == Rule(when=str(when), whom=fl.unparse(whom))
    assert rule == Rule.model_validate_json(rule.model_dump_json())
    assert rule == Rule.model_validate(rule.model_dump())
    assert rule == Rule(when=when, whom=json.dumps(fl.unparse(whom)))
    assert rule == Rule(when=fl.to_json_obj(when), whom=fl.to_json_obj(whom))
    assert rule == Rule(when=when, whom=json.dumps(fl.to_json_obj(whom)))


def test_a_field_of_a_class_of_nodes_is_described_as_one_of_texts():
    assert Rule.model_json_schema()["properties"]["when"].keys() == {
        "type",
        "title",
        "description",
        "maxLength",
        "examples",
    }
    assert Rule.model_json_schema()["properties"]["whom"]["items"]["type"] == "string"


@pytest.mark.parametrize("value", ["[", "[1]", '["a==1", 2]', "{}", '{"a": 1}', "[" * 100_000])
def test_what_is_no_list_of_texts_in_json_is_one_text(value):
    (error,) = errors_of(MANY, value)
    assert (error["type"], error["loc"]) == ("filter_error", [0])
    assert error["input"] == value


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"version": 1, "filters": []}, "expected one filter, found 0"),
        ({"version": 2, "filters": []}, "FL301"),
    ],
)
def test_a_form_that_holds_no_filter_is_one_error(form, message):
    (error,) = errors_of(ONE, form)
    assert error["type"] == "filter_error"
    assert message in error["msg"] or error["ctx"]["code"].startswith("FL")


def test_settings_are_read_from_the_environment(monkeypatch):
    settings = need("pydantic_settings", "dev")

    class Settings(settings.BaseSettings):
        only: Filter
        audience: FilterSet
        nobody: FilterSet = FilterSet()
        users: Annotated[FilterSet, AsFilterSet(px.USER)]

    monkeypatch.setenv("ONLY", "score>=10;city==Bonn")
    monkeypatch.setenv("AUDIENCE", '["role==admin", "title~*owner*"]')
    monkeypatch.setenv("USERS", "countryCode==US")
    read = Settings()
    assert str(read.only) == "score>=10;city==Bonn"
    assert fl.unparse(read.audience) == ["role==admin", "title~*owner*"]
    assert fl.unparse(read.users) == ["location.countryCode==US"]
    monkeypatch.setenv("AUDIENCE", json.dumps(fl.to_json_obj(fl.parse("role==admin"))))
    assert fl.unparse(Settings().audience) == ["role==admin"]
    monkeypatch.setenv("AUDIENCE", "role=admin")
    with pytest.raises(ValidationError) as caught:
        Settings()
    (error,) = caught.value.errors()
    assert (error["loc"], error["ctx"]["fixed"]) == (("audience", 0), "role==admin")


def test_aliases_come_out_as_the_names_that_they_stand_for():
    assert str(USERS.validate_python("countryCode==US;customAttributes.a==1")) == (
        "location.countryCode==US;customAttributes.a==1"
    )
    assert str(USERS.validate_python(fl.field("countryCode") == "US")) == "location.countryCode==US"


def test_of_many_bad_texts_the_first_ones_are_told():
    *told, rest = errors_of(MANY, ["a=b"] * 1_000)
    assert [one["loc"] for one in told] == [[index] for index in range(20)]
    assert (rest["loc"], rest["msg"]) == (
        [20],
        "there are more bad filters than 20; the rest isn't listed",
    )
    assert len(errors_of(MANY, ["a=b"] * 20)) == 20


@pytest.mark.parametrize("class_", [AsFilter, AsFilterSet])
def test_limits_are_kept_by_copies(class_):
    one = pickle.loads(pickle.dumps(class_(max_length=9, max_diagnostics=2)))
    adapter = TypeAdapter(Annotated[FilterSet if class_ is AsFilterSet else Filter, one])
    (error,) = errors_of(adapter, "a==,,,,")
    assert len(error["ctx"]["diagnostics"]) == 3
    (error,) = errors_of(adapter, "a==1234567")
    assert error["ctx"]["code"] == "FL301"
