"""Columns whose names no filter can hold: how to filter by them all the same is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.engines import need

TABLE = '"Last, First",k=v,a\n"Smith, J",1,2\n'
OPTIONS = ("--no-header", "--skip", "1", "--columns", "Last_First,k_v,a")
WAY = "call the columns otherwise: " + " ".join(OPTIONS)


@pytest.mark.parametrize(
    ("text", "column"),
    [("Last, First==Smith", "Last, First"), ("k=v==1", "k=v"), ("a==2;k=v==1", "k=v")],
)
def test_a_filter_that_begins_with_such_a_name_is_told_of(text, column, run):
    Path("x.csv").write_text(TABLE)
    found = run("match", text, "x.csv")
    assert found.code == 2
    assert found.err.endswith(f"hint: no filter can hold the name '{column}'; {WAY}\n")
    assert "no filter can hold" not in run("match", "b=1", "x.csv").err
    assert "no filter can hold" not in run("match", text, *OPTIONS, "x.csv").err
    assert "no filter can hold" not in run("match", text, "no.csv").err


def test_the_way_that_is_said_works(run):
    Path("x.csv").write_text(TABLE)
    assert run("match", "Last_First==smith\\, j;k_v==1", "x.csv", *OPTIONS, "--count") == (
        0,
        "1\n",
        "",
    )
    Path("x.csv").write_text(f"title\n{TABLE}")
    found = run("match", "k==1", "x.csv", "--skip", "1")
    assert "--no-header --skip 2 --columns Last_First,k_v,a\n" in found.err


def test_so_many_lines_are_left_out_as_stand_before_the_records(run):
    """Blank ones before the names are counted, and each line of a name."""
    Path("x.csv").write_text(f"\n\n{TABLE}")
    offered = "--no-header --skip 3 --columns Last_First,k_v,a"
    for text in ("k==1", "k=v==1"):
        assert run("match", text, "x.csv").err.endswith(f"call the columns otherwise: {offered}\n")
    found = run("match", "k_v==1", "x.csv", *offered.split(), "--count")
    assert found == (0, "1\n", "")


def test_columns_of_a_workbook(run):
    need("python_calamine", "files")
    book = need("openpyxl", "dev").Workbook()
    for row in (["Users"], [], ["Last, First", "k=v"], ["Smith, J", 1]):
        book.active.append(row)
    book.save("x.xlsx")
    offered = "--no-header --skip 3 --columns Last_First,k_v"
    for text in ("k==1", "k=v==1"):
        found = run("match", text, "x.xlsx", "--skip", "1")
        assert found.err.endswith(f"call the columns otherwise: {offered}\n")
    found = run("match", "k_v==1", "x.xlsx", *offered.split(), "--count")
    assert found == (0, "1\n", "")


@pytest.mark.parametrize(("name", "column"), [("First", "Last, First"), ("k", "k=v"), ("v", "k=v")])
def test_a_part_of_such_a_name_that_nothing_has(name, column, run):
    Path("x.csv").write_text(TABLE)
    for arguments, stdin in ((["x.csv"], b""), (["--input-format", "csv"], TABLE.encode())):
        found = run("match", f"{name}==1", *arguments, "--count", stdin=stdin)
        assert found.code == 1
        assert f"unknown name '{name}': no column is called so; " in found.err
        assert f"no filter can hold the name '{column}'; {WAY}\n" in found.err
    record = json.dumps({"Last, First": 1, "k=v": 1, "a": 2}).encode()
    found = run("match", f"{name}==1", "--count", stdin=record)
    assert found.err.endswith(f"no filter can hold the name '{column}'; rename it\n")


def test_names_of_other_columns_are_told_as_ever(run):
    Path("x.csv").write_text(TABLE)
    assert "no filter can hold" not in run("match", "zzz==1", "x.csv").err


def test_one_column_is_hardly_one(run):
    Path("x.csv").write_text("id;score\n1;9\n")
    found = run("match", "score==1", "x.csv", "--delimiter", "comma", "--count")
    told = "unknown name 'score': no column is called so; the only column is called 'id;score'\n"
    assert found.err.startswith(told)
    assert found.err.endswith("say so by --delimiter semicolon, in Python by delimiter\n")


def test_names_that_are_made_differ(run):
    Path("x.csv").write_text('a=b,a>b,"=;",a_b\n1,2,3,4\n')
    assert "--columns a_b,a_b_2,column_3,a_b_4\n" in run("match", "a>b==2", "x.csv").err


def test_a_column_without_a_name_that_is_asked_for_by_its_number(run):
    Path("x.csv").write_text("name,,\nann,1,2\n")
    options = ("--no-header", "--skip", "1", "--columns", "name,column_2,column_3")
    found = run("match", "column_2==1", "x.csv", "--count")
    assert found.err.splitlines()[0] == (
        "unknown name 'column_2': no column is called so; column 2 has no name; call the columns "
        f"otherwise: {' '.join(options)}"
    )
    assert run("match", "column_2==1", "x.csv", "--count", *options) == (0, "1\n", "")
    # The second one without a name can be asked for, and there is no fifth column.
    assert "unknown name" not in run("match", "column_3==2", "x.csv", "--count").err
    assert "has no name" not in run("match", "column_5==2", "x.csv", "--count").err
