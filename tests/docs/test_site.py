"""The site is built without a warning, holds every public name, and asks nothing of other hosts."""

from __future__ import annotations

import html
import importlib
import os
import re
import subprocess
import sys
from urllib.parse import quote, unquote, urldefrag, urljoin

import click
import pytest

from tests.support.documents import ROOT
from tests.support.engines import need
from tests.web.pages import browser

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


SOUGHT = {
    "422": "how-to/accept-filters",
    "any of": "how-to/build-filters",
    "emailTrackType": "reference/lists",
    "forbid": "how-to/change-filters",
    "license": "explanation/stability",
    "licence": "explanation/stability",
    "midnight": "how-to/build-filters",
    "MIT": "explanation/stability",
    "numberOfVisits": "reference/lists",
    "shrink": "how-to/test-your-sdk",
    "tenant": "how-to/change-filters",
}
"""What people look for → the page that has it."""


def test_the_search_finds_what_people_look_for(site):
    with browser() as started:
        page = started.new_page()
        missed = {}
        for words, there in SOUGHT.items():
            page.goto(f"{(site / 'search.html').as_uri()}?q={quote(words)}")
            page.wait_for_selector("#search-results .search-summary:not(:empty)")
            page.wait_for_function("document.querySelector('#search-results ul.search')")
            hrefs = page.eval_on_selector_all(
                "#search-results ul.search a", "all => all.map(one => one.getAttribute('href'))"
            )
            found = list(dict.fromkeys(urldefrag(one)[0].partition("?")[0] for one in hrefs))
            if f"{there}.html" not in found[:8]:
                missed[words] = found
        assert missed == {}


def links(page):
    """Collect where the links of a page lead, but for those to other hosts."""
    found = [html.unescape(one) for one in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page)]
    return [one for one in found if not re.match(r"[a-z]+:", one)]


def test_each_link_leads_somewhere_and_no_page_is_far_from_the_first(site):
    pages = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
    }
    places = {name: set(re.findall(r'\bid="([^"]*)"', page)) for name, page in pages.items()}
    clicks, dead, waiting = {"index.html": 0}, [], ["index.html"]
    while waiting:
        name = waiting.pop(0)
        # Those of the article alone: what stands at the side may be folded up, or not be seen.
        article = pages[name].split("<article", 1)[1].split("</article>", 1)[0]
        for link in links(article):
            there, place = urldefrag(unquote(urljoin(f"/{name}", link)).removeprefix("/"))
            if there not in pages:
                dead += [] if (site / there).is_file() else [(name, link)]
                continue
            if place and place not in places[there]:
                dead.append((name, link))
            if there not in clicks:
                clicks[there] = clicks[name] + 1
                waiting.append(there)
    assert dead == []
    assert set(pages) - set(clicks) <= {"genindex.html", "search.html"}
    assert {name: count for name, count in clicks.items() if count > 3} == {}


def test_pages_fit_a_phone_and_pictures_follow_the_switch(site):
    with browser() as started:
        asked = []
        page = started.new_page(viewport={"width": 360, "height": 800}, color_scheme="light")
        page.on("request", lambda request: asked.append(request.url))
        for path in sorted(site.rglob("*.html")):
            page.goto(path.as_uri())
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, path
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []

        page.goto((site / "index.html").as_uri())
        assert page.locator(".picture-wide").is_hidden()
        drawing = page.locator(".picture-narrow svg")
        assert drawing.get_attribute("aria-label").startswith("A text, a query string")
        colour = "one => getComputedStyle(one.querySelector('.ink')).fill"
        light = drawing.evaluate(colour)
        page.evaluate("document.body.dataset.theme = 'dark'")
        assert drawing.evaluate(colour) != light
