"""Blocks of rows that pyarrow reads are those that are read one by one."""

from __future__ import annotations

import gzip
import lzma
import os
import sys
from contextlib import closing
from decimal import Decimal
from functools import partial
from io import BytesIO, TextIOWrapper
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.files.cells import plain_rows
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.scanning import cell_blocks
from filterlang.backends.files.scanning.arrow_scalars import characters_of
from filterlang.backends.files.watching.mistyped import Mistyped
from tests.support.engines import need

need("pyarrow", "files")

ONE_BY_ONE = 10**9
"""With a limit, rows are read one by one."""
SAMPLED = {
    "numbers": [b"1,US,true", b"2,de,FALSE", b"3,,", b",x,true", b"100,us,false"],
    "quoted": [b'"1","U,S","true"', b'2,"d""e",False', b'"",US,""', b'3,"","TRUE"', b'4,"""",'],
    "lines": [b'1,"U\nS",true', b'"2\n","d""\n\n,""e",', b'3,"\n",FALSE', b"4,us,", b',"x\r\ny",'],
    "decimals": [b"1.50,US,true", b"-2,de,", b"-0,\xc3\xbc,false", b"0.0,x,TRUE", b",us,"],
    "texts": [b"007,US,yes", b"+5,de,no", b"12e4,us,x", b" 1,US,maybe", b",,"],
    "commas": [b'"1,50",US,true', b'"-2,0",de,', b"7,,false", b'"0,125",x,TRUE', b",us,"],
    "nothing": [b",US,", b",de,", b",,", b",x,", b",us,"],
    "padded": [
        b" 1,US ,true",
        b'"2 ",\tde, FALSE',
        b"3, ,",
        b" ,x,true",
        b"4,us\xc2\xa0,\xc2\xa0 ",
    ],
    "null": [b"1,US,true", b"NULL,x,-", b"-,NULL,false", b"2,-,NULL", b"3,us,TRUE"],
}
NULL = frozenset({"NULL", "-", "x"})
TITLE = [b"Export of users", b'"of', b"\xff, 2024\r"]
ODD = [
    *(b"007,US,yes", b"1.5,US,true", b"x,US,true", b"", b"1", b"1,2,3,4", b"1,2,3,", b"1,2"),
    *(b'6,"a\nb",true', b'7,a"b,true', b'"8" ,US,true', b'9,"US,true', b"1,\xff,true", b'""a,b,c'),
    *(b"1,\xc3\xbc,true", b"1,\xe2\x80\xa8,true", b"1,a\rb,true", b"1,a\0b,true", b"x\x01,US,true"),
    *(b"\xef\xbb\xbf1,US,true", b"99999999999999999999,US,true", b"9" * 45 + b",US,fal\xc5\xbfe"),
    *(b"9007199254740993,US,true", b"0." + b"1" * 40 + b",us,true", b"1.25,us,true", b'"","",""'),
    *(b"-1,us,True", b"1,\xed\xa0\x80,true", b"1,\xc3,\xbc", b"1,a\xc3,\xbcb,c", b'a"",b,c'),
    *(b'1,"x""",true', b'"1,5",us,true', b"NULL,-,x", b'"-",us,"NULL"', b'"9,",us,-'),
]
FILTERS = [
    *("a>=2", "a!=2", "b==us", r"b~*\,*;a==4", "c==true", "missing!=1", "b!=us;c==false"),
    *("a==007", "a~1.5", "a~1*", "a==1.50", "a==", "c~t*", "a>9007199254740992", "b~*\u2028*"),
    *("c==;a<5", "a~2", "b>m", "a<=0", "a!~*9*"),
    *("a>1.4;a<=1.5", "a==-2", "a~*5", "b==null", "c!=", "a!=-;b==x"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("blocks") / "x.csv"


def selected(path, text, limit=None, /, *, invert=False, jobs=1, schema=None, **options):
    """Give all that is known after a file has been read."""
    faults = []
    reader = Reader(
        lambda fault: faults.append(str(fault)),
        options=ReadOptions(**options),
        remark=lambda remark: faults.append(f"remark: {remark}"),
    )
    matcher = fl.compile(text, schema=schema)
    given = {"limit": limit, "invert": invert, "jobs": jobs}
    with closing(reader.select([str(path)], matcher, **given)) as parts:
        records = [dict(record) for part in parts for record in part.values()]
    told = reader.types.told(matcher.filters)
    return records, faults, reader.summary, told, reader.types.strays, reader.is_whole


def small(patch, size=60):
    patch.setattr(plain_rows, "BLOCK", size)
    patch.setattr(plain_rows, "ALONE", 0)


@pytest.fixture
def judged(monkeypatch):
    """Note how many rows were judged in blocks, None for one that was left to others."""
    found = []
    judge = cell_blocks.BlockJudge.judge

    def noting(self, data, head, delimiter):
        result = judge(self, data, head, delimiter)
        found.append(result and result.rows)
        return result

    monkeypatch.setattr(cell_blocks.BlockJudge, "judge", noting)
    small(monkeypatch)
    return found


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", SAMPLED)
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_blocks_are_what_is_read_one_by_one(path, kind, data):
    usual = st.sampled_from(SAMPLED[kind])
    rows = data.draw(st.lists(usual, min_size=1, max_size=5))
    odd = st.one_of(usual, usual, usual, st.sampled_from(ODD))
    more = data.draw(st.lists(odd, max_size=30))
    end = data.draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    mark = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    # What comes after the sample is of any type.
    skip = data.draw(st.sampled_from([0, 0, 2, 3]))
    lines = [*TITLE[:skip], b"a,b,c", *rows, *more]
    path.write_bytes(mark + end.join(lines) + end * data.draw(st.booleans()))
    text = data.draw(st.sampled_from(FILTERS))
    options = {
        "invert": data.draw(st.booleans()),
        "text": data.draw(st.booleans()),
        "skip": skip,
        "null": data.draw(st.sampled_from([frozenset(), NULL])),
        "decimal": data.draw(st.sampled_from([".", ","])),
        "trim": data.draw(st.booleans()),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("filterlang.backends.files.cells.cell_types.SAMPLE", len(rows))
        small(patch, data.draw(st.sampled_from([1, 30, 60, 500])))
        patch.setattr(cell_blocks, "_MOST_COMBINED", data.draw(st.sampled_from([0, 3, 1 << 16])))
        patch.setattr(cell_blocks, "_SHARE", data.draw(st.sampled_from([0, 4])))
        jobs = data.draw(st.sampled_from([1, 3]))
        found = selected(path, text, **options, jobs=jobs)
        assert found == selected(path, text, ONE_BY_ONE, **options)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("kind", SAMPLED)
@pytest.mark.parametrize("most", [0, 1 << 16])
def test_each_odd_row_is_read_as_it_is_alone(path, monkeypatch, kind, most):
    monkeypatch.setattr("filterlang.backends.files.cells.cell_types.SAMPLE", 5)
    monkeypatch.setattr(cell_blocks, "_MOST_COMBINED", most)
    small(monkeypatch, 200)
    for place, row in enumerate(ODD):
        path.write_bytes(
            b"\n".join([b"a,b,c", *SAMPLED[kind] * 3, row, *SAMPLED[kind] * 9]) + b"\n"
        )
        text = f"{FILTERS[place % len(FILTERS)]};c!=x"
        assert selected(path, text) == selected(path, text, ONE_BY_ONE), row


def write_many(path, rows=1200, last=b"x,us,true"):
    lines = [b"%d,US,true" % row for row in range(rows)]
    path.write_bytes(b"\n".join([b"a,b,c", *lines, last]) + b"\n")


@pytest.mark.parametrize("jobs", [1, 3])
def test_all_but_the_first_rows_are_judged_in_blocks(path, judged, jobs, monkeypatch):
    monkeypatch.setattr(plain_rows, "BLOCK", 200)
    write_many(path)
    records, _, summary, _, strays, _ = selected(path, "a>=1150", jobs=jobs)
    assert [record["a"] for record in records] == [*range(1150, 1200)]
    assert (summary.read, summary.matched, strays) == (1201, 50, 1)
    assert None not in judged
    assert sum(judged) > 1100


@pytest.mark.parametrize("jobs", [1, 3])
def test_rows_of_several_lines_are_judged_in_blocks(path, judged, jobs, monkeypatch):
    monkeypatch.setattr(plain_rows, "BLOCK", 200)
    rows = (b'%d,"U\n""S""\n\n",true' % row for row in range(1200))
    path.write_bytes(b"\n".join([b"a,b,c", *rows]) + b"\n")
    records, _, summary, *_ = selected(path, "a>=1150", jobs=jobs)
    assert [record["a"] for record in records] == [*range(1150, 1200)]
    assert (summary.read, summary.matched) == (1200, 50)
    assert None not in judged
    assert sum(judged) > 900


def test_other_ways_to_read_cells_are_judged_in_blocks(path, judged):
    lines = ["Export", "a;b;c", *(f"{row},5 ;{' N/A' if row % 2 else row};" for row in range(99))]
    path.write_text("\n".join([*lines, "7;1;1"]) + "\n", encoding="utf-8")
    options = {"skip": 1, "null": frozenset({"N/A"}), "decimal": ",", "trim": True}
    records, faults, summary, told, strays, _ = selected(path, "a>=90.5;b!=", **options)
    assert [record["a"] for record in records] == [
        Decimal(f"{row}.5") for row in (90, 92, 94, 96, 98)
    ]
    assert (faults, summary, told, strays) == ([], (100, 5, 0), [], 0)
    assert None not in judged
    assert len(judged) > 10


def test_patterns_see_the_digits_of_each_cell(path, judged, monkeypatch):
    monkeypatch.setattr(cell_blocks, "_MOST_COMBINED", 0)
    path.write_bytes(b"a,b\n" + b"2,1\n1.5,2\n2.50,3\n" * 40)
    for text, number in (("a~2", 40), ("a~2.5", 0), ("a~2.50;b>=3", 40), ("a!~*.*", 40)):
        found = selected(path, text)
        assert found == selected(path, text, ONE_BY_ONE)
        assert found[2] == (120, number, 0)
    assert None not in judged


@pytest.mark.parametrize("most", [0, 1 << 16])
def test_columns_that_begin_empty_are_judged_in_blocks(path, judged, monkeypatch, most):
    monkeypatch.setattr(cell_blocks, "_MOST_COMBINED", most)
    rows = [b"1,,"] * 1000 + [b"1,x,-", b"1,true,9", b"1,10,10"] * 30
    path.write_bytes(b"\n".join([b"a,b,c", *rows]) + b"\n")
    found = selected(path, "c>=5")
    assert found == selected(path, "c>=5", ONE_BY_ONE)
    message = (
        "120 cells are compared as text, as the first 1,000 rows hold nothing in these columns: the"
        f" first one is 'true' in 'b' in {path}:1003; --schema FILE says what they are, such as "
        '{"dimensions": {"b": "boolean"}, "open": true}'
    )
    assert found[3] == [message]
    assert None not in judged


def test_quotes_are_read_in_blocks_if_each_begins_or_ends_a_cell(path, judged):
    row = b'"1","U,""S","true"\n'
    path.write_bytes(b"a,b,c\n" + row * 100)
    assert len(selected(path, r'b==u\,"s;a==1;c==true')[0]) == 100
    assert None not in judged
    judged.clear()
    path.write_bytes(b"a,b,c\n" + b'1,U"S"X,true\n' * 100)
    assert len(selected(path, r'b==u"s"x')[0]) == 100
    assert {*judged} == {None}


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_blank_lines_are_left_to_others(path, judged, ends):
    path.write_bytes(b"a,b" + ends + (b"," + ends) * 85 + (b"," + ends + ends) * 20)
    assert selected(path, "a==")[2] == (105, 105, 0)
    assert None in judged
    assert any(judged)


def test_the_first_of_the_cells_of_another_type_is_told_wherever_it_stands(path, judged):
    rows = [b"%d,US,true" % row for row in range(1200)]
    rows[1100:1104] = [b"1,us,x", b"y,us,z", b"y,us,true", b"007,us,true"]
    path.write_bytes(b"\n".join([b"a,b,c", *rows]) + b"\n")
    *_, told, strays, _ = selected(path, "b==us")
    message = (
        "5 cells are compared as text in columns of which the first 1,000 rows hold something"
        f" else: the first one is 'x' among the booleans of 'c' in {path}:1102; --text keeps all"
        " cells as text"
    )
    assert told == [message]
    assert strays == 5
    assert None not in judged


def test_what_is_only_counted_is_not_given(path, judged):
    write_many(path)
    reader = Reader(pytest.fail)
    parts = list(reader.select([str(path)], fl.compile("a>=1150"), only_count=True, jobs=1))
    # Beside the blocks, rows are read one by one, and counted when they are taken.
    assert sum(len(part.rows) for part in parts) < 20
    assert reader.summary == (1201, 50, 0)
    assert judged


def test_combinations_are_forgotten_before_they_are_too_many(path, judged, monkeypatch):
    monkeypatch.setattr(cell_blocks, "_MOST_COMBINED", 4)
    monkeypatch.setattr(plain_rows, "BLOCK", 400)
    rows = [b"%d,US,true" % (row // 40) for row in range(400)]
    path.write_bytes(b"\n".join([b"a,b,c", *rows]) + b"\n")
    assert len(selected(path, "a>=5")[0]) == 200
    assert None not in judged


def test_a_filter_may_ask_for_no_column(path, judged):
    write_many(path)
    assert [len(selected(path, text)[0]) for text in ("x!=1", "x==1")] == [1201, 0]
    assert None not in judged


def test_a_schema_reads_texts(path, judged):
    write_many(path)
    schema = fl.Schema({"a": "integer", "b": "text", "c": "boolean"})
    for text in ("a>=1150;c==1", "a!=7", "a==x"):
        found = selected(path, text, schema=schema)
        assert found == selected(path, text, ONE_BY_ONE, schema=schema)
    assert judged


def test_other_delimiters(path, judged):
    for delimiter, is_taken in ((";", True), ("\t", True), ("§", False)):
        judged.clear()
        lines = ["abc", *(f"{row}x{row}" for row in range(100))]
        text = "\n".join(["a,b", *lines[1:]]).replace("x", delimiter).replace(",", delimiter)
        path.write_text(text + "\n", encoding="utf-8")
        reader = Reader(pytest.fail, options=ReadOptions(delimiter=delimiter))
        parts = list(reader.select([str(path)], fl.compile("a>=50;b<60"), jobs=1))
        assert [row["a"] for part in parts for row in part.values()] == [*range(50, 60)]
        assert any(judged) is is_taken


@pytest.mark.sampled(1)
@pytest.mark.parametrize("pack", [gzip.compress, partial(lzma.compress, preset=0)])
@pytest.mark.parametrize("block", [5000, 150_000])
def test_what_is_cut_off_is_told_after_what_could_be_read(
    block, pack, tmp_path, judged, monkeypatch
):
    monkeypatch.setattr(plain_rows, "BLOCK", block)
    path = tmp_path / "x.csv"
    lines = [f"{row},{os.urandom(20).hex()}" for row in range(20_000)]
    data = pack("\n".join(["a,b", *lines]).encode())
    for tenths in (5, 7, 9):
        path.write_bytes(data[: len(data) * tenths // 10])
        found = selected(path, "a>=0", jobs=2)
        assert found == selected(path, "a>=0", ONE_BY_ONE)
        assert len(found[0]) > 1500 * tenths
        (fault,) = found[1]
        assert "cut off" in fault
    assert any(judged)


def test_a_pipe_is_read_in_blocks(tmp_path, judged, monkeypatch):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    lines = b"".join(b"%d,US,true\n" % row for row in range(5000))
    writer = Thread(target=path.write_bytes, args=(b"a,b,c\n" + lines,))
    writer.start()
    records, faults, summary, *_ = selected(path, "a>=4990")
    writer.join()
    assert [record["a"] for record in records] == [*range(4990, 5000)]
    assert (faults, summary) == ([], (5000, 10, 0))
    assert sum(filter(None, judged)) > 3000


def test_rows_longer_than_a_block(path, judged):
    lines = [b"1,%s,true" % (b"x" * size) for size in (5, 500, 5, 59, 60, 61, 7)] * 3
    path.write_bytes(b"\n".join([b"a,b,c", *lines]))
    for text in ("a==1", "b~*xxxxxxx*"):
        assert selected(path, text) == selected(path, text, ONE_BY_ONE)
    assert any(judged)


def test_rows_that_are_looked_at_come_first(path, judged):
    write_many(path)
    matcher = fl.compile("a>=2024-01-01")
    reader = Reader(pytest.fail, mistyped=Mistyped(matcher.filters, None))
    assert list(reader.select([str(path)], matcher, jobs=1)) == []
    assert reader.read == 1201


def test_without_pyarrow_all_is_as_before(path, judged, monkeypatch):
    write_many(path)
    whole = selected(path, "a>=1150")
    monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    judged.clear()
    assert selected(path, "a>=1150") == whole
    assert judged == []


def test_by_default_large_inputs_are_judged_in_blocks(path, judged, monkeypatch):
    write_many(path)
    monkeypatch.setattr(plain_rows, "ALONE", 1000)
    monkeypatch.setattr("filterlang.backends.files.cells.delimited.ALONE", 1000)
    for size in (1000, 10**6):
        monkeypatch.setattr("filterlang.backends.files.cells.delimited.ALONE", size)
        judged.clear()
        assert len(selected(path, "a>=1150")[0]) == 50
        assert judged
    monkeypatch.setattr(plain_rows, "ALONE", 10**6)
    judged.clear()
    assert len(selected(path, "a>=1150")[0]) == 50
    assert judged == []


def test_standard_input_that_holds_only_texts_is_read_in_blocks(judged, monkeypatch):
    monkeypatch.setattr(plain_rows, "BLOCK", 400)
    lines = b"".join(b"%d,US\n" % (row // 400) for row in range(500))
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"a,b\n" + lines)))
    reader = Reader(pytest.fail, options=ReadOptions(text=True, format="csv"))
    parts = list(reader.select(["-"], fl.compile("a==1"), jobs=1))
    assert [row for part in parts for row in part.values()] == [{"a": "1", "b": "US"}] * 100
    assert sum(judged) > 300


@pytest.mark.parametrize("has_searches", [True, False])
@pytest.mark.parametrize("odd", [b"01", b"-1", b"1x", b"\xd9\xa1", b"0", b"", b"1.5", b" 1"])
def test_cells_that_are_not_plain_digits_are_found(path, judged, monkeypatch, odd, has_searches):
    """With StringZilla and without it, beside empty cells and beside none."""
    if has_searches:
        need("stringzilla", "fast")
    else:
        monkeypatch.setattr(cell_blocks, "find_searches", lambda: None)
    monkeypatch.setattr(plain_rows, "BLOCK", 200)
    for gap in (b"", b"7"):
        lines = [b"%d,US,%b" % (row, gap if row % 2 else b"0") for row in range(1100)]
        path.write_bytes(b"\n".join([b"a,b,c", *lines, b"9,US," + odd]) + b"\n")
        found = selected(path, "a>=1050")
        assert found == selected(path, "a>=1050", ONE_BY_ONE)
        assert found[4] == (odd not in {b"-1", b"0", b"", b"1.5"})
        assert judged.pop() is not None


def test_the_bytes_of_a_part_of_an_array():
    import pyarrow as pa

    texts = pa.array(["ab", "", "c", "def"])
    parts = [texts, texts[1:], texts[1:2], texts[2:3], texts[:0], texts[4:], pa.array([""])]
    found = [bytes(characters_of(one)) for one in parts]
    assert found == [b"abcdef", b"cdef", b"", b"c", b"", b"", b""]
