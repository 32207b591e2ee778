"""One set of awkward records in every format and shape gives the same rows, if it can hold them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

import filterlang
from filterlang import Schema
from filterlang.backends.files import read
from tests.support.engines import need

TEXTS = [
    *("Ann", "ann", "İstanbul", "ΣΑΣ", "straße", "K\u212a", "😀", "e\u0301", "a,b", 'say "x"'),
    *("a;b", "tab\tin", "line\nbreak", "back\\slash", " lead", "trail ", "*", "?", "~x", "007"),
    *("7", "1e3", "+5", "true", "null", "NaN", "2024-01-31", "-", "==", "{}", "[1]", "#N/A"),
    *("=1+1", "'quoted'", "x" * 2000, "é", "%41", "a b", "", None),
]
NUMBERS = [0, -0.5, 1.5, 1e21, 2.0, -1, 0.1, 100.25, None, 9.75]
WHOLE = [0, 1, -1, 7, 2**31, -(2**31), 2**40, 2**53 + 1, None, 2**62]
START = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)
RECORDS = [
    {
        "id": at,
        "text": text,
        "number": None if (number := NUMBERS[at % 10]) is None else float(number),
        "whole": WHOLE[at % 10],
        "on": (True, False, None)[at % 3],
        "at": None if at % 7 == 3 else START + timedelta(days=at * 100, seconds=at),
        "tags": (None, [], ["a"], ["A", "b", "a"])[at % 4],
        "place": None if at % 5 == 2 else {"city": text, "n": at % 4},
        "visits": [{"site": "x", "n": at % 3}, {"site": "y", "n": 1}] if at % 2 else [],
    }
    for at, text in enumerate(TEXTS)
]

FILTERS = {
    "scalars": [
        *("id>=20", "text==ann", "text~*a*", "text!~*a*", "text==007", "text==7", "text~?"),
        *("text==straße", "text~*İ*", "text~*\\,*", "text==\\*", "text>m", "text~*\\\\*"),
        *("number>1", "number==2", "number!=2", "number==100.25", "number<0", "number>=1e21"),
        *("whole==7", "whole>2147483647", "whole<0", "on==true", "on!=true", "id>3;on==false"),
    ],
    "nulls": ["number==", "number!=", "whole==", "on==", "at==", "at!="],
    "empty texts": ["text==", "text!="],
    "long integers": ["whole==9007199254740993", "whole>9007199254740992"],
    "dates": ["at>=2005-01-01", "at<2000-01-01", "at==1999-12-31T23:59:59Z"],
    "lists": ["tags==a", "tags!=a", "tags==", "visits.site==x;visits.n==2", "visits.n>1"],
    "objects": ["place.city==ann", "place.n>2", "place==", "place.city~*a*"],
}
"""Filters, by what a format has to hold for them."""
LOSES = {
    "csv": {"lists", "objects"},
    "tsv": {"lists", "objects"},
    "xlsx": {"lists", "objects", "long integers"},
}
"""What formats can't hold. Null and an empty text are one in cells, and to filters too."""
TYPED = Schema(
    {"id": "integer", "text": "text", "number": "number", "whole": "integer", "on": "boolean",
     "at": "datetime", "tags": "text", "place": "text"}
)  # fmt: skip  # some a row
SCHEMAS = {"csv": TYPED, "tsv": TYPED}
"""Cells hold texts, which a schema types. Dates in JSON are texts in ISO form."""


def plain(record):
    """Write a record as JSON has it."""
    moment = record["at"]
    return record | {"at": moment and moment.isoformat().replace("+00:00", "Z")}


def lines():
    return "".join(json.dumps(plain(record)) + "\n" for record in RECORDS)


def cells(delimiter):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    names = ["id", "text", "number", "whole", "on", "at"]
    writer.writerow(names)
    for record in map(plain, RECORDS):
        values = [record[name] for name in names]
        writer.writerow(
            [json.dumps(one) if isinstance(one, bool | float) else one for one in values]
        )
    return file.getvalue()


def table():
    return need("pyarrow", "files").Table.from_pylist(RECORDS)


def write_parquet(path, **options):
    need("pyarrow.parquet", "files").write_table(table(), path, row_group_size=7, **options)


