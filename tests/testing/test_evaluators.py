"""Everything that gives verdicts stands in one list, and says what the vectors say.

Spark, PostgreSQL and MariaDB are asked where their servers are: in tests/backends.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec

import pytest

import filterlang as fl
from filterlang.testing import LeftOut, Reason, evaluators
from tests.support.engines import need
from tests.support.evaluated import EXECUTED, expect_vectors

EVALUATORS = {one.name: one for one in evaluators()}
SERVERS = (
    "Spark",
    "Spark Connect",
    "PostgreSQL",
    "PostgreSQL documents",
    "MariaDB",
    "MariaDB documents",
)
EXTRAS = {
    "dask": "dask",
    "narwhals": "frames",
    "polars": "polars",
    "pyarrow": "files",
    "pyspark": "spark",
    "sqlalchemy": "sql",
}
# Modules that ask for verdicts, or reason about what they would be, and give none themselves.
ASK_OTHERS = {
    "filterlang.backends.files.tables.avro": "tells how columns are stored",
    "filterlang.backends.files.tables.avro_schema": "tells how columns are stored",
    "filterlang.backends.files.tables.counting": "asks polars, by its writer, as frames do",
    "filterlang.backends.files.watching.asked_dates": "finds clauses that ask texts for dates",
    "filterlang.backends.files.watching.empty_texts": "asks the plain judge about empty texts",
    "filterlang.backends.files.watching.left_out_rows": "asks the plain judge about such rows",
    "filterlang.backends.files.watching.mistyped": "finds clauses that ask for other types",
    "filterlang.backends.files.watching.headers": "tells how columns are stored",
    "filterlang.backends.files.typed_texts.date_texts": "finds dates spelled unlike a clause",
    "filterlang.backends.files.scanning.located": "tells how columns are stored",
    "filterlang.backends.files.rows": "tells how columns are stored",
    "filterlang.backends.files.watching.watch": "tells how columns are stored",
    "filterlang.backends.files.watching.suspects": "finds clauses that ask for other types",
    "filterlang.backends.frames": "passes on what a plan says of itself",
    "filterlang.backends.frames.native": "asks polars and Spark, by their writers",
    "filterlang.backends.frames.selecting": "asks the engine of a frame, by its writer",
    "filterlang.backends.sql.where_clause": "asks for typed columns and for documents",
    "filterlang.cli.painting": "asks the plain judge which values of a record that matches pass",
    "filterlang.px.event_windows": "finds between which dates all matches lie",
    "filterlang.px.server.page_statements": "asks the backend, and judges which index is worth it",
    "filterlang.reasoning.boundary_values": "finds the values at which verdicts change",
    "filterlang.reasoning.counterexamples": "asks the plain judge about records that it makes",
    "filterlang.reasoning.implication": "compares clauses with each other",
    "filterlang.testing.evaluators": "is the list",
}
ROOTS = ("filterlang.semantics.tests", "filterlang.semantics.judge", "filterlang.backends.plan")


def ready(name):
    """Give an evaluator whose packages are there, or skip the test."""
    for package in EVALUATORS[name].requires:
        need(package, EXTRAS.get(package, "dev"))
    return EVALUATORS[name]


SLOW = {"dask"}
"""Evaluators that take many seconds."""


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in EVALUATORS
        if name not in SERVERS
    ],
)
def test_vectors(name):
    expect_vectors(ready(name))


def test_each_name_is_there_once_with_a_number_of_vectors():
    assert [one.name for one in evaluators()] == list(EXECUTED)


# --- No module is forgotten -----------------------------------------------------------------------


@pytest.fixture
def graph():
    grimp = need("grimp", "dev")
    return grimp.build_graph("filterlang", exclude_type_checking_imports=False)


def roots_in(graph):
    return {
        module
        for module in graph.modules
        if any(module == root or module.startswith(f"{root}.") for root in ROOTS)
    }


def forgotten(graph):
    """Give the modules that know what decides a verdict, and that no evaluator leads to."""
    roots = roots_in(graph)
    reached = set(roots)
    for one in evaluators():
        reached |= {one.module} | graph.find_upstream_modules(one.module)
    knowing = {who for root in roots for who in graph.find_modules_that_directly_import(root)}
    return knowing - reached


def test_whatever_decides_a_verdict_belongs_to_an_evaluator(graph):
    assert forgotten(graph) == ASK_OTHERS.keys()


def test_a_forgotten_module_would_be_seen(graph):
    graph.add_module("filterlang.backends.frames.forgotten")
    graph.add_import(
        importer="filterlang.backends.frames.forgotten",
        imported="filterlang.backends.plan.planner",
    )
    graph.add_import(
        importer="filterlang.backends.frames.selecting",
        imported="filterlang.backends.frames.forgotten",
    )
    assert forgotten(graph) - ASK_OTHERS.keys() == {"filterlang.backends.frames.forgotten"}


@pytest.mark.parametrize("name", EVALUATORS)
def test_the_module_of_an_evaluator_knows_what_decides(graph, name):
    module = EVALUATORS[name].module
    assert module in graph.modules
    assert ({module} | graph.find_upstream_modules(module)) & roots_in(graph)


# --- What is left out -----------------------------------------------------------------------------


def left_out(name, filters, records):
    verdicts = ready(name).judge(filters, records)
    assert isinstance(verdicts, LeftOut)
    return verdicts.reason, verdicts.detail


TABLES = [name for name, one in EVALUATORS.items() if one.requires and name not in SERVERS]
LINES = ["prefilter", "JSON Lines"]


@pytest.mark.parametrize("name", [*LINES, *TABLES])
def test_a_record_that_is_no_mapping_of_texts(name):
    for record in (None, 1, "a", [{"a": 1}], {1: "a"}, object()):
        assert left_out(name, "a==1", [{"a": 1}, record]) == (Reason.NO_OBJECT, "")


@pytest.mark.parametrize("name", [*LINES, *TABLES])
def test_values_that_are_not_held_keep_nobody_from_asking_for_others(name):
    records = [{"odd": 1j, "plain": "Ab", "Plain": "x"}, {"plain": "c"}, {"odd": ["x", 2]}]
    reason = Reason.VALUES_NOT_HELD
    assert left_out(name, "plain==ab;odd==x", records) == (reason, "odd")
    assert ready(name).judge("plain==ab", records) == [True, False, False]
    assert ready(name).judge(["plain==ab", "Plain~*xyz*"], records) == [True, False, False]


@pytest.mark.parametrize("name", [name for name in EVALUATORS if name not in SERVERS])
def test_a_schema_is_used_and_there_may_be_no_records(name):
    schema = fl.Schema({"user.name": "text", "n": "text"}, aliases={"who": "user.name"})
    records = [{"user": {"name": "Ann"}, "n": 10}, {"user": {"name": "ann"}}, {"who": "ann"}]
    assert ready(name).judge(["who==ann;n~1*"], records, schema) == [True, False, False]
    assert ready(name).judge("name==ann", []) == []


@pytest.mark.parametrize("name", [name for name in EVALUATORS if name not in SERVERS])
def test_a_key_that_hides_others_is_not_put_where_it_was_not(name):
    records = [{"a": {"b": 1}}, {"a.b": None, "a": {"b": 1}}, {"a.b": 1}]
    if name in TABLES and name != "SQLite documents":
        assert left_out(name, "a.b==1", records) == (Reason.VALUES_NOT_HELD, "a.b")
        inside = [{"in": record} for record in records]
        expected = [True, False, True]
        if name == "SQLite":
            assert ready(name).judge("in.a.b==1", inside) == expected
        else:
            assert left_out(name, "in.a.b==1", inside) == (Reason.VALUES_NOT_HELD, "in")
        whole = [{"a": {"b": 1}} | record for record in records[1:]]
        assert ready(name).judge("a.b==1", whole) == [False, True]
    else:
        assert ready(name).judge("a.b==1", records) == [True, False, True]


def test_what_an_engine_refuses():
    for name in ("lazy polars", "DuckDB"):
        reason, detail = left_out(name, "n~1*", [{"n": 1.5}])
        assert reason is Reason.UNSUPPORTED
        assert "floating point numbers in its own way" in detail
    assert ready("polars").judge("n~1*", [{"n": 1.5}, {"n": 2.5}]) == [True, False]
    assert ready("SQLite").judge("d~1*", [{"d": b"1"}]) == [False]
    reason, detail = left_out("prefilter", "n!=1", [{"n": 1}])
    assert (reason, detail) == (Reason.UNSUPPORTED, "no text is needed for a match")


def test_times_that_a_database_holds():
    zone = timezone(timedelta(hours=-5))
    late, last = datetime(2024, 1, 31, 23, tzinfo=zone), datetime.max.replace(tzinfo=zone)
    plain = datetime(2024, 1, 31, 23)  # noqa: DTZ001 — a time without a zone is what is held here
    asked = ready("SQLite")
    assert asked.judge("t==2024-02-01T04:00", [{"t": late}, {"t": None}]) == [True, False]
    assert asked.judge("t==2024-01-31T23:00", [{"t": plain}, {}]) == [True, False]
    for values in ([late, plain], [last]):
        found = left_out("SQLite", "t==2024-01-31", [{"t": value} for value in values])
        assert found == (Reason.VALUES_NOT_HELD, "t")


def test_a_brace_in_a_text_has_lines_read_one_by_one():
    found = left_out("prefilter", "name==ann", [{"name": "{"}])
    assert found == (Reason.VALUES_NOT_HELD, "the lines have to be read one by one")


def test_what_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    found = EVALUATORS["polars"].ask(["a==1", "b==1"], [{"a": 1}], None)
    missing = LeftOut(Reason.NOT_INSTALLED, "pyarrow, polars")
    assert [one.reason for one in found] == [Reason.NOT_INSTALLED] * 2
    if find_spec("narwhals") is not None:
        assert found == [missing, missing]


@pytest.mark.parametrize("name", SERVERS)
def test_without_a_server_nobody_is_asked(name):
    assert EVALUATORS[name].judge("a==1", [{"a": 1}]) == LeftOut(Reason.NOT_CONNECTED)
    assert EVALUATORS[name].ask(["a==1", "b==1"], [None], None) == [
        LeftOut(Reason.NOT_CONNECTED),
        LeftOut(Reason.NOT_CONNECTED),
    ]
