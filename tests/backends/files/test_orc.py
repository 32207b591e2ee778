"""ORC: stripe by stripe, and what may be wrong with a file."""

from __future__ import annotations

import sys

import pytest

import filterlang
from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.tables import columns
from tests.backends.files.corpus import FILTERS, RECORDS
from tests.support.engines import need

pa = need("pyarrow", "files")
orc = need("pyarrow.orc", "files")


@pytest.fixture
def path(tmp_path):
    orc.write_table(pa.Table.from_pylist(RECORDS), tmp_path / "x.orc")
    return tmp_path / "x.orc"


def test_rows_are_those_of_the_matcher(path):
    for text in FILTERS:
        assert list(read(path, text)) == list(filterlang.compile(text).filter(RECORDS)), text


def test_large_stripes_are_looked_at_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "ROWS", 50)
    table = pa.table({"n": [*range(5000)], "text": ["x" * (n % 97) for n in range(5000)]})
    orc.write_table(table, tmp_path / "x.orc", stripe_size=1 << 12, batch_size=64)
    assert orc.ORCFile(tmp_path / "x.orc").nstripes > 1
    assert [row["n"] for row in read(tmp_path / "x.orc", "n>=7")] == [*range(7, 5000)]
    sizes = {batch.num_rows for batch in columns.read_batches(str(tmp_path / "x.orc"), "orc")}
    assert max(sizes) == 50
    assert columns.rows_of_file(str(tmp_path / "x.orc"), "orc") == 5000


def test_rows_are_copied_to_parquet(path, tmp_path):
    assert copy("id>2", path, tmp_path / "y.parquet") == (6, 4, 0)
    assert list(read(tmp_path / "y.parquet", [])) == RECORDS[2:]


def fault_of(path):
    with pytest.raises(FileError) as caught:
        list(read(path, "id==1"))
    return caught.value.fault.message


def test_what_is_wrong_is_told(path, tmp_path, monkeypatch):
    whole = path.read_bytes()
    for data in (b"", b"ORC", whole[:-9]):
        path.write_bytes(data)
        assert fault_of(path).startswith("this is no whole ORC file: ")
    assert fault_of(tmp_path / "y.orc") == "no such file or directory"
    monkeypatch.setitem(sys.modules, "pyarrow.orc", None)
    path.write_bytes(whole)
    assert fault_of(path) == (
        "ORC data needs pyarrow, which is not installed; run: pip install 'filterlang[files]'"
    )
