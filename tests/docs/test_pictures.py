"""The pictures of the pages are what the library says, and what was measured."""

from __future__ import annotations

import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = runpy.run_path(str(ROOT / "docs" / "pictures.py"))["PICTURES"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_up_to_date(name):
    kept = ROOT / "docs" / "pictures" / f"{name}.svg"
    assert kept.read_text(encoding="utf-8") == PICTURES[name](), "run python docs/pictures.py"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_shows_and_asks_no_other_host(name):
    root = ET.fromstring(PICTURES[name]())  # noqa: S314 — it is our own
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    links = [value for part in root.iter() for key, value in part.items() if key.endswith("href")]
    assert links == []


def test_each_picture_stands_on_a_page():
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    for name in PICTURES:
        assert any(f"pictures/{name}.svg)" in page for page in pages), name
