"""Compressed data of each kind: known by its first bytes, read whole, and told where it isn't."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import struct
import sys
import zipfile
import zlib
from functools import partial

import pytest

import filterlang
from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.opening import compressions
from filterlang.backends.files.opening.inputs import InputError, opened
from tests.backends.files.corpus import (
    FILTERS,
    RECORDS,
    SCALAR_FILTERS,
    SCHEMA,
    delimited,
    json_lines,
)
from tests.backends.files.test_faults import GOOD, faults_of
from tests.support.engines import need


def zipped(data, name="data.jsonl", method=zipfile.ZIP_DEFLATED, **beside):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, data)
        for other, content in beside.items():
            archive.writestr(other.replace("__", "/"), content)
    return file.getvalue()


def lzma_alone(data):
    return lzma.compress(data, lzma.FORMAT_ALONE, preset=0)


def lz4(data, **options):
    return need("lz4.frame", "files").compress(data, **options)


def zstd(data):
    return need("zstandard", "files").ZstdCompressor(write_checksum=True).compress(data)


PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": partial(lzma.compress, preset=0),
    "lzma": lzma_alone,
    "lz4": lz4,
    "zst": zstd,
    "zlib": zlib.compress,
}
ALL = {**PACKERS, "zip": zipped}
NAMES = {"gz": "gzip", "zst": "zstd"}
SKIPPED = b"\x5a\x2a\x4d\x18" + struct.pack("<I", 5) + b"12345"


@pytest.fixture(params=list(ALL))
def kind(request):
    return request.param


def name_of(kind):
    return NAMES.get(kind, kind)


def random_lines(count):
    return [json.dumps({"a": 1, "b": os.urandom(50).hex()}) + "\n" for _ in range(count)]


@pytest.mark.parametrize("name", ["data.jsonl.{}", "data", "data.csv.{}", "data.parquet"])
def test_json_lines_are_read(kind, name, tmp_path):
    path = tmp_path / name.format(kind)
    path.write_bytes(ALL[kind](json_lines()))
    for filters in FILTERS[::5]:
        expected = list(filterlang.compile(filters).filter(RECORDS))
        assert list(read(path, filters)) == expected, filters


def test_cells_are_read(kind, tmp_path):
    path = tmp_path / f"DATA.CSV.{kind.upper()}"
    data = delimited(",")
    path.write_bytes(zipped(data, "x.csv") if kind == "zip" else PACKERS[kind](data))
    for filters in SCALAR_FILTERS[::5]:
        expected = filterlang.compile(filters, schema=SCHEMA).filter(RECORDS)
        found = read(path, filters, schema=SCHEMA)
        assert [int(one["id"]) for one in found] == [one["id"] for one in expected], filters


@pytest.mark.parametrize("kind", PACKERS)
def test_several_that_follow_each_other(kind, tmp_path):
    pack = PACKERS[kind]
    between = bytes(8) if kind in {"gz", "xz"} else SKIPPED if kind in {"lz4", "zst"} else b""
    before = SKIPPED if kind in {"lz4", "zst"} else b""
    parts = [pack(b"%d" % number) for number in range(8)]
    data = before + pack(b'{"a": [') + between + (between + pack(b", ")).join(parts) + pack(b"]}")
    (tmp_path / "data").write_bytes(data + between)
    assert list(read(tmp_path / "data", "a==7")) == [{"a": list(range(8))}]


@pytest.mark.parametrize("kind", PACKERS)
def test_what_stands_behind_them(kind, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(PACKERS[kind](GOOD.encode() * 100) + b"not compressed")
    records, (fault,) = faults_of(path)
    assert len(records) == 100
    assert fault.startswith(
        f"data: the {name_of('xz' if kind == 'lzma' else kind)} data is damaged"
    )
    assert fault.endswith("; fetch the file again (read up to line 100)")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_in_zip_archives(method, tmp_path):
    (tmp_path / "data").write_bytes(zipped(json_lines(), method=method))
    assert list(read(tmp_path / "data", [])) == RECORDS


def test_data_that_is_cut_off(kind, tmp_path):
    lines = random_lines(20_000)
    data = ALL[kind]("".join(lines).encode())
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: len(data) * 9 // 10])
    records, faults = faults_of(path)
    assert 12_000 < len(records) < 20_000
    assert records == [json.loads(line) for line in lines[: len(records)]]
    name = name_of("xz" if kind == "lzma" else kind)
    assert faults == [
        (
            f"cut.{kind}: the {name} data is cut off; fetch the file again "
            f"(read up to line {len(records)})"
        )
    ]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 9])
def test_data_that_is_cut_off_early(kind, size, tmp_path):
    path = tmp_path / f"x.json.{kind}"
    path.write_bytes(ALL[kind](GOOD.encode())[:size])
    name = name_of("xz" if kind == "lzma" and size > 2 else kind)
    assert faults_of(path) == (
        [],
        [f"x.json.{kind}: the {name} data is cut off; fetch the file again"],
    )


def test_data_that_is_damaged(kind, tmp_path):
    lines = random_lines(30_000)
    data = bytearray(ALL[kind]("".join(lines).encode()))
    place = len(data) * 9 // 10
    data[place : place + 1000] = bytes(1000)
    (tmp_path / "damaged").write_bytes(data)
    records, faults = faults_of(tmp_path / "damaged")
    name = name_of("xz" if kind == "lzma" else kind)
    assert f"damaged: the {name} data is damaged (" in faults[-1]
    assert "); fetch the file again (read up to line " in faults[-1]
    assert records[:12_000] == [json.loads(line) for line in lines[:12_000]]


@pytest.mark.sampled(8, 16)
@pytest.mark.parametrize("place", [3, 6, 9])
@pytest.mark.parametrize("is_cut", [True, False])
def test_what_is_read_before_an_error_does_not_depend_on_who_reads(is_cut, place, kind, tmp_path):
    """However many bytes are asked for at once."""
    data = bytearray(ALL[kind]("".join(random_lines(20_000)).encode()))
    place = len(data) * place // 10
    data[place : None if is_cut else place + 1000] = b"" if is_cut else bytes(1000)
    (tmp_path / "x").write_bytes(data)
    found = set()
    for size in (1000, 1 << 16, 1 << 17, 1 << 20):
        whole = bytearray()
        with contextlib.suppress(InputError), opened(str(tmp_path / "x"), lambda _: None) as reader:
            while more := reader.read1(size):
                whole += more
        found.add(bytes(whole))
    assert len(found) == 1


def test_plain_data_in_a_name_of_compressed_data(kind, tmp_path):
    (tmp_path / f"x.jsonl.{kind}").write_text(GOOD)
    assert list(read(tmp_path / f"x.jsonl.{kind}", "a==1")) == [{"a": 1}]


def test_data_that_is_compressed_twice_and_more(tmp_path):
    data = GOOD.encode()
    (tmp_path / "three").write_bytes(zipped(gzip.compress(bz2.compress(data)), "x.jsonl.bz2.gz"))
    assert list(read(tmp_path / "three", "a==1")) == [{"a": 1}]
    for _ in range(4):
        data = gzip.compress(data)
    (tmp_path / "four").write_bytes(data)
    assert faults_of(tmp_path / "four") == (
        [],
        ["four: it is compressed more than 3 times; unpack it"],
    )


# --- What takes too much memory -------------------------------------------------------------------


def test_zstd_data_with_a_long_window(tmp_path):
    zstandard = need("zstandard", "files")
    for log in (27, 28, 31):
        options = zstandard.ZstdCompressionParameters.from_level(1, window_log=log)
        packer = zstandard.ZstdCompressor(compression_params=options).compressobj()
        (tmp_path / f"{log}.zst").write_bytes(packer.compress(GOOD.encode()) + packer.flush())
    assert faults_of(tmp_path / "27.zst") == ([{"a": 1}], [])
    for log in (28, 31):
        assert faults_of(tmp_path / f"{log}.zst") == (
            [],
            [
                (
                    f"{log}.zst: the zstd data takes more than 128 MiB of memory to unpack, as it "
                    "was written with a longer --long; unpack it by another program: "
                    "zstd -dc --long=31 FILE | filterlang …"
                )
            ],
        )


def test_zstd_data_with_a_dictionary(tmp_path):
    zstandard = need("zstandard", "files")
    words = zstandard.train_dictionary(1 << 12, [os.urandom(500) for _ in range(200)])
    packed = zstandard.ZstdCompressor(dict_data=words).compress(GOOD.encode())
    (tmp_path / "x.zst").write_bytes(packed)
    assert faults_of(tmp_path / "x.zst") == (
        [],
        [
            (
                "x.zst: the zstd data was written with a dictionary; unpack it by another program: "
                "zstd -dc -D DICTIONARY FILE | filterlang …"
            )
        ],
    )


def test_xz_data_that_takes_much_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(compressions, "_XZ_MEMORY", 1 << 20)
    (tmp_path / "x.xz").write_bytes(lzma.compress(GOOD.encode(), preset=9))
    assert faults_of(tmp_path / "x.xz") == (
        [],
        [
            (
                "x.xz: the xz data takes more than 1 MiB of memory to unpack; unpack it by another "
                "program: xz -dc FILE | filterlang …"
            )
        ],
    )


# --- Zip archives ---------------------------------------------------------------------------------

SEVERAL = (
    "x.zip: this is a zip archive of {}; unpack it and name the files, or choose one: "
    "unzip -p ARCHIVE NAME | filterlang …"
)


def test_what_macos_puts_into_an_archive(tmp_path):
    beside = {"__MACOSX__._data.jsonl": "x", "folder__": "", "folder__.DS_Store": "x"}
    (tmp_path / "x.zip").write_bytes(zipped(GOOD, "folder/data.jsonl", **beside))
    assert faults_of(tmp_path / "x.zip") == ([{"a": 1}], [])


def test_archives_of_several_files(tmp_path):
    (tmp_path / "x.zip").write_bytes(zipped(GOOD, b="x"))
    assert faults_of(tmp_path / "x.zip") == ([], [SEVERAL.format("2 files ('data.jsonl', 'b')")])
    (tmp_path / "x.zip").write_bytes(zipped(GOOD, b="x", c="", d=""))
    message = SEVERAL.format("4 files ('data.jsonl', 'b', 'c', …)")
    assert faults_of(tmp_path / "x.zip") == ([], [message])


def test_archives_one_after_the_other(tmp_path):
    """Only the list of the last one is found, and nothing is lost in silence."""
    (tmp_path / "x.zip").write_bytes(zipped(GOOD) + zipped(GOOD))
    message = (
        "x.zip: here several zip archives stand one after the other, of which only the last one "
        "can be read; give each as a file of its own"
    )
    assert faults_of(tmp_path / "x.zip") == ([], [message])


def test_an_archive_of_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w"):
        pass
    message = "x.zip: this is a zip archive without a file in it; expected one of records"
    assert faults_of(tmp_path / "x.zip") == ([], [message])


def patched(data, place, value):
    """Change a field of the file's header, and the same one in the list at the end."""
    data = bytearray(data)
    central = data.index(b"PK\1\2")
    data[place : place + 2] = data[central + place + 2 : central + place + 4] = value
    return bytes(data)


