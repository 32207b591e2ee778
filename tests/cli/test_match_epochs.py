"""`filterlang match` asks numbers for a date: a number to write, or a schema that reads them."""

from __future__ import annotations

import csv
import json

import pytest

from tests.support.engines import need

MILLISECONDS = [1704067200000 + 86_400_000 * day for day in (-400, -1, 0, 1, 400)]
UNITS = {
    "seconds": [one // 1_000 for one in MILLISECONDS],
    "milliseconds": MILLISECONDS,
    "microseconds": [one * 1_000 for one in MILLISECONDS],
    "nanoseconds": [one * 1_000_000 for one in MILLISECONDS],
}
CLAUSE = "lastSeenDate>=2024-01-01"


def write_users(folder, times, *, as_texts=False):
    users = [
        {"id": f"u{place}", "firstName": "Ann", "numberOfVisits": place, "lastSeenDate": time}
        for place, time in enumerate(times)
    ]
    with (folder / "users.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, users[0])
        rows.writeheader()
        rows.writerows(users)
    if as_texts:
        users = [{**one, "lastSeenDate": str(one["lastSeenDate"])} for one in users]
    (folder / "users.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in users))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_what_is_said_of_a_date_finds_it_when_it_is_followed(run, tmp_path, unit, ending):
    write_users(tmp_path, UNITS[unit])
    if ending == "parquet":
        need("pyarrow", "files")
        run("match", "--all", "users.jsonl", "-o", "users.parquet")
    path = f"users.{ending}"
    number = UNITS[unit][2]
    steps = [f"write {number}, which is the date in {unit} since 1970"]
    if unit == "milliseconds":
        steps = ["say --schema users", *steps] if ending == "csv" else ["say --schema users"]
    why = "all 5 values are numbers, and '2024-01-01' is a date"
    told = f"wrong type in '{CLAUSE}': {why}"
    if ending == "csv":
        told = f"{CLAUSE}: the cells of 'lastSeenDate' are numbers, and '2024-01-01' is none"
    found = run("match", CLAUSE, path, "--count")
    assert found == (1, "0\n", f"{told}; {', or '.join(steps)}\n")
    assert run("match", f"lastSeenDate>={number}", path, "--count") == (0, "3\n", "")
    if unit == "milliseconds":
        assert run("match", CLAUSE, path, "--count", "--schema", "users") == (0, "3\n", "")


@pytest.mark.parametrize("unit", UNITS)
def test_texts_of_numbers_are_read_by_a_schema_only_in_milliseconds(run, tmp_path, unit):
    write_users(tmp_path, UNITS[unit], as_texts=True)
    told = run("match", CLAUSE, "users.jsonl", "--count").err
    assert told.startswith("wrong type in 'lastSeenDate>=2024-01-01': all 5 values are ")
    assert ("--schema" in told) is (unit == "milliseconds")


def test_cells_of_others_are_not_told_to_be_of_users(run, tmp_path):
    (tmp_path / "x.csv").write_text("id,seen\n1,1704067200000\n")
    told = "write 1704067200000, which is the date in milliseconds since 1970"
    assert run("match", "seen>=2024-01-01", "x.csv").err.endswith(f"is none; {told}\n")
