"""No safe fix changes what a text of another language means: drawn texts, judged by that language.

Each language is a few lines here: how it writes a condition, and what that is true of. Around it
may stand what transport adds. Where `check` mends such a text unasked, the mended filter has to say
of each drawn record what the language says.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import quote

import pytest

import filterlang as fl
from filterlang.checking import examine
from filterlang.checking.closed_tables import (
    Mend,
    Misspelled,
    mends,
    misspelled_operators,
    signs_meant,
)
from filterlang.checking.grammar_errors import operator_errors

WORDS = ["lead", "user", "led", "leader", "x", "a lead"]
NUMBERS = [0, 2, 5, 8, 10, 16, 0.5]
ORDERS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
TYPOGRAPHIC = {"<=": "≤", ">=": "≥", "!=": "≠", "=": "＝", "<": "＜", ">": "＞"}


def compared(pick, spellings):
    """A comparison by one of an operator's spellings, of a number or for equality of a word."""
    written, meant = pick(list(spellings.items()))
    if meant in {"==", "!="} and pick([True, False]):
        word = pick(WORDS)
        return f"type{written}{word}", lambda one: ORDERS[meant](one["type"], word)
    number = pick(NUMBERS)
    text = pick([str(number), str(number), str(number).replace("0.", ".")])
    return f"score{written}{text}", lambda one: ORDERS[meant](one["score"], number)


def part_of(pick, spellings):
    """A word that is looked for at the start, at the end or within the text."""
    written, found = pick(list(spellings.items()))
    word = pick(WORDS)
    return f"type{written}".format(word), lambda one: found(one["type"], word)


def negated(signs):
    def draw(pick, condition):
        text, means = condition
        sign, end = pick(signs)
        return sign + text + end, lambda one: not means(one)

    return draw