def test_archives_that_cannot_be_unpacked(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(patched(zipped(GOOD), 6, b"\1\0"))
    message = "x.zip: this is a zip archive with a password; unpack it, and name the file in it"
    assert faults_of(path) == ([], [message])
    path.write_bytes(patched(zipped(GOOD), 8, b"\x09\0"))
    message = (
        "x.zip: the zip archive can't be read (That compression method is not supported); "
        "unpack it, and name the file in it"
    )
    assert faults_of(path) == ([], [message])


def test_an_archive_whose_file_has_no_header(tmp_path):
    # What is put before an archive moves the places of the files in it, as `zipfile` knows.
    (tmp_path / "x.zip").write_bytes(b"PK\3\4" + zipped(GOOD))
    assert faults_of(tmp_path / "x.zip") == ([{"a": 1}], [])
    data = bytearray(zipped(GOOD))
    central = data.index(b"PK\1\2")
    data[central + 42] = 1
    (tmp_path / "x.zip").write_bytes(data)
    message = "x.zip: the zip data is damaged (a file in it has no header); fetch the file again"
    assert faults_of(tmp_path / "x.zip") == ([], [message])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_whose_checksum_is_wrong(method, tmp_path):
    data = bytearray(zipped(GOOD * 20_000, method=method))
    central = data.index(b"PK\1\2")
    data[14:18] = data[central + 16 : central + 20] = b"oops"
    (tmp_path / "x.zip").write_bytes(data)
    records, (fault,) = faults_of(tmp_path / "x.zip")
    assert len(records) > 10_000
    assert fault.startswith("x.zip: the zip data is damaged (")


def test_archives_that_are_cut_off(tmp_path):
    path = tmp_path / "x.zip"
    lines = "".join(random_lines(1000))
    whole = zipped(lines, method=zipfile.ZIP_STORED)
    path.write_bytes(whole[: len(whole) // 2])
    records, (fault,) = faults_of(path)
    assert 400 < len(records) < 600
    assert fault.startswith("x.zip: the zip data is cut off; fetch the file again (read up to line")
    whole = zipped(lines, method=zipfile.ZIP_BZIP2)
    path.write_bytes(whole[: len(whole) // 2])
    assert faults_of(path) == ([], ["x.zip: the zip data is cut off; fetch the file again"])
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        whole = zipped(lines, method=method)
        central = whole.index(b"PK\1\2")
        path.write_bytes(whole[:1000] + whole[central:])
        _, faults = faults_of(path)
        assert faults, method


# --- Writing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "lz4", "zst"])
@pytest.mark.parametrize("format_", ["jsonl", "json", "csv"])
def test_compressed_files_are_written(kind, format_, tmp_path):
    if kind in {"lz4", "zst"}:
        ALL[kind](b"")
    (tmp_path / "x.jsonl").write_text('{"a": "x1", "b": "x"}\n{"a": "x2", "b": "y"}\n')
    to = tmp_path / f"to.{format_}.{kind}"
    assert copy("b~?", tmp_path / "x.jsonl", to) == (2, 2, 0)
    assert list(read(to, "a==x2")) == [{"a": "x2", "b": "y"}]
    first = to.read_bytes()
    copy("b~?", tmp_path / "x.jsonl", to)
    assert to.read_bytes() == first


@pytest.mark.parametrize("kind", ["lzma", "zip"])
def test_what_is_read_but_not_written(kind, tmp_path):
    with pytest.raises(FileError) as caught:
        copy("a==1", tmp_path / "missing", tmp_path / f"to.jsonl.{kind}")
    assert caught.value.fault.message == (
        f"{kind} data can be read, but not written; expected one of .gz .bz2 .xz .lz4 .zst"
    )


def test_the_package_for_lz4_is_missing(tmp_path, monkeypatch):
    (tmp_path / "x.lz4").write_bytes(lz4(GOOD.encode()))
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    message = "lz4 data needs lz4, which is not installed; run: pip install 'filterlang[files]'"
    assert faults_of(tmp_path / "x.lz4") == ([], [f"x.lz4: {message}"])
    (tmp_path / "x").write_text(GOOD)
    with pytest.raises(FileError, match="lz4 data needs lz4"):
        copy("a==1", tmp_path / "x", tmp_path / "to.jsonl.lz4")
