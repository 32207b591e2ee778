"""Measure how soon after a keystroke the filter box has its diagnostics.

`python -m tests.tools.measure_filter_box [ADDRESS]`, with the extra `dev` and Debian's chromium; an
address is that of a site with a playground, as `python -m http.server --directory site` serves it.

A recorded session is typed in Chromium: a filter of 10 clauses, each of an unknown name, over a
schema of 1,000 names. Each time is from the event `input` to the event `filter-box-check`.
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time

import filterlang as fl
from tests.web import pages

WORDS = [
    "account",
    "browser",
    "campaign",
    "country",
    "device",
    "first",
    "last",
    "page",
    "region",
    "score",
]
RECORD = """() => {
  window.times = [];
  let at = 0;
  document.addEventListener("input", () => { at = performance.now(); }, true);
  document.addEventListener("filter-box-check", () => {
    window.times.push(performance.now() - at);
  });
}"""


def session():
    """Make the schema, and the text that is typed."""
    names = [
        first + second.title() + third.title()
        for first, second, third in itertools.product(WORDS, repeat=3)
    ]
    types = itertools.cycle(["text", "integer", "datetime"])
    text = ";".join(f"{name[:-1]}zq==abc" for name in names[::100])
    return fl.Schema(dict(zip(names, types, strict=False))), text


def typed(tab, box, text):
    """Type the session into a box, and tell the median and the 95th percentile."""
    tab.evaluate(RECORD)
    box.focus()
    tab.keyboard.type(text, delay=60)
    tab.wait_for_timeout(1000)
    times = tab.evaluate("window.times")
    cuts = statistics.quantiles(times, n=20)
    return f"{len(times)} keystrokes: median {cuts[9]:.1f} ms, 95th percentile {cuts[18]:.1f} ms\n"


def over_the_app(browser, schema, text):
    """Measure the box that the ASGI app answers."""
    with pages.served(schema) as address:
        tab = browser.new_page()
        tab.goto(f"{address}/")
        return typed(tab, tab.locator("input"), text)


def in_pyodide(browser, schema, text, address):
    """Measure the box of the playground, and how long its first diagnostics take."""
    tab = browser.new_page()
    begun = time.monotonic()
    tab.goto(f"{address}/playground.html")
    tab.wait_for_selector(".playground-yes")
    first = f"first answer after {time.monotonic() - begun:.1f} s; "
    dimensions = json.dumps(schema.to_dict()["dimensions"])
    tab.locator("#playground-own").evaluate("(own, text) => { own.value = text; }", dimensions)
    tab.locator("#playground-schema").select_option("own")
    box = tab.locator("#playground-app input")
    box.fill("")
    tab.wait_for_timeout(1000)
    return first + typed(tab, box, text)


def main():
    """Type the session over the app, and in the playground of the site at the given address."""
    schema, text = session()
    with pages.browser() as browser:
        sys.stdout.write(f"over the app: {over_the_app(browser, schema, text)}")
        for address in sys.argv[1:]:
            sys.stdout.write(f"in Pyodide: {in_pyodide(browser, schema, text, address)}")


if __name__ == "__main__":
    main()
