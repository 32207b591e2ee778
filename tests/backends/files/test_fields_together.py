"""Law: where the values of the filters' names alone are read, lines get the verdicts of others."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import filterlang as fl
from tests.support.engines import need
from tests.support.plain_lines import single

need("fastsimdjson", "fast")
need("stringzilla", "fast")

from filterlang.backends.files.json_records.answers import STRONG  # noqa: E402 — as above
from filterlang.backends.files.scanning import fields_together  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.scanning.fields_together import FieldsTogether  # noqa: E402 — as above
from filterlang.backends.files.scanning.scanner import Scanner  # noqa: E402 — as above

FILTERS = [
    "a==1",
    "a!=x",
    "a==",
    "a!=",
    "a==true",
    "a>=2;a<1e30",
    "a~x*",
    "b.c==İ",
    "b.c!=x;a>=2",
    "b.c==x;b.d~*y;a!=3",
    "b.c.d==1;e==",
    "totalHits>1;b.c>=1",
    "c==x;b.c==x",
    ["a==1", "b.c==x;a>2", "c==2"],
]


def written(members):
    """Write an object, which may have a key twice."""
    return "".join(["{", ",".join([f'"{key}":{value}' for key, value in members]), "}"])


values = st.recursive(
    st.sampled_from(
        [
            "null",
            "true",
            "false",
            '""',
            '"x"',
            '"X"',
            '"xk"',
            '"\u212az"',
            '"İ"',
            '"1"',
            '"\\u0078"',
        ]
    )
    | st.sampled_from(["0", "1", "2.5", "-0", "-0.0", "1e2", "1E400", "1" + "0" * 30, "-1e-400"])
    | st.sampled_from(["NaN", "-Infinity", "nan", "-inf", "INFINITY", "01", "+1", '"a"', '"b.c"'])
    | st.sampled_from(['"\\ud800"', '"\xff"', '"}\\n{"', '"say: nan, inf"', '"2024-01-01"', "{}"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda all_: f"[{','.join(all_)}]")
        | st.lists(st.tuples(st.sampled_from("cdc"), inner), max_size=3).map(written)
    ),
    max_leaves=4,
)
keys = st.sampled_from(["a", "b", "c", "e", "b.c", "b.c.d", "c.d", "totalHits", "z", "\\u0061"])
records = st.lists(st.tuples(keys, values), max_size=4).map(written)
PLAIN = '{"a":%s,"b":{"c":%s,"d":"y"},"e":null,"c":2.5}'
plain = st.builds(lambda a, c: PLAIN % (a, c), values, values)
ODD = [
    "",
    "null",
    "{} {}",
    '{"a":1}{"a":1}',
    '{"a":1,"a":2}',
    '{"b":{"c":"x"},"b":{}}',
    '{"b":{"c":"x","c":1}}',
    '{"b":[{"c":"x"}]}',
    '{"b":{"c":"x"},"b.c":1}',
    '{"a":[1,',
    "2]}",
    "]}",
    '{"a":',
    "1}",
    '{"a":1,"z":[',
    '2],"b":{}}',
    '{"a":1',
    '"b":{"c":"x"}}',
    "\r",
    "{}\r",
    "\ufeff{}",
    "[]",
    '{"a":1},',
    "7",
    '{"totalHits":3,"a":1}',
]


def encoded(line):
    return line.encode().replace("\xff".encode(), b"\xff")


@given(
    st.lists(plain | plain | records | st.sampled_from(ODD), min_size=1, max_size=6),
    st.sampled_from(FILTERS),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example(['{"a":1}{"a":1}', '{"a":', "1}"], "a==1", "\n", True)
@example(['{"a":1}', '{"a":2,"a":1}', "{}"], "a==1", "\n", True)
@example(['{"b":{"c":"x"},"b":{}}', "{}"], "b.c!=x;a>=2", "\n", False)
@example(['{"b":{"c":"x"},"b":{}}', '{"b":{}}', '{"a":3}'], "b.c!=x;a>=2", "\n", True)
@example(['{"a":1}', "7", '{"a":2}'], "a!=x", "\n", True)
@example(['{"a":1', "}"], "a==1", "\n", True)
@example(['{"a":1,"z":[', '2],"b":{}}', '{"a":1}'], "a==1", "\n", False)
@example(['{"a":', '1}{"a":1}', '{"a":1}'], "a==1", "\r\n", True)
def test_lines_have_the_verdicts_of_single_ones(lines, text, end, is_ended):
    """in_lines(block) is None, or the numbers of those lines that match(read_record(line))."""
    matcher = fl.compile(text)
    block = encoded(end.join(lines) + end * is_ended)
    if not block:
        return
    found = FieldsTogether.of(matcher, STRONG).in_lines(block)
    if found is not None:
        read = single(block.removesuffix(b"\n").split(b"\n"))
        assert read is not None
        assert found == (len(read), [n for n, one in enumerate(read) if matcher(one)])


BETWEEN = [",", ",\n", " , ", ",\r\n", "", "\n"]


@given(
    st.lists(plain | plain | records | st.sampled_from(ODD), min_size=1, max_size=6),
    st.sampled_from(FILTERS),
    st.sampled_from(BETWEEN),
    st.lists(st.sampled_from([*BETWEEN, "},{"]), max_size=2),
)
@example(['{"a":1}', "7", '{"a":2}'], "a!=x", ",", [])
@example(['{"a":1,"z":"},{"}', "{}"], "a!=x", ",", [])
@example(['{"a":1,"z":[{}', '{"a":2}]}'], "a!=x", ",", [])
@example(["{}", "{}", "{}"], "a!=x", ",", ["\n"])
@example(["{}", "{}", "{}"], "a!=x", ",\r\n", ["\r\n", "\n"])
@example(["{}", "{}", "{}"], "a!=x", "\n", [])
def test_lists_have_the_verdicts_of_single_elements(elements, text, between, others):
    """in_list(listed, between) is None, or what matches of the elements, if it is a list of JSON.

    What is looked for between them may be found elsewhere, and something else between some.
    """
    matcher = fl.compile(text)
    listed = elements[0]
    for number, element in enumerate(elements[1:]):
        listed += (others[number] if number < len(others) else between) + element
    block = encoded(f"[{listed}]")
    found = FieldsTogether.of(matcher, STRONG).in_list(block, between.encode())
    if found is not None:
        read = json.loads(block, object_pairs_hook=dict)
        assert found == (len(read), [n for n, one in enumerate(read) if matcher(one)])


def test_a_list_of_records_is_read_whatever_stands_between():
    together = FieldsTogether.of(fl.compile("a==1;b.c!=y"), STRONG)
    for between in (b",", b", ", b",\n", b" ,\r\n  "):
        listed = b"[%s]" % between.join([BLOCK.strip(), b'{"a":2}', BLOCK.strip()])
        assert together.in_list(listed, between) == (3, [0, 2])


BLOCK = b'{"a": 1, "b": {"c": "x"}}\n'


@pytest.mark.parametrize(
    ("line", "is_judged"),
    [
        (b'{"b":{"c":"x"},"a":2}', True),
        (b'{"b":{"c":null},"a":null}', True),
        (b'{"b":{"c":"x"}}', True),
        (b"{}", True),
        (b'{"b":{"c":"\\n"},"a":"\\u00e9"}', True),
        (b'{"z":"finance: nancy, information"}', True),
        (b'{"z":[NaN,Infinity]}', False),
        (b'{"z":"x nan y"}', False),
        (b'{"z": nan}', False),
        (b'{"z":-inf}', False),
        (b'{"z":[INFINITY]}', False),
        (b'{"\\u0061":3}', False),
        (b'{"b.c":1}', False),
        *((f'{{"{key}":1}}'.encode(), False) for key in sorted(STRONG)),
        (b'{"totalVisits":1,"scroll":2,"total":3}', True),
        (b'{"z":"a"}', False),
        (b'{"a":1,"a":2}', False),
        (b'{"b":{"c":"x"},"b":1}', False),
        (b'{"b":[{"c":"x"}]}', False),
        (b'{"z":"\xff"}', False),
        (b'{"z":01}', False),
        (b" {}", False),
        (b"{} ", False),
        (b"", False),
        (b"[]", False),
    ],
)
def test_what_simdjson_would_see_otherwise_is_left_to_others(line, is_judged):
    together = FieldsTogether.of(fl.compile("a==1;b.c!=y"), STRONG)
    found = together.in_lines(BLOCK + line + b"\n" + BLOCK)
    assert found == ((3, [0, 2]) if is_judged else None)


@pytest.mark.parametrize("character", [*map(chr, range(0x20, 0x7F))])
def test_each_character_of_a_name_may_be_written_with_an_escape(character):
    together = FieldsTogether.of(fl.compile("a==1"), STRONG)
    assert together.in_lines(b'{"z\\u%04x":1}\n' % ord(character) + BLOCK) is None


@pytest.mark.parametrize("block", [b"\xef\xbb\xbf{}", b" {}", b"{} ", b"[{}]", b"7"])
def test_a_block_of_one_line_is_a_record_from_end_to_end(block):
    together = FieldsTogether.of(fl.compile("a!=1"), STRONG)
    assert together.in_lines(b"{}") == (1, [0])
    assert together.in_lines(block) is None


def test_of_names_in_one_object_each_may_lack():
    together = FieldsTogether.of(fl.compile("b.c==x;b.d!=y"), STRONG)
    assert together.in_lines(b'{"b":{"c":"x"}}\n{"b":{"c":"x","d":"y"}}') == (2, [0])
    assert together.in_lines(b'{"b":{"d":"x"}}\n{"b":{"c":"x"}}') is None


def test_a_list_of_which_two_elements_have_no_comma_between_them():
    together = FieldsTogether.of(fl.compile("a==1"), STRONG)
    for between in (b"\n", b"", b" "):
        assert together.in_list(b'[{"a":1},\n{"a":2}%s{"a":1}]' % between, b",\n") is None
    assert together.in_list(b'[{"a":1},\n{"a":[{},\n{}]}]', b",\n") is None


def test_a_key_of_answers_that_a_filter_asks_for_is_none():
    together = FieldsTogether.of(fl.compile("totalHits>1"), STRONG)
    assert together.in_lines(b'{"totalHits":1}\n{"totalHits":2}') == (2, [1])


def test_where_references_are_not_counted_the_values_are(monkeypatch):
    monkeypatch.setattr(fields_together.sys, "getrefcount", lambda _: 7)
    together = FieldsTogether.of(fl.compile("a==1;b.c!=y"), STRONG)
    assert together.in_lines(BLOCK + b"{}\n" + BLOCK) == (3, [0, 2])
    assert together.in_lines(BLOCK + b'{"a":1,"a":2}\n{}') is None


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_scanner_asks_for_no_other_verdicts(monkeypatch, end, invert):
    """Whether lines are kept or only counted; and loads nothing else for it."""
    rows = [{"a": {"b": "x", "c": number}, "d": [1], "z": "Köln"} for number in range(9)]
    block = "\r\n".join(map(json.dumps, rows)).encode() + end.encode()
    monkeypatch.setattr(Scanner, "_decode", property(lambda _: pytest.fail("it is needed")))
    matcher = fl.compile("a.b==X;a.c>=3")
    kept = [line.encode() for line in block.decode().split("\n") if line]
    kept = kept[:3] if invert else kept[3:]
    assert Scanner(matcher, invert=invert).scan(block) == (kept, 9, 9, [], True)
    empty = [b""] * len(kept)
    assert Scanner(matcher, invert=invert, only_count=True).scan(block) == (empty, 9, 9, [], True)


def test_after_many_values_that_have_to_be_looked_at_singly_it_is_given_up():
    together = FieldsTogether.of(fl.compile("a~x*"), ())
    assert together.in_lines(b'{"a":["x"]}\n{"a":"x"}') == (2, [0, 1])
    assert together.in_lines(b'{"a":["x"]}\n' * fields_together.MOST_FAILURES) is not None
    assert together.in_lines(b'{"a":"x"}') is None


def test_it_pauses_the_longer_the_more_often_it_fails():
    together = FieldsTogether.of(fl.compile("a==x"), ())
    tried = [together.in_lines(b"[]\n" if number < 40 else b"{}") for number in range(120)]
    assert [number for number, found in enumerate(tried) if found] == [*range(69, 120)]


OTHERS = [
    [],
    ["größe==1"],
    ["a==1"] * 65,
    ["a.0.b==1"],
    ["a/b==1"],
    ['a"b==1'],
    ["a.b==1;a==2"],
    [";".join(f"a{number}==1" for number in range(9))],
]


@pytest.mark.parametrize("filters", OTHERS)
def test_other_filters_are_left_to_others(filters):
    assert FieldsTogether.of(fl.compile(filters), ()) is None
