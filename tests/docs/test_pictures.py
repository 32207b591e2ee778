"""The pictures of the pages are what the library says, and what was measured."""

from __future__ import annotations

import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
DRAWN = runpy.run_path(str(ROOT / "docs" / "pictures.py"))
PICTURES = {**DRAWN["PICTURES"], **{f"{name}-narrow": one for name, one in DRAWN["NARROW"].items()}}
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


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_colours_by_classes_that_the_site_knows(name):
    if name == "message":
        return  # a terminal is dark in light and dark alike
    root = ET.fromstring(PICTURES[name]())  # noqa: S314 — it is our own
    aside = {root.tag, f"{SVG}title", f"{SVG}style"}
    shapes = [part for part in root.iter() if part.tag not in aside]
    assert {name for part in shapes for name in part.attrib} & {"fill", "stroke", "style"} == set()
    css = (ROOT / "docs" / "static" / "site.css").read_text(encoding="utf-8")
    own = root.findtext(f"{SVG}style")
    for used in {part.get("class") for part in shapes}:
        assert f".picture .{used} {{" in css
        assert f".{used}{{" in own


@pytest.mark.parametrize("name", DRAWN["NARROW"])
def test_a_narrow_picture_is_read_on_a_phone(name):
    root = ET.fromstring(PICTURES[f"{name}-narrow"]())  # noqa: S314 — it is our own
    assert int(root.get("width")) <= 360


def test_each_picture_stands_on_a_page():
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    for name in DRAWN["PICTURES"]:
        assert any(f"pictures/{name}.svg)" in page for page in pages), name
