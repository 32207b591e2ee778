"""Records that are nested deeply: one limit for all ways to read them, and none to write them."""

from __future__ import annotations

import json
import sys
import threading

import pytest

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.depths import MOST_LEVELS, has_many_brackets
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.cli import main

DEPTHS = [500, 990, 1023, 1024, 5000]
PLAIN = '{"b":1}'
"""Stands before and behind the one that is nested."""


def nested(depth, kind, inmost="1"):
    """Give the text of a record of so many levels."""
    marks = {"lists": ["[]"], "objects": ["{}"], "both": ["[]", "{}"]}[kind]
    pairs = [marks[level % len(marks)] for level in range(depth - 1)]
    begin = "".join("[" if pair == "[]" else '{"a":' for pair in pairs)
    return f'{{"b":1,"a":{begin}{inmost}{"".join(pair[1] for pair in reversed(pairs))}}}'


def lines(record):
    return "x.jsonl", f"{PLAIN}\n{record}\n{PLAIN}\n"


def array(record):
    return "x.json", f"[{PLAIN},{record},{PLAIN}]"


def pretty(record):
    return "x.json", "\n".join(["{", PLAIN[1:], record.replace(",", ",\n", 1), PLAIN, ""])


def answer(record):
    return "x.json", f'{{"totalHits":3,"users":[{PLAIN},{record},{PLAIN}]}}'


FORMS = [lines, array, pretty, answer]

WAYS = {
    "as it is": [],
    "counted": ["--count"],
    "selected": ["--select", "b"],
    "all of it": ["--select", "a"],
    "in order": ["--sort", "a"],
    "by its values": ["--count-by", "a"],
    "coloured": ["--color", "always"],
    "as CSV": ["--output-format", "csv", "--select", "b,a"],
    "by two": ["--jobs", "2"],
    "explained": ["--explain"],
}


@pytest.fixture(params=FORMS, ids=lambda form: form.__name__)
def form(request):
    return request.param


@pytest.mark.sampled(40)
@pytest.mark.parametrize("kind", ["lists", "both"])
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("way", WAYS)
def test_all_ways_have_one_limit(way, depth, kind, form, tmp_path, engine, capfd):
    name, text = form(nested(depth, kind))
    path = tmp_path / name
    path.write_text(text)
    code = main(["match", "b==1", *WAYS[way], str(path)])
    out, err = capfd.readouterr()
    told = [line for line in err.splitlines() if "nested" in line]
    if depth <= MOST_LEVELS:
        assert (code, told) == (0, [])
        if way == "all of it":
            written = [read_record(line.encode()) for line in out.splitlines()]
            wanted = [read_record(line.encode()) for line in (PLAIN, nested(depth, kind))]
            inmost = [json_depth(one["a"]) for one in written]
            assert inmost == [0, json_depth(wanted[1]["a"]), 0]
    else:
        assert code == 3
        assert len(told) == 1
        assert told[0].startswith(str(path))
        assert "nested too deeply to be read" in told[0]


def json_depth(value):
    depth = 0
    while isinstance(value, dict | list):
        (value,) = value.values() if isinstance(value, dict) else value
        depth += 1
    return depth


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("filters", ["b==1", "b!=2", "z!=1", "a.a.a.a.z!=1"])
def test_a_name_that_nothing_has_is_looked_for_in_all_that_is_read(
    filters, depth, form, tmp_path, engine
):
    name, text = form(nested(depth, "objects"))
    path = tmp_path / name
    path.write_text(text)
    if depth <= MOST_LEVELS:
        assert len(list(read(path, filters))) == 3
    else:
        with pytest.raises(FileError, match="nested too deeply to be read"):
            list(read(path, filters))


@pytest.mark.filterwarnings("ignore:.*written as null, since JSON has no NaN:UserWarning")
@pytest.mark.parametrize("inmost", ["1", "NaN", "9" * 700])
@pytest.mark.parametrize("ending", ["jsonl", "json", "csv"])
def test_what_is_read_is_written(ending, inmost, tmp_path, engine):
    path, to = tmp_path / "x.json", tmp_path / f"y.{ending}"
    path.write_text(array(nested(MOST_LEVELS, "both", inmost))[1])
    copy("b==1", path, to, select=["b", "a"])
    written = inmost.replace("NaN", "null")
    assert f"[{written}]" in to.read_text() or f":{written}}}" in to.read_text()


