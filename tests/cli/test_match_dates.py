"""Dates that are compared as texts: told where that isn't their order, with what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

APART = "wrong type in '{}': {} spelled otherwise than '{}', such as '{}'; "
NAIVE = ["2025-06-01 00:30:00", "2025-05-31 23:59:59"]
UNEVEN = ["2025-06-01T00:30:00", "2025-06-01T00:30:00.5"]
BERLIN = ["2025-06-01 00:30:00+02:00", "2025-06-01 02:30:00+02:00", "2025-01-31 23:59:59+01:00"]


def cells(*texts):
    rows = "".join(f'{row},"{text}"\n' for row, text in enumerate(texts))
    Path("t.csv").write_text(f"id,v\n{rows}", encoding="utf-8")


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize(
    ("text", "values", "write"),
    [
        ("v>2025-06-01T00:00", NAIVE, "v>2025-06-01 00:00:00"),
        ("v>=2025-06-01T00:30:00Z", NAIVE, "v>=2025-06-01 00:30:00"),
        ("v<2025-06-01T02:30:00+02:00", NAIVE, "v<2025-06-01 00:30:00"),
        ("v<=2025-06-01T00:30", NAIVE, "v<=2025-06-01 00:30:00"),
        ("v>2025-06-01", ["2025-06-01 00:00:00"], "v>2025-06-01 00:00:00"),
        ("v>=2025-06-01T00:00", ["2025-06-01", "2025-05-31"], "v>=2025-06-01"),
        ("v>=2025-06-01", BERLIN, "v>=2025-06-01 02:00:00+02:00"),
        ("v<2025-06-01", BERLIN, "v<2025-06-01 02:00:00+02:00"),
        ("v>=2025-06-01 00:30", ["2025-06-01T00:30:00Z"], "v>=2025-06-01T00:30:00Z"),
        ("v>2025-06-01T00:00", ["2025-06-01 00:30:00 UTC"], "v>2025-06-01 00:00:00 UTC"),
        ("v>2025-06-01T00:30", UNEVEN, "v>2025-06-01T00:30:00"),
        ("v>2025-06-01T00:00", ["2025-06-01 00:30:00.250000"], "v>2025-06-01 00:00:00.000000"),
    ],
)  # fmt: skip  # a table
def test_dates_in_the_spelling_of_the_cells(run, format_, text, values, write):
    cells(*values)
    lines = "".join(json.dumps({"v": value}) + "\n" for value in values)
    Path("t.jsonl").write_text(lines, encoding="utf-8")
    Path("s.json").write_text(json.dumps({"dimensions": {"v": "datetime"}, "open": True}))
    found = run("match", text, f"t.{format_}", "-c")
    assert found.err.startswith(f"wrong type in '{text}': ")
    assert found.err.endswith(f"; write '{write}'\n")
    assert found.err.count("\n") == 1
    strict = text.replace(" ", "T")
    read = run("match", strict, f"t.{format_}", "-c", "--schema", "s.json").out
    followed = run("match", write, f"t.{format_}", "-c")
    assert (followed.out, followed.err) == (read, "")


def test_dates_are_told_in_one_line(run):
    cells(*NAIVE)
    told = APART.format(
        "v>2025-06-01T00:00", "all 2 values are dates", "2025-06-01T00:00", NAIVE[0]
    )
    write = "write 'v>2025-06-01 00:00:00'\n"
    assert run("match", "v>2025-06-01T00:00", "t.csv") == (1, "id,v\n", told + write)


def test_dates_of_no_common_spelling_have_a_schema(run):
    cells("2025-06-01 00:30:00", "2025-06-01T00:20:00")
    found = run("match", "v>2025-06-01T00:25", "t.csv", "-c")
    assert "; say --schema FILE, which holds {" in found.err
    Path("s.json").write_text(found.err.partition("holds ")[2], encoding="utf-8")
    assert run("match", "v>2025-06-01T00:25", "t.csv", "-c", "--schema", "s.json") == (0, "1\n", "")
    found = run("match", "v>2025-06-01 00:25:00", "t.csv", "-c")
    assert "; write 'v>2025-06-01T00:25:00', and say --schema FILE" in found.err


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("v>2025-06-01 00:00:00", NAIVE),
        ("v==2025-06-01 00:30:00", NAIVE),
        ("v==2025-06-01 00:30:01", NAIVE),
        ("v>=2025-06-01", NAIVE),
        ("v>=2025-06-02", BERLIN),
        ("v>=2025-06-01 02:00:00+02:00", BERLIN),
        ("v>=2025-06-01T00:00", ["2025-06-01T00:30:00", "2025-05-31T00:30:00"]),
        ("v>=2025-06-01T00:00:00Z", ["2025-06-01T00:30:00Z", ""]),
        ("v>=2025-06-01", ["2025-06-01", "2025-05-31"]),
        ("v>=2025-06-01t00:00", ["2025-06-01T00:30"]),
        ("v>=2025-06-01 12", NAIVE),
        ("v>=1748736000000", ["x"]),
    ],
)
def test_dates_in_their_order_are_no_news(run, text, values):
    cells(*values)
    assert run("match", text, "t.csv", "-c").err == ""


def test_times_from_now_are_spelled_as_the_cells(run):
    cells(*NAIVE)
    found = run("match", "v>=now-2h", "t.csv", "-c").err
    write = found.rstrip("\n").rpartition("; write ")[2]
    assert run("match", f"v>={write}", "t.csv", "-c").err == ""


def test_equal_times_in_other_spellings(run):
    cells("2025-06-01T00:30:00", "2025-06-01T00:30:01")
    found = run("match", "v==2025-06-01T00:30", "t.csv", "-c").err
    assert found.endswith("; write 'v==2025-06-01T00:30:00'\n")
    cells(*NAIVE)
    found = run("match", "v==2025-06-01T00:30", "t.csv", "-c").err
    assert found.endswith("; write 'v==2025-06-01 00:30:00'\n")
    assert run("match", "v==2025-06-01 00:30:00", "t.csv", "-c") == (0, "1\n", "")


DAYS = ["2025-05-31", "2025-06-30", "2025-07-01"]


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("v<June 2025", "'v<2025-06-01'"),
        ("v>=June 2025", "'v>=2025-06-01'"),
        ("v<=June 2025", "'v<2025-07-01'"),
        ("v>June 2025", "'v>=2025-07-01'"),
        ("v<2025-Q3", "'v<2025-07-01'"),
        ("v<2025-W23", "'v<2025-06-02'"),
        ("v>2025-W27", "'v>=2025-07-07'"),
        ("v<2025-06-31", "2025-06-30 or 2025-07-01"),
        ("v<2025-12-32", "2025-12-31 or 2026-01-01"),
        ("v<soon", "a date, such as 2024-01-31"),
        ("v<2025-06-01 Berlin", "a date, such as 2024-01-31"),
        ("v<2025-13-32", "a date, such as 2024-01-31"),
        ("v<2025-W54", "a date, such as 2024-01-31"),
    ],
)
def test_what_is_no_date_among_dates(run, text, write):
    cells(*DAYS)
    found = run("match", text, "t.csv", "-c").err
    expression = text.lstrip("v<>=")
    assert found == (
        f"wrong type in '{text}': all 3 values are dates written as texts, and '{expression}' is "
        f"a text; write {write}\n"
    )
    if write.startswith("'"):
        assert run("match", write[1:-1], "t.csv", "-c").err == ""


@pytest.mark.parametrize(
    ("text", "write", "number"),
    [
        ("v<2025-06", "'v<2025-06-01'", 1),
        ("v<=2025-06", "'v<2025-07-01'", 2),
        ("v>2025-06", "'v>=2025-07-01'", 1),
        ("v==2025-06", "'v>=2025-06-01;v<2025-07-01'", 1),
        ("v==2025-Q2", "'v>=2025-04-01;v<2025-07-01'", 2),
        ("v!=2025-06", "'v<2025-06-01' and 'v>=2025-07-01'", 2),
    ],
)
def test_months_and_quarters_among_dates(run, text, write, number):
    cells(*DAYS)
    found = run("match", text, "t.csv", "-c")
    assert found.err.startswith(f"wrong type in '{text}': all 3 values are dates written as texts")
    assert found.err.endswith(f"; write {write}\n")
    first, *others = [one[1:-1] for one in write.split(" and ")]
    more = [f"--filter={one}" for one in others]
    assert run("match", first, *more, "t.csv", "-c") == (0, f"{number}\n", "")


def test_what_is_no_date_among_texts(run):
    cells("2025-05-31", "soon", "later")
    assert run("match", "v>=never", "t.csv", "-c").err == ""
    assert run("match", "v==June 2025", "t.csv", "-c").err == ""


@pytest.mark.parametrize("text", ["v>=2025-01-01", "v>=Jan 2025", "v<now-7d"])
def test_months_by_name_have_no_order(run, text):
    cells("Dec 2024", "Jan 2025")
    found = run("match", text, "t.csv", "-c").err
    assert found.startswith(f"wrong type in '{text}': all 2 values are dates in another spelling")
    assert found.endswith(
        "; write them as 2024-01-31 is written; in other spellings they have no order\n"
    )


SHORT_YEARS = [
    ("12/31/23", "3/1/24"),
    ("31.12.23", "03.01.24"),
    ("31-12-23", "03-01-24"),
    # As Oracle writes them, and Excel.
    ("31-DEC-23", "03-JAN-24"),
    ("31-Dec-23", "3-Jan-24"),
    ("31. Dez 23", "3 Mai 24"),
]


@pytest.mark.parametrize("days", SHORT_YEARS)
@pytest.mark.parametrize("time", ["", " 10:00", " 01.30.00.000000 PM"])
def test_years_of_two_digits(run, days, time):
    first, second = (f"{day}{time}" for day in days)
    Path("x.csv").write_text(f"id,day\n1,{first}\n2,{second}\n")
    told = (
        "wrong type in 'day>=2024-02-01': all 2 values are dates in another spelling, and "
        "'2024-02-01' is a date; write them as 2024-01-31 is written; in other spellings they have "
        "no order\n"
    )
    assert run("match", "day>=2024-02-01", "x.csv", "--count").err == told


def test_versions_are_no_dates(run):
    Path("x.csv").write_text("id,version\n1,1.5.24\n2,1.12.23\n")
    assert run("match", "version>=1.5.24", "x.csv", "--count").err == ""
