"""Blocks of rows that pyarrow reads are those that are read one by one."""

from __future__ import annotations

import gzip
import sys
from contextlib import closing
from io import BytesIO
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.files import cell_blocks, plain_rows, read
from filterlang.backends.files.cell_types import SAMPLE
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader
from tests.support.engines import need

need("pyarrow", "files")

ONE_BY_ONE = 10**9
"""With a limit, rows are read one by one."""
SAMPLED = {
    "numbers": [b"1,US,true", b"2,de,FALSE", b"3,,", b",x,true", b"100,us,false"],
    "quoted": [b'"1","U,S","true"', b'2,"d""e",False', b'"",US,""', b'3,"","TRUE"', b'4,"""",'],
    "decimals": [b"1.50,US,true", b"-2,de,", b"-0,\xc3\xbc,false", b"0.0,x,TRUE", b",us,"],
    "texts": [b"007,US,yes", b"+5,de,no", b"12e4,us,x", b" 1,US,maybe", b",,"],
}
ODD = [
    *(b"007,US,yes", b"1.5,US,true", b"x,US,true", b"", b"1", b"1,2,3,4", b"1,2,3,", b"1,2"),
    *(b'6,"a\nb",true', b'7,a"b,true', b'"8" ,US,true', b'9,"US,true', b"1,\xff,true", b'""a,b,c'),
    *(b"1,\xc3\xbc,true", b"1,\xe2\x80\xa8,true", b"1,a\rb,true", b"1,a\0b,true", b"x\x01,US,true"),
    *(b"\xef\xbb\xbf1,US,true", b"99999999999999999999,US,true", b"9" * 45 + b",US,fal\xc5\xbfe"),
    *(b"9007199254740993,US,true", b"0." + b"1" * 40 + b",us,true", b"1.25,us,true", b'"","",""'),
    *(b"-1,us,True", b"1,\xed\xa0\x80,true", b"1,\xc3,\xbc", b"1,a\xc3,\xbcb,c", b'a"",b,c'),
    b'1,"x""",true',
]
FILTERS = [
    *("a>=2", "a!=2", "b==us", r"b~*\,*;a==4", "c==true", "missing!=1", "b!=us;c==false"),
    *("a==007", "a~1.5", "a~1*", "a==1.50", "a==", "c~t*", "a>9007199254740992", "b~*\u2028*"),
    *("c==;a<5", "a~2", "b>m", "a<=0", "a!~*9*"),
]


class Few(dict):
    """No combination is judged once, but each row by its values."""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("blocks") / "x.csv"


def selected(path, text, limit=None, *, invert=False, is_text=False, jobs=1, schema=None):
    """Give all that is known after a file has been read."""
    faults = []
    reader = Reader(lambda fault: faults.append(str(fault)), options=ReadOptions(text=is_text))
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


@pytest.mark.parametrize("kind", SAMPLED)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_blocks_are_what_is_read_one_by_one(path, kind, data):
    usual = st.sampled_from(SAMPLED[kind])
    rows = data.draw(st.lists(usual, min_size=1, max_size=5))
    odd = st.one_of(usual, usual, usual, st.sampled_from(ODD))
    more = data.draw(st.lists(odd, max_size=30))
    end = data.draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    mark = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    # What comes after the sample is of any type.
    path.write_bytes(mark + end.join([b"a,b,c", *rows, *more]) + end * data.draw(st.booleans()))
    text = data.draw(st.sampled_from(FILTERS))
    options = {"invert": data.draw(st.booleans()), "is_text": data.draw(st.booleans())}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("filterlang.backends.files.cell_types.SAMPLE", len(rows))
        small(patch, data.draw(st.sampled_from([1, 30, 60, 500])))
        patch.setattr(cell_blocks, "_MOST_COMBINED", data.draw(st.sampled_from([0, 3, 1 << 16])))
        patch.setattr(cell_blocks, "_SHARE", data.draw(st.sampled_from([0, 4])))
        jobs = data.draw(st.sampled_from([1, 3]))
        found = selected(path, text, **options, jobs=jobs)
        assert found == selected(path, text, ONE_BY_ONE, **options)
