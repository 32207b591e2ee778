"""Texts that would be what is asked for if they were spelled so, and rows that are no records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ANOTHER = "another spelling of what '{}' asks for: {}, and none as '{}'; write {}\n"


def wrote(name, text):
    Path(name).write_text(text, encoding="utf-8")


def cells(*texts):
    """Write a column of cells, each in quotes."""
    quoted = ['"{}"'.format(text.replace('"', '""')) for text in texts]
    wrote("t.csv", "id;v\n" + "".join(f"{row};{text}\n" for row, text in enumerate(quoted)))


@pytest.mark.parametrize(
    ("text", "values", "spelled"),
    [
        ("v==1234", ["1,234", "x"], "1,234"),
        ("v==1234.5", ["1.234,5", "1.0.0"], "1.234,5"),
        ("v==1234567", ["1,234,567", "x"], "1,234,567"),
        ("v==1234", ["1 234", "x"], "1 234"),
        ("v==1500", ["1.5E+03", "1e1"], "1.5E+03"),
        ("v==0.5", [".5", "1.5"], ".5"),
        ("v==95", ["+95", "-1"], "+95"),
        ("v==-95", ["\u221295", "1"], "\u221295"),
        ("v==95", ["95%", "7%"], "95%"),
        ("v==1200", ["$1,200.00", "$5.00"], "$1,200.00"),
        ("v==95", ["95.0", "NULL"], "95.0"),
        ("v==501", ["00501", "10001"], "00501"),
        ("v==95", ['="95"', '="7"'], '="95"'),
        ("v==95", ["'95", "'7"], "'95"),
        ("v==bob", ["'Bob'", "'Al'"], "'Bob'"),
        ("v==bob", ['="Bob"', '="Al"'], '="Bob"'),
        ("v==2024-02-01", ["01.02.2024", "31.12.2023"], "01.02.2024"),
        ("v!=2024-02-01", ["02/01/2024", "12/31/2023"], "02/01/2024"),
        ("v==2024-02-01", ["1 Feb 2024", "31 Dec 2023"], "1 Feb 2024"),
        ("v==true", ["yes", "no"], "yes"),
        ("v==false", ["Yes", "No"], "No"),
        ("v==true", ["t", "f"], "t"),
        ("v==TRUE", ["WAHR", "FALSCH"], "WAHR"),
        ("v==yes", ["True", "False", "?"], "True"),
        ("v==nein", ["TRUE", "FALSE", "?"], "FALSE"),
        ("v==12kg", ["12 kg", "9 kg"], "12 kg"),
        ("v==$ 5", ["$5", "$7"], "$5"),
    ],
)
def test_another_spelling_is_told_with_what_to_write(run, text, values, spelled):
    cells(*values)
    found = run("match", text, "t.csv", "-c")
    told, _, write = found.err.rstrip("\n").rpartition("; write ")
    expression = text.partition("=")[2].lstrip("=")
    assert told.startswith(
        f"another spelling of what '{text}' asks for: 1 of {len(values)} values is "
    )
    assert told.endswith(f", and none as '{expression}'")
    # What is to be written finds it.
    number = 1 if "==" in text else len(values) - 1
    assert run("match", write[1:-1], "t.csv", "-c").out == f"{number}\n"
    assert spelled in told


@pytest.mark.parametrize("text", ["v==95.5", "v!=95.5"])
@pytest.mark.parametrize("option", ["--text", None])
def test_decimals_behind_a_comma_have_an_option(run, text, option):
    cells("95,5", "7,25")
    options = ["--text"] if option else []
    found = run("match", text, "t.csv", "-c", *options).err
    remedy = f"write '{text[:3]}95\\,5'" if option else "say --decimal comma"
    assert found.endswith(f"spelled as '95,5', and none as '95.5'; {remedy}\n")
    assert run("match", text, "t.csv", "-c", "--decimal", "comma") == (0, "1\n", "")


def test_times_of_other_lengths_have_no_order(run):
    cells("9:15", "10:30", "")
    for text in ("v>=10:00", "v<10:00"):
        assert run("match", text, "t.csv", "-c").err == (
            f"wrong type in '{text}': 1 of 2 values is a time with other digits than '10:00', so "
            "'9:15' is more than '10:00'; write all with the same digits, as in 09:15\n"
        )
    assert run("match", "v>=9:00", "t.csv", "-c").err.startswith("wrong type in 'v>=9:00'")
    cells("09:15", "10:30")
    assert run("match", "v>=10:00", "t.csv", "-c") == (0, "1\n", "")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("v==95.5", ["95,5", "95.5", "x"]),
        ("v==95.5", ["95,4", "x"]),
        ("v==12", ["A12", "12A", "12-1"]),
        ("v==1", ["1.0.0", "1-2"]),
        ("v==2024", ["2024-02-01", "x"]),
        ("v==2024-02-01", ["03.04.2024", "x"]),
        ("v==true", ["no", "maybe"]),
        ("v~95*", ["95,5", "x"]),
        ("v==x", ["'y'", "z"]),
        ("v==95", ["9" * 70, "x"]),
        ("v==x", ["x" * 70, "y"]),
        ("v==yes", ["maybe", "False"]),
        ("v==12kg", ["12 g", "12"]),
    ],
)
def test_no_other_spelling_is_told_of(run, text, values):
    cells(*values)
    assert "spelling" not in run("match", text, "t.csv", "-c").err


def test_other_spellings_in_json(run):
    wrote("t.jsonl", '{"v": "95,5"}\n{"v": "7,0"}\n{"v": null}\n')
    told = ANOTHER.format("v==95.5", "1 of 2 values is spelled as '95,5'", "95.5", "'v==95\\,5'")
    assert run("match", "v==95.5", "t.jsonl", "-c").err == told
    wrote("t.jsonl", '{"v": ["yes"]}\n{"v": "Yes"}\n')
    told = ANOTHER.format("v==true", "2 of 2 values are spelled as 'yes'", "true", "'v==yes'")
    assert run("match", "v==true", "t.jsonl", "-c").err == told
    # What texts hold beside others is the business of cells.
    wrote("t.jsonl", '{"v": "a;b"}\n{"v": "c"}\n')
    assert run("match", "v==a", "t.jsonl", "-c").err == ""


def test_a_single_value_in_another_spelling(run):
    cells("yes")
    assert ": the one value is spelled as 'yes'" in run("match", "v==true", "t.csv", "-c").err
    # No filter can hold a tab.
    cells("1 Feb\t2024", "x")
    assert "spell" not in run("match", "v==2024-02-01", "t.csv", "-c").err.partition("; write")[2]


def test_other_spellings_among_many(run):
    wrote("t.csv", "id;v\n" + "1;7,5\n" * 2000 + "2;95.5\n")
    found = run("match", "v==7.5", "t.csv", "-c").err
    assert ": in the first 1,000 records 1,000 of 1,000 values are spelled as '7,5'" in found


@pytest.mark.parametrize(
    ("text", "value", "write"),
    [
        ("v==a", "a;b", "v~*a*"),
        ("v!=a", "x, A, y", "v!~*a*"),
        ("v==a", '["a","b"]', "v~*a*"),
        ("v==a", "['a']", "v~*a*"),
        ("v==7", "6|7", "v~*7*"),
        ("v==a*", "a*,b", "v~*a\\**"),
    ],
)
def test_cells_that_hold_it_among_others(run, text, value, write):
    cells(value, "other")
    found = run("match", text, "t.csv", "-c").err
    assert "more than what 'v" in found
    assert "' asks for: 1 of 2 values is such as " in found
    assert found.endswith(f"; write '{write}'\n")
    assert run("match", write, "t.csv", "-c") == (0, "1\n", "")
    cells(value, text[3:].replace("\\", ""))
    assert "more than" not in run("match", text, "t.csv", "-c").err


def test_what_a_pattern_passes_besides_is_told(run):
    wrote("t.csv", "id|v\n1|1;2\n2|12;3\n3|2;5\n4|7;2;8\n")
    more = (
        "more than what '{}' asks for: 3 of 4 values are such as '1;2', and none is just '2'; "
        "write '{}', by which '12;3' {}, too, or {}\n"
    )
    places = ["v==2", "v~2\\;*", "v~*\\;2", "v~*\\;2\\;*"]
    each = "a filter for each place (by -e): " + ", ".join(f"'{place}'" for place in places)
    assert run("match", "v==2", "t.csv", "-c") == (
        *(1, "0\n"),
        more.format("v==2", "v~*2*", "passes", each),
    )
    others = [argument for place in places[1:] for argument in ("-e", place)]
    assert run("match", places[0], *others, "t.csv", "-c") == (0, "3\n", "")
    none = "v!=2;v!~2\\;*;v!~*\\;2;v!~*\\;2\\;*"
    told = more.format("v!=2", "v!~*2*", "is left out", f"'{none}'")
    assert run("match", "v!=2", "t.csv", "-c").err == told
    assert run("match", none, "t.csv", "-c") == (0, "1\n", "")
    # Of what isn't divided alike, it is only told.
    wrote("t.csv", 'id|v\n1|["1", "2"]\n2|12;3\n')
    assert run("match", "v==2", "t.csv", "-c").err.endswith(
        "; write 'v~*2*', by which '12;3' passes, too\n"
    )


@pytest.mark.parametrize("text", ["v==", "v!="])
def test_words_for_nothing_in_json_are_told(run, text):
    lines = [{"v": word} for word in ("NULL", "a", "", None)]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = run("match", text, "t.jsonl", "-c").err
    assert found == (
        f"words for nothing under '{text}': 1 of 3 values is not empty, but words such as 'NULL'; "
        f"write '{text}NULL'\n"
    )
    assert run("match", f"{text}NULL", "t.jsonl", "-c").out == {"v==": "1\n", "v!=": "3\n"}[text]


@pytest.mark.parametrize("word", ["NULL", "\\N", "NaN", "None", "N/A", "#N/A", "-", "(null)"])
@pytest.mark.parametrize("text", ["v==", "v!="])
def test_words_for_nothing_are_told(run, word, text):
    cells(word, "a", "")
    found = run("match", text, "t.csv", "-c").err
    begun, _, option = found.rstrip("\n").partition("; say --null ")
    assert begun == (
        f"words for nothing under '{text}': 1 of 3 values is not empty, but words such as '{word}'"
    )
    assert option.strip("'") == word
    number = {"v==": 2, "v!=": 1}[text]
    assert run("match", text, "t.csv", "-c", "--null", word) == (0, f"{number}\n", "")
    cells("a", "")
    assert run("match", text, "t.csv", "-c").err == ""


@pytest.mark.parametrize(
    "values", [["+99", "+5"], ['="95"', '="7"'], ["'95", "'7"], [".5", "\u22125"]]
)
def test_numbers_that_are_spelled_otherwise_have_no_order(run, values):
    cells(*values)
    found = run("match", "v>=50", "t.csv", "-c").err
    assert found.startswith("wrong type in 'v>=50': all 2 values are numbers written as texts")


COMMENTS = (
    "rows that begin with '#' are records as all others, such as that with '#2'; if they are "
)
SUM = (
    "the last row, which begins with {!r}, is a record as all others; if it holds sums, take it "
    "away\n"
)


def test_rows_that_are_hardly_records(run):
    wrote("t.csv", "id,v\n1,95\n#2,96\n3,7\n")
    assert run("match", "v>=90", "t.csv", "-c") == (
        0,
        "2\n",
        f"{COMMENTS}comments, take them away\n",
    )
    for last in ("Total", "GRAND TOTAL:", "Summe"):
        wrote("t.csv", f"id,v\n1,95\n3,7\n{last},102\n")
        assert run("match", "v>=90", "t.csv", "-c") == (0, "2\n", SUM.format(last))
    # The end of each file counts, and only what was looked at.
    wrote("u.csv", "id,v\n1,95\n")
    assert run("match", "v>=90", "t.csv", "u.csv", "-c").err == SUM.format("Summe")
    wrote("u.csv", "id,v\n" + "x,1\n" * 2000)
    assert run("match", "v>=90", "u.csv", "t.csv", "-c").err == ""


@pytest.mark.parametrize(
    "rows",
    ["#1,95\n#2,96\n", "Total,95\nx,1\n", "x,95\nTotals of all,1\n", "1,#fff\n2,#000\n3,7\n"],
)
def test_rows_that_may_be_records(run, rows):
    wrote("t.csv", f"id,v\n{rows}")
    assert run("match", "v!=3", "t.csv", "-c").err == ""


def test_rows_of_a_workbook_that_are_hardly_records(run):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    for row in (["name", "v"], [" Bob", 95], ["Al", 7], ["Total", 102]):
        book.active.append(row)
    book.save("t.xlsx")
    found = run("match", "name==bob", "t.xlsx", "-c").err
    assert found == (
        "spaces around what 'name==bob' asks for: 1 of 3 values has 'bob' within spaces, and none "
        f"without; say --trim\n{SUM.format('Total')}"
    )


def test_a_schema_of_texts_has_spellings_too(run):
    cells("95,5", "x")
    Path("s.json").write_text(json.dumps({"dimensions": {"v": "text"}, "open": True}))
    for options in (["--schema", "s.json"], ["--text"]):
        assert "is spelled as '95,5'" in run("match", "v==95.5", "t.csv", "-c", *options).err
