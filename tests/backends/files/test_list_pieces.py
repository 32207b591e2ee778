"""Law: a list that several processes read gives what one gives that goes through it."""

from __future__ import annotations

import gzip
import json
import os
import zlib

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.backends.files.conftest import watch_few
from tests.support.engines import need

need("msgspec", "fast")

import filterlang as fl  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.reader import Reader  # noqa: E402 — as above
from filterlang.backends.files.scanning import dealer, line_scans, list_pieces, workers  # noqa: E402 — as above
from filterlang.backends.files.watching.mistyped import Mistyped  # noqa: E402 — as above
from filterlang.backends.files.watching.sought import Sought  # noqa: E402 — as above

pytestmark = [
    pytest.mark.usefixtures("small_ranges", "few_are_watched"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),
]

FILTERS = ["a==1", "a!=1", "a.b==x", "a>=2;t~*x*", "zz==1", "late!=1", "t==10", "n.a==1"]
WRONG = [b'{"a": 1', b'{"a": 1}}', b'{"a": }', b'{"a": 1} {"a": 1}', b"", b'{"a": 1},', b"[1}, {2]"]
# What stands between elements stands within some, too: in lists of objects, and in texts.
ODD = [
    b"[]",
    b"1",
    b"null",
    b'{"a": NaN}',
    b'{"a": 1, "a": 2}',
    b'{"a": 1, "n": [{"a": 1},{"a": 2},\n{"a": 1},{"a": 2}]}',
    b'{"a": 1, "n": [{"t": "%s"},\n{"t": "%s"}]}' % (b"x" * 90, b"y" * 90),
    b'[{"a": 1},{"a": 1},\n{"a": 1}]',
    b'{"t": "},{"}',
    b'{"t": "\xff"}',
    b'{"late": 1, "a": 1}',
    b'{"totalHits": 1, "users": [{"a": 1}]}',
    b'{\n"a": 1,\n\r"t": "x"}',
    b'{"t": "%s", "a": 1}' % (b"long" * 80),
]
plain = st.builds(
    lambda a, t: json.dumps({"a": a, "t": t}).encode(),
    st.sampled_from([1, 2, 3.5, "1", None, True, {"b": "x"}, [{"b": "x"}, 1]]),
    st.sampled_from(["", "x", "},\n{", '"},{"', "10", "y" * 30, "Köln"]),
)
BETWEEN = [b",", b",\n", b" ,\n\n  "]
SHAPES = [
    b"[%s]",
    b'{"totalHits": 9, "users": [%s], "isLastPage": true}',
    b"\xef\xbb\xbf[%s] [1,%s]",
]


@pytest.fixture(scope="module")
def few_are_watched():
    """Let few records be more than those in which types are looked at, and than one block."""
    with pytest.MonkeyPatch.context() as patch:
        watch_few(patch)
        patch.setattr("filterlang.backends.files.watching.sought._SAMPLE", 3)
        patch.setattr("filterlang.backends.files.watching.first_columns.ENOUGH", 100)
        yield


def selected(path, text, jobs, *, alone=1 << 20, invert=False, only_count=False, is_shared=True):
    """Return all that is given and told, and how many scans came from other processes.

    Of elements that only one process can take apart, so many bytes are looked at by it alone.
    Where memory isn't shared, pieces come through pipes.
    """
    told, scans = [], []
    scan = list_pieces.ListPieces.scan

    def noted(self, pieces, between):
        for one in scan(self, pieces, between):
            scans.append(one)
            yield one

    matcher = fl.compile(text)
    sought, mistyped = Sought(matcher.filters, None), Mistyped(matcher.filters, None)
    reader = Reader(lambda fault: told.append(str(fault)), sought=sought, mistyped=mistyped)
    options = {"invert": invert, "only_count": only_count, "jobs": jobs}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_pieces.ListPieces, "scan", noted)
        patch.setattr(line_scans, "bytes_alone", lambda *_, **__: alone)
        for name in ("PIECE", "PIPED", "_BESIDE"):
            patch.setattr(f"filterlang.backends.files.scanning.dealer.{name}", 300)
        patch.setattr("filterlang.backends.files.scanning.jobs._LARGE_PACKED", 100)
        patch.setattr(workers, "can_fork", lambda: is_shared)
        lines = [
            line for some in reader.select([str(path)], matcher, **options) for line in some.lines
        ]
    # The names that there are, as far as they were seen, are hints.
    unknown = [text.split(";")[0] for text in sought.tell("nothing is")]
    given = len(lines) if only_count else lines
    return (reader.summary, reader.is_whole, told, unknown, mistyped.tell(), given), len(scans)


