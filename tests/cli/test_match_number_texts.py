"""Numbers that are compared as texts: told with what to write, in the filter and in the cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.engines import need

SHARE = "0.5 (no value is above 1), or 50 if the values are percent"


def cells(*texts):
    rows = "".join(f'{row};"{text}"\n' for row, text in enumerate(texts))
    Path("t.csv").write_text(f"id;v\n{rows}", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "values", "told"),
    [
        ("v>=10%", ["5%", "10%", "100%"], "; take the unit away, and write 10"),
        ("v>=10 kg", ["5 kg", "12 kg", "100 kg"], "; take the unit away, and write 10"),
        ("v>=$90000", ["$5.5", "$100000.25"], "; take the unit away, and write 90000"),
        ("v>=90\\,5", ["9,5", "100,0"], "; say --decimal comma, and write 90.5"),
        ("v>=$9", ["5", "100", "x"], ", and write 9"),
        ("v>=1 000", ["1 200", "900"], "; write nothing between thousands, and write 1000"),
        (
            "v>=1\\,000",
            ["1,200", "900"],
            (
                "; say --decimal comma if the commas stand before decimals; if between thousands, "
                "take them away, and write 1.000 or 1000"
            ),
        ),
    ],
)
def test_a_unit_in_the_filter_is_told(run, text, values, told):
    cells(*values)
    found = run("match", text, "t.csv", "-c").err
    assert found.startswith(f"wrong type in '{text}': ")
    assert ", so '10' is less than '9'" in found
    assert found.endswith(f"{told}\n")
    if "say " in found and " or 1000" not in found:
        options = found.partition("; say ")[2].partition(",")[0].split()
        write = "v>=" + found.rstrip().rpartition("write ")[2]
        found = run("match", write, "t.csv", "-c", *options)
        assert (found.out, found.err) == ("1\n", "")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("v>=10%", ["15%", "10%", "95%"]),
        ("v>=12A", ["12B", "13A"]),
        ("v>=00501", ["00501", "10001"]),
        ("v>=10 kg", ["light", "heavy", "12 kg"]),
        ("v==10%", ["5%", "10%"]),
        ("v>=1.2.3", ["1.10.0", "1.2.0"]),
        ("v>=06", ["05", "12"]),
    ],
)
def test_a_unit_where_the_order_is_right_or_none(run, text, values):
    cells(*values)
    assert run("match", text, "t.csv", "-c").err == ""


@pytest.mark.parametrize(
    ("text", "values", "told"),
    [
        ("v==yes", ["True", "False"], "booleans, and 'yes' is none; write true or false"),
        ("v!=x", ["True", "False"], "booleans, and 'x' is none; write true or false"),
        ("v>=1", ["True", "False"], "booleans, which have no order; ask by == or !="),
        ("v>=50%", ["5", "51"], "numbers, and '50%' is none; write 50"),
        ("v>=50%", ["0.5", "0.05"], f"numbers, and '50%' is none; write {SHARE}"),
        ("v>=150%", ["0.5", "1"], "numbers, and '150%' is none; write 150"),
        ("v>=50%", ["0", "0"], "numbers, and '50%' is none; write 50"),
        ("v>=05", ["5", "4"], "numbers, and '05' is none; write 5"),
        ("v>=90\\,5", ["5", "91"], "numbers, and '90,5' is none; write 90.5"),
        ("v==abc", ["5", "51"], "numbers, and 'abc' is none; write a number"),
        ("v>=2024-01-01", ["5", "51"], "numbers, and '2024-01-01' is none; write a number"),
        ("v>=\\,5", ["5", "51"], "numbers, and ',5' is none; write 0.5"),
        (
            "v>=2024-01-01",
            ["7", "", "1704067200001.5"],
            (
                "numbers, and '2024-01-01' is none; write 1704067200000, which is the date in "
                "milliseconds since 1970"
            ),
        ),
        (
            "v<2024-01-01T00:00:01Z",
            ["-1704067200", "0"],
            (
                "numbers, and '2024-01-01T00:00:01Z' is none; write 1704067201, which is the date "
                "in seconds since 1970"
            ),
        ),
    ],
)
def test_what_the_cells_are_is_told_with_what_to_write(run, text, values, told):
    cells(*values)
    assert run("match", text, "t.csv", "-c").err == f"{text}: the cells of 'v' are {told}\n"


def test_a_late_cell_that_is_asked_for_is_no_mistake(run):
    rows = "".join(f"{row};{'true' if row < 1000 else 'unknown'}\n" for row in range(1500))
    Path("t.csv").write_text(f"id;v\n{rows}", encoding="utf-8")
    found = run("match", "v==Unknown", "t.csv", "-c")
    assert found.out == "500\n"
    assert "is none" not in found.err
    assert "'other' is none" in run("match", "v==other", "t.csv", "-c").err


@pytest.mark.parametrize(
    ("expression", "write"),
    [("06", "6"), ("05", "5"), ("-05", "-5"), ("5%", "5"), ("1\\,5", "1.5"), ("+5", "5")],
)
@pytest.mark.parametrize("operator", ["==", ">="])
def test_numbers_with_zeros_before_them(run, expression, write, operator):
    lines = "".join(json.dumps({"v": value}) + "\n" for value in (5, 6, 7))
    text = f"v{operator}{expression}"
    found = run("match", text, "-c", stdin=lines.encode()).err
    plain = expression.replace("\\", "")
    told = f"all 3 values are numbers, and '{plain}' is a text; write {write}\n"
    assert found == f"wrong type in '{text}': {told}"
    assert run("match", f"v{operator}{write}", "-c", stdin=lines.encode()).err == ""


@pytest.mark.parametrize("operator", ["==", ">="])
def test_a_share_is_written_for_percent_where_all_values_are_shares(run, operator):
    lines = "".join(json.dumps({"v": value}) + "\n" for value in (0.5, 0.25, 1))
    found = run("match", f"v{operator}50%", "-c", stdin=lines.encode()).err
    assert found == (
        f"wrong type in 'v{operator}50%': all 3 values are numbers, and '50%' is a text; "
        f"write {SHARE}\n"
    )


def test_numbers_with_zeros_before_them_of_tables(run):
    need("pyarrow", "files")
    import pyarrow as pa
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table({"month": [5, 6]}), "t.parquet")
    found = run("match", "month==06", "t.parquet", "-c").err
    assert found.endswith("all 2 values are numbers, and '06' is a text; write 6\n")


def test_the_order_of_texts_is_told_once(run):
    cells("5", "100", "")
    told = "--text compares numbers as texts, so in 'v>=50' '10' is less than '9'; leave it out\n"
    assert run("match", "v>=50", "-e", "v<70", "t.csv", "-c", "--text").err == told
    assert run("match", "v>=50", "t.csv", "-c") == (0, "1\n", "")


@pytest.mark.parametrize(
    ("text", "values"),
    [("v>=50", ["55", "49"]), ("v==5", ["5", "100"]), ("v>=50", ["5", "100", "x"]),
     ("v>=B", ["5", "100"]), ("v>=50", ["", ""]), ("v~5*", ["5", "100"])],
)  # fmt: skip  # a table
def test_texts_whose_order_is_right(run, text, values):
    cells(*values)
    assert run("match", text, "t.csv", "-c", "--text").err == ""


def test_spaces_are_taken_away_by_an_option(run):
    cells("95", " 100", "7 ")
    found = run("match", "v>=90", "t.csv", "-c").err
    assert found.endswith("; say --trim\n")
    assert run("match", "v>=90", "t.csv", "-c", "--trim") == (0, "2\n", "")
    cells("95", "1e2", " 99", "0x5F")
    found = run("match", "v>=90", "t.csv", "-c").err
    assert found.endswith("; say --trim, and write the others in plain digits\n")
    cells("95", "100", "99", "95")
    assert run("match", "v>=90", "t.csv", "-c", "--trim") == (0, "4\n", "")
    cells("5%", " 7")
    found = run("match", "v>=6", "t.csv", "-c").err
    assert found.endswith("; take the unit away, say --trim\n")
    Path("t.jsonl").write_text('{"v": " 95"}\n{"v": "100 "}\n')
    assert run("match", "v>=90", "t.jsonl", "-c").err.endswith("; take the spaces away\n")


@pytest.mark.parametrize(
    ("values", "may_be"),
    [
        (["1,000", "5"], True),
        (["-1,000", "25,500"], True),
        (["1,000", "5000"], False),
        (["0,125", "1,000"], False),
        (["1,000", "9,5"], False),
        (["9,5", "5"], False),
    ],
)
def test_commas_that_may_stand_between_thousands(run, values, may_be):
    cells(*values)
    schema = json.dumps({"dimensions": {"v": "number"}, "open": True})
    Path("s.json").write_text(schema)
    all_have_commas = all("," in value for value in values)
    known = "; say --decimal comma if the commas stand before decimals; if between thousands, take"
    for what in (["v>=50"], ["--all", "--sort", "v"]):
        for options in [(), ("--schema", "s.json")][: 1 + all_have_commas]:
            found = run("match", *what, "t.csv", "-o", "y.csv", *options).err
            assert "; say --decimal comma" in found
            assert (known in found) is may_be
    if may_be:
        cells(*(value.replace(",", "") for value in values))
        assert run("match", "v>=1000", "t.csv", "--count")[1:] == ("1\n", "")
