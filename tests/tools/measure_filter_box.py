"""Measure how soon after a keystroke the filter box has its diagnostics.

`python -m tests.tools.measure_filter_box`, with the extra `dev` and Debian's chromium.

A recorded session is typed in Chromium: a filter of 10 clauses, each of an unknown name, over a
schema of 1,000 names. Each time is from the event `input` to the event `filter-box-check`.
"""

from __future__ import annotations

import itertools
import statistics
import sys

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


def main():
    """Type the session, and print the median and the 95th percentile in milliseconds."""
    schema, text = session()
    with pages.served(schema) as address, pages.browser() as browser:
        tab = browser.new_page()
        tab.goto(f"{address}/")
        tab.evaluate(RECORD)
        tab.locator("input").focus()
        tab.keyboard.type(text, delay=60)
        tab.wait_for_timeout(1000)
        times = tab.evaluate("window.times")
    cuts = statistics.quantiles(times, n=20)
    sys.stdout.write(
        f"{len(times)} keystrokes: median {cuts[9]:.1f} ms, 95th percentile {cuts[18]:.1f} ms\n"
    )


if __name__ == "__main__":
    main()
