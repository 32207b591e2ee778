"""The site is built without a warning, holds every public name, and asks nothing of other hosts."""

from __future__ import annotations

import html
import importlib
import os
import re
import subprocess
import sys

import click
import pytest

from tests.support.documents import ROOT
from tests.support.engines import need

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as its readers get it, and give its folder."""
    need("sphinx", "docs")
    folder = tmp_path_factory.mktemp("site")
    # In a copy of the pages, since those that are generated are written beside them.
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-W",
            "--keep-going",
            str(ROOT / "docs"),
            str(folder),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FILTERLANG_SITE_WITHOUT_PLAYGROUND": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def inventory(site):
    """Give the names that the site has entries for."""
    from sphinx.util.inventory import InventoryFile

    data = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="").data
    return {name for kind, names in data.items() if kind.startswith("py:") for name in names}


@pytest.mark.parametrize(
    "module",
    [
        "filterlang",
        "filterlang.px",
        "filterlang.testing",
        "filterlang.integrations.fastapi",
        "filterlang.integrations.pydantic",
        "filterlang.backends.files",
        "filterlang.backends.frames",
        "filterlang.backends.sql",
        "filterlang.web",
    ],
)
def test_every_public_name_has_its_entry(site, module):
    names = set(importlib.import_module(module).__all__) - {"__version__", "px"}
    assert {f"{module}.{name}" for name in names} <= inventory(site)


def test_every_command_and_option_is_described(site):
    from filterlang.cli.commands import group

    page = (site / "reference" / "command.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", page)

    def expect(command, path):
        assert " ".join(path) in text
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                for option in parameter.opts:
                    assert option in text, (path, option)
        if isinstance(command, click.Group):
            for name, one in command.commands.items():
                expect(one, [*path, name])

    expect(group, ["filterlang"])


def shown(page):
    """Give the text that a page shows in its article, with single spaces."""
    article = page.split("<article", 1)[1].split("</article>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", article)).split())


def test_help_is_shown_as_a_terminal_shows_it(site):
    from filterlang.cli.commands import group

    page = (site / "reference" / "command.html").read_text(encoding="utf-8")
    text = shown(page)

    def expect(command):
        said = [command.help or ""]
        said += [one.help or "" for one in command.params if isinstance(one, click.Option)]
        for help_ in said:
            for paragraph in help_.replace("\b\n", "").split("\n\n"):
                assert " ".join(paragraph.split()) in text, command.name
        for one in getattr(command, "commands", {}).values():
            expect(one)

    expect(group)
    article = page.split("<article", 1)[1].split("</article>", 1)[0]
    assert re.findall(r'href="(?!#)(?!\.\.?/)[^"]*"', article) == []


@pytest.mark.parametrize("folder", ["how-to", "start", "reference", "explanation"])
def test_quotes_that_people_copy_are_as_typed(site, folder):
    for path in (site / folder).rglob("*.html"):
        source = ROOT / "docs" / path.relative_to(site).with_suffix(".md")
        written = source.read_text(encoding="utf-8") if source.exists() else ""
        curly = set(re.findall("[‘’“”]", shown(path.read_text(encoding="utf-8"))))
        assert curly <= set(written), path


def test_no_page_asks_other_hosts(site):
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert re.findall(r"<(?:script|img|iframe)[^>]*src=\"(?:https?:)?//[^\"]*", page) == [], (
            path
        )
        assert re.findall(r"<link[^>]*href=\"(?:https?:)?//[^\"]*", page) == [], path
    for path in site.rglob("*.css"):
        assert re.findall(r"url\((?:https?:)?//", path.read_text(encoding="utf-8")) == [], path


def test_search_needs_no_server(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")
    assert "how-to/build-filters" in index
