"""What is built from the checkout is what a person should get.

These tests need the checkout; all others can run with nothing but an installed wheel.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import filterlang

ROOT = Path(__file__).parents[1]


def build(target, source, destination):
    """Build the checkout `source` by the backend itself: no network, no other environment."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(destination)],
        cwd=source,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (built,) = destination.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def read(wheel, name):
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name)


@pytest.mark.parametrize("name", ["filter.lark", "tables.json"])
def test_the_grammar_is_the_one_of_the_checkout(wheel, name):
    assert read(wheel, f"filterlang/grammar/{name}") == (ROOT / "grammar" / name).read_bytes()


def test_the_corpus_stays_in_the_source(names):
    assert not any(name.startswith("filterlang/grammar/corpus") for name in names)


@pytest.mark.parametrize("name", ["users", "accounts", "custom_events"])
def test_the_sample_data_are_those_of_the_checkout(wheel, name):
    packaged = read(wheel, f"filterlang/sample_data/{name}.jsonl")
    assert packaged == (ROOT / "docs" / "data" / f"{name}.jsonl").read_bytes()


def test_nothing_else_of_the_documents_is_in_the_wheel(names):
    found = {name.rpartition("/")[2] for name in names if name.startswith("filterlang/sample_data")}
    assert found == {"users.jsonl", "accounts.jsonl", "custom_events.jsonl"}


def test_type_checkers_are_told_that_the_package_is_typed(names):
    assert "filterlang/py.typed" in names


def test_there_is_no_other_top_level_name(names):
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"filterlang"}


def test_every_module_of_the_checkout_is_in_the_wheel(names):
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "filterlang").rglob("*.py")}
    assert modules == {name for name in names if name.endswith(".py")}


@pytest.mark.parametrize("name", ["filter-box.js", "filter-box.css"])
def test_the_files_of_the_filter_box_are_in_the_wheel(wheel, name):
    path = Path("filterlang", "web", "static", name)
    assert read(wheel, path.as_posix()) == (ROOT / path).read_bytes()


def test_the_wheel_made_from_the_sdist_is_the_same(sdist, wheel, names, tmp_path):
    # Python 3.11.2 knows no filter yet, and later versions warn of its absence.
    options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", **options)  # noqa: S202 -- the archive is our own
    (source,) = (tmp_path / "source").iterdir()
    rebuilt = build("wheel", source, tmp_path / "wheel")
    with zipfile.ZipFile(rebuilt) as archive:
        assert archive.namelist() == names
        assert all(archive.read(name) == read(wheel, name) for name in names)


def test_the_sdist_holds_what_its_readers_need(sdist):
    with tarfile.open(sdist) as archive:
        found = {name.partition("/")[2].partition("/")[0] for name in archive.getnames()}
    expected = {"CHANGELOG.md", "LICENSE", "README.md", "docs", "filterlang", "grammar", "tests"}
    assert found >= expected


@pytest.fixture(scope="module")
def metadata(wheel, names):
    (name,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(read(wheel, name))


def test_lark_is_all_that_everybody_needs(metadata):
    required = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    # Without an extra, on any machine: the marker may ask for nothing but an extra.
    assert [str(each) for each in required if "extra" not in str(each.marker)] == ["lark<2,>=1.2"]


def test_the_version_is_the_one_that_the_package_tells(metadata):
    assert metadata["Version"] == filterlang.__version__


def test_the_license_is_in_the_wheel(metadata, names):
    assert metadata["License-Expression"] == "MIT"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_command_is_installed(wheel, names):
    (name,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
    assert b"filterlang = filterlang.__main__:main" in read(wheel, name)