STARTS, ENDS, HOLDS = str.startswith, str.endswith, str.__contains__
SAME = {"=": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


def lucene(pick):
    condition = compared(pick, {"=": "==", ">=": ">=", "<=": "<=", ">": ">"})
    return pick([
        lambda: negated([("-", ""), ("NOT ", ""), ("!", ""), ("-(", ")")])(pick, condition),
        lambda: condition,
        lambda: part_of(pick, {"={}*": STARTS, "=*{}": ENDS, "=*{}*": HOLDS, "=/{}/": HOLDS}),
    ])()  # fmt: skip


def analytics(pick):
    spellings = {"=@{}": HOLDS, "=^{}": STARTS, "=${}": ENDS, "=~{}": HOLDS, "=~^{}": STARTS}
    not_in = {"!@{}": lambda text, word: word not in text}
    dots = {"=~{}": lambda text, word: re.search(f"{word[0]}.{word[2:]}", text) is not None}
    if pick([True, False]):
        text, means = part_of(pick, dots)
        name, _, word = text.partition("=~")
        return (f"{name}=~{word[0]}.{word[2:]}", means) if len(word) > 1 else (text, lambda _: True)
    return part_of(pick, spellings | not_in)


def rsql(pick):
    return compared(pick, {"=gt=": ">", "=ge=": ">=", "=lt=": "<", "=le=": "<=", "==": "=="})


def odata(pick):
    words = {" eq ": "==", " ne ": "!=", " gt ": ">", " ge ": ">=", " le ": "<=", " lt ": "<"}
    condition = compared(pick, words)
    return pick([condition, negated([("not ", ""), ("not (", ")")])(pick, condition)])


def sql(pick):
    text, means = compared(pick, SAME)
    other, also = compared(pick, {" = ": "==", "=": "=="})
    low, high = pick(NUMBERS[1:6]), pick(NUMBERS[1:6])
    return pick([
        (text, means),
        (f"{text} AND {other}", lambda one: means(one) and also(one)),
        (f"{text} or {other}", lambda one: means(one) or also(one)),
        (f"type={pick(WORDS[:4])} ORDER BY score", None),
        (f"score={high}-{low}", lambda one: one["score"] == high - low),
        (f"score={high}/{low}", lambda one: one["score"] == high / low),
        negated([("NOT ", ""), ("not(", ")")])(pick, (text, means)),
    ])  # fmt: skip


def css(pick):
    dashed = lambda text, word: text == word or text.startswith(word + "-")  # noqa: E731 - a row
    listed = lambda text, word: word in text.split(" ")  # noqa: E731 - a row
    return part_of(
        pick,
        {"*={}": HOLDS, "^={}": STARTS, "$={}": ENDS, "|={}": dashed, "~={}": listed,
         "={}": str.__eq__},
    )  # fmt: skip


def ldap(pick):
    condition = pick([
        compared(pick, {"=": "==", ">=": ">=", "<=": "<="}),
        part_of(pick, {"={}*": STARTS, "=*{}*": HOLDS}),
        ("type=*", lambda _: True),
    ])  # fmt: skip
    text, means = condition
    return pick(
        [condition, (f"({text})", means), negated([("!(", ")"), ("(!(", "))")])(pick, condition)]
    )


def javascript(pick):
    condition = compared(pick, {"==": "==", "===": "==", "!==": "!=", "<": "<", ">=": ">="})
    number = pick(NUMBERS[:6])
    return pick([
        condition,
        negated([("!", ""), ("!(", ")")])(pick, condition),
        (f"score=>{number}", lambda _: True),  # a function, which is true
        (f"score={number:#x}", lambda one: one["score"] == number),
        (f"score={number:#b}", lambda one: one["score"] == number),
        (f"score=!{number}", lambda one: one["score"] == (not number)),
        (f"score = !{number}", lambda one: one["score"] == (not number)),
        (f"score = ~{number}", lambda one: one["score"] == ~int(number)),
    ])  # fmt: skip


def python(pick):
    condition = compared(pick, {" == ": "==", " != ": "!=", "<=": "<=", "=": "=="})
    return pick([
        condition,
        negated([("not ", ""), ("not (", ")")])(pick, condition),
        ("score=1_0", lambda one: one["score"] == 10),
        ("score=[5]", lambda _: False),
        ("type=(lead)", lambda one: one["type"] == "lead"),
    ])  # fmt: skip


def excel(pick):
    condition = compared(pick, {"=": "==", "<>": "!=", ">=": ">=", "<": "<"})
    text, means = condition
    wildcard = "type=le?d", lambda one: re.fullmatch("le.d", one["type"]) is not None
    difference = "score=10-5", lambda one: one["score"] == 10 - 5
    return pick([condition, ("=" + text, means), difference, wildcard])


def prolog(pick):
    """And Erlang, Mercury, Oz: 'at most' is written `=<` there."""
    return compared(pick, {"=<": "<=", ">=": ">="})


def free_text(pick):
    """A term that a search looks for, such as a part of an address, encoded as any other term."""
    term = quote(f"type={pick(WORDS[:5])}", safe="")
    return quote(term, safe=""), lambda one: term in one["type"]


LANGUAGES = [
    lucene, analytics, rsql, odata, sql, css, ldap, javascript, python, excel, prolog, prolog,
    free_text,
]  # fmt: skip


def transported(pick, text):
    """Return a text as it may arrive: what is added means nothing by itself."""
    match pick(["", "", "typographic", "entity", "key", "encoded", "blank"]):
        case "typographic":
            found = re.search("[<>!]?=|[<>]", text)
            sign = TYPOGRAPHIC.get(found[0]) if found else None
            return text.replace(found[0], sign, 1) if sign else text
        case "entity":
            return text.replace("<", "&lt;").replace(">", "&gt;")
        case "key":
            return "filter=" + text
        case "encoded":
            return quote(text, safe="")
        case "blank":
            return pick(["\t", "\n", ""]) + text + pick(["\n", "\r\n", "\t"])
        case _:
            return text


SAFE_RULES = {
    "FL104": "single equals",
    "FL105": "less or equal",
    "FL114": "control at the end",
    "FL116": "key",
    "FL117": "encoded once",
    "FL118": "typographic operator",
    "FL120": "entity",
}


def drawn(seed):
    """Yield texts that are mended unasked: the rules that fired, and whether a verdict changed."""
    source = random.Random(seed)  # noqa: S311 - no secret
    pick = source.choice
    while True:
        text, means = pick(LANGUAGES)(pick)
        body, text = text, transported(pick, text)
        report = fl.check(text)
        fired = {one.code for one in report.diagnostics for fix in one.fixes if fix.safe}
        if report.fixed is None or not fired:
            yield set(), None
            continue
        matcher = fl.compile(report.fixed)
        if fl.check(body).ok:
            # What is a filter here already means what it means here, whatever surrounds it.
            means = fl.compile(body)
        records = [{"type": word, "score": pick(NUMBERS)} for word in WORDS]
        wrong = [one for one in records if means is None or matcher(one) != means(one)]
        yield {SAFE_RULES.get(code, code) for code in fired}, (text, report.fixed, wrong[:1])


def changed(most):
    """Return the first text whose mend changes a verdict, among so many drawn ones."""
    texts = drawn("changed")
    seen = (next(texts)[1] for _ in range(most))
    return next((one for one in seen if one is not None and one[2]), None)


def fired(source, rules, times):
    """Return how often each rule fired, when each has so often, or 200,000 texts were drawn."""
    counts = Counter()
    for found, mended in islice(source, 200_000):
        if mended is not None:
            assert not mended[2], mended
            counts.update(found)
            if all(counts[rule] >= times for rule in rules):
                break
    return {rule: min(counts[rule], times) for rule in rules}


def each(rules, times):
    return dict.fromkeys(rules, times)


def test_no_safe_fix_changes_a_verdict():
    rules = SAFE_RULES.values()
    assert fired(drawn(20), rules, 20) == each(rules, 20)


@pytest.mark.slow
@pytest.mark.no_cover
def test_no_safe_fix_changes_a_verdict_of_five_hundred_texts_a_rule():
    rules = SAFE_RULES.values()
    assert fired(drawn(500), rules, 500) == each(rules, 500)


# --- Where a schema says the type -----------------------------------------------------------------

TYPED = fl.Schema.from_dict(
    {
        "dimensions": {
            "score": {"type": "number"},
            "active": {"type": "boolean"},
            "seen": {"type": "datetime"},
        }
    }
)
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９−")
TYPED_RULES = ["digits", "point first", "date", "0 and 1", "space at the end"]
UNSAFE_TYPED = ["digits otherwise", "day first", "yes and no"]
"""What may only be suggested, as the same text means something else in another language."""


def typed(pick):
    """Return the rule that would fire, a text, and what that is true of."""
    rule, operator = pick([*TYPED_RULES, *UNSAFE_TYPED]), pick([*ORDERS])
    compare = ORDERS[operator]
    day = datetime(2024, pick(range(1, 13)), pick(range(1, 29)), pick(range(24)), tzinfo=UTC)
    number = pick([-5, 2, 8, 10])
    match rule:
        case "digits":
            text = f"score{operator}{number}".translate(FULL_WIDTH)
            return rule, text, lambda one: compare(one["score"], number)
        case "point first":
            sign = pick([1, -1])
            text = f"score{operator}{'-' if sign < 0 else ''}.5"
            return rule, text, lambda one: compare(one["score"], sign / 2)
        case "date":
            slash = pick("-/.")
            text = f"{day.year}{slash}{day.month}{slash}{day.day} {day.hour}:00"
            text += pick(["", "Z", " UTC", "+0000", ":00,0"])
            return rule, f"seen{operator}{text}", lambda one: compare(one["seen"], day)
        case "0 and 1":
            value, equal = pick([0, 1]), pick(["==", "!="])
            means = ORDERS[equal]
            return rule, f"active{equal}{value}", lambda one: means(one["active"], bool(value))
        case "digits otherwise":
            # In C and its heirs a number with a zero before it is octal.
            return rule, f"score{operator}010", lambda one: compare(one["score"], 0o10)
        case "day first":
            month, first = pick(range(1, 13)), pick([True, False])
            meant = datetime(2024, month, pick(range(1, 13)), tzinfo=UTC)
            written = f"{meant:%d/%m/%Y}" if first else f"{meant:%m/%d/%Y}"
            return rule, f"seen{operator}{written}", lambda one: compare(one["seen"], meant)
        case "yes and no":
            # In YAML of today these are texts, and no boolean equals one.
            return rule, f"active=={pick(['no', 'off', 'yes', 'on'])}", lambda _: False
        case _:
            blank = pick(["\u00a0", "\u200b", "\ufeff"])
            text = f"score{blank}{operator}{number}"
            return rule, text, lambda one: compare(one["score"], number)


def drawn_typed(seed):
    pick = random.Random(seed).choice  # noqa: S311 - no secret
    while True:
        rule, text, means = typed(pick)
        report = fl.check(text, TYPED)
        safe = any(fix.safe for one in report.diagnostics for fix in one.fixes)
        if report.fixed is None or not safe:
            yield set(), None
            continue
        matcher = fl.compile(report.fixed, schema=TYPED)
        records = [
            {
                "score": pick([*NUMBERS, -0.5, -5]),
                "active": pick([True, False]),
                "seen": datetime(2024, pick(range(1, 13)), pick(range(1, 29)), tzinfo=UTC),
            }
            for _ in range(6)
        ]
        wrong = [one for one in records if matcher(one) != means(one)]
        yield {rule}, (text, report.fixed, wrong[:1])


def test_no_safe_fix_of_a_typed_value_changes_a_verdict():
    assert fired(drawn_typed(20), TYPED_RULES, 20) == each(TYPED_RULES, 20)


@pytest.mark.slow
@pytest.mark.no_cover
def test_no_safe_fix_of_a_typed_value_changes_a_verdict_of_five_hundred_texts_a_rule():
    assert fired(drawn_typed(500), TYPED_RULES, 500) == each(TYPED_RULES, 500)


def test_every_safe_rule_of_the_closed_list_is_drawn():
    safe = {key for key, mend in mends().items() if mend.is_safe}
    assert safe == {*SAFE_RULES.values(), *TYPED_RULES}


def test_every_unsafe_rule_of_the_closed_list_has_its_mutant():
    unsafe = {key for key, mend in mends().items() if not mend.is_safe}
    assert unsafe == {*UNSAFE, *UNSAFE_TYPED, "negation"}


# --- Mutants --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_control_without_a_mutant_finds_nothing():
    assert changed(4_000) is None


UNSAFE = [
    "greater or equal",
    "regular expression",
    "not equal",
    "does not contain",
    "pattern",
    "list",
    "word",
    "rough sign",
    "other operator",
    "encoded twice",
]
"""What is only suggested; what negates has a test of its own below."""


@pytest.mark.parametrize("mend", UNSAFE)
@pytest.mark.slow
@pytest.mark.no_cover
def test_an_unsafe_mend_made_safe_is_found(monkeypatch, mend):
    monkeypatch.setitem(mends(), mend, Mend(mends()[mend].what, True, "a mutant"))
    assert changed(20_000) is not None


@pytest.mark.parametrize("mend", UNSAFE_TYPED)
def test_an_unsafe_mend_of_a_typed_value_made_safe_is_found(monkeypatch, mend):
    monkeypatch.setitem(mends(), mend, Mend(mends()[mend].what, True, "a mutant"))
    seen = (mended for _, mended in islice(drawn_typed("changed"), 1_000))
    assert any(mended is not None and mended[2] for mended in seen)


@pytest.mark.parametrize("mend", [*SAFE_RULES.values(), *TYPED_RULES])
@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.sampled(1, 4)
def test_a_safe_mend_made_unsafe_is_found(monkeypatch, mend):
    """What the tests above count is then never there."""
    texts = drawn_typed if mend in TYPED_RULES else drawn
    before = Counter(rule for found, _ in islice(texts("fired"), 2_000) for rule in found)
    monkeypatch.setitem(mends(), mend, Mend(mends()[mend].what, False, "a mutant"))
    after = Counter(rule for found, _ in islice(texts("fired"), 2_000) for rule in found)
    assert (before[mend] > 0, after[mend]) == (True, 0)


@pytest.mark.parametrize(
    ("table", "key", "broken"),
    [
        (misspelled_operators, "=<", Misspelled(">=", "less or equal")),
        (misspelled_operators, "=>", Misspelled(">=", "less or equal")),
        (signs_meant, ord("≥"), ">"),
        (signs_meant, ord("≠"), "="),
    ],
)
@pytest.mark.slow
@pytest.mark.no_cover
def test_a_line_of_a_table_that_says_something_else_is_found(monkeypatch, table, key, broken):
    monkeypatch.setitem(table(), key, broken)
    assert changed(20_000) is not None


@pytest.mark.parametrize("guard", ["is_plain_value", "is_plain_name"])
def test_a_guard_that_lets_all_pass_is_found(monkeypatch, guard):
    monkeypatch.setattr(operator_errors, guard, lambda text: True)
    monkeypatch.setattr(examine, "in_doubt", lambda found, _: found)
    assert changed(4_000) is not None


def test_a_dropped_negation_is_found(monkeypatch):
    """What `check --fix` once did: `!type==LEAD` became `type==LEAD`."""
    monkeypatch.setitem(mends(), "negation", Mend("negation", True, "a mutant"))
    monkeypatch.setattr(
        operator_errors, "complement_edits", lambda text, whole, sign, *_: [fl.Edit(sign, "")]
    )
    monkeypatch.setattr(examine, "in_doubt", lambda found, _: found)
    text, fixed, wrong = changed(4_000)
    assert "!" in text
    assert wrong
    assert "!" not in fixed[0].replace("!=", "")
