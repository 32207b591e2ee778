"""Law: where lists of JSON are only counted, all is as where their elements are given as lines."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backends.files.conftest import watch_few
from tests.support.engines import need

need("msgspec", "fast")

import filterlang as fl  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.reader import Reader  # noqa: E402 — as above
from filterlang.backends.files.scanning.scanner import Scanner  # noqa: E402 — as above
from filterlang.backends.files.watching.mistyped import Mistyped  # noqa: E402 — as above
from filterlang.backends.files.watching.sought import Sought  # noqa: E402 — as above

FILTERS = ["a==1", "a!=1", "a.b==x", "a>=2;t~*x*", "zz==1", "zz!=1", "t==10"]
ODD = [
    b"[]",
    b"1",
    b'"a"',
    b"null",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": [[1]]}',
    b'{"a": 123456789012345678901234567890}',
    b'{"a": 1, "a": 2}',
    b'{"t": "\xff"}',
    b'{"t": "\\ud800"}',
    b'{"totalHits": 1, "users": [{"a": 1}]}',
    b'{\n"a": 1,\n\r"t": "x"}',
    '{"t": "Köln 東京", "a": 1}'.encode(),
]
WRONG = [b'{"a": 1', b'{"a": 1}}', b'{"a": }', b'{"a": 1} {"a": 1}', b"", b'{"a": 1},']
rows = st.builds(
    lambda a, t: json.dumps({"a": a, "t": t}).encode(),
    st.sampled_from([1, 2, 3.5, "1", None, True, {"b": "x"}, [{"b": "x"}, 1]]),
    st.sampled_from(["", "x", "},\n{", '"},{"', "10", "y" * 30]),
)
lists = st.lists(rows | rows | rows | st.sampled_from(ODD), max_size=40)


def counted(path, text, *, together=True, invert=False, jobs=None):
    """Count; give the numbers and all that is told, and how many were looked at together."""
    told, looked = [], []
    look = Scanner.look

    def noted(self, listed, between):
        found = look(self, listed, between) if together else None
        looked.append(0 if found is None else found.lines)
        return found

    matcher = fl.compile(text)
    sought, mistyped = Sought(matcher.filters, None), Mistyped(matcher.filters, None)
    reader = Reader(lambda fault: told.append(str(fault)), sought=sought, mistyped=mistyped)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scanner, "look", noted)
        watch_few(patch)
        selected = reader.select([str(path)], matcher, invert=invert, jobs=jobs, only_count=True)
        for _ in selected:
            pass
    return (reader.summary, told, sought.tell("nothing is"), mistyped.tell()), sum(looked)


@given(
    lists,
    st.sampled_from(FILTERS),
    st.booleans(),
    st.sampled_from([b",", b",\n", b" ,\n\n  "]),
    st.none() | st.tuples(st.integers(0, 40), st.sampled_from(WRONG)),
    st.sampled_from([b"[%s]", b'{"totalHits": 9, "users": [%s]}', b"\xef\xbb\xbf[%s]\n[1, %s]"]),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_all_is_the_same_looked_at_together_and_not(
    tmp_path_factory, elements, text, invert, between, wrong, shape, is_packed
):
    path = tmp_path_factory.mktemp("looked") / "x.json"
    if wrong is not None:
        elements = [*elements]
        elements.insert(*wrong)
    data = shape.replace(b"%s", between.join(elements))
    path.write_bytes(gzip.compress(data) if is_packed else data)
    found, _ = counted(path, text, invert=invert)
    assert found == counted(path, text, invert=invert, together=False)[0]


RECORDS = [{"a": number % 3, "t": f"Köln {number}", "b": {"c": [1]}} for number in range(300)]


@pytest.mark.parametrize("separators", [None, (",", ":")])
@pytest.mark.parametrize("indent", [None, 1])
def test_most_are_looked_at_together(tmp_path, indent, separators):
    path = tmp_path / "x.json"
    for document in (RECORDS, {"users": RECORDS, "totalHits": 300}):
        path.write_text(json.dumps(document, indent=indent, separators=separators))
        (summary, *told), looked = counted(path, "a==1;t~*Köln*")
        assert (summary, told) == ((300, 100, 0), [[], [], []])
        assert looked > 250


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_lines_of_faults_behind_them_are_right(tmp_path, pack):
    path = tmp_path / "x.json"
    text = "[" + ",\n".join(map(json.dumps, RECORDS)) + "]"
    path.write_bytes(pack(f"{text}\n{text[:-1]},\n1,\n{{'x'}}]".encode()))
    (summary, told, *_), looked = counted(path, "a==1")
    assert summary == (600, 200, 2)
    assert looked > 500
    assert told == [
        f"{path}:301:[300]: expected a JSON object, found a number",
        (
            f"{path}: expecting property name enclosed in double quotes in line 602, column 2, "
            "after which nothing can be read (read up to 301:[300])"
        ),
    ]
    assert counted(path, "a==1", together=False)[0][1] == told


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("before", ["", "\n\n", "\ufeff"])
def test_columns_are_counted_from_the_beginning_of_a_long_line(tmp_path, pack, before):
    path = tmp_path / "x.json"
    text = json.dumps(RECORDS, ensure_ascii=False)[:-1] + ", {a}]"
    path.write_bytes(pack((before + text).encode()))
    (_, told, *_), looked = counted(path, "a==1")
    assert looked > 250
    line = 1 + before.count("\n")
    assert told == [
        (
            f"{path}: expecting property name enclosed in double quotes in line {line}, "
            f"column {len(text) - 2}, after which nothing can be read (read up to [299])"
        )
    ]
    assert counted(path, "a==1", together=False)[0][1] == told


def test_lines_of_json_keep_their_numbers(tmp_path):
    path = tmp_path / "x.jsonl"
    lines = [json.dumps(record) for record in RECORDS]
    lines[100], lines[299] = "[1]", "{"
    path.write_text("\n".join(lines))
    (summary, told, *_), looked = counted(path, "a==1")
    assert (summary, looked) == ((298, 99, 2), 0)
    assert [fault.removeprefix(str(path)).split(" ")[0] for fault in told] == [":101:", ":300:"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_what_was_looked_at_together_keeps_its_place_among_what_is_dealt(
    tmp_path, monkeypatch, small_ranges
):
    monkeypatch.setattr("filterlang.backends.files.scanning.dealer.PIECE", 200)
    monkeypatch.setattr("filterlang.backends.files.scanning.dealer.PIPED", 200)
    path = tmp_path / "x.json"
    # The first aren't looked at together; so many bytes of them are, that the rest is dealt.
    odd = [json.dumps(record)[:-1] + ', "x": NaN}' for record in RECORDS]
    path.write_text("[" + ",\n".join([*odd, *map(json.dumps, RECORDS), "1", *odd, "2"]) + "]")
    (summary, told, *_), looked = counted(path, "a==1", jobs=2)
    assert summary == (900, 300, 2)
    assert told == [
        f"{path}:[600]: expected a JSON object, found a number",
        f"{path}:[901]: expected a JSON object, found a number",
    ]
    assert looked > 100
    assert counted(path, "a==1", jobs=1)[0][:2] == (summary, told)
