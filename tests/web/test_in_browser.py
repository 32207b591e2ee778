"""The filter box in a real browser, under a strict Content-Security-Policy."""

from __future__ import annotations

import re
import time

import pytest

from tests.support.engines import need
from tests.web.pages import HOSTILE, axe, browser, served

pytestmark = pytest.mark.slow

WAIT = 10_000
MISTAKES = "score>10;type=LEAD;scroe<3"


@pytest.fixture(scope="module")
def address():
    need("starlette", "web")
    need("uvicorn", "test")
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def started():
    with browser() as one:
        yield one


@pytest.fixture
def context_options():
    return {}


@pytest.fixture
def tab(started, address, context_options):
    """A tab that is held to all that holds on every page: no other host, no error, no violation."""
    context = started.new_context(base_url=address, **context_options)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert [text for text in said if "favicon" not in text and "404" not in text] == []


def open_(tab, path):
    tab.goto(path)
    return tab.locator("input").first


def until(tab, expression):
    """Wait until an expression is true; the browser's own way to wait needs eval: CSP bans it."""
    end = time.monotonic() + WAIT / 1000
    while not tab.evaluate(expression):
        assert time.monotonic() < end, expression
        tab.wait_for_timeout(20)


def labels(tab):
    tab.wait_for_selector("[role=option]")
    return tab.locator("[role=option] .filter-box-label").all_text_contents()


def messages(tab):
    return tab.locator(".filter-box-message").all_inner_texts()


def coloured(tab):
    """Give the parts of the overlay as (class, text)."""
    spans = tab.locator(".filter-box-line").first.locator("span")
    return spans.evaluate_all(
        "all => all.map(one => [one.className.replaceAll('filter-box-', ''), one.textContent])"
    )


def violations(tab):
    tab.evaluate(axe())
    found = tab.evaluate("axe.run()")["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def test_a_filled_box_is_coloured_and_marked_when_the_page_is_there(tab):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    assert coloured(tab) == [
        ["name", "score"],
        ["operator", ">"],
        ["expression", "10"],
        ["", ";"],
        ["name", "type"],
        ["operator mark mark-error", "="],
        ["expression", "LEAD"],
        ["", ";"],
        ["name mark mark-error", "scroe"],
        ["operator", "<"],
        ["expression", "3"],
    ]
    assert messages(tab) == [
        "Error expected '==', found a single '=' write '==' Change to score>10;type==LEAD;scroe<3",
        "Error unknown name 'scroe' did you mean 'score'? Change to score>10;type=LEAD;score<3",
    ]
    assert box.get_attribute("aria-invalid") == "true"
    assert box.input_value() == MISTAKES


def test_the_overlay_lies_on_the_text_of_the_input(tab):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    assert tab.evaluate(
        """() => {
          const [input, overlay] = [
            document.querySelector("input"), document.querySelector(".filter-box-overlay")];
          const [a, b] = [input.getBoundingClientRect(), overlay.getBoundingClientRect()];
          const style = getComputedStyle(input);
          return [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height,
            style.webkitTextFillColor, style.fontFamily === getComputedStyle(overlay).fontFamily];
        }"""
    ) == [0, 0, 0, 0, "rgba(0, 0, 0, 0)", True]
    # What is longer than the input scrolls with it.
    box.focus()
    box.press("End")
    tab.keyboard.type(";city==" + "x" * 300)
    until(tab, "document.querySelector('input').scrollLeft > 100")
    until(
        tab,
        """() => {
          const moved = new DOMMatrix(
            getComputedStyle(document.querySelector(".filter-box-line")).transform).m41;
          return Math.abs(moved + document.querySelector("input").scrollLeft) < 1;
        }""",
    )