@given(
    # Most of them plain, so that processes are started at all; and those soon behind the first.
    st.tuples(
        st.lists(plain, min_size=5, max_size=20),
        st.lists(plain | plain | st.sampled_from(ODD), max_size=20),
        st.integers(1, 6),
    ).map(lambda parts: parts[0] + (parts[1] + parts[0]) * parts[2]),
    st.sampled_from(FILTERS),
    st.sampled_from(BETWEEN),
    st.none() | st.none() | st.tuples(st.integers(0, 100), st.sampled_from(WRONG)),
    st.sampled_from(SHAPES),
    st.sampled_from([bytes, gzip.compress]),
    st.fixed_dictionaries(
        {
            "invert": st.booleans(),
            "only_count": st.booleans(),
            "is_shared": st.sampled_from([True, True, False]),
            "alone": st.sampled_from([1 << 20, 1 << 20, 100]),
        }
    ),
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_all_is_the_same_from_several_processes(
    tmp_path, elements, text, between, wrong, shape, pack, options
):
    path = tmp_path / "x.json"
    if wrong is not None:
        elements = [*elements]
        elements.insert(*wrong)
    path.write_bytes(pack(shape.replace(b"%s", between.join(elements))))
    expected, _ = selected(path, text, 1, **options)
    found, scans = selected(path, text, 2, **options)
    event("read by others" if scans else "read by one")
    assert found == expected
    assert selected(path, text, 3, **options)[0] == expected


RECORDS = [{"a": number % 3, "t": f"Köln {number}", "n": {"c": [1]}} for number in range(300)]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("only_count", [False, True])
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_most_elements_are_read_by_others(tmp_path, engine, indent, only_count, pack):
    path = tmp_path / "x.json"
    for document in (RECORDS, {"users": RECORDS, "totalHits": 300}):
        path.write_bytes(pack(json.dumps(document, indent=indent).encode()))
        expected, _ = selected(path, "a==1;t~*Köln*", 1, only_count=only_count)
        found, scans = selected(path, "a==1;t~*Köln*", 2, only_count=only_count)
        assert found == expected
        assert expected[0] == (300, 100, 0)
        assert (scans > 50) is (engine != "plain" and (only_count or engine == "fields"))


def test_who_goes_on_alone_is_joined_again_later(tmp_path):
    path = tmp_path / "x.json"
    texts = [json.dumps(record).encode() for record in RECORDS]
    texts[100] = b'{"n": [%s], "a": 1}' % b", ".join(texts[:40])  # instead of another that matches
    path.write_bytes(b"[%s]" % b", ".join(texts))
    expected, _ = selected(path, "a==1", 1)
    found, scans = selected(path, "a==1", 2)
    assert found == expected
    assert expected[0] == (300, 100, 0)
    assert scans > 60


def test_the_places_of_faults_behind_them_are_right(tmp_path):
    path = tmp_path / "x.json"
    lines = [json.dumps(record) for record in RECORDS]
    lines[200] = "17"
    path.write_text("[" + ",\n".join(lines) + ',\n{"a": 1},\n{]')
    (summary, is_whole, told, *_), scans = selected(path, "a==1", 2)
    assert (summary, is_whole) == ((300, 101, 2), False)
    assert scans > 50
    assert told == [
        f"{path}:[200]: expected a JSON object, found a number",
        (
            f"{path}: expecting property name enclosed in double quotes in line 302, column 2, "
            "after which nothing can be read (read up to [300])"
        ),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_stands_before_the_end_of_a_cut_file_is_given(tmp_path, jobs):
    path = tmp_path / "x.json.gz"
    text = json.dumps([{"a": 1, "t": os.urandom(30).hex()} for _ in range(3000)]).encode()
    packed = gzip.compress(text)[:-20_000]
    path.write_bytes(packed)
    begun = zlib.decompressobj(31).decompress(packed)
    (summary, is_whole, told, *_), _ = selected(path, "a==1", jobs)
    assert not is_whole
    assert summary == (begun.count(b"}"), begun.count(b"}"), 1)
    assert told == [
        f"{path}: the gzip data is cut off; fetch the file again (read up to [{summary.read - 1}])"
    ]


@pytest.mark.parametrize("becomes", ["gone", "another"])
def test_a_file_that_was_begun_is_read_to_its_end_whatever_has_its_name(
    tmp_path, monkeypatch, becomes
):
    path, other = tmp_path / "x.json", tmp_path / "other.json"
    path.write_text(json.dumps(RECORDS, indent=1)[:-1] + ",\n{]")
    expected, _ = selected(path, "a==1", 1)
    other.write_text(json.dumps([{"a": 1, "t": "other"}] * 900, indent=1))
    start = dealer.start_workers

    def renamed(*given, **options):
        other.replace(path) if becomes == "another" else path.unlink()
        return start(*given, **options)

    monkeypatch.setattr(dealer, "start_workers", renamed)
    found, scans = selected(path, "a==1", 2)
    assert found == expected
    assert scans > 50
    assert expected[2] == [
        (
            f"{path}: expecting property name enclosed in double quotes in line 2703, column 2, "
            "after which nothing can be read (read up to [299])"
        )
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_elements_over_the_limit_are_refused(tmp_path, jobs):
    path = tmp_path / "x.json"
    path.write_text(json.dumps([*RECORDS, {"a": 1, "t": "x" * 3000}, *RECORDS]))
    told = []
    options = {"report": lambda fault: told.append(str(fault)), "max_line": 1000, "jobs": jobs}
    assert len(list(fl.backends.files.read(path, "a==1", **options))) == 100
    assert told == [
        (
            f"{path}: expected a value of at most 1,000 bytes, found a longer one; allow more by "
            "--max-line, in Python by max_line (read up to [299])"
        )
    ]


def test_an_end_of_a_process_is_told(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(RECORDS))
    monkeypatch.setattr(dealer, "_scan_pieces", lambda *_: os._exit(3))
    (summary, is_whole, told, *_), _ = selected(path, "a==1", 2)
    assert not is_whole
    assert told == [
        (
            f"{path}: a worker process that read it ended too early (exit code 3); "
            f"try --jobs 1 (read up to [{summary.read - 1}])"
        )
    ]
