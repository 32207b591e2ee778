"""The tables of formats in the page about files are what asking gives."""

from __future__ import annotations

from tests.support.engines import need


def test_the_tables_in_the_page_are_current():
    need("pyarrow", "files")
    need("zstandard", "files")
    need("lz4", "files")
    need("fastavro", "files")
    need("python_calamine", "files")
    need("openpyxl", "dev")
    from tests.tools.write_formats_table import current

    page, expected = current()
    assert page == expected, "run: python -m tests.tools.write_formats_table"
