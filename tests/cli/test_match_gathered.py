"""`filterlang match --count-by` and `--sort`: what matches, counted by a value or put in order."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from filterlang.backends.files import copy
from filterlang.backends.files.writing import gathering
from filterlang.schema.schema import Schema
from tests.support.engines import need

PEOPLE = [
    '{"id": 1, "place": {"city": "Bonn"}, "score": 9, "tags": ["a", "b", "a"]}',
    '{"id": 2, "place": {"city": "Rome"},  "score": 10, "tags": []}',
    '{"id": 3, "place": {"city": "Bonn"}, "score": 9.0, "tags": ["b"]}',
    '{"id": 4, "place": {"city": null}, "score": "9", "tags": [{"x": 1}, "b"]}',
    '{"id": 5, "place": {"city": "bonn"}, "tags": {"x": 1}}',
    '{"id": 6, "place": {"city": ""}, "score": true, "tags": "x\\ny"}',
]


@pytest.fixture(autouse=True)
def people(tmp_path):
    (tmp_path / "people.jsonl").write_text("\n".join(PEOPLE), encoding="utf-8")


def ids(finished):
    return [json.loads(line)["id"] for line in finished.out.splitlines()]


def test_counts_by_a_value(run):
    assert run("match", "--all", "people.jsonl", "--count-by", "place.city") == (
        0,
        "2  Bonn\n1  Rome\n1  (missing)\n1  bonn\n1  (empty)\n",
        "",
    )
    assert run("match", "id<4", "people.jsonl", "--count-by", "place.city", "--invert") == (
        0,
        "1  (missing)\n1  bonn\n1  (empty)\n",
        "",
    )
    # What is one value to a filter counts together.
    assert run("match", "--all", "people.jsonl", "--count-by", "score", "--limit", "2") == (
        0,
        "3  9\n1  10\n",
        "",
    )
    assert run("match", "id>9", "people.jsonl", "--count-by", "score") == (1, "", "")


def test_a_list_counts_each_of_its_values_once(run):
    assert run("match", "--all", "people.jsonl", "--count-by", "tags", "--explain")[:2] == (
        0,
        "3  b\n1  a\n1  (missing)\n1  x␊y\n",
    )
    assert run("match", "--all", "people.jsonl", "--count-by", "tags").err == (
        "records with something under 'tags' that has no text, such as an object, which isn't "
        "counted: 2\n"
    )


def test_counts_in_formats(run, tmp_path):
    arguments = ("match", "id<5", "people.jsonl", "--count-by", "place.city")
    assert run(*arguments, "--format", "jsonl") == (
        0,
        (
            '{"place.city":"Bonn","count":2}\n'
            '{"place.city":"Rome","count":1}\n'
            '{"place.city":null,"count":1}\n'
        ),
        "",
    )
    assert run(*arguments, "--format", "csv").out == "place.city,count\nBonn,2\nRome,1\n,1\n"
    assert run(*arguments, "-o", "out.tsv", "--limit", "1") == (
        0,
        "",
        "read 6, matched 4, bad 0\n",
    )
    assert (tmp_path / "out.tsv").read_text() == "place.city\tcount\nBonn\t2\n"
    (tmp_path / "count.jsonl").write_text('{"count": 7}\n')
    assert run("match", "--all", "count.jsonl", "--count-by", "count", "--format=jsonl").out == (
        '{"count":"7","records":1}\n'
    )
    assert run("match", "id>9", "people.jsonl", "--count-by", "score", "--format=jsonl") == (
        1,
        "",
        "",
    )


MIXED = [
    '{"id": 0, "v": "b"}',
    '{"id": 1}',
    '{"id": 2, "v": 10}',
    '{"id": 3, "v": {"x": 1}}',
    '{"id": 4, "v": true}',
    '{"id": 5, "v": 9.5}',
    '{"id": 6, "v": "B"}',
    '{"id": 7, "v": NaN}',
    '{"id": 8, "v": [3, 99]}',
    '{"id": 9, "v": "a"}',
    '{"id": 10, "v": 123456789012345678901234567890}',
    '{"id": 11, "v": "10"}',
    '{"id": 12, "v": []}',
]
UPWARDS = [8, 5, 2, 10, 4, 11, 9, 0, 6, 3, 1, 7, 12]
DOWNWARDS = [0, 6, 9, 11, 4, 10, 8, 2, 5, 3, 1, 7, 12]


@pytest.mark.parametrize("together", [1, 1 << 14])
def test_the_order_of_mixed_values(run, tmp_path, monkeypatch, together):
    monkeypatch.setattr(gathering, "_TOGETHER", together)
    (tmp_path / "mixed.jsonl").write_text("\n".join(MIXED) + "\n")
    sort = ("match", "--all", "mixed.jsonl", "--sort", "v")
    in_order = "".join(f"{MIXED[number]}\n" for number in UPWARDS)
    # What JSON lacks is put in order as what it is, and written as null.
    assert run(*sort).out == in_order.replace("NaN", "null")
    assert ids(run(*sort, "--descending")) == DOWNWARDS
    assert ids(run(*sort, "--descending", "--explain")) == DOWNWARDS
    for limit in (1, 4, 12, 13, 14):
        assert ids(run(*sort, "--limit", str(limit))) == UPWARDS[:limit]
        assert ids(run(*sort, "--limit", str(limit), "--descending")) == DOWNWARDS[:limit]


def test_sorted_output_in_other_formats(run, tmp_path):
    sort = ("match", "id<4", "people.jsonl", "--sort", "place.city", "--descending")
    assert run(*sort, "--select", "id,place.city", "--format", "csv") == (
        0,
        "id,place.city\n2,Rome\n1,Bonn\n3,Bonn\n",
        "",
    )
    assert run(*sort, "-o", "out.jsonl").err == "read 6, matched 3, bad 0\n"
    assert (tmp_path / "out.jsonl").read_text() == f"{PEOPLE[1]}\n{PEOPLE[0]}\n{PEOPLE[2]}\n"
    (tmp_path / "x.csv").write_text("id,city\n1,Rome\n2,\n3,bonn\n")
    assert run("match", "--all", "x.csv", "--sort", "city", "--format", "csv").out == (
        "id,city\n2,\n3,bonn\n1,Rome\n"
    )


@pytest.mark.parametrize("together", [1, 3, 1 << 14])
def test_tables_keep_their_types_in_order(run, tmp_path, monkeypatch, together):
    need("pyarrow", "files")
    import pyarrow as pa
    import pyarrow.parquet

    monkeypatch.setattr(gathering, "_TOGETHER", together)
    days = [5, None, 3, 9, 3, -1]
    table = pa.table(
        {"id": pa.array(range(6), pa.int8()), "day": pa.array(days, pa.int32()).cast(pa.date32())}
    )
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    pa.parquet.write_table(table, tmp_path / "b.parquet")
    sort = ("match", "id>=1", "a.parquet", "b.parquet", "--sort", "day", "-o", "out.parquet")
    for more, rows in (
        ((), [5, 5, 2, 4, 2, 4, 3, 3, 1, 1]),
        (("--limit", "3"), [5, 5, 2]),
        (("--descending",), [3, 3, 2, 4, 2, 4, 5, 5, 1, 1]),
    ):
        assert run(*sort, *more) == (0, "", "read 12, matched 10, bad 0\n")
        written = pa.parquet.read_table(tmp_path / "out.parquet")
        assert written == table.take(rows)
    assert run("match", "--all", "a.parquet", "--count-by", "day", "--limit", "2").out == (
        "2  1970-01-04\n1  1970-01-06\n"
    )
    Path("more.jsonl").write_text('{"id": 7, "day": 1}\n')
    assert run("match", "--all", "a.parquet", "more.jsonl", "--sort", "day", "--limit=2").out == (
        '{"id": 7, "day": 1}\n{"id":5,"day":"1969-12-31"}\n'
    )


def test_dates_beyond_the_calendar(run, tmp_path):
    need("pyarrow", "files")
    import pyarrow as pa
    import pyarrow.parquet

    times = pa.array([400_000_000_000, 0, 300_000_000_000], pa.timestamp("s"))
    pa.parquet.write_table(pa.table({"id": [0, 1, 2], "t": times}), tmp_path / "t.parquet")
    finished = run("match", "--all", "t.parquet", "--sort", "t", "--select", "id", "--descending")
    assert ids(finished) == [0, 2, 1]
    counted = run("match", "id>=2", "t.parquet", "--count-by", "t", "--format=csv").out
    assert list(csv.reader(counted.splitlines()))[1][0].startswith("+11476")


def test_names_that_nothing_has_are_told(run):
    unknown = (
        "unknown name 'scroe': nothing in the records read is called so; did you mean 'score'?\n"
    )
    found = run("match", "--all", "people.jsonl", "--count-by", "scroe")
    assert found == (0, "6  (missing)\n", unknown)
    found = run("match", "--all", "people.jsonl", "--sort", "scroe", "--limit=1", "--strict")
    assert found == (3, PEOPLE[0] + "\n", unknown)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--count-by", "a", "--count"),
            (
                "--count-by writes values and their counts, the most frequent first, so --count, "
                "--sort and --select have nothing to do; leave --count-by out, or these"
            ),
        ),
        (
            ("--sort", "a", "-c"),
            "with --count no records are written, so --sort has nothing to do; leave one out",
        ),
        (("--descending",), "--descending says how --sort is meant; say --sort NAME, too"),
        (
            ("--sort", "a=b"),
            "Invalid value for '--sort': expected a name, found 'a=b': a name can't hold '='",
        ),
    ],
)
def test_options_that_make_no_sense(run, arguments, message):
    finished = run("match", "a==1", "people.jsonl", *arguments)
    assert (finished.code, finished.out) == (2, "")
    assert message in " ".join(finished.err.split())


def test_cells_stay_as_they_are(run, tmp_path):
    (tmp_path / "x.csv").write_text("zip,score\n007,9.50\n12,100\n08,\n")
    expected = "zip,score\n12,100\n007,9.50\n08,\n"
    found = run("match", "zip~*", "x.csv", "--sort", "score", "--descending")
    assert found == (0, expected, "")
    assert run("match", "zip~*", "x.csv", "--sort", "score", "--limit", "1", "--format=jsonl") == (
        0,
        '{"zip":"007","score":9.50}\n',
        "",
    )
    assert run("match", "zip~*", "x.csv", "--count-by", "score").out == (
        "1  9.50\n1  100\n1  (missing)\n"
    )


ALIASES = '{"dimensions": {"place.city": "text"}, "aliases": {"town": "place.city"}, "open": true}'


@pytest.mark.parametrize("ends", ["jsonl", "parquet"])
def test_aliases_are_the_names_that_they_stand_for(ends, run, tmp_path):
    (tmp_path / "schema.json").write_text(ALIASES)
    rows = '{"id":1,"place":{"city":"Rome"}}\n{"id":2,"place":{"city":"Bonn"}}\n'
    (tmp_path / "towns.jsonl").write_text(rows)
    if ends == "parquet":
        need("pyarrow", "files")
        run("match", "--all", "towns.jsonl", "-o", "towns.parquet")
    options = ("match", "--all", f"towns.{ends}", "--schema", "schema.json")
    for name in ("town", "place.city", " town"):
        assert run(*options, "--count-by", name) == (0, "1  Rome\n1  Bonn\n", "")
        assert ids(run(*options, "--sort", name)) == [2, 1]
    selected = '{"id":1,"town":"Rome"}\n{"id":2,"town":"Bonn"}\n'
    assert run(*options, "--select", "id,town") == (0, selected, "")
    assert run(*options, "--select", "id,town=place.city") == (0, selected, "")
    assert run(*options, "--select", "t=town", "--limit", "1") == (0, '{"t":"Rome"}\n', "")
    told = "unknown name 'twon': nothing in the records read is called so; "
    if ends == "jsonl":
        found = run(*options, "--count-by", "twon")
        assert found[:2] == (0, "2  (missing)\n")
        assert found.err.startswith(told)
    schema = Schema.from_dict(json.loads(ALIASES))
    copy("id!=0", f"towns.{ends}", "to.jsonl", schema=schema, select=["id", "town"])
    assert (tmp_path / "to.jsonl").read_text() == selected
