"""The table in the documents says what the engines really get."""

from __future__ import annotations

from tests.tools.write_database_table import PAGE, current


def test_the_table_in_the_page_is_current():
    page = PAGE.read_text(encoding="utf-8")
    assert page == current(page), "run: python -m tests.tools.write_database_table"
