"""Of tables only what is asked for is read: the columns of the filters, where rows are counted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.engines import need

pa = need("pyarrow", "files")
pq = need("pyarrow.parquet", "files")
orc = need("pyarrow.orc", "files")

import filterlang as fl  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.reader import Reader  # noqa: E402 — as above
from filterlang.backends.files.tables.judging import Judge  # noqa: E402 — as above
from filterlang.cli import main  # noqa: E402 — as above

ROWS = [
    {
        "id": number,
        "a": {"b": number % 3, "c": "x" * 50},
        "a.b": number % 5,
        "text": f"text {number}",
    }
    for number in range(20_000)
]
FILTERS = ["id>=19990", "a.b==1", "a.b==1;id<100", "missing==1", "missing!=1", "text~*99"]


def write(path):
    table = pa.Table.from_pylist(ROWS)
    if path.suffix == ".orc":
        orc.write_table(table, path, stripe_size=1 << 16)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, max_chunksize=7000)
    else:
        pq.write_table(table, path, row_group_size=9000)


def counted(path, text, **options):
    """Count by reading what is asked for; give what was read, what matched, what was wrong."""
    faults = []
    reader = Reader(lambda fault: faults.append(str(fault)))
    parts = list(reader.select([str(path)], fl.compile(text), only_count=True, **options))
    assert parts == []
    return reader.read, reader.matched, faults


@pytest.mark.parametrize("ending", ["parquet", "orc", "arrow"])
def test_what_is_counted_is_what_matches(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    write(path)
    for text in FILTERS:
        matcher = fl.compile(text)
        wanted = sum(map(matcher.matches, ROWS))
        assert counted(path, text) == (20_000, wanted, []), text
        assert counted(path, text, invert=True) == (20_000, 20_000 - wanted, []), text
    assert counted(path, "id>=100", limit=7) == (107, 7, [])


def test_what_is_not_asked_for_may_be_damaged(tmp_path):
    path = tmp_path / "x.parquet"
    write(path)
    column = pq.ParquetFile(path).metadata.row_group(1).column(4)
    assert column.path_in_schema == "text"
    data = bytearray(path.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)
    assert counted(path, "id>=100") == (20_000, 19_900, [])
    read, _, faults = counted(path, "text==text 19999")
    assert read < 20_000
    assert len(faults) == 1
    assert "this is no whole Parquet file" in faults[0]


def test_the_others_are_named_to_who_says_what_records_are(capsys, tmp_path, monkeypatch):
    # Of epoch numbers it is told that the schema of users has them as dates.
    monkeypatch.chdir(tmp_path)
    rows = [{"identifyId": "u", "aptrinsicId": "a", "signUpDate": 1, "lastSeenDate": 1}]
    pq.write_table(pa.Table.from_pylist(rows * 3), "x.parquet")
    for more in ((), ("--count",)):
        main(("match", "lastSeenDate>=2024-01-01", "x.parquet", *more))
        told = capsys.readouterr().err
        assert told.endswith("say --schema users\n")


def test_polars_is_asked_from_the_first_row_where_many_are_to_come(monkeypatch):
    need("polars", "polars")
    batch = pa.record_batch({"a": [1, 2, 3]})
    asked = []
    monkeypatch.setattr(Judge, "_by_polars", lambda _, batch: asked.append(batch))
    few, many = (Judge(fl.compile("a>=2"), small=3) for _ in range(2))
    few.expect(3)
    many.expect(4)
    for judge in (few, many):
        assert judge.verdicts(batch) == [False, True, True]
    assert asked == [batch]


def test_nothing_loads_pandas(tmp_path):
    need("pandas", "frames")
    write(tmp_path / "x.parquet")
    program = (
        "import sys\nfrom filterlang.backends.files import copy\n"
        "copy('id>=19990', 'x.parquet', 'y.jsonl')\n"
        "print('pandas' in sys.modules, 'pyarrow' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command, cwd=tmp_path, text=True) == "False True\n"
