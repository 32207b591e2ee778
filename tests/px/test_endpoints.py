"""The lists of the API, and the dates that filters of events ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.px.endpoints import LISTS, READ_ONLY, REQUIRED
from filterlang.px.event_windows import MILLISECONDS_A_DAY as DAY
from filterlang.px.event_windows import Window, is_too_long, window_of
from filterlang.px.requests import MAX_PAGE_SIZE

EVENTS = LISTS["events/custom"].schema


def test_there_are_the_lists_of_the_api():
    assert len(LISTS) == 18
    assert [path for path, one in LISTS.items() if not one.is_scrolled] == [
        "segment", "feature", "engagement", "articles", "kcbot",
    ]  # fmt: skip
    assert {path for path, one in LISTS.items() if one.has_window} == {
        path for path in LISTS if path.startswith("events/")
    }
    assert MAX_PAGE_SIZE == 1000


@pytest.mark.parametrize("path", [path for path, one in LISTS.items() if one.schema is not None])
def test_keys_and_sorts_are_names_of_the_records(path):
    endpoint = LISTS[path]
    for name in (endpoint.key, *(endpoint.sortable or ())):
        assert endpoint.schema.find(name) is not None


@pytest.mark.parametrize("path", READ_ONLY)
def test_fields_that_the_api_writes_or_needs_are_names_of_the_records(path):
    names = {name for name, _ in LISTS[path].schema.dimensions}
    assert READ_ONLY[path] <= names
    assert set(REQUIRED[path]) <= names - READ_ONLY[path]


@pytest.mark.parametrize(
    ("path", "text", "codes"),
    [
        ("events/custom", "eventName==x;date>=2024-01-01;identifyId~u*", []),
        ("events/custom", "url~*x*", ["FL503"]),
        ("events/custom", "nothing==1", ["FL501"]),
        ("events/pageView", "path~/a*;host==x;pageTitle==;queryString!=", []),
        ("events/pageView", "screenHeight>5", ["FL503"]),
        ("events/segment_match", "identifyId==a;segmentId~x*", []),
        ("events/segment_match", "identifyId~a*", ["FL504"]),
        ("events/feature_match", "identifyId!=a", ["FL504"]),
        ("events/email", "executionDate>=2024-01-01;accountId==x", ["FL503"]),
        ("users", "id==x", ["FL503"]),
        ("accounts", "id==x", []),
    ],
)
def test_what_may_be_filtered_is_told_by_check(path, text, codes):
    report = fl.check(text, LISTS[path].schema)
    assert [one.code for one in report.diagnostics if one.severity == "error"] == codes


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("eventName==x", None),
        ("date>=1000;date<3000", Window(1000, 2999)),
        ("date>1000;date<=3000;date<=2000", Window(1000, 2000)),
        ("date==1970-01-02", Window(DAY, DAY)),
        ("date==", Window(None, None)),
        ("date!=5", Window(None, None)),
        ("date~2024*", Window(None, None)),
        ("date>=5;date!=6", Window(5, None)),
        ("date<1970-01-02", Window(None, DAY - 1)),
    ],
)
def test_the_dates_between_which_all_matches_lie(text, window):
    assert window_of(fl.parse_filter(text), EVENTS) == window


def test_a_window_of_190_days_is_not_too_long():
    low, now = 5, 5 + 190 * DAY
    assert not is_too_long(Window(low, low + 190 * DAY), now=0)
    assert is_too_long(Window(low, low + 190 * DAY + 1), now=0)
    assert not is_too_long(Window(low, None), now)
    assert is_too_long(Window(low, None), now + 1)
    assert is_too_long(Window(None, 5), now)


def test_who_filters_users_by_id_is_told_the_name_for_it():
    """Answers have it, and no filter may use it."""
    (found,) = fl.check("id==usr-0001", schema=fl.px.USER).diagnostics
    assert found.hint == "filter by identifyId, which is the same"
    assert fl.px.ListRequest(sort="-id", endpoint="users").sort == "-id"


CUSTOM = fl.px.EVENTS["events/custom"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEYOND = "'{}' asks for more than 190 days; write {} into it, too"


def test_events_are_the_schemas_of_the_lists_of_events():
    assert list(fl.px.EVENTS) == [path for path, one in LISTS.items() if one.has_window]
    assert all(fl.px.EVENTS[path] is LISTS[path].schema for path in fl.px.EVENTS)
    report = fl.check("identifyId~a*", schema=fl.px.EVENTS["events/segment_match"])
    (found,) = report.diagnostics
    assert (found.code, found.hint) == ("FL504", "'identifyId' takes == only here")


@given(
    st.integers(0, 800 * DAY * 1000),
    st.integers(0, 800 * DAY * 1000),
    st.sampled_from([(">=", "<"), (">", "<="), (">=", "<="), (">", "<")]),
    st.data(),
)
def test_each_event_of_the_walk_is_in_one_part_of_it(low, length, operators, data):
    """Parts are short enough, share nothing, and are together what was asked for."""
    ends = [
        datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at) for at in (low, low + length)
    ]
    text = ";".join(
        f"date{operator}{end:%Y-%m-%dT%H:%M:%S.%fZ}"
        for operator, end in zip(operators, ends, strict=True)
    )
    walk = fl.parse(f"{text};eventName!=x")
    parts = fl.px.split_by_window(walk, CUSTOM, now=NOW)
    windows = [window_of(part.filters[0], CUSTOM) for part in parts]
    assert not any(is_too_long(window, 0) for window in windows)
    near = [end for window in windows for end in window] + [low // 1000, (low + length) // 1000]
    at = data.draw(st.sampled_from(near)) + data.draw(st.integers(-2, 2))
    for name in ("x", "y"):
        event = {"date": at, "eventName": name}
        found = sum(fl.compile(part, schema=CUSTOM)(event) for part in parts)
        assert found == fl.compile(walk, schema=CUSTOM)(event)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900 * DAY),
            st.none() | st.integers(-DAY, 900 * DAY),
            st.sampled_from([">=", ">"]),
            st.sampled_from(["<", "<="]),
        ),
        min_size=2,
        max_size=4,
    ),
    st.data(),
)
def test_each_event_of_several_filters_is_in_one_part(asked, data):
    """Long and short ones, those that overlap, lie far apart or match nothing, and one to now."""
    now = datetime.fromtimestamp(0, UTC) + timedelta(days=900)
    texts = []
    for number, (low, length, lower, upper) in enumerate(asked):
        if length is None:
            texts.append(f"date{lower}{now.timestamp() * 1000 - low % (190 * DAY):.0f}")
        else:
            texts.append(f"date{lower}{low};date{upper}{low + length};eventName!=e{number}")
    walk = fl.parse(texts)
    parts = fl.px.split_by_window(walk, CUSTOM, now=now)
    at_once = 900 * DAY
    windows = [window_of(one, CUSTOM) for part in parts for one in part.filters]
    assert parts == [walk] or not any(is_too_long(window, at_once) for window in windows)
    assert all(part.filters for part in parts)
    near = [end for window in windows for end in window if end is not None]
    at = data.draw(st.sampled_from(near)) + data.draw(st.integers(-2, 2))
    for name in ("e0", "e1", "x"):
        event = {"date": at, "eventName": name}
        found = sum(fl.compile(part, schema=CUSTOM)(event) for part in parts)
        assert found == fl.compile(walk, schema=CUSTOM)(event)


def test_what_is_short_enough_is_not_split():
    for text in (
        "eventName==x",
        "date>=2025-12-01",
        "date==2020-01-01",
        "date>=2025-12-01;date<2020-01-01",
    ):
        assert fl.px.split_by_window(fl.parse(text), CUSTOM, now=NOW) == [fl.parse(text)]
    assert fl.px.split_by_window(fl.FilterSet(), CUSTOM) == [fl.FilterSet()]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("date<2025-01-01", BEYOND.format("date<2025-01-01", "date>=…")),
        ("date>=2025-01-01", BEYOND.format("date>=2025-01-01", "date<…")),
        (
            ["eventName==x", "date>=2024-01-01;date<2025-01-01"],
            ("'eventName==x' asks for the last day, beside 'date>=2024-01-01;date<2025-01-01',"
            " which asks for more than 190 days; write date>=… into it, too, or ask for it alone"),
        ),
        (
            ["date>=2025-12-01", "date>=2024-01-01;date<2025-01-01", "date<2025-01-01"],
            BEYOND.format("date<2025-01-01", "date>=…"),
        ),
    ],
)  # fmt: skip
def test_other_long_windows_are_refused_with_what_to_write(texts, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole message is compared
        fl.px.split_by_window(fl.parse(texts), CUSTOM, now=NOW)
    assert str(caught.value) == message


def test_no_filter_is_split_into_more_than_a_thousand_parts():
    """What is meant in seconds or microseconds would be asked for by requests without end."""
    most = 1000 * 190 * DAY
    assert len(fl.px.split_by_window(fl.parse(f"date>=0;date<={most - 1}"), CUSTOM)) == 1000
    for text in (f"date>=0;date<={most}", f"date>=-{10**30};date<{10**30}"):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole message is compared
            fl.px.split_by_window(fl.parse(text), CUSTOM)
        assert str(caught.value) == (
            f"'{text}' asks for more than 1000 times 190 days; numbers as date are milliseconds"
            " since 1970; write ends that are closer"
        )


def test_several_filters_are_too_far_apart_together():
    far = ["date>=0;date<=1", f"date>={10**15};date<{2 * 10**15}"]
    with pytest.raises(ValueError, match=r"^the filters together ask for more than 1000 times"):
        fl.px.split_by_window(fl.parse(far), CUSTOM)


@pytest.mark.parametrize(
    ("schema", "now", "message"),
    [
        ("events/custom", NOW, "expected a Schema, such as filterlang.px.USER, not str"),
        (CUSTOM, "2024-01-01", "expected a datetime as now, not str"),
    ],
)
def test_what_is_no_schema_and_no_time(schema, now, message):
    with pytest.raises(TypeError) as caught:
        fl.px.split_by_window(fl.parse("date>=0"), schema, now=now)
    assert str(caught.value) == message


def test_the_name_of_dates_is_one_of_the_schema():
    with pytest.raises(
        ValueError, match=r"^the schema has no 'when'; write the name of its dates$"
    ):
        fl.px.split_by_window(fl.parse("date>=0"), CUSTOM, name="when")


def test_now_has_a_time_zone():
    with pytest.raises(ValueError, match="expected a now with a time zone"):
        fl.px.split_by_window(fl.parse("date>=0"), CUSTOM, now=NOW.replace(tzinfo=None))
