"""`filterlang match --sort` where values are of several types, or look like another one."""

from __future__ import annotations

import json

import pytest

FILE = 'say --schema FILE, which holds {"dimensions": {"v": "%s"}, "open": true}'
NUMBERS_AS_TEXTS = "so '10' is less than '9'"


def sort(run, tmp_path, cells, *options, name="v.csv"):
    rows = "".join(f'{place},"{cell}"\n' for place, cell in enumerate(cells, 1))
    (tmp_path / name).write_text(f"id,v\n{rows}")
    return run("match", "--all", name, "--sort", "v", *options)


CELLS = {
    ("95", "N/A", "100"): "all 3 values are numbers written as texts or texts such as 'N/A', "
    f"{NUMBERS_AS_TEXTS}; say --null N/A, or {FILE.removeprefix('say ') % 'number'}",
    ("95,5", "100"): "all 2 values are numbers with a comma or numbers written as texts, "
    f"{NUMBERS_AS_TEXTS}; say --decimal comma",
    ("$9", "$10"): f"all 2 values are numbers with a unit or sign, {NUMBERS_AS_TEXTS}; take the "
    "unit away",
    ("31.12.2023", "01.02.2024"): "all 2 values are dates in another spelling, which are in the "
    "order of their letters; write them as 2024-01-31 is written; in other spellings they have no "
    "order",
    ("2025-06-01T00:30:00+02:00", "2025-05-31T23:00:00Z"): "all 2 values are dates written as "
    f"texts, which are in the order of their letters; {FILE % 'datetime'}",
}


@pytest.mark.parametrize("cells", CELLS)
def test_cells_whose_order_is_that_of_texts(run, tmp_path, cells):
    found = sort(run, tmp_path, cells)
    assert found.code == 0
    assert found.err == f"wrong type in --sort v: {CELLS[cells]}\n"


@pytest.mark.parametrize(
    "cells",
    [
        ("95", "100"),
        ("b", "a"),
        ("10115", "x", "y"),
        ("01067", "10115"),
        ("2024-01-31", "2023-12-31"),
        ("2024-01-31", "2023-12-31T10:00:00Z"),
        ("2024/01/31", "2023/12/31"),
        ("1.2.3", "1.10.0"),
        ("true", "false"),
        ("31.12.2023",),
        ("", ""),
    ],
)
def test_nothing_is_said_of_values_in_their_order(run, tmp_path, cells):
    assert sort(run, tmp_path, cells).err == ""


RECORDS = {
    (
        95,
        "100",
    ): f"1 of 2 values is a number written as text, {NUMBERS_AS_TEXTS}; {FILE % 'number'}",
    ("95", "100"): f"all 2 values are numbers written as texts, {NUMBERS_AS_TEXTS}; "
    f"{FILE % 'number'}",
    (95, 7, "x"): f"1 of 3 values is a text such as 'x', and others are numbers; {FILE % 'number'}",
    ("a", "b", 7): f"1 of 3 values is a number, and others are texts; {FILE % 'text'}",
    (1, 2, True): "1 of 3 values is a truth value, and others are numbers",
    ("2024-01-31", 1714318401218): "1 of 2 values is a number, and others are dates; "
    f"{FILE % 'datetime'}",
}


@pytest.mark.parametrize("values", RECORDS)
def test_values_of_several_types(run, values):
    lines = "".join(json.dumps({"v": value, "x": 1}) + "\n" for value in values)
    found = run("match", "--all", "--sort", "v", stdin=lines.encode())
    assert found.err == f"wrong type in --sort v: {RECORDS[values]}\n"


@pytest.mark.parametrize("type_", ["number", "integer"])
@pytest.mark.parametrize("name", ["v.csv", "v.jsonl"])
def test_the_types_of_a_schema(run, tmp_path, type_, name):
    (tmp_path / "s.json").write_text(json.dumps({"dimensions": {"v": type_}, "open": True}))
    options = ("--schema", "s.json", "--descending", "--select", "v", "--format", "csv")
    if name == "v.jsonl":
        lines = "".join(json.dumps({"v": v}) + "\n" for v in ("95", 7, "100", "x", None))
        found = run("match", "--all", "--sort", "v", *options, stdin=lines.encode())
    else:
        found = sort(run, tmp_path, ["95", "7", "100", "x", ""], *options)
    assert found.out.split() == ["v", "100", "95", "7", "x", '""']
    assert found.err == ""


def test_dates_by_a_schema_and_an_alias(run, tmp_path):
    schema = {"dimensions": {"v": "datetime"}, "aliases": {"when": "v"}, "open": True}
    (tmp_path / "s.json").write_text(json.dumps(schema))
    rows = "1,2025-06-01 00:30:00+02:00\n2,2025-05-31T23:00:00Z\n3,2025-05-31\n"
    (tmp_path / "v.csv").write_text(f"id,v\n{rows}")
    given = ("match", "--all", "v.csv", "--schema", "s.json", "--select", "id", "--sort")
    for name in ("v", "when"):
        assert run(*given, name) == (0, "id\n3\n1\n2\n", "")


def test_a_schema_that_reads_no_value(run, tmp_path):
    (tmp_path / "s.json").write_text('{"dimensions": {"v": "number"}, "open": true}')
    told = "wrong type in --sort v: all 2 values are not as the schema says; "
    for cells, remedy in {
        ("95,5", "100,5"): "say --decimal comma",
        ("x", "y"): "correct the schema, or the records",
    }.items():
        assert sort(run, tmp_path, cells, "--schema", "s.json").err == f"{told}{remedy}\n"


def test_a_name_with_a_space_is_quoted(run):
    lines = b'{"a b": "9"}\n{"a b": "10"}\n'
    found = run("match", "--all", "--sort", "a b", stdin=lines)
    assert found.err.startswith("wrong type in --sort 'a b': all 2 values are numbers written as")


def test_what_the_filter_tells_is_told_of_the_order_once(run, tmp_path):
    (tmp_path / "v.csv").write_text("v\n95\nN/A\n100\n")
    found = run("match", "v>=9", "v.csv", "--sort", "v")
    assert len(found.err.splitlines()) == 1
    assert found.err.startswith("wrong type in 'v>=9': ")