def write_polars(path):
    polars = need("polars", "polars")
    frame = polars.DataFrame(RECORDS, infer_schema_length=None)
    frame = frame.with_columns(polars.col("text").cast(polars.Categorical))
    frame.write_parquet(path) if path.suffix == ".parquet" else frame.write_ipc(path)


def write_arrow(path, make):
    rows = table()
    with make(str(path), rows.schema) as file:
        file.write_table(rows, max_chunksize=7)


def write_orc(path):
    need("pyarrow.orc", "files").write_table(table(), path)


def write_avro(path, codec="deflate"):
    fastavro = need("fastavro", "files")
    visit = {"type": "record", "name": "Visit", "fields": [
        {"name": "site", "type": "string"}, {"name": "n", "type": "int"}]}  # fmt: skip
    place = {"type": "record", "name": "Place", "fields": [
        {"name": "city", "type": ["null", "string"]}, {"name": "n", "type": "int"}]}  # fmt: skip
    types = {
        "id": "long", "text": ["null", "string"], "number": ["null", "double"],
        "whole": ["null", "long"], "on": ["null", "boolean"],
        "at": ["null", {"type": "long", "logicalType": "timestamp-micros"}],
        "tags": ["null", {"type": "array", "items": "string"}], "place": ["null", place],
        "visits": {"type": "array", "items": visit},
    }  # fmt: skip
    fields = [{"name": name, "type": type_} for name, type_ in types.items()]
    with path.open("wb") as file:
        schema = {"type": "record", "name": "R", "fields": fields}
        fastavro.writer(file, schema, RECORDS, codec=codec, sync_interval=500)


def write_xlsx(path):
    need("python_calamine", "files")
    book = need("openpyxl", "dev").Workbook()
    names = ["id", "text", "number", "whole", "on", "at"]
    book.active.append(names)
    for row, record in enumerate(RECORDS, 2):
        for column, name in enumerate(names, 1):
            value = record[name]
            cell = book.active.cell(row, column)
            cell.value = value.replace(tzinfo=None) if name == "at" and value else value
            if isinstance(value, str):
                cell.data_type = "s"  # neither a formula nor an error
    book.save(path)


def ipc(name):
    return lambda path: write_arrow(path, getattr(need("pyarrow", "files").ipc, name))


WRITERS = {
    "x.jsonl": lambda path: path.write_text(lines()),
    "x.ndjson.gz": lambda path: path.write_bytes(gzip.compress(lines().encode())),
    "array.json": lambda path: path.write_text(json.dumps([*map(plain, RECORDS)])),
    "pretty.json": lambda path: path.write_text(json.dumps([*map(plain, RECORDS)], indent=2)),
    "many.json": lambda path: path.write_text(
        "\n".join(json.dumps(plain(record), indent=1) for record in RECORDS)
    ),
    "answer.json": lambda path: path.write_text(
        json.dumps({"users": [*map(plain, RECORDS)], "totalHits": 40, "scrollId": "x"})
    ),
    "x.csv": lambda path: path.write_text(cells(","), newline=""),
    "x.tsv": lambda path: path.write_text(cells("\t"), newline=""),
    "x.parquet": write_parquet,
    "zstd.parquet": lambda path: write_parquet(path, compression="zstd"),
    "polars.parquet": write_polars,
    "polars.arrow": write_polars,
    "x.feather": ipc("new_file"),
    "x.arrow": ipc("new_stream"),
    "x.orc": write_orc,
    "x.avro": write_avro,
    "plain.avro": lambda path: write_avro(path, "null"),
    "x.xlsx": write_xlsx,
}


def test_there_are_forty():
    assert len(RECORDS) == 40


@pytest.mark.parametrize("name", WRITERS)
def test_the_rows_are_the_same(name, tmp_path):
    path = tmp_path / name
    WRITERS[name](path)
    format_ = name.split(".")[1]
    schema = SCHEMAS.get(format_)
    lost = LOSES.get(format_, set())
    for holds, filters in FILTERS.items():
        if holds in lost:
            continue
        for text in filters:
            expected = [
                one["id"] for one in filterlang.compile(text, schema=schema).filter(RECORDS)
            ]
            found = [int(one["id"]) for one in read(path, text, schema=schema)]
            assert found == expected, text
