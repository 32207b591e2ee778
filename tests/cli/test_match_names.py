"""Names that no header, no schema and no record has: said on standard error, an error if strict."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import re
import shlex
import threading
from pathlib import Path

import pytest

import filterlang as fl
from filterlang.backends.files.scanning import workers
from filterlang.backends.files.watching import sought
from tests.support.engines import need

need("pyarrow", "files")

import pyarrow as pa  # noqa: E402 — what it needs is asked for first
import pyarrow.parquet  # noqa: E402 — as above

RECORDS = [
    {"id": 0, "score": 90, "location": {"city": "Bonn"}, "visits": [{"page": "home"}]},
    {"id": 1, "score": 7, "location": {"city": "Rome"}, "visits": [], "email": None},
]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
COLUMN = "unknown name 'scroe': no column is called so; did you mean 'score'?\n"
RECORD = "unknown name 'scroe': nothing in the records read is called so; did you mean 'score'?\n"


def written(name):
    path = Path(name)
    match path.suffix:
        case ".parquet":
            pyarrow.parquet.write_table(pa.Table.from_pylist(RECORDS), path)
        case ".arrow":
            table = pa.Table.from_pylist(RECORDS)
            with pa.OSFile(name, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
        case ".csv":
            path.write_text("id,score,city\n0,90,Bonn\n1,7,Rome\n", encoding="utf-8")
        case _:
            path.write_text(LINES, encoding="utf-8")
    return name


@pytest.mark.parametrize("name", ["users.parquet", "users.arrow", "users.csv"])
def test_a_header_tells_before_anything_is_read(run, name):
    written(name)
    found = run("match", "scroe!=90;id!=7", "-e", "scroe==7", name, "--count")
    assert found == (0, "2\n", COLUMN)
    for more in ((), ("--count",), ("--explain",), ("--invert",), ("--output", "out.jsonl")):
        assert run("match", "scroe!=90", name, "--strict", *more) == (2, "", COLUMN)
    assert not Path("out.jsonl").exists()
    assert run("match", "score==90", name, "--strict", "--count") == (0, "1\n", "")


def test_names_of_structs_are_known_and_those_behind_maps_may_be_any(run):
    table = pa.table(
        {
            "s": [{"city": "Bonn"}],
            "l": [[{"page": "home"}]],
            "m": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
            "d": pa.array(["x"]).dictionary_encode(),
            "b": [1],
        }
    )
    pyarrow.parquet.write_table(table, "t.parquet")
    for known in ("s.city", "l.page", "m.any.thing", "d", "b", "s"):
        found = run("match", f"{known}!=x1", "t.parquet", "--strict", "--count")
        assert "unknown" not in found.err
    for unknown, hint in {
        "s.ctiy": "did you mean 's.city'?",
        "l.pgae": "did you mean 'l.page'?",
        "b.x": "did you mean 'b'?",
        "S.city": "did you mean 's.city'?",
        "qwertz": "the names are 's', 'l', 'm', 'd', 'b'",
        "s.qwertz": "the names in 's' are 's.city'",
    }.items():
        expected = f"unknown name '{unknown}': no column is called so; {hint}\n"
        assert run("match", f"{unknown}!=x1", "t.parquet", "--count") == (0, "1\n", expected)


TEXTS, NUMBERS = pa.array(["x", "y"]), pa.array([1, 0], pa.int8())
TYPES = pa.array([0, 1], pa.int8())
NAMELESS = {
    "json": pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": 1}', "2"])),
    "uuid": pa.array([bytes(16)] * 2, pa.uuid()),
    "bool8": pa.ExtensionArray.from_storage(pa.bool8(), NUMBERS),
    "union": pa.UnionArray.from_sparse(TYPES, [TEXTS, NUMBERS]),
}


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize(
    ("kind", "ending"),
    [(kind, "arrow") for kind in NAMELESS]
    + [(kind, "parquet") for kind in NAMELESS if kind != "union"],  # It has none.
)
def test_behind_values_of_other_types_no_name_leads_anywhere(run, kind, ending, counts):
    table = pa.table({"id": [0, 1], "k": NAMELESS[kind]})
    if ending == "parquet":
        pyarrow.parquet.write_table(table, "x.parquet")
    else:
        with pa.ipc.new_file("x.arrow", table.schema) as file:
            file.write_table(table)
    finished = run("match", "k.a!=1;id==0", f"x.{ending}", *["--count"] * counts)
    assert finished.code == 0
    assert finished.err == "unknown name 'k.a': no column is called so; did you mean 'k'?\n"


def test_behind_objects_in_a_union_a_name_may_lead_somewhere(run):
    union = pa.UnionArray.from_sparse(TYPES, [pa.array([{"a": 1}, None]), TEXTS])
    table = pa.table({"k": union})
    with pa.ipc.new_file("x.arrow", table.schema) as file:
        file.write_table(table)
    assert run("match", "k.a==1", "x.arrow", "--count") == (0, "1\n", "")


@pytest.mark.parametrize("more", [(), ("--explain",), ("--sample-misses", "0"), ("--jobs", "2")])
def test_records_tell_at_the_end(run, more):
    written("users.jsonl")
    found = run("match", "scroe!=90", "users.jsonl", "--count", *more)
    assert (found.code, found.out) == (0, "2\n")
    assert found.err.count("unknown name") == 1
    assert RECORD in found.err
    found = run("match", "scroe!=90", "users.jsonl", "--count", "--strict", *more)
    assert (found.code, found.out) == (3, "2\n")
    assert RECORD in found.err
    for known in ("score", "location.city", "visits.page", "email", "visits"):
        found = run("match", f"{known}!=x1", "users.jsonl", "--count", "--strict", *more)
        assert found.code == 0
        assert "unknown" not in found.err


def test_standard_input_tells_too(run):
    assert run("match", "scroe!=90", "--count", stdin=LINES.encode()) == (0, "2\n", RECORD)
    found = run("match", "scroe!=90", "--limit", "1", "--count", stdin=LINES.encode())
    assert found == (0, "1\n", RECORD)
    table = b"id,score\n1,90\n"
    arguments = ("match", "scroe!=90", "-", "--input-format", "csv", "--count")
    assert run(*arguments, stdin=table) == (0, "1\n", COLUMN)
    assert run(*arguments, "--strict", stdin=table) == (2, "", COLUMN)
    assert run(*arguments, "--explain", "--strict", stdin=table) == (2, "", COLUMN)
    known = ("match", "score!=90", "-", "--input-format", "csv", "--count", "--strict")
    assert run(*known, stdin=table) == (1, "0\n", "")


def test_where_nothing_was_read_nothing_is_told(run):
    assert run("match", "scroe!=90", "--count", stdin=b"") == (1, "0\n", "<stdin>: it is empty\n")
    assert run("match", "scroe!=90", "--count", stdin=b"[1]\n").err.count("unknown name") == 0
    found = run("match", "scroe!=90", "no.parquet", "--count")
    assert found == (3, "0\n", "no.parquet: no such file or directory\n")
    found = run("match", "scroe!=90", "no*.csv", "--count")
    assert found == (3, "0\n", "no*.csv: no file has a name like this\n")
    Path("empty.csv").write_text("id,score\n", encoding="utf-8")
    assert run("match", "scroe!=90", "empty.csv", "--count") == (1, "0\n", COLUMN)


def test_one_input_that_has_the_name_is_enough(run):
    written("users.csv")
    written("users.jsonl")
    Path("other.csv").write_text("id,scroe\n0,90\n", encoding="utf-8")
    Path("other.jsonl").write_text('{"scroe": 1}\n', encoding="utf-8")
    for first, second in (("users.csv", "other.csv"), ("users.jsonl", "other.csv")):
        for paths in ((first, second), (second, first)):
            found = run("match", "scroe!=91", *paths, "--count")
            assert "unknown name" not in found.err
    told = "users.csv: the column 'scroe' is missing, though other files have it; "
    assert run("match", "scroe!=91", "users.csv", "other.jsonl", "--count") == (
        3,
        "3\n",
        f"{told}did you mean 'score'?\n",
    )
    found = run("match", "scroe!=91", "users.csv", "users.jsonl", "--count", "--strict")
    assert found == (3, "4\n", RECORD)


def test_a_table_that_lacks_a_name_and_has_a_near_one_is_told_beside_others(run):
    told = "{}: the column 'score' is missing, though other files have it; did you mean 'Score'?\n"
    Path("low.jsonl").write_text('{"score": 95}\n{"score": 9}\n')
    Path("Upper.csv").write_text("Score,n\n95,1\n9,2\n")
    Path("plain.tsv").write_text("name\nAda\n")
    pyarrow.parquet.write_table(pa.table({"Score": [95]}), "Upper.parquet")
    for paths in (("low.jsonl", "Upper.csv", "plain.tsv"), ("Upper.csv", "low.jsonl")):
        for more in ((), ("--explain",)):
            found = run("match", "score>=90", *paths, "--count", *more)
            assert (found.code, found.out) == (3, "1\n")
            assert found.err.endswith(told.format("Upper.csv"))
    found = run("match", "score>=90", "low.jsonl", "Upper.parquet", "--count")
    assert found == (3, "1\n", told.format("Upper.parquet"))
    found = run("match", "--all", "low.jsonl", "Upper.csv", "--sort", "score", "--format", "jsonl")
    assert (found.code, found.err) == (3, told.format("Upper.csv"))
    other = (
        "low.jsonl: its first records lack 'Score', though other files have it; "
        "did you mean 'score'?\n"
    )
    for paths in (("low.jsonl", "Upper.csv"), ("Upper.csv", "low.jsonl")):
        assert run("match", "Score>=90;n==1", *paths, "--count") == (3, "1\n", other)
    found = run("match", "n==1", "low.jsonl", "Upper.csv", "--count")
    assert found == (0, "1\n", "")
    Path("low.csv").write_text("score\n95\n")
    for paths, difference in (
        (
            ("low.csv", "Upper.csv"),
            "Upper.csv: the column 'score' is missing, though it is in low.csv",
        ),
        (("Upper.csv", "low.csv"), "low.csv: the column 'score' is new, it is not in Upper.csv"),
    ):
        found = run("match", "score>=90", *paths, "low.jsonl", "--count")
        assert found == (3, "2\n", f"{difference}; did you mean 'Score'?\n")


SPELLED = "{}: its first records lack 'countryCode', though other files have it; did you mean "


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_files_of_json_that_spell_a_name_otherwise_than_others_are_told(run, ending):
    names = {"a": "countryCode", "b": "country_code", "c": "countryCode", "d": "country"}
    paths = []
    for file, name in names.items():
        paths.append(f"{file}.{ending}")
        Path(paths[-1]).write_text(json.dumps({name: "US", "id": 1}) + "\n")
    a, b, c, d = paths
    told = SPELLED.format(b) + "'country_code'?\n"
    for order in ((a, b, c, d), (b, a), (b, d, a)):
        for more in ((), ("--jobs", "2"), ("--explain",)):
            found = run("match", "countryCode!=x", *order, "--count", *more)
            assert (found.code, found.out) == (3, f"{len(order)}\n")
            assert found.err.endswith(f"\n{told}" if more == ("--explain",) else told)
    for order in ((a,), (a, c), (a, d), (b, d), (b,)):
        assert "its first records" not in run("match", "countryCode!=x", *order, "--count").err
    assert run("match", "id==1", *paths, "--count") == (0, "4\n", "")
    # What a limit leaves unread may be whatever it is.
    found = run("match", "countryCode!=x", a, b, "--limit", "1")
    assert (found.code, found.err) == (0, "")


def test_one_record_of_a_file_that_spells_a_name_as_asked_for_is_enough(run):
    Path("a.jsonl").write_text('{"score": 1}\n')
    Path("b.jsonl").write_text('{"Score": 1}\n{"score": 1}\n')
    assert run("match", "score==1", "a.jsonl", "b.jsonl", "--count") == (0, "2\n", "")


def test_a_schema_knows_names_too(run):
    written("users.parquet")
    written("users.jsonl")
    for path in ("users.parquet", "users.jsonl"):
        for text in ("phone!=1", "countryCode!=us", "customAttributes.plan!=gold"):
            found = run("match", text, path, "--schema", "users", "--count", "--strict")
            assert found == (0, "2\n", "")
    Path("open.json").write_text(
        json.dumps({"dimensions": {"score": "integer"}, "open": True}), encoding="utf-8"
    )
    found = run("match", "scroe!=90", "users.parquet", "--schema", "open.json", "--count")
    assert found == (0, "2\n", COLUMN)


def test_keys_are_found_however_they_are_written(run):
    for name, line in (
        ("name", b'{"n\\u0061me": 1}'),
        ("a.n\u00e4me/y", '{"a": [{"x": 1}, {"n\u00e4me/y": 1}]}'.encode()),
        ("a.n\u00e4me/y", b'{"a": [[{"n\\u00e4me\\/y": null}]]}'),
        ("a.n\u00e4me/y", b'{"a.n\\u00e4me/y" :1}'),
        ("b/c", b'{"b\\/c": 1}'),
        ('say "hi"', b'{"say \\"hi\\"" : 1}'),
    ):
        lines = b'{"b": 1}\n' + line + b"\n"
        found = run("match", f"{name}!=7", "--count", "--strict", stdin=lines)
        assert found == (0, "2\n", ""), line
    # As a value, or behind a value, it is no name.
    for line in (b'{"a": "name"}', b'{"a": "name:", "b": {"name": 1}}', b'{"a.name": 1}'):
        found = run("match", "name!=7", "--count", stdin=line + b"\n\n")
        assert "unknown name 'name'" in found.err


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.slow
def test_processes_tell_what_they_found(run, monkeypatch, method):
    context = multiprocessing.get_context(method)
    monkeypatch.setattr(workers, "_context", lambda: context)
    line = json.dumps({"id": 1, "pad": "x" * 1000}) + "\n"
    data = (line * 5000 + '{"late": 1}\n').encode()
    Path("large.jsonl").write_bytes(data)
    Path("large.jsonl.gz").write_bytes(gzip.compress(data, 1))
    for name in ("large.jsonl", "large.jsonl.gz"):
        options = (name, "--count", "--jobs", "2", "--strict")
        assert run("match", "late!=2;late!=3", *options) == (0, "5001\n", "")
        found = run("match", "lat!=2;late!=3", *options)
        assert (found.code, found.out) == (3, "5001\n")
        told = "unknown name 'lat': nothing in the records read is called so; "
        assert found.err.startswith(told)


def test_what_can_be_read_only_once_is_not_looked_into_before(run, tmp_path):
    pipe = str(tmp_path / "pipe.csv")
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: Path(pipe).write_text("id,score\n1,90\n"))
    writer.start()
    found = run("match", "scroe!=90", pipe, "--count")
    writer.join()
    assert (found.code, found.out) == (0, "1\n")
    assert "did you mean 'score'" in found.err


@pytest.mark.parametrize(
    ("path", "record", "expected"),
    [
        (("a",), {"a": None}, True),
        (("a", "b"), {"a.b": 1}, True),
        (("a", "b"), {"a": [{"b": 1}]}, True),
        (("a", "b"), {"a": [1, {"c": 1}]}, False),
        (("a", "b"), {"a": 1}, False),
    ],
)
def test_what_a_record_has(path, record, expected):
    assert sought._has(record, path) is expected


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("sub.a.b", {"sub": {"a.b": 5}}),
        ("sub.a.b", {"sub": [1, {"a.b": 5}]}),
        ("x.y.a.b.c", {"x": {"y": {"a.b.c": 5}}}),
        ("x.y.a.b.c", {"x": {"y.a.b.c": 5}}),
        ("x.y/z.é", {"x": {"y/z.é": 5}}),
    ],
)
def test_keys_that_hold_several_segments_of_a_name_are_found(run, name, record):
    for written in (
        json.dumps(record),
        json.dumps(record, ensure_ascii=False),
        json.dumps([record], indent=1),
    ):
        found = run("match", f"{name}==5", "--count", "--strict", stdin=written.encode())
        assert found == (0, "1\n", ""), written


def test_no_name_is_meant_that_leads_nowhere_itself(run):
    for record in ({"a.b": {"c": 5}}, {"x": [{"a.b": {"c": 5}}]}, {"a.b": [{"c.d": 5}]}):
        for name in ("a.b.c", "x.a.b.c", "a.b.c.d"):
            found = run("match", f"{name}==5", "--count", stdin=json.dumps(record).encode())
            assert found.err.startswith(f"unknown name '{name}': nothing in the records read")
            assert f"mean '{name}'" not in found.err
            assert f"{name}'" not in found.err.partition("; ")[2]


def test_lines_that_may_have_a_name():
    block = b'{"a":1}\n{"b":1}\nbroken "a":\n["a": 1]\n{"\\u0061":2}\n'
    assert list(sought._candidates(block, ("a",))) == [{"a": 1}, {"a": 2}]
    assert list(sought._candidates(b'{"x\\/y":1}', ("x/y",))) == [{"x/y": 1}]


def test_few_records_are_looked_at_for_what_may_be_meant(monkeypatch):
    monkeypatch.setattr(sought, "_SAMPLE", 1)
    found = sought.Sought(fl.parse("c==1"), None)
    found.see_record({"a": {"b": 1}})
    found.see_record({"other": 1})
    assert list(found._columns) == ["a"]


def test_several_inputs_that_are_no_files_are_told_of_at_the_end(run):
    written("users.jsonl")
    found = run("match", "--count", "scroe!=90", "users.jsonl", "-")
    assert found == (0, "2\n", RECORD)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ('{"users": [{"roles": [{"x": 5}]}], "totalHits": 1}', ()),
        ('{"users": {"roles": [{"x": 5}]}}', ("--records", "users")),
        ('[{"users": [{"roles": [{"x": 5}]}]}]', ("--records", "users")),
    ],
)
def test_what_is_offered_for_the_records_begins_where_the_input_does(text, options, run):
    Path("one.json").write_text(text, encoding="utf-8")
    offer = "If the records are in 'roles', say --records users.roles (in Python records=)\n"
    assert run("match", "x==5", "one.json", *options).err.endswith(offer)
    assert run("match", "x==5", "one.json", "--records", "users.roles", "--count").out == "1\n"


@pytest.mark.parametrize("records", ["all of them", "they're", "$HOME", "a|b"])
def test_names_of_lists_are_offered_as_a_shell_takes_them(records, run):
    for rest in ({}, {"has_more": False}):
        Path("one.json").write_text(json.dumps({records: [{"x": 5}], **rest}), encoding="utf-8")
        said = run("match", "x==5", "one.json").err
        (name,) = shlex.split(re.search(r"say --records (.*?)(?:, and| \(in)", said)[1])
        assert run("match", "x==5", "one.json", "--records", name, "--count").out == "1\n"


@pytest.mark.parametrize(
    ("text", "name", "offered"),
    [
        ('{"customers": [{"id": 1, "score": 95}]}', "customers.score", "customers"),
        ('{"a": [{"b": [{"score": 95}]}], "c": 1}', "a.b.score", "a.b"),
    ],
)
def test_what_is_in_a_list_of_the_only_record_may_be_the_records(text, name, offered, run):
    Path("one.json").write_text(text, encoding="utf-8")
    told = (
        f"unknown name 'score': nothing in the records read is called so; did you mean '{name}'? "
        f"If the records are in '{offered}', say --records {offered} (in Python records=)\n"
    )
    assert run("match", "score>=90", "one.json") == (1, "", told)
    assert run("match", "score>=90", "one.json", "--records", offered, "--count").out == "1\n"
    Path("one.json").write_text(f"{text}\n{text}\n", encoding="utf-8")
    assert "--records" not in run("match", "score>=90", "one.json").err


# --- Files without a row of names -----------------------------------------------------------------

_NO_NAMES = (
    "if the first row is a record, say --no-header --columns column_1,column_2, with their names "
    "(in Python header and columns)"
)


@pytest.mark.parametrize("row", ["1,95", "Bob,9.5", "Bob,2024-01-31", "Bob,true"])
def test_a_first_row_of_values_is_told_where_a_name_is_unknown(run, tmp_path, row):
    (tmp_path / "x.csv").write_text(f"{row}\n")
    finished = run("match", "points==7", "x.csv", "--count")
    assert finished.err.endswith(f"; {_NO_NAMES}\n")
    assert (
        run("match", "points==7", "--count", "--input-format=csv", stdin=f"{row}\n".encode())
        == finished
    )
    said = run("match", "points!=7", "x.csv", "--no-header", "--columns", "points,column_2", "-c")
    assert said == (0, "1\n", "")


@pytest.mark.parametrize("row", ["country,2023,2024", "id,score", "1,score", "points_,95.5"])
def test_a_first_row_of_names_is_not_told(run, tmp_path, row):
    (tmp_path / "x.csv").write_text(f"{row}\n")
    assert "--no-header" not in run("match", "points==7", "x.csv", "--count").err


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        ("Bob,95\nAnn,80\n", True),
        ("Bob,1,95\nAnn,2,80\n", True),
        ("7,Bob,bob@example.org\n", True),
        ("Bob,95\nAnn,N/A\n", False),
        ("name,1,2,3\nBob,4,5,6\n", False),
        ("name,1990,2000,2010\nBob,4,5,6\n", False),
    ],
)
def test_whole_numbers_among_names_are_told_where_they_name_no_columns(
    run, tmp_path, rows, is_told
):
    (tmp_path / "x.csv").write_text(rows)
    assert ("say --no-header" in run("match", "points>=90", "x.csv").err) is is_told


def test_a_record_in_place_of_names_is_read_as_is_told(run, tmp_path):
    (tmp_path / "x.csv").write_text("Bob,95\nAnn,80\n")
    assert run("match", "score>=90", "x.csv").err == (
        f"unknown name 'score': no column is called so; the names are 'Bob', '95'; {_NO_NAMES}\n"
    )
    said = ("--no-header", "--columns", "name,score", "--count")
    assert run("match", "score>=90", "x.csv", *said) == (0, "1\n", "")


def test_many_values_in_a_first_row_are_not_all_named(run, tmp_path):
    (tmp_path / "x.csv").write_text(",".join(map(str, range(30))) + "\n")
    told = "if the first row is a record, say --no-header --columns (in Python header and columns)"
    assert run("match", "points==7", "x.csv", "--count").err.endswith(f"; {told}\n")


def test_names_that_are_said_need_no_line_left_out(run, tmp_path):
    (tmp_path / "x.csv").write_text("1,95\n")
    given = ["--count", "x.csv", "--no-header"]
    assert run("match", "k==1", *given, "--columns", "k=v,id").err == (
        "unknown name 'k': no column is called so; no filter can hold the name 'k=v'; call the "
        "columns otherwise: --no-header --columns k_v,id\n"
    )
    assert run("match", "k_v==1", *given, "--columns", "k_v,id") == (0, "1\n", "")


def test_strict_leaves_the_output_that_was_there(run, tmp_path):
    """Also if it is the input: nothing was found by a name that nothing has."""
    (tmp_path / "x.jsonl").write_text('{"id": 1}\n')
    told = (
        "nothing is written to x.jsonl, since --strict takes no name that nothing has\n"
        "unknown name 'scroe': nothing in the records read is called so; the names are 'id'\n"
        "read 1, matched {}, bad 0\n"
    )
    for text, matched in (("scroe>=1", 0), ("scroe!=1", 1)):
        found = run("match", text, "x.jsonl", "--strict", "-o", "x.jsonl")
        assert found == (3, "", told.format(matched))
        assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]
        assert (tmp_path / "x.jsonl").read_text() == '{"id": 1}\n'
    for name in ("y.csv", "y.jsonl.gz", "y.parquet"):
        found = run("match", "scroe!=1", "x.jsonl", "--strict", "-o", name)
        assert found == (3, "", told.format(1).replace("x.jsonl", name, 1))
        assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]
    assert run("match", "id>=1", "x.jsonl", "--strict", "-o", "y.jsonl").code == 0
    assert (tmp_path / "y.jsonl").read_text() == '{"id": 1}\n'
