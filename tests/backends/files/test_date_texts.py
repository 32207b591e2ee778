"""Dates that are written as texts, and what to write for an expression that is no date."""

from __future__ import annotations

import pytest

from filterlang import field, parse_filter
from filterlang.backends.files.typed_texts.date_texts import DateTexts, date_to_write

NO_DATE = "2024-13-41"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("t<2025-02-30", "2025-02-28 or 2025-03-01"),
        ("t<2025-04-31", "2025-04-30 or 2025-05-01"),
        ("t==2025-W23", "'t>=2025-06-02;t<2025-06-09'"),
        ("t==2025-06", "'t>=2025-06-01;t<2025-07-01'"),
        ("t!=June 2025", "'t<2025-06-01' and 't>=2025-07-01'"),
        ("t>=2025-W23", "'t>=2025-06-02'"),
        ("t>2025-W23", "'t>=2025-06-09'"),
        ("t<2025-W23", "'t<2025-06-02'"),
        ("t<=2025-W23", "'t<2025-06-09'"),
        # No year has these weeks, or no date follows them.
        ("t<2025-W54", "a date, such as 2024-01-31"),
        ("t<0000-W01", "a date, such as 2024-01-31"),
        ("t<9999-W52", "a date, such as 2024-01-31"),
        ("t<2025-13-01", "a date, such as 2024-01-31"),
        ("t<soon", "a date, such as 2024-01-31"),
    ],
)
def test_what_to_write_for_what_is_no_date(text, remedy):
    (clause,) = parse_filter(text)
    assert date_to_write(clause) == remedy


@pytest.mark.parametrize(
    ("values", "respelled"),
    [
        (["2024-02-01 09:30:00"], "2024-01-31 12:00:00"),
        (["2024-02-01 09:30:00,500"], "2024-01-31 12:00:00,000"),
        (["2024-02-01T09:30Z", NO_DATE], "2024-01-31T12:00Z"),
        (["2024-02-01T09:30:00+02:00", "2024-02-01T09:30:00Z"], "2024-01-31T14:00:00+02:00"),
        # Noon can't be asked of days, nor in texts whose order isn't that of their dates.
        (["2024-02-01"], None),
        (["2024-01-31T13:00:00+02:00", "2024-01-31T12:00:00-05:00"], None),
    ],
)
def test_a_date_is_spelled_as_the_texts_are_if_their_order_is_that_of_dates(values, respelled):
    dates = DateTexts(field("t") >= "2024-01-31T12:00", "2024-01-31T12:00")
    assert [value for value in values if dates.see(value)] == [
        value for value in values if value != NO_DATE
    ]
    assert dates.respelled() == respelled


@pytest.mark.parametrize("last", ["0001-01-01T01:00", "9999-12-31T23:00"])
def test_the_calendar_ends_before_some_zones_do(last):
    dates = DateTexts(field("t") >= last, last)
    sign = "-" if last < "1" else "+"
    assert dates.see(f"2024-02-01 09:30:00{sign}05:00")
    assert dates.respelled() is None
