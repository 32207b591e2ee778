"""The playground of the site in a browser: Python answers in the page, and the link holds all."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from tests.support.documents import ROOT
from tests.support.engines import absent, need
from tests.web.pages import axe, browser

pytestmark = pytest.mark.slow


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Build the site with its playground, and give its folder."""
    need("sphinx", "docs")
    if shutil.which("npm") is None:
        absent("the playground needs Pyodide from npm: apt-get install npm")
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("FILTERLANG_SITE_WITHOUT_PLAYGROUND", None)
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", str(ROOT / "docs"), str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if "the playground needs pyodide" in done.stderr:
        absent(f"NOT TESTED: {done.stderr}")
    return folder


@contextmanager
def serving(folder):
    """Serve the files of a folder, and give the address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(20)


@pytest.fixture(scope="module")
def site(folder):
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def started():
    with browser() as one:
        yield one


@pytest.fixture
def tab(started, site):
    """A tab that asks no other host, and says no error."""
    page = started.new_page(base_url=site)
    page.set_default_timeout(60_000)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert [url for url in asked if not url.startswith((site, f"blob:{site}", "data:"))] == []
    assert said == []


def test_a_filter_is_judged_in_the_page(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    germany = '"location": {"countryName": "Germany"}}'
    assert tab.locator("#playground-answer summary").all_inner_texts() == [
        f'✓ record 1: {{"email": "ann@example.com", "score": 12, {germany}',
        f'✗ record 2: {{"email": "bob@example.org", "score": 3, {germany}',
        '✗ record 3: {"email": "cem@example.net", "score": 88, "location": null}',
    ]
    box = tab.locator("#playground-app input").first
    box.fill("score=10")
    tab.locator(".filter-box-mend").click()
    assert box.input_value() == "score==10"
    tab.get_by_text("0 of 3 records match").wait_for()
    box.fill("sco")
    tab.locator("[role=option]").first.click()
    assert box.input_value() == "score"
    box.fill("score=1;numberOfVisits=2")
    tab.get_by_role("button", name="Make all safe changes").click()
    assert box.input_value() == "score==1;numberOfVisits==2"
    box.fill("lastSeenDate>=tod")
    option = tab.locator("[role=option]", has_text="today")
    today = option.locator(".filter-box-label").inner_text()
    option.click()
    assert box.input_value() == f"lastSeenDate>={today}"
    tab.get_by_text("0 of 3 records match").wait_for()


PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const made = { clipboardData: data, bubbles: true, cancelable: true };
  document.querySelector("#playground-app input").dispatchEvent(new ClipboardEvent("paste", made));
}"""


