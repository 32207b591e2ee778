"""What a caller learns of filters that found nothing by mistake: names and types, at the end."""

from __future__ import annotations

import json

import pytest

from filterlang import Schema
from filterlang.backends.files import FileError, Records, copy, read
from tests.support.engines import need

ROWS = [{"id": 1, "score": 90}, {"id": 2, "score": 7}]
UNKNOWN = "unknown name 'scroe': nothing in the records read is called so; did you mean 'score'?"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def remarks_of(*args, **options):
    records = read(*args, **options)
    list(records)
    return records.remarks


def test_a_name_that_no_record_has(path, engine):
    records = read(path, "scroe!=90")
    assert isinstance(records, Records)
    assert records.remarks == ()
    assert next(records) == ROWS[0]
    assert records.remarks == ()
    assert list(records) == ROWS[1:]
    assert records.remarks == (UNKNOWN,)
    assert list(records) == []
    assert records.remarks == (UNKNOWN,)


def test_nothing_is_said_where_nothing_is_odd(path, engine):
    assert remarks_of(path, "score>=100;id==2") == ()
    assert remarks_of(path, "score>=100", schema=Schema({"score": "integer"})) == ()


@pytest.mark.parametrize("format_", ["csv", "json", "parquet", "arrow"])
def test_in_every_format(format_, path, tmp_path):
    if format_ in {"parquet", "arrow"}:
        need("pyarrow", "files")
    other = tmp_path / f"y.{format_}"
    copy([], path, other)
    assert remarks_of(other, "scroe!=90;score>=2024-01-01") == (
        UNKNOWN,
        *(
            [
                (
                    "score>=2024-01-01: the cells of 'score' are numbers, and '2024-01-01' is "
                    "none; write a number"
                )
            ]
            if format_ == "csv"
            else [
                (
                    "wrong type in 'score>=2024-01-01': all 2 values are numbers, and '2024-01-01' "
                    "is a date"
                )
            ]
        ),
    )


def test_a_table_without_rows_has_names(tmp_path):
    (tmp_path / "x.csv").write_text("id,score\n")
    assert remarks_of(tmp_path / "x.csv", "scroe!=90") == (UNKNOWN,)
    (tmp_path / "x.jsonl").write_text("\n")
    assert remarks_of(tmp_path / "x.jsonl", "scroe!=90") == ()


def test_the_remedy_is_one_of_python(path, tmp_path):
    (tmp_path / "y.jsonl").write_text('{"score": "90"}\n')
    (told,) = remarks_of(tmp_path / "y.jsonl", "score>=9")
    assert told == (
        "wrong type in 'score>=9': the one value is a number written as text, so '10' is less than "
        "'9'; say schema=Schema.from_dict({'dimensions': {'score': 'number'}, 'open': True})"
    )
    schema = Schema.from_dict({"dimensions": {"score": "number"}, "open": True})
    assert remarks_of(tmp_path / "y.jsonl", "score>=9", schema=schema) == ()


def test_stray_cells_are_told(tmp_path):
    rows = "".join(f"{number}\n" for number in range(1000))
    (tmp_path / "x.csv").write_text(f"a\n{rows}N/A\n")
    assert remarks_of(tmp_path / "x.csv", "a>=9") == (
        (
            "1 cell is compared as text in columns of which the first 1,000 rows hold something "
            f"else: 'N/A' among the numbers of 'a' in {tmp_path / 'x.csv'}:1002; text=True keeps "
            "all cells as text"
        ),
    )
    assert remarks_of(tmp_path / "x.csv", "a>=9", text=True) == (
        "text=True compares numbers as texts, so in 'a>=9' '10' is less than '9'; leave it out",
    )
    assert remarks_of(tmp_path / "x.csv", "a==9", text=True) == ()


def test_who_takes_remarks_gets_all_of_them(path, tmp_path, recwarn):
    said = []
    assert list(read(path, "scroe!=90", remark=said.append)) == ROWS
    assert said == [UNKNOWN]
    to = tmp_path / "y.jsonl"
    said.clear()
    assert copy("scroe!=90", path, to, select=["id", "plan"], remark=said.append) == (2, 2, 0)
    assert said == [
        UNKNOWN,
        (
            "unknown name 'plan': nothing in the records read is called so; "
            "the names are 'id', 'score'"
        ),
    ]
    (tmp_path / "nan.jsonl").write_text('{"a": NaN}\n')
    said.clear()
    copy([], tmp_path / "nan.jsonl", tmp_path / "y.json", remark=said.append)
    assert said == [
        f"{tmp_path / 'y.json'}: written as null, since JSON has no NaN and no infinity: 1 number"
    ]
    assert not recwarn


def test_what_ends_early_tells_nothing(path, tmp_path):
    records = read(path, "scroe!=90")
    next(records)
    records.close()
    assert list(records) == []
    assert records.remarks == ()
    records = read([path, tmp_path / "missing.jsonl"], "scroe!=90")
    with pytest.raises(FileError):
        list(records)
    assert records.remarks == ()


def test_several_processes_look_for_names(small_ranges, path, tmp_path, engine):
    (tmp_path / "big.jsonl").write_text((path.read_text() + '{"id": 3, "late": 1}\n') * 50)
    big = tmp_path / "big.jsonl"
    assert remarks_of(big, "scroe!=90;late!=7", jobs=2) == (UNKNOWN,)


# --- What can't be written ------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["to.jsonl", "to.json", "to.csv", "to.tsv"])
def test_the_error_says_where_a_value_without_text_stands(to, tmp_path):
    pyarrow = need("pyarrow", "files")
    parquet = need("pyarrow.parquet", "files")
    good = tmp_path / "good.parquet"
    parquet.write_table(pyarrow.table({"id": [1], "b": pyarrow.array([None], "binary")}), good)
    for name, column in [
        ("b", [b"\x00"]),
        ("s.b", [{"a": 1, "b": b"\x00"}]),
        ("s.b.c", [{"a": 1, "b": [{"c": None}, {"c": b"\x00"}]}]),
    ]:
        bad = tmp_path / "bad.parquet"
        parquet.write_table(pyarrow.table({"id": [1], name[0]: column}), bad)
        with pytest.raises(FileError) as caught:
            copy([], [bad], tmp_path / to)
        assert str(caught.value) == (
            f"{tmp_path / to}: can't be written: a value of type bytes can't be written as text; "
            "leave its column out with --select, or write the format parquet or arrow"
        )
        assert caught.value.__notes__ == [f"the first one stands under '{name}' in {bad}"]
        assert copy([], [bad], tmp_path / to, select=["id"]) == (1, 1, 0)
    assert copy([], good, tmp_path / to) == (1, 1, 0)
