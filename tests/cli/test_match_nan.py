"""NaN and infinities, which JSON lacks: read, and written as null in all JSON there is."""

from __future__ import annotations

import gzip
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends import files
from filterlang.backends.files.typed_texts.texts import JsonTexts
from tests.support.engines import without_fast

LINES = (
    '{"a":NaN,  "b": 1, "t": "NaN \\" Infinity"}\r\n'
    '{ "a" : [-Infinity , -1,Infinity], "b":1}\n'
    '{"b": 1, "NaN": "Infinity\\\\", "NAN": 1e999, "I":-1E-5}\n'
    '{"b": 2, "a": NaN}\n'
)
WRITTEN = (
    '{"a":null,  "b": 1, "t": "NaN \\" Infinity"}\r\n'
    '{ "a" : [null , -1,null], "b":1}\n'
    '{"b": 1, "NaN": "Infinity\\\\", "NAN": 1e999, "I":-1E-5}\n'
)
TOLD = "written as null, since JSON has no NaN and no infinity: 3 numbers\n"


@pytest.fixture(params=["fast", "without simdjson", "without fast"])
def roads(request, monkeypatch):
    """Each of the ways to read lines."""
    if request.param == "without fast":
        without_fast(monkeypatch)
    elif request.param != "fast":
        monkeypatch.setitem(sys.modules, "fastsimdjson", None)


@pytest.mark.usefixtures("roads")
@pytest.mark.parametrize(
    "options",
    [
        ("b==1",),
        ("--invert", "b==2"),
        ("b==1", "--sort", "b"),
        ("b==1", "--limit", "3"),
        ("b==1", "--strict"),
    ],
)
def test_lines_keep_every_other_byte(run, options):
    assert run("match", *options, stdin=LINES.encode()) == (0, WRITTEN, TOLD)


@pytest.mark.usefixtures("roads")
def test_so_does_what_is_told_one_by_one(run):
    found = run("match", "b==1", "--sample-misses", "0", stdin=LINES.encode())
    assert (found.code, found.out) == (0, WRITTEN)
    assert TOLD in found.err
    assert run("match", "b==1", "--color", "never", stdin=LINES.encode()).out == WRITTEN
    painted = run("match", "b==1", "--color", "always", stdin=LINES.encode())
    assert painted.err == TOLD
    assert "NaN," not in painted.out


@pytest.mark.usefixtures("roads")
@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_in_files_packed_or_not(run, tmp_path, name):
    pack = gzip.compress if name.endswith("gz") else bytes
    (tmp_path / name).write_bytes(pack(LINES.encode()))
    assert run("match", "b==1", name) == (0, WRITTEN, TOLD)
    found = run("match", "b==1", name, "-o", "to.jsonl")
    assert found == (0, "", f"{TOLD}read 4, matched 3, bad 0\n")
    assert (tmp_path / "to.jsonl").read_bytes() == WRITTEN.encode()
    run("match", "b==1", name, "-o", "to.jsonl.gz")
    assert gzip.decompress((tmp_path / "to.jsonl.gz").read_bytes()) == WRITTEN.encode()
    lines = [line.strip() for line in WRITTEN.splitlines()]
    assert run("match", "b==1", name, "--format", "json") == (
        0,
        _listed(lines),
        TOLD,
    )


def _listed(lines):
    return "[\n" + ",\n".join(lines) + "\n]\n"


@pytest.mark.usefixtures("roads")
def test_records_in_other_shapes_are_as_lines(run):
    lines = LINES.splitlines()
    for shape in (_listed(lines), "\n\n".join(lines), f'{{"users": {_listed(lines)}}}'):
        found = run(
            "match",
            "b==1",
            "--records",
            "." * ("users" not in shape) or "users",
            stdin=shape.encode(),
        )
        assert found == (0, WRITTEN.replace("\r", ""), TOLD)


def test_by_several_processes(run_process, tmp_path):
    (tmp_path / "x.jsonl").write_text(LINES * 60_000)
    for name in ("x.jsonl", "x.jsonl.gz"):
        if name.endswith("gz"):
            (tmp_path / name).write_bytes(gzip.compress((tmp_path / "x.jsonl").read_bytes(), 1))
        found = run_process("match", "b==1", name, "--jobs", "2")
        assert found.err == TOLD.replace("3", "180,000")
        assert found.out == WRITTEN * 60_000


def test_in_python(tmp_path):
    path, to = tmp_path / "x.jsonl", tmp_path / "y.jsonl"
    path.write_text(LINES, newline="")
    said = []
    files.copy("b==1", path, to, remark=said.append)
    assert (to.read_bytes().decode(), said) == (WRITTEN, [f"{to}: {TOLD.strip()}"])
    with pytest.warns(UserWarning, match=f"^{to}: {TOLD.strip()}$"):
        files.copy("b==1", path, to)
    first, *_ = files.read(path, "b==1")
    assert first["a"] != first["a"]


def test_labels_stand_behind_null(run, tmp_path):
    (tmp_path / "saved.json").write_text('{"any": "b==1"}')
    line = b'{"a": [NaN , -Infinity],  "b": 1}\n'
    assert run("tag", "--filters", "saved.json", stdin=line) == (
        0,
        '{"a": [null , null],  "b": 1,"matches":["any"]}\n',
        TOLD.replace("3", "2"),
    )


def test_one_of_them_is_one_number(run):
    assert run("match", "--all", stdin=b'{"a": NaN, "a": 1}\n') == (
        0,
        '{"a": null, "a": 1}\n',
        TOLD.replace("3 numbers", "1 number"),
    )


@pytest.mark.parametrize("value", ["nan", "-NaN", "+NaN", "Inf", "infinity", "+Infinity", "NaNa"])
def test_what_else_looks_like_them_is_no_record(run, value):
    found = run("match", "b==1", stdin=b'{"b": 1, "a": %s}\n' % value.encode())
    assert (found.code, found.out) == (3, "")


numbers = st.sampled_from([float("nan"), float("inf"), -float("inf"), -1.5, 7, 1e300])
texts = st.text(st.sampled_from('NaInfity"\\-\n ü'), max_size=9) | st.just("NaN")
values = st.recursive(
    numbers | texts | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(texts, values, max_size=4), st.booleans(), st.sampled_from([None, 0, 1]))
def test_a_line_is_what_it_was_with_null_in_their_place(record, ascii_, indent):
    line = json.dumps(record, ensure_ascii=ascii_, indent=indent).replace("\n", " ").encode()
    written = JsonTexts()
    found = written.line(line)
    lacking: list[str] = []
    expected = json.loads(line, parse_constant=lacking.append)
    assert json.loads(found, parse_constant=pytest.fail) == expected
    assert written.nulled == len(lacking)
    assert len(found) == len(line) + sum(len("null") - len(word) for word in lacking)
