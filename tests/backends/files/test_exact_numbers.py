"""Numbers of cells with more digits than doubles have, written into tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, copy, read
from tests.support.engines import need

need("pyarrow.parquet", "files")


def in_table(path, text, to="x.parquet"):
    """Copy CSV into a table; give the type of its first column, and the values as texts."""
    parquet, feather = need("pyarrow.parquet", "files"), need("pyarrow.feather", "files")
    (path / "x.csv").write_text(text)
    copy([], path / "x.csv", path / to)
    read_table = parquet.read_table if to.endswith("parquet") else feather.read_table
    column = read_table(path / to).column(0)
    return str(column.type), [None if one is None else str(one) for one in column.to_pylist()]


@pytest.mark.parametrize("to", ["x.parquet", "x.arrow"])
@pytest.mark.parametrize(
    ("cells", "type_", "values"),
    [
        ("0.1 2 0.30 -7.25 0.0", "double", "0.1 2.0 0.3 -7.25 0.0"),
        ("9007199254740992 0.5", "double", "9007199254740992.0 0.5"),
        (
            "9007199254740993 0.5 0.0",
            "decimal128(38, 1)",
            "9007199254740993.0 0.5 0.0",
        ),
        (
            "12345678901234567890.1 0.123456789012345678 0.1",
            "decimal128(38, 18)",
            "12345678901234567890.100000000000000000 0.123456789012345678 0.100000000000000000",
        ),
        ("123456789012345678.91", "decimal128(38, 2)", "123456789012345678.91"),
        ("-123456789012345678.910", "decimal128(38, 2)", "-123456789012345678.91"),
        (f"{'9' * 38} 1.0", "decimal128(38, 0)", f"{'9' * 38} 1"),
        (
            f"0.{'1' * 38} 0",
            "decimal128(38, 38)",
            f"0.{'1' * 38} 0E-38",
        ),
        ("9223372036854775807 -1", "int64", "9223372036854775807 -1"),
        ("9223372036854775808 -1", "decimal128(38, 0)", "9223372036854775808 -1"),
        ("12345678901234567890123 7", "decimal128(38, 0)", "12345678901234567890123 7"),
    ],
)
def test_numbers_keep_their_digits_in_tables(cells, type_, values, to, tmp_path):
    rows = [*cells.split(), ""]
    text = "n,x\n" + "".join(f"{cell},x\n" for cell in rows)
    assert in_table(tmp_path, text, to) == (type_, [*values.split(), None])


@pytest.mark.parametrize(
    ("first", "then", "message"),
    [
        (
            f"0.{'1' * 39}",
            "1",
            (
                f"the number '0.{'1' * 39}' in 'n' has digits for which there is no place among "
                "decimals of 38 digits"
            ),
        ),
        (
            "0.12345678901234567890",
            "12345678901234567890",
            (
                "the number '12345678901234567890' in 'n' has digits for which there is no place "
                "among decimals of 38 digits, 19 of them behind the point"
            ),
        ),
        (
            "9" * 39,
            "1",
            (
                f"the number '{'9' * 39}' in 'n' has digits for which there is no place among "
                "decimals of 38 digits"
            ),
        ),
    ],
)
def test_numbers_that_no_table_holds_are_refused(first, then, message, tmp_path):
    with pytest.raises(FileError) as caught:
        in_table(tmp_path, f"n\n{first}\n{then}\n")
    assert caught.value.fault.message == f"can't be written: {message}{AS_TEXT}"
    copy([], tmp_path / "x.csv", tmp_path / "x.parquet", text=True)
    found = list(read(tmp_path / "x.parquet", []))
    assert found == [{"n": first}, {"n": then}]


AS_TEXT = "; say --text (in Python text=True) to write all cells as text, or write JSON Lines"


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("0.5", "9007199254740993.5", "the doubles that were written before"),
        ("1", "0.5", "the integers of 64 bits that were written before"),
        ("1", "9223372036854775808", "the integers of 64 bits that were written before"),
        ("9007199254740993.5", "0.25", "decimals of 38 digits, 1 of them behind the point"),
    ],
)
def test_numbers_for_which_it_is_too_late_are_refused(first, last, message, tmp_path):
    before = f"n\n{first}\n" + "1\n" * 40_000
    with pytest.raises(FileError) as caught:
        in_table(tmp_path, f"{before}{last}\n")
    assert caught.value.fault.message == (
        f"can't be written: the number '{last}' in 'n' has digits for which there is no place "
        f"among {message}{AS_TEXT}"
    )


def test_decimals_behind_the_first_rows_are_doubles_as_others_are(tmp_path):
    found = in_table(tmp_path, "n\n" + "1\n" * 1001 + "0.5\n")
    assert found == ("double", ["1.0"] * 1001 + ["0.5"])


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=9), min_size=1))
def test_what_a_table_holds_is_what_was_written(tmp_path_factory, numbers):
    folder = tmp_path_factory.mktemp("numbers")
    text = "n\n" + "".join(f"{number:f}\n" for number in numbers)
    try:
        _, found = in_table(folder, text)
    except FileError:
        assert any(len(f"{number:f}".replace(".", "")) > 38 for number in numbers)
    else:
        assert [Decimal(one) for one in found] == numbers
