"""Dates of other languages: those that are computed there, and those that no calendar has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import filterlang as fl
from filterlang.checking.clock import clock_at, now

SCHEMA = fl.Schema.from_dict({"name": "users", "dimensions": {"seen": "datetime"}})
NOON = datetime(2024, 3, 31, 12, 30, tzinfo=UTC)


def hint(value):
    """Give the hint for a value of a date at noon of the last day of March."""
    with clock_at(NOON):
        [said] = fl.check(f"seen>={value}", SCHEMA).diagnostics
    return said.hint


def fixes(value):
    """Give what is suggested for a value, none of which is safe."""
    with clock_at(NOON):
        [said] = fl.check(f"seen>={value}", SCHEMA).diagnostics
    assert not any(fix.safe for fix in said.fixes)
    return [edit.text for fix in said.fixes for edit in fix.edits]


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("today", "2024-03-31"),
        ("TODAY()", "2024-03-31"),
        ("today-1", "2024-03-30"),
        ("yesterday", "2024-03-30"),
        ("tomorrow", "2024-04-01"),
        ("now", "2024-03-31T12:30:00Z"),
        ("now()", "2024-03-31T12:30:00Z"),
        ("GETDATE()", "2024-03-31T12:30:00Z"),
        ("now-7d", "2024-03-24"),
        ("now-7d/d", "2024-03-24"),
        ("now - 7 days", "2024-03-24"),
        ("now() - interval '7 days'", "2024-03-24"),
        ("-7d", "2024-03-24"),
        ("7 days ago", "2024-03-24"),
        ("+1w", "2024-04-07"),
        ("now-1M", "2024-02-29"),
        ("now-1y", "2023-03-31"),
        ("now-90m", "2024-03-31T11:00:00Z"),
        ("now-2h", "2024-03-31T10:30:00Z"),
        ("now+30s", "2024-03-31T12:30:30Z"),
    ],
)
def test_what_is_computed_elsewhere_is_written_out(value, date):
    assert hint(value) == f"dates are written out, not computed; counted from now it is '{date}'"
    assert fixes(value) == [date]


@pytest.mark.parametrize("value", ["now-9999y", "9999y ago", "7d", "+7d ago", "now-"])
def test_what_no_calendar_has_is_not_computed(value):
    assert hint(value) == "write 2024-01-31, 2024-01-31T12:00:00Z, or epoch milliseconds"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2024-02-30", "February 2024 has 29 days"),
        ("2023-2-29", "February 2023 has 28 days"),
        ("2024-06-31T10:00", "June 2024 has 30 days"),
        ("2024-01-00", "January 2024 has 31 days"),
        ("2024-13-01", "did you mean '2024-01-13'?"),
        ("2024-13-13", "months go from 01 to 12; the year comes first, then month and day"),
        ("2024-01-31T24:00", "hours go up to 23, minutes and seconds up to 59"),
        ("2024-01-31T10:00:60Z", "hours go up to 23, minutes and seconds up to 59"),
        ("10000-01-01", "years go from 0001 to 9999"),
        ("+12024-01-01", "years go from 0001 to 9999"),
        ("0000-01-01", "years go from 0001 to 9999"),
    ],
)
def test_of_a_date_that_is_none_it_is_said_why(value, said):
    assert hint(value) == said


@pytest.mark.parametrize("zone", ["02:00", "0200"])
@pytest.mark.parametrize("instant", ["2020-08-18T23:45:23", "2020-08-18T23:45", "2020-08-18 23:45"])
def test_a_plus_that_became_a_space_is_put_back(instant, zone):
    meant = instant.replace(" ", "T") + "+02:00"
    assert fixes(f"{instant} {zone}") == [meant]
    assert hint(f"{instant} {zone}") == (
        f"did you mean '{meant}'? in a query string '+' stands for a space; write '%2B'"
    )


def test_seconds_and_nanoseconds_become_milliseconds():
    assert fixes("1600000000.5") == ["1600000000500"]
    assert hint("1600000000.5") == "dates are in milliseconds; write '1600000000500', or the date"
    assert fixes("1600000000123456789") == ["1600000000123"]


def test_the_year_after_the_last_is_called_so():
    [said] = fl.check("seen>253402300800000", SCHEMA).diagnostics
    assert said.message.endswith("which is in the year 10000")


def test_the_clock_is_that_of_the_machine_again_and_takes_local_times():
    with clock_at(datetime.fromisoformat("2024-01-01T00:30+02:00")):
        assert now() == datetime(2023, 12, 31, 22, 30, tzinfo=UTC)
    with clock_at(datetime(2024, 1, 1)):  # noqa: DTZ001 - it counts as UTC
        assert now() == datetime(2024, 1, 1, tzinfo=UTC)
    assert abs((datetime.now(UTC) - now()).total_seconds()) < 60


# --- Times that are named -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("seen>7 days ago", ["seen>=2024-03-24"]),
        ("seen>now-7d", ["seen>=2024-03-24"]),
        ("seen<7 days ago", ["2024-03-24"]),
        ("seen==this week", ["seen>=2024-03-25;seen<2024-04-01"]),
        ("seen==last month", ["seen>=2024-02-01;seen<2024-03-01"]),
        ("seen==LAST_MONTH", ["seen>=2024-02-01;seen<2024-03-01"]),
        ("seen>last month", ["seen>=2024-02-01", "seen>=2024-03-01"]),
        ("seen>=the previous year", ["seen>=2023-01-01"]),
        ("seen<this quarter", ["seen<2024-01-01"]),
        ("seen<=next week", ["seen<2024-04-08"]),
        ("seen==last 7 days", ["seen>=2024-03-24"]),
        ("seen>past month", ["seen>=2024-02-29"]),
        ("seen<LAST_N_DAYS:30", ["seen<2024-03-01"]),
        ("seen>=startOfMonth()", ["seen>=2024-03-01"]),
        ("seen>=startOfDay(-7d)", ["seen>=2024-03-24"]),
        ("seen>=start of this year", ["seen>=2024-01-01"]),
        ("seen>2024-Q1", ["seen>=2024-04-01"]),
        ("seen>=Q4 2024", ["2024-10-01"]),
        ("seen==Q4 2024", ["seen>=2024-10-01;seen<2025-01-01"]),
        ("seen>=on 2024-03-01", ["seen>=2024-03-01"]),
        ("seen>=heute", ["2024-03-31"]),
        ("seen>=DATE '2024-03-01'", ["2024-03-01"]),
        ("seen!=this year", []),
        ("seen>=startOfMonth(-1w)", []),
        ("seen>=last N", []),
        ("seen!=last 7 days", []),
        ("seen==Q4 9999", []),
    ],
)
def test_a_time_that_is_named_is_written_out(asked, meant):
    with clock_at(NOON):
        [said] = fl.check(asked, SCHEMA).diagnostics
    assert [edit.text for fix in said.fixes for edit in fix.edits] == meant


@pytest.mark.parametrize("asked", ["last year", "last week", "startOfYear()", "last 400 days"])
def test_before_the_calendar_there_is_no_time(asked):
    with clock_at(datetime(1, 1, 1, tzinfo=UTC)):
        [said] = fl.check(f"seen>={asked}", SCHEMA).diagnostics
    assert "counted from now" not in (said.hint or "") or asked == "startOfYear()"