def test_typing_is_completed_by_the_keyboard_alone(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("typ")
    assert labels(tab) == ["type"]
    assert box.get_attribute("aria-expanded") == "true"
    tab.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert tab.locator(f"#{active}").get_attribute("aria-selected") == "true"
    tab.keyboard.press("Enter")
    assert box.input_value() == "type"
    until(tab, "document.querySelectorAll('[role=option]').length > 1")
    assert labels(tab)[0] == "=="
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    until(tab, "document.querySelector('[role=option]')?.textContent.includes('LEAD')")
    tab.keyboard.press("ArrowUp")  # from none to the last one
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    assert box.input_value() == "type==USER"
    tab.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert tab.locator("[role=option]").count() == 0
    tab.keyboard.press("Control+z")
    assert box.input_value() != "type==USER"
    assert "/found" not in tab.url


def test_escape_holds_for_what_is_on_its_way(tab):
    box = open_(tab, "/")
    box.focus()
    held = []

    def hold(route):
        held.append(route)

    tab.route("**/complete", hold)
    tab.keyboard.type("t")
    for _ in range(200):
        if held:
            break
        tab.wait_for_timeout(20)
    tab.keyboard.press("Escape")
    held[0].continue_()
    tab.unroute("**/complete")
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(100)
    assert tab.locator("[role=option]").count() == 0
    # The next letter asks again.
    tab.keyboard.type("y")
    until(tab, "document.querySelectorAll('[role=option]').length > 0")
    assert "type" in labels(tab)


def test_enter_without_an_active_option_submits_what_was_typed(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("score")
    labels(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/found?filter=score")


def test_places_behind_characters_beyond_the_basic_plane(tab):
    box = open_(tab, "/")
    box.fill("city==😀👍🏽;typ")
    assert labels(tab) == ["type"]
    tab.locator("[role=option]").click()
    assert box.input_value() == "city==😀👍🏽;type"
    box.fill("city==😀👍🏽;score=1")
    tab.locator(".filter-box-mend").click()
    assert box.input_value() == "city==😀👍🏽;score==1"
    tab.wait_for_selector(".filter-box-message", state="detached")
    assert ["expression", "😀👍🏽"] in coloured(tab)


def test_mistakes_are_mended_by_click_and_that_can_be_undone(tab):
    box = open_(tab, "/filled")
    tab.locator(".filter-box-mend").first.click()
    assert box.input_value() == "score>10;type==LEAD;scroe<3"
    until(tab, "document.querySelectorAll('.filter-box-message').length === 1")
    tab.locator(".filter-box-mend").click()
    assert box.input_value() == "score>10;type==LEAD;score<3"
    assert tab.evaluate("document.activeElement.id") == "one"
    tab.keyboard.press("Control+z")
    assert box.input_value() == "score>10;type==LEAD;scroe<3"


def test_a_longer_text_than_the_input_takes_is_mended_whole(tab):
    box = open_(tab, "/filled")
    box.evaluate("one => one.maxLength = 26")
    tab.locator(".filter-box-mend").first.click()
    assert box.input_value() == "score>10;type==LEAD;scroe<3"


def test_hostile_names_stay_text(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("type==")
    assert HOSTILE in labels(tab)
    tab.locator("[role=option]", has_text="onerror").click()
    box.fill(f"{HOSTILE}==1;{HOSTILE}=1")
    tab.wait_for_selector(".filter-box-message")
    assert tab.locator("filter-box img").count() == 0
    assert tab.title() == "Users"


def test_an_input_method_is_left_alone(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("city==")
    tab.keyboard.press("Escape")
    tab.wait_for_load_state("networkidle")
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    session = tab.context.new_cdp_session(tab)
    for text in ("に", "にほ", "にほん"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    assert box.input_value() == "city==にほん"
    # It draws its own underline, which must be seen.
    fill = "one => getComputedStyle(one).webkitTextFillColor"
    assert box.evaluate(fill) != "rgba(0, 0, 0, 0)"
    assert tab.locator(".filter-box-overlay").evaluate(
        "one => getComputedStyle(one).visibility"
    ) == ("hidden")
    tab.wait_for_timeout(200)
    assert asked == []
    assert tab.locator("[role=option]").count() == 0
    session.send("Input.insertText", {"text": "日本"})
    until(
        tab,
        "[...document.querySelectorAll('.filter-box-expression')].some(one =>"
        " one.textContent === '日本')",
    )
    assert box.input_value() == "city==日本"
    assert box.evaluate(fill) == "rgba(0, 0, 0, 0)"


def test_two_inputs_are_two_filters(tab):
    open_(tab, "/two")
    tab.wait_for_selector(".filter-box-message")
    assert tab.evaluate("document.querySelector('filter-box').filters") == ["score=1", "city==Bonn"]
    assert tab.get_by_role("combobox", name="First", exact=True).input_value() == "score=1"
    tab.locator(".filter-box-mend").click()
    until(tab, "document.querySelector('filter-box').report.ok")
    explained = tab.evaluate("document.querySelector('filter-box').explain({ city: 'bonn' })")
    assert (explained["matched"], [one["matched"] for one in explained["filters"]]) == (
        True,
        [False, True],
    )
    # One that comes later is helped, too, and one that goes isn't asked about any more.
    tab.evaluate(
        """() => {
          const input = document.createElement("input");
          [input.name, input.value] = ["filter", "a=b"];
          document.querySelector("p").remove();
          document.querySelector("filter-box").append(input);
        }"""
    )
    until(tab, "document.querySelector('filter-box').report?.ok === false")
    assert tab.evaluate("document.querySelector('filter-box').filters") == ["city==Bonn", "a=b"]
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**/found?filter=city%3D%3DBonn&filter=a%3Db")


def test_the_element_leaves_the_page_as_it_was(tab):
    open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    assert tab.evaluate(
        """() => {
          const box = document.querySelector("filter-box");
          box.remove();
          return box.innerHTML;
        }"""
    ) == ('<input id="one" name="filter" value="score&gt;10;type=LEAD;scroe&lt;3">')


def test_a_reset_form_is_looked_at_again(tab):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    box.fill("score>1")
    tab.wait_for_selector(".filter-box-message", state="detached")
    tab.evaluate("document.querySelector('form').reset()")
    tab.wait_for_selector(".filter-box-message")
    assert "".join(text for _, text in coloured(tab)) == MISTAKES


def test_a_worker_may_answer_and_messages_may_be_translated(tab):
    box = open_(tab, "/worker")
    tab.wait_for_selector(".filter-box-message")
    assert messages(tab) == ["Error ein einzelnes = (error) Ändern: a==1"]
    tab.locator(".filter-box-mend").click()
    assert box.input_value() == "a==1"
    assert tab.evaluate("window.asked.at(-1)") == ["check", {"filters": ["a==1"]}]


def test_a_service_that_does_not_answer_is_told_and_keeps_nobody_from_typing(tab):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    tab.evaluate(
        """() => {
          const box = document.querySelector("filter-box");
          box.addEventListener(
            "filter-box-error", ({ detail }) => { window.told = String(detail); });
          box.transport = async () => { throw new Error("away"); };
        }"""
    )
    box.fill("score=1")
    until(tab, "window.told === 'Error: away'")
    tab.wait_for_selector(".filter-box-message", state="detached")
    until(
        tab,
        "document.querySelector('[role=status]').textContent"
        " === 'The filter could not be checked.'",
    )
    assert coloured(tab) == [["", "score=1"]]


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_without_a_script_the_form_is_an_ordinary_one(tab, context_options):
    box = open_(tab, "/")
    box.fill("score>=10")
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**/found?filter=score%3E%3D10")
    assert '["score>=10"]' in tab.content().replace("&gt;", ">")


@pytest.mark.parametrize("path", ["/filled", "/dark", "/rtl", "/two"])
@pytest.mark.parametrize("context_options", [{"viewport": {"width": 320, "height": 640}}, {}])
def test_nobody_is_kept_out_and_nothing_is_cut_off(tab, path, context_options):
    box = open_(tab, path)
    tab.wait_for_selector(".filter-box-message")
    assert violations(tab) == []
    box.focus()
    tab.keyboard.press("End")
    tab.keyboard.type(";")
    labels(tab)
    tab.keyboard.press("ArrowDown")
    assert violations(tab) == []
    width = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    assert re.fullmatch(
        r"filter-box-\d+-option-0", box.get_attribute("aria-activedescendant") or ""
    )


@pytest.mark.parametrize("context_options", [{"forced_colors": "active"}])
def test_high_contrast_shows_the_input_itself(tab, context_options):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    assert box.evaluate("one => getComputedStyle(one).webkitTextFillColor") != "rgba(0, 0, 0, 0)"
