"""Numbers that stand for dates: what to write for a date, and what a schema reads otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

UNITS = {
    "in seconds since 1970": [1704844800, 1705276800, 1706659200],
    "in microseconds since 1970": [1704844800000000, 1705276800000000, 1706659200000000],
    "in nanoseconds since 1970": [1704844800000000000, 1705276800000000000, 1706659200000000000],
    "in days, as spreadsheets count them": [45301, 45306, 45322],
    "with year, month and day as digits": [20240110, 20240115, 20240131],
    "with year, month, day and time as digits": [20240110100000, 20240115000000, 20240131100000],
}
MILLISECONDS = [1704844800000, 1705276800000, 1706659200000]
DAYS = ", which is the date in days, as spreadsheets count them"
CLAUSE = "d>=2024-01-15"


def write(values):
    Path("t.csv").write_text("id,d\n" + "".join(f"1,{one}\n" for one in values))
    Path("t.jsonl").write_text("".join(f"{json.dumps({'d': one})}\n" for one in values))
    texts = "".join(f"{json.dumps({'d': str(one)})}\n" for one in values)
    Path("texts.jsonl").write_text(texts)
    for type_ in ("datetime", "number"):
        schema = {"dimensions": {"d": type_}, "open": True}
        Path(f"{type_}.json").write_text(json.dumps(schema))


def explained(words):
    return "" if "digits" in words else f", which is the date {words}"


@pytest.mark.parametrize("words", UNITS)
@pytest.mark.parametrize("file", ["t.csv", "t.jsonl", "texts.jsonl"])
def test_a_schema_reads_other_dates(run, file, words):
    values = UNITS[words]
    write(values)
    instead = "leave the schema out"
    if file == "texts.jsonl":
        instead = 'say "d": "number" in the schema'
    told = (
        f"wrong type in '{CLAUSE}': all 3 values are numbers that stand for dates {words}, which "
        f"the schema reads as milliseconds; make milliseconds of them, or {instead} and write "
        f"{values[1]}{explained(words)}\n"
    )
    assert run("match", CLAUSE, file, "-c", "--schema", "datetime.json").err == told
    option = ["--schema", "number.json"] if file == "texts.jsonl" else []
    assert run("match", f"d>={values[1]}", file, "-c", *option) == (0, "2\n", "")


@pytest.mark.parametrize("words", UNITS)
def test_without_a_schema_it_is_told_what_to_write(run, words):
    values = UNITS[words]
    write(values)
    remedy = f"write {values[1]}{explained(words)}\n"
    assert run("match", CLAUSE, "t.csv", "-c").err == (
        f"{CLAUSE}: the cells of 'd' are numbers, and '2024-01-15' is none; {remedy}"
    )
    for file, are in {"t.jsonl": "numbers", "texts.jsonl": "numbers written as texts"}.items():
        assert run("match", CLAUSE, file, "-c").err == (
            f"wrong type in '{CLAUSE}': all 3 values are {are}, and '2024-01-15' is a date; "
            f"{remedy}"
        )


@pytest.mark.parametrize(
    ("operator", "write_", "count"),
    [
        (">=", "20240115000000", 2),
        ("<", "20240115000000", 1),
        (">", "'d>=20240116000000'", 1),
        ("<=", "'d<20240116000000'", 2),
        ("==", "'d>=20240115000000;d<20240116000000'", 1),
        ("!=", "'d<20240115000000' and 'd>=20240116000000'", 2),
    ],
)
def test_a_day_of_digits_with_a_time(run, operator, write_, count):
    write([20240110100000, 20240115090000, 20240131100000])
    text = f"d{operator}2024-01-15"
    found = run("match", text, "t.jsonl", "-c").err
    assert found.endswith(f"is a date; write {write_}\n")
    filters = [one.strip("'") for one in write_.split(" and ")]
    first, *more = filters if "d" in write_ else [f"d{operator}{write_}"]
    others = [f"--filter={one}" for one in more]
    assert run("match", first, *others, "t.jsonl", "-c") == (0, f"{count}\n", "")


@pytest.mark.parametrize(
    ("text", "values", "remedy"),
    [
        ("d>=2024-01-15T12:00", [20240131], "write 20240116"),
        ("d>2024-01-15T12:00", [20240131], "write 20240115"),
        ("d==2024-01-15T12:00", [20240131], "write a number"),
        ("d>=9999-12-31T12:00", [20240131], "write a number"),
        ("d>=2024-01-15T12:00", [20240131100000], "write 20240115120000"),
        ("d>=2024-01-15T12:00:00.5", [20240131100000], "write a number"),
        ("d>=9999-12-31", [20240131100000], "write 99991231000000"),
        # The calendar has no such day, or no number does.
        ("d>=0001-01-01T00:00+02:00", [20240131], "write a number"),
        ("d>=0001-01-01T00:00+02:00", [20240131100000], "write a number"),
        ("d>=0001-01-01T00:00+02:00", [2023, 2024], "write a number"),
        ("d>=0999-12-31", [20240131], "write a number"),
        ("d>=1000-01-01", [20240131], "write 10000101"),
        ("d==9999-12-31", [20240131100000], "write a number"),
        ("d>=2024-01-15T12:00", [45322.5, 45323], f"write 45306.5{DAYS}"),
        ("d>=2024-01-15T18:00", [45322.5, 45323], f"write 45306.75{DAYS}"),
        ("d>=2024-01-15T08:00", [45322.5, 45323], "write a number"),
        ("d>=2024-01-01", [2023, 2024], "write 2024"),
        ("d>=2024-01-15", [2023, 2024], "write a number"),
        ("d>2024-01-01", [2023, 2024], "write a number"),
        ("d>=2024-01-15", [7, 8], "write a number"),
        ("d>=2024-01-15", [0], "write a number"),
        ("d>=2024-01-15", [7, 20240131], "write a number"),
        ("d>=2024-01-15", [20241331], "write a number"),
    ],
)  # fmt: skip  # a table
def test_what_is_written_for_a_time(run, text, values, remedy):
    write(values)
    found = run("match", text, "t.csv", "-c").err
    expression = text.lstrip("d<>=")
    head = f"{text}: the cells of 'd' are numbers, and '{expression}' is none; "
    assert found == f"{head}{remedy}\n"


def test_years_are_read_otherwise(run):
    write([2023, 2024])
    told = (
        "wrong type in 'd>=2024-01-15': all 2 values are numbers that stand for dates by the year "
        "alone, which the schema reads as milliseconds; make milliseconds of them\n"
    )
    assert run("match", CLAUSE, "t.csv", "-c", "--schema", "datetime.json").err == told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (CLAUSE, MILLISECONDS),
        (CLAUSE, [0, *MILLISECONDS]),
        (CLAUSE, [0, 0]),
        (CLAUSE, [7, 8]),
        (CLAUSE, ["2024-01-31", 1706659200]),
        ("d>=1705276800", UNITS["in seconds since 1970"]),
        ("d==2024-01-15T00:00Z", [*MILLISECONDS, "x"]),
        ("d~2024*", UNITS["in seconds since 1970"]),
        ("d!=", UNITS["in seconds since 1970"]),
    ],
)
def test_what_a_schema_reads_is_no_news(run, text, values):
    write(values)
    for file in ("t.csv", "t.jsonl", "texts.jsonl"):
        found = run("match", text, file, "-c", "--schema", "datetime.json")
        assert "wrong type" not in found.err


def test_zeros_stand_for_no_date(run):
    write([0, 1706659200])
    found = run("match", CLAUSE, "t.jsonl", "-c", "--schema", "datetime.json").err
    assert found.startswith(
        f"wrong type in '{CLAUSE}': all 2 values are numbers that stand for dates in seconds since "
    )
    write([20240131, 5])
    texts = run("match", CLAUSE, "texts.jsonl", "-c").err
    assert not texts.rpartition(" is a date")[2].startswith("; write")