def test_pasted_lines_are_filters_that_can_be_removed(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    inputs = tab.locator("#playground-app filter-box input")
    inputs.first.fill("")
    tab.evaluate(PASTE, "score<10\nscore>80\nemail==nobody")
    assert [one.input_value() for one in inputs.all()] == ["score<10", "score>80", "email==nobody"]
    tab.get_by_text("2 of 3 records match").wait_for()
    tab.get_by_role("button", name="Remove filter 2").click()
    assert [one.input_value() for one in inputs.all()] == ["score<10", "email==nobody"]
    labels = tab.locator("#playground-app filter-box label")
    shown = labels.evaluate_all("all => all.map(one => one.firstChild.data)")
    assert shown == ["Filter", "or filter 2"]
    tab.get_by_text("1 of 3 records match").wait_for()


@pytest.mark.parametrize("size", [(1280, 720), (360, 740)])
def test_the_verdict_stands_under_the_filters_in_the_first_screen(tab, size):
    width, height = size
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto("/playground.html")
    tab.locator("#playground-schema").select_option("none")
    tab.locator("#playground-app input").fill("scroe!=90")
    remark = tab.locator(".playground-remark")
    remark.wait_for()
    told = "nothing in the records read is called so; did you mean 'score'?"
    assert remark.all_inner_texts() == [f"Warning unknown name 'scroe': {told}"]
    verdict = tab.get_by_text("3 of 3 records match")
    filters, add, schema = map(tab.locator, ("filter-box", "#playground-add", "#playground-schema"))
    boxes = [one.bounding_box() for one in (filters, add, verdict, remark, schema)]
    ends = [(box["y"], box["y"] + box["height"]) for box in boxes]
    assert ends == sorted(ends)
    _, end = ends[3]
    assert end <= height
    assert tab.evaluate("scrollY") == 0


def test_a_record_stays_open_while_somebody_types(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    record = tab.locator("#playground-answer details").nth(1)
    record.locator("summary").click()
    tab.locator("#playground-app input").fill("score=3")
    tab.get_by_text("No verdict: a filter has a mistake, shown above.").wait_for()
    tab.locator("#playground-app input").fill("score==3")
    tab.get_by_text("1 of 3 records match").wait_for()
    why = "match\nfilter 1 matches: score==3\n  yes  score==3: 3"
    assert record.locator("pre").inner_text() == why
    assert record.locator("pre").is_visible()


def test_the_first_filter_fits_each_schema_that_holds_its_names(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    for schema in ("own", "none", "user"):
        tab.locator("#playground-schema").select_option(schema)
        tab.wait_for_timeout(500)
        tab.get_by_text("1 of 3 records match").wait_for()
        assert tab.locator(".filter-box-message, .playground-remark").count() == 0


def test_all_that_is_shown_is_named_and_explained(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-add").click()
    labels = tab.locator("#playground-app label:visible").all()
    assert [one.evaluate("(label) => label.firstChild.textContent") for one in labels] == [
        "Filter",
        "or filter 2",
        "Schema",
        (
            "Records to try it on, as JSON (one a line, a list, or an answer of the API) or CSV"
            " with a line of names"
        ),
    ]
    assert tab.locator("#playground-answer :is(h2, h3)").all_inner_texts() == [
        "Which records match, and why",
        "The filters in other forms",
        "In the library's own spelling",
        "In the address of a request",
        "In an address, as in 2019",
        "As JSON",
    ]
    # In one step: the answer may be shown anew between two, which leaves the elements found behind.
    heads = "#playground-answer > :is(.playground-row, h2:first-child)"
    behind = tab.evaluate(
        "all => [...document.querySelectorAll(all)].map(one => one.nextElementSibling.className)",
        heads,
    )
    assert behind == ["playground-note"] * 5
    tab.locator("#playground-operators summary").click()
    assert tab.locator("#playground-operators tr").count() == 6


def test_csv_is_read_and_what_is_not_is_told_below_the_box(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    records, told = tab.locator("#playground-records"), tab.locator("#playground-read")
    for schema in ("none", "user"):
        tab.locator("#playground-schema").select_option(schema)
        tab.locator("#playground-app input").fill("score>=10")
        records.fill("email,score\nann@example.com,9\nbob@example.org,100\n")
        tab.get_by_text("1 of 2 records match").wait_for()
        assert told.inner_text() == "Read as CSV: 2 columns, named in the first line: email, score."
    records.fill("{'score': 12, 'globalUnsubscribe': True}")
    tab.get_by_text("No verdict: the records can't be read").wait_for()
    why = "single quotes are Python's, not JSON's; write it by json.dumps"
    assert told.inner_text() == f"Not read: no JSON in line 1, column 2: {why}"
    box, place = records.bounding_box(), told.bounding_box()
    assert 0 <= place["y"] - box["y"] - box["height"] < 20
    assert records.get_attribute("aria-invalid") == "true"
    assert records.get_attribute("aria-describedby") == told.get_attribute("id")
    records.fill('{"score": 12}')
    tab.get_by_text("1 of 1 records match").wait_for()
    assert (told.inner_text(), records.get_attribute("aria-invalid")) == ("", "false")


def test_a_mistake_hides_no_record(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-app input").fill("score=3")
    tab.get_by_text("No verdict: a filter has a mistake, shown above.").wait_for()
    summaries = tab.locator("#playground-answer summary")
    assert [one[:10] for one in summaries.all_inner_texts()] == [f"– record {n}" for n in (1, 2, 3)]
    assert tab.locator("#playground-answer :is(h2, h3, p)").all_inner_texts() == [
        "The records",
        "They aren't judged now; open one to see all of it.",
        "The filters in other forms",
        "They are here again as soon as no filter has a mistake.",
    ]
    summaries.first.click()
    assert '"email": "ann@example.com"' in tab.locator("#playground-answer pre").first.inner_text()


def test_milliseconds_stand_beside_their_date(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-records").fill('{"lastSeenDate": 1621250919908}')
    tab.locator("#playground-app input").fill("lastSeenDate>=2021-01-01")
    tab.get_by_text("1 of 1 records match").wait_for()
    tab.locator("#playground-answer summary").first.click()
    why = "yes  lastSeenDate>=2021-01-01: 1621250919908 (2021-05-17 11:28:39.908 UTC)"
    assert why in tab.locator("#playground-answer pre").first.inner_text()


def test_where_python_cannot_be_loaded_it_is_told_once(tab):
    tab.route("**/filterlang.zip", lambda route: route.abort())
    tab.goto("/playground.html")
    told = "Python can't be loaded: Failed to fetch. Reload the page to try again."
    tab.get_by_text(told).wait_for()
    tab.locator("#playground-app input").fill("score>=1")
    tab.get_by_text("No verdict: Python isn't there.").wait_for()
    tab.wait_for_timeout(300)
    assert tab.locator("#playground-verdict").inner_text() == "No verdict: Python isn't there."


def test_a_long_link_is_told_to_be_long(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    copied = tab.locator("#playground-copied")
    tab.locator("#playground-link").click()
    copied.filter(has_text="The link is copied").wait_for()
    assert copied.inner_text() == "The link is copied."
    tab.locator("#playground-records").fill('{"a": "' + "x" * 9_000 + '"}')
    tab.get_by_text("0 of 1 records match").wait_for()
    tab.locator("#playground-link").click()
    copied.filter(has_text="characters").wait_for()
    told = f"It has {len(tab.url):,} characters: some programs cut it."
    assert copied.inner_text() == f"The link is copied. {told}"


def test_text_from_right_to_left_does_not_run_into_the_next(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-records").fill('{"title": "מנהל"}')
    tab.locator("#playground-app input").fill("title==מנהל")
    tab.get_by_text("1 of 1 records match").wait_for()
    tab.locator("#playground-answer summary").click()
    places = tab.evaluate(
        """() => {
          const { firstChild } = document.querySelector("#playground-answer pre");
          const at = firstChild.data.indexOf("yes");
          return ["yes", "מנהל", ": ", "'מנהל'"].map((part) => {
            const range = new Range();
            const start = firstChild.data.indexOf(part, at);
            range.setStart(firstChild, start);
            range.setEnd(firstChild, start + part.length);
            return range.getBoundingClientRect().x;
          });
        }"""
    )
    assert places == sorted(places)


FORBIDDEN = "() => { navigator.clipboard.writeText = async () => { throw new Error('no'); }; }"
NEITHER = "() => { document.execCommand = () => false; }"


@pytest.mark.parametrize("ways", [0, 1, 2])
def test_each_form_is_copied_by_the_keyboard(started, site, ways):
    context = started.new_context()
    if not ways:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    tab = context.new_page()
    tab.goto(f"{site}/playground.html")
    tab.wait_for_selector(".playground-yes", timeout=60_000)
    for forbid in (FORBIDDEN, NEITHER)[:ways]:
        tab.evaluate(forbid)
    names = "the library's own spelling", "the address of a request", "an address, as in 2019"
    for name in (*(f"In {one}" for one in names), "As JSON"):
        button = tab.get_by_role("button", name=f"Copy {name}", exact=True)
        button.focus()
        tab.keyboard.press("Enter")
        said = button.locator("xpath=following-sibling::*[@role='status']")
        said.filter(has_text="." if ways < 2 else "copies").wait_for()
        text = button.locator("xpath=../following-sibling::pre[1]").inner_text()
        if ways == 2:
            assert said.inner_text() == "It is selected: Ctrl+C copies it."
            assert tab.evaluate("getSelection().toString()") == text
        else:
            assert said.inner_text() == "Copied."
        if not ways:
            assert tab.evaluate("navigator.clipboard.readText()") == text
        assert button.evaluate("one => one === document.activeElement")
    context.close()


FIRST_SECONDS = 6.0
MARK = """document.addEventListener("filter-box-check", () => {
  window.firstCheck ??= performance.now() / 1000;
});"""


def test_the_first_diagnostics_of_a_link_come_soon(started, site):
    took = []
    for _ in range(2):  # What else the machine does may spoil one.
        context = started.new_context()
        tab = context.new_page()
        tab.add_init_script(MARK)
        tab.goto(f"{site}/playground.html")
        tab.wait_for_function("window.firstCheck", timeout=60_000)
        took.append(tab.evaluate("window.firstCheck"))
        context.close()
    assert min(took) < FIRST_SECONDS


COMPILED = """
import { readFileSync } from "node:fs";
const { loadPyodide } = await import(process.argv[1] + "/pyodide/pyodide.mjs");
const pyodide = await loadPyodide();
for (const name of ["lark", "filterlang"]) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(`${process.argv[1]}/${name}.zip`)), "zip");
}
pyodide.runPython(readFileSync(process.argv[1] + "/playground.py", "utf8"));
const asked = { payload: { filters: ["score>=10"], records: '{"score": 12}' }, schema: "user" };
const answer = pyodide.globals.get("answer");
for (const question of ["check", "report"]) {
  answer(question, JSON.stringify({ own: "", ...asked }));
}
pyodide.runPython(`
import json, lark, sys
origins = {name: getattr(one.__spec__, "origin", None) or "" for name, one in sys.modules.items()
           if getattr(one, "__spec__", None)}
`);
console.log(pyodide.runPython("json.dumps(origins)"));
"""


def test_no_browser_compiles_what_a_first_visit_loads(folder):
    done = subprocess.run(
        ["node", "--input-type=module", "-e", COMPILED, str(folder / "playground")],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    origins = json.loads(done.stdout)
    assert origins["filterlang.web.payloads"].endswith(".pyc")
    assert origins["lark"].endswith(".pyc")
    assert [name for name, origin in origins.items() if origin.endswith(".py")] == []


def test_a_link_holds_all_of_it(tab, started, site):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-app input").first.fill("city==Köln 😀")
    tab.locator("#playground-add").click()
    tab.locator("#playground-app input").nth(1).fill("score>1")
    tab.locator("#playground-schema").select_option("own")
    tab.locator("#playground-records").fill('{"city": "köln 😀"}\n{"score": 1}')
    tab.get_by_text("1 of 2 records match").wait_for()
    other = started.new_page()
    other.goto(tab.url)
    other.get_by_text("1 of 2 records match").wait_for(timeout=60_000)
    inputs = other.locator("#playground-app input")
    assert [one.input_value() for one in inputs.all()] == ["city==Köln 😀", "score>1"]
    assert other.locator("#playground-schema").input_value() == "own"
    other.close()


@pytest.mark.parametrize("fragment", ["#", "#x", "#bnVsbA", "#eyJmaWx0ZXJzIjoxfQ"])
def test_a_broken_link_shows_the_first_page(tab, fragment):
    tab.goto(f"/playground.html{fragment}")
    assert tab.locator("#playground-app input").input_value().startswith("score>=10;")
    tab.wait_for_selector(".playground-yes")


def test_what_is_wrong_with_schema_and_records_is_told(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-records").fill("[1]")
    tab.get_by_text("Not read: number 1 is no object").wait_for()
    tab.locator("#playground-schema").select_option("own")
    tab.locator("#playground-own").fill("{")
    tab.get_by_text("The schema: no JSON: expecting property name").wait_for()


def test_a_paste_of_many_brackets_does_not_end_python(tab):
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    records = tab.locator("#playground-records")
    records.fill("[" * 5000)
    tab.get_by_text("Not read: more than 100 lists and objects within each other").wait_for()
    records.fill('{"score": 12, "location": {"countryName": "Germany"}}')
    tab.get_by_text("1 of 1 records match").wait_for()


def test_after_a_first_visit_it_works_without_a_network(started, folder):
    context = started.new_context()
    tab = context.new_page()
    with serving(folder) as address:
        tab.goto(f"{address}/playground.html")
        tab.get_by_text("Python is ready, also without a network.").wait_for(timeout=60_000)
    tab.reload()
    tab.wait_for_selector(".playground-yes", timeout=60_000)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(tab, scheme):
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 360, "height": 700})
    tab.goto("/playground.html")
    tab.wait_for_selector(".playground-yes")
    tab.locator("#playground-app input").first.fill("score=10;")
    tab.wait_for_selector("[role=option]")
    tab.evaluate(axe())
    found = tab.evaluate("axe.run('#playground-app')")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