@pytest.mark.parametrize("kind", ["lists", "objects"])
@pytest.mark.parametrize(("ending", "called"), [("parquet", "Parquet"), ("arrow", "Arrow")])
def test_what_a_format_cannot_hold_is_told(ending, called, kind, tmp_path, pyarrow, capfd):
    path, to = tmp_path / "x.jsonl", tmp_path / f"y.{ending}"
    path.write_text(lines(nested(MOST_LEVELS, kind))[1])
    assert main(["match", "b==1", "-o", str(to), str(path)]) == 3
    message = (
        f"{to}: can't be written: the values of 'a' are nested more deeply than {called} can hold; "
        "leave it out with --select, or write JSON Lines\n"
        f"the first one stands in {path}:2\n"
    )
    assert message in capfd.readouterr().err
    assert main(["match", "b==1", "--select", "b", "-o", str(to), str(path)]) == 0


@pytest.mark.parametrize("kind", ["lists", "objects"])
@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_what_is_written_to_a_table_can_be_read_again(ending, kind, tmp_path, pyarrow):
    written = []
    for depth in (20, 45, 49, 50, 51, 62, 63, 64, 65, 97, 98, 99, 100):
        path, to = tmp_path / "x.jsonl", tmp_path / f"y{depth}.{ending}"
        path.write_text(nested(depth, kind) + "\n")
        try:
            copy("b==1", path, to)
        except FileError:
            continue
        written.append(depth)
        assert [json_depth(row["a"]) for row in read(to, "b==1")] == [depth - 1]
    most = {"arrow": 64, "parquet": {"lists": 49, "objects": 98}[kind]}[ending]
    assert max(written) == most


def test_a_schema_is_inferred_and_labels_are_put_in(tmp_path, engine, capfd):
    path, filters = tmp_path / "x.jsonl", tmp_path / "f.json"
    path.write_text(lines(nested(MOST_LEVELS, "objects"))[1])
    filters.write_text('{"one": ["b==1"]}')
    assert main(["schema", "infer", str(path)]) == 0
    capfd.readouterr()
    assert main(["tag", "--filters", str(filters), str(path)]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("depth", [10_000, 100_000])
def test_however_deep_it_is_it_is_told(depth, form, tmp_path, engine):
    name, text = form(nested(depth, "lists"))
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FileError, match="nested too deeply to be read"):
        list(read(path, "b==1"))


# --- What it is made of ---------------------------------------------------------------------------


@pytest.mark.parametrize("left", [60, 200, 900])
def test_who_calls_from_far_down_reads_as_much(left):
    def at(levels):
        return at(levels - 1) if levels else read_record(nested(MOST_LEVELS, "both").encode())

    depth = 0
    frame = sys._getframe()
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    limit = sys.getrecursionlimit()
    assert at(max(0, limit - depth - left))["b"] == 1
    assert sys.getrecursionlimit() == limit


def test_python_has_its_own_limit_again_after_several_threads():
    limit = sys.getrecursionlimit()
    text = nested(MOST_LEVELS, "both").encode()
    found = []

    def go():
        found.extend(read_record(text)["b"] for _ in range(50))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [1] * 200
    assert sys.getrecursionlimit() == limit


def test_brackets_side_by_side_and_in_texts_are_no_levels():
    wide = {"b": [[{}]] * 5000, "t": "[{" * 5000}
    assert read_record(json.dumps(wide).encode()) == wide
    with pytest.raises(BadRecordError, match="nested too deeply to be read"):
        read_record(nested(MOST_LEVELS + 1, "lists", '"' + "]" * 5000 + '"').encode())


@pytest.mark.parametrize("length", [0, 1, 2046, 2047, 2048, 2049, 5000])
def test_only_what_is_long_enough_is_looked_at(length):
    many = b"[" * length
    is_deep = length > MOST_LEVELS * 2 + 1
    for before in (b"", b"{}\n", b"{}\n" * 700, b"x" * 3000 + b"\n"):
        for after in (b"", b"\n", b"\n{}\n" * 700):
            assert has_many_brackets(before + many + after, b"\n") is is_deep
