"""The filter box in a real browser, under a strict Content-Security-Policy."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

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
    """Return what is offered for the text that stands in the input, once that is there."""
    until(
        tab,
        """() => {
          const list = document.querySelector("[role=listbox]:has([role=option])");
          return list && list.dataset.completes === document.activeElement.value;
        }""",
    )
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
    patient(tab)
    go_on = late(tab, "t")
    tab.keyboard.press("Escape")
    go_on()
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


@pytest.mark.parametrize("path", ["/two", "/shared"])
def test_messages_stand_under_their_own_input(tab, path):
    open_(tab, path)
    inputs = tab.locator("input")
    inputs.nth(0).fill("score=1;type=LEAD")
    inputs.nth(1).fill("scroe>1")
    until(tab, "document.querySelectorAll('.filter-box-message').length === 3")
    expected = [
        [
            "Error expected '==', found a single '=' write '==' Change to score==1;type=LEAD",
            "Error expected '==', found a single '=' write '==' Change to score=1;type==LEAD",
        ],
        ["Error unknown name 'scroe' did you mean 'score'? Change to score>1"],
    ]
    place = "one => { const { top, bottom } = one.getBoundingClientRect(); return [top, bottom]; }"
    ends = []
    for index, told in enumerate(expected):
        box = inputs.nth(index)
        found = tab.locator(f"#{box.get_attribute('aria-describedby')}")
        assert found.locator("li").all_inner_texts() == told
        ends += [*box.evaluate(place), *found.evaluate(place)]
    assert ends == sorted(ends)


def test_the_label_around_two_inputs_names_them_without_their_messages(tab):
    open_(tab, "/shared")
    until(tab, "document.querySelectorAll('.filter-box-message').length === 3")
    names = ["Either of 1", "Either of 2"]
    first, second = (tab.get_by_role("combobox", name=one, exact=True) for one in names)
    assert (first.input_value(), second.input_value()) == ("score=1;type=LEAD", "scroe>1")
    # A click on a message is none on the label.
    tab.locator(".filter-box-text").last.click()
    assert tab.evaluate("document.activeElement.tagName") == "BODY"
    tab.locator(".filter-box-mend").last.click()
    assert second.input_value() == "score>1"


def test_the_element_leaves_the_page_as_it_was(tab):
    assert left_by(tab, "/filled") == (
        '<input id="one" name="filter" value="score&gt;10;type=LEAD;scroe&lt;3">'
    )
    assert left_by(tab, "/shared") == (
        '\n<label>Either of <input name="filter" value="score=1;type=LEAD">\n'
        '<input name="filter" value="scroe&gt;1"></label>\n'
    )


def left_by(tab, path):
    """Give what is in the element when it has been taken away."""
    open_(tab, path)
    tab.wait_for_selector(".filter-box-message")
    return tab.evaluate(
        """() => {
          const box = document.querySelector("filter-box");
          box.remove();
          return box.innerHTML;
        }"""
    )


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


@pytest.mark.parametrize("path", ["/filled", "/dark", "/rtl", "/two", "/shared"])
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


# --- What is said to who can't see it -------------------------------------------------------------


def said(tab):
    return tab.locator("[role=status]").all_text_contents()


def test_what_is_said_is_what_is_so_now(tab):
    box = open_(tab, "/filled")
    first = "2 mistakes: expected '==', found a single '='"
    until(tab, "document.querySelector('[role=status]').textContent.startsWith('2')")
    assert said(tab) == [first, ""]
    tab.locator(".filter-box-mend").first.click()
    until(tab, "document.querySelectorAll('.filter-box-message').length === 1")
    # What was said holds no more, and no reader finds it; what is so now is said in a while.
    assert said(tab) == ["", ""]
    until(tab, "document.querySelector('[role=status]').textContent !== ''")
    assert said(tab) == ["Mistake: unknown name 'scroe'", ""]
    tab.locator(".filter-box-mend").click()
    # A warning is no mistake, and said all the same.
    until(tab, "document.querySelector('[role=status]').textContent.startsWith('Warning')")
    assert said(tab) == ["Warning: this can't hold together with 'score>10'", ""]
    box.fill("score>10;score>x")
    until(tab, "document.querySelector('[role=status]').textContent.startsWith('Mistake')")
    assert said(tab)[0] == "Mistake: 'score' is an integer; 'x' is not one"
    box.fill("score>10")
    until(tab, "document.querySelector('[role=status]').textContent === 'No mistakes'")
    box.fill("")
    tab.wait_for_timeout(1000)
    assert said(tab)[0] == "No mistakes"
    # That isn't said of each clause that is typed without one.
    box.fill("sco")
    until(tab, "document.querySelector('[role=status]').textContent === ''")
    box.fill("score>1")
    tab.wait_for_timeout(1000)
    assert said(tab)[0] == ""


KEYS = "↓ to choose, Enter or Tab to take"


def test_the_number_of_completions_is_said_while_they_are_there(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("type==")
    until(tab, "document.querySelectorAll('[role=status]')[1].textContent.startsWith('3 comp')")
    assert said(tab) == ["", f"3 completions: {KEYS}"]
    tab.keyboard.press("Escape")
    assert said(tab) == ["", ""]
    # Once is enough.
    tab.keyboard.press("ArrowDown")
    until(tab, "document.querySelectorAll('[role=status]')[1].textContent === '3 completions'")


def test_the_keys_that_take_a_completion_stand_below_them(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("type==")
    keys = tab.locator(".filter-box-keys")
    keys.wait_for()
    assert keys.inner_text() == KEYS
    options = tab.locator("[role=listbox]")
    assert options.get_attribute("aria-describedby") == keys.get_attribute("id")
    assert options.locator("xpath=*").count() == tab.locator("[role=option]").count()
    keys.click()
    assert box.evaluate("box => box === document.activeElement")
    tab.evaluate("document.querySelector('filter-box').messages = { keys: '' }")
    assert not keys.is_visible()
    tab.keyboard.press("Escape")
    assert not options.is_visible()


def test_the_keys_are_read_in_the_direction_of_their_words(tab):
    box = open_(tab, "/rtl")
    box.focus()
    tab.keyboard.press("End")
    tab.keyboard.type(";sc")
    tab.wait_for_selector("[role=option]")
    places = tab.evaluate(
        """() => {
          const { firstChild } = document.querySelector(".filter-box-keys");
          return [0, 2].map((at) => {
            const range = new Range();
            range.setStart(firstChild, at);
            range.setEnd(firstChild, at + 1);
            return range.getBoundingClientRect().x;
          });
        }"""
    )
    assert places == sorted(places)


@pytest.mark.parametrize(
    "context_options",
    [{"has_touch": True, "is_mobile": True, "viewport": {"width": 360, "height": 700}}],
)
def test_no_keys_are_told_where_fingers_choose(tab, context_options):
    box = open_(tab, "/")
    box.tap()
    box.press_sequentially("type==")
    until(tab, "document.querySelectorAll('[role=status]')[1].textContent === '3 completions'")
    assert not tab.locator(".filter-box-keys").is_visible()


def test_of_several_inputs_it_is_said_which_one_is_meant(tab):
    open_(tab, "/two")
    tab.locator("input").nth(1).fill("scroe>1")
    until(tab, "document.querySelectorAll('[role=status]')[2].textContent !== ''")
    until(tab, "document.querySelectorAll('[role=status]')[0].textContent !== ''")
    assert said(tab) == [
        "First: Mistake: expected '==', found a single '='",
        "",
        "Second: Mistake: unknown name 'scroe'",
        "",
    ]
    # What is typed in one of them leaves alone what was said of the other.
    tab.evaluate(
        """() => {
          window.changes = 0;
          new MutationObserver(() => { window.changes += 1; }).observe(
            document.querySelector("[role=status]"), { childList: true, characterData: true });
        }"""
    )
    tab.locator(".filter-box-mend").last.click()
    until(
        tab,
        "document.querySelectorAll('[role=status]')[2].textContent === 'Second: No mistakes'",
    )
    assert tab.evaluate("window.changes") == 0


def test_who_gets_no_answer_is_not_said_to_have_no_mistakes(tab):
    open_(tab, "/two")
    boxes = tab.locator("input")
    boxes.nth(1).fill("scroe>1")
    until(tab, "document.querySelectorAll('[role=status]')[2].textContent !== ''")
    tab.evaluate(
        """() => {
          document.querySelector("filter-box").transport = async () => { throw new Error("away"); };
        }"""
    )
    boxes.nth(1).fill("score>1")
    until(tab, "document.querySelector('[role=status]').textContent.startsWith('The filter')")
    # Longer than any pause.
    tab.wait_for_timeout(1500)
    assert said(tab) == ["The filter could not be checked.", "", "", ""]
    assert [one.get_attribute("aria-invalid") for one in boxes.all()] == [None, None]
    tab.evaluate("document.querySelector('filter-box').transport = null")
    until(tab, "document.querySelectorAll('[role=status]')[2].textContent !== ''")
    until(tab, "document.querySelector('[role=status]').textContent.startsWith('First')")
    assert said(tab)[2] == "Second: No mistakes"


# --- What is only unfinished ----------------------------------------------------------------------

UNFINISHED = "Error expected an operator after 'sco"


def checked(tab):
    """Wait until what stands in the inputs has been answered."""
    until(
        tab,
        """() => {
          const box = document.querySelector("filter-box");
          const texts = [...box.querySelectorAll("input")].map((one) => one.value);
          return window.answered === JSON.stringify(texts);
        }""",
    )


def patient(tab):
    """Open a box that waits long before it tells of what is unfinished."""
    box = open_(tab, "/patient")
    tab.evaluate(
        """() => {
          const box = document.querySelector("filter-box");
          const ask = box.transport;
          box.transport = async function (question, payload, signal) {
            const answer = await ask.call(this, question, payload, signal);
            if (question === "complete") {
              await window.held;
            }
            if (question === "check") {
              window.answering = JSON.stringify(payload.filters);
            }
            return answer;
          };
          box.addEventListener("filter-box-check", () => { window.answered = window.answering; });
        }"""
    )
    box.focus()
    return box


@pytest.mark.parametrize(
    "typed", ["s", "sco", "score", "score>", "score>=", "type==L", "seen>=2024-0", "city==a\\"]
)
def test_what_is_only_unfinished_is_not_told_while_it_is_typed(tab, typed):
    box = patient(tab)
    tab.keyboard.type(f"city==a;{typed}")
    checked(tab)
    assert messages(tab) == []
    assert box.get_attribute("aria-invalid") == "false"
    assert tab.locator(".filter-box-mark").count() == 0
    assert tab.evaluate("document.querySelector('filter-box').report.ok") is False
    tab.wait_for_timeout(1000)
    assert messages(tab) == []
    assert said(tab)[0] == ""
    box.blur()
    assert len(messages(tab)) == 1
    assert box.get_attribute("aria-invalid") == "true"
    assert tab.locator(".filter-box-mark").count() == 1


def test_what_is_unfinished_is_told_after_a_pause(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("sco")
    begun = time.monotonic()
    tab.wait_for_selector(".filter-box-message")
    assert 0.7 < time.monotonic() - begun < 3
    assert messages(tab)[0].startswith(UNFINISHED)
    # Who types on isn't told any more.
    tab.keyboard.type("r")
    tab.wait_for_selector(".filter-box-message", state="detached")


def arrow(tab):
    tab.keyboard.press("ArrowLeft")


def submit(tab):
    tab.evaluate(
        """document.querySelector("form").addEventListener(
          "submit", (event) => event.preventDefault())"""
    )
    tab.evaluate("document.querySelector('form').requestSubmit()")


def enter(tab):
    tab.evaluate("document.querySelector('button').remove()")
    tab.evaluate("document.querySelector('form').replaceWith(document.querySelector('filter-box'))")
    tab.locator("input").focus()
    # Another text than the one that was asked about when the element came to its new place.
    tab.keyboard.press("End")
    tab.keyboard.type("r")
    checked(tab)
    assert messages(tab) == []
    tab.keyboard.press("Enter")


def click(tab):
    tab.locator("input").click(position={"x": 3, "y": 3})


def tabulate(tab):
    tab.keyboard.press("Escape")
    tab.keyboard.press("Tab")


@pytest.mark.parametrize("leave", [arrow, submit, enter, click, tabulate])
def test_who_leaves_what_is_unfinished_is_told(tab, leave):
    patient(tab)
    tab.keyboard.type("sco")
    checked(tab)
    assert messages(tab) == []
    leave(tab)
    tab.wait_for_selector(".filter-box-message")
    assert messages(tab)[0].startswith(UNFINISHED)


def test_who_comes_back_is_still_told_until_typing_on(tab):
    patient(tab)
    tab.keyboard.type("sco")
    checked(tab)
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_selector(".filter-box-message")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_timeout(200)
    assert len(messages(tab)) == 1
    tab.keyboard.type("r")
    tab.wait_for_selector(".filter-box-message", state="detached")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("scroe<", "Error unknown name 'scroe' did you mean 'score'?"),
        ("score=1", "Error expected '==', found a single '=' write '=='"),
        ("score>=x", "Error 'score' is an integer; 'x' is not one"),
        ("type==X", "Error 'X' is not a value of 'type' its values are"),
        ("city==a,", "Error expected '\\,', found a bare ','"),
    ],
)
def test_what_typing_on_cannot_mend_is_told_at_once(tab, typed, told):
    patient(tab)
    tab.keyboard.type(typed)
    if typed.endswith("<"):
        tab.keyboard.type("3")
    tab.wait_for_selector(".filter-box-message")
    assert [one[: len(told)] for one in messages(tab)] == [told]


def test_who_is_about_to_mend_is_not_kept_from_it_by_what_is_shown_then(tab):
    box = patient(tab)
    tab.keyboard.type("scroe>1;sco")
    checked(tab)
    labels(tab)
    tab.keyboard.press("Escape")
    tab.locator(".filter-box-mend").click()
    assert box.input_value() == "score>1;sco"
    box.press("Control+z")
    box.press("End")
    tab.keyboard.type("r")
    checked(tab)
    assert len(messages(tab)) == 1
    tabulate(tab)
    assert len(messages(tab)) == 2
    tab.keyboard.press("Enter")
    assert box.input_value() == "score>1;scor"


def test_a_completion_that_is_taken_is_typing(tab):
    box = patient(tab)
    tab.keyboard.type("sco")
    labels(tab)
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert box.input_value() == "score"
    checked(tab)
    assert messages(tab) == []


def late(tab, typed):
    """Type one more letter, and hold the answer for it back; return how to let it go."""
    tab.evaluate("() => { window.held = new Promise((go) => { window.letGo = go; }); }")
    tab.keyboard.type(typed)
    return lambda: tab.evaluate("() => window.letGo()")


@pytest.mark.parametrize("chosen", ["score", "seen"])
def test_who_has_gone_into_the_list_stays_in_it_when_another_one_comes(tab, chosen):
    box = patient(tab)
    tab.keyboard.type("s")
    offered = labels(tab)
    go_on = late(tab, "c")
    for _ in range(offered.index(chosen) + 1):
        tab.keyboard.press("ArrowDown")
    go_on()
    assert labels(tab) == ["score"]
    assert box.get_attribute("aria-activedescendant").endswith("-option-0")
    tab.keyboard.press("Enter")
    assert box.input_value() == "score"


def test_what_is_taken_before_its_list_is_there_is_taken_then(tab):
    box = patient(tab)
    tab.keyboard.type("sc")
    labels(tab)
    go_on = late(tab, "o")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert box.input_value() == "sco"
    go_on()
    until(tab, "document.querySelector('filter-box input').value === 'score'")
    # Who types on takes nothing.
    box.fill("")
    tab.keyboard.type("sc")
    labels(tab)
    go_on = late(tab, "o")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.keyboard.type("r")
    go_on()
    assert labels(tab) == ["score"]
    assert box.input_value() == "scor"


def test_nothing_is_told_while_an_input_method_composes(tab):
    box = open_(tab, "/")
    box.focus()
    tab.keyboard.type("city")
    session = tab.context.new_cdp_session(tab)
    for text in ("に", "にほ"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    tab.wait_for_timeout(1300)
    assert messages(tab) == []
    session.send("Input.insertText", {"text": "日本"})
    tab.wait_for_selector(".filter-box-message")
    assert messages(tab)[0].startswith("Error expected an operator after 'city日本'")


# --- All safe mends -------------------------------------------------------------------------------

SEVERAL = "score=10;type=LEAD;city=Bonn"


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_all_safe_mends_are_made_at_once(tab, by_keyboard):
    box = open_(tab, "/")
    box.fill(SEVERAL)
    button = tab.get_by_role("button", name="Make all safe changes")
    button.wait_for()
    assert button.inner_text() == "Make all safe changes: score==10;type==LEAD;city==Bonn"
    assert violations(tab) == []
    if by_keyboard:
        box.press("Escape")
        box.press("Tab")
        tab.keyboard.press("Enter")
    else:
        button.click()
    assert box.input_value() == "score==10;type==LEAD;city==Bonn"
    assert tab.evaluate("document.activeElement.id") == "one"
    tab.wait_for_selector(".filter-box-message", state="detached")
    assert button.count() == 0
    until(tab, "document.querySelector('[role=status]').textContent === 'No mistakes'")
    # One step back.
    tab.keyboard.press("Control+z")
    assert box.input_value() == SEVERAL
    button.wait_for()


def test_what_is_not_safely_mended_stays(tab):
    box = open_(tab, "/")
    box.fill("score=10;type=LEAD;scroe<3")
    tab.get_by_role("button", name="Make all safe changes").click()
    assert box.input_value() == "score==10;type==LEAD;scroe<3"
    until(tab, "document.querySelectorAll('.filter-box-message').length === 1")


def test_one_safe_mend_and_fixed_inputs_have_no_such_button(tab):
    box = open_(tab, "/filled")
    tab.wait_for_selector(".filter-box-message")
    assert tab.locator(".filter-box-mend-all").count() == 0
    box.evaluate("one => { one.value = 'score=10;type=LEAD'; one.readOnly = true; }")
    tab.evaluate("document.querySelector('filter-box').refresh()")
    until(tab, "document.querySelector('filter-box').report.filters[0].diagnostics.length === 2")
    until(tab, "document.querySelectorAll('.filter-box-mend').length === 0")
    assert tab.locator(".filter-box-mend-all").count() == 0


# --- Dates ----------------------------------------------------------------------------------------


def test_dates_are_offered_by_how_long_ago_they_are(tab):
    box = open_(tab, "/")
    box.focus()
    before = datetime.now(UTC).date()
    tab.keyboard.type("seen>=a w")
    option = tab.locator("[role=option]", has_text="a week ago")
    option.wait_for()
    week = [str(day - timedelta(days=7)) for day in (before, datetime.now(UTC).date())]
    assert option.inner_text().split(maxsplit=1)[1] == "a week ago, 00:00 UTC"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert box.input_value() in [f"seen>={day}" for day in week]
    tab.wait_for_timeout(1500)
    assert messages(tab) == []


# --- Lines that are pasted ------------------------------------------------------------------------

PASTE = """([input, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const made = { clipboardData: data, bubbles: true, cancelable: true };
  return input.dispatchEvent(new ClipboardEvent("paste", made));
}"""


def pasted(tab, text, place=0):
    """Paste a text; give whether the browser is left to do it."""
    handle = tab.locator("filter-box input").nth(place).element_handle()
    return tab.evaluate(PASTE, [handle, text])


def values(tab):
    return tab.locator("filter-box input").evaluate_all("all => all.map(one => one.value)")


def test_lines_are_filters_of_their_own(tab):
    open_(tab, "/two")
    for place in (0, 1):
        tab.locator("filter-box input").nth(place).fill("")
    assert not pasted(tab, "score>=80\r\n\n  role==admin\n")
    assert values(tab) == ["score>=80", "  role==admin"]
    tab.keyboard.press("Control+a")
    assert pasted(tab, "score>=80 and more")  # one line is the browser's


@pytest.mark.parametrize("text", ["a==1\nb==2\nc==3", "a==1\nb==2"])
def test_lines_for_which_there_is_no_room_are_left_to_the_browser(tab, text):
    open_(tab, "/two")
    tab.locator("filter-box input").nth(1).fill("" if "c" in text else "d==4")
    before = values(tab)
    assert pasted(tab, text)
    assert values(tab) == before


def test_a_page_may_take_the_lines(tab):
    open_(tab, "/two")
    tab.evaluate(
        """() => addEventListener("filter-box-lines", (event) => {
          event.preventDefault();
          window.lines = event.detail.lines;
        })"""
    )
    tab.locator("filter-box input").first.fill("")
    assert not pasted(tab, "a==1\nb==2\nc==3")
    assert (values(tab)[0], tab.evaluate("window.lines")) == ("a==1", ["b==2", "c==3"])


def test_tab_takes_what_is_chosen_and_nothing_else(tab):
    box = open_(tab, "/")
    box.fill("")
    box.type("sco")
    chosen = labels(tab)[0]
    tab.keyboard.press("Tab")
    assert box.input_value() == "sco"
    box.focus()
    tab.keyboard.press("ArrowDown")
    labels(tab)
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    assert box.input_value() == chosen
    assert tab.evaluate("document.activeElement === document.querySelector('filter-box input')")
