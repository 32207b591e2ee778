"""One awkward corpus for all formats, and filters that ask for what is awkward in it."""

from __future__ import annotations

import csv
import gzip
import io
import json

from filterlang import Schema
from tests.support.engines import need

RECORDS = [
    {"id": 1, "name": "Ann", "zip": "007", "score": 9.5, "on": True, "big": 2**53 + 1,
     "place": {"city": "Köln", "at": {"lat": 50.9}}, "tags": ["a", "New"],
     "visits": [{"site": "x", "n": 1}, {"site": "y", "n": 2}]},
    {"id": 2, "name": 'İstanbul, "ΣΑΣ"', "zip": "7", "score": 10.0, "on": False, "big": 2**53,
     "place": {"city": "köln", "at": None}, "tags": [], "visits": []},
    {"id": 3, "name": "line\nbreak\tand tab", "zip": "", "score": None, "on": None, "big": -1,
     "place": None, "tags": None, "visits": None},
    {"id": 4, "name": " K\u212a ß ", "zip": "1e3", "score": -0.0, "on": True, "big": 0,
     "place": {"city": "", "at": {"lat": -1.0}}, "tags": ["b", None], "visits": [
         {"site": "x", "n": 2}, {"site": None, "n": None}]},
    {"id": 5, "name": "back\\slash / 😀", "zip": "true", "score": 1e21, "on": False, "big": 2**62,
     "place": {"city": "US", "at": {"lat": 0.0}}, "tags": ["US"], "visits": [
         {"site": "US", "n": 9}]},
    {"id": 6, "name": "", "zip": "2024-01-31", "score": 0.1, "on": None, "big": None,
     "place": {"city": None, "at": None}, "tags": ["us", "us"], "visits": None},
]  # fmt: skip  # one record a row or two

SCALARS = ("id", "name", "zip", "score", "on", "big")
"""What a format without lists and objects can hold."""

SCALAR_FILTERS = [
    *("id>=3", "id==2.0", "id!=2", "id~?", "name==ann", "name~*istanbul*", "name~*\\,*", "name==",
      "name!=", "name~*σασ*", "name~*break*", "name~*\\\\*", "name~kk*", "name~\\ k*", "name~*😀",
      "zip==007", "zip==7", "zip!=7", "zip==", "zip>5", "zip~2024*", "zip==true", "zip==1000",
      "score>9", "score==10", "score~1*", "score==", "score==0", "score>=1e21", "on==true",
      "on!=true", "on==TRUE", "on~f*", "big==9007199254740993", "big==9007199254740992",
      "big>9007199254740992", "big!=", "nothing==", "nothing==1", "nothing!=1",
      "id>2;on==true", "name~*a*;score>5"),
]  # fmt: skip  # many a row
FILTERS = [
    *SCALAR_FILTERS,
    *("place.city==köln", "place.city==us", "place.city!=us", "place.city==", "place.at.lat>0",
      "place==", "place!=", "tags==us", "tags!=us", "tags~n*", "tags==", "visits.site==x",
      "visits.site==x;visits.n==2", "visits.site!=x", "visits.n>1;visits.site~?", "visits=="),
]  # fmt: skip  # many a row
SEVERAL = [("id==1", "id==5"), ("place.city==us", "tags==us"), ("score>9", "name==ann")]

SCHEMA = Schema(
    {"id": "integer", "name": "text", "zip": "text", "score": "number", "on": "boolean",
     "big": "integer", "nothing": "text"}
)  # fmt: skip  # some a row


def json_lines(records=RECORDS, **options):
    return "".join(json.dumps(record, **options) + "\n" for record in records).encode()


def delimited(delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(SCALARS)
    for record in RECORDS:
        cells = [record[name] for name in SCALARS]
        writer.writerow([json.dumps(cell) if isinstance(cell, bool | float) else cell
                         for cell in cells])  # fmt: skip
    return text.getvalue().encode()


def write_table(path, format_):
    pyarrow = need("pyarrow", "files")
    need("pyarrow.parquet", "files")
    table = pyarrow.Table.from_pylist(RECORDS)
    if format_ == "parquet":
        pyarrow.parquet.write_table(table, path, row_group_size=4)
    elif format_ == "feather":
        with pyarrow.ipc.new_file(str(path), table.schema) as file:
            file.write_table(table, max_chunksize=4)
    else:
        with pyarrow.ipc.new_stream(str(path), table.schema) as stream:
            stream.write_table(table, max_chunksize=4)


def need_for(format_):
    """Skip a test where the packages for a format are missing."""
    if format_.endswith("zst"):
        need("zstandard", "files")
    if format_ in {"parquet", "arrow", "feather"}:
        need("pyarrow", "files")


def write(path, format_):
    """Write the corpus in a format; its name is the end of the path's."""
    match format_:
        case "jsonl":
            path.write_bytes(json_lines(ensure_ascii=False))
        case "ndjson":
            path.write_bytes(json_lines().replace(b"\n", b"\r\n"))
        case "jsonl.gz":
            path.write_bytes(gzip.compress(json_lines()))
        case "jsonl.zst":
            zstandard = need("zstandard", "files")
            path.write_bytes(zstandard.compress(json_lines(ensure_ascii=False)))
        case "csv":
            path.write_bytes(delimited(","))
        case "tsv":
            path.write_bytes(delimited("\t"))
        case _:
            write_table(path, format_)
