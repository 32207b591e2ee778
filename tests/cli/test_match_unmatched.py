"""`filterlang match` where nothing matches: what is written has the columns of what was read."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.support.engines import need

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [{"s": 1, "t": "x", "o": {"a": 1}, "e": {}}, {"s": 2.5, "u": True}]
NAMES = "s,t,o,e,u\n"
IN_JSON = {
    "records.json": json.dumps(RECORDS),
    "records.jsonl": "".join(f"{json.dumps(one)}\n" for one in RECORDS),
    "answer.json": json.dumps({"users": RECORDS, "totalHits": 2}),
    "begun.jsonl": "\n7\n" + "".join(f"{json.dumps(one)}\n" for one in RECORDS),
}
CELLS = "id,score,ok,day,big\n1,95,true,x,12345678901234567890\n2,1.5,false,,1\n"
OF_CELLS = {
    "id": "int64",
    "score": "double",
    "ok": "bool",
    "day": "string",
    "big": "decimal128(38, 0)",
}


@pytest.fixture(autouse=True)
def inputs(tmp_path):
    for name, text in IN_JSON.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "cells.csv").write_text(CELLS)
    folder = tmp_path / "sales" / "year=2024"
    folder.mkdir(parents=True)
    (folder / "records.json").write_text(IN_JSON["records.json"])
    (folder / "cells.csv").write_text(CELLS)


def types_in(path: Path) -> dict[str, str]:
    schema = need("pyarrow.parquet", "files").read_schema(path)
    return {field.name: str(field.type) for field in schema}


@pytest.mark.parametrize("more", [[], ["--explain"], ["--sample-misses=1"], ["--sort=s"]])
@pytest.mark.parametrize("name", IN_JSON)
def test_cells_have_the_names_of_records_of_json(run, tmp_path, name, more):
    given = ["match", "s==1000", name, *more]
    assert run(*given, "--format=csv").out == NAMES
    run(*given, "-o", "out.tsv")
    assert (tmp_path / "out.tsv").read_text() == NAMES.replace(",", "\t")
    assert run(*given, "--format=jsonl").out == ""
    assert run(*given, "--format=json").out == "[]\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_large_inputs_tell_their_names_too(run, tmp_path, jobs, ending):
    data = b"".join(b'{"id":%d,"name":"%d"}\n' % (one, one) for one in range(200_000))
    (tmp_path / f"large{ending}").write_bytes(gzip.compress(data, 1) if "gz" in ending else data)
    given = ["match", "id==-1", f"large{ending}", "--jobs", jobs, "--format=csv"]
    assert run(*given) == (1, "id,name\n", "")


def test_columns_have_the_types_of_records_of_json(run, tmp_path):
    types = {"s": "double", "t": "string", "o": "struct<a: int64>", "e": "null", "u": "bool"}
    run("match", "s==1000", "records.json", "-o", "out.parquet")
    assert types_in(tmp_path / "out.parquet") == types
    run("match", "s==1000", "records.json", "-o", "out.parquet", "--select", "a=o.a,s,nope")
    assert types_in(tmp_path / "out.parquet") == {"a": "int64", "s": "double", "nope": "null"}
    run("match", "s==1000", "sales/year=2024/records.json", "-o", "out.parquet")
    assert types_in(tmp_path / "out.parquet") == {**types, "year": "int64"}


def test_values_of_no_common_type_give_a_column_of_none(run, tmp_path):
    (tmp_path / "mixed.jsonl").write_text('{"a": 1, "b": 1}\n{"a": "x", "b": 1}\n')
    run("match", "b==2", "mixed.jsonl", "-o", "out.parquet")
    assert types_in(tmp_path / "out.parquet") == {"a": "null", "b": "int64"}


def test_an_answer_among_lines_gives_no_columns(run, tmp_path):
    (tmp_path / "lines.jsonl").write_text('{"a": 1}\n{"users": [{"b": 1}], "totalHits": 1}\n')
    assert run("match", "a==2", "lines.jsonl", "--format=csv").out == "a\n"


@pytest.mark.parametrize("more", [[], ["--sample-misses=1"], ["--sort=id"]])
def test_columns_have_the_types_found_for_cells(run, tmp_path, more):
    run("match", "id==1000", "cells.csv", "-o", "none.parquet", *more)
    run("match", "--all", "cells.csv", "-o", "all.parquet", *more)
    assert types_in(tmp_path / "none.parquet") == OF_CELLS == types_in(tmp_path / "all.parquet")
    run("match", "id==1000", "sales/year=2024/cells.csv", "-o", "out.parquet", *more)
    assert types_in(tmp_path / "out.parquet") == {**OF_CELLS, "year": "int64"}
    run("match", "id==1000", "cells.csv", "-o", "out.parquet", "--select", "a=score,id", *more)
    assert types_in(tmp_path / "out.parquet") == {"a": "double", "id": "int64"}


def test_columns_have_the_types_that_are_said_of_cells(run, tmp_path):
    run("match", "id==1000", "cells.csv", "-o", "out.parquet", "--text")
    assert types_in(tmp_path / "out.parquet") == dict.fromkeys(OF_CELLS, "string")
    types = {"id": "integer", "day": "datetime", "score": "number", "ok": "boolean"}
    (tmp_path / "schema.json").write_text(json.dumps({"dimensions": types, "open": True}))
    run("match", "id==1000", "cells.csv", "-o", "out.parquet", "--schema", "schema.json")
    said = {**OF_CELLS, "day": "timestamp[us, tz=UTC]", "big": "string"}
    assert types_in(tmp_path / "out.parquet") == said


def test_columns_have_the_types_of_a_table(run, tmp_path):
    need("pyarrow", "files")
    run("match", "--all", "records.json", "-o", "table.parquet", "--select", "s,o")
    for select, types in (
        ("a=o.a,s", {"a": "int64", "s": "double"}),
        ("a=o.a,x", {"a": "int64", "x": "null"}),
    ):
        run("match", "s==1000", "table.parquet", "-o", "out.parquet", "--select", select)
        assert types_in(tmp_path / "out.parquet") == types


def test_columns_have_the_types_of_a_workbook(run, tmp_path):
    workbook = need("openpyxl", "files").Workbook()
    for row in (["id", "name"], [1, "x"], [2.5, "y"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "book.xlsx")
    run("match", "id==1000", "book.xlsx", "-o", "out.parquet")
    assert types_in(tmp_path / "out.parquet") == {"id": "double", "name": "string"}


def test_the_first_input_with_records_tells_the_columns(run, tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n")
    assert run("match", "s==1000", "records.json", "cells.csv", "--format=csv").out == NAMES
    header = CELLS.partition("\n")[0] + "\n"
    for first in ("cells.csv", "empty.jsonl"):
        given = ["match", "s==1000", first, "cells.csv", "records.json", "--format=csv"]
        assert run(*given).out == header


def test_counts_have_their_own_columns(run, tmp_path):
    given = ["match", "id==1000", "cells.csv", "--count-by", "id"]
    assert run(*given, "--format=csv").out == "id,count\n"
    run(*given, "-o", "out.parquet")
    assert types_in(tmp_path / "out.parquet") == {"id": "string", "count": "int64"}
    assert run("match", "--all", "records.json", "--count-by=o", "--format=csv").out == (
        "o,count\n,1\n"
    )


def test_the_same_from_python(tmp_path):
    from filterlang.backends import files

    files.copy("s==1000", tmp_path / "records.json", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == NAMES


@pytest.mark.parametrize("filter_", ["a==5", "a!=5"])
def test_names_that_tables_cannot_have(run, tmp_path, filter_):
    need("pyarrow", "files")
    (tmp_path / "half.jsonl").write_text('{"\\ud800": 1, "a": 2}\n')
    told = (
        "the name '<U+D800>' holds half a character, which has no place here; say with --select "
        "(in Python select=) which columns there are to be, or write JSON Lines"
    )
    for name in ("out.parquet", "out.arrow"):
        found = run("match", filter_, "half.jsonl", "-o", name)
        assert found == (3, "", f"{name}: can't be written: {told}\n")
    run("match", filter_, "half.jsonl", "-o", "out.parquet", "--select=a")
    assert types_in(tmp_path / "out.parquet") == {"a": "int64"}


@pytest.mark.parametrize("filter_", ["id==5", "id!=5"])
@pytest.mark.parametrize("name", ["k=v.csv", "k=v.json", "k=v.parquet"])
def test_names_that_filters_cannot_have(run, tmp_path, filter_, name):
    need("pyarrow", "files")
    (tmp_path / "k=v.csv").write_text('id,k=v,"a, b.c"\n1,2,x\n')
    (tmp_path / "k=v.json").write_text('{"id": 1, "k=v": 2, "a, b.c": "x"}')
    run("match", "--all", "k=v.json", "-o", "k=v.parquet")
    run("match", filter_, name, "-o", "out.parquet")
    types = {"id": "int64", "k=v": "int64", "a, b.c": "string"}
    assert types_in(tmp_path / "out.parquet") == types


# --- Answers without records ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        '{"users": null, "totalHits": 0}',
        '{"users": null, "scrollId": null}',
        '{"totalHits": 0, "accounts": null, "users": null}',
        '{"data": {"users": null, "totalHits": 0}}',
        '[{"users": null, "totalHits": 0}]',
        '{"users": null, "totalHits": 0}\n{"users": null, "totalHits": 0}',
    ],
)
@pytest.mark.parametrize("more", [[], ["--explain"], ["--format=csv"], ["--sort=a"]])
def test_null_in_the_place_of_a_list_is_an_empty_answer(run, tmp_path, answer, more):
    like = answer.replace('"users": null', '"users": []').replace('"accounts": null, ', "")
    for name in ("answer.json", "answer.jsonl"):
        for text in (answer, like):
            (tmp_path / name).write_text(text)
            assert run("match", "a!=5", name, *more) == (1, "", "")
    assert run("match", "a!=5", *more, stdin=answer.encode()) == (1, "", "")


def test_null_hides_no_records_of_other_answers(run):
    answers = [
        '{"users": null, "totalHits": 0}',
        '{"users": [{"a":1}], "totalHits": 1}',
        '{"users": [{"a":2}], "accounts": null, "totalHits": 1}',
    ]
    for order in (answers, answers[::-1]):
        found = run("match", "a>0", stdin=f"[{','.join(order)}]".encode())
        assert (found.code, sorted(found.out.splitlines()), found.err) == (
            0,
            ['{"a":1}', '{"a":2}'],
            "",
        )
    other = b'{"users": null, "totalHits": 1, "data": {"accounts": [{"a":1}], "totalHits": 1}}'
    assert run("match", "a>0", stdin=other) == (0, '{"a":1}\n', "")


@pytest.mark.parametrize(
    "record", ['{"users":null}', '{"users":null,"pageNumber":3}', '{"a":null,"totalHits":0}']
)
def test_null_alone_makes_no_answer_of_a_record(run, record):
    assert run("match", "users!=5", stdin=record.encode()).out == record + "\n"


def test_somebody_says_what_null_is(run):
    answer = b'{"users":null,"totalHits":0}'
    assert run("match", "totalHits==0", "--records=.", stdin=answer).out == answer.decode() + "\n"
    assert run("match", "a!=5", "--records=users", stdin=b'{"users":null}') == (1, "", "")


def test_an_answer_with_null_among_lines_is_told(run):
    told = (
        "<stdin>:2: expected a record, found an answer with the list 'users' beside 'totalHits'; "
        "put answers into a file of their own, or say --records . (in Python records=) if the "
        "object is a record\n"
    )
    lines = b'{"a":1}\n{"users":null,"totalHits":0}\n'
    assert run("match", "a==1", stdin=lines) == (3, '{"a":1}\n', told)
