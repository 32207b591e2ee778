"""Values that other formats have, and what JSON and CSV write for them."""

from __future__ import annotations

import importlib
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from filterlang.backends.files import copy, read
from filterlang.backends.files.scanning import jobs, ranges
from filterlang.backends.files.scanning.scanner import Scanner
from filterlang.backends.files.tables.columns import values_of
from filterlang.backends.files.typed_texts.texts import JsonTexts, ValueFormatError, selector
from filterlang.matching.matcher import compile as compile_filters

NANOSECONDS = 1_704_067_200_123_456_789  # 2024-01-01T00:00:00.123456789Z


def write(pyarrow, path, columns):
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def test_times_are_cut_to_microseconds_and_are_utc(pyarrow):
    times = pyarrow.array([NANOSECONDS, -1, None])
    batch = pyarrow.record_batch(
        {
            "nano": times.cast(pyarrow.timestamp("ns")),
            "zone": times.cast(pyarrow.timestamp("ns", "Asia/Tokyo")),
            "second": pyarrow.array([1, 2, None], pyarrow.timestamp("s", "+01:00")),
            "day": pyarrow.array([0, 1, None], pyarrow.date32()),
            "time": pyarrow.array([1_500, 0, None], pyarrow.time64("ns")),
            "span": pyarrow.array([1_500, 0, None], pyarrow.duration("ns")),
        }
    )
    moment = datetime(2024, 1, 1, 0, 0, 0, 123456, UTC).replace(tzinfo=None)
    before = datetime(1969, 12, 31, 23, 59, 59, 999999, UTC).replace(tzinfo=None)
    rows = values_of(batch)
    assert [row["nano"] for row in rows] == [moment, before, None]
    assert [row["zone"] for row in rows] == [moment, before, None]
    assert rows[0]["second"].second == 1
    assert [row["day"] for row in rows] == [date(1970, 1, 1), date(1970, 1, 2), None]
    assert rows[0]["time"] == time(0, 0, 0, 1)
    assert rows[0]["span"].microseconds == 1


def test_keys_of_a_map_are_those_that_json_has(pyarrow, tmp_path):
    keys = {
        "i.7": pyarrow.array([7]),
        "d.2024-01-31": pyarrow.array([date(2024, 1, 31)]),
        "n.1.50": pyarrow.array([Decimal("1.50")]),
        "t.text": pyarrow.array(["text"]),
    }
    columns = {
        name[0]: pyarrow.MapArray.from_arrays([0, 1], key, pyarrow.array([5]))
        for name, key in keys.items()
    }
    write(pyarrow, tmp_path / "x.parquet", columns)
    importlib.import_module("pyarrow.orc").write_table(pyarrow.table(columns), tmp_path / "x.orc")
    for ending in ["arrow", "jsonl"]:
        copy([], tmp_path / "x.parquet", tmp_path / f"x.{ending}")
    (line,) = read(tmp_path / "x.jsonl", [])
    assert line == {name[0]: {name[2:]: 5} for name in keys}
    for ending in ["parquet", "arrow", "orc", "jsonl"]:
        for name in keys:
            assert [*read(tmp_path / f"x.{ending}", f"{name}==5")] == [line], (ending, name)


def test_keys_that_are_no_texts_are_written_as_texts():
    texts = JsonTexts()
    inner = {UUID(int=1): None, True: 1, 2.5: 1, None: 1}
    record = {"a": {date(2024, 1, 31): 1, Decimal("1.50"): Decimal("2.50"), 7: [inner]}}
    assert texts.value(record) == (
        '{"a":{"2024-01-31":1,"1.50":2.50,"7":[{"00000000-0000-0000-0000-000000000001":null,'
        '"true":1,"2.5":1,"null":1}]}}'
    )
    with pytest.raises(ValueFormatError, match=r"a value of type bytes can't be written as text"):
        texts.value({"a": {b"x": 1}})


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("id", "expected a list of names to select, found 'id'"),
        (["id", "name", "id"], "a name is there twice in ['id', 'name', 'id']"),
    ],
)
def test_names_to_select_are_a_list_and_there_once(tmp_path, select, message):
    (tmp_path / "x.jsonl").write_text('{"id":1}\n')
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        copy([], tmp_path / "x.jsonl", tmp_path / "y.jsonl", select=select)
    assert not (tmp_path / "y.jsonl").exists()


def test_a_time_that_python_has_no_type_for_equals_nothing(pyarrow, tmp_path):
    write(
        pyarrow,
        tmp_path / "x.parquet",
        {"n": [1, 2], "t": pyarrow.array([2**60, 0], pyarrow.timestamp("us"))},
    )

    def number(text):
        return [row["n"] for row in read(tmp_path / "x.parquet", text)]

    assert number("t!=") == [1, 2]
    assert number("t>0;t<9e99") == []
    assert number("t!=0") == [1]


def test_times_and_lengths_of_time_are_written_as_texts(pyarrow, tmp_path):
    lengths = [timedelta(hours=1, microseconds=5), timedelta(days=-2), None, timedelta(0)]
    times = [time(10), time(23, 59, 59, 1), None, time(0)]
    write(
        pyarrow,
        tmp_path / "x.parquet",
        {
            "t": pyarrow.array(times, pyarrow.time64("us")),
            "d": pyarrow.array(lengths, pyarrow.duration("us")),
            "s": [{"t": one} for one in times],
        },
    )
    texts = ["10:00:00", "23:59:59.000001", None, "00:00:00"]
    spans = ["PT3600.000005S", "-PT172800S", None, "PT0S"]
    assert copy([], tmp_path / "x.parquet", tmp_path / "x.jsonl") == (4, 4, 0)
    lines = (tmp_path / "x.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"t": text, "d": span, "s": {"t": text}} for text, span in zip(texts, spans, strict=True)
    ]
    assert copy([], tmp_path / "x.parquet", tmp_path / "x.csv") == (4, 4, 0)
    assert (tmp_path / "x.csv").read_text().splitlines()[1] == (
        '10:00:00,PT3600.000005S,"{""t"":""10:00:00""}"'
    )


