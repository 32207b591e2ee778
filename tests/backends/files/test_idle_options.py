"""Options that no input has a use for are told, each once, in one line; others aren't."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from filterlang.backends.files import copy, read
from filterlang.cli import main
from tests.support.engines import need

OPTIONS = {
    "text": (True, "--text"),
    "delimiter": (";", "--delimiter"),
    "decimal": (",", "--decimal"),
    "header": (False, "--no-header"),
    "skip": (1, "--skip"),
    "null": ("x", "--null"),
    "trim": (True, "--trim"),
    "encoding": ("latin-1", "--encoding"),
    "records": (".", "--records"),
}
CELLS = dict.fromkeys(("text", "delimiter", "decimal"), "CSV and TSV")
ROWS = dict.fromkeys(("header", "skip", "null", "trim"), "CSV, TSV and xlsx")
TEXTS = {"encoding": "JSON, CSV and TSV"}
LISTS = {"records": "JSON and xlsx"}
IDLE = {
    "x.jsonl": ("JSON", CELLS | ROWS),
    "x.json": ("JSON", CELLS | ROWS),
    "x.csv": ("CSV", LISTS),
    "x.tsv": ("TSV", LISTS),
    "x.parquet": ("Parquet", CELLS | ROWS | TEXTS | LISTS),
    "x.arrow": ("Arrow", CELLS | ROWS | TEXTS | LISTS),
    "x.orc": ("ORC", CELLS | ROWS | TEXTS | LISTS),
    # Of numbers it is told where there are texts that look like some.
    "x.xlsx": ("xlsx", {"text": "CSV and TSV", "delimiter": "CSV and TSV"} | TEXTS),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go where two records stand; no remark is a fault."""
    monkeypatch.chdir(tmp_path)
    Path("x.jsonl").write_text('{"id": 1}\n{"id": 2}\n')
    for name in ("x.json", "x.csv", "x.tsv"):
        copy([], "x.jsonl", name)
    return tmp_path


def wrote(*names):
    """Write the same records as tables and workbooks."""
    for name in names:
        if name.endswith((".parquet", ".arrow")):
            need("pyarrow.parquet", "files")
            copy([], "x.jsonl", name)
        elif name == "x.orc":
            arrow, orc = need("pyarrow", "files"), need("pyarrow.orc", "files")
            orc.write_table(arrow.table({"id": [1, 2]}), name)
        elif name == "x.xlsx":
            need("python_calamine", "files")
            book = need("openpyxl", "dev").Workbook()
            for row in (["id"], [1], [2]):
                book.active.append(row)
            book.active.title = "."
            book.save(name)


def told(paths, **options):
    remarks = []
    records = list(read(paths, [], remark=remarks.append, **options))
    return records, remarks


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", IDLE)
def test_which_options_do_nothing_to_which_format(name, option, folder):
    wrote(name)
    title, purposes = IDLE[name]
    value, spelled = OPTIONS[option]
    expected = []
    if option in purposes:
        expected = [
            (
                f"{name}: {spelled} (in Python {option}) is for {purposes[option]}, and does "
                f"nothing to {title}; leave it out"
            )
        ]
        with pytest.warns(UserWarning, match=f"^{re.escape(expected[0])}$"):
            assert copy("id==1", name, "y.jsonl", **{option: value}) == (2, 1, 0)
        assert told(name, **{option: value}) == ([{"id": 1}, {"id": 2}], expected)
    assert told(name, **{option: value})[1] == expected


ALL = {option: value for option, (value, _) in OPTIONS.items() if option not in {"text", "records"}}


def test_several_options_are_told_in_a_line_for_each_purpose(folder):
    assert told("x.jsonl", columns=["a"], **ALL)[1] == [
        (
            "x.jsonl: --delimiter and --decimal (in Python delimiter and decimal) are for CSV and "
            "TSV, and do nothing to JSON; leave them out"
        ),
        (
            "x.jsonl: --no-header, --columns, --skip, --null and --trim (in Python header, "
            "columns, skip, null and trim) are for CSV, TSV and xlsx, and do nothing to JSON; "
            "leave them out"
        ),
    ]


def test_an_option_for_one_of_several_inputs_does_something(folder):
    assert told(["x.jsonl", "x.csv"], trim=True, records=".")[1] == []
    assert told(["x.csv", "x.jsonl"], trim=True, records=".")[1] == []
    wrote("x.parquet", "x.xlsx")
    assert told(["x.jsonl", "x.parquet", "x.xlsx"], null="2")[1] == []
    assert told(["x.jsonl", "x.parquet"], trim=True)[1] == [
        (
            "--trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON and "
            "Parquet; leave it out"
        )
    ]


def test_it_is_told_though_what_comes_behind_is_not_read(folder, capsys):
    options = ["--trim", "--limit", "1"]
    assert main(["match", "id==1", "x.jsonl", "x.json", *options]) == 0
    message = (
        "--trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON; leave it out\n"
    )
    assert capsys.readouterr() == ('{"id": 1}\n', message)
    # What the one behind is, nobody knows; or it isn't there.
    assert main(["match", "id==1", "x.jsonl", "x.csv", *options]) == 0
    assert capsys.readouterr() == ('{"id": 1}\n', "")
    assert main(["match", "id==1", "x.jsonl", "no", *options]) == 0
    assert capsys.readouterr() == ('{"id": 1}\n', "")


def test_what_an_input_is_its_content_says(folder):
    """And where nothing does, it may be something else."""
    Path("y.csv").write_text('{"id": 1}\n')
    assert told("y.csv", trim=True) == (
        [{"id": 1}],
        [
            (
                "y.csv: --trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to "
                "JSON; leave it out"
            )
        ],
    )
    wrote("x.xlsx")
    Path("x.xlsx").rename("sheet")
    assert told(["x.jsonl", "sheet"], trim=True)[1] == []
    Path("x.jsonl").rename("lines")
    assert told("lines", trim=True)[1] == [
        (
            "lines: --trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON; "
            "leave it out, or say by --input-format what is read"
        )
    ]
    assert told("lines", trim=True, format="jsonl")[1] == [
        (
            "lines: --trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON; "
            "leave it out"
        )
    ]


def test_all_commands_tell_it(folder, capsys):
    Path("f.json").write_text(json.dumps({"one": "id==1"}))
    message = (
        "x.jsonl: --trim (in Python trim) is for CSV, TSV and xlsx, and does nothing to JSON; "
        "leave it out\n"
    )
    for command in (
        ["match", "id==1", "--count"],
        ["tag", "--filters", "f.json"],
        ["schema", "infer"],
    ):
        assert main([*command, "x.jsonl", "--trim"]) == 0
        assert capsys.readouterr().err == message
