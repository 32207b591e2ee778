"""The first pages say what the library costs, what it needs and how far it is: as it is."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

import filterlang as fl
from tests.support.documents import ROOT
from tests.support.engines import need

FIRST_PAGES = ["README.md", "docs/index.md"]


def read(path):
    """Give the text of a file of the project, with single spaces."""
    return " ".join((ROOT / path).read_text(encoding="utf-8").split())


def measured(program):
    """Give how many milliseconds above Python's own start the page of measurements has."""
    (found,) = re.findall(
        rf"^\| {program} \| [^|]* \| ([\d.]+) ms \|",
        (ROOT / "docs" / "performance.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return float(found)


@pytest.mark.parametrize("page", FIRST_PAGES)
@pytest.mark.parametrize(
    ("told", "program"),
    [
        ("a first text parsed", "… and parse a first filter"),
        ("a first record matched", "… and match a first record"),
        ("a first mistake told", "… and report a first mistake"),
    ],
)
def test_what_it_costs_is_what_was_measured(page, told, program):
    assert f"{told} {measured(program):.0f} ms" in read(page)


@pytest.mark.parametrize("page", FIRST_PAGES)
def test_how_far_it_is_and_what_it_needs(page):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = read(page)
    version = ".".join(fl.__version__.split(".")[:2])
    (status,) = [one for one in project["classifiers"] if one.startswith("Development Status")]
    assert f"version {version}, {status.rpartition(' ')[2].lower()}." in about
    assert f"Python {project['requires-python'].removeprefix('>=')} or later" in about
    assert f"[{project['license']} licence]" in about
    assert len(project["dependencies"]) == 1
    assert "one dependency" in about


@pytest.mark.parametrize("page", FIRST_PAGES)
def test_the_size_is_that_of_what_a_wheel_holds(page):
    package = Path(fl.__file__).parent
    folders = [package]
    if package == ROOT / "filterlang":  # What a wheel holds lies beside the source.
        folders += [ROOT / "grammar", ROOT / "docs" / "data"]
    held = sum(
        path.stat().st_size
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.parent.name != "corpus"
        and (folder.name != "data" or path.suffix == ".jsonl")
    )
    (told,) = re.findall(r"([\d.]+) MB installed", read(page))
    assert held / 1_000_000 == pytest.approx(float(told), rel=0.1)


def test_the_page_on_stability_lists_all_public_modules(monkeypatch):
    need("sphinx", "docs")
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    modules = importlib.import_module("generated_pages").MODULES.values()
    stability = read("docs/explanation/stability.md")
    assert [name for name, _ in modules if f"`{name}`" not in stability] == []
