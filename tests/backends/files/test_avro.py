"""Avro: all codecs, unions, logical types, and what may be wrong with its bytes."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from filterlang.backends.files import read
from filterlang.semantics.instants import DAY, moment_of
from tests.support.engines import need

fastavro = need("fastavro", "files")


def logical(type_, name, **more):
    return {"type": type_, "logicalType": name, **more}


FIXED = {"type": "fixed", "name": "Id", "size": 16, "logicalType": "uuid"}
INNER = {
    "type": "record",
    "name": "ns.Inner",
    "fields": [
        {"name": "city", "type": "string"},
        {"name": "at", "type": ["null", logical("long", "timestamp-nanos")]},
        {"name": "next", "type": ["null", "ns.Inner"]},
    ],
}
TYPES = {
    "n": "long",
    "micros": ["null", logical("long", "timestamp-micros")],
    "nanos": logical("long", "timestamp-nanos"),
    "local": logical("long", "local-timestamp-nanos"),
    "day": logical("int", "date"),
    "price": logical("bytes", "decimal", precision=10, scale=2),
    "uuid": logical("string", "uuid"),
    "id": FIXED,
    "other_id": ["null", "Id"],
    "mixed": ["null", "string", "long", {"type": "array", "items": "string"}],
    "inner": ["null", INNER],
    "also": "ns.Inner",
    "times": {"type": "array", "items": logical("long", "timestamp-nanos")},
    "map": {"type": "map", "values": logical("long", "timestamp-nanos")},
    "plain": {"type": "map", "values": {"type": "array", "items": {"type": "int"}}},
    "color": {"type": "enum", "name": "Color", "symbols": ["RED", "BLUE"]},
    "either": ["string", {"type": "map", "values": "int"}],
}
SCHEMA = {
    "type": "record",
    "name": "Row",
    "fields": [{"name": name, "type": type_} for name, type_ in TYPES.items()],
}
NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)
NANOS = int(NOON.timestamp()) * 10**9


def stored(n):
    inner = {"city": "Köln", "at": NANOS, "next": {"city": "Bonn", "at": None, "next": None}}
    return {
        "n": n,
        "micros": NOON if n % 2 else None,
        "nanos": NANOS,
        "local": NANOS,
        "day": NOON.date(),
        "price": Decimal("1.50"),
        "uuid": UUID(int=1),
        "id": UUID(int=2).bytes,
        "other_id": UUID(int=3).bytes,
        "mixed": [None, "x", 7, ["y", "z"]][n % 4],
        "inner": inner,
        "also": inner,
        "times": [NANOS],
        "map": {"a": NANOS},
        "plain": {"a": [1]},
        "color": "BLUE",
        "either": {"k": 1},
    }


def expected(n):
    inner = {"city": "Köln", "at": NOON, "next": {"city": "Bonn", "at": None, "next": None}}
    return stored(n) | {
        "nanos": NOON,
        "local": NOON,
        "id": UUID(int=2),
        "other_id": UUID(int=3),
        "inner": inner,
        "also": inner,
        "times": [NOON],
        "map": {"a": NOON},
    }


def written(path, records, schema=SCHEMA, **options):
    with path.open("wb") as file:
        fastavro.writer(file, schema, records, **options)
    return path


def faults_of(path, *filters, **options):
    faults = []
    records = list(
        read(path, filters, report=lambda fault: faults.append(fault.message), **options)
    )
    return len(records), faults


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz", "snappy", "lz4", "zstandard"])
def test_records_of_all_codecs(codec, tmp_path):
    if codec in {"snappy", "lz4", "zstandard"}:
        need("pyarrow", "files")
        need("zstandard", "files")
    path = recoded(tmp_path / "x.avro", codec)
    assert list(read(path, [])) == [expected(n) for n in range(12)]


def recoded(path, codec):
    """Write blocks in a codec, for some of which the library would ask for packages of its own."""
    pack = PACKERS[codec]
    plain = io.BytesIO()
    fastavro.writer(plain, SCHEMA, [stored(n) for n in range(12)], sync_interval=1000)
    plain.seek(0)
    header = fastavro.schemaless_reader(plain, HEADER, None)
    header["meta"]["avro.codec"] = codec.encode()
    found = io.BytesIO()
    fastavro.schemaless_writer(found, HEADER, header)
    while plain.tell() < len(plain.getvalue()):
        count, data = fastavro.schemaless_reader(plain, BLOCK, None).values()
        assert plain.read(16) == header["sync"]
        fastavro.schemaless_writer(found, BLOCK, {"count": count, "data": pack(data)})
        found.write(header["sync"])
    path.write_bytes(found.getvalue())
    return path


def by_pyarrow(codec):
    return need("pyarrow", "files").Codec(codec)


def snappy(data):
    # Its own beginning says the size; behind it stands a checksum.
    return by_pyarrow("snappy").compress(data, asbytes=True) + b"\0\0\0\0"


def lz4(data):
    return len(data).to_bytes(4, "little") + by_pyarrow("lz4_raw").compress(data, asbytes=True)


def deflate(data):
    import zlib

    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "null": bytes,
    "deflate": deflate,
    "bzip2": lambda data: __import__("bz2").compress(data),
    "xz": lambda data: __import__("lzma").compress(data),
    "snappy": snappy,
    "lz4": lz4,
    "zstandard": lambda data: need("zstandard", "files").compress(data),
}
HEADER = {
    "type": "record",
    "name": "header",
    "fields": [
        {"name": "magic", "type": {"type": "fixed", "name": "magic", "size": 4}},
        {"name": "meta", "type": {"type": "map", "values": "bytes"}},
        {"name": "sync", "type": {"type": "fixed", "name": "sync", "size": 16}},
    ],
}
BLOCK = {
    "type": "record",
    "name": "block",
    "fields": [{"name": "count", "type": "long"}, {"name": "data", "type": "bytes"}],
}


def test_filters_find_what_is_in_them(tmp_path):
    path = written(tmp_path / "x.avro", [stored(n) for n in range(8)])
    counts = {
        text: sum(1 for _ in read(path, text))
        for text in (
            *("n>=6", "micros==", "micros>=2024-01-31", "nanos==2024-01-31T12:00:00Z"),
            *("day==2024-01-31", "price==1.5", f"uuid=={UUID(int=1)}", f"other_id=={UUID(int=3)}"),
            *("mixed==x", "mixed==7", "mixed==z", "inner.next.city==Bonn", "map.a>2024"),
            *("plain.a==1", "color==blue", "either.k==1"),
        )
    }
    assert counts == {
        "n>=6": 2,
        "micros==": 4,
        "micros>=2024-01-31": 4,
        "nanos==2024-01-31T12:00:00Z": 8,
        "day==2024-01-31": 8,
        "price==1.5": 8,
        f"uuid=={UUID(int=1)}": 8,
        f"other_id=={UUID(int=3)}": 8,
        "mixed==x": 2,
        "mixed==7": 2,
        "mixed==z": 2,
        "inner.next.city==Bonn": 8,
        "map.a>2024": 8,
        "plain.a==1": 8,
        "color==blue": 8,
        "either.k==1": 8,
    }


def with_schema(path, types, records, plain):
    """Write numbers, and say that they are dates."""
    fields = [{"name": name, "type": type_} for name, type_ in plain.items()]
    data = io.BytesIO()
    said = {"type": "record", "name": "R", "fields": fields}
    fastavro.writer(data, said, records, sync_interval=1)
    data.seek(0)
    header = fastavro.schemaless_reader(data, HEADER, None)
    fields = [{"name": name, "type": type_} for name, type_ in types.items()]
    said = {"type": "record", "name": "R", "fields": fields}
    header["meta"]["avro.schema"] = json.dumps(said).encode()
    found = io.BytesIO()
    fastavro.schemaless_writer(found, HEADER, header)
    path.write_bytes(found.getvalue() + data.read())
    return path


def test_dates_that_the_calendar_lacks_leave_the_others_as_they_are(tmp_path):
    uuid = {"type": "string", "logicalType": "uuid"}
    types = {
        "ms": ["null", logical("long", "timestamp-millis")],
        "us": logical("long", "local-timestamp-micros"),
        "day": logical("int", "date"),
        "uuid": uuid,
        "deep": {"type": "record", "name": "D", "fields": [{"name": "x", "type": "int"}]},
    }
    plain = {"ms": ["null", "long"], "us": "long", "day": "int", "uuid": "string"}
    plain["deep"] = types["deep"]
    beside = {"uuid": str(UUID(int=1)), "deep": {"x": 1}}
    path = with_schema(
        tmp_path / "x.avro",
        types,
        [
            {"ms": 10**15, "us": 0, "day": 5, **beside},
            {"ms": None, "us": 10**18, "day": 10**7, **beside},
        ],
        plain,
    )
    beside["uuid"] = UUID(int=1)
    assert list(read(path, [])) == [
        {
            "ms": moment_of(10**18),
            "us": datetime(1970, 1, 1, tzinfo=UTC),
            "day": date(1970, 1, 6),
            **beside,
        },
        {
            "ms": None,
            "us": moment_of(10**18),
            "day": moment_of(10**7 * DAY),
            **beside,
        },
    ]
    assert len(list(read(path, "ms>3000-01-01"))) == 1


def test_what_is_cut_off_or_damaged_is_told(tmp_path):
    path = tmp_path / "x.avro"
    written(path, [{"a": "x" * 50, "b": n} for n in range(9)], SMALL, sync_interval=100)
    whole = path.read_bytes()
    first = whole.index(b"x" * 50) - 4
    cut = "the Avro data is cut off; fetch the file again"
    no_end = "the Avro data is damaged (a block doesn't end where it should); fetch the file again"
    many = "the Avro data is damaged (a number without an end); fetch the file again"
    for data, found in {
        b"": (0, ["this is no Avro file"]),
        b"[1]": (0, ["this is no Avro file"]),
        b"Ob": (0, [cut]),
        whole[:40]: (0, [cut]),
        whole[: first + 1]: (0, [cut]),
        whole[:-3]: (8, [f"{cut} (read up to row 8)"]),
        whole[:-30]: (8, [f"{cut} (read up to row 8)"]),
        whole[:-1] + b"?": (8, [f"{no_end} (read up to row 8)"]),
        whole + b"\x01\x02": (
            9,
            ["the Avro data is damaged (a negative size); fetch the file again (read up to row 9)"],
        ),
        whole + b"\xff" * 11: (9, [f"{many} (read up to row 9)"]),
        whole.replace(b"null", b"zero"): (
            0,
            ["the Avro data is compressed by 'zero', which can't be read"],
        ),
    }.items():
        path.write_bytes(data)
        assert faults_of(path) == found


SMALL = {
    "type": "record",
    "name": "S",
    "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "int"}],
}


def test_blocks_that_hold_something_else(tmp_path):
    path = tmp_path / "x.avro"
    written(path, [{"a": "xyz", "b": 1}], SMALL)
    whole = path.read_bytes()
    start = "the Avro data is damaged"
    path.write_bytes(whole.replace(b"xyz", b"x\xffz"))
    count, (fault,) = faults_of(path)
    assert count == 0
    assert fault.startswith(f"{start} ('utf-8' codec can't decode byte 0xff")
    assert fault.endswith("; fetch the file again (in the block after row 0)")
    path.write_bytes(whole.replace(b"\x06xyz", b"\x04xyz"))
    assert faults_of(path) == (
        0,
        [
            (
                f"{start} (a block holds something else than it says); fetch the file again"
                " (in the block after row 0)"
            )
        ],
    )
    path.write_bytes(whole.replace(b'"string"', b'"strung"'))
    assert faults_of(path) == (0, [f"{start} (strung); fetch the file again"])


def test_a_block_that_is_damaged_within(tmp_path):
    path = tmp_path / "x.avro"
    whole = recoded(path, "deflate").read_bytes()
    path.write_bytes(whole.replace(b"\x0edeflate", b"\x0abzip2"))
    count, (fault,) = faults_of(path)
    assert count == 0
    assert fault.startswith("the Avro data is damaged (")
    need("pyarrow", "files")
    path.write_bytes(whole.replace(b"\x0edeflate", b"\x06lz4"))
    count, (fault,) = faults_of(path)
    assert count == 0
    assert fault == "the Avro data is damaged (a block of more than a GiB); fetch the file again"


def test_a_large_block_is_not_kept(tmp_path):
    path = written(tmp_path / "x.avro", [{"a": "x" * 500, "b": n} for n in range(9)], SMALL)
    assert faults_of(path, max_line=1000) == (
        0,
        [
            (
                "expected blocks of at most 1,000 bytes, found a longer one; "
                "allow more by --max-line, in Python by max_line"
            )
        ],
    )


@pytest.mark.parametrize(
    ("schema", "kind"), [("long", "long"), (["null", "long"], "union"), ({"type": "int"}, "int")]
)
def test_values_that_are_no_records(schema, kind, tmp_path):
    path = written(tmp_path / "x.avro", [1], schema)
    message = f"expected records in the Avro file, found values of the type {kind}"
    assert faults_of(path) == (0, [message])


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    path = written(tmp_path / "x.avro", [{"a": "x", "b": 1}], SMALL)
    monkeypatch.setitem(sys.modules, "fastavro", None)
    assert faults_of(path) == (
        0,
        ["Avro data needs fastavro, which is not installed; run: pip install 'filterlang[files]'"],
    )


def test_avro_from_a_pipe_and_compressed_again(tmp_path, monkeypatch):
    import gzip

    path = written(tmp_path / "x.avro", [{"a": "x", "b": n} for n in range(3)], SMALL)
    (tmp_path / "y.avro.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert [row["b"] for row in read(tmp_path / "y.avro.gz", "b>=1")] == [1, 2]

    class Stdin:
        buffer = io.BytesIO(path.read_bytes())

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert [row["b"] for row in read("-", "b>=1", format="avro")] == [1, 2]


def test_many_records(tmp_path):
    inner = logical("long", "timestamp-nanos")
    fields = [{"name": "at", "type": ["null", inner]}, {"name": "n", "type": "long"}]
    schema = {"type": "record", "name": "R", "fields": fields}
    path = written(tmp_path / "x.avro", [{"at": NANOS, "n": n} for n in range(200)], schema)
    assert [row["n"] for row in read(path, "at==2024-01-31T12:00:00Z")] == [*range(200)]


def test_a_codec_may_need_a_package(tmp_path, monkeypatch):
    path = recoded(tmp_path / "x.avro", "zstandard")
    monkeypatch.setitem(sys.modules, "zstandard", None)
    assert faults_of(path) == (
        0,
        [
            (
                "zstd data needs zstandard, which is not installed; "
                "run: pip install 'filterlang[files]'"
            )
        ],
    )
