"""Queries short enough for a URL, and the filters that a server may split at a comma."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.syntax.transport import MAX_QUERY_LENGTH
from filterlang.testing import filter_sets
from tests.support import records
from tests.support.drawn import nodes

SHORT = fl.parse(["id==1", "id==22", "id==333"])


@pytest.mark.parametrize(
    ("max_length", "parts"),
    [
        # filter=id%3D%3D1 has 16 characters, and each `&` one more.
        (18, [["id==1"], ["id==22"], ["id==333"]]),
        (33, [["id==1"], ["id==22"], ["id==333"]]),
        (34, [["id==1", "id==22"], ["id==333"]]),
        (52, [["id==1", "id==22"], ["id==333"]]),
        (53, [["id==1", "id==22", "id==333"]]),
    ],
)
def test_sets_are_filled_to_the_last_character(max_length, parts):
    split = fl.split_by_length(SHORT, max_length=max_length)
    assert [fl.unparse(part) for part in split] == parts
    assert fl.to_query(SHORT) == "filter=id%3D%3D1&filter=id%3D%3D22&filter=id%3D%3D333"


@pytest.mark.parametrize("max_length", [0, 1, MAX_QUERY_LENGTH])
def test_what_matches_everything_is_one_set_without_filters(max_length):
    assert fl.split_by_length(fl.FilterSet(), max_length=max_length) == [fl.FilterSet()]


def test_a_clause_and_a_filter_are_sets_of_one():
    filter_ = fl.parse_filter("a==1")
    for node in (filter_, filter_.clauses[0]):
        assert fl.split_by_length(node) == [fl.FilterSet([filter_])]


def test_by_default_a_query_fits_into_8_kib_with_room_for_the_rest_of_the_url():
    many = fl.parse([f"identifyId==user-{number}" for number in range(2_000)])
    parts = fl.split_by_length(many)
    lengths = [len(fl.to_query(part)) for part in parts]
    assert lengths == [7153, 7167, 7167, 7167, 7158, 7160, 7160, 7160, 7160, 428]
    assert max(lengths) <= MAX_QUERY_LENGTH == 8 * 1024 - 1024


def test_a_filter_that_can_not_fit_is_refused_with_its_length():
    filters = fl.parse(["a==1", "name==Ärger;b==2", "c==3", "customAttributes.plan==x"])
    with pytest.raises(fl.LimitError) as caught:
        fl.split_by_length(filters, max_length=20)
    assert str(caught.value) == (
        "error[FL303]: the filter takes 38 characters of the query, more than the limit of 20\n"
        " --> filter 2, column 1\n"
        "  |\n"
        "  | name==Ärger;b==2\n"
        "  | ^^^^^^^^^^^^^^^^\n"
        "hint: a filter can't be split, since its clauses must hold together; shorten it, or allow"
        " more\n"
        "\n"
        "error[FL303]: the filter takes 35 characters of the query, more than the limit of 20\n"
        " --> filter 4, column 1\n"
        "  |\n"
        "  | customAttributes.plan==x\n"
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "hint: a filter can't be split, since its clauses must hold together; shorten it, or allow"
        " more"
    )
    assert [one.source_index for one in caught.value.diagnostics] == [1, 3]


def test_lengths_are_those_of_the_dialect():
    filters = fl.parse("a~b")
    assert fl.split_by_length(filters, max_length=10) == [filters]
    with pytest.raises(fl.LimitError, match="takes 13 characters"):
        fl.split_by_length(filters, max_length=10, dialect="aptrinsic-2019")
    with pytest.raises(fl.UnsupportedError, match="FL206"):
        fl.split_by_length(fl.parse("a!~b"), dialect="aptrinsic-2019")


@given(filter_sets(), st.integers(0, 200))
def test_parts_are_the_whole_in_its_order_and_as_few_as_can_be(filters, spare):
    """The parts joined are the whole; each fits, and none has room for the next one's first."""
    lengths = [len(fl.to_query(filter_)) for filter_ in filters]
    max_length = max(lengths, default=0) + spare
    parts = fl.split_by_length(filters, max_length=max_length)
    assert fl.FilterSet(filter_ for part in parts for filter_ in part) == filters
    assert all(len(fl.to_query(part)) <= max_length for part in parts)
    for part, following in pairwise(parts):
        longer = fl.FilterSet([*part, following.filters[0]])
        assert len(fl.to_query(longer)) > max_length
    assert all(map(len, parts)) or parts == [filters]


# Records and filters about them are large, and their strategies slow for that reason only.
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records.questions())
def test_what_matches_the_whole_matches_a_part(question):
    """any(matches(part, record) for part in the parts) == matches(whole, record)."""
    filters, record = question
    max_length = max((len(fl.to_query(filter_)) for filter_ in filters), default=0)
    parts = fl.split_by_length(filters, max_length=max_length)
    verdicts = [fl.matches(part, record) for part in parts]
    assert any(verdicts) is fl.matches(filters, record)


@given(filter_sets().filter(len), st.integers(1, 200))
def test_a_set_is_split_or_its_long_filters_are_named(filters, max_length):
    """split_by_length gives parts if each filter fits, and names exactly those that don't."""
    too_long = [index for index, one in enumerate(filters) if len(fl.to_query(one)) > max_length]
    try:
        fl.split_by_length(filters, max_length=max_length)
    except fl.LimitError as error:
        named = [one.source_index for one in error.diagnostics]
    else:
        named = []
    assert named == too_long


@given(nodes)
def test_the_trap_needs_a_single_filter_with_a_comma(node):
    """comma_trap(x) warns if and only if the query has one filter, and a comma in its text."""
    texts = fl.unparse(node)
    warning = fl.comma_trap(node)
    assert (warning is not None) is (len(texts) == 1 and "," in texts[0])
    if warning is not None:
        assert texts[0][warning.span.start : warning.span.end] == ","
        assert "%2C" in fl.to_query(node)
    assert fl.comma_trap(fl.FilterSet() | node) is None
    twice = fl.parse(texts * 2)
    assert fl.comma_trap(twice) is None


def test_the_warning():
    warning = fl.comma_trap(fl.parse(r"score>1;lastName==Smith\, John\, Jr."))
    assert warning == fl.Diagnostic(
        "FL207",
        "warning",
        "a server may split a single filter at ','",
        fl.Span(24, 25),
        "send the filter twice, which means the same; a parameter that occurs twice isn't split",
    )


def as_spring(pairs):
    """Read a list parameter as Spring does: one that stands alone is split at its commas."""
    values = [value for key, value in pairs if key == "filter"]
    return values[0].split(",") if len(values) == 1 else values


def test_what_is_sent_twice_arrives_whole():
    filters = fl.parse(r"lastName==Smith\, John")
    assert as_spring(fl.to_params(filters)) == ["lastName==Smith\\", " John"]
    assert as_spring(fl.to_params(filters | filters)) == fl.unparse(filters) * 2
