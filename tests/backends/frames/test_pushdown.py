"""The tables in the pages say what the engines are asked; Spark's is in `test_spark`."""

from __future__ import annotations

import pytest

from tests.tools.write_frames_tables import PAGES, current


@pytest.mark.parametrize("name", PAGES)
def test_the_table_in_a_page_is_current(name):
    page, expected = current(name, PAGES[name]())
    assert page == expected, "run: python -m tests.tools.write_frames_tables"
