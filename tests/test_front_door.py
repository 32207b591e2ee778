"""The public names, their arguments and attributes: other programs are written against them."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
import typing

import pytest

import filterlang as fl


def test_every_public_name_is_there():
    for name in fl.__all__:
        assert getattr(fl, name) is not None
        assert name in dir(fl)
    with pytest.raises(AttributeError, match="module 'filterlang' has no attribute 'nothing'"):
        fl.nothing  # noqa: B018 — looking it up is the test


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("parse", ["source", "max_length"]),
        ("parse_filter", ["text", "max_length"]),
        ("unparse", ["node"]),
        ("to_params", ["filters", "dialect"]),
        ("from_params", ["pairs", "max_length"]),
        ("to_query", ["filters", "dialect"]),
        ("split_by_length", ["filters", "max_length", "dialect"]),
        ("comma_trap", ["filters"]),
        ("to_json_obj", ["filters"]),
        ("from_json_obj", ["obj"]),
        ("from_query", ["query", "max_length"]),
        ("compile", ["filters", "schema", "max_length"]),
        ("matches", ["filters", "record", "schema"]),
        ("check", ["source", "schema", "max_length"]),
        ("escape", ["text"]),
        ("rename", ["filters", "mapping"]),
        ("resolve", ["filters", "schema", "unknown"]),
        ("map_clauses", ["filters", "function", "emptied"]),
        ("template", ["text", "schema", "tz"]),
        ("fill", ["template_string", "schema", "tz"]),
        ("any_of", ["filters"]),
        ("all_of", ["filters"]),
        ("ago", ["weeks", "days", "hours", "minutes", "seconds", "now"]),
    ],
)
def test_the_arguments_and_their_order(name, parameters):
    assert list(inspect.signature(getattr(fl, name)).parameters) == parameters


@pytest.mark.parametrize(
    ("class_", "fields"),
    [
        (fl.Clause, ("name", "operator", "expression")),
        (fl.Filter, ("clauses",)),
        (fl.FilterSet, ("filters",)),
        (fl.Pattern, ("text",)),
        (
            fl.Diagnostic,
            ("code", "severity", "message", "span", "hint", "fixes", "source_index"),
        ),
        (fl.Fix, ("edits", "safe")),
        (fl.Span, ("start", "end")),
        (fl.Edit, ("span", "text")),
    ],
)
def test_values_are_made_of_their_public_fields(class_, fields):
    assert class_.__match_args__ == fields
    assert list(inspect.signature(class_).parameters) == list(fields)


def test_the_example_of_the_front_door():
    filters = fl.parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"])
    assert fl.unparse(filters) == ["countryCode==US;cityName==Cleveland", "countryCode==UK"]
    assert fl.to_params(filters)[1] == ("filter", "countryCode==UK")
    query = "filter=countryCode%3D%3DUS%3BcityName%3D%3DCleveland&filter=countryCode%3D%3DUK"
    assert fl.to_query(filters) == query
    matcher = fl.compile(filters)
    record = {"countryCode": "uk"}
    assert matcher(record) is matcher.matches(record) is fl.matches(filters, record) is True
    assert list(matcher.filter([record, {}])) == [record]
    assert matcher.explain(record).matched
    report = fl.check("lastName=Doe", schema=fl.px.USER)
    assert (report.ok, report.filters, report.fixed) == (False, None, ["lastName==Doe"])
    assert report.render().startswith("error[FL104]")
    assert fl.escape("Smith, John") == "Smith\\, John"


def test_errors_are_value_errors_with_diagnostics_and_pickle():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.parse("a=1")
    error = caught.value
    assert isinstance(error, fl.FilterError)
    assert isinstance(error, ValueError)
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), twin.diagnostics, str(twin)) == (type(error), error.diagnostics, str(error))
    for class_ in (fl.SchemaError, fl.UnsupportedError, fl.LimitError):
        assert issubclass(class_, fl.FilterError)


def test_importing_loads_nothing_heavy_and_a_valid_filter_needs_no_lark():
    code = (
        "import sys, filterlang as fl\n"
        "assert not [name for name in sys.modules if name.startswith('filterlang.') and name !="
        " 'filterlang._version'], sys.modules\n"
        "assert fl.to_query(fl.parse(' a . b == x ; c~*y ;'))\n"
        "assert fl.compile('a==1')({'a': 1})\n"
        "heavy = {'lark', 'click', 'rich', 'pydantic', 'dataclasses', 'inspect'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_types_of_arguments_are_there_at_run_time_too():
    """Who looks at annotations, as pydantic and FastAPI do, finds them."""

    def find(filters: fl.Filters, texts: fl.Texts, dialect: fl.Dialect) -> fl.Params:
        """Stand for a function of an SDK."""

    def one(node: fl.Node, value: fl.Value) -> None:
        """Stand for another one."""

    assert set(typing.get_type_hints(find)) == {"filters", "texts", "dialect", "return"}
    hints = typing.get_type_hints(one)
    assert hints["node"] == fl.Clause | fl.Filter | fl.FilterSet
    assert isinstance(fl.parse("a==1"), fl.Node)
    assert typing.get_args(fl.Dialect) == ("px", "aptrinsic-2019")
