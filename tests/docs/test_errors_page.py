"""docs/reference/errors.md explains every code, with a sample that shows it.

That the samples do what the page shows is tested with those of all documents.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filterlang.checking.closed_tables import mends
from filterlang.diagnostics.messages import MESSAGES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
ENTRIES = dict(
    re.findall(r"^### (FL[0-9]{3}): (.*?)(?=^##|\Z)", PAGE, flags=re.DOTALL | re.MULTILINE)
)


def test_every_code_has_its_entry_and_every_entry_its_code():
    assert list(ENTRIES) == list(MESSAGES)
    assert len(re.findall("^### ", PAGE, flags=re.MULTILINE)) == len(MESSAGES)


@pytest.mark.parametrize("code", ENTRIES)
def test_an_entry_says_what_it_means_shows_it_and_says_what_to_write(code):
    title, meaning, sample, output, instead = re.fullmatch(
        r"(.+?)\n\n(.+?)\n\n```python\n(.+?)```\n\n```output\n(.+?)```\n\n(.+?)\n+",
        ENTRIES[code],
        flags=re.DOTALL,
    ).groups()
    assert f"{MESSAGES[code].severity}[{code}]: " in output
    assert all(part.strip() for part in (title, meaning, sample, instead))


def test_the_page_has_the_closed_list_of_mends():
    rows = re.findall(r"^\| (.+) \| (safe|suggested) \| (.+) \|$", PAGE, flags=re.MULTILINE)
    expected = [
        (one.what, "safe" if one.is_safe else "suggested", one.why) for one in mends().values()
    ]
    assert rows == expected
