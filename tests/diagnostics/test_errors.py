"""The exceptions: what they carry, how they read, and that copies and pickles are whole."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

import filterlang as fl
from filterlang import F, field
from filterlang.diagnostics.diagnostic import Diagnostic, Edit, Fix, Span, render
from filterlang.diagnostics.errors import (
    FilterError,
    FilterSyntaxError,
    LimitError,
    SchemaError,
    UnsupportedError,
    diagnose,
)
from filterlang.diagnostics.hints import HINTS
from filterlang.diagnostics.messages import MESSAGES, Message

CLASSES = [FilterError, FilterSyntaxError, SchemaError, UnsupportedError, LimitError]

IN_THE_SECOND = Diagnostic("FL001", "error", "one", Span(1, 2), "do that", source_index=1)
IN_THE_QUERY = Diagnostic("FL002", "warning", "two", Span(0, 6), source_index=None)
SOURCES = ("a==1", "b=2")
QUERY = "filtre=a"
SHOWN = (
    "error[FL001]: one\n"
    " --> filter 2, column 2\n"
    "  |\n"
    "  | b=2\n"
    "  |  ^\n"
    "hint: do that\n"
    "\n"
    "warning[FL002]: two\n"
    " --> query, column 1\n"
    "  |\n"
    "  | filtre=a\n"
    "  | ^^^^^^"
)


# --- The exceptions -------------------------------------------------------------------------------


@pytest.mark.parametrize("class_", CLASSES)
def test_an_error_carries_what_it_was_made_of(class_):
    error = class_([IN_THE_SECOND, IN_THE_QUERY], list(SOURCES), QUERY)
    assert error.diagnostics == (IN_THE_SECOND, IN_THE_QUERY)
    assert error.sources == SOURCES
    assert error.query == QUERY
    assert error.args == ((IN_THE_SECOND, IN_THE_QUERY), SOURCES, QUERY)
    assert str(error) == SHOWN


def test_an_error_is_plain_data_in_the_form_of_a_report():
    texts = ["a==1", "b=2;😀=1", "c"]
    with pytest.raises(FilterSyntaxError) as caught:
        fl.parse(texts)
    report = fl.check(texts)
    for encoding in ("utf-8", "utf-16", "utf-32"):
        told = caught.value.to_dict(encoding=encoding)
        assert told == {
            "ok": False,
            "diagnostics": report.to_dict(encoding=encoding)["diagnostics"],
        }
        assert json.loads(json.dumps(told)) == told
    few = caught.value.to_dict(max_diagnostics=1)["diagnostics"]
    assert few == report.to_dict(max_diagnostics=1)["diagnostics"]


def test_plain_data_has_places_in_the_query_too():
    error = FilterError([IN_THE_SECOND, IN_THE_QUERY], SOURCES, QUERY)
    told = error.to_dict()["diagnostics"]
    assert [(one["data"]["source_index"], one["data"]["span"]) for one in told] == [
        (1, [1, 2]),
        (None, [0, 6]),
    ]
    assert [one["range"]["end"]["character"] for one in told] == [2, 6]
    with pytest.raises(FilterSyntaxError) as caught:
        fl.from_query("fliter=é&filter=%C3%A9=1")
    told = caught.value.to_dict(encoding="utf-8")["diagnostics"]
    assert json.loads(json.dumps(told)) == told
    assert [(one["code"], one["data"]["source_index"]) for one in told] == [
        ("FL203", None),
        ("FL104", 0),
    ]


@pytest.mark.parametrize(
    "raising",
    [
        lambda: fl.parse("city==Cleveland", max_length=10),
        lambda: F.a.in_(range(300)) & F.b.in_(range(300)),
        lambda: fl.to_query(fl.parse("city!~B*"), dialect="aptrinsic-2019"),
        lambda: field("scroe", schema=fl.px.USER),
        lambda: fl.from_json_obj({"filters": 5}),
    ],
)
def test_every_error_is_plain_data(raising):
    with pytest.raises(FilterError) as caught:
        raising()
    told = caught.value.to_dict()["diagnostics"]
    assert [one["code"] for one in told] == [one.code for one in caught.value.diagnostics]
    assert json.loads(json.dumps(told)) == told


def test_iterables_are_read_once():
    error = FilterError(iter([IN_THE_SECOND]), iter(SOURCES))
    assert (error.diagnostics, error.sources, error.query) == ((IN_THE_SECOND,), SOURCES, None)
    for _ in range(2):
        assert str(error) == SHOWN.partition("\n\n")[0]


def test_without_its_text_a_finding_has_no_line():
    error = FilterError([IN_THE_SECOND, IN_THE_QUERY])
    assert (error.sources, error.query) == ((), None)
    assert str(error) == "error[FL001]: one\nhint: do that\n\nwarning[FL002]: two"


@pytest.mark.parametrize("class_", CLASSES)
@pytest.mark.parametrize(
    "arguments",
    [
        ([IN_THE_SECOND, IN_THE_QUERY], SOURCES, QUERY),
        ([IN_THE_SECOND], SOURCES),
        ([IN_THE_SECOND],),
        ([], (), ""),
    ],
)
@pytest.mark.parametrize(
    "twin_of",
    [
        copy.copy,
        copy.deepcopy,
        *(
            lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
)
def test_copies_and_pickles_are_whole(class_, arguments, twin_of):
    error = class_(*arguments)
    twin = twin_of(error)
    assert type(twin) is class_
    assert twin.args == error.args
    assert (twin.diagnostics, twin.sources, twin.query) == error.args
    assert str(twin) == str(error)


def test_errors_are_caught_as_value_errors_and_by_their_own_class():
    assert FilterError.__mro__[1] is ValueError
    assert [class_.__bases__ for class_ in CLASSES[1:]] == [(FilterError,)] * 4


# --- Diagnostics from the tables ------------------------------------------------------------------


def test_templates_are_filled_in():
    assert diagnose("FL105", Span(1, 3), meant=">=", written="=>") == Diagnostic(
        "FL105", "error", "expected '>=', found '=>'", Span(1, 3), "write '>='", (), 0
    )


def test_a_case_chooses_the_hint():
    fixes = [Fix([Edit(Span(1, 2), "==")], safe=True)]
    found = diagnose("FL105", Span(1, 2), case="pattern", fixes=fixes, meant="~", written="=~")
    assert found == Diagnostic(
        "FL105",
        "error",
        "expected '~', found '=~'",
        Span(1, 2),
        "write '~', with '*' for any run of characters",
        tuple(fixes),
        0,
    )


@pytest.mark.parametrize("index", [0, 3, None])
def test_the_text_that_a_finding_is_about(index):
    assert diagnose("FL104", Span(1, 2), source_index=index) == Diagnostic(
        "FL104", "error", "expected '==', found a single '='", Span(1, 2), "write '=='", (), index
    )


def test_an_entry_may_have_no_hint():
    found = diagnose("FL212", Span(0, 0), source_index=None, place="/filters/0", reason="{x}")
    # What is filled in is no template.
    assert found == Diagnostic(
        "FL212", "error", "/filters/0: {x}", Span(0, 0), None, (), source_index=None
    )
    assert render([found]) == "error[FL212]: /filters/0: {x}"


def test_the_severity_is_that_of_the_table(monkeypatch):
    monkeypatch.setitem(MESSAGES, "FL104", Message("hint", "sieh {wo}", "an {wo}"))
    monkeypatch.setitem(HINTS, "FL104/empty", "bei {wo}")
    assert diagnose("FL104", Span(0, 1), wo="A") == Diagnostic(
        "FL104", "hint", "sieh A", Span(0, 1), "an A"
    )
    assert diagnose("FL104", Span(0, 1), case="empty", wo="A").hint == "bei A"


@pytest.mark.parametrize(
    ("code", "case", "key"), [("FL999", None, "FL999"), ("FL104", "full", "FL104/full")]
)
def test_what_no_table_has_is_a_mistake_of_this_library(code, case, key):
    with pytest.raises(KeyError) as caught:
        diagnose(code, Span(0, 0), case=case)
    assert caught.value.args == (key,)
