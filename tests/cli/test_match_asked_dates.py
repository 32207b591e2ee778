"""Dates and times that are asked for among texts: days of times, and what isn't written so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DAY = "2024-01-31"


def write(values):
    Path("t.csv").write_text("id,d\n" + "".join(f'1,"{one}"\n' for one in values), "utf-8")
    Path("t.jsonl").write_text("".join(f"{json.dumps({'d': one})}\n" for one in values), "utf-8")


def times(*moments, zone="Z", sign="T"):
    return [moment.replace("T", sign) + zone for moment in moments]


MOMENTS = [
    *("2024-01-30T23:59:59", "2024-01-31T00:00:00", "2024-01-31T10:00:00", "2024-01-31T23:59:59"),
    *("2024-02-01T00:00:00", "2024-02-01T09:00:00"),
]
AFTER = "and those of 2024-01-31 come after '2024-01-31'"
IS_NONE = "so none is '2024-01-31'"


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize(("sign", "zone"), [("T", "Z"), (" ", ""), (" ", " UTC")])
@pytest.mark.parametrize(
    ("operator", "why", "remedy", "aim", "count"),
    [
        ("==", IS_NONE, "d~2024-01-31*", "for that day", 3),
        ("!=", IS_NONE, "d!~2024-01-31*", "for that day", 3),
        ("<=", AFTER, "d<2024-02-01", "to have that day, too", 4),
        (">", AFTER, "d>=2024-02-01", "to leave that day out", 2),
    ],
)
def test_a_day_among_times(run, format_, zone, sign, operator, why, remedy, aim, count):
    values = times(*MOMENTS, zone=zone, sign=sign)
    write(values)
    told = (
        f"a day in 'd{operator}2024-01-31': all 6 values have a time, such as '{values[0]}', "
        f"{why}; write '{remedy}' {aim}\n"
    )
    assert run("match", f"d{operator}{DAY}", f"t.{format_}", "-c").err == told
    assert run("match", remedy, f"t.{format_}", "-c") == (0, f"{count}\n", "")


@pytest.mark.parametrize("text", ["d>=2024-01-31", "d<2024-01-31"])
def test_the_beginning_of_a_day_is_no_news(run, text):
    write(times(*MOMENTS[2:4]))
    assert run("match", text, "t.csv", "-c").err == ""


@pytest.mark.parametrize("operator", ["==", "!=", "<=", ">"])
@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-31", "2024-01-30"],
        ["2024-02-01T10:00:00Z", "2024-01-30"],
        ["2024-01-31", "2024-02-01T10:00:00Z"],
    ],
)
def test_days_among_days_are_no_news(run, operator, values):
    write(values)
    assert "a day in" not in run("match", f"d{operator}{DAY}", "t.csv", "-c").err


def test_a_time_is_no_day(run):
    write(times(*MOMENTS))
    for text in ("d==2024-01-31T10:00:00Z", "d<=2024-01-31T10:00:00Z", "d~2024-01-31*"):
        assert run("match", text, "t.csv", "-c").err == ""
    write(times(MOMENTS[2]))
    assert run("match", "d<=9999-12-31", "t.csv", "-c").err == ""
    assert run("match", "d==9999-12-31", "t.csv", "-c").err == (
        "a day in 'd==9999-12-31': the one value has a time, such as '2024-01-31T10:00:00Z', so "
        "none is '9999-12-31'; write 'd~9999-12-31*' for that day\n"
    )


def test_a_schema_has_the_rule_of_the_language(run):
    write(times(*MOMENTS))
    Path("s.json").write_text(json.dumps({"dimensions": {"d": "datetime"}, "open": True}))
    for operator, count in {"==": 1, "!=": 5, "<=": 2, ">": 4}.items():
        found = run("match", f"d{operator}{DAY}", "t.csv", "-c", "--schema", "s.json")
        assert (found.code, found.out) == (0, f"{count}\n")
        assert "a day in" not in found.err


def test_midnights_are_days(run):
    midnights = times("2024-01-31T00:00:00", "2024-02-01T00:00:00")
    write(midnights)
    assert run("match", "d==2024-01-31", "t.csv", "-c").err == (
        "another spelling of what 'd==2024-01-31' asks for: 1 of 2 values is spelled as "
        "'2024-01-31T00:00:00Z', and none as '2024-01-31'; write 'd==2024-01-31T00:00:00Z'\n"
    )
    assert run("match", "d<=2024-01-31", "t.csv", "-c").err == (
        "wrong type in 'd<=2024-01-31': all 2 values are dates spelled otherwise than "
        "'2024-01-31', such as '2024-01-31T00:00:00Z'; write 'd<=2024-01-31T00:00:00Z'\n"
    )
    assert run("match", "d==2024-01-30", "t.csv", "-c").err == (
        "a day in 'd==2024-01-30': all 2 values have a time, such as '2024-01-31T00:00:00Z', so "
        "none is '2024-01-30'; write 'd~2024-01-30*' for that day\n"
    )


def test_days_of_other_zones(run):
    write(["2024-01-31T12:30:00+02:00"])
    assert run("match", "d<=2024-01-31", "t.csv", "-c").err == (
        "a day in 'd<=2024-01-31': the one value has a time, such as '2024-01-31T12:30:00+02:00', "
        "and those of 2024-01-31 come after '2024-01-31'; write 'd<2024-02-01' to have that day, "
        "too\n"
    )
    # Whose day it is isn't told by a text: by the rule of the language it is that of UTC.
    write(["2024-01-31T00:30:00+02:00"])
    assert run("match", "d<=2024-01-31", "t.csv", "-c").err == (
        "wrong type in 'd<=2024-01-31': the one value is a date spelled otherwise than "
        "'2024-01-31', such as '2024-01-31T00:30:00+02:00'; write 'd<=2024-01-31T02:00:00+02:00'\n"
    )


OTHERS = [
    *("Wed, 31 Jan 2024 10:00:00 GMT", "Wed Jan 31 10:00:00 +0000 2024", "20240131T100000Z"),
    *("Jan 31, 2024 @ 10:00:00.000", "2024年1月31日", "2024-W05", "2024-031", "1:00 PM", "v1.2"),
]
TEXTS = (
    "wrong type in '{0}': {1}, such as '{2}', which aren't written as {3}, so the order is that of "
    "their letters, not of {4}; write them so\n"
)


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize("value", OTHERS)
@pytest.mark.parametrize("operator", [">=", "<="])
def test_texts_that_are_written_otherwise(run, format_, value, operator):
    write([value, value])
    text = f"d{operator}2024-01-15"
    told = TEXTS.format(text, "all 2 values are texts", value, "'2024-01-15' is", "dates")
    assert run("match", text, f"t.{format_}", "-c").err == told


@pytest.mark.parametrize(
    ("text", "value", "what"),
    [
        ("d>=2024-01-01T12:00", "2024-01-01 01:00:00 PM", "dates"),
        ("d>=2024-01-01 12:00:00", "2024-01-01 01:00:00 PM", "dates"),
        ("d>=12:00", "1:00 PM", "times"),
        ("d<12:00", "1:00p.m.", "times"),
        ("d<12:00", "1:00\u202fPM", "times"),
        ("d<9:00", "11:00:00 am", "times"),
    ],
)
def test_clocks_of_twelve_hours(run, text, value, what):
    write([value, value])
    shown = value.replace("\u202f", "<U+202F>")
    are, of = "all 2 values are texts", "clocks of twenty-four hours are"
    assert run("match", text, "t.csv", "-c").err == TEXTS.format(text, are, shown, of, what)


def test_a_few_dates_among_texts_are_told_by_the_others(run):
    write(["noon"] * 9 + ["12:00"])
    told = TEXTS.format("d>=12:30", "9 of 10 values are texts", "noon", "'12:30' is", "times")
    assert run("match", "d>=12:30", "t.csv", "-c").err == told
    write(["noon"] * 8 + ["12:00"])
    assert run("match", "d>=12:30", "t.csv", "-c").err == ""
    write(["noon"])
    assert run("match", "d>=12:30", "t.csv", "-c").err == (
        "wrong type in 'd>=12:30': the one value is a text, such as 'noon', which isn't written as "
        "'12:30' is, so the order is that of their letters, not of times; write them so\n"
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("d~2024-01-15", OTHERS),
        ("d!~*12:00*", OTHERS),
        ("d==2024-01-15", OTHERS[:2]),
        ("d==12:00", ["1:00 PM"]),
        ("d!=", OTHERS),
        ("d>=1.2.3", ["1.2.3", "1.10.0"]),
        ("d>=2024", ["2024-W05"]),
        ("d>=v2024-01-15", ["v1.2"]),
        ("d>=2024-01-15", ["2024-01-15-rc1", "2024-02-01-rc2"]),
        ("d>=2024-01-15", ["2024-01-01 01:00:00 PM"]),
        ("d>=12:00", ["12:00:30.5", "13:00"]),
        ("d>=16:9", ["x", "y"]),
    ],
)
def test_other_texts_are_no_news(run, text, values):
    write(values)
    assert run("match", text, "t.csv", "-c").err == ""
    assert run("match", text, "t.jsonl", "-c").err == ""
