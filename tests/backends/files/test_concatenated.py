"""Tables one behind the other in one file, which `cat` makes of several files without an error."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, read
from filterlang.backends.files.tables import concatenated
from filterlang.backends.files.tables.concatenated import is_concatenated_parquet
from tests.support.engines import need

pyarrow = need("pyarrow", "files")
parquet = need("pyarrow.parquet", "files")
orc = need("pyarrow.orc", "files")
ipc = need("pyarrow.ipc", "files")
fastavro = need("fastavro", "files")

SEVERAL = (
    "here several {} files stand one after the other, of which only the last one can be read; "
    "give each as a file of its own"
)
BEHIND = "behind the end of the {}, as where files were joined; give each as a file of its own"


def table(rows):
    texts = [f"{row} PAR1PAR1 ORC.ORC ARROW1ARROW1" for row in rows]
    return pyarrow.table({"i": pyarrow.array(rows, "int64"), "s": pyarrow.array(texts, "string")})


def write_parquet(rows, to):
    parquet.write_table(table(rows), to)


def write_indexes(rows, to):
    filters = {"i": {"ndv": 1000, "fpp": 0.01}}
    parquet.write_table(table(rows), to, write_page_index=True, bloom_filter_options=filters)


def write_arrow(rows, to, **options):
    with ipc.new_file(to, table(rows).schema, **options) as writer:
        writer.write_table(table(rows), max_chunksize=2)


def write_stream(rows, to):
    with ipc.new_stream(to, table(rows).schema) as writer:
        writer.write_table(table(rows))


def write_by_polars(rows, to):
    # It writes no mark behind the last batch.
    need("polars", "polars").DataFrame(table(rows)).write_ipc(to)


def write_orc(rows, to):
    orc.write_table(table(rows), to, compression="zlib")


def write_avro(rows, to):
    schema = {"type": "record", "name": "row", "fields": [{"name": "i", "type": "long"}]}
    fastavro.writer(to, schema, [{"i": row} for row in rows])


PARTS = [(2, 2), (2, 0), (0, 2), (40, 2), (2, 40), (2, 2, 2)]
FORMATS = {
    "parquet": (write_parquet, SEVERAL.format("Parquet")),
    "parquet with indexes": (write_indexes, SEVERAL.format("Parquet")),
    "arrow": (write_arrow, SEVERAL.format("Arrow")),
    "arrow by polars": (write_by_polars, SEVERAL.format("Arrow")),
    "arrow in a stream": (write_stream, BEHIND.format("Arrow data more data stands")),
    "orc": (write_orc, SEVERAL.format("ORC")),
    "avro": (write_avro, BEHIND.format("Avro data another file begins")),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("parts", PARTS)
def test_several_files_are_told(tmp_path, name, parts):
    write, told = FORMATS[name]
    begin, joined = 0, b""
    for number, rows in enumerate(parts):
        data = io.BytesIO()
        write(range(begin, begin + rows), data)
        begin += rows
        joined += data.getvalue()
        (tmp_path / f"{number}.data").write_bytes(data.getvalue())
        assert len([*read(tmp_path / f"{number}.data", "i>=0;s!=x")]) == rows
    (tmp_path / "joined").write_bytes(joined)
    with pytest.raises(FileError) as caught:
        list(read(tmp_path / "joined", "i>=0;s!=x"))
    assert str(caught.value).partition(" (read up to row")[0] == f"{tmp_path / 'joined'}: {told}"


@given(data=st.data())
def test_a_damaged_list_is_left_to_who_reads_it(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damaged.parquet"
    written = io.BytesIO()
    write_parquet(range(3), written)
    whole = bytearray(written.getvalue())
    begin = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(begin, len(whole) - 1), st.integers(0, 255)), min_size=1)
    ):
        whole[at] = byte
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    assert not is_concatenated_parquet(str(path))
    path.write_bytes(whole)
    assert not is_concatenated_parquet(str(path))


@pytest.mark.parametrize("write", [write_parquet, write_indexes])
@pytest.mark.parametrize("parts", PARTS)
def test_a_long_list_is_left_to_pyarrow(tmp_path, monkeypatch, write, parts):
    # It may be missing, and refuses what polars reads.
    def refuse(path):
        raise NotImplementedError(path)

    path, joined = tmp_path / "x.parquet", b""
    for number, rows in enumerate(parts):
        data = io.BytesIO()
        write(range(rows), data)
        joined += data.getvalue()
        path.write_bytes(joined)
        with monkeypatch.context() as patch:
            assert is_concatenated_parquet(str(path)) is (number > 0)
            patch.setattr(concatenated, "_MOST_WALKED", 0)
            assert is_concatenated_parquet(str(path)) is (number > 0)
            patch.setattr(concatenated, "_columns_by_pyarrow", refuse)
            assert is_concatenated_parquet(str(path)) is (number > 0)


def test_a_list_without_rows(tmp_path):
    for name in ["x", "long"]:
        columns = {f"{'c' * 40} {number}": [] for number in range(1 if name == "x" else 2000)}
        written = io.BytesIO()
        writer = parquet.ParquetWriter(written, pyarrow.table(columns).schema)
        writer.close()
        for times, is_several in [(1, False), (2, True)]:
            (tmp_path / name).write_bytes(written.getvalue() * times)
            assert is_concatenated_parquet(str(tmp_path / name)) is is_several
