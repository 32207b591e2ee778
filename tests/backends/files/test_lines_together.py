"""Law: records that are decoded and judged all at once get the verdicts of single ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import filterlang as fl
from tests.support.engines import need
from tests.support.plain_lines import single

need("msgspec", "fast")

from filterlang.backends.files.json_records.answers import STRONG  # noqa: E402 — as above
from filterlang.backends.files.scanning import lines_together  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.scanning.lines_together import LinesTogether  # noqa: E402 — as above
from filterlang.backends.files.scanning.scanner import Scanner  # noqa: E402 — as above

FILTERS = [
    "a==1",
    "a!=x",
    "a==",
    "a!=",
    "a==true",
    "a>=2;a<1e30",
    "a~x*",
    "a~*K*z*",
    "b==İ",
    "a.b==x",
    "a.b!=x;a.c>=2",
    "a.b.c==x;a.b.d~*y;b!=3",
    "a.b.d==1;a.b==;a==",
    "totalHits>1;a.b.c>=1",
    ["a==1", "a.b==x;b>K", "b==2"],
]
values = st.recursive(
    st.sampled_from(
        [None, True, False, "", "x", "X", "xk", "\u212az", "İ", "1", "true", 0, 1, 2.5, -0.0]
    )
    | st.sampled_from([10**30, -(10**19), 1e300, "2024-01-01", "null\nnull", "}\n{"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["b", "c", "d", "b.c"]), inner, max_size=3)
    ),
    max_leaves=4,
)
keys = st.sampled_from(["a", "b", "a.b", "a.b.c", "a.b.d", "totalHits", "z"])
records = st.dictionaries(keys, values, max_size=4).map(lambda record: json.dumps(record).encode())
ODD = [
    b"",
    b"null",
    b"{} {}",
    b"{}{}",
    b"{} null",
    b"{} null null {}",
    b"{} null null {} null null {}",
    b"null null",
    b'{"a":[1,',
    b"2]}",
    b",2]}",
    b"]}",
    b'{"a":',
    b',"b":1}',
    b'{"a":"x',
    b'y"}',
    b"\r",
    b"{}\r",
    b"\xef\xbb\xbf{}",
    b'{"z":"\xff"}',
    b'{"z":"\xc3"}',
    b"[]",
    b'{"a":NaN}',
]


@given(
    st.lists(records | records | st.sampled_from(ODD), min_size=1, max_size=6),
    st.sampled_from(FILTERS),
    st.booleans(),
)
@example([b'{"a":[1,', b",2]}", b"{} null null {}"], "a!=", True)
@example([b"{} null null {}", b'{"a":[', b"]}"], "a==", True)
@example([b"{}{}", b'{"a":[', b"]}"], "a==", True)
@example([b"", b"{} {}"], "a==", True)
@example([b"{} {} {} {}"], "a==", False)
@example([b'{"z":"\xc3', b'\xb6"}'], "a==", False)
def test_lines_have_the_verdicts_of_single_ones(lines, text, is_ended):
    """in_lines(block) is None, or the numbers of those lines that match(read_record(line))."""
    matcher = fl.compile(text)
    block = b"\n".join(lines) + b"\n" * is_ended
    if not block:
        return
    lines = block.removesuffix(b"\n").split(b"\n")
    found = LinesTogether.of(matcher, STRONG).in_lines(block)
    if found is not None:
        read = single(lines)
        assert read is not None
        assert found == (len(lines), [n for n, one in enumerate(read) if matcher(one)])


@given(st.lists(records, max_size=6), st.sampled_from(FILTERS))
def test_elements_of_lists_have_the_verdicts_of_single_ones(rows, text):
    matcher = fl.compile(text)
    found = LinesTogether.of(matcher, STRONG).in_list(b"[" + b", \n".join(rows) + b"]")
    if found is not None:
        expected = [n for n, row in enumerate(rows) if matcher(json.loads(row))]
        assert found == (len(rows), expected)


PLAIN = [{"a": {"b": "x", "c": number}, "b": [1], "z": "Köln"} for number in range(9)]


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_plain_is_judged_together(monkeypatch, end, invert):
    """The scanner asks for no other verdicts; whether lines are kept or only counted."""
    block = "\r\n".join(map(json.dumps, PLAIN)).encode() + end.encode()
    matcher = fl.compile("a.b==X;a.c>=3")
    monkeypatch.setattr(Scanner, "_scan_lines", None)
    kept = [line.rstrip("\n").encode() for line in block.decode().split("\n") if line]
    kept = kept[:3] if invert else kept[3:]
    assert Scanner(matcher, invert=invert).scan(block) == (kept, 9, 9, [], True)
    empty = [b""] * len(kept)
    assert Scanner(matcher, invert=invert, only_count=True).scan(block) == (empty, 9, 9, [], True)
    assert Scanner(fl.compile("a.c>9")).scan(block) == ([], 9, 9, [], True)


def test_after_many_records_that_have_to_be_made_dicts_it_is_given_up():
    together = LinesTogether.of(fl.compile("a==x"), ())
    assert together.in_lines(b'{"a":["x"]}\n{"a":"x"}') == (2, [0, 1])
    assert together.in_lines(b'{"a":["x"]}\n' * lines_together.MOST_FAILURES) is not None
    assert together.in_lines(b'{"a":"x"}') is None
    assert together.in_list(b'[{"a":"x"}]') is None


def test_it_pauses_the_longer_the_more_often_it_fails():
    together = LinesTogether.of(fl.compile("a==x"), ())
    tried = [together.in_lines(b"[]\n" if number < 40 else b"{}") for number in range(120)]
    assert [number for number, found in enumerate(tried) if found] == [*range(69, 120)]


OTHERS = [[], ["größe==1"], ["a==1"] * 65, [".".join("a" * 17) + "==1"], ['a"b==1']]


@pytest.mark.parametrize("filters", OTHERS)
def test_other_filters_are_judged_one_by_one(filters):
    assert LinesTogether.of(fl.compile(filters), ()) is None
