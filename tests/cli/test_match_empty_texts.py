"""Empty texts that pass `<`, as they come before all others: they are told of, with what helps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TOLD = (
    "empty texts pass {0}: {1}, which comes before all other texts; write {2} to leave such out\n"
)
ONE = "1 of 3 values is empty"
CELLS = "id,seen\n1,2024-01-05\n2,\n3,2024-03-01\n"
CLAUSE = "seen<2024-02-01"


def told(clause, share=ONE):
    name = clause.partition("<")[0]
    return TOLD.format(repr(clause), share, repr(f"{name}!=;{clause}"))


@pytest.mark.parametrize("clause", [CLAUSE, "seen<=2024-02-01", "seen<b"])
def test_an_empty_cell_among_texts_passes_and_is_told(run, clause):
    Path("x.csv").write_text(CELLS if clause != "seen<b" else "id,seen\n1,a\n2,\n3,c\n")
    assert run("match", clause, "x.csv", "--count") == (0, "2\n", told(clause))
    # What is said to write does it.
    assert run("match", f"seen!=;{clause}", "x.csv", "--count") == (0, "1\n", "")


def test_empty_texts_of_json_are_told(run):
    rows = [{"seen": "2024-01-05"}, {"seen": ""}, {"seen": "2024-03-01"}, {"seen": None}, {}]
    Path("x.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert run("match", CLAUSE, "x.jsonl", "--count") == (0, "2\n", told(CLAUSE))
    assert run("match", f"seen!=;{CLAUSE}", "x.jsonl", "--count") == (0, "1\n", "")
    Path("x.jsonl").write_text('{"score": 5}\n{"score": ""}\n{"score": ""}\n{"score": 20}\n')
    share = "2 of 4 values are empty"
    assert run("match", "score<10", "x.jsonl", "--count") == (0, "3\n", told("score<10", share))


def test_cells_that_stand_for_nothing_are_told_as_well(run):
    Path("x.csv").write_text(CELLS.replace("2,\n", "2,N/A\n"))
    assert run("match", CLAUSE, "x.csv", "--null", "N/A", "--count") == (0, "2\n", told(CLAUSE))
    Path("x.csv").write_text(CELLS.replace("2,\n", "2, \n"))
    assert run("match", CLAUSE, "x.csv", "--trim", "--count") == (0, "2\n", told(CLAUSE))


@pytest.mark.parametrize(
    "filters",
    [
        ["seen>2024-02-01"],
        [f"seen>=2024-01-01;{CLAUSE}"],
        [f"seen~2024*;{CLAUSE}"],
        [f"{CLAUSE};seen!="],
        ["id<9"],
        ["seen!=2024-03-01"],
    ],
)
def test_nothing_is_said_where_none_passes(run, filters):
    Path("x.csv").write_text(CELLS)
    assert run("match", *filters, "x.csv", "--count").err == ""


def test_one_filter_of_several_lets_them_pass(run):
    Path("x.csv").write_text(CELLS)
    found = run("match", f"seen!=;{CLAUSE}", "-e", f"{CLAUSE};id>1", "x.csv", "--count")
    assert found == (0, "2\n", told(CLAUSE))


def test_numbers_and_what_a_schema_reads_are_missing_where_a_cell_is_empty(run):
    Path("x.csv").write_text("id,score\n1,5\n2,\n3,20\n")
    assert run("match", "score<10", "x.csv", "--count") == (0, "1\n", "")
    # Of texts that would be numbers it is told how they are read as such.
    assert "empty texts" not in run("match", "score<10", "x.csv", "--text", "--count").err
    Path("x.csv").write_text("id,score\n1,5\n2,\n3,N/A\n")
    assert run("match", "score<10", "x.csv", "--count").err.count("\n") == 1
    Path("x.csv").write_text(CELLS)
    Path("s.json").write_text('{"dimensions": {"id": "integer", "seen": "datetime"}}')
    assert run("match", CLAUSE, "x.csv", "--schema", "s.json", "--count") == (0, "1\n", "")
    Path("s.json").write_text('{"dimensions": {"id": "integer", "seen": "text"}}')
    found = run("match", CLAUSE, "x.csv", "--schema", "s.json", "--count")
    assert found == (0, "2\n", told(CLAUSE))