def test_nested_columns(pyarrow, tmp_path):
    struct = pyarrow.struct([("at", pyarrow.timestamp("ns")), ("city", pyarrow.string())])
    write(
        pyarrow,
        tmp_path / "x.parquet",
        {
            "place": pyarrow.array([{"at": NANOSECONDS, "city": "Bonn"}, None], struct),
            "large": pyarrow.array([["a"], []], pyarrow.large_list(pyarrow.string())),
            "map": pyarrow.array(
                [[("x", 1), ("y", 2)], []], pyarrow.map_(pyarrow.string(), pyarrow.int8())
            ),
            "kind": pyarrow.array(["b", "c"]).dictionary_encode(),
            "money": pyarrow.array([Decimal("1.50"), None]),
            "place.note": ["one key", None],
        },
    )
    path = tmp_path / "x.parquet"
    for text in (
        "place.city==bonn;place.at>=2024-01-01",
        "large==A",
        "map.y==2",
        "kind==B",
        "money==1.5;money~1.50",
        "place.note~one*",
    ):
        assert len(list(read(path, text))) == 1, text
    copy("kind==b", path, tmp_path / "x.jsonl")
    assert json.loads((tmp_path / "x.jsonl").read_text()) == {
        "place": {"at": "2024-01-01T00:00:00.123456789Z", "city": "Bonn"},
        "large": ["a"],
        "map": {"x": 1, "y": 2},
        "kind": "b",
        "money": 1.5,
        "place.note": "one key",
    }
    copy("kind==b", path, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == (
        "place,large,map,kind,money,place.note\n"
        '"{""at"":""2024-01-01T00:00:00.123456789Z"",""city"":""Bonn""}","[""a""]",'
        '"{""x"":1,""y"":2}",b,1.50,one key\n'
    )


def test_names_are_selected_as_filters_find_them():
    record = {"a": [{"b": 1}, {"c": 2}, {"b": [3, None]}], "a.b": 9, "d": None, "e": {"f.g": 0}}
    part = selector({"a.b": "a.b", "n": "a.c", "d": "d", "e.f.g": "e.f.g", "x.y": "x.y"})
    assert part(record) == {"a.b": 9, "n": [None, 2, None], "d": None, "e.f.g": 0, "x.y": None}


def test_names_within_columns_are_selected_into_a_table(pyarrow, tmp_path):
    write(pyarrow, tmp_path / "x.parquet", {"a": [1, 2], "b": [{"c": 3}, None]})
    to = tmp_path / "to.parquet"
    assert copy([], tmp_path / "x.parquet", to, select=["b.c", "a"]) == (2, 2, 0)
    assert list(read(to, "b.c==3")) == [{"b.c": 3, "a": 1}]


def test_digits_beyond_pythons_limit_are_kept(tmp_path):
    digits = "9" * 5000
    (tmp_path / "x.jsonl").write_text(f'{{"a": {digits}, "b": 1}}\n')
    copy("b==1", tmp_path / "x.jsonl", tmp_path / "copy.jsonl", select=["a"])
    assert (tmp_path / "copy.jsonl").read_text() == f'{{"a":{digits}}}\n'


def test_a_lone_surrogate_is_written_as_an_escape(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"a": "\\ud800", "b": 1}\n')
    copy("b==1", tmp_path / "x.jsonl", tmp_path / "copy.jsonl", select=["a"])
    assert (tmp_path / "copy.jsonl").read_text() == '{"a":"\\ud800"}\n'


# --- What processes do, within this one -----------------------------------------------------------


class Pipe:
    def __init__(self, most):
        self.sent = []
        self._most = most

    def send(self, value):
        if len(self.sent) == self._most:
            raise BrokenPipeError
        self.sent.append(value)


def test_a_process_sends_its_ranges_until_nobody_listens(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RANGE", 20)
    monkeypatch.setattr(ranges, "BLOCK", 10)
    path = tmp_path / "x.jsonl"
    path.write_text('{"a":1}\n' * 12 + '{"a":1}')
    scanner = Scanner(compile_filters("a==1"))
    file = path.stat()
    pipe = Pipe(99)
    ranges._send_ranges(pipe, str(path), file, scanner, 1, 2)
    assert [sum(len(scan[0]) for scan in sent) for sent in pipe.sent] == [2, 2, 0]
    monkeypatch.setattr(ranges, "BLOCK", 8)
    whole = Pipe(99)
    ranges._send_ranges(whole, str(path), file, scanner, 0, 1)
    assert sum(len(scan[0]) for sent in whole.sent for scan in sent) == 13
    broken = Pipe(1)
    with pytest.raises(BrokenPipeError):
        ranges._send_ranges(broken, str(path), file, scanner, 0, 1)
    assert len(broken.sent) == 1
    missing = Pipe(9)
    ranges._send_ranges(missing, str(tmp_path / "missing"), file, scanner, 0, 1)
    assert missing.sent == ["no such file or directory"]
    with pytest.raises(ranges.InputError, match="no such file or directory"):
        list(ranges.scan_ranges(str(tmp_path / "missing"), scanner, 2, lambda _: None))


def test_jobs_are_not_more_than_there_is_work(tmp_path):
    (tmp_path / "x.jsonl").write_text("{}\n")
    assert jobs.jobs_for(str(tmp_path / "x.jsonl"), 7) == 1
